"""Bergstra & Bengio (2012), part by part."""
