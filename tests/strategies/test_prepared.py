"""What a file prepares: a list of configs, or a search of some parameters that knows earlier trials."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from problems.space import Categorical, Config, Float, Int, SearchSpace
from strategies.base import Exhausted, Strategy
from strategies.registry import strategy_entry

SPACE = SearchSpace((Float("x", 0, 1), Int("n", 1, 9), Categorical("kind", ("a", "b"))))
CONFIGS: list[Config] = [{"x": 0.25, "n": 3, "kind": "a"}, {"x": 0.75, "n": 4, "kind": "b"}]


def prepared(file: Path, form: object, budget: int = 20, seed: int = 0) -> Strategy:
    file.write_text(json.dumps(form))
    return strategy_entry(f"prepared:{file}").make(SPACE, budget=budget, rng=np.random.default_rng(seed))


def test_a_list_is_proposed_in_its_order_and_ends(tmp_path: Path):
    strategy = prepared(tmp_path / "list.json", {"configs": CONFIGS})
    for config in CONFIGS:
        proposal = strategy.ask()
        assert proposal.config == config
        strategy.tell(proposal, 1.0)
    with pytest.raises(Exhausted):
        strategy.ask()


@pytest.mark.parametrize("searcher", ["random", "gp", "optuna-tpe"])
def test_what_is_held_is_the_same_in_every_proposal_and_the_rest_is_searched(tmp_path: Path, searcher: str):
    hold, start = {"n": 3, "kind": "a"}, [{"x": 0.125, "n": 3, "kind": "a"}]
    known = [[CONFIGS[0], 0.5], [CONFIGS[1], None]]
    strategy = prepared(tmp_path / "search.json", {"searcher": searcher, "hold": hold, "known": known, "start": start})
    seen = []
    for _ in range(12):
        proposal = strategy.ask()
        SPACE.validate(proposal.config)
        assert {name: proposal.config[name] for name in hold} == hold
        seen.append(proposal.config["x"])
        strategy.tell(proposal, (proposal.config["x"] - 0.6) ** 2)
    assert seen[0] == 0.125
    assert len(set(seen)) == 12
    strategy.close()


def test_a_search_makes_use_of_what_is_known(tmp_path: Path):
    """Told of a bowl in 30 trials, the model's first proposals lie near its bottom; without them they lie anywhere."""
    rng = np.random.default_rng(1)
    bowl = [[config, (config["x"] - 0.7) ** 2] for config in (SPACE.sample(rng) for _ in range(30))]

    def distance(known: object) -> float:
        strategy = prepared(tmp_path / "gp.json", {"searcher": "gp", "hold": {}, "known": known, "start": []})
        return float(np.mean([abs(strategy.ask().config["x"] - 0.7) for _ in range(4)]))

    assert distance(bowl) < 0.1 < distance([])


def test_it_draws_the_same_wherever_the_file_lies(tmp_path: Path):
    form = {"searcher": "random", "hold": {}, "known": [], "start": []}
    (tmp_path / "other").mkdir()
    here, there = tmp_path / "random.json", tmp_path / "other" / "random.json"
    prepared(here, form)
    shutil.copy(here, there)
    entries = [strategy_entry(f"prepared:{file}") for file in (here, there)]
    assert entries[0].searcher == entries[1].searcher
    assert entries[0].version() == entries[1].version()
    there.write_text(json.dumps({**form, "hold": {"n": 1}}))
    assert strategy_entry(f"prepared:{there}").version() != entries[0].version()


def test_a_file_that_is_none_of_ours_is_named(tmp_path: Path):
    (tmp_path / "broken.json").write_text("{")
    for file in ("broken.json", "nowhere.json"):
        with pytest.raises(KeyError, match=file):
            strategy_entry(f"prepared:{tmp_path / file}")
