"""Scripts behind ``make``: `book` makes the pages, `pages` looks at them."""
