"""The other end of `wandb_adapter`: W&B's `sweeps` behind our protocol, in an environment of its own.

python wandb_child.py bayes|random|grid

Imports nothing of search-bench. Parameters keep their names, for W&B draws in the order of the alphabet; dots have a
meaning of their own there, so that another character stands for them.
"""

import random
import sys
from functools import partial
from typing import Any

import numpy as np
import sweeps
from child_main import answer_lines, native
from sweeps import RunState, SweepRun

METRIC = "value"
LARGEST = 1e100  # its square is still a number


def distribution(parameter: dict[str, Any]) -> dict[str, Any]:
    """W&B's form of a parameter of the protocol; a range of one value is a constant."""
    if parameter["type"] == "categorical":
        count = len(parameter["choices"])
        return {"values": list(range(count))} if count > 1 else {"value": 0}
    low, high, log = parameter["low"], parameter["high"], parameter["log"]
    if low == high:
        return {"value": low}
    if parameter["type"] == "float":
        return {"distribution": "log_uniform_values" if log else "uniform", "min": low, "max": high}
    if log:  # half a step outside, so that the end values are as likely as the others
        return {"distribution": "q_log_uniform_values", "min": low - 0.5, "max": high + 0.5, "q": 1}
    return {"distribution": "int_uniform", "min": low, "max": high}


def sweep_name(parameter: dict[str, Any]) -> str:
    """What a parameter is called in the sweep."""
    return str(parameter["name"]).replace(".", "∙")


class Sweep:
    """A sweep without a server: its runs are a list."""

    def __init__(self, method: str, start: dict[str, Any]) -> None:
        random.seed(start["seed"])
        np.random.seed(start["seed"])  # noqa: NPY002  sweeps draws from the global state
        self.space = start["space"]
        self.axes = start.get("axes")
        forms = [distribution(p) for p in self.space]
        if self.axes:  # a grid goes over the positions of its levels
            forms = [{"values": list(range(len(axis)))} if len(axis) > 1 else {"value": 0} for axis in self.axes]
        self.names = [sweep_name(p) for p in self.space]
        parameters = dict(zip(self.names, forms, strict=True))
        self.constants = {name: form["value"] for name, form in parameters.items() if "value" in form}
        self.config = {
            "method": method,
            "metric": {"name": METRIC, "goal": "minimize"},
            "parameters": parameters,
        }
        self.runs: list[SweepRun] = []
        self.places: list[int] = []  # in `runs`, of what was asked

    def ask(self) -> dict[str, Any]:
        """The next run of the sweep; where nothing varies, W&B's Bayesian search would refuse."""
        if len(self.constants) == len(self.space):
            if self.axes and self.runs:
                return {"exhausted": True}
            run = SweepRun(config={name: {"value": value} for name, value in self.constants.items()})
        else:
            found = sweeps.next_run(self.config, self.runs)
            if found is None:
                return {"exhausted": True}
            run = found
        run.state = RunState.running
        self.places.append(len(self.runs))
        self.runs.append(run)
        drawn = [run.config[name]["value"] for name in self.names]
        if self.axes:
            values = [axis[int(place)] for axis, place in zip(self.axes, drawn, strict=True)]
        else:
            values = [native(parameter, value) for parameter, value in zip(self.space, drawn, strict=True)]
        return {"config": {p["name"]: value for p, value in zip(self.space, values, strict=True)}}

    def tell(self, number: int, value: float | None) -> None:
        """End a run; a failed one has no metric, and W&B takes the worst for it."""
        self.end(self.runs[self.places[number]], value)

    def adopt(self, config: dict[str, Any], told: float | None) -> None:
        """Add a run that was not asked; a grid is about its own points alone."""
        if self.axes:
            return
        values = {name: config[p["name"]] for name, p in zip(self.names, self.space, strict=True)}
        run = SweepRun(config={name: {"value": value} for name, value in values.items()})
        self.end(run, told)
        self.runs.append(run)

    @staticmethod
    def end(run: SweepRun, value: float | None) -> None:
        """Write down how a run ended."""
        if value is None:
            run.state = RunState.failed
            return
        run.state = RunState.finished
        clipped = min(max(value, -LARGEST), LARGEST)
        run.summary_metrics = {METRIC: clipped}
        run.history = [{METRIC: clipped}]


if __name__ == "__main__":
    chosen = sys.argv[1]
    answer_lines(f"sweeps {chosen}", partial(Sweep, chosen), Sweep.adopt)
