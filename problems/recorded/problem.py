"""A recording as a problem: a model of the trials is asked instead of a training."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.recorded.nearest import Nearest
from problems.recorded.recording import RecordedTrial, Recording
from problems.recorded.storage import read
from problems.recorded.surrogates import Surrogate, kind_called
from problems.space import Config, Floats


@dataclass(frozen=True, kw_only=True)
class RecordedProblem(Problem):
    """What a model says of a config, without noise: the learning curve, look by look, and the held-out value.

    Where more than half of what is near failed, so does the trial, as the nearest one that failed did.
    """

    checksum: str  # of the recording
    surrogate: Surrogate = field(compare=False, repr=False)

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """One look for each that such a trial had; `rng` is not used."""
        unit = self.space.to_unit(config)[None, :]
        if self.surrogate.fails(unit)[0]:
            yield from failed_looks(self._failures[1][self._failures[0].positions(self.surrogate.points(unit))[0]])
            return
        curves, tested = self.surrogate.curves(unit)
        count = self._count_looks(config, unit)
        shares = np.arange(1, count + 1) / count
        for number, value in enumerate(np.interp(shares, self.surrogate.recording.grid, curves[0]).tolist(), start=1):
            test_value = float(tested[0]) if tested is not None and number == count else None
            yield Evaluation(value, value, test_value, cost=1.0 / count)

    def duration(self, config: Config, rng: Generator) -> float:
        """What the model says of the seconds of such a trial, over their mean; the base's where they were not kept."""
        mean = self._mean_seconds
        if mean is None:
            return super().duration(config, rng)
        return float(self.surrogate.seconds(self.space.to_unit(config)[None, :])[0]) / mean

    def _count_looks(self, config: Config, unit: Floats) -> int:
        if (parameter := self.surrogate.recording.looks_parameter) is not None:
            return int(config[parameter])
        model, counts = self._looks
        return counts[int(model.positions(self.surrogate.points(unit))[0])]

    @cached_property
    def _looks(self) -> tuple[Nearest, list[int]]:
        """Where full trials were, and how many looks they had."""
        whole, trials = self._of_status("ok")
        return whole, [max(len(trial.looks), 1) for trial in trials]

    @cached_property
    def _failures(self) -> tuple[Nearest, list[RecordedTrial]]:
        return self._of_status("failed")

    def _of_status(self, status: str) -> tuple[Nearest, list[RecordedTrial]]:
        recording = self.surrogate.recording
        chosen = np.array([trial.status == status for trial in recording.trials])
        points = self.surrogate.points(recording.units[chosen])
        return Nearest(points, points), [trial for trial in recording.trials if trial.status == status]

    @cached_property
    def _mean_seconds(self) -> float | None:
        seconds = self.surrogate.recording.seconds
        known = seconds[np.isfinite(seconds) & (seconds > 0.0)]
        return float(known.mean()) if len(known) else None


def failed_looks(trial: RecordedTrial) -> Iterator[Evaluation]:
    """The looks that a trial had until it failed, and then none that is a number."""
    looks = [value for value in trial.looks if value is not None]
    cost = trial.share / (len(looks) + 1)
    for value in looks:
        yield Evaluation(value, cost=cost)
    yield Evaluation(float("nan"), cost=cost)


@lru_cache(maxsize=16)
def surrogate_of(recording: Recording) -> Surrogate:
    """The model of a recording, made once in a process."""
    return Surrogate(recording, kind_called(recording.facts.surrogate))


@lru_cache(maxsize=16)
def lowest(surrogate: Surrogate) -> Optimum:
    """The least value of the model: at its minimiser, which a search from many starts found, or at a trial."""
    recording = surrogate.recording
    places = recording.units
    if recording.facts.minimiser is not None:
        places = np.concatenate([places, [recording.facts.minimiser]])
    values = surrogate.final_values(places)
    return Optimum(float(values.min()), "certified", (recording.space.from_unit(places[values.argmin()]),))


def make(name: str, dim: int, instance: int, rng: Generator, *, file: str) -> RecordedProblem:
    """The problem that is recorded in `file`; every instance is that one, and nothing is drawn."""
    recording = read(Path(file))
    surrogate = surrogate_of(recording)
    facts = recording.facts
    return RecordedProblem(
        name=name,
        instance=instance,
        space=recording.space,
        source=f"{facts.how}; {facts.source}",
        optimum=lowest(surrogate),
        value_label=facts.value_label,
        fidelity_unit=facts.fidelity_unit,
        checksum=recording.checksum,
        surrogate=surrogate,
    )
