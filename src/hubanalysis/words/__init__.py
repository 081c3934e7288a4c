"""How things are said: refusals, numbers, and tables of facts."""
