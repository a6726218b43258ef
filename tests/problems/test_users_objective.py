"""A user's plain function as a problem: what it may take and give, and what is said of one that cannot be used."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from problems.base import Evaluation
from problems.registry import ProblemEntry, problem_entry
from problems.testing import (
    check_config_unchanged,
    check_costs,
    check_evaluations,
    check_frozen,
    check_looks_are_declared,
    check_repeatable,
    check_space,
)

CODE = """
import numpy as np

class Tensor:
    def __float__(self):
        return 0.25

def plain(config): return config["x"]
def small(config): return np.float32(0.25)
def tensor(config): return Tensor()
def seeded(config, seed): return config["x"] + seed
def drawn(config, *, rng): return config["x"] + rng.normal()
def mapped(config): return {"value": 1, "test": 2.0, "train": 0.5}
def learns(config, rng):
    for epoch in range(4):
        yield {"value": 1 / (epoch + 1) + rng.random(), "test": 2.0, "done": (epoch + 1) / 4}
def stops_early(config):
    yield {"value": 3.0, "done": 0.25}
    yield {"value": 2.0, "done": 0.5}
def without_shares(config): yield from (3.0, 2.0, 1.0)
def none(config): pass
def text(config): return "0.5"
def truth(config): return True
def typo(config): return {"vlaue": 1.0}
def no_value(config): return {"test": 1.0}
def falls(config): yield from ({"value": 1.0, "done": 0.5}, {"value": 1.0, "done": 0.5})
def too_far(config): yield {"value": 1.0, "done": 1.5}
def yields_nothing(config): yield from ()
def greedy(config, budget): return 1.0
constant = 3
"""
SPACE = '[x]\ntype = "float"\nlow = 0\nhigh = 1\ndefault = 0.5\n'

Entries = Callable[[str], ProblemEntry]


@pytest.fixture
def entry(tmp_path: Path) -> Entries:
    (tmp_path / "mine.py").write_text(CODE)
    (tmp_path / "space.toml").write_text(SPACE)
    return lambda name: problem_entry(f"{tmp_path}/mine.py:{name}@{tmp_path}/space.toml")


def observed(entry: ProblemEntry, seed: int = 0) -> list[Evaluation]:
    problem = entry.make(1, 0, np.random.default_rng(0))
    return list(problem.observe({"x": 0.5}, np.random.default_rng(seed)))


@pytest.mark.parametrize(
    "check",
    [
        check_space, check_evaluations, check_repeatable, check_config_unchanged, check_frozen, check_costs,
        check_looks_are_declared,
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["plain", "seeded", "drawn", "mapped", "learns", "stops_early", "without_shares"])
def test_it_keeps_the_contract_of_a_problem(entry: Entries, name: str, check: Callable[[ProblemEntry, int], None]):
    check(entry(name), 1)


def test_a_score_is_any_number_or_a_mapping(entry: Entries):
    assert observed(entry("plain")) == [Evaluation(0.5)]
    assert observed(entry("small")) == observed(entry("tensor")) == [Evaluation(0.25)]
    assert observed(entry("mapped")) == [Evaluation(1.0, test_value=2.0, train_value=0.5)]


def test_randomness_is_that_of_the_trial(entry: Entries):
    for name in ("seeded", "drawn", "learns"):
        first, again, other = (observed(entry(name), seed) for seed in (0, 0, 1))
        assert first == again != other


def test_looks_are_the_scores_that_say_how_far_they_are(entry: Entries):
    assert [look.cost for look in observed(entry("learns"))] == [0.25] * 4
    early = observed(entry("stops_early"))
    assert [(look.value, look.cost) for look in early] == [(3.0, 0.25), (2.0, 0.25), (2.0, 0.5)]
    assert observed(entry("without_shares")) == [Evaluation(1.0)]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("none", "None.*return missing"),
        ("text", "'0.5'"),
        ("truth", "True"),
        ("typo", "'vlaue'.*value, test, train, done"),
        ("no_value", "needs 'value'"),
        ("falls", "0.5 after 0.5"),
        ("too_far", "1.5"),
        ("yields_nothing", "yielded nothing"),
    ],
)
def test_what_is_no_score_fails_its_trial_with_the_reason(entry: Entries, name: str, says: str):
    with pytest.raises(ValueError, match=says):
        observed(entry(name))


@pytest.mark.parametrize(
    ("name", "says"),
    [("greedy", r"greedy\(config, budget\).*'budget'"), ("constant", "cannot be called"), ("nowhere", "'nowhere'")],
)
def test_what_cannot_be_called_is_refused_before_anything_runs(entry: Entries, name: str, says: str):
    with pytest.raises(KeyError, match=says):
        entry(name)


def test_its_identity_is_that_of_both_files(entry: Entries, tmp_path: Path):
    before = entry("plain").fingerprint
    (tmp_path / "space.toml").write_text(SPACE + "# another comment\n")
    other_space = entry("plain").fingerprint
    (tmp_path / "mine.py").write_text(CODE + "# another comment\n")
    assert len({before, other_space, entry("plain").fingerprint}) == 3
