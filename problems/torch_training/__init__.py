"""Real trainings as problems. The only part of `problems` that imports torch, and in `data` alone scikit-learn."""
