"""W&B's `sweeps` as its user runs it without a server; started by the interpreter of its own environment.

python wandb_loop.py bayes|random|grid mixed|box SEED TRIALS [AXES], where AXES are the grid's values by name, as JSON.
Writes the configs and the seconds of the loop, as JSON. Imports nothing of search-bench.
"""

import json
import random
import sys
from time import perf_counter
from typing import Any

import numpy as np
import sweeps
from objectives import OBJECTIVES

PARAMETERS: dict[str, dict[str, Any]] = {
    "mixed": {
        "rate": {"distribution": "log_uniform_values", "min": 1e-5, "max": 1.0},
        # Half a step outside: the stated deviation.
        "width": {"distribution": "q_log_uniform_values", "min": 15.5, "max": 256.5, "q": 1},
        "layers": {"distribution": "int_uniform", "min": 1, "max": 4},
        "momentum": {"distribution": "uniform", "min": 0.0, "max": 0.999},
        "activation": {"values": ["relu", "gelu", "silu"]},
    },
    "box": {f"x{i}": {"distribution": "uniform", "min": -5.0, "max": 5.0} for i in range(5)},
}


def main() -> None:
    method, space, seed, trials = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    parameters = PARAMETERS[space]
    if method == "grid":
        parameters = {name: {"values": values} for name, values in json.loads(sys.argv[5]).items()}
    sweep = {"method": method, "metric": {"name": "loss", "goal": "minimize"}, "parameters": parameters}
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  sweeps draws from the global state
    runs: list[sweeps.SweepRun] = []
    configs = []
    begun = perf_counter()
    while len(runs) < trials and (run := sweeps.next_run(sweep, runs)) is not None:
        run.state = sweeps.RunState.running
        runs.append(run)
        config = {name: run.config[name]["value"] for name in parameters}
        configs.append(config)
        loss = OBJECTIVES[space](config)
        run.summary_metrics = {"loss": loss}
        run.history = [{"loss": loss}]
        run.state = sweeps.RunState.finished
    print(json.dumps({"configs": configs, "seconds": perf_counter() - begun}, default=float))


if __name__ == "__main__":
    main()
