"""The command: from the shipped evidence, with one's own, and what it refuses."""

from pathlib import Path

import pandas as pd
import pytest

from bench.advice.situation import Situation
from bench.cli import main
from bench.experiment import run_experiment
from bench.plots.advice_figure import SECONDS, TRIALS, colours_of, draw_map

README = ["recommend", "--dims", "6", "--trials", "50", "--seconds-per-trial", "30"]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(words) == 0
    return " ".join(capsys.readouterr().out.split())


def test_the_line_of_the_readme_ranks_what_is_on_record(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    words = said(README, capsys)
    assert "6 parameters, 50 trials of 30 s: 25 min altogether" in words
    assert "ackley" in words  # the evidence is named
    assert "random 1.00" in words
    assert "Take " in words
    assert said(README, capsys) == words  # the same numbers again
    assert list(tmp_path.iterdir()) == []


def test_where_trials_cost_nothing_who_thinks_is_not_taken(capsys: pytest.CaptureFixture[str]):
    dear = said([*README[:-1], "0.00001"], capsys)
    verdict = dear[dear.index("problems: that it ran on.") :]
    assert "No trial ends in that time" in verdict
    assert "Take gp" not in verdict


def test_ones_own_runs_are_added_and_counted(capsys: pytest.CaptureFixture[str]):
    for name, strategies in (("mine", "random,sobol,lhs"), ("alone", "sobol")):
        run_experiment(
            problems="sphere,ackley,branin", dims="2", strategies=strategies, trials=12, seeds=1, name=name,
            executor="serial",
        )  # fmt: skip
    asked = ["recommend", "--dims", "2", "--trials", "12", "--seconds-per-trial", "1"]
    assert "lhs" not in said(asked, capsys)
    mine = said([*asked, "--from", "mine"], capsys)
    assert "mine: 6 runs of yours" in mine
    assert "lhs" in mine
    everything = said([*asked, "--from", "all"], capsys)
    assert "alone: 0 runs of yours; only runs beside random search count" in everything


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["recommend"], "--dims, --trials and --seconds-per-trial"),
        ([*README, "--dims", "0"], "--dims"),
        ([*README, "--trials", "0"], "--trials"),
        ([*README, "--trials", "many"], "'--trials'"),
        ([*README, "--seconds-per-trial", "-3"], "--seconds-per-trial"),
        ([*README, "--seconds-per-trial", "nan"], "--seconds-per-trial"),
        ([*README, "--categorical", "7"], "--categorical"),
        ([*README, "--workers", "0"], "--workers"),
        ([*README, "--from", "nothing"], "no experiment at results/nothing"),
        ([*README, "--from", "../up"], "'../up'"),
        ([*README, "--figure", "map.gif"], ".png or .svg"),
        ([*README, "--figure", "nowhere/map.png"], "nowhere"),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, list) else "",
)
def test_bad_input_is_one_line_and_exit_2(words: list[str], says: str, capsys: pytest.CaptureFixture[str]):
    assert main(words) == 2
    streams = capsys.readouterr()
    assert streams.err.startswith("error: ")
    assert streams.err.count("\n") == 1
    assert says in streams.err


def test_the_map_shows_every_pick_and_where_it_is_not_sure():
    rows = [
        (seconds, trials, None if trials > 80 else "gp" if seconds > 1 else "gp-ei", trials > 10, 9)
        for trials in TRIALS
        for seconds in SECONDS
    ]
    best = pd.DataFrame(rows, columns=["seconds", "trials", "pick", "sure", "problems"])
    figure = draw_map(best, Situation(dims=6, trials=50, seconds=30.0)).figure
    (ax,) = figure.axes
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["gp-ei", "gp", "no evidence"]
    assert len(ax.patches) == sum(trials <= 10 for trials in TRIALS) * len(SECONDS)  # hatched
    colours = colours_of(["gp", "gp-ei", "random"])
    assert len(set(colours.values())) == 3  # though gp and gp-ei are of one family
