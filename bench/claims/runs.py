"""Claims that are tested by running strategies: an experiment like any other, below the same results."""

from typing import Any

from bench.claims.claim import Setting
from bench.errors import UsageError
from bench.experiment import Experiment, run_experiment


def run(setting: Setting, name: str, **settings: Any) -> Experiment:
    """The experiment `claim-NAME-PROFILE`: run, resumed, or read back when it is complete.

    `settings` are the flags of `run` (`problems`, `dims`, `strategies`, `trials`, `seeds`). Two claims that give the
    same name and settings share the runs. Winners are not evaluated again: nobody looks at it. Raises `UsageError`
    where a run failed or something is not installed: a verdict on part of the data would be about something else.
    """
    experiment = run_experiment(
        {**settings, "name": f"claim-{name}-{setting.profile}", "jobs": setting.jobs, "retrain": 0},
        results=setting.results,
        watcher=setting.watcher,
    )
    if not experiment.skips.empty:
        reasons = "; ".join(experiment.skips["reason"].unique())
        raise UsageError(f"the experiment {experiment.name} would be incomplete: {reasons}")
    failed = experiment.runs[experiment.runs["status"] == "failed"]
    if not failed.empty:
        row = failed.iloc[0]
        reason = str(row["error"]).strip().splitlines()[-1]
        raise UsageError(
            f"{len(failed)} runs of {experiment.name} failed, the first of them {row['strategy']} on "
            f"{row['problem']}-{row['dim']}d, seed {row['seed']}: {reason}; delete its folder to run it anew"
        )
    return experiment
