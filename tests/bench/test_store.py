import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.errors import UsageError
from bench.experiment import load_experiment, run_experiment
from bench.plan import make_plan, resolve_spec
from bench.settings import check_settings
from bench.store import Store
from tests.bench.conftest import tamper

SETTINGS = {"problems": "sphere", "dims": "2", "strategies": "random", "trials": 4, "seeds": 2, "name": "kept"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run_experiment(SETTINGS, executor="serial", results=tmp_path)
    return tmp_path / "kept"


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_command_again_does_nothing_again(folder: Path):
    before = load_experiment(folder).trials
    after = run_experiment(SETTINGS, executor="serial", results=folder.parent).trials
    assert after.equals(before)  # the clock's columns too


@pytest.mark.parametrize(
    ("change", "named"), [({"seeds": 3}, "seeds are 2, not 3"), ({"dims": "3"}, "dims are 2, not 3")]
)
def test_a_folder_of_another_spec_is_refused_and_left_alone(folder: Path, change: dict[str, object], named: str):
    before = content(folder)
    with pytest.raises(UsageError, match=named):
        run_experiment({**SETTINGS, **change}, executor="serial", results=folder.parent)
    assert content(folder) == before


@pytest.mark.parametrize("damage", ["header", "middle", "truncated", "text", "other"])
def test_a_damaged_database_is_said_and_left_as_it_is(folder: Path, damage: str):
    path = folder / "experiment.db"
    whole = path.read_bytes()
    other = folder / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    path.write_bytes(
        {
            "header": b"\0" * 100 + whole[100:],
            "middle": whole[:4096] + os.urandom(4096) + whole[8192:],
            "truncated": whole[: len(whole) // 2],
            "text": b"these are my notes, not a database\n" * 10,
            "other": other.read_bytes(),
        }[damage]
    )
    other.unlink()
    before = content(folder)
    for use in (lambda: load_experiment(folder), lambda: run_experiment(SETTINGS, results=folder.parent)):
        with pytest.raises(UsageError, match=r"damaged|left as it is"):
            use()
        assert content(folder)["experiment.db"] == before["experiment.db"]


def test_a_driver_that_died_before_its_first_write_left_nothing_in_the_way(tmp_path: Path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "experiment.db").touch()
    assert len(run_experiment(SETTINGS, executor="serial", results=tmp_path).trials) == 8


def test_a_database_that_was_cut_to_nothing_is_no_new_experiment(folder: Path):
    (folder / "experiment.db").write_bytes(b"")
    for use in (lambda: load_experiment(folder), lambda: run_experiment(SETTINGS, results=folder.parent)):
        with pytest.raises(UsageError, match=r"is damaged \(it was cut to nothing\) and was left as it is"):
            use()
        assert not (folder / "experiment.db").stat().st_size


def test_a_second_writer_is_kept_out(folder: Path):
    plan = make_plan(resolve_spec(check_settings(SETTINGS)))
    with Store.open(folder, plan, {}), pytest.raises(UsageError, match="another run is writing"):
        Store.open(folder, plan, {})
    with Store.open(folder, plan, {}):
        pass


def test_a_database_of_an_earlier_format_is_refused_and_left_alone(folder: Path):
    tamper(folder, "UPDATE experiment SET value = '2' WHERE key = 'format'")
    before = content(folder)["experiment.db"]
    for use in (lambda: load_experiment(folder), lambda: run_experiment(SETTINGS, results=folder.parent)):
        with pytest.raises(UsageError, match="written by another version of search-bench; run under another --name"):
            use()
        assert content(folder)["experiment.db"] == before


def test_failed_runs_are_done_again_on_request_only(tmp_path: Path, request: pytest.FixtureRequest):
    request.getfixturevalue("plugins")
    settings = {**SETTINGS, "strategies": "raises,random"}
    for retry in (False, True):
        experiment = run_experiment(settings, retry_failed=retry, executor="serial", results=tmp_path)
        assert (experiment.runs["status"] == "failed").sum() == 0  # four trials: it raises at the fifth
    longer = {**settings, "trials": 5, "name": "longer"}
    first = run_experiment(longer, executor="serial", results=tmp_path)
    again = run_experiment(longer, executor="serial", results=tmp_path)
    retried = run_experiment(longer, retry_failed=True, executor="serial", results=tmp_path)
    stamps = [e.trials.set_index(["strategy", "seed", "trial"])["started_at"] for e in (first, again, retried)]
    assert stamps[0].equals(stamps[1])
    assert (stamps[2]["raises"] > stamps[0]["raises"]).all()
    assert stamps[2]["random"].equals(stamps[0]["random"])


def test_every_number_survives_the_store_exactly(tmp_path: Path, request: pytest.FixtureRequest):
    request.getfixturevalue("plugins")
    experiment = run_experiment({**SETTINGS, "problems": "noisy"}, executor="serial", results=tmp_path)
    trials = experiment.trials
    assert list(trials.columns) == COLUMNS
    assert (trials["optimum"] == 0).all()
    assert trials["test_value"].isna().all()
    assert (experiment.runs["optimum_origin"] == "analytic").all()


COLUMNS = [
    "problem",
    "dim",
    "instance",
    "strategy",
    "strategy_version",
    "pruner",
    "seed",
    "trial",
    "config",
    "value",
    "true_value",
    "test_value",
    "optimum",
    "status",
    "error",
    "cost",
    "fidelity",
    "observations",
    "ask_s",
    "evaluate_s",
    "tell_s",
    "started_at",
    "duration",
]
