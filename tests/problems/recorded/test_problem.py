"""A recording as a problem: `recorded:FILE`, where it says what its trials say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from problems.base import Problem
from problems.recorded.judging import judged
from problems.recorded.recording import Recording
from problems.recorded.storage import write
from problems.recorded.surrogates import KINDS
from problems.registry import problem_entry
from problems.testing import CHECKS
from tests.problems.recorded.made import SPACE, recording, trial_of

RNG = np.random.default_rng


@pytest.fixture(scope="module", params=list(KINDS))
def name(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if missing := KINDS[request.param].needs.missing():
        pytest.skip(missing)
    path = tmp_path_factory.mktemp("recorded") / "made.parquet"
    write(judged(recording(150), [KINDS[request.param]]), path)
    return f"recorded:{path}"


def made(name: str) -> Problem:
    return problem_entry(name).make(3, 0, RNG(0))


def at(path: Path, content: Recording) -> Problem:
    write(content, path)
    return made(f"recorded:{path}")


def test_it_keeps_the_contract(name: str):
    for check in CHECKS:
        check(problem_entry(name), 3)


def test_the_entry_says_what_is_in_the_file(name: str):
    entry = problem_entry(name)
    assert (entry.min_dim, entry.max_dim, entry.looks, entry.one_instance) == (3, 3, True, True)
    assert "made, recorded: 150 random trials" in entry.summary
    assert entry.fingerprint.startswith("made.parquet ")
    assert entry.refusal(2)
    assert made(name).space == SPACE


def test_another_content_is_another_fingerprint(name: str, tmp_path: Path):
    at(tmp_path / "made.parquet", recording(60, seed=1))
    one = problem_entry(f"recorded:{tmp_path}/made.parquet").fingerprint
    at(tmp_path / "made.parquet", recording(60, seed=2))
    assert one != problem_entry(f"recorded:{tmp_path}/made.parquet").fingerprint


def test_a_trial_has_as_many_looks_as_its_epochs(name: str):
    problem = made(name)
    for epochs in range(2, 7):
        looks = list(problem.observe({"rate": 0.01, "epochs": epochs, "kind": 1}, RNG(0)))
        assert [look.cost for look in looks] == [1 / epochs] * epochs
        assert looks[0].value > looks[-1].value
        assert looks[-1].test_value == pytest.approx(looks[-1].value + 0.5, abs=0.3)


def test_where_trials_failed_a_trial_fails_as_the_nearest_did(name: str):
    looks = list(made(name).observe({"rate": 0.9, "epochs": 4, "kind": None}, RNG(0)))
    assert looks[0].value == 5.0
    assert np.isnan(looks[-1].value)
    assert sum(look.cost for look in looks) <= 1.0


def test_long_trials_take_long(name: str):
    problem = made(name)
    config = {"rate": 0.01, "kind": 1}
    short, long = (problem.duration({**config, "epochs": epochs}, RNG(0)) for epochs in (2, 6))
    assert long > 2 * short


def test_the_table_itself_is_recalled_exactly(tmp_path: Path):
    problem = at(tmp_path / "made.parquet", recording(100))
    rng = RNG(0)
    for _ in range(20):
        trial = trial_of(SPACE.sample(rng))  # the first of those that were recorded
        if trial.status == "ok":
            looks = list(problem.observe(trial.config, RNG(0)))
            assert [look.value for look in looks] == pytest.approx(list(trial.looks), abs=0.05)
            assert looks[-1].value == trial.value


def test_without_looks_or_seconds_it_is_a_plain_problem(tmp_path: Path):
    plain = tuple(trial._replace(looks=(), seconds=None, test_value=None) for trial in recording(60).trials)
    problem = at(tmp_path / "made.parquet", replace(recording(60), trials=plain))
    config = {"rate": 0.01, "epochs": 4, "kind": None}
    (look,) = problem.observe(config, RNG(0))
    assert (look.cost, look.test_value) == (1.0, None)
    assert problem.duration(config, RNG(0)) != problem.duration(config, RNG(1))
    assert not problem_entry(f"recorded:{tmp_path}/made.parquet").looks


@pytest.mark.parametrize("name", ["recorded:", "recorded:nothing.parquet", f"recorded:{Path(__file__).parent}"])
def test_what_cannot_be_used_is_an_unknown_problem(name: str):
    with pytest.raises(KeyError, match="recorded:"):
        problem_entry(name)
