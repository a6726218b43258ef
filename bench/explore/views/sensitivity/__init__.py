"""A small training whose hyperparameters are moved by hand, and which of them matter."""
