"""`tune`: the stages do what they say, go on where they were cut off, and the verdict keeps its error rate."""

import json
import math
import multiprocessing
import os
import re
import signal
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.errors import UsageError
from bench.experiment import Silent, load_experiment
from bench.report.tuning_page import as_toml, best_config, write_tuning
from bench.tuning.design import Design, Request, make_design, shares_of
from bench.tuning.outcome import Scored, estimate, outcome_of, verdict
from bench.tuning.stages import Place
from bench.tuning.trials import SEARCH, trials_of
from bench.tuning.workflow import Tuning, tune
from problems.space import Categorical, Float, Int, SearchSpace
from problems.users_objective import UsersObjective
from tests.bench.conftest import ROOT, Bench, lost
from tests.faults import befell

# A bowl over the learning rate's logarithm, and a step of n; every call leaves a line.
CODE = """
import json, math, os, signal
from pathlib import Path

def score(config, rng):
    with open("calls", "a") as calls:
        calls.write(json.dumps(config) + "\\n")
    if Path("kill").exists() and len(Path("calls").read_text().splitlines()) == 20:
        os.kill(os.getpid(), signal.SIGKILL)
    return math.log10(config["learning_rate"] / 0.1) ** 2 + 0.3 * abs(config["n"] - 3) + 0.05 * rng.normal()

def plain(config, rng):
    return score(config, rng)

def curve(config, rng):
    last = score(config, rng)
    if config["learning_rate"] > 0.5:
        raise ValueError("diverged")
    for epoch in range(9):
        value = last + (8 - epoch) / 4
        yield {"value": value, "test": value + 0.5, "train": value - 0.1, "done": (epoch + 1) / 9}

def fails(config):
    raise RuntimeError("no such device")
"""
SPACE = """
[learning_rate]
type = "float"
low = 1e-4
high = 1.0
log = true
default = 0.001
[n]
type = "int"
low = 1
high = 9
default = 6
"""


@pytest.fixture
def design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Design]:
    monkeypatch.chdir(tmp_path)
    # a name of its own: a module is loaded once per process
    file = f"mine_{tmp_path.parent.name.replace('-', '_')}_{tmp_path.name}.py"
    Path(file).write_text(CODE)
    Path("space.toml").write_text(SPACE)

    def make(function: str = "plain", trials: int = 30, **other: Any) -> Design:
        asked = {"strategy": "gp", "pruner": "asha", "first": None, "repeats": None, **other}
        return make_design(Request(objective=f"{file}:{function}", space="space.toml", trials=trials, **asked))

    return make


def carry_out(design: Design, said: list[str] | None = None) -> Tuning:
    """In this process, in ./tuned."""
    place = Place(Path("tuned"), {"executor": "serial"}, Silent())
    return tune(design, place, (said if said is not None else []).append)


def calls() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("calls").read_text().splitlines()]


def test_stages_search_what_they_say_and_the_winner_is_better(design: Callable[..., Design]):
    asked, said = design(), list[str]()
    tuning = carry_out(asked, said)
    trials, shares = tuning.trials, asked.shares
    counts = trials.groupby("stage").size().to_dict()
    assert counts == {
        "1-defaults": shares.defaults, "2-first": shares.first, "3-all": shares.rest, "4-confirm": 2 * shares.repeats
    }  # fmt: skip
    assert len(calls()) == shares.total == 30
    alone = list(trials.loc[trials["stage"] == "2-first", "config"])
    assert {config["n"] for config in alone} == {6}
    assert len({config["learning_rate"] for config in alone}) == shares.first
    assert len({config["n"] for config in trials.loc[trials["stage"] == "3-all", "config"]}) > 1
    again = trials[trials["stage"] == "4-confirm"]
    assert set(again["seed"]).isdisjoint(trials.loc[trials["stage"] != "4-confirm", "seed"])
    validation = tuning.outcome.scores[0]
    assert validation.gain.low > 0
    assert validation.winner.mean < 0.5 < 4 < validation.defaults.mean
    assert "lower than your defaults" in tuning.outcome.verdict
    assert any("learning_rate alone" in line for line in said)


def test_what_it_leaves_can_be_read_and_pasted(design: Callable[..., Design]):
    tuning = carry_out(design("curve", trials=20))
    page = write_tuning(tuning)
    text = page.read_text()
    failed = (tuning.trials["status"] == "failed").sum()
    assert failed > 0
    assert f"{failed} of {len(tuning.trials)} trials failed" in text
    assert "ValueError: diverged" in text
    for warning in tuning.outcome.warnings:
        assert warning.split(":")[0] in text
    for name in ("best.toml", "best.json"):
        read = tomllib.loads if name.endswith("toml") else json.loads
        assert read(Path("tuned", name).read_text()) == best_config(tuning) == tuning.outcome.winner
    table = pd.read_csv("tuned/trials.csv")
    assert table["number"].tolist() == list(range(1, len(table) + 1))
    assert {"learning_rate", "n", "value", "test_value", "train_value"} <= set(table)
    names = {path.name for path in Path("tuned/figures").iterdir()}
    assert names == {f"{name}.{kind}" for name in ("history", "comparison", "parameters") for kind in ("png", "svg")}
    assert [score.score for score in tuning.outcome.scores] == ["validation", "test", "training"]


