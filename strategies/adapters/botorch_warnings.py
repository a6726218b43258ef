"""What BoTorch warns of while it helps itself; for its own adapter and for that of Ax, which runs on it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from botorch.exceptions.warnings import BadInitialCandidatesWarning, InputDataWarning, OptimizationWarning
from linear_operator.utils.warnings import NumericalWarning

HANDLED: tuple[tuple[type[Warning], str], ...] = (
    (InputDataWarning, r"Data \(outcome observations\) is not standardized"),  # all values equal: nothing to scale
    (NumericalWarning, "A not p.d., added jitter"),  # trials next to each other: the Cholesky factor is tried again
    (BadInitialCandidatesWarning, "Unable to find non-zero acquisition function"),  # it starts from random points
    (RuntimeWarning, "Optimization failed"),  # some starts did not converge: tried again, the best is taken
    (OptimizationWarning, ""),  # the same of the model's fit; a fit that fails for good is an exception
)


@contextmanager
def handled_by_botorch() -> Iterator[None]:
    """Keep the warnings of `HANDLED` from the user, and no others."""
    with warnings.catch_warnings():
        for category, message in HANDLED:
            warnings.filterwarnings("ignore", message, category)
        yield
