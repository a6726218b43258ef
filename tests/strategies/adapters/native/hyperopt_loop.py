"""`hyperopt.fmin`."""

import math
from typing import Any

import hyperopt
from hyperopt import hp
from numpy.random import Generator

from tests.strategies.adapters.native.spaces import BOX_NAMES, HIGH, LOW, Objective

NATIVE: dict[str, dict[str, Any]] = {
    "mixed": {
        "rate": hp.loguniform("rate", math.log(1e-5), math.log(1)),
        "width": hp.qloguniform("width", math.log(15.5), math.log(256.5), 1),
        "layers": hp.quniform("layers", 0.5, 4.5, 1),
        "momentum": hp.uniform("momentum", 0, 0.999),
        "activation": hp.choice("activation", ["relu", "gelu", "silu"]),
    },
    "box": {name: hp.uniform(name, LOW, HIGH) for name in BOX_NAMES},
}
ALGORITHMS = {
    "hyperopt-tpe": hyperopt.tpe.suggest,
    "hyperopt-anneal": hyperopt.anneal.suggest,
    "hyperopt-random": hyperopt.rand.suggest,
}


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    def loss(drawn: dict[str, Any]) -> dict[str, Any] | float:
        value = objective({name: drawn[name] for name in NATIVE[space]})  # drawn in the order of the alphabet
        return {"status": hyperopt.STATUS_FAIL} if value is None else value

    hyperopt.fmin(
        loss, NATIVE[space], algo=ALGORITHMS[name], max_evals=trials, rstate=rng, show_progressbar=False, verbose=False
    )
