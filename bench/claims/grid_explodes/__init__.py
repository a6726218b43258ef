"""A full grid with k values per parameter needs k^d points."""
