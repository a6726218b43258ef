"""The harness: runs strategies on problems, stores every trial, and compares."""
