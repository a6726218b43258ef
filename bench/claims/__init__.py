"""Claims of papers and tutorials as experiments: what is said, what would refute it, what was measured, a verdict."""
