"""What the winner of a run is worth when nobody had a choice: it is evaluated again, with streams of its own.

The incumbent was chosen because its value was low, and where values are noisy, that is partly luck. What it shows under
streams that had no part in the choice is free of that luck, and its held-out value also of the luck with the validation
cases. The streams are the same for every strategy under one seed, and the noise of no trial. Nothing of it is told to
anyone or counts in the budget.
"""

import json
from time import perf_counter, time

from bench.evaluate import evaluate
from bench.records import Again, Enter, Retraining, RunKey, Sink, Step, Trial
from bench.seeding import TrialStreams
from problems.base import Problem


class Incumbent:
    """The trial of a run with the lowest told value among those taken to full fidelity; the first among equals."""

    def __init__(self) -> None:
        self.trial: Trial | None = None
        self._lowest = float("inf")

    def see(self, trial: Trial) -> None:
        """Compare with the next trial of the run."""
        if trial.value is not None and trial.status == "ok" and trial.value < self._lowest:
            self.trial, self._lowest = trial, trial.value


def retrain(problem: Problem, key: RunKey, incumbent: Trial | None, again: Again, sink: Sink, enter: Enter) -> None:
    """Evaluate the final `incumbent` as often as is still to be done, and give each result to `sink`.

    Of a problem that is not noisy, everything is known already; of a run without an incumbent, there is nothing.
    """
    if incumbent is None or not problem.noisy:
        return
    streams = TrialStreams("honest", key.seed, key.problem, key.dim, key.instance)
    for repeat in range(len(again.stored) + 1, again.repeats + 1):
        started_at, start = time(), perf_counter()
        enter(Step("retrain", incumbent.trial, incumbent.config, started_at=started_at, repeat=repeat))
        result = evaluate(problem, json.loads(incumbent.config), streams.stream(repeat))
        shown = result.value, result.true_value, result.test_value, result.status, result.error
        sink.retrained(Retraining(repeat, incumbent.trial, *shown, perf_counter() - start, started_at))
