"""Which parameters matter, by several methods, how sure that is, and in which order to tune them."""
