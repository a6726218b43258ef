"""Ray Tune's searchers as Tune drives them: suggest, evaluate, complete."""

from collections.abc import Callable
from typing import Any

from numpy.random import Generator, RandomState
from ray import tune
from ray.tune.search import Searcher
from ray.tune.search.bayesopt import BayesOptSearch
from ray.tune.search.hyperopt import HyperOptSearch
from ray.tune.search.optuna import OptunaSearch
from ray.tune.search.variant_generator import generate_variants

from tests.strategies.adapters.native.spaces import BOX_NAMES, HIGH, LOW, SPACES, Objective

NATIVE: dict[str, dict[str, Any]] = {
    "mixed": {
        "rate": tune.loguniform(1e-5, 1),
        "width": tune.lograndint(16, 257),
        "layers": tune.randint(1, 5),
        "momentum": tune.uniform(0, 0.999),
        "activation": tune.choice(["relu", "gelu", "silu"]),
    },
    "box": {name: tune.uniform(LOW, HIGH) for name in BOX_NAMES},
}
SEARCHERS: dict[str, Callable[[int], Searcher]] = {
    "ray-optuna": lambda seed: OptunaSearch(metric="loss", mode="min", seed=seed),
    "ray-hyperopt": lambda seed: HyperOptSearch(metric="loss", mode="min", random_state_seed=seed),
    "ray-bayesopt": lambda seed: BayesOptSearch(metric="loss", mode="min", random_state=seed),
}


def box(units: dict[str, Any]) -> dict[str, Any]:
    return {name: LOW + unit * (HIGH - LOW) for name, unit in units.items()}


def mixed(units: dict[str, Any]) -> dict[str, Any]:
    return SPACES["mixed"].from_unit([float(units[name]) for name in SPACES["mixed"].names])


DECODE = {"mixed": mixed, "box": box}  # of the unit cube


def suggested(searcher: Searcher, trial: str) -> dict[str, Any] | None:
    """None means "not now", and Tune asks again; nothing else is told in between, so that a few times are enough."""
    for _ in range(20):
        suggestion: Any = searcher.suggest(trial)
        if suggestion is not None:
            return None if suggestion == Searcher.FINISHED else suggestion
    return None


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    seed = int(rng.integers(2**31))
    if name == "ray-random":  # what Tune does without a searcher
        stream = RandomState(seed)
        for _ in range(trials):
            objective(next(generate_variants(NATIVE[space], random_state=stream))[1])
        return
    searcher = SEARCHERS[name](seed)
    on_units = name == "ray-bayesopt"  # it knows floats only: the stated deviation
    searcher.set_search_properties(
        "loss", "min", dict.fromkeys(NATIVE[space], tune.uniform(0, 1)) if on_units else NATIVE[space]
    )
    for number in range(trials):
        suggestion = suggested(searcher, f"trial-{number}")
        if suggestion is None:
            return
        config = DECODE[space](suggestion) if on_units else {name: suggestion[name] for name in NATIVE[space]}
        searcher.on_trial_complete(f"trial-{number}", {"loss": objective(config)})
