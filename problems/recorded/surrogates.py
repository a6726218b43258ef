"""The models that can stand for a recorded problem: a new one is one line in the table and one file beside this."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

import numpy as np

from problems.entries import NOTHING, Needs
from problems.loading import resolve
from problems.recorded.recording import Recording, RecordingError
from problems.recorded.scores import NormalScores, normal_scores
from problems.space import Categorical, Floats, Parameter


class Predictor(Protocol):
    """What was learned of points (n, D) and their targets (n, k)."""

    def predict(self, points: Floats) -> Floats:
        """The targets (m, k) of other points (m, D)."""


Fit: TypeAlias = Callable[[Floats, Floats], Predictor]


@dataclass(frozen=True)
class Kind:
    """A kind of model."""

    name: str
    fit: str  # "module:function", imported only when it is used
    needs: Needs = NOTHING
    in_scores: bool = False  # whether it averages, and so sees values as normal scores


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("forest", "problems.recorded.forest:fit", Needs("sklearn", ("sklearn",), "scikit-learn"), in_scores=True),
        Kind("nearest", "problems.recorded.nearest:fit"),
    )
}


@dataclass(frozen=True, eq=False)
class Scored:
    """A model of normal scores, asked in values."""

    model: Predictor
    scores: tuple[NormalScores, ...]  # (k,) of each target

    def predict(self, points: Floats) -> Floats:
        """The targets (m, k) of `points` (m, D)."""
        predicted = self.model.predict(points)
        return np.column_stack([scale.back(predicted[:, j]) for j, scale in enumerate(self.scores)])


def fitted(kind: Kind, points: Floats, targets: Floats) -> Predictor:
    """What `kind` learns of points (n, D) and targets (n, k)."""
    fit: Fit = resolve(kind.fit)
    if not kind.in_scores:
        return fit(points, targets)
    scores = tuple(normal_scores(column) for column in targets.T)
    return Scored(fit(points, np.column_stack([s.forward(c) for s, c in zip(scores, targets.T, strict=True)])), scores)


def column_weights(parameter: Parameter) -> Floats:
    """What the columns of `parameter` in the one-hot form are multiplied with.

    Two choices differ in two columns: so they are as far apart as the two ends of a range.
    """
    if isinstance(parameter, Categorical):
        return np.full(len(parameter.choices), math.sqrt(0.5))
    return np.ones(1)


@dataclass(frozen=True, eq=False)
class Surrogate:
    """What stands for a recorded problem; each part is learned when it is first asked."""

    recording: Recording
    kind: Kind

    def points(self, units: Floats) -> Floats:
        """Points (m, d) of the unit cube as the models see them: (m, D), moved to the configs they stand for."""
        space = self.recording.space
        one_hot = space.one_hot(space.snap(units))
        weighted: Floats = one_hot * np.concatenate([column_weights(parameter) for parameter in space])
        return weighted

    @cached_property
    def _seen(self) -> Floats:
        return self.points(self.recording.units)

    @cached_property
    def _outcome(self) -> Predictor:
        recording = self.recording
        ended = recording.failed == 0
        tested = recording.test_values[ended]
        targets = recording.curves[ended]
        if self.has_test_values:
            tested = np.where(np.isfinite(tested), tested, np.nanmedian(tested))  # of those that were pruned
            targets = np.column_stack([targets, tested])
        return fitted(self.kind, self._seen[ended], targets)

    @cached_property
    def _failure(self) -> Predictor:
        return resolve(self.kind.fit)(self._seen, self.recording.failed[:, None])  # type: ignore[no-any-return]

    @cached_property
    def _seconds(self) -> Predictor:
        seconds = self.recording.seconds
        known = np.isfinite(seconds)
        return fitted(self.kind, self._seen[known], seconds[known, None])

    @property
    def has_test_values(self) -> bool:
        """Whether every trial that ended has a held-out value."""
        whole = [trial.test_value is not None for trial in self.recording.trials if trial.status == "ok"]
        return all(whole)

    def fails(self, units: Floats) -> np.ndarray:
        """Whether trials at points (m, d) fail more often than not: (m,)."""
        if not self.recording.failed.any():
            return np.zeros(len(units), dtype=bool)
        return self._failure.predict(self.points(units))[:, 0] >= 0.5

    def curves(self, units: Floats) -> tuple[Floats, Floats | None]:
        """At points (m, d) the values (m, K) at the shares of the recording's grid, and held-out values (m,)."""
        predicted = self._outcome.predict(self.points(units))
        count = len(self.recording.grid)
        return predicted[:, :count], predicted[:, count] if self.has_test_values else None

    def final_values(self, units: Floats) -> Floats:
        """The values (m,) of full trials at points (m, d); infinite where they fail."""
        curves, _ = self.curves(units)
        return np.where(self.fails(units), np.inf, curves[:, -1])

    def seconds(self, units: Floats) -> Floats:
        """How long full trials take at points (m, d): (m,)."""
        return self._seconds.predict(self.points(units))[:, 0]


def kind_called(name: str) -> Kind:
    """The kind of model; raises `RecordingError` with those that there are."""
    if name not in KINDS:
        raise RecordingError(f"a surrogate is one of {', '.join(KINDS)}, got {name!r}")
    return KINDS[name]
