"""Shards and other experiments merge to what one experiment would have been, or say why not."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import UsageError
from bench.experiment import load_experiment, run_experiment
from bench.merging import merge
from bench.plan import make_plan, resolve_spec
from bench.settings import check_settings
from bench.shards import Shard, parse_shard
from tests.bench.conftest import ROOT, Bench, environment, tamper, what_happened

SMALL = {"problems": "sphere,ackley", "dims": "2,3", "strategies": "random,gp", "trials": 6, "seeds": 2}
RUNS = make_plan(resolve_spec(check_settings(SMALL))).runs


def make(results: Path, name: str, **more: object) -> Path:
    run_experiment({**SMALL, **more}, name=name, executor="serial", results=results)
    return results / f"{name}{parse_shard(str(more['shard'])).suffix if 'shard' in more else ''}"


def same(one: Path, other: Path) -> None:
    frames = []
    for folder in (one, other):
        trials = load_experiment(folder).trials.sort_values(["problem", "dim", "strategy", "seed", "trial"])
        frames.append(what_happened(trials).reset_index(drop=True))
    pd.testing.assert_frame_equal(*frames, check_exact=True)


@given(st.integers(1, 40))
def test_every_run_is_in_exactly_one_shard(count: int):
    parts = [Shard(number, count).of(RUNS) for number in range(1, count + 1)]
    assert sorted(map(str, RUNS)) == sorted(str(key) for part in parts for key in part)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "1/0", "a/b", "-1/2", ""])
def test_a_bad_shard_names_the_value_and_the_form(text: str):
    with pytest.raises(UsageError, match="like 3/16"):
        check_settings({"shard": text})


def test_shards_merge_to_the_experiment_that_was_not_divided(tmp_path: Path):
    shards = [make(tmp_path, "part", shard=f"{number}/3") for number in (1, 2, 3)]
    merge(shards, tmp_path / "merged")
    same(tmp_path / "merged", make(tmp_path, "whole"))
    assert set(load_experiment(tmp_path / "merged").runs["status"]) == {"done"}


def test_what_is_missing_is_planned_and_run_goes_on_with_it(tmp_path: Path):
    merge([make(tmp_path, "part", shard="2/3")], tmp_path / "merged")
    statuses = load_experiment(tmp_path / "merged").runs["status"].value_counts()
    assert dict(statuses) == {"planned": 11, "done": 5}
    same(make(tmp_path, "merged"), make(tmp_path, "whole"))


def test_a_run_that_was_cut_off_gives_way_to_one_that_was_not(tmp_path: Path):
    cut, whole = make(tmp_path, "cut"), make(tmp_path, "whole")
    tamper(cut, "DELETE FROM trials WHERE trial > 3", "UPDATE runs SET status = 'running'")
    for order in ([cut, whole], [whole, cut]):
        merge(order, tmp_path / order[0].name.upper())
        same(tmp_path / order[0].name.upper(), whole)


def test_other_strategies_and_more_seeds_join(tmp_path: Path):
    first, second = make(tmp_path, "first", strategies="random"), make(tmp_path, "second", strategies="gp", seeds=1)
    merge([first, second], tmp_path / "merged")
    runs = load_experiment(tmp_path / "merged").runs
    assert dict(runs.groupby("strategy")["status"].value_counts()) == {
        ("random", "done"): 8, ("gp", "done"): 4, ("gp", "planned"): 4
    }  # fmt: skip
    same(make(tmp_path, "merged"), make(tmp_path, "whole"))


VALUE = "UPDATE trials SET value = value + 1e-12 WHERE run = 1 AND trial = 2"
VERSION = "UPDATE runs SET strategy_version = 'search-bench 0.0.1' WHERE strategy = 'gp'"
SHORTER = "DELETE FROM trials WHERE run = 1 AND trial > 4"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (VALUE, r"one and two contradict each other: .* on .*, seed 0, trial 2: value is .* and .*; leave out one"),
        (VERSION, r"gp is search-bench .* in one and search-bench 0.0.1 in two; leave out one"),
        (SHORTER, r"ended after 4 trials and after 6"),
    ],
)
def test_what_contradicts_is_named_and_nothing_is_written(tmp_path: Path, change: str, says: str):
    folders = [make(tmp_path, "one"), make(tmp_path, "two")]
    tamper(folders[1], change)
    with pytest.raises(UsageError, match=says):
        merge(folders, tmp_path / "merged")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_other_budgets_do_not_merge(tmp_path: Path):
    folders = [make(tmp_path, "one"), make(tmp_path, "two", trials=7)]
    with pytest.raises(UsageError, match="one has 6 trials a run and two has 7; merge equal budgets only"):
        merge(folders, tmp_path / "merged")


def test_the_example_of_a_job_array_and_the_merge_after_it(bench: Bench, tmp_path: Path):
    words = ["--problems", "sphere", "--dims", "2", "--strategies", "random,sobol", "--trials", "5", "--seeds", "3"]
    for task in ("1", "2"):
        array = {"SLURM_ARRAY_TASK_ID": task, "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_CPUS_PER_TASK": "1"}
        array["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # as where it is activated
        done = subprocess.run(
            ["sh", str(ROOT / "docs/examples/slurm_array.sh"), *words], cwd=tmp_path, env=environment(**array),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert f"Shard {task}/2 is done. When all are: python -m bench merge 'array-*-of-2' --name array" in done.stderr
    merged = bench("merge", "array-*-of-2", "--name", "array")
    assert merged.returncode == 0, merged.stderr
    assert "array/report.html" in merged.stdout
    assert merged.stderr == ""
    assert list(load_experiment(tmp_path / "results/array").runs["status"]) == ["done"] * 6
    again = bench("merge", "array-1-of-2", "--name", "array")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "exists already; merge under another --name" in again.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nothing", "--name", "all"), "no experiment at results/nothing"),
        (("gone-*", "--name", "all"), "no experiment at results/gone-*"),
        (("nothing", "--name", "../all"), "--name must be a plain name"),
        (("nothing",), "Missing option"),
    ],
)
def test_what_cannot_be_merged_is_one_line(bench: Bench, tmp_path: Path, words: tuple[str, ...], says: str):
    done = bench("merge", *words)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert says in done.stderr
    assert not list(tmp_path.glob("results/*"))
