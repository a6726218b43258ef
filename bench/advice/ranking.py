"""Who is best in a situation, how sure that is, and who is as good within the noise.

| symbol | meaning |
|---|---|
| `c` `k` `p` | cells, strategies, problems (a problem with wrappers around it is the same problem) |
| `R` | bootstrap resamples, of problems: what would other problems of this kind have shown? |
| `y` | scores (c, k): regret over random's; NaN where a strategy did not run |
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bench.advice.record import Record, scores
from bench.advice.situation import Situation
from bench.analysis.statistics import LEVEL, RESAMPLES, bounds, drawn
from problems.space import Floats

FEWEST = 3  # problems, below which there is no evidence
TABLE = ["strategy", "score", "low", "high", "best", "behind", "trials", "thinking_s", "problems", "bound"]


@dataclass(frozen=True)
class Field:
    """Those cells of a record that are like a situation."""

    y: Floats  # (c, k), NaN also in cells that are not
    weights: Floats  # (c,)
    of_problem: Floats  # (c, p), one-hot; 0 in cells that are not
    names: tuple[str, ...]  # (p,)
    own: NDArray[np.bool_]  # (c,) cells of the situation's kind; the others lend a hand, but are no evidence

    @property
    def own_names(self) -> tuple[str, ...]:
        """The problems of the situation's kind."""
        return tuple(np.array(self.names, dtype=object)[self.of_problem[self.own].any(axis=0)])

    @property
    def problems(self) -> NDArray[np.intp]:
        """On how many problems of the situation's kind each strategy ran: (k,)."""
        ran: NDArray[np.intp] = (self.of_problem[self.own].T @ np.isfinite(self.y[self.own]) > 0).sum(axis=0)
        return ran

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Who ran on so many that there is evidence: (k,)."""
        return np.asarray(self.problems >= FEWEST)


def field_of(values: Floats, similar: Floats, base: pd.Series, own: NDArray[np.bool_]) -> Field:
    """Cells by how `similar` (c,) they are, from `scores`; those where random search is alone say nothing.

    `own` (c,): which are of the situation's kind.

    All cells of a problem together count as much as its most similar one: that it was run in three dimensions does not
    make it three problems.
    """
    similar = np.where(np.isfinite(values).sum(axis=1) > 1, similar, 0.0)
    names = tuple(dict.fromkeys(base[similar > 0]))
    of_problem = (base.to_numpy()[:, None] == np.array(names, dtype=object)) & (similar > 0)[:, None]  # (c, p)
    parts = np.where(of_problem, similar[:, None], 0.0)
    share = parts.max(axis=0, initial=0.0) / parts.sum(axis=0)  # (p,)
    y = np.where((similar > 0)[:, None], values, np.nan)
    return Field(y, similar * (of_problem @ share), of_problem.astype(float), names, own)


def expected_scores(y: Floats, weights: Floats) -> Floats:
    """What every strategy's mean score would be had all run everywhere: (R, k), for cells' `weights` (R, c).

    Least squares for y = (how hard the cell is) + (how good the strategy is), shifted so that random search, the first,
    has 1: whoever ran only where all do well is not taken for good. Where all ran everywhere these are the weighted
    means. NaN without a cell of weight.
    """
    there = np.isfinite(y)
    m = np.maximum(there.sum(axis=1, keepdims=True), 1)  # (c, 1) strategies of a cell
    filled = np.where(there, y, 0.0)
    one = there.astype(float)
    # Normal equations once the cells' own terms are taken out: their left side is the Laplacian of a graph (k, k).
    laplacians = one[:, :, None] * np.eye(y.shape[1]) - one[:, :, None] * one[:, None, :] / m[:, :, None]
    left = np.tensordot(weights, laplacians[:, 1:, 1:], axes=1)  # (R, k-1, k-1), random's term being 0
    right = weights @ (one * (filled - filled.sum(axis=1, keepdims=True) / m))[:, 1:]
    ran = weights @ one[:, 1:] > 0  # (R, k-1)
    left += np.where(ran, 0.0, 1.0)[:, None] * np.eye(y.shape[1] - 1)  # who is nowhere would make it singular
    effect = np.linalg.solve(left, right[..., None])[..., 0]
    expected = np.where(ran, 1 + effect, np.nan)
    return np.column_stack([np.ones(len(weights)), expected])


@dataclass(frozen=True)
class Standing:
    """Expected scores of those with evidence enough (j,), and what they are when problems are drawn again (R, j)."""

    columns: NDArray[np.intp]  # (j,) which strategies; random search is the first
    point: Floats
    estimates: Floats

    @property
    def level(self) -> float:
        """Bonferroni's, for one against each of the others: who is first of several is so by luck, too."""
        return 1 - (1 - LEVEL) / max(len(self.columns) - 1, 1)

    @property
    def beats_random(self) -> NDArray[np.bool_]:
        """Who is seen to be better than random search: (j,)."""
        _, high = bounds(self.estimates, self.level)
        return np.asarray(high < 1.0)

    @property
    def order(self) -> NDArray[np.intp]:
        """The places (j,), the lowest score first: that is who is taken."""
        order: NDArray[np.intp] = np.argsort(self.point, kind="stable")
        return order


