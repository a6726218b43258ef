"""One file per library: its own algorithms, driven through ask and tell by its own defaults."""
