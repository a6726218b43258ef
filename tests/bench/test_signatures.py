"""An instance is known by its values: results of two problems under one name are never mixed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.database import connect_for_reading
from bench.environment import environment
from bench.errors import UsageError
from bench.experiment import load_experiment, run_experiment
from bench.merging import merge
from bench.records import Instance, RunKey
from bench.run import make_problem
from bench.signatures import difference, read, signature_of
from problems.registry import TABLE
from tests.bench.conftest import cut_off, tamper

SETTINGS = {"problems": "ackley", "dims": "2,3", "strategies": "random,sobol", "trials": 5, "seeds": 2, "name": "one"}
SHIFTED = "UPDATE experiment SET value = '[1.0, 2.0]' WHERE key = 'signature [\"ackley\", 2, 0]'"
SAYS = r"ackley-2d, instance 0.*: fixed configs gave 1, 2 and give \d"


def signatures(folder: Path) -> dict[Instance, tuple[float | None, ...]]:
    connection = connect_for_reading(folder)
    found = read(connection)
    connection.close()
    return found


@pytest.fixture
def one(tmp_path: Path) -> Path:
    run_experiment(SETTINGS, executor="serial", results=tmp_path)
    return tmp_path / "one"


def key(problem: str, dim: int, instance: int = 0) -> RunKey:
    return RunKey(problem, dim, instance, "random", instance, 5)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in TABLE if not (entry.only_by_name or entry.needs.missing() or "recorded" in entry.factory)],
    ids=lambda entry: entry.name,
)
def test_every_instance_has_one_of_its_own(entry):
    """But for a recording, which is one instance under every seed."""
    dim = max(entry.min_dim, 2)
    first, again, second = (
        signature_of(key(entry.name, dim, number), make_problem(key(entry.name, dim, number))) for number in (0, 0, 1)
    )
    assert first == again  # bit for bit, on this machine
    assert difference(first, second)
    assert None not in first


def test_an_experiment_keeps_those_of_all_its_instances_whoever_executes(one: Path):
    run_experiment({**SETTINGS, "name": "two"}, jobs=2, results=one.parent)
    assert signatures(one) == signatures(one.parent / "two")
    assert sorted(signatures(one)) == [Instance("ackley", dim, seed) for dim in (2, 3) for seed in (0, 1)]


@pytest.mark.parametrize("executor", ["serial", "local"])
def test_a_run_does_not_go_on_with_another_problem(one: Path, executor: str):
    cut_off(one, 3)
    tamper(one, SHIFTED)
    before = load_experiment(one).trials
    with pytest.raises(UsageError, match=rf"one began with another {SAYS}.*use another --name"):
        run_experiment(SETTINGS, executor=executor, results=one.parent)
    assert load_experiment(one).trials.equals(before)


def test_an_experiment_from_before_signatures_goes_on(one: Path):
    cut_off(one, 3)
    tamper(one, "DELETE FROM experiment WHERE key LIKE 'signature%'")
    run_experiment(SETTINGS, executor="serial", results=one.parent)
    assert list(signatures(one)) == [Instance("ackley", 2, 0)]


def test_other_problems_do_not_merge(one: Path):
    run_experiment({**SETTINGS, "strategies": "lhs", "name": "two"}, executor="serial", results=one.parent)
    merge([one, one.parent / "two"], one.parent / "both")
    assert signatures(one.parent / "both") == signatures(one)
    tamper(one, SHIFTED)
    with pytest.raises(UsageError, match=r"instance 0 is not the same in one and two: .*leave out one of them"):
        merge([one, one.parent / "two"], one.parent / "again")


def test_a_users_own_problem_is_not_looked_at_for_it(hostile: str, tmp_path: Path):
    run_experiment({**SETTINGS, "problems": f"{hostile}:raises"}, executor="serial", results=tmp_path)
    assert signatures(tmp_path / "one") == {}


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=3))
def test_rounding_is_no_difference_and_all_else_is(values: list[float | None]):
    one = tuple(values)
    assert not difference(one, tuple(v if v is None else v * (1 + 1e-7) for v in one))
    assert difference(one, tuple(0.0 if v is None else v + 1e-3 * (1 + abs(v)) for v in one))
    assert difference(one, (*one, 1.0))


def test_the_environment_says_what_the_results_hang_on():
    where = environment()
    assert {"numpy", "scipy", "torch", "ray", "smac"} <= set(where["versions"])
    assert len(where["packages"]) == len(where["constraints"]) == 12
    assert where["threads per run"] == 1
    assert where["processor"]
    assert {"git", "cores", "python", "platform", "command"} <= set(where)
