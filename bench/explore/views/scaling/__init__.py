"""Strategies against dimension and budget: regret by d and by trial, of runs here and now or recorded."""
