"""A Gaussian process for search, one idea per file.

Read in this order: `encoding` (a config as a point), `kernel` (how alike two points are), `warping` (values made
tame), `model` (what the process believes), `acquisition` (what a belief is worth), `maximise` (where it is worth most).
"""
