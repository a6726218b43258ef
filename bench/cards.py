"""Fairness cards: all that a reader of a comparison must know of a strategy, as label -> line."""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TypeAlias

from problems.loading import obstacle
from strategies.base import Card, Strategy
from strategies.registry import StrategyEntry, strategies, strategy_entry

Lines: TypeAlias = Mapping[str, str]

LABELS: Mapping[str, str] = {
    "initial_design": "first trials",
    "log_scales": "log scales",
    "integers": "integers",
    "choices": "choices",
    "pending": "pending trials",
    "failures": "failed trials",
}  # of the fields of a `Card`
UNDECLARED = "not declared"


def card_of(entry: StrategyEntry) -> Lines:
    """The card of `entry`; where it is not installed or cannot be imported, what is known all the same."""
    missing = entry.needs.missing()
    known = {
        "in a word": entry.summary,
        "version": missing or entry.version(),
        "dimensions": entry.dimensions,
        "to install": entry.needs.installation() or "nothing beside the core",
    }
    if missing:
        return known
    if reason := obstacle(entry.factory):  # somebody's plug-in; a report must still be written
        return known | {"what it does": reason}
    found = entry.load()
    options = ", ".join(f"{key} = {value}" for key, value in entry.options.items())
    departures = "; ".join(f"{argument}: {why}" for argument, why in found.deviations.items())
    return {
        **known,
        "what it does": " ".join((inspect.getdoc(found) or UNDECLARED).split()),
        "defined by": found.reference or UNDECLARED,
        **({"options": options} if options else {}),
        "given trials": given(entry, found),
        "not the default": departures or "nothing: the library's own arguments",
        **declared(found.card),
    }


def given(entry: StrategyEntry, found: type[Strategy]) -> str:
    """What comes of trials that it did not propose."""
    if not found.takes_given:
        return "none: it cannot learn from what it did not propose"
    if entry.given:
        return f"the first {entry.given} are random draws, the same for every strategy; then what follows"
    return "learned from, with --initial"


def declared(card: Card) -> Lines:
    """What a class declares of itself."""
    return {LABELS[field.name]: getattr(card, field.name) or UNDECLARED for field in fields(card)}


def cards_of(names: Iterable[str]) -> dict[str, Lines]:
    """The cards of the strategies called `names`; imports their code."""
    return {name: card_of(strategy_entry(name)) for name in names}


def cards_to_show(names: Iterable[str], kept: Mapping[str, Lines]) -> dict[str, Lines]:
    """The `kept` cards; of what an older version ran, those of the table."""
    return {
        name: kept[name] if name in kept else card_of(strategies()[name])
        for name in names
        if name in kept or name in strategies()
    }
