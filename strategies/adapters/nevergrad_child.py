"""The other end of `nevergrad_adapter`: nevergrad's NGOpt behind our protocol, in an environment of its own."""

import math
import warnings
from typing import Any

import nevergrad as ng
import numpy as np
from child_main import answer_lines, fixed_value, is_fixed, native
from nevergrad.common.errors import FinishedUnderlyingOptimizerWarning, LossTooLargeWarning

LARGEST = 5e20  # where nevergrad itself clips, but on one side only

warnings.simplefilter("ignore", LossTooLargeWarning)  # a failed trial
warnings.simplefilter("ignore", FinishedUnderlyingOptimizerWarning)  # it goes on with random points: in the card
warnings.filterwarnings("ignore", "Conversion of an array with ndim > 0", DeprecationWarning)  # numpy, of its metamodel
warnings.filterwarnings("ignore", "Could not import matplotlib", UserWarning)  # cma, which plots nothing here


def parametrized(parameter: dict[str, Any]) -> Any:
    """Nevergrad's form of a parameter of the protocol; a range of one value is that value."""
    if is_fixed(parameter):
        return fixed_value(parameter)
    if parameter["type"] == "categorical":
        return ng.p.Choice(list(range(len(parameter["choices"]))))
    form = ng.p.Log if parameter["log"] else ng.p.Scalar
    scalar = form(lower=parameter["low"], upper=parameter["high"])
    return scalar if parameter["type"] == "float" else scalar.set_integer_casting()


class Search:
    """One NGOpt, asked again only when it was told."""

    def __init__(self, start: dict[str, Any]) -> None:
        np.random.seed(start["seed"])  # noqa: NPY002  parts of nevergrad draw from the global state
        self.space = start["space"]
        self.candidate: Any = None
        self.is_fixed = all(is_fixed(p) for p in self.space)
        if self.is_fixed:  # NGOpt would refuse
            return
        instrumentation = ng.p.Instrumentation(**{p["name"]: parametrized(p) for p in self.space})
        instrumentation.random_state.seed(start["seed"])
        self.optimizer = ng.optimizers.NGOpt(instrumentation, budget=start["budget"], num_workers=1)

    def ask(self) -> dict[str, Any]:
        """The next candidate."""
        if self.is_fixed:
            return {"config": {p["name"]: fixed_value(p) for p in self.space}}
        self.candidate = self.optimizer.ask()
        return {"config": {p["name"]: native(p, self.candidate.kwargs[p["name"]]) for p in self.space}}

    def tell(self, number: int, value: float | None) -> None:
        """Tell the candidate's value; nevergrad takes infinity for 5e20."""
        if not self.is_fixed:
            self.optimizer.tell(self.candidate, math.inf if value is None else max(value, -LARGEST))


if __name__ == "__main__":
    answer_lines("nevergrad NGOpt", Search)
