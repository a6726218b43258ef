"""What is kept of trials that were run once: the trials, what they are of, and how well a model predicts them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np

from problems.space import Categorical, Config, Floats, SearchSpace
from problems.space_form import config_as_json, space_as_json

MOST_GRID = 10  # shares of a full trial at which learning curves are predicted; in between, straight lines
FEWEST = 20  # trials that ended well, to predict others from

Status = Literal["ok", "failed", "pruned"]


class RecordingError(ValueError):
    """A recording cannot be used; the message says why, and what to do."""


class RecordedTrial(NamedTuple):
    """One trial that was run."""

    config: Config
    status: Status
    value: float | None  # as told, smaller is better; of a pruned trial estimated, of a failed one None
    test_value: float | None = None
    seconds: float | None = None
    looks: tuple[float | None, ...] = ()  # at equal shares of the trial; None where that was no finite number
    share: float = 1.0  # of a full trial that was taken


@dataclass(frozen=True)
class Facts:
    """What a recording says of itself."""

    problem: str  # what was recorded
    how: str  # "2000 random trials, instance 0, seed 0"
    source: str
    value_label: str = "value"
    fidelity_unit: str = "evaluation"
    versions: Mapping[str, str] = field(default_factory=dict)  # of what the trials hang on
    left_out: tuple[str, ...] = ()
    surrogate: str = "nearest"  # which model stands for the problem: see `problems.recorded.surrogates`
    errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # of each model, cross-validated
    minimiser: tuple[float, ...] | None = None  # where the model is lowest, in the unit cube


@dataclass(frozen=True, eq=False)
class Recording:
    """Recorded trials with their space.

    | symbol | meaning |
    |---|---|
    | `n` | trials |
    | `D` | columns of the one-hot form of the space |
    | `K` | shares 1/K, 2/K, …, 1 of a full trial at which curves are compared |
    """

    facts: Facts
    space: SearchSpace
    trials: tuple[RecordedTrial, ...]

    @cached_property
    def units(self) -> Floats:
        """The trials' configs in the unit cube (n, d)."""
        return np.array([self.space.to_unit(trial.config) for trial in self.trials])

    @cached_property
    def failed(self) -> Floats:
        """1 where a trial failed, else 0: (n,)."""
        return np.array([float(trial.status == "failed") for trial in self.trials])

    @cached_property
    def most_looks(self) -> int:
        """The most looks that a trial had."""
        return max(max(len(trial.looks), 1) for trial in self.trials)

    @cached_property
    def grid(self) -> Floats:
        """The shares (K,) of a full trial at which curves are compared."""
        count = min(self.most_looks, MOST_GRID)
        return np.arange(1, count + 1) / count

    @cached_property
    def curves(self) -> Floats:
        """The values (n, K) at the shares of `grid`, the last of them final; NaN for failed trials."""
        return np.array([curve(trial, self.grid) for trial in self.trials])

    @cached_property
    def test_values(self) -> Floats:
        """Held-out values (n,); NaN where there is none."""
        return np.array([np.nan if trial.test_value is None else trial.test_value for trial in self.trials])

    @cached_property
    def seconds(self) -> Floats:
        """How long the full trials took (n,); NaN of others, and where that is not known."""
        whole = (trial.seconds if trial.status == "ok" else None for trial in self.trials)
        return np.array([seconds if seconds and seconds > 0.0 else np.nan for seconds in whole])

    @cached_property
    def looks_parameter(self) -> str | None:
        """The parameter that is the number of looks of every full trial, such as the epochs; None without one."""
        whole = [(trial.config, len(trial.looks) or 1) for trial in self.trials if trial.status == "ok"]
        if len({count for _, count in whole}) == 1:
            return None
        numbers = (parameter.name for parameter in self.space if not isinstance(parameter, Categorical))
        return next((name for name in numbers if all(config[name] == count for config, count in whole)), None)

    def as_json(self) -> dict[str, Any]:
        """Everything but the trials."""
        return {**vars(self.facts), "space": space_as_json(self.space)}

    def columns(self) -> dict[str, list[Any]]:
        """The trials by column; a choice is given by its position."""
        configs = [config_as_json(self.space, trial.config) for trial in self.trials]
        own = {f"config_{name}": [config[name] for config in configs] for name in self.space.names}
        names = ("status", "value", "test_value", "seconds", "looks", "share")
        return {**own, **{name: [getattr(trial, name) for trial in self.trials] for name in names}}

    @cached_property
    def checksum(self) -> str:
        """Of all that is stored, whatever wrote it down: SHA-256 in hexadecimal."""
        content = json.dumps([self.as_json(), self.columns()], sort_keys=True, allow_nan=False)
        return hashlib.sha256(content.encode()).hexdigest()


def require_enough(recording: Recording) -> None:
    """Raise `RecordingError` where there is too little to predict anything from."""
    ended = sum(trial.status == "ok" for trial in recording.trials)
    if ended < FEWEST:
        raise RecordingError(f"a recording needs at least {FEWEST} trials that ended well, got {ended}; record more")


def curve(trial: RecordedTrial, grid: Floats) -> Floats:
    """The values (K,) of a trial at the shares `grid` (K,); before its first look those of the first."""
    if trial.value is None:
        return np.full(len(grid), np.nan)
    looks = np.array([np.nan if value is None else value for value in trial.looks])  # (m,)
    shares = np.arange(1, len(looks) + 1) / max(len(looks), 1)
    seen = np.isfinite(looks)
    values = np.interp(grid, shares[seen], looks[seen]) if seen.any() else np.full(len(grid), trial.value)
    values[-1] = trial.value
    return values
