"""Trials falling on a two-dimensional landscape, of two strategies side by side."""
