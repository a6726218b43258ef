"""What the children of our adapters share: lines of JSON in and out. Run in their environments, beside them.

Imports nothing of search-bench, and nothing that is not Python's own.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol, TypeVar


class Searcher(Protocol):
    """One run of a library."""

    def ask(self) -> dict[str, Any]:
        """The answer to `ask`."""

    def tell(self, number: int, value: float | None) -> None:
        """Take the value of the trial with this id."""


AnySearcher = TypeVar("AnySearcher", bound=Searcher)
Adopt = Callable[[AnySearcher, dict[str, Any], float | None], None]


def native(parameter: dict[str, Any], value: Any) -> float | int:
    """A value that JSON can hold, within its range: rounding may leave it. Choices go by position."""
    if parameter["type"] == "categorical":
        return int(value)
    number = float(value) if parameter["type"] == "float" else round(float(value))
    clipped: float | int = min(max(number, parameter["low"]), parameter["high"])
    return clipped


def is_fixed(parameter: dict[str, Any]) -> bool:
    """Whether there is but one value."""
    if parameter["type"] == "categorical":
        return len(parameter["choices"]) == 1
    return bool(parameter["low"] == parameter["high"])


def fixed_value(parameter: dict[str, Any]) -> float | int:
    """The only value of a fixed parameter."""
    return 0 if parameter["type"] == "categorical" else native(parameter, parameter["low"])


def answer_lines(
    name: str, begin: Callable[[dict[str, Any]], AnySearcher], adopt: Adopt[AnySearcher] | None = None
) -> None:
    """Answer line by line until `close`, or until nobody asks any more.

    `adopt(searcher, config, value)` takes a trial that was not asked for; None: the library cannot.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    searcher: AnySearcher | None = None
    for line in sys.stdin.buffer:
        answer: dict[str, Any] = {}
        try:
            message = json.loads(line.decode())
            if message["call"] == "hello":
                answer = {"protocol": 1, "name": name, "adopts": adopt is not None}
            elif message["call"] == "start":
                searcher = begin(message)
            elif message["call"] == "ask" and searcher:
                answer = searcher.ask()
            elif message["call"] == "tell" and searcher:
                searcher.tell(message["id"], message["value"])
            elif message["call"] == "adopt" and searcher and adopt:
                adopt(searcher, message["config"], message["value"])
            elif message["call"] == "close":
                break
            else:
                raise ValueError(f"no such call, or none before start: {message['call']!r:.100}")
        except Exception as error:  # noqa: BLE001  carried to the other side, where it ends the run
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    os._exit(0)  # a thread of a library, turned inside out, may wait for a value for ever
