"""The registry: near misses, missing packages, and nothing imported before it is needed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from problems.entries import Needs, find
from strategies.base import Strategy
from strategies.registry import TABLE, StrategyEntry, strategies, strategy_entry
from strategies.testing import SPACES

ROOT = Path(__file__).parents[1]
LIBRARIES = (
    "skopt",
    "sklearn",
    "hyperopt",
    "optuna",
    "cmaes",
    "smac",
    "torch",
    "botorch",
    "ax",
    "scipy",
    "pandas",
    "matplotlib",
)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("optuna_tpe", "optuna-tpe"), ("radnom", "random"), ("skopt", "skopt-gp"), ("sobl", "sobol")],
)
def test_an_unknown_name_suggests_the_nearest(name, nearest):
    with pytest.raises(KeyError, match=f"unknown strategy '{name}'; did you mean .*{nearest}"):
        strategy_entry(name)


def test_a_name_near_nothing_lists_what_there_is():
    with pytest.raises(KeyError, match="unknown pruner 'zzz'; known: one, two"):
        find({"one": 1, "two": 2}, "zzz", "pruner")


def test_a_missing_package_gives_the_line_that_installs_it():
    needs = Needs("extra", ("no_such_package_here", "numpy"), "no-such-distribution-here")
    assert needs.missing() == (
        'needs no_such_package_here; install with: pip install "search-bench[extra]" -c constraints.txt'
    )
    assert needs.version() is None


def test_an_installed_package_gives_its_version():
    assert Needs("dev", ("numpy",), "numpy").missing() is None
    assert Needs("dev", ("numpy",), "numpy").version() == f"numpy {np.__version__}"


def test_names_are_distinct_and_summaries_short():
    assert len({entry.name for entry in TABLE}) == len(TABLE)
    assert all(0 < len(entry.summary) < 60 for entry in TABLE)


@pytest.mark.parametrize("name", strategies())
def test_every_entry_leads_to_a_strategy_that_names_its_source(name):
    entry = strategy_entry(name)
    if missing := entry.needs.missing():
        pytest.skip(missing)
    strategy_class = entry.load()
    assert issubclass(strategy_class, Strategy)
    assert strategy_class.reference
    assert all(argument and why for argument, why in strategy_class.deviations.items())
    assert entry.refusal(10) is None


def test_a_dimension_out_of_range_is_refused_with_a_reason():
    entry = StrategyEntry("x", "m:X", "", min_dim=2, max_dim=4)
    assert entry.refusal(1) == "x needs dimension 2 or more"
    assert entry.refusal(5) == "x goes no further than dimension 4"
    assert entry.refusal(2) is None
    assert entry.refusal(4) is None


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Installs a package with such entry points, and says where."""

    def install(entry_points: str) -> Path:
        info = tmp_path / "theirs-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[search_bench.strategies]\n{entry_points}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        strategies.cache_clear()
        return tmp_path

    yield install
    strategies.cache_clear()


def test_a_plugin_is_a_strategy_like_others(installed: Callable[[str], Path]):
    installed("mine = strategies.random_search:RandomSearch")
    entry = strategy_entry("mine")
    assert entry.version() == "theirs 1.2"
    made = entry.make(SPACES["mixed"], budget=1, rng=np.random.default_rng(1))
    made.space.validate(made.ask().config)


@pytest.mark.parametrize("name", ["random", "", "a,b", "all"])
def test_a_plugin_takes_no_name_of_ours_nor_one_that_cannot_be_given(installed: Callable[[str], Path], name: str):
    before = dict(strategies())
    installed(f"{name} = strategies.quasirandom_search:SobolSearch")
    added = [entry for key, entry in strategies().items() if before.get(key) != entry]
    assert [entry.name for entry in added] == ["strategies.quasirandom_search:SobolSearch"]
    assert repr(name) in added[0].summary


def test_a_broken_package_is_named_in_one_line(installed: Callable[[str], Path]):
    place = installed("no equals sign")
    done = subprocess.run(
        [sys.executable, "-m", "bench", "list"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"error: the entry points of theirs in {place} cannot be read (TypeError); "
        "install that package again, or remove it\n"
    )


def test_listing_the_strategies_imports_no_library():
    code = f"""
import sys
from strategies.registry import strategies
assert len(strategies()) > 10
[entry.needs.missing() for entry in strategies().values()]
print([name for name in {LIBRARIES!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
