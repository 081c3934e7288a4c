"""Build the book, check its code cells and write the notebooks of its readers."""
