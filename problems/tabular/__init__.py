"""Scikit-learn's models on the tables that it ships with, as problems. Imports scikit-learn, and no torch."""
