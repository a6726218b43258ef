"""Your experiment: the curves of a stored experiment, its runs one by one, and the trials of each."""