def test_trials_are_stopped_early_where_they_show_looks_and_nowhere_else(design: Callable[..., Design]):
    said = list[str]()
    trials = carry_out(design("curve", trials=36), said).trials
    stopped = trials[trials["status"] == "pruned"]
    assert len(stopped) > 0
    assert set(stopped["who"]) == {SEARCH}
    assert trials.loc[trials["who"] == SEARCH, "cost"].sum() <= design(trials=36).shares.total
    assert not any("no early stopping" in line for line in said)


def test_without_looks_it_says_that_nothing_can_be_stopped(design: Callable[..., Design]):
    said = list[str]()
    assert (carry_out(design(trials=16, first="none"), said).trials["status"] == "ok").all()
    assert any("no early stopping" in line for line in said)
    assert any("stage 2 of 4: skipped, --first none" in line for line in said)


def killed(design: Design) -> None:
    os.setsid()
    carry_out(design)


def test_a_tuning_that_was_killed_goes_on_and_repeats_no_stored_trial(design: Callable[..., Design]):
    asked = design()
    Path("kill").touch()
    process = multiprocessing.get_context("fork").Process(target=killed, args=(asked,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    Path("kill").unlink()
    before = stored()
    assert len(before) >= asked.shares.defaults + asked.shares.first  # whole stages at least
    begun = len(calls())
    tuning = carry_out(asked)
    kept = lost(before.drop(columns="config"), stored().drop(columns="config"))
    befell("kill -9 of a tuning", lost=kept)
    assert len(calls()) - begun == asked.shares.total - len(before)
    once = carry_out(asked)
    assert len(calls()) - begun == asked.shares.total - len(before)
    assert once.outcome == tuning.outcome


def stored() -> pd.DataFrame:
    return trials_of({path.parent.name: load_experiment(path.parent) for path in sorted(Path("tuned").glob("*/*.db"))})


def test_another_tuning_in_its_folder_is_refused(design: Callable[..., Design]):
    carry_out(design(trials=16))
    with pytest.raises(UsageError, match=r"another tuning.*trials.*another --name"):
        carry_out(design(trials=17))
    Path("space.toml").write_text(SPACE.replace("0.001", "0.002"))
    with pytest.raises(UsageError, match=r"another tuning.*code and space file"):
        carry_out(design(trials=16))


def test_a_failure_at_the_defaults_is_one_line_and_leaves_the_traceback_alone(design: Callable[..., Design]):
    with pytest.raises(UsageError, match=r"fails at its defaults: RuntimeError: no such device \(at .*, line 24\)"):
        carry_out(design("fails"))
    assert [path.name for path in Path("tuned").iterdir()] == ["traceback.txt"]
    assert "Traceback (most recent call last)" in Path("tuned/traceback.txt").read_text()
    carry_out(design("plain", trials=16))
    assert not Path("tuned/traceback.txt").exists()


def made_up(space: SearchSpace, value: Any, **more: Any) -> tuple[Design, pd.DataFrame]:
    """A design, and its confirming trials with scores (2, n) of defaults and winner."""
    defaults = {parameter.name: parameter.from_unit(0.5) for parameter in space}
    problem = UsersObjective(name="p", instance=0, space=space, source="", function="f", defaults=defaults)
    scores = {"value": value, "test_value": np.full_like(value, np.nan), "train_value": np.full_like(value, np.nan)}
    rows = [
        {"stage": "4-confirm", "who": who, "seed": seed, "status": "ok", "error": None, "number": seed, "config": {},
         **{name: table[place, seed] for name, table in (scores | more).items()}}
        for place, who in enumerate(("defaults", "winner"))
        for seed in range(np.shape(value)[1])
    ]  # fmt: skip
    return Design(problem, "", "gp", "none", None, "", shares_of(50, None, False)), pd.DataFrame(rows)


ONE = SearchSpace((Float("x", 0, 1),))


def warnings_of(value: Any, config: Any = None, space: SearchSpace = ONE, **more: Any) -> str:
    asked, trials = made_up(space, np.array(value), **{name: np.array(table) for name, table in more.items()})
    return "\n".join(outcome_of(asked, trials, config or {"x": 0.5}, 0.0).warnings)


def test_where_nothing_is_gained_it_says_better_in_one_of_forty_cases():
    """Two-sided 5 %: of 1000 comparisons of equals 25 are called better; beyond 10 to 45 with p < 0.001."""
    rng = np.random.default_rng(0)

    def says(values: Any) -> str:
        defaults, winner, gain = (estimate(pd.Series(row)) for row in (*values, values[0] - values[1]))
        return verdict(Scored("validation", defaults, winner, gain))

    better = sum("lower than your defaults" in says(rng.normal(size=(2, 5))) for _ in range(1000))
    assert 10 <= better <= 45


def test_a_gain_that_the_test_score_does_not_show_is_warned_of():
    value = [[1.0, 1.1, 0.9], [0.5, 0.62, 0.39]]
    assert "not seen on the test score" in warnings_of(value, test_value=[[1.0, 1.1, 0.9], [1.05, 1.0, 0.95]])
    assert "not seen" not in warnings_of(value, test_value=value)
    assert "not seen" not in warnings_of(value)


def test_gaps_are_warned_of_where_they_are_wide():
    value = [[1.0, 1.1, 0.9], [0.5, 0.62, 0.39]]
    wide = [[1.0, 1.1, 0.9], [0.9, 1.0, 0.8]]
    narrow = [[1.0, 1.1, 0.9], [0.51, 0.63, 0.41]]
    assert "validation gap is wide" in warnings_of(value, test_value=wide)
    assert "validation gap is wide" not in warnings_of(value, test_value=narrow)
    assert "training gap is wide" in warnings_of(value, train_value=[[0.9, 1.0, 0.8], [0.01, 0.02, 0.01]])
    assert "training gap is wide" not in warnings_of(value, train_value=[[0.9, 1.0, 0.8], [0.45, 0.55, 0.35]])


def test_the_end_of_a_range_is_warned_of_on_its_scale():
    space = SearchSpace((Float("lr", 1e-5, 1, log=True), Int("n", 1, 100), Int("two", 0, 1), Categorical("k", ("a",))))
    value = [[1.0, 1.1], [0.5, 0.7]]

    def at(lr: float, n: int) -> str:
        return warnings_of(value, {"lr": lr, "n": n, "two": 0, "k": "a"}, space)

    assert at(1e-3, 50) == ""
    assert "lr = 1.1e-05 of the winner lies at the lower end of [1e-05, 1]" in at(1.1e-5, 50)
    assert "lr = 0.9 of the winner lies at the upper end" in at(0.9, 50)
    assert "n = 100 of the winner lies at the upper end" in at(1e-3, 100)


def test_repeats_that_are_all_alike_say_nothing_of_other_seeds():
    assert "Every repeat gave the same score" in warnings_of([[1.0, 1.0], [0.5, 0.5]])
    assert "Every repeat" not in warnings_of([[1.0, 1.1], [0.5, 0.5]])


def test_the_budget_is_spent_to_the_last_trial_or_refused():
    for trials in range(13, 400):
        for has_first in (True, False):
            shares = shares_of(trials, None, has_first)
            assert shares.total == trials
            assert shares.rest >= 1
            assert (shares.first >= 2) == has_first
    with pytest.raises(UsageError, match="13 or more"):
        shares_of(12, None, True)
    assert shares_of(12, 2, True).repeats == 2


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1),
        st.booleans()
        | st.integers(-(2**60), 2**60)
        | st.floats(allow_nan=False)
        | st.text(st.characters(codec="utf-8")),
    )
)
def test_a_config_is_written_as_toml_that_says_the_same(config: dict[str, Any]):
    read = tomllib.loads(as_toml(config))
    assert [(type(value), value) for value in read.values()] == [(type(value), value) for value in config.values()]
    assert list(read) == list(config)


