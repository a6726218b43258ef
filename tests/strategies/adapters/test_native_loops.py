"""Every adapter finds exactly the trials that its library's own loop finds with the same seed."""

import numpy as np
import pytest

from problems.space import Config
from strategies.registry import strategies
from strategies.testing import search
from tests.strategies.adapters.native.loops import LOOPS
from tests.strategies.adapters.native.spaces import SPACES, Recorded

SOMEBODY_ELSES = {
    name for name, entry in strategies().items() if not entry.needs.broken and entry.factory.count(".adapters.")
}


def both(name: str, failing: int = 0) -> tuple[list[Config], list[Config]]:
    """The configs of the adapter and those of the loop; every `failing`-th trial fails."""
    entry, loop = strategies()[name], LOOPS[name]
    if missing := entry.needs.missing():
        pytest.skip(missing)
    ours, theirs = (Recorded(loop.space, failing=failing) for _ in range(2))
    strategy = entry.make(SPACES[loop.space], budget=loop.trials, rng=np.random.default_rng(5))
    configs = search(strategy, lambda space, number, config: ours(config), trials=loop.trials)
    strategy.close()
    loop.load()(name, loop.space, theirs, trials=loop.trials, rng=np.random.default_rng(5))
    return configs, theirs.configs


def test_every_adapter_has_its_librarys_loop():
    assert set(LOOPS) == SOMEBODY_ELSES


@pytest.mark.filterwarnings("ignore:QMCSampler is experimental")
@pytest.mark.parametrize("name", LOOPS)
def test_the_same_trials(name: str):
    configs, native = both(name)
    assert configs == native
    assert len(configs) >= LOOPS[name].trials * (0.6 if name.endswith("-grid") else 1)  # a grid has fewer points


@pytest.mark.parametrize("name", [name for name, loop in LOOPS.items() if loop.may_fail])
def test_the_same_trials_where_some_fail(name: str):
    configs, native = both(name, failing=4)
    assert configs == native
