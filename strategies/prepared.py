"""What a stage of a tuning does, as a file says: configs one after the other, or a search that knows earlier trials.

The file holds JSON of one of two forms:

    {"configs": [config, …]}
    {"searcher": "gp", "hold": {name: value, …}, "known": [[config, value or null], …], "start": [config, …]}

A search varies what it does not `hold`, is given the `known` trials before it begins, and proposes the configs of
`start` before it chooses any itself. All configs are of the whole space.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.random import Generator

from problems.space import Config, SearchSpace
from strategies.base import Card, Exhausted, Proposal, Strategy
from strategies.given_first import GivenFirst
from strategies.registry import strategy_entry

AS_SEARCHER = "as its searcher has them"


class ListedConfigs(Strategy):
    """Proposes the configs of its file, each once, in their order."""

    reference = "no published algorithm: a list"
    card = Card(
        initial_design="all of it is given",
        log_scales="do not matter",
        integers="do not matter",
        choices="do not matter",
        pending="do not matter",
        failures="do not matter; they cost budget",
    )

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator, file: str) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._configs: list[Config] = read_form(Path(file))["configs"]

    def ask(self) -> Proposal:
        """The next of the list."""
        if self._proposed == len(self._configs):
            raise Exhausted
        return self.propose(dict(self._configs[self._proposed]))

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """A list learns nothing."""


class PreparedSearch(Strategy):
    """A searcher that varies some of the parameters, and was given trials that were done before.

    It knows a trial if that one agrees with what it holds.
    """

    reference = "that of its searcher"
    card = Card(
        initial_design="trials of earlier stages, which its searcher counts as given ones; then a list",
        log_scales=AS_SEARCHER,
        integers=AS_SEARCHER,
        choices=AS_SEARCHER,
        pending=AS_SEARCHER,
        failures=AS_SEARCHER,
    )

    def __init__(self, space: SearchSpace, *, budget: int, rng: Generator, file: str) -> None:
        super().__init__(space, budget=budget, rng=rng)
        form = read_form(Path(file))
        self._hold: Config = form["hold"]
        varied = SearchSpace(tuple(parameter for parameter in space if parameter.name not in self._hold))
        start = [self._part(config) for config in form["start"]]
        searcher = strategy_entry(form["searcher"]).make(varied, budget=budget - len(start), rng=rng)
        for config, value in form["known"]:
            if all(config[name] == held for name, held in self._hold.items()):
                searcher.adopt(self._part(config), value)
        self._searcher = GivenFirst(searcher, start, budget=budget)

    def ask(self) -> Proposal:
        """What the searcher proposes, with what is held in its places."""
        own = self._searcher.ask()
        whole = {**self._hold, **own.config}
        return Proposal(own.id, {name: whole[name] for name in self.space.names})

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Tell the searcher of its own part."""
        self._searcher.tell(Proposal(proposal.id, self._part(proposal.config)), value)

    def _part(self, config: Config) -> Config:
        """What the searcher sees of a config."""
        return {name: value for name, value in config.items() if name not in self._hold}

    def close(self) -> None:
        """Release what the searcher holds."""
        self._searcher.close()


def read_form(file: Path) -> Mapping[str, Any]:
    """What the file says."""
    form: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return form
