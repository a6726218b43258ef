"""Two versions of a strategy, run on the same problems: what is compared, by which rule, and what came of it."""
