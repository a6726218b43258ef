"""Choosing a config by its error on the test cases: by how much the reported error flatters."""
