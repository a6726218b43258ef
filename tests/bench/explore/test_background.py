"""Runs in the background: those of an experiment, in the order asked for, whatever becomes of a worker."""

import os
import time
from collections.abc import Iterator, Sequence

import pytest

from bench.explore.background import Background
from bench.explore.live import live_run
from bench.records import Outcome, RunKey, Setting, Trial
from strategies.base import Proposal
from strategies.random_search import RandomSearch

Result = tuple[str, str | None, list[tuple[str, float | None]]]


class Dies(RandomSearch):
    """Ends its process with its third trial."""

    def ask(self) -> Proposal:
        if self._proposed == 2:
            os._exit(7)
        return super().ask()


class Slow(RandomSearch):
    """Never comes to an end."""

    def ask(self) -> Proposal:
        time.sleep(0.05)
        return super().ask()


def digest(key: RunKey, setting: Setting | None, trials: Sequence[Trial], outcome: Outcome) -> Result:
    return outcome.status, outcome.error, [(trial.config, trial.value) for trial in trials]


def key_of(strategy: str, seed: int = 0, budget: int = 9) -> RunKey:
    return RunKey("sphere", 2, seed, strategy, seed, budget)


@pytest.fixture(scope="module")
def background() -> Iterator[Background[Result]]:
    made = Background(digest, jobs=1)
    yield made
    made.close()
    assert made.at() == {}


def finished(background: Background[Result], keys: Sequence[RunKey], page: str = "a page") -> dict[RunKey, Result]:
    """Ask until all is there."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = background.ask(page, keys)
        if len(found) == len(keys):
            return dict(found)
        time.sleep(0.02)
    raise AssertionError(f"not finished: {set(keys) - set(found)}")


def test_runs_are_those_of_an_experiment(background: Background[Result]):
    keys = [key_of("random"), key_of("grid"), key_of("random", seed=1)]
    found = finished(background, keys)
    for key in keys:
        here = live_run(key.problem, key.dim, key.strategy, key.seed, key.budget)
        assert found[key] == digest(key, here.setting, here.trials, here.outcome)
    assert found[keys[0]] != found[keys[2]]
    assert background.known([*keys, key_of("random", seed=2)]).keys() == set(keys)


def test_a_worker_that_dies_is_a_failed_run_and_the_next_one_goes_on(background: Background[Result]):
    dies, after = key_of(f"{__name__}:Dies"), key_of("random", seed=3)
    found = finished(background, [dies, after])
    status, error, _ = found[dies]
    assert status == "failed"
    assert error is not None
    assert "exit code 7" in error
    assert found[after][0] == "done"


def test_what_no_page_asks_for_any_more_is_ended(background: Background[Result]):
    slow, other = key_of(f"{__name__}:Slow", budget=10_000), key_of("random", seed=4)
    assert background.ask("a page", [slow]) == {}
    until = time.monotonic() + 20
    while not background.at().get(slow):
        assert time.monotonic() < until
        background.ask("a page", [slow])
        time.sleep(0.02)
    background.ask("a page", [])
    while slow in background.at():
        assert time.monotonic() < until
        time.sleep(0.02)
    assert finished(background, [other])[other][0] == "done"
