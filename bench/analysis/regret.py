"""Regret: what an incumbent is truly worth, trial by trial.

| column | meaning |
|---|---|
| `incumbent_value` | best told value so far: what the strategy could know |
| `incumbent_true` | true value of that incumbent: what it is worth |
| `incumbent_test` | held-out value of that incumbent, where the problem has one |
| `regret` | `incumbent_true` minus the optimum |
| `spent` | the run's budget used up so far, in full trials; see `spent_so_far` |
"""

import numpy as np
import pandas as pd

from bench.analysis.groups import group_numbers, with_facts
from bench.records import FINISHED

TOLERANCE = 1e-6  # ten looks that cost a tenth each add up to a little less than 1
RUN = ["problem", "dim", "instance", "strategy", "pruner", "seed"]


def run_numbers(rows: pd.DataFrame) -> pd.Series:
    """A number per row, the same for all rows of a run: the run's place in the order of `RUN`."""
    return group_numbers(rows, RUN)


def simple_regret(trials: pd.DataFrame) -> pd.DataFrame:
    """Add the columns above; one group per run, ordered by trial.

    The incumbent is chosen by the told `value` and scored by `true_value` (by `value` where no truth is known), so
    noise cannot flatter it. Failed and pruned trials keep the previous incumbent: what a trial that was stopped would
    have become is not known. Before the first success all columns are NaN, but `spent`.
    """
    told = trials["value"].where(trials["status"] != "pruned").fillna(np.inf)
    run = run_numbers(trials)
    best = told.groupby(run).cummin()
    improves = (told < best.groupby(run).shift(fill_value=np.inf)).to_numpy()
    true = trials["true_value"].fillna(trials["value"])
    added = pd.DataFrame(
        {
            "incumbent_value": trials["value"].where(improves),
            "incumbent_true": true.where(improves),
            "incumbent_test": trials["test_value"].where(improves),
        }
    )
    added = added.groupby(run).ffill()
    spent = charges(trials).groupby(run).cumsum()
    return trials.assign(**added, regret=added["incumbent_true"] - trials["optimum"], spent=spent)


def spent_so_far(trials: pd.DataFrame) -> pd.Series:
    """What each trial and those before it took off their run's budget: a pruned trial its cost, every other one 1."""
    return charges(trials).groupby(run_numbers(trials)).cumsum()


def charges(trials: pd.DataFrame) -> pd.Series:
    """What each trial takes off its run's budget."""
    return trials["cost"].astype(float).where(trials["status"] == "pruned", 1.0)


def at_equal_cost(curves: pd.DataFrame) -> pd.DataFrame:
    """The rows of `simple_regret` at 1, 2, … full trials spent: `trial` becomes the budget that a state has cost.

    Of a run without a pruner these are its trials. With one, what the trials up to `trial` full ones led to.
    """
    whole = np.ceil(curves["spent"] - TOLERANCE).astype(int)
    states = pd.DataFrame({"run": run_numbers(curves), "trial": whole})
    return curves.assign(trial=whole)[~states.duplicated(keep="last")]


def known_optimum(runs: pd.DataFrame, trials: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Where a problem states no optimum, put the best value that anyone saw, and label it so.

    What one run of a cell learned of its problem holds for all: a run that failed before it began knows nothing.
    """
    cell = ["problem", "dim", "instance"]
    truth = trials["true_value"].fillna(trials["value"]).where(trials["status"] != "pruned")
    seen = truth.groupby([trials[name] for name in cell]).min().rename("seen").reset_index()
    facts = runs.groupby(cell)[["optimum", "optimum_origin", "value_label"]].first().reset_index()
    facts = facts.merge(seen, on=cell, how="left")
    unstated = facts["optimum"].isna() & facts["seen"].notna()
    facts["optimum"] = facts["optimum"].fillna(facts["seen"])
    facts["optimum_origin"] = facts["optimum_origin"].astype(object).mask(unstated, "best seen")
    learned = ["optimum", "optimum_origin", "value_label"]
    filled = with_facts(runs.drop(columns=learned), facts[[*cell, *learned]], cell)[runs.columns]
    known = with_facts(trials[cell], facts[[*cell, "optimum"]], cell)["optimum"]
    return filled, trials.assign(optimum=known)


def regret_curves(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Every run's regret from 1 to its budget in full trials: `at_equal_cost`, continued where that is honest.

    A run that was exhausted keeps its incumbent to the end of the budget; a failed one just stops, and shows a first
    trial of NaN when it had none, so that it is not forgotten. Unfinished runs are left out: what they lack would be
    read as their result.
    """
    runs, trials = known_optimum(runs, trials)
    finished = runs.loc[runs["status"].isin(FINISHED - {"skipped"}), RUN]
    of_finished = with_facts(trials[RUN], finished.assign(finished=True), RUN)["finished"].notna()
    needed = [*RUN, "trial", "status", "cost", "value", "true_value", "test_value", "optimum"]  # no text of each trial
    trials = trials[needed][of_finished].reset_index(drop=True)
    columns = [*RUN, "trial", "incumbent_value", "incumbent_true", "incumbent_test", "regret"]
    curves = at_equal_cost(simple_regret(trials))[columns]
    last = curves[~run_numbers(curves).duplicated(keep="last")]
    short = last.merge(runs.loc[runs["status"] == "exhausted", [*RUN, "budget"]], on=RUN)
    missing = (short["budget"] - short["trial"]).to_numpy()
    tail = short.loc[short.index.repeat(missing)].drop(columns="budget")
    tail["trial"] += tail.groupby(level=0).cumcount() + 1
    empty = finished.merge(last[RUN], on=RUN, how="left", indicator="found")
    empty = empty.loc[empty["found"] == "left_only", RUN].assign(trial=1)
    parts = [part for part in (curves, tail, empty) if len(part)]  # pandas warns of joining what is empty
    joined = pd.concat(parts or [curves], ignore_index=True).reindex(columns=curves.columns)
    whole = joined.take(np.lexsort((joined["trial"], run_numbers(joined)))).reset_index(drop=True)
    return with_facts(whole, runs.drop_duplicates(RUN)[[*RUN, "value_label", "optimum_origin"]], RUN)


def has_an_optimum(curves: pd.DataFrame) -> pd.DataFrame:
    """The rows of problems whose optimum, or a bound of it, is stated.

    Regret against the best value that was seen moves with whoever took part, and is 0 for one of them; its logarithm
    and its ratios mislead.
    """
    stated = curves["optimum_origin"] != "best seen"
    return curves if stated.all() else curves[stated]  # a copy of a million rows takes a tenth of a second


def known_targets(curves: pd.DataFrame) -> pd.DataFrame:
    """The rows of problems whose optimum can be reached: fixed targets above a mere bound would say nothing."""
    return curves[curves["optimum_origin"].isin(["analytic", "certified"])]
