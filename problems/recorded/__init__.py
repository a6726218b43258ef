"""Trials that were recorded once, as a problem: days of training are searched in seconds (docs/recorded.md)."""
