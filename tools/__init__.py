"""Scripts that build, check and publish the book."""
