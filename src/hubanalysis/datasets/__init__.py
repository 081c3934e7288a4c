"""The book's figures, with their sources."""
