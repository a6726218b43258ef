"""The neural networks of Bergstra & Bengio (2012): seven hyperparameters, and two more for what is done to the inputs.

| hyperparameter | distribution |
|---|---|
| `learning_rate` | log-uniform 0.001 … 10 |
| `hidden_units` | log-uniform 18 … 1024, rounded |
| `weight_scale` | uniform 0.2 … 3.8: up to 2 it is c of c/√fan_in, above it says √6/√(fan_in + fan_out) |
| `annealing_start` | log-uniform 300 … 30000 updates, t₀ of ε_t = t₀ε₀ / max(t, t₀) |
| `l2_penalty` | log-uniform 3.1e-9 … 3.1e-5: below 3.1e-7 it is off |
| `activation` | sigmoid or tanh |
| `weight_distribution` | N(0, 1) or U(−1, 1) |
| `preprocessing` | none, normalise or pca |
| `kept_variance` | uniform 0.5 … 1; ignored unless `preprocessing` is pca |

The paper's conditional choices (c is drawn for one of two rules only, the penalty only when it is on) are one axis
each, twice as long: its one half means the other choice, whose values do not matter. The distribution of what is
trained is exactly the paper's, and the number of hyperparameters, too. Not among them, and drawn for each trial as in
the paper: batches of 20 or 100, initial weights, order of the cases. Biases begin at 0 and are penalised as weights.

In `d` dimensions the first `d` are searched; the others stay at their defaults.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from numpy.random import Generator

from problems.base import Evaluation, Optimum, Problem
from problems.space import Categorical, Config, Float, Int, Parameter, Scalar, SearchSpace
from problems.torch_training.data import Split
from problems.torch_training.early_stopping import train_until_stale
from problems.torch_training.network_data import network_split
from problems.torch_training.network_tasks import TASKS, NetworkTask
from problems.torch_training.one_hidden import ACTIVATIONS, DISTRIBUTIONS, OneHidden
from problems.torch_training.preprocessing import PREPROCESSING
from problems.torch_training.training import Recipe

LARGEST_SCALE = 2.0  # of c
SMALLEST_PENALTY = 3.1e-7
BATCH_SIZES = (20, 100)

HYPERPARAMETERS: tuple[tuple[Parameter, Scalar], ...] = (  # each with its default
    (Float("learning_rate", 0.001, 10.0, log=True), 0.1),
    (Int("hidden_units", 18, 1024, log=True), 128),
    (Float("weight_scale", 0.2, 3.8), 1.0),
    (Float("annealing_start", 300.0, 30_000.0, log=True), 3000.0),
    (Float("l2_penalty", 3.1e-9, 3.1e-5, log=True), 3.1e-9),
    (Categorical("activation", tuple(ACTIVATIONS)), "tanh"),
    (Categorical("weight_distribution", tuple(DISTRIBUTIONS)), "uniform"),
    (Categorical("preprocessing", tuple(PREPROCESSING)), "none"),
    (Float("kept_variance", 0.5, 1.0), 0.9),
)


@dataclass(frozen=True, kw_only=True)
class NetworkProblem(Problem):
    """Told the lowest validation error of a training, recorded the test error of the weights that had it.

    One look per epoch. A look costs its share of the longest training; the last one costs what is left to 1, because
    a training that has stopped by itself is complete. The test error is known at the last look only.
    """

    task: NetworkTask
    noisy: bool = True

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        """Train with `config`; batch size, initial weights and the order of the cases come from `rng`."""
        model, split, recipe = self.set_up(config, rng)
        generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        share, spent = 1.0 / recipe.epochs, 0.0
        for progress in train_until_stale(model, split, recipe, self.task.least_epochs, generator):
            cost = 1.0 - spent if progress.last else share
            spent += cost
            yield Evaluation(progress.validation, test_value=progress.test, cost=cost)

    def set_up(self, config: Config, rng: Generator) -> tuple[OneHidden, Split, Recipe]:
        """What `config` trains on what and how; the batch size comes from `rng`."""
        settings: Config = {parameter.name: default for parameter, default in HYPERPARAMETERS} | config
        prepare = PREPROCESSING[settings["preprocessing"]]
        split = prepare(network_split(self.task, self.instance), settings["kept_variance"])
        scale, penalty = settings["weight_scale"], settings["l2_penalty"]
        model = OneHidden(
            inputs=split.train_inputs.shape[1],
            classes=split.classes,
            hidden=settings["hidden_units"],
            activation=settings["activation"],
            weight_distribution=settings["weight_distribution"],
            weight_scale=scale if scale <= LARGEST_SCALE else None,
        )
        recipe = Recipe(
            learning_rate=settings["learning_rate"],
            batch_size=BATCH_SIZES[int(rng.integers(len(BATCH_SIZES)))],
            epochs=self.task.most_epochs,
            momentum=0.0,
            weight_decay=penalty if penalty >= SMALLEST_PENALTY else 0.0,
            annealing_start=settings["annealing_start"],
        )
        return model, split, recipe


def network(name: str, dim: int, instance: int, rng: Generator) -> NetworkProblem:
    """The first `dim` hyperparameters of the task called `name`.

    The data follows from the instance's number alone, not from `rng`, which is another one in each dimension: the
    spaces of seven and of nine hyperparameters are compared on the same cases, as in the paper.
    """
    return NetworkProblem(
        name=name,
        instance=instance,
        space=SearchSpace(tuple(parameter for parameter, _ in HYPERPARAMETERS[:dim])),
        source="Bergstra & Bengio 2012, JMLR 13:281-305; data by the recipes of Larochelle et al. 2007, or bundled",
        optimum=Optimum(0.0, "bound"),
        value_label="validation error",
        fidelity_unit="epoch",
        task=TASKS[name],
    )
