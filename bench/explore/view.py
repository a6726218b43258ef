"""`View`: one page of the explorer. And the table of all of them, in the order of the menu."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dash import Dash
from dash.development.base_component import Component

from bench.explore.query import Query
from problems.loading import resolve


@dataclass(frozen=True)
class Place:
    """Where the explorer looks: `results`, the folder of experiments."""

    results: Path


@dataclass(frozen=True)
class View:
    """One page: `lead` says in a sentence or two what to do there.

    `query` is the state that its address restores; `layout` makes the page of a state, its controls (of
    `bench.explore.controls`) named like the state's fields; `register` adds its callbacks to the application. Both are
    called with the `Place`; what is dear is imported or computed on first use.
    """

    name: str  # of its address; [a-z-]
    title: str
    lead: str
    query: type[Query]
    layout: Callable[[Any, Place], Component]
    register: Callable[[Dash, Place], None]
    menu: str = ""  # its title in the menu, where the whole one is long

    @property
    def entry(self) -> str:
        """What the menu calls it."""
        return self.menu or self.title


VIEWS: Sequence[str] = (
    "bench.explore.views.landscape.page:VIEW",
    "bench.explore.views.one_dimension.page:VIEW",
    "bench.explore.views.sensitivity.page:VIEW",
    "bench.explore.views.scaling.page:VIEW",
    "bench.explore.views.experiment.page:VIEW",
)


def load_views() -> Mapping[str, View]:
    """Every view by its name."""
    views = [resolve(reference) for reference in VIEWS]
    return {view.name: view for view in views}
