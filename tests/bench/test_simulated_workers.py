"""Several workers in simulated time: the order of events, what is known when, resumption, and real workers."""

import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator

from bench.analysis.simulated_time import simulated_curves, speed_ups
from bench.errors import UsageError
from bench.experiment import Experiment, load_experiment, run_experiment
from bench.records import RunKey, Setting, Trial, unwatched
from bench.retraining import Incumbent
from bench.run import search
from bench.schedule import Schedule, ends
from problems.base import Evaluation, Problem
from problems.space import Config, Float, SearchSpace
from strategies.base import Proposal, Strategy
from strategies.names import Parts, parts_of_name
from tests.bench.conftest import Bench, assert_same_tables, cut_off

SPACE = SearchSpace((Float("x", 0, 100),))
SMALL = {"problems": "ackley,branin", "dims": "2", "strategies": "random,gp,optuna-tpe", "trials": 12, "seeds": 2}
SIMULATED = {**SMALL, "workers": "1,3", "clock": "simulated", "name": "kept"}


@dataclass(frozen=True, kw_only=True)
class Timed(Problem):
    """Its trials take the times that are given; the config is the trial's number."""

    times: tuple[float, ...]

    def observe(self, config: Config, rng: Generator) -> Iterator[Evaluation]:
        yield Evaluation(float(config["x"]))

    def duration(self, config: Config, rng: Generator) -> float:
        return self.times[int(config["x"]) - 1]


class Diary(Strategy):
    """Proposes the numbers of its trials, and writes down what happens."""

    def __init__(self) -> None:
        super().__init__(SPACE, budget=100, rng=np.random.default_rng(0))
        self.events: list[str] = []

    def ask(self) -> Proposal:
        proposal = self.propose({"x": float(self._proposed + 1)})
        self.events.append(f"ask {proposal.id + 1}")
        return proposal

    def tell(self, proposal: Proposal, value: float | None) -> None:
        self.events.append(f"tell {proposal.id + 1}")


class Kept(list):
    """A sink that keeps what it is given."""

    def begin(self, setting: Setting) -> None: ...

    def add(self, trial: Trial) -> None:
        self.append(trial)

    def restart(self, reason: str) -> None: ...


def events_of(times: tuple[float, ...], workers: int) -> tuple[list[str], Kept]:
    problem = Timed(name="timed", instance=0, space=SPACE, source="by hand", times=times)
    diary, kept = Diary(), Kept()
    search(
        diary,
        problem,
        RunKey("timed", 1, 0, "diary", 0, len(times)),
        (),
        kept,
        None,
        unwatched,
        Incumbent(),
        workers=workers,
    )
    return diary.events, kept


def test_a_schedule_that_was_made_by_hand():
    """Two workers. Trial 1 lasts until 3; beside it 2 until 1, 3 until 2.5; then 4 until 4, and 5 from 3 to 3.5."""
    times = (3.0, 1.0, 1.5, 1.5, 0.5)
    events, kept = events_of(times, 2)
    assert (
        ", ".join(events) == "ask 1, ask 2, tell 2, ask 3, tell 3, ask 4, tell 1, ask 5, tell 5"
    )  # then all were asked
    assert [trial.duration for trial in kept] == list(times)
    assert ends(times, 2) == [3.0, 1.0, 2.5, 4.0, 3.5]


def test_one_worker_is_told_before_it_is_asked_again():
    assert ", ".join(events_of((1.0, 2.0, 1.0), 1)[0]) == "ask 1, tell 1, ask 2, tell 2, ask 3, tell 3"


def test_what_ends_at_the_same_time_is_told_before_anyone_asks():
    assert ", ".join(events_of((1.0, 1.0, 1.0), 2)[0]) == "ask 1, ask 2, tell 1, tell 2, ask 3"


