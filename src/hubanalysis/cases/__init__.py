"""A plan written before the results, and everything that it asks for."""
