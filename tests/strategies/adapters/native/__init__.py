"""The loop of each library as its users write it: what our adapters must agree with, and are timed against.

A file per library, with its own words for the two spaces of `spaces.py` and one function
`run(name, space, objective, *, trials, rng)`, where `name` is the strategy's in our registry. A part of an adapter is
used here only where it departs from its library in what is no argument.
"""
