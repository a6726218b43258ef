"""How often trials are handed on: the dear ones at once, the cheap ones in batches."""

from collections.abc import Callable
from time import monotonic

from bench.records import Retraining, Setting, Trial

DEAR_S = 0.05  # a trial that took this long pays for a commit of its own
BATCH_S = 0.25  # the oldest that a cheap trial may become before the next one is asked


class Batcher:
    """A run's sink that passes trials on in batches; `send(trials)` returns when they are committed.

    So are retrainings by `send_again`, after the trials.
    """

    def __init__(
        self,
        begin: Callable[[Setting], None],
        send: Callable[[list[Trial]], None],
        restart: Callable[[str], None],
        send_again: Callable[[list[Retraining]], None],
    ) -> None:
        self._begin = begin
        self._send = send
        self._restart = restart
        self._send_again = send_again
        self._waiting: list[Trial] = []
        self._retrainings: list[Retraining] = []
        self._since = 0.0

    def begin(self, setting: Setting) -> None:
        """Pass the setting on at once."""
        self._begin(setting)

    def add(self, trial: Trial) -> None:
        """Keep `trial` until a batch is due."""
        now = monotonic()
        if not self._waiting:
            self._since = now
        self._waiting.append(trial)
        if trial.ask_s + trial.evaluate_s + trial.tell_s > DEAR_S or now - self._since > BATCH_S:
            self.flush()

    def retrained(self, retraining: Retraining) -> None:
        """Keep `retraining` until a batch is due; they are few."""
        self._retrainings.append(retraining)
        if retraining.evaluate_s > DEAR_S:
            self.flush()

    def restart(self, reason: str) -> None:
        """Pass on at once that the run begins again."""
        self._restart(reason)

    def flush(self) -> None:
        """Pass on what is waiting."""
        if self._waiting:
            self._send(self._waiting)
            self._waiting = []
        if self._retrainings:
            self._send_again(self._retrainings)
            self._retrainings = []
