"""From the raw extract beside a dataset to its tables."""
