"""Your own hub: a table in, a plan, a look ahead, a verdict and a report out."""
