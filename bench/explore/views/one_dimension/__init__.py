"""Bayesian optimisation over one parameter: samples, what `gp` believes, where it would look next."""
