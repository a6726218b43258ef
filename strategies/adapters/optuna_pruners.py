"""Optuna's pruners, driven by `trial.report` and `trial.should_prune` on a study in memory."""

import warnings
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

import optuna
from optuna.pruners import BasePruner
from optuna.samplers import RandomSampler
from optuna.trial import Trial, TrialState

from problems.loading import resolve
from strategies.pruners.base import Pruner, is_whole

FULL = 1000  # Optuna's steps are whole numbers: thousandths of a trial's full fidelity
FIRST = 111  # the first rung of our own pruners, 1/9
STEPS = {"step": "thousandths of the trial's full fidelity, because Optuna's steps are whole numbers"}

optuna.logging.set_verbosity(optuna.logging.ERROR)


@contextmanager
def experimental() -> Iterator[None]:
    """Without the warning that a part of Optuna may change; the version is pinned."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
        yield


class OptunaPruner(Pruner):
    """What all of them share: a study whose trials have no parameters, only reports.

    A trial that was stopped gets Optuna's state PRUNED, a whole one COMPLETE with its last value; one that failed stays
    as it is, RUNNING, which all pruners treat as a trial under way.
    """

    deviations: ClassVar[Mapping[str, str]] = STEPS

    def __init__(self) -> None:
        # Hyperband assigns brackets by a hash of the study's name, which otherwise is random.
        self._study = optuna.create_study(
            study_name="search-bench", pruner=self.pruner(), sampler=RandomSampler(seed=0)
        )
        self._trials: dict[int, Trial] = {}

    @abstractmethod
    def pruner(self) -> BasePruner:
        """The pruner, with the library's defaults but for `deviations`."""

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """Report the look, ask, and finish the trial where it ends."""
        trial = self._trial(proposal_id)
        trial.report(value, round(FULL * step))
        if is_whole(step):
            self._study.tell(self._trials.pop(proposal_id), value)
            return False
        if not trial.should_prune():
            return False
        self._study.tell(self._trials.pop(proposal_id), state=TrialState.PRUNED)
        return True

    def _trial(self, proposal_id: int) -> Trial:
        if proposal_id not in self._trials:
            self._trials[proposal_id] = self._study.ask()
        return self._trials[proposal_id]


class OptunaMedian(OptunaPruner):
    """Stops a trial whose best value is worse than the median of the whole trials' values at the same step."""

    reference = "Golovin et al. 2017, KDD (optuna.pruners.MedianPruner)"

    def pruner(self) -> BasePruner:
        """Five whole trials first."""
        return optuna.pruners.MedianPruner()


class OptunaSuccessiveHalving(OptunaPruner):
    """Asynchronous successive halving; with fewer than eta values in a rung, only the best goes on."""

    reference = "Li et al. 2020, MLSys (optuna.pruners.SuccessiveHalvingPruner)"
    deviations: ClassVar[Mapping[str, str]] = {
        **STEPS,
        "min_resource": "111, our own asha's first rung of 1/9; the default guesses it from the first trials",
        "reduction_factor": "3, as our own asha; the default is 4",
    }

    def pruner(self) -> BasePruner:
        """Rungs at 1/9 and 1/3; whole trials are not asked about."""
        return optuna.pruners.SuccessiveHalvingPruner(min_resource=FIRST, reduction_factor=3)


class OptunaHyperband(OptunaPruner):
    """Hyperband: brackets of successive halving, assigned by a hash of the trial's number."""

    reference = "Li et al. 2018, JMLR 18(185) (optuna.pruners.HyperbandPruner)"
    deviations: ClassVar[Mapping[str, str]] = {
        **STEPS,
        "study_name": "fixed, because brackets are a hash of it",
        "min_resource": "111, our own hyperband's first rung of 1/9; the default of 1 would make seven brackets",
        "max_resource": "1000, the full fidelity; the default waits for the first trial to tell",
    }

    def pruner(self) -> BasePruner:
        """Reduction factor 3, the default."""
        return optuna.pruners.HyperbandPruner(min_resource=FIRST, max_resource=FULL)


class OptunaPatient(OptunaPruner):
    """The median rule, once a trial has had no new best value for two looks."""

    reference = "Prechelt 1998, Early stopping - but when? (optuna.pruners.PatientPruner)"
    deviations: ClassVar[Mapping[str, str]] = {
        **STEPS,
        "wrapped_pruner": "MedianPruner, as in Optuna's documentation; alone, it would stop the best so far",
        "patience": "1, as in Optuna's documentation; there is no default",
    }

    def pruner(self) -> BasePruner:
        """Around the median rule."""
        with experimental():
            return optuna.pruners.PatientPruner(optuna.pruners.MedianPruner(), patience=1)


class OptunaWilcoxon(OptunaPruner):
    """Stops a trial whose looks are worse than those of the best whole trial at the same steps, by a signed-rank test.

    Made for looks that are separate measurements, such as the folds of a cross-validation, and not ever later ones of
    the same training. Steps that the best trial has not are left out, as Optuna does with a warning.
    """

    reference = "Wilcoxon 1945, Biometrics Bulletin 1:80-83 (optuna.pruners.WilcoxonPruner)"

    def pruner(self) -> BasePruner:
        """p < 0.1, two looks first: the defaults."""
        with experimental():
            return optuna.pruners.WilcoxonPruner()

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """As the others, without the warning of steps that differ: of trainings of several lengths they do."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "WilcoxonPruner finds steps existing in the current trial")
            return super().should_stop(proposal_id, step, value)


class UsersPruner(OptunaPruner):
    """A pruner that was written for Optuna: a user's subclass of `optuna.pruners.BasePruner`."""

    reference = "the user's own"

    def __init__(self, *, factory: str) -> None:
        self._factory = factory
        super().__init__()

    def pruner(self) -> BasePruner:
        """Made without arguments."""
        made: BasePruner = resolve(self._factory)()
        return made
