"""Nevergrad's own loop; started by the interpreter of its own environment.

python nevergrad_loop.py SPACE SEED TRIALS. Writes the configs and the seconds of the loop, as JSON. Imports nothing
of search-bench.
"""

import json
import os
import sys
from time import perf_counter

import nevergrad as ng
import numpy as np
from objectives import COSTS, OBJECTIVES

PARAMETERS = {
    "mixed": lambda: ng.p.Instrumentation(
        rate=ng.p.Log(lower=1e-5, upper=1),
        width=ng.p.Log(lower=16, upper=256).set_integer_casting(),
        layers=ng.p.Scalar(lower=1, upper=4).set_integer_casting(),
        momentum=ng.p.Scalar(lower=0, upper=0.999),
        activation=ng.p.Choice(list(COSTS)),
    ),
    "box": lambda: ng.p.Instrumentation(**{f"x{i}": ng.p.Scalar(lower=-5, upper=5) for i in range(5)}),
    "two numbers": lambda: ng.p.Instrumentation(y=ng.p.Scalar(lower=-5, upper=5), x=ng.p.Scalar(lower=0, upper=1)),
    "one number": lambda: ng.p.Instrumentation(x=ng.p.Scalar(lower=0, upper=1)),
}


def main() -> None:
    space, seed, trials = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    np.random.seed(seed)  # noqa: NPY002  parts of nevergrad draw from the global state
    parameters = PARAMETERS[space]()
    parameters.random_state.seed(seed)
    optimizer = ng.optimizers.NGOpt(parameters, budget=trials, num_workers=1)
    configs = []
    begun = perf_counter()
    for _ in range(trials):
        candidate = optimizer.ask()
        config = {name: value.item() if hasattr(value, "item") else value for name, value in candidate.kwargs.items()}
        configs.append(config)
        optimizer.tell(candidate, OBJECTIVES[space](config))
    print(json.dumps({"configs": configs, "seconds": perf_counter() - begun}), flush=True)
    os._exit(0)  # Cobyla's thread waits for a value


if __name__ == "__main__":
    main()
