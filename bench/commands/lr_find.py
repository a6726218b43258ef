"""`lr-find`: the learning-rate range test of a training, with a figure."""

from pathlib import Path
from typing import Any

import numpy as np

from bench.console import SafeConsole
from bench.errors import UsageError
from bench.plots.learning_rate_figure import learning_rate_range
from bench.report.files import replacing, safe_name
from bench.report.pictures import image
from problems.loading import place, resolve, users_object
from problems.registry import TORCH, problem_entry, problems

SEED = 0
REMEDY = "give mlp-digits, one of cnn-… or nnet-…, or your own file.py:model_and_data (docs/learning-rate.md)"


def lr_find(name: str, low: float, high: float, steps: int, results: Path) -> None:
    """Print what the test of `name` suggests and draw it; raises `UsageError`, and then leaves nothing."""
    if not 0 < low < high:
        raise UsageError(f"--low and --high need 0 < low < high, got {low:g} and {high:g}")
    found = tested(name, np.geomspace(low, high, steps).tolist())
    drawing = learning_rate_range(
        name, (found.rates, found.losses, found.smoothed), (found.steepest, found.suggested, found.minimum),
        (found.low, found.high),
    )  # fmt: skip
    folder = results / "lr-find"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{safe_name(name)}.{kind}" for kind in ("png", "svg")]
    for file in files:
        with replacing(file) as draft:
            draft.write_bytes(image(drawing.figure, file.suffix[1:]))
    stdout = SafeConsole(highlight=False, markup=False, soft_wrap=True)
    ended = f"the loss diverged at {found.rates[-1]:.1e}" if found.diverged else "the loss never diverged"
    for line in (
        f"range test of {name}: {len(found.rates)} updates from {low:.0e}; {ended}",
        f"steepest fall   {found.steepest:.1e}",
        f"minimum         {found.minimum:.1e}",
        f"minimum / 10    {found.suggested:.1e}",
        f"range to search {found.low:.1e} to {found.high:.1e}, on a log scale",
        f"Figure: {files[0]}",
    ):
        stdout.print(line)


def tested(name: str, rates: list[float]) -> Any:
    """The `RangeTest` of a problem or of a user's function; raises `UsageError` where there is none."""
    ours = name in problems() or ":" not in name
    if missing := (entry_needs(name) if ours else TORCH.missing()):
        raise UsageError(f"{name} {missing}")
    entrance = "problems.torch_training.lr_find"
    if ours:
        problem = problem_entry(name).make(problem_entry(name).min_dim, SEED, np.random.default_rng(SEED))
        if not isinstance(problem, resolve(f"{entrance}:HasLearningRate")):
            raise UsageError(f"{name} has no learning rate to find; {REMEDY}")
        run, subject = resolve(f"{entrance}:of_problem"), problem
    else:
        run, subject = resolve(f"{entrance}:of_users_function"), users_function(name)
    try:
        return run(subject, rates, SEED)
    except resolve("problems.torch_training.range_test:NoLoss") as error:
        raise UsageError(f"{name}: {error}; check data and initial weights, or give another --low or --high") from error
    except (Exception, SystemExit) as error:
        if ours:
            raise
        reason = " ".join(f"{type(error).__name__}: {error}{place(error)}".split())
        raise UsageError(f"{name} cannot be trained: {reason}") from error


def entry_needs(name: str) -> str | None:
    """What the problem `name` needs that is not there; raises `UsageError` for an unknown one."""
    try:
        return problem_entry(name).needs.missing()
    except KeyError as error:
        raise UsageError(f"{error.args[0]}; or {REMEDY}") from error


def users_function(name: str) -> Any:
    """The user's function; raises `UsageError` where it cannot be had."""
    try:
        function = users_object(name, "training")
    except KeyError as error:
        raise UsageError(error.args[0]) from error
    if not callable(function):
        raise UsageError(f"{name!r} is a {type(function).__name__}; give a function that returns a model and its data")
    return function
