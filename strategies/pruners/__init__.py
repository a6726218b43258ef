"""Early stopping: which trials are not worth their full fidelity. A pruner sees steps and values only."""
