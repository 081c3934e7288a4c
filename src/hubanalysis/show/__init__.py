"""What a reader sees: figures, tables, and numbers in sentences."""
