"""Tuning problems on tables: told the cross-validated error of the development part, recorded the test error.

The error is 1 − score as scikit-learn scores: of a classifier the share of wrong predictions, of a regressor 1 − R²,
which is 1 for predicting the mean. An instance draws the test part, the folds and one `random_state` for the model, as
a practitioner fixes it: the told value is then a function of the config, and no strategy gains by proposing a config
again until its draw is lucky. What was only luck with the folds or with that seed shows in the test error.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from problems.base import Evaluation, Optimum, Problem
from problems.case_losses import CaseLosses
from problems.space import Config, Floats, SearchSpace
from problems.tabular.data import DIABETES, DIGITS, Split, Table, divide, whole
from problems.tabular.models import BOOSTING, ELASTIC_NET, FOREST, NEIGHBOURS, SVM, Estimator, Model


@dataclass(frozen=True)
class Task:
    """A model and the table that it learns."""

    model: Model
    table: Table


TASKS: Mapping[str, Task] = {
    "svm-digits": Task(SVM, DIGITS),
    "knn-digits": Task(NEIGHBOURS, DIGITS),
    "forest-digits": Task(FOREST, DIGITS),
    "boosting-diabetes": Task(BOOSTING, DIABETES),
    "elastic-net-diabetes": Task(ELASTIC_NET, DIABETES),
}


@dataclass(frozen=True, kw_only=True)
class TabularProblem(Problem):
    """Fit a model on each choice of all folds but one, predict that one; free of noise."""

    task: Task
    seed: int  # of parts, folds and model

    @cached_property
    def split(self) -> Split:
        """The data, made when first needed."""
        return divide(self.task.table, self.seed)

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """The mean error over the folds, once; `rng` is not used."""
        split = self.split
        build = partial(self.task.model.build, self.task.model.defaults | config, self.seed)
        errors = [
            error(build(), split.inputs[fitted], split.targets[fitted], split.inputs[left], split.targets[left])
            for fitted, left in split.folds
        ]
        value = sum(errors) / len(errors)
        test_value = error(build(), split.inputs, split.targets, split.test_inputs, split.test_targets)
        yield Evaluation(value, value, test_value)

    def case_losses(self, config: Config, rng: Generator) -> CaseLosses:
        """Fit on the whole development part; held out is the test part. `rng` is not used."""
        split, table = self.split, self.task.table
        estimator = self.task.model.build(self.task.model.defaults | config, self.seed)
        with cut_short_is_fine():
            estimator.fit(split.inputs, split.targets)
        variance = 1.0 if table.classes else float(whole(table)[1].var())

        def losses(inputs: Floats, targets: NDArray[Any]) -> Floats:
            predicted = estimator.predict(inputs)
            wrong = predicted != targets if table.classes else (predicted - targets) ** 2 / variance
            return np.asarray(wrong, dtype=float)

        return CaseLosses(losses(split.inputs, split.targets), losses(split.test_inputs, split.test_targets))


@contextmanager
def cut_short_is_fine() -> Iterator[None]:
    """Where it was cut short, the elastic net's last sweep is its answer, and as good or bad as the error says."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Objective did not converge", ConvergenceWarning)
        yield


def error(
    estimator: Estimator, inputs: Floats, targets: NDArray[Any], new_inputs: Floats, new_targets: NDArray[Any]
) -> float:
    """1 − score on new cases (m, p) and (m,), after learning from (n, p) and (n,)."""
    with cut_short_is_fine():
        return 1.0 - float(estimator.fit(inputs, targets).score(new_inputs, new_targets))


def make(name: str, dim: int, instance: int, rng: Generator) -> TabularProblem:
    """The first `dim` hyperparameters of the task called `name`; `rng` draws the seed of its data and model."""
    task = TASKS[name]
    return TabularProblem(
        name=name,
        instance=instance,
        space=SearchSpace(tuple(parameter for parameter, _ in task.model.hyperparameters[:dim])),
        source=f"{task.table.source}; {task.model.source}",
        optimum=Optimum(0.0, "bound"),
        value_label="cross-validated error" if task.table.classes else "cross-validated 1 − R²",
        task=task,
        seed=int(rng.integers(2**32)),
    )
