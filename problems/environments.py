"""Environments of their own, for libraries that cannot live beside the others; below the current folder."""

from pathlib import Path

FOLDER = Path(".venvs")


def command_of(name: str) -> list[str]:
    """How to start a script in the environment `name`: with its own packages, whatever PYTHONPATH says of others."""
    return [str(python_of(name)), "-E", "-s"]


def python_of(name: str) -> Path:
    """The interpreter of the environment `name`, whether it is there or not."""
    return (FOLDER / name / "bin" / "python").absolute()
