"""Optuna's pruners decide through our interface as they do in Optuna's own loop."""

import optuna
import pytest

from strategies.adapters.optuna_pruners import (
    FULL,
    OptunaHyperband,
    OptunaMedian,
    OptunaPatient,
    OptunaPruner,
    OptunaSuccessiveHalving,
    OptunaWilcoxon,
)
from strategies.pruners.testing import show, some_trials
from tests.strategies.pruners.test_contracts import turning


@pytest.mark.filterwarnings("ignore:WilcoxonPruner finds steps")  # in Optuna's own loop, too
@pytest.mark.parametrize(
    "pruner", [OptunaMedian, OptunaSuccessiveHalving, OptunaHyperband, OptunaPatient, OptunaWilcoxon]
)
def test_the_same_trials_are_stopped_as_by_optunas_own_loop(pruner: type[OptunaPruner]):
    trials, taken = [turning(trial) for trial in some_trials(60)], []

    def objective(trial: optuna.Trial) -> float:
        looks = trials[trial.number]
        for number, (step, value) in enumerate(looks, start=1):
            trial.report(value, round(FULL * step))
            if number < len(looks) and trial.should_prune():
                taken.append(number)
                raise optuna.TrialPruned
        taken.append(len(looks))
        return looks[-1][1]

    ours = pruner()
    study = optuna.create_study(
        study_name="search-bench", pruner=ours.pruner(), sampler=optuna.samplers.RandomSampler(seed=0)
    )
    study.optimize(objective, n_trials=len(trials))
    assert [show(ours, number, looks) for number, looks in enumerate(trials)] == taken
    assert sum(taken) < sum(map(len, trials))
