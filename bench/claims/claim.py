"""What a claim is: a sentence, a rule fixed beforehand, an experiment, a verdict that follows from data."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pandas as pd
from numpy.random import Generator

from bench.executors import Watcher
from bench.experiment import Silent
from bench.plots.page import Drawing

Profile: TypeAlias = Literal["quick", "full"]
Verdict: TypeAlias = Literal["holds", "does not hold", "undecided"]
Data: TypeAlias = Mapping[str, pd.DataFrame]  # table's name -> rows


@dataclass(frozen=True)
class Setting:
    """What an experiment is given. Those that run strategies do it by `bench.claims.runs.run`."""

    profile: Profile
    rng: Generator
    results: Path
    jobs: int
    watcher: Watcher = field(default_factory=Silent)


@dataclass(frozen=True)
class Effect:
    """A measured number with its 95 % interval; `low == high` where it was counted, not estimated.

    With `threshold` it takes part in the verdict: it speaks for the claim when the whole interval lies above, against
    it when the whole interval lies at or below. Without, it is reported only.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    counted: str  # what `n` counts: seeds, point sets, …
    threshold: float | None = None

    @property
    def verdict(self) -> Verdict | None:
        """What this effect alone says; None when it does not decide."""
        if self.threshold is None:
            return None
        if self.low > self.threshold:
            return "holds"
        return "does not hold" if self.high <= self.threshold else "undecided"

    @property
    def needed(self) -> float:
        """About how large `n` must be for the interval to leave the threshold; infinite where they coincide."""
        if self.verdict != "undecided" or self.threshold is None:
            return float(self.n)
        gap = abs(self.value - self.threshold)
        width = max(self.high - self.value, self.value - self.low)
        ratio = (width / gap) ** 2 if gap > 0 else math.inf  # intervals shrink with the root of n
        return max(self.n + 1.0, self.n * ratio)


@dataclass(frozen=True)
class Finding:
    """The effects of one part; the verdict follows from them."""

    effects: Sequence[Effect]

    @property
    def verdict(self) -> Verdict:
        """`combined` over the effects that decide."""
        return combined(effect.verdict for effect in self.effects if effect.verdict)

    @property
    def would_decide(self) -> str:
        """For an undecided finding, how much data would settle it; else empty."""
        open_effects = [effect for effect in self.effects if effect.verdict == "undecided"]
        if self.verdict != "undecided" or not open_effects:
            return ""
        most = max(open_effects, key=lambda effect: effect.needed)
        if not math.isfinite(most.needed):
            return f"no number of {most.counted} that can be foretold: the estimate lies on the threshold"
        return f"about {most.needed:.2g} {most.counted} instead of {most.n}".replace("e+0", "e")


@dataclass(frozen=True)
class Part:
    """One statement that gets a verdict of its own. `judge` and `draw` see nothing but the data."""

    name: str  # of its folder; [a-z0-9-]
    statement: str
    supports: str
    refutes: str
    rule: str
    experiment: Callable[[Setting], Data]
    judge: Callable[[Data], Finding]
    draw: Callable[[Data], Sequence[Drawing]]
    take_away: Mapping[Verdict, str]
    version: int = 1  # raised when the experiment changes: data stored by another version are not used
    depends: Callable[[], Mapping[str, Any]] = dict  # what else stored data depend on, as JSON: files of the user


@dataclass(frozen=True)
class Claim:
    """A sentence that people repeat, with its source and the parts that test it."""

    name: str
    statement: str
    source: str
    parts: Sequence[Part]


def combined(verdicts: Iterable[Verdict]) -> Verdict:
    """One refutation refutes; what nothing refutes holds when everything supports it."""
    said = set(verdicts)
    if "does not hold" in said:
        return "does not hold"
    return "holds" if said == {"holds"} else "undecided"
