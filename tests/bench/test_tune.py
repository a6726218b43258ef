"""Our strategies as a search algorithm of Ray Tune: in a real `Tuner.fit()`, and what a `Tuner` would do by hand."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ray import tune
from ray.tune.search import Searcher

from bench.tune import SearchBenchSearcher, parameter
from problems.space import Categorical, Float, Int
from tests.bench.conftest import environment

(EXAMPLE,) = re.findall(
    r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs" / "ray-tune.md").read_text(encoding="utf-8"), re.DOTALL
)
ON_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "0"}
START = """
import ray
ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")  # no test's beside
"""
END = """
import json
print("RESULT", json.dumps([len(results), results.num_errors, results.get_best_result().metrics["loss"],
                            results.get_best_result().config]))
"""
SPACE = {"x": tune.uniform(-5, 5), "n": tune.randint(1, 9), "kind": tune.choice(["a", "b"]), "constant": 7}


def made(strategy: str = "random", mode: str = "min", budget: int = 8) -> SearchBenchSearcher:
    searcher = SearchBenchSearcher(strategy, budget=budget, seed=3)
    assert searcher.set_search_properties("loss", mode, SPACE)
    return searcher


def test_the_example_of_the_documentation_in_a_real_tuner(tmp_path: Path):
    code = START + EXAMPLE + END
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        env=environment(**ON_LOOPBACK, HOME=str(tmp_path)),
    )  # fmt: skip
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")] or [done.stderr]
    count, errors, loss, config = json.loads(line.removeprefix("RESULT "))
    assert (count, errors) == (12, 0)
    assert config["epochs"] == 3
    assert loss < 1


def test_domains():
    assert parameter("x", tune.uniform(-1, 2)) == Float("x", -1, 2)
    assert parameter("x", tune.loguniform(1e-3, 1)) == Float("x", 1e-3, 1, log=True)
    assert parameter("x", tune.randint(1, 5)) == Int("x", 1, 4)
    assert parameter("x", tune.lograndint(1, 65)) == Int("x", 1, 64, log=True)
    assert parameter("x", tune.choice(["a", 1])) == Categorical("x", ("a", 1))
    for unknown in (tune.randn(0, 1), tune.quniform(0, 1, 0.1), tune.sample_from(lambda spec: 1)):
        with pytest.raises(ValueError, match="knows uniform, loguniform"):
            parameter("x", unknown)


def test_a_maximised_metric_is_turned_over_and_failures_are_told_as_such():
    told = []
    searcher = made(mode="max")
    searcher._strategy.tell = lambda proposal, value: told.append((proposal.id, value))  # type: ignore
    for number in range(4):
        assert searcher.suggest(str(number))["constant"] == 7
    searcher.on_trial_complete("1", {"loss": 0.25})
    searcher.on_trial_complete("0", None, error=True)
    searcher.on_trial_complete("3", {"loss": float("nan")})
    searcher.on_trial_complete("2", {})
    searcher.on_trial_complete("unknown", {"loss": 1.0})
    assert told == [(1, -0.25), (0, None), (3, None), (2, None)]


def test_a_restored_search_goes_on_as_if_nothing_had_happened(tmp_path: Path):
    first, second = made("gp"), made("gp")
    for number in range(6):
        config = first.suggest(str(number))
        first.on_trial_complete(str(number), {"loss": config["x"] ** 2})
    first.save(str(tmp_path / "state"))
    second.restore(str(tmp_path / "state"))
    assert [first.suggest(str(n)) for n in (6, 7)] == [second.suggest(str(n)) for n in (6, 7)]


def test_an_exhausted_strategy_ends_the_search():
    searcher = SearchBenchSearcher("grid", budget=4)
    searcher.set_search_properties("loss", "min", {"kind": tune.choice(["a", "b"])})
    assert {searcher.suggest(str(n))["kind"] for n in range(2)} == {"a", "b"}
    assert searcher.suggest("2") == Searcher.FINISHED
    assert not searcher.set_search_properties("loss", "min", SPACE)


def test_what_cannot_be_used_is_said():
    with pytest.raises(KeyError, match="did you mean"):
        SearchBenchSearcher("randon", budget=3)
    with pytest.raises(ValueError, match="flat"):
        SearchBenchSearcher(budget=3).set_search_properties("loss", "min", {"model": {"x": tune.uniform(0, 1)}})
    with pytest.raises(RuntimeError, match="param_space"):
        SearchBenchSearcher(budget=3).suggest("0")
