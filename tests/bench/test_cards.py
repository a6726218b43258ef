"""Cards are complete, kept with the experiment that they are about, and shown in its report."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.cards import card_of, cards_to_show, declared
from bench.experiment import Experiment, load_experiment, run_experiment
from bench.report.html import write_report
from problems.entries import Needs
from strategies.registry import StrategyEntry, strategies, strategy_entry

SETTINGS = {"problems": "sphere", "dims": "2", "strategies": "random,sobol", "trials": 3, "seeds": 1, "name": "small"}


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    return run_experiment(SETTINGS, executor="serial", results=tmp_path)


@pytest.mark.parametrize("name", strategies())
def test_every_card_is_complete(name: str):
    entry = strategies()[name]
    missing = entry.needs.missing()
    if missing and not entry.needs.environment:
        pytest.skip(missing)
    lines = declared(entry.load().card) if missing else card_of(entry)  # its class is here, whatever its library is
    assert all(lines.values())
    assert "not declared" not in lines.values()


def test_what_is_not_installed_says_how_it_would_be():
    needs = Needs("future", ("no_such_module",))
    lines = card_of(StrategyEntry("absent", "nowhere:Nothing", "a dream", needs=needs))
    assert lines["to install"] == 'pip install "search-bench[future]" -c constraints.txt'
    assert lines["in a word"] == "a dream"


def test_an_experiment_keeps_the_cards_of_those_that_ran(experiment: Experiment):
    assert list(experiment.cards) == ["random", "sobol"]
    assert "scrambled" in experiment.cards["sobol"]["what it does"].lower()


def test_the_cards_of_the_first_time_stay(experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bench.experiment.cards_of", lambda names: {"random": {"version": "a later one"}})
    assert run_experiment(SETTINGS, executor="serial", results=tmp_path).cards == experiment.cards
    assert load_experiment(tmp_path / "small").cards == experiment.cards


def test_a_report_shows_the_kept_card_folded_up_and_escaped(experiment: Experiment, tmp_path: Path):
    evil = {"version": "1 <script>alert(1)</script>"}
    page = write_report(replace(experiment, cards={"random": evil}), tmp_path / "small").read_text(encoding="utf-8")
    folded = page[page.index("<details>") : page.index("</details>")]
    assert "1 &lt;script&gt;alert(1)&lt;/script&gt;" in folded
    assert "<h3>random</h3>" in folded
    assert "scrambled" in folded.lower()  # none was kept of sobol: it is the table's


def test_a_card_that_was_not_kept_is_the_tables_or_none(tmp_path: Path):
    (tmp_path / "mine.py").write_text("raise SystemExit")
    assert cards_to_show([f"{tmp_path}/mine.py:Mine"], {}) == {}
    assert json.dumps(cards_to_show(["x.py:X"], {"x.py:X": {"version": "1"}})) == '{"x.py:X": {"version": "1"}}'


def test_a_card_says_what_becomes_of_given_trials():
    assert card_of(strategy_entry("gp@2d"))["given trials"].startswith("the first 2d are random draws")
    assert card_of(strategy_entry("scipy-de@5"))["given trials"].startswith("none")
    assert card_of(strategy_entry("gp"))["given trials"] == "learned from, with --initial"
