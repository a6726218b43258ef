"""The table of advice: ranks, what stopping did, and a verdict per cell that follows the numbers."""

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
)
from bench.claims.budget_table.figures import expected_ranks, mark
from bench.claims.claim import Setting

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
    stopped = pd.DataFrame({"trials": [600, 500], "stopped": [0.5, 0.7]})
    return {"chances": pd.DataFrame(chances), "levels": pd.DataFrame(levels), "stopped": stopped}


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


def test_what_stopping_did_is_reported_in_its_cell_only():
    effects = {effect.name: effect for effect in judge(CELLS[3], made_up({})).effects}
    assert effects[f"trials begun for the price of {LONG}"].value == 550
    assert effects["trials that were stopped, share"].value == pytest.approx(0.6)
    assert not any("stopped" in effect.name for effect in judge(CELLS[2], made_up({})).effects)


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


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch):
    """Every family on a formula, but the long searches: a training that can be stopped."""
    seeds = {"quick": 2}
    for name in ("ONE", "TEN", "ONE_LONG", "TEN_LONG", "FIVE", "FUNCTIONS"):
        family = getattr(experiments, name)
        problem = "mlp-digits" if "LONG" in name else "sphere"
        monkeypatch.setattr(experiments, name, replace(family, problems=(problem,), seeds=seeds, executor="serial"))
    monkeypatch.setattr(experiments, "SHORT", (3, 5, 7))
    monkeypatch.setattr(experiments, "LONG", 9)
    monkeypatch.setattr(experiments, "FUNCTIONS", replace(experiments.FUNCTIONS, pool={"quick": 50}))
    for name in ("ONE_LONG", "TEN_LONG"):
        monkeypatch.setattr(experiments, name, replace(getattr(experiments, name), pool={"quick": 9}))


def test_on_stand_ins_every_column_is_filled(tmp_path: Path, small: None):
    data = experiment(Setting("quick", np.random.default_rng(0), tmp_path, 1))
    per_column = data["chances"].groupby(["family", "budget"]).size()
    assert per_column[NETWORK].tolist() == [2 * 6] * 3 + [2 * 12]
    assert per_column[ON_FUNCTIONS].tolist() == [2 * 2] * 4
    mirrored = data["chances"].rename(columns={"method": "other", "other": "method"})
    pairs = data["chances"].merge(mirrored, on=["family", "budget", "problem", "seed", "method", "other"])
    assert (pairs["chance_x"] + pairs["chance_y"]).to_numpy() == pytest.approx(1.0)
    stopped = data["stopped"]
    assert (stopped["trials"] > 9).any()  # what was saved paid for more
    assert (stopped.loc[stopped["trials"] > 9, "stopped"] > 0).all()
    assert FUNCTIONS.problems != ("sphere",)
