"""The harness: runs strategies on problems, stores every trial, and compares."""

from typing import TYPE_CHECKING, Any

from problems.loading import resolve

if TYPE_CHECKING:
    from bench.experiment import Experiment, load_experiment, run_experiment

__all__ = ["Experiment", "load_experiment", "run_experiment"]


def __getattr__(name: str) -> Any:
    """Import the public functions when they are used: `python -m bench --help` must not load pandas."""
    if name in __all__:
        return resolve(f"bench.experiment:{name}")
    raise AttributeError(f"module 'bench' has no attribute {name!r}")
