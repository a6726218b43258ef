"""The rows that runs produce: what is scheduled, what a trial leaves behind, how a run ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeAlias

from strategies.pruners.registry import NO_PRUNER

TrialStatus = Literal["ok", "failed", "pruned", "timeout"]
RunStatus = Literal["planned", "running", "done", "exhausted", "failed", "skipped"]

Signature: TypeAlias = tuple[float | None, ...]  # what identifies an instance: see bench.signatures

FINISHED: frozenset[str] = frozenset({"done", "exhausted", "failed", "skipped"})


def pair_label(strategy: str, pruner: str) -> str:
    """What tables and figures call a strategy with its pruner: `"gp"`, `"gp+asha"`."""
    return strategy if pruner == NO_PRUNER else f"{strategy}+{pruner}"


class Instance(NamedTuple):
    """One instance of a problem: what every strategy meets under one seed."""

    problem: str
    dim: int
    number: int

    def __str__(self) -> str:
        return f"{self.problem}-{self.dim}d, instance {self.number}"


@dataclass(frozen=True, slots=True)
class RunKey:
    """One strategy on one problem: the unit that is scheduled, resumed and compared."""

    problem: str
    dim: int
    instance: int
    strategy: str
    seed: int
    budget: int  # full trials; one that was pruned counts by its cost
    pruner: str = NO_PRUNER

    @property
    def met(self) -> Instance:
        """What it runs on."""
        return Instance(self.problem, self.dim, self.instance)

    def __str__(self) -> str:
        return f"{pair_label(self.strategy, self.pruner)} on {self.problem}-{self.dim}d, seed {self.seed}"


class Trial(NamedTuple):
    """One evaluation of one config, in the order of the store's columns."""

    trial: int  # counts from 1
    config: str  # JSON
    value: float | None  # as told; None: the trial failed
    true_value: float | None
    test_value: float | None
    status: TrialStatus
    error: str | None
    cost: float  # of its looks, in units of the trial's full fidelity
    fidelity: int  # observations taken
    observations: str | None  # JSON [[value, test_value, step, train_value if known], ...]; None for a single look
    ask_s: float
    evaluate_s: float
    tell_s: float
    started_at: float  # seconds since the epoch
    duration: float | None = None  # simulated, in mean full trials; of a stored trial never None

    @property
    def spent(self) -> float:
        """What the trial takes off the budget: its cost where it was pruned, else 1, failures included."""
        return self.cost if self.status == "pruned" else 1.0


class Retraining(NamedTuple):
    """A run's final incumbent evaluated once more, with a stream of its own, in the order of the store's columns."""

    repeat: int  # counts from 1
    trial: int  # the incumbent's number
    value: float | None  # as it would be told; None: it failed
    true_value: float | None
    test_value: float | None
    status: TrialStatus
    error: str | None
    evaluate_s: float
    started_at: float  # seconds since the epoch


class Again(NamedTuple):
    """How often the final incumbent of a run is evaluated again, and what is stored of that."""

    repeats: int = 0
    stored: Sequence[Retraining] = ()


class Setting(NamedTuple):
    """What is known of a run once its problem and strategy stand."""

    optimum: float | None
    optimum_origin: str | None
    value_label: str
    setup_s: float  # imports and construction
    signature: Signature | None = None  # where one was asked for


class Outcome(NamedTuple):
    """How a run ended."""

    status: RunStatus
    error: str | None  # the traceback of a failed run


class Sink(Protocol):
    """Where a run reports to, as it goes."""

    def begin(self, setting: Setting) -> None:
        """Called once, before the first trial."""

    def add(self, trial: Trial) -> None:
        """Called for each new trial as soon as it is complete."""

    def retrained(self, retraining: Retraining) -> None:
        """Called at the end, each time that the final incumbent was evaluated again."""

    def restart(self, reason: str) -> None:
        """Called when what is stored of the run must be dropped, since its strategy does not repeat it."""


StepKind = Literal["setup", "ask", "trial", "tell", "retrain"]


class Step(NamedTuple):
    """What a run is about to do; where it is a trial, with what is known of it by then."""

    kind: StepKind
    trial: int  # its number; 0 before the first
    config: str = ""
    ask_s: float = 0.0
    started_at: float = 0.0
    duration: float | None = None
    repeat: int = 0  # of a retraining


Enter: TypeAlias = Callable[[Step], None]  # who is told of each step before it is taken, to see one that hangs


def unwatched(step: Step) -> None:
    """Nobody is told."""
