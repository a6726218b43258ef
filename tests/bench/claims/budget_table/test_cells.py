"""The table of advice: ranks, replayed savings, and a verdict per cell that follows the numbers."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.claims.budget_table import experiments
from bench.claims.budget_table.advice import CELLS
from bench.claims.budget_table.cells import PARTS, judge
from bench.claims.budget_table.experiments import (
    FUNCTIONS,
    GP,
    LEARNING_RATE,
    LONG,
    NETWORK,
    ON_FUNCTIONS,
    RANDOM,
    SHORT,
    STOPPED,
    Search,
    experiment,
    savings,
)
from bench.claims.budget_table.figures import expected_ranks, mark
from bench.claims.claim import Setting
from bench.experiment import Experiment
from bench.spec import make_spec
from tests.bench.made_by_hand import a_run, frames, trials_of

METHODS = {NETWORK: (LEARNING_RATE, RANDOM, GP), ON_FUNCTIONS: (RANDOM, GP)}


def made_up(strength: dict[str, float], seeds: int = 12) -> dict[str, pd.DataFrame]:
    """The stronger method is ahead of the weaker one by their difference, everywhere."""
    chances, levels = [], []
    for family, usual in METHODS.items():
        for budget in (*SHORT, LONG):
            methods = (*usual, STOPPED) if (family, budget) == (NETWORK, LONG) else usual
            for seed in range(seeds):
                where = {"family": family, "budget": budget, "problem": family, "seed": seed}
                levels += [{**where, "method": name, "level": 0.05} for name in methods]
                chances += [
                    {**where, "method": one, "other": other}
                    | {"chance": np.clip(0.5 + (strength.get(one, 0) - strength.get(other, 0)) / 2, 0, 1)}
                    for one in methods
                    for other in methods
                    if one != other
                ]
    saved = pd.DataFrame({"spent": [60.0, 70.0], "whole": 100.0, "share": 0.5, "killed": [True, False]})
    return {"chances": pd.DataFrame(chances), "levels": pd.DataFrame(levels), "saved": saved}


@pytest.mark.parametrize("place", range(len(CELLS)))
def test_each_cell_gets_each_verdict(place: int):
    cell, part = CELLS[place], PARTS[place]
    best = set(cell.advised.values())
    step_by_step = {RANDOM: -0.9, LEARNING_RATE: -0.9, GP: 0.0, STOPPED: 0.9}
    for strength, verdict in (
        (step_by_step if STOPPED in best else dict.fromkeys(best, 0.9), "holds"),
        (dict.fromkeys(best, -0.9), "does not hold"),
        ({}, "undecided"),
    ):
        finding = part.judge(made_up(strength))
        assert finding.verdict == verdict, strength
        assert bool(finding.would_decide) == (verdict == "undecided")
        assert part.take_away[finding.verdict]
        assert part.draw(made_up(strength))


def test_one_better_method_on_one_family_refutes_a_cell():
    data = made_up({RANDOM: 0.9})
    rows = data["chances"]
    assert judge(CELLS[1], data).verdict == "holds"
    lost = (rows["family"] == ON_FUNCTIONS) & (rows["method"] == RANDOM)
    data["chances"] = rows.assign(chance=rows["chance"].where(~lost, 0.05))
    assert judge(CELLS[1], data).verdict == "does not hold"


def test_what_stopping_saved_is_reported_in_its_cell_only():
    effects = {effect.name: effect for effect in judge(CELLS[3], made_up({})).effects}
    assert effects["cost saved by stopping, share (replay)"].value == pytest.approx(0.35)
    assert effects["runs whose winner was stopped, share (replay)"].value == 0.5
    assert not any("replay" in effect.name for effect in judge(CELLS[2], made_up({})).effects)


def test_ranks_and_marks():
    chances = made_up({GP: 0.8, RANDOM: -0.2})["chances"]
    network = chances[chances["family"] == NETWORK]
    ranks = expected_ranks(network)
    # gp is behind random with (1 − 1)/2 and behind the learning rate with (1 − 0.8)/2
    assert ranks.loc[GP, SHORT[0]] == pytest.approx(1.1)
    assert ranks.sum().loc[list(SHORT)].tolist() == pytest.approx([6.0] * 3)  # 1 + 2 + 3
    assert np.isnan(ranks.loc[STOPPED, SHORT[0]])
    assert [mark(network, name, SHORT[0]) for name in (GP, RANDOM, LEARNING_RATE)] == ["+2", "−1", "−1"]
    assert mark(made_up({})["chances"].query("family == 'functions'"), GP, SHORT[0]) == "="


def test_the_expected_best_of_a_search():
    assert Search(np.array([3.0, 1.0, 2.0]), 2).expected() == pytest.approx(4 / 3)  # of 31, 32, 12
    assert Search(np.array([0.2])).expected() == 0.2


def test_savings_by_hand():
    curves = [[1.0, 1.0]] * 5 + [[5.0, 0.5], [1.0, 0.9], [5.0, 5.0], [5.0, 0.8]]
    run = a_run("gp", budget=len(curves))
    looks = [json.dumps([[value, None] for value in curve]) for curve in curves]
    runs, trials = frames((run, trials_of(run, [curve[-1] for curve in curves], observations=looks)))
    (row,) = savings(Experiment("made-up", make_spec({}), {}, runs, trials, pd.DataFrame())).to_dict("records")
    # trials 6, 8 and 9 are stopped at half: 7.5 of 9; seven whole ones cost no more
    assert (row["spent"], row["whole"], row["share"]) == (7.5, 9.0, pytest.approx(3 / 9))
    assert (row["stopped"], row["unstopped"], row["best"], row["killed"]) == (0.9, 0.5, 0.5, True)


def test_on_stand_ins_every_column_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    seeds = {"quick": 2}
    for name in ("ONE", "TEN", "TEN_LONG", "FIVE", "FUNCTIONS"):
        family = getattr(experiments, name)
        monkeypatch.setattr(experiments, name, replace(family, problems=("sphere",), seeds=seeds, executor="serial"))
    monkeypatch.setattr(experiments, "SHORT", (3, 5, 7))
    monkeypatch.setattr(experiments, "LONG", 9)
    monkeypatch.setattr(experiments, "FUNCTIONS", replace(experiments.FUNCTIONS, pool={"quick": 50}))
    data = experiment(Setting("quick", np.random.default_rng(0), tmp_path, 1))
    per_column = data["chances"].groupby(["family", "budget"]).size()
    assert per_column[NETWORK].tolist() == [2 * 6] * 3 + [2 * 12]
    assert per_column[ON_FUNCTIONS].tolist() == [2 * 2] * 4
    mirrored = data["chances"].rename(columns={"method": "other", "other": "method"})
    pairs = data["chances"].merge(mirrored, on=["family", "budget", "problem", "seed", "method", "other"])
    assert (pairs["chance_x"] + pairs["chance_y"]).to_numpy() == pytest.approx(1.0)
    assert data["saved"]["spent"].tolist() == [9.0, 9.0]  # one look a trial: nothing to stop
    assert FUNCTIONS.problems != ("sphere",)
