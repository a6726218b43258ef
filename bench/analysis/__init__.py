"""Measures: DataFrame in, DataFrame out."""
