"""Lazy imports, in the one form that the house allows: a `"module:attribute"` string in a table."""

from importlib import import_module
from typing import Any


def resolve(target: str) -> Any:
    """Import `"module:attribute"` and return the attribute."""
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
