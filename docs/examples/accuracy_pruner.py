"""A pruner of one's own, written for Optuna: a training that is far behind the best one is not waited for.

python -m bench run --problems mlp-digits --dims 2 --strategies random --trials 20 \
    --pruners none,docs/examples/accuracy_pruner.py:AccuracyPruner

In Optuna: `optuna.create_study(pruner=AccuracyPruner())`, where trials report their error at steps up to 1000.
"""

from optuna.pruners import BasePruner
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState


class AccuracyPruner(BasePruner):
    """Stops a trial that a third of its training has not brought within `points` of the best whole trial's error."""

    def __init__(self, points: float = 0.1, begin: int = 333) -> None:
        self.points = points
        self.begin = begin  # thousandths of the whole training

    def prune(self, study: Study, trial: FrozenTrial) -> bool:
        """Asked after each report."""
        whole = [other.value for other in study.get_trials(deepcopy=False, states=[TrialState.COMPLETE])]
        if not whole or trial.last_step is None or trial.last_step < self.begin:
            return False
        return min(trial.intermediate_values.values()) > min(whole) + self.points