@given(st.lists(st.floats(0.01, 9), min_size=1, max_size=40), st.integers(1, 50))
def test_the_loop_and_the_analysis_have_the_same_clock(durations: list[float], workers: int):
    schedule, told, number = Schedule[int](workers), list[int](), 0
    while len(told) < len(durations):
        if schedule.must_end or number == len(durations):
            told.append(schedule.end())
        else:
            schedule.begin(number, durations[number], number)
            number += 1
    finished = ends(durations, workers)
    assert told == sorted(range(len(durations)), key=lambda trial: (finished[trial], trial))


def test_real_workers_do_the_same():
    """Three threads that sleep, driven as one would; events are at least a fifth of a second apart."""
    unit, times, workers = 0.2, (5.0, 2.0, 9.0, 6.0, 10.0, 3.0, 4.0), 3
    diary, took, ended = Diary(), dict[int, float](), dict[int, float]()
    began = time.monotonic()

    def work(trial: int, asked: float) -> None:
        time.sleep(unit * times[trial])
        took[trial], ended[trial] = time.monotonic() - asked, time.monotonic() - began

    with ThreadPoolExecutor(workers) as pool:
        pending: dict[Future[None], Proposal] = {}
        for trial in range(len(times)):
            if len(pending) == workers:
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    diary.tell(pending.pop(future), 0.0)
            pending[pool.submit(work, trial, time.monotonic())] = diary.ask()
    simulated, _ = events_of(times, workers)
    assert diary.events == simulated[:-1]  # it hears of one more, as nobody is free when the last was asked
    measured = [took[trial] for trial in range(len(times))]
    assert ends(measured, workers) == pytest.approx([ended[trial] for trial in range(len(times))], abs=unit)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("simulated")
    run_experiment(SIMULATED, executor="serial", results=results)
    return results / "kept"


def loaded(whole: Path) -> Experiment:
    return load_experiment(whole)


def test_every_executor_gives_the_same(whole: Path, tmp_path: Path):
    assert_same_tables(run_experiment(SIMULATED, jobs=2, results=tmp_path), loaded(whole))


@pytest.mark.parametrize("trials", [1, 4, 11])
def test_a_run_that_was_cut_off_goes_on_in_the_same_order(whole: Path, tmp_path: Path, trials: int):
    only = {**SIMULATED, "problems": "ackley", "strategies": "gp", "workers": "5", "seeds": 1}
    first = run_experiment(only, executor="serial", results=tmp_path)
    cut_off(tmp_path / "kept", trials)
    assert_same_tables(run_experiment(only, executor="serial", results=tmp_path), first)


def test_who_does_not_learn_proposes_the_same_with_any_number_of_workers(whole: Path):
    configs = loaded(whole).trials.groupby("strategy")["config"].agg(list)
    assert configs["random"] == configs["random@3w"]
    assert configs["gp"] != configs["gp@3w"]


def test_durations_are_of_the_trial_and_not_of_the_strategy(whole: Path):
    trials = loaded(whole).trials
    assert (trials.groupby(["problem", "seed", "trial"])["duration"].nunique() == 1).all()
    assert 0.5 < trials["duration"].mean() < 1.5


def test_random_search_with_three_workers_is_as_fast_as_its_schedule(whole: Path):
    experiment = loaded(whole)
    curves = simulated_curves(experiment.runs, experiment.trials)
    last = curves.groupby(["strategy", "problem", "seed"])["ended"].max().unstack("strategy")
    assert (last["random"] / last["random@3w"]).between(2, 3).all()
    ends_at = curves.groupby(["strategy", "problem", "seed"])["regret"].last().unstack("strategy")
    pd.testing.assert_series_equal(ends_at["random"], ends_at["random@3w"], check_names=False)
    faster = speed_ups(curves).set_index(["strategy", "workers"])
    assert faster.loc[("random", 1), "speed_up"] == 1
    assert 1.2 < faster.loc[("random", 3), "speed_up"] < 3.5
    assert faster.loc[("random", 3), "reached"] == 2