def standing_of(field: Field, rng: Generator, resamples: int = RESAMPLES) -> Standing:
    """Who stands where in `field`, in which there must be evidence enough of two, random search among them."""
    columns = np.flatnonzero(field.enough)
    p = len(field.names)
    counts = p * drawn(p, rng, resamples) @ field.of_problem.T  # (R, c)
    weights = np.vstack([field.weights, field.weights * counts])
    expected = expected_scores(field.y[:, columns], weights)
    return Standing(columns, expected[0], expected[1:])


@dataclass(frozen=True)
class Ranking:
    """`table` (columns `TABLE`) holds who has evidence enough, the lowest score first."""

    situation: Situation
    table: pd.DataFrame
    problems: tuple[str, ...]  # of the situation's kind and size, without wrappers
    slow: tuple[str, ...]  # that would not end a trial in that time
    sure: tuple[str, ...] = ()  # those that are seen to beat random search

    @property
    def pick(self) -> str | None:
        """The lowest score; None where there is no evidence."""
        return None if self.table.empty else str(self.table["strategy"].iloc[0])

    @property
    def peers(self) -> list[str]:
        """Those that may be as good as the pick, or better: the interval of the difference does not exclude it."""
        return [str(name) for name in self.table.loc[self.table["behind"] <= 0, "strategy"].iloc[1:]]


def rank(record: Record, situation: Situation, rng: Generator, resamples: int = RESAMPLES) -> Ranking:
    """Order the strategies on record for `situation`, with bootstrap intervals over problems."""
    table = scores(record, situation)
    cells = record.cells
    field = field_of(table.values, situation.weights(cells), cells["base"], situation.is_kind_of(cells))
    names = np.array(record.strategies, dtype=object)
    slow = tuple(names[table.trials < 1])
    if field.enough.sum() < 2:
        return Ranking(situation, pd.DataFrame(columns=TABLE), field.own_names, slow)
    standing = standing_of(field, rng, resamples)
    columns, estimates = standing.columns, standing.estimates
    low, high = bounds(estimates)
    behind, _ = bounds(estimates - estimates[:, standing.order[:1]], standing.level)
    bound: NDArray[np.bool_] = np.any((table.bound & np.isfinite(field.y))[field.own], axis=0)
    best = estimates == np.nanmin(estimates, axis=1, keepdims=True)
    ranked = pd.DataFrame(
        {
            "strategy": names[columns], "score": np.maximum(standing.point, 0.0), "low": np.maximum(low, 0.0),
            "high": high, "best": (best / best.sum(axis=1, keepdims=True)).mean(axis=0), "behind": behind,
            "trials": table.trials[columns], "thinking_s": table.thinking_s[columns],
            "problems": field.problems[columns], "bound": bound[columns],
        }
    )  # fmt: skip
    sure = tuple(names[columns][standing.beats_random])
    return Ranking(situation, ranked.iloc[standing.order].reset_index(drop=True), field.own_names, slow, sure)
