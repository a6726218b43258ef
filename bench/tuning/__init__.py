"""The tutorial's way to tune one's own training: defaults, the learning rate, everything; then what it was worth."""
