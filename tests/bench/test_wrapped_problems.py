"""Problems with wrappers in experiments: planned, run, stored, resumed and priced as any other."""

import json
from pathlib import Path

import pytest

from bench.commands.examining import kind_of_users
from bench.commands.list import wrapper_table
from bench.errors import UsageError
from bench.exchange.evaluations import bbob_function
from bench.experiment import load_experiment, run_experiment
from bench.plan import make_plan, resolve_spec
from bench.prices import PriceList, price
from bench.settings import check_settings
from problems.wrappers.table import WRAPPERS
from tests.bench.conftest import Bench, cut_off, without_times

NOISY, LEVELS = "ackley+noise=0.5", "ackley+discrete=4+permuted"


def test_an_experiment_with_wrappers_is_run_and_goes_on_trial_for_trial(tmp_path: Path):
    settings = {
        "problems": [NOISY, "ackley", LEVELS, "hartmann3+noise=0.1"], "dims": "2,3", "strategies": "random,gp",
        "trials": 8, "seeds": 2, "executor": "serial", "results": tmp_path,
    }  # fmt: skip
    whole = run_experiment(**settings, name="whole")
    assert set(whole.runs["status"]) == {"done"}
    trials = whole.trials.set_index("problem")
    assert (trials.loc["ackley", "value"] == trials.loc["ackley", "true_value"]).all()
    errors = trials.loc[NOISY, "value"] - trials.loc[NOISY, "true_value"]
    assert 0.35 < errors.std() < 0.65  # of 64 draws with 0.5: known to 9 %
    assert (trials["true_value"] >= trials["optimum"] - 1e-9).all()
    assert set(whole.skips["problem"] + "-" + whole.skips["dim"].astype(str)) == {"hartmann3+noise=0.1-2"}

    cut_off(tmp_path / "whole", 3)  # of the first run, which has noise
    again = run_experiment(**settings, name="whole")
    for left, right in zip(without_times(whole), without_times(again), strict=True):
        assert left.equals(right)


def test_a_problem_of_ones_own_is_wrapped_too(hostile: str, tmp_path: Path):
    names = [f"{hostile}:harmless+noise=1+discrete=3", f"{hostile}:returns_text+noise=1"]
    run_experiment(
        problems=names, dims="2", strategies="random", trials=6, seeds=1, executor="serial", results=tmp_path,
        name="mine",
    )  # fmt: skip
    trials = load_experiment(tmp_path / "mine").trials.set_index("problem")
    assert set(trials.loc[names[0], "status"]) == {"ok"}
    assert {value for text in trials.loc[names[0], "config"] for value in json.loads(text).values()} <= {1, 2, 3}
    assert set(trials.loc[names[1], "error"].dropna()) == {"the value is 'three', not a finite number"}


def test_its_kind_is_known_and_a_wrong_wrapper_around_it_is_named(hostile: str):
    assert kind_of_users(f"{hostile}:harmless+noise=1") == ("problem", "")
    assert "noise must look like" in kind_of_users(f"{hostile}:harmless+noise=x")[1]


@pytest.mark.parametrize("command", [("run", "--problems"), ("check",)])
def test_a_wrong_wrapper_is_one_line_and_nothing_is_written(bench: Bench, tmp_path: Path, command: tuple[str, ...]):
    done = bench(*command, "ackley+nose=1")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "unknown wrapper 'nose=1'; known: noise, discrete" in done.stderr
    assert not list(tmp_path.iterdir())


def planned(problem: str, dims: str):
    settings = {"problems": problem, "dims": dims, "strategies": "random", "trials": 10, "seeds": 1}
    return make_plan(resolve_spec(check_settings(settings)))


def test_parameters_without_effect_are_planned_from_those_with():
    plan = planned("hartmann3+embedded=3", "2..20")
    assert [(skip.dim, skip.reason) for skip in plan.skips] == [(2, "hartmann3+embedded=3 needs dimension 3 or more")]
    with pytest.raises(UsageError, match="branin goes no further than dimension 2"):
        planned("branin+embedded=3", "5")


def test_the_price_is_that_of_the_problem_inside():
    of_sphere = {("problem", "sphere"): {(2, 1): 0.1, (4, 1): 0.4}, ("setup", "sphere"): {(0, 0): 3.0}}
    prices = PriceList({("strategy", "random"): {(2, 1): 0.5}, **of_sphere})
    name = "sphere+embedded=2+log"
    plain, wrapped = (price(planned(*cell), 1, prices, 1.0) for cell in (("sphere", "2"), (name, "4")))
    assert wrapped.by_problem == {name: pytest.approx(plain.by_problem["sphere"])}
    assert (wrapped.seconds, wrapped.unknown) == (pytest.approx(plain.seconds), ())


def test_a_wrapped_function_of_cocos_is_none_of_its_suite():
    assert (bbob_function("bbob-f3"), bbob_function("bbob-f3+noise=1")) == (3, None)


def test_every_wrapper_is_listed():
    (forms, _) = wrapper_table(WRAPPERS.values()).columns
    assert [str(cell).partition("=")[0].split()[0].strip(",") for cell in forms.cells] == list(WRAPPERS)
