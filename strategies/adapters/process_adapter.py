"""Strategies that live in another process, in any language: lines of JSON over stdin and stdout.

The protocol is in docs/process-protocol.md.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.random import Generator

from problems.space import Categorical, Config, SearchSpace
from problems.space_form import config_as_json, config_from_json, space_as_json
from strategies.adapters.child_process import Child
from strategies.base import Card, Exhausted, Proposal, Strategy

PROTOCOL = 1
UNKNOWN = "left to the command"  # in its card
TIMEOUT_S = 600.0  # of an answer; a model may think for minutes


class ProcessStrategy(Strategy):
    """Whatever `command` does; it is started for each run, and killed at its end.

    Raises `ProcessFailed` where the child dies, is late, or breaks the protocol.
    """

    reference = "what the command says of itself"
    takes_given = True  # unless its hello does not say so
    card = Card(
        initial_design=UNKNOWN,
        log_scales=UNKNOWN,
        integers=UNKNOWN,
        choices=f"{UNKNOWN}; by position",
        pending=UNKNOWN,
        failures=f"{UNKNOWN}; told as null",
    )

    def __init__(
        self,
        space: SearchSpace,
        *,
        budget: int,
        rng: Generator,
        command: Sequence[str],
        timeout_s: float = TIMEOUT_S,
        folder: Path | None = None,
    ) -> None:
        super().__init__(space, budget=budget, rng=rng)
        self._child = Child(command, timeout_s=timeout_s, folder=folder)
        hello = self._child.request({"call": "hello", "protocol": PROTOCOL})
        self._check(hello)
        self.takes_given = hello.get("adopts") is True
        self._child.request(self.start())

    def start(self) -> dict[str, Any]:
        """The message that begins a run."""
        space = space_as_json(self.space)
        return {"call": "start", "space": space, "budget": self.budget, "seed": int(self.rng.integers(2**31))}

    def _check(self, hello: dict[str, object]) -> None:
        """Raise `ProcessFailed` unless the child speaks our protocol and takes such spaces."""
        problem = None
        if hello.get("protocol") != PROTOCOL:
            problem = f"speaks protocol {hello.get('protocol')!r:.100}, expected {PROTOCOL}"
        elif hello.get("categorical") is False and any(isinstance(p, Categorical) for p in self.space):
            problem = "takes no categorical parameters, and this space has some; use it on problems of numbers"
        if problem:
            raise self._child.failed(problem)

    def ask(self) -> Proposal:
        """The child's next config; raises `Exhausted` when it has none."""
        answer = self._child.request({"call": "ask", "id": self._proposed})
        if answer.get("id", self._proposed) != self._proposed:
            raise self._child.failed(f"answered 'ask' {self._proposed} with the id {answer['id']!r:.100}")
        if answer.get("exhausted") is True:
            raise Exhausted("the process has nothing left to propose")
        try:
            return self.propose(config_from_json(self.space, answer.get("config")))
        except ValueError as error:
            raise self._child.failed(f"answered 'ask' with {str(answer)[:500]}: {error}") from error

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Send the id, the config and the value; null where the trial failed."""
        config = config_as_json(self.space, proposal.config)
        self._child.request({"call": "tell", "id": proposal.id, "config": config, "value": value})

    def adopt(self, config: Config, value: float | None) -> None:
        """Send the config and the value of a trial that the child did not propose, if it takes such."""
        if not self.takes_given:
            raise self._child.failed('takes no trials that it did not propose: its hello lacks "adopts": true')
        self._child.request({"call": "adopt", "config": config_as_json(self.space, config), "value": value})

    def close(self) -> None:
        """End the child, and whatever it started."""
        self._child.close({"call": "close"})