def test_the_shipped_example_trains_and_shows_what_can_be_shown():
    example = ROOT / "docs" / "examples" / "tune_digits"
    asked = make_design(Request(f"{example}.py:train", f"{example}.toml", 50, "gp", "asha", None, None))
    assert asked.first == "learning_rate"
    looks = list(asked.problem.observe(asked.problem.defaults, np.random.default_rng(0)))
    assert math.isclose(sum(look.cost for look in looks), 1.0)
    assert all(isinstance(score, float) for look in looks for score in (look.value, look.test_value, look.train_value))
    assert looks[-1].value < looks[0].value


def test_the_command_prints_toml(bench: Bench, tmp_path: Path):
    (tmp_path / "mine.py").write_text(CODE)
    (tmp_path / "space.toml").write_text(SPACE)
    done = bench(
        "tune", "mine.py:curve", "--space=space.toml", "--trials=11", "--repeats=2", "--name=tuned", "--jobs=1"
    )
    assert done.returncode == 0, done.stderr
    assert set(tomllib.loads(done.stdout)) == {"learning_rate", "n"}
    assert "# Report: results/tuned/report.html" in done.stdout
    assert "stage 3 of 4: all 2 parameters by gp" in done.stderr


def test_bad_wishes_are_refused_before_anything_is_written(design: Callable[..., Design]):
    before = written()
    for wish, says in (
        ({"first": "lr"}, "--first must be a parameter of the space (learning_rate, n) or none, got 'lr'"),
        ({"strategy": "cmaes"}, "--strategy cmaes cannot go on from trials"),
        ({"strategy": "gpp"}, "did you mean gp"),
        ({"pruner": "ash"}, "did you mean asha"),
        ({"trials": 9}, "--trials 9 leaves 0 for the search"),
        ({"function": "nowhere"}, "no 'nowhere'"),
    ):
        with pytest.raises(UsageError, match=re.escape(says)):
            design(**wish)
    assert written() == before


def written() -> set[Path]:
    """What lies here, but for what Python compiles."""
    return {path for path in Path().iterdir() if path.name != "__pycache__"}
