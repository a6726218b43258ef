"""Which runs are compared: those of both sides on the same problem, dimension, instance, seed and budget."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from bench.analysis.competitors import by_pair
from bench.errors import UsageError
from bench.experiment import Experiment
from bench.forms import names_in
from bench.records import FINISHED

OLD, NEW = "old", "new"
INSTANCE = ["problem", "dim", "instance", "seed"]
PAIR = [*INSTANCE, "budget"]
COMPARABLE = FINISHED - {"skipped"}


@dataclass(frozen=True)
class Side:
    """One of the two experiments, by the name that tells it from the other."""

    name: str
    experiment: Experiment
    runs: pd.DataFrame  # a strategy with a pruner is named as such
    trials: pd.DataFrame

    @classmethod
    def of(cls, name: str, experiment: Experiment) -> "Side":
        """The side of `experiment`."""
        return cls(name, experiment, by_pair(experiment.runs), by_pair(experiment.trials))

    def strategies(self) -> list[str]:
        """In the plan's order."""
        return list(self.runs["strategy"].unique())


@dataclass(frozen=True)
class Match:
    """The strategies that are compared, by their names on either side."""

    old: str
    new: str

    def __str__(self) -> str:
        return self.old if self.old == self.new else f"{self.old} → {self.new}"


@dataclass(frozen=True)
class Paired:
    """Finished runs of both sides, one for one, and their trials; `strategy` is `OLD` or `NEW`.

    `left_out` says in words which runs have no counterpart; `versions` are the programs of old and new.
    """

    match: Match
    runs: pd.DataFrame
    trials: pd.DataFrame
    left_out: Sequence[str]
    versions: tuple[str, str]


def matches(asked: str | None, old: Side, new: Side) -> list[Match]:
    """`"gp"`, `"gp=my_gp,random"`, or all that both have; raises `UsageError` where one has no such strategy."""
    there, here = old.strategies(), new.strategies()
    if asked is not None:
        return list(dict.fromkeys(match_of(word, old, new) for word in names_in(asked)))
    if old.experiment is new.experiment:
        raise UsageError(
            f"compare needs two experiments, or two strategies of {old.name}: name them by --strategies "
            f"{there[0]}={there[-1] if len(there) > 1 else 'ANOTHER'}"
        )
    if both := [name for name in there if name in here]:
        return [Match(name, name) for name in both]
    raise UsageError(
        f"{old.name} has {', '.join(there)} and {new.name} has {', '.join(here)}, none in common; say which is "
        f"compared with which by --strategies {there[0]}={here[0]}"
    )


def match_of(word: str, old: Side, new: Side) -> Match:
    """`"name"` or `"old name=new name"`; a name may hold an equals sign itself."""
    there, here = old.strategies(), new.strategies()
    if word in there and word in here:
        return Match(word, word)
    signs = (place for place, sign in enumerate(word) if sign == "=")
    found = [(word[:place].strip(), word[place + 1 :].strip()) for place in signs]
    for first, second in found:
        if first in there and second in here:
            return Match(first, second)
    name, side = next(
        ((name, side) for pair in found for name, side in zip(pair, (old, new), strict=True)
         if name not in side.strategies()),
        (word, new if word in there else old),
    )  # fmt: skip
    raise UsageError(
        f"--strategies names strategies that were run, NAME or OLD_NAME=NEW_NAME, got {word!r}; {side.name} has no "
        f"{name!r} but {', '.join(side.strategies())}"
    )


def paired(match: Match, old: Side, new: Side) -> Paired:
    """The runs of `match` that both sides finished."""
    mine, theirs = of(old.runs, match.old), of(new.runs, match.new)
    done = [runs[runs["status"].isin(COMPARABLE)] for runs in (mine, theirs)]
    common = done[0][PAIR].merge(done[1][PAIR], on=PAIR)
    runs = pd.concat(
        [rows.merge(common, on=PAIR).assign(strategy=side) for rows, side in zip(done, (OLD, NEW), strict=True)],
        ignore_index=True,
    )
    trials = pd.concat(
        [
            of(rows, name).merge(common[INSTANCE], on=INSTANCE).assign(strategy=side)
            for rows, name, side in ((old.trials, match.old, OLD), (new.trials, match.new, NEW))
        ],
        ignore_index=True,
    )
    versions = (version_of(mine), version_of(theirs))
    return Paired(match, runs, trials, list(unpaired(old.name, new.name, mine, theirs)), versions)


def of(frame: pd.DataFrame, strategy: str) -> pd.DataFrame:
    """The rows of a strategy."""
    return frame[frame["strategy"] == strategy]


def version_of(runs: pd.DataFrame) -> str:
    """What ran; several where an experiment was merged."""
    return ", ".join(dict.fromkeys(runs["strategy_version"])) or "unknown"


def unpaired(first: str, second: str, mine: pd.DataFrame, theirs: pd.DataFrame) -> Iterator[str]:
    """What has no counterpart, problem by problem."""
    both = mine[[*PAIR, "status"]].merge(
        theirs[[*PAIR, "status"]], on=PAIR, how="outer", suffixes=("_old", "_new"), indicator="side"
    )
    for (problem, dim), rows in both.groupby(["problem", "dim"], sort=False):
        where = f"{problem}-{dim}d"
        budgets = [sorted(rows.loc[rows["side"] != other, "budget"].unique()) for other in ("right_only", "left_only")]
        if all(budgets) and not set(budgets[0]) & set(budgets[1]):
            trials = [", ".join(map(str, budget)) for budget in budgets]
            yield f"{where}: runs of {trials[0]} trials in {first}, of {trials[1]} in {second}"
            continue
        for only, name in (("left_only", first), ("right_only", second)):
            if count := int((rows["side"] == only).sum()):
                yield f"{where}: {count} run{'s' * (count > 1)} in {name} only"
        there = rows[rows["side"] == "both"]
        unfinished = ~(there["status_old"].isin(COMPARABLE) & there["status_new"].isin(COMPARABLE))
        if count := int(unfinished.sum()):
            yield f"{where}: {count} pair{'s' * (count > 1)} of runs not finished"
