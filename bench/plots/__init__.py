"""Figures: DataFrame in, `Drawing` out. No file is read or written here, and nothing is shown."""
