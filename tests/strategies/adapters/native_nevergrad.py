"""Nevergrad's own loop, for test_nevergrad_adapter: run by the python of its environment, it prints its trials.

python native_nevergrad.py SEED BUDGET SPACE
"""

import json
import os
import sys

import nevergrad as ng
import numpy as np


def loss(**config):
    middle = {"rate": 1e-3, "width": 60, "layers": 2, "x": 0.3, "y": 1.0}
    numbers = sum(abs(config[name] - value) / value for name, value in middle.items() if name in config)
    return numbers + config.get("activation", 0)


def main():
    seed, budget, space = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    spaces = {
        "mixed": lambda: {
            "rate": ng.p.Log(lower=1e-5, upper=1),
            "width": ng.p.Log(lower=16, upper=256).set_integer_casting(),
            "layers": ng.p.Scalar(lower=1, upper=4).set_integer_casting(),
            "activation": ng.p.Choice([0, 1, 2]),
        },
        "numbers": lambda: {"y": ng.p.Scalar(lower=-5, upper=5), "x": ng.p.Scalar(lower=0, upper=1)},
        "one number": lambda: {"x": ng.p.Scalar(lower=0, upper=1)},
    }
    np.random.seed(seed)  # noqa: NPY002
    instrumentation = ng.p.Instrumentation(**spaces[space]())
    instrumentation.random_state.seed(seed)
    optimizer = ng.optimizers.NGOpt(instrumentation, budget=budget, num_workers=1)
    trials = []
    for _ in range(min(budget, 60)):
        candidate = optimizer.ask()
        trials.append({name: getattr(value, "item", lambda v=value: v)() for name, value in candidate.kwargs.items()})
        optimizer.tell(candidate, loss(**trials[-1]))
    print(json.dumps(trials), flush=True)
    os._exit(0)  # Cobyla's thread waits for a value


main()
