"""What our adapters add to the libraries' own loops, in turn in one run (docs/adapter-overhead.md)."""

import cProfile
import gc
import pstats
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pytest

from bench.evaluate import evaluate
from bench.threads import one_thread
from problems.registry import problems
from strategies.base import Exhausted, Strategy
from strategies.registry import strategies
from tests.benchmarks.conftest import CALLS, NATIVE_S, PROBLEM, TRIALS
from tests.strategies.adapters.native.loops import LOOPS
from tests.strategies.adapters.native.spaces import SPACES, Recorded

BOX = SPACES["box"]
CHEAP, DEAR = (60, 21), (25, 3)  # trials, rounds
EFFORT = dict.fromkeys(("skopt-gp", "skopt-forest", "botorch", "ax", "smac", "optuna-gp", "ray-bayesopt"), DEAR)
EFFORT |= {"scipy-de": (600, 21)}  # its first 75 are one population, drawn at once: nothing is searched before
EFFORT |= {"optuna-grid": (32, 21), "wandb-grid": (32, 5), "wandb-bayes": (60, 5), "wandb-random": (60, 5)}
# By a few hundredths of a millisecond. Nevergrad's own loop runs in an environment without torch.
SLOWER = ("scipy-de", "ray-random")
# Seconds of the processor, which other programs do not change; of the clock where another process works.
CLOCKS = {name: perf_counter if strategies()[name].needs.environment else process_time for name in LOOPS}


def search(strategy: Strategy, objective: Recorded, trials: int) -> None:
    """Ours, as the library's own loop."""
    for _ in range(trials):
        try:
            proposal = strategy.ask()
        except Exhausted:
            break
        strategy.tell(proposal, objective(proposal.config))


def calls_of(work: Callable[[], object]) -> int:
    """Calls of functions, Python's and C's, while `work` is done: what no other program on the machine changes."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


class Trained(Recorded):
    """A real training where the sphere was: `mlp-digits` in five dimensions, its box stretched over ours."""

    def __init__(self) -> None:
        super().__init__("box")
        self._problem = problems()["mlp-digits"].make(5, 0, np.random.default_rng(0))

    def __call__(self, config: dict[str, Any]) -> float | None:
        super().__call__(config)
        trained = self._problem.space.from_unit(BOX.to_unit(config))
        return evaluate(self._problem, trained, np.random.default_rng(0)).value


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.benchmark(timer=clock)) for name, clock in CLOCKS.items()]
)
def test_adapter(benchmark: Any, name: str):
    """Goal: 1.10 of the library's time. Construction is timed too, but for the start of a process; imports are not."""
    compare(benchmark, name, "sphere", lambda: Recorded("box"), *EFFORT.get(name, CHEAP))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.benchmark(timer=CLOCKS[name])) for name in SLOWER]
)
def test_adapter_on_a_training(benchmark: Any, name: str):
    """Goal: 1.10. Of those that may cost a tenth beside a sphere, beside what people tune."""
    compare(benchmark, name, "mlp-digits", Trained, 20, 3)


def compare(
    benchmark: Any, name: str, problem: str, objective: Callable[[], Recorded], trials: int, rounds: int
) -> None:
    """Time the library's loop and ours in turn, on the same objective; both must find the same trials."""
    entry, clock = strategies()[name], CLOCKS[name]
    if missing := entry.needs.missing():
        pytest.skip(missing)
    native, seconds, seed = LOOPS[name].load(), list[float](), 0
    theirs, ours = objective(), objective()

    def made() -> Strategy:
        return entry.make(BOX, budget=trials, rng=np.random.default_rng(seed))

    def their_loop() -> float | None:
        elsewhere: float | None = native(name, "box", theirs, trials=trials, rng=np.random.default_rng(seed))
        return elsewhere

    def library() -> tuple[tuple[Strategy | None], dict[str, Any]]:
        """The library's turn, before each of ours."""
        nonlocal seed
        seed += 1
        gc.collect()
        begun = clock()
        elsewhere = their_loop()
        seconds.append(elsewhere or clock() - begun)
        gc.collect()
        return (made() if entry.needs.environment else None,), {}

    def adapter(strategy: Strategy | None) -> None:
        strategy = strategy or made()
        search(strategy, ours, trials)
        if not entry.needs.environment:
            strategy.close()

    with one_thread():
        benchmark.pedantic(adapter, setup=library, rounds=rounds, warmup_rounds=1)
        if not entry.needs.environment:
            benchmark.extra_info[CALLS] = calls_of(lambda: adapter(None)) / calls_of(their_loop)
    assert ours.configs == theirs.configs
    benchmark.extra_info.update({PROBLEM: problem, TRIALS: trials, NATIVE_S: seconds[1:]})
