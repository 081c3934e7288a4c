"""Small changes of the library that its tests should notice."""
