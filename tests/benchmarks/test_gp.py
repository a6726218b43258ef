"""What a proposal of `gp` costs by itself, refits included; beside its peers: `scripts/compare_gp_peers.py`."""

from typing import Any

import pytest

from bench.evaluate import evaluate
from bench.records import RunKey
from bench.run import make_problem, make_strategy
from bench.seeding import rng_for
from bench.threads import one_thread
from tests.benchmarks.conftest import TRIALS

NEXT = 20  # trials that are timed: at least one of them learns the model anew


@pytest.mark.parametrize("trial", [100, 200, 500])
@pytest.mark.parametrize("dim", [2, 5, 10])
def test_gp(benchmark: Any, dim: int, trial: int):
    """Goals: 10, 20 and 100 ms per trial."""
    key = RunKey("rosenbrock", dim, 0, "gp", 0, trial)
    problem = make_problem(key)
    strategy = make_strategy(key, problem)

    def search(trials: int) -> None:
        for _ in range(trials):
            proposal = strategy.ask()
            strategy.tell(proposal, evaluate(problem, proposal.config, rng_for(0)).value)

    with one_thread():
        search(trial - NEXT)
        benchmark.extra_info[TRIALS] = NEXT
        benchmark.pedantic(search, args=(NEXT,), rounds=1)
