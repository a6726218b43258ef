"""Search what multiplies on a log scale: where the best value is known, and on real trainings."""
