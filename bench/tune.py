"""One of our strategies as a search algorithm of Ray Tune; see docs/ray-tune.md. Needs the extra `ray`."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ray.tune.search import Searcher
from ray.tune.search import sample as domains

from bench.seeding import rng_for
from problems.space import Categorical, Float, Int, Parameter, SearchSpace
from strategies.base import Exhausted, Proposal, Strategy
from strategies.registry import strategy_entry


class SearchBenchSearcher(Searcher):
    """`strategy` (a name of `python -m bench list`, or `file.py:Class`) for a `Tuner` of `budget` samples.

    The space is that of the `Tuner`: uniform, log-uniform, their integer forms, and choices of JSON scalars; what is no
    domain is handed on as it is. `save` writes what was asked and told as JSON, and `restore` replays it. Raises
    `KeyError` for an unknown strategy, `ValueError` for a space that it cannot search.
    """

    def __init__(
        self, strategy: str = "gp", *, budget: int, seed: int = 0, metric: str | None = None, mode: str | None = None
    ) -> None:
        super().__init__(metric=metric, mode=mode)
        self._entry, self._budget, self._seed = strategy_entry(strategy), budget, seed
        self._strategy: Strategy | None = None
        self._constants: dict[str, Any] = {}
        self._proposals: dict[str, Proposal] = {}
        self._journal: list[list[Any]] = []  # ["ask", trial_id] and ["tell", trial_id, value]

    def set_search_properties(self, metric: str | None, mode: str | None, config: dict[str, Any], **spec: Any) -> bool:
        """Take the space; false where there is one already."""
        if self._strategy is not None:
            return False
        self._metric, self._mode = metric or self._metric, mode or self._mode
        space, self._constants = split(config)
        rng = rng_for("tune", self._entry.name, self._seed)
        self._strategy = self._entry.make(space, budget=self._budget, rng=rng)
        return True

    def suggest(self, trial_id: str) -> dict[str, Any] | str | None:  # type: ignore[override]  # FINISHED is a str
        """The next config; `FINISHED` where the strategy is exhausted."""
        if self._strategy is None:
            raise RuntimeError("the searcher has no space yet; give one as param_space of the Tuner")
        try:
            proposal = self._strategy.ask()
        except Exhausted:
            return Searcher.FINISHED
        self._proposals[trial_id] = proposal
        self._journal.append(["ask", trial_id])
        return {**proposal.config, **self._constants}

    def on_trial_complete(self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False) -> None:
        """Tell the metric of the last result; a trial that failed, or whose metric is not finite, as such."""
        found: Any = None if error or not result else result.get(str(self._metric))
        value = float(found) if isinstance(found, (int, float)) and math.isfinite(found) else None
        self._tell(trial_id, -value if value is not None and self._mode == "max" else value)

    def _tell(self, trial_id: str, value: float | None) -> None:
        proposal = self._proposals.pop(trial_id, None)
        if proposal is not None and self._strategy is not None:
            self._strategy.tell(proposal, value)
            self._journal.append(["tell", trial_id, value])

    def save(self, checkpoint_path: str) -> None:
        """Write the journal."""
        Path(checkpoint_path).write_text(json.dumps(self._journal), encoding="utf-8")

    def restore(self, checkpoint_path: str) -> None:
        """Replay a journal; the space must be set."""
        for what, trial_id, *value in json.loads(Path(checkpoint_path).read_text(encoding="utf-8")):
            if what == "ask":
                self.suggest(trial_id)
            else:
                self._tell(trial_id, value[0])


def split(config: Mapping[str, Any]) -> tuple[SearchSpace, dict[str, Any]]:
    """The space of the domains in `config`, and what is none."""
    searched = {name: value for name, value in config.items() if isinstance(value, domains.Domain)}
    rest = {name: value for name, value in config.items() if name not in searched}
    for name, value in rest.items():
        if isinstance(value, dict):
            raise ValueError(f"the space of a SearchBenchSearcher is flat, got a dict for {name!r}; flatten it")
    return SearchSpace(tuple(parameter(name, value) for name, value in searched.items())), rest


def parameter(name: str, domain: domains.Domain) -> Parameter:
    """Our form of one of Tune's domains; raises `ValueError` where there is none."""
    sampler: Any = domain.get_sampler()  # type: ignore[no-untyped-call]
    kind = type(sampler).__name__  # the classes are nested in those of the domains
    if isinstance(domain, domains.Categorical) and kind == "_Uniform":
        return Categorical(name, tuple(domain.categories))
    if isinstance(domain, domains.Float) and kind in ("_Uniform", "_LogUniform"):
        return Float(name, domain.lower, domain.upper, log=kind == "_LogUniform")
    if isinstance(domain, domains.Integer) and kind in ("_Uniform", "_LogUniform"):
        return Int(name, int(domain.lower), int(domain.upper) - 1, log=kind == "_LogUniform")
    raise ValueError(
        f"a SearchBenchSearcher knows uniform, loguniform, randint, lograndint and choice, got {domain} for {name!r}; "
        "use the nearest of these"
    )
