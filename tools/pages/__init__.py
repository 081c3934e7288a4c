"""Look at built pages in a browser, as readers see them."""