def test_the_incumbent_is_what_has_ended_by_then():
    frame = pd.DataFrame(
        {"problem": "p", "dim": 1, "instance": 0, "strategy": "s@2w", "pruner": "none", "seed": 0}
        | {"trial": [1, 2, 3], "value": [1.0, 3.0, 2.0], "true_value": np.nan, "test_value": np.nan}
        | {"optimum": 0.0, "status": "ok", "cost": 1.0, "duration": [5.0, 1.0, 2.0]},
        index=range(3),
    )
    runs = frame.loc[[0], ["problem", "dim", "instance", "strategy", "pruner", "seed", "optimum"]].assign(
        status="done", optimum_origin="analytic", value_label="value", budget=3
    )
    curves = simulated_curves(runs, frame)
    assert list(zip(curves["ended"], curves["regret"], strict=True)) == [(1.0, 3.0), (3.0, 2.0), (5.0, 1.0)]


def test_the_command_line_and_its_report(bench: Bench, tmp_path: Path):
    words = ["--problems", "ackley", "--dims", "2", "--strategies", "random", "--trials", "8", "--seeds", "2"]
    done = bench("run", *words, "--workers", "1,4", "--clock", "simulated", "--pruners", "none", "--name", "sim")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "results/sim/workers.csv")
    assert list(table["workers"]) == [1, 4]
    page = (tmp_path / "results/sim/report.html").read_text()
    assert "What workers side by side bring" in page
    assert (tmp_path / "results/sim/figures/workers-ackley.png").stat().st_size > 10_000


@pytest.mark.parametrize("seeds", [1, 2, 5, 6])
def test_the_fewest_workers_are_always_as_fast_as_themselves(tmp_path: Path, seeds: int):
    settings = {**SIMULATED, "strategies": "random", "seeds": seeds}
    experiment = run_experiment(settings, executor="serial", results=tmp_path)
    table = speed_ups(simulated_curves(experiment.runs, experiment.trials))
    first = table[table["workers"] == 1]
    assert first[["speed_up", "cells", "reached"]].to_numpy().tolist() == [[1, 2, 2]]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"workers": "8"}, "give --workers and --clock simulated together"),
        ({"clock": "simulated"}, "give --workers and --clock simulated together"),
        ({"workers": "0", "clock": "simulated"}, "from 1 to 9999, got '0'"),
        ({"workers": 10**5000, "clock": "simulated"}, "got an int too large to print"),
        ({"workers": "8,many", "clock": "simulated"}, "like 8 or 1,8,64"),
        ({"workers": "8", "clock": "real"}, "clock should be 'simulated', got 'real'"),
        ({"workers": "8", "clock": "simulated", "strategies": "gp@4w"}, "gp@4w says already how it is run"),
        ({"strategies": "gp@4w@8w"}, "says twice"),
    ],
)
def test_what_cannot_be_simulated_is_one_line(tmp_path: Path, settings: dict[str, str], says: str):
    with pytest.raises(UsageError, match=says):
        run_experiment({**SMALL, **settings}, results=tmp_path)
    assert not list(tmp_path.iterdir())


def test_pruners_are_skipped_with_the_reason(tmp_path: Path):
    words = {**SMALL, "problems": "mlp-digits", "strategies": "random", "seeds": 1, "pruners": "none,asha"}
    skips = run_experiment(words, workers="3", clock="simulated", executor="serial", results=tmp_path).skips
    assert list(skips["reason"]) == ["asha needs the looks of trials side by side, which simulated workers do not show"]


@given(
    st.from_regex(r"[a-z][a-z0-9:/. -]{0,20}", fullmatch=True),
    st.sampled_from(["", "10", "2d"]),
    st.sampled_from([1, 2, 8, 512]),
)
def test_a_name_says_how_it_is_run(searcher: str, first: str, workers: int):
    assert parts_of_name(str(Parts(searcher, first, workers))) == Parts(searcher, first, workers)


def test_an_exhausted_strategy_ends_the_run(tmp_path: Path):
    words = {**SMALL, "strategies": "grid", "problems": "branin", "trials": 10}
    runs = run_experiment(words, workers="4", clock="simulated", executor="serial", results=tmp_path).runs
    assert set(runs["status"]) == {"exhausted"}
