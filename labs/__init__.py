"""Labs that mark themselves."""
