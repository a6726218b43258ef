"""What a table cannot say: the order in words, how far it can be trusted, and what to do about it."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from bench.analysis.sensitivity.methods import MEASURES
from bench.report.wording import listed, number, plural, share
from bench.sensitivity.cells import Cell

TRUSTED = 0.5  # R²: below it there is little that importance could be of
FEW = 10  # configs per parameter and instance
BEST_TENTH = 5  # trials that PED-ANOVA should have among its best tenth (Optuna's documentation)
CONCORDANT = 0.7  # Kendall's W
NOISY = 0.5  # part of the variance
WORST, DISASTERS = 0.05, 0.8  # so few of the trials make so much of the variance
DESIGNS = {
    *("grid", "random", "random-linear", "sobol", "sobol-repeated", "lhs", "hyperopt-random", "optuna-random"),
    *("optuna-qmc", "optuna-grid", "ray-random", "wandb-random", "wandb-grid"),
}  # strategies whose trials do not depend on what was seen


def order_in_words(cell: Cell) -> str:
    """`"learning_rate; then epochs and width, not told apart; no effect seen: dropout"`."""
    seen = cell.order[cell.order["seen"]]
    unseen = cell.order.loc[~cell.order["seen"], "parameter"]
    groups = [list(group["parameter"]) for _, group in seen.groupby("place", sort=False)]
    steps = [listed(group) + " (not told apart)" * (len(group) > 1) for group in groups]
    ordered = ", then ".join(steps) if steps else "none: no parameter can be told from one without effect"
    return ordered + (f"; no effect seen: {listed(list(unseen))}" if len(unseen) and steps else "")


def agreement_in_words(cell: Cell) -> str:
    """Kendall's W, and the two voting measures that are furthest apart."""
    voting = cell.answers.voting
    if math.isnan(cell.concordance):
        return "Agreement of the methods: not to be had from one method or one parameter"
    table = cell.agreement
    pairs = [(tau_of(table, a, b), a, b) for i, a in enumerate(voting) for b in voting[i + 1 :]]
    lowest, one, other = min(pairs, key=lambda pair: (math.isnan(pair[0]), pair[0]))
    return (
        f"Agreement of the methods: Kendall's W = {number(cell.concordance)} (1: the same order, 0: none); furthest "
        f"apart are {MEASURES[one].heading} and {MEASURES[other].heading}, τ = {number(lowest)}"
    )


def tau_of(table: pd.DataFrame, one: str, other: str) -> float:
    """A cell of the square table."""
    return float(table.to_numpy()[table.index.get_loc(one), table.columns.get_loc(other)])


def quality_in_words(cell: Cell) -> str:
    """How much of unseen trials the models explain, and how much is noise."""
    known = [f"R² = {number(value)} ({method})" for method, value in cell.explained.items()]
    noise = (
        f"the same config again differs by {share(cell.noise)} of the variance (noise)"
        if not math.isnan(cell.noise)
        else "how much is noise is not known: too few configs were evaluated twice"
    )
    own = "Sobol' indices are those of the function itself. " * cell.direct
    return f"{own}On trials that they did not see, models explain {listed(known)}; {noise}"


def warnings(cell: Cell) -> Iterator[str]:
    """What stands between these numbers and the truth, the worst first."""
    d, observed = len(cell.space), [i.observed for i in cell.instances]
    fewest = min(len(o.sample.values) for o in observed)
    best = cell.explained.max()
    if not best >= TRUSTED:
        doubtful = "all but the Sobol' indices is in doubt" if cell.direct else "no order can be trusted"
        remedy = "the noise is in the way" if cell.noise > NOISY else "give more trials"
        yield f"the models explain little of trials that they did not see (R² = {number(best)}): {doubtful}; {remedy}"
    if fewest < FEW * d:
        yield f"{fewest} configs for {d} parameters are few: give {FEW * d} or more, {2 * FEW * d} for a decision"
    if "ped_anova" in cell.answers.measures and fewest < 10 * BEST_TENTH:
        yield f"PED-ANOVA compares the best {math.ceil(fewest / 10)} trials with all: it needs {10 * BEST_TENTH} in all"
    if cell.noise > NOISY:
        yield f"{share(cell.noise)} of the variance is noise, which no parameter explains"
    if disasters(cell) > DISASTERS:
        yield (
            f"the worst {share(WORST)} of the trials make {share(disasters(cell))} of the variance: all but PED-ANOVA "
            "say what makes disasters, PED-ANOVA says what makes the best"
        )
    if cell.concordance_of_instances < CONCORDANT:
        yield (
            f"instances disagree (W = {number(cell.concordance_of_instances)}): this order is that of their mean; "
            "sensitivity.csv holds each instance's own"
        )
    if cell.concordance < CONCORDANT:
        yield f"the methods disagree (W = {number(cell.concordance)}): docs/sensitivity.md says what that may mean"
    yield from left_out(cell)


def left_out(cell: Cell) -> Iterator[str]:
    """What was not analysed as it is."""
    observed = [i.observed for i in cell.instances]
    failed, pruned, trials = (sum(getattr(o, name) for o in observed) for name in ("failed", "pruned", "trials"))
    if failed:
        yield f"{failed} of {trials} trials failed, and count as the worst value of their instance"
    if pruned:
        yield f"{pruned} {plural('trial', pruned)} stopped early are left out: their values are of another fidelity"
    if constant := sorted({name for o in observed for name in o.constant}):
        yield f"{listed(constant)} had one value in all trials: nothing can be said of it"


def disasters(cell: Cell) -> float:
    """The part of the variance that the worst trials make, on average over the instances."""
    parts = []
    for instance in cell.instances:
        values = np.sort(instance.observed.sample.values)
        squares = (values - values.mean()) ** 2
        worst = squares[-max(1, round(WORST * len(values))) :]
        parts.append(float(worst.sum() / squares.sum()))
    return float(np.mean(parts))


def adaptive(strategies: Sequence[str]) -> list[str]:
    """Those of the strategies that put their trials where they expect low values."""
    return [name for name in strategies if name.partition("@")[0] not in DESIGNS]
