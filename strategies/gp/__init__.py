"""A Gaussian process for search, one idea per file.

Read in this order: `encoding` (a config as a point), `kernel` (how alike two points are), `warping` (values made
tame), `model` (what the process believes), `surrogate` (the belief as trials come in), `acquisition` (what a belief is
worth), `maximise` (where it is worth most), `lattice` (the same for integers and choices). `settings` holds every
number that was chosen, `proposed` sees to it that no config is tried twice.
"""
