"""The learning rate that suits a batch size, and whether it grows with it."""
