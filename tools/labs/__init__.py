"""Tools that build the labs and mark what is handed in."""
