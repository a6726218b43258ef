"""One line per strategy: how it ranks, scores, fails, and what it costs."""

import pandas as pd

from bench.analysis.groups import firsts, group_numbers
from bench.analysis.ranks import mean_ranks
from bench.analysis.regret import has_an_optimum
from bench.analysis.scores import normalised_scores
from bench.records import FINISHED


def final(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The rows of each group of `by` at its last trial."""
    return frame[frame["trial"] == frame["trial"].groupby(group_numbers(frame, by)).transform("max")]


def at_the_end(curves: pd.DataFrame) -> pd.DataFrame:
    """One row per run at the last trial of its problem and dimension; NaN for a run that failed before it.

    Of these rows again, it is the rows themselves.
    """
    run = ["problem", "dim", "strategy", "seed"]
    facts = [name for name in ("value_label", "optimum_origin") if name in curves]
    last = final(curves, ["problem", "dim"])
    ends = last[["problem", "dim", "trial"]].drop_duplicates()
    every = firsts(curves, run)[[*run, *facts]].merge(ends, on=["problem", "dim"])
    return every.merge(last.drop(columns=facts), on=[*run, "trial"], how="left")


def summarise(runs: pd.DataFrame, trials: pd.DataFrame, curves: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """One row per strategy, the best mean rank first; `ranked` are the rows of `ranks`.

    `mean_rank` at the end of the budget over problems, dimensions and seeds; `score`, the median over problems and
    dimensions of the normalised score (random = 1, optimum = 0) where an optimum or a bound is known; `failed_runs`,
    `failed_trials` and `pruned_trials`, shares; `ask_s`, mean seconds of ask and tell per trial; `n_runs`, its finished
    runs, and `n_ranked`, those in the ranks.
    """
    cells = ["problem", "dim", "seed"]
    means = mean_ranks(final(ranked, cells), ["strategy"]).set_index("strategy")
    scores = normalised_scores(has_an_optimum(at_the_end(curves))).groupby("strategy")["score"].median()
    by_run = runs[runs["status"].isin(FINISHED)].groupby("strategy")
    by_trial = trials.assign(optimiser_s=trials["ask_s"] + trials["tell_s"]).groupby("strategy")
    table = pd.DataFrame(
        {
            "version": runs.groupby("strategy")["strategy_version"].first(),
            "mean_rank": means["mean_rank"],
            "score": scores,
            "failed_runs": by_run["status"].agg(lambda status: (status == "failed").mean()),
            "failed_trials": by_trial["status"].agg(lambda status: (~status.isin(["ok", "pruned"])).mean()),
            "pruned_trials": by_trial["status"].agg(lambda status: (status == "pruned").mean()),
            "ask_s": by_trial["optimiser_s"].mean(),
            "n_runs": by_run.size(),
            "n_ranked": means["n"],
        }
    ).fillna({"n_runs": 0, "n_ranked": 0})
    table = table.astype({"n_runs": int, "n_ranked": int})
    return table.sort_values("mean_rank", na_position="last").rename_axis("strategy").reset_index()
