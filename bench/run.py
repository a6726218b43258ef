"""The project's only ask–evaluate–tell loop."""

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from time import perf_counter, time

from bench.errors import UsageError
from bench.evaluate import encode, evaluate, finite, stored_looks
from bench.forms import parse_trials
from bench.reasons import current_traceback
from bench.records import Again, Enter, Outcome, RunKey, RunStatus, Setting, Sink, Step, Trial, unwatched
from bench.retraining import Incumbent, retrain
from bench.schedule import Schedule
from bench.seeding import TrialStreams, rng_for
from bench.signatures import signature_of
from problems.base import Problem
from problems.registry import problem_entry
from problems.space import Config, SearchSpace
from strategies.base import Exhausted, Proposal, Strategy
from strategies.given_first import GivenFirst
from strategies.names import parts_of_name
from strategies.pruners.base import TOLERANCE, Pruner, is_whole
from strategies.pruners.registry import NO_PRUNER, pruner_entry
from strategies.registry import strategy_entry

NO_MORE = Again()


class ReplayMismatch(Exception):
    """A strategy or a pruner that was shown the same results decided otherwise than it did before."""


def make_problem(key: RunKey) -> Problem:
    """The problem's instance that every strategy meets under this seed; a wrapper is put around the same instance."""
    entry = problem_entry(key.problem)
    rng = rng_for("instance", *entry.drawn_as(key.dim), key.instance)
    return entry.make(key.dim, key.instance, rng)


def make_strategy(key: RunKey, problem: Problem) -> Strategy:
    """The strategy of a run: it gets the space, the budget and a stream of its own, nothing else of the problem.

    What is given first is no part of the searcher's budget. The stream does not depend on the pruner: a strategy that
    does not learn proposes the same trials under all of them.
    """
    entry = strategy_entry(key.strategy)
    rng = rng_for("strategy", key.seed, key.problem, key.dim, entry.searcher)
    if not entry.given:
        return entry.make(problem.space, budget=key.budget, rng=rng)
    first = given_trials(key, parse_trials(entry.given, key.dim), problem.space)
    searcher = entry.make(problem.space, budget=key.budget - len(first), rng=rng)
    return GivenFirst(searcher, first, budget=key.budget)


def given_trials(key: RunKey, count: int, space: SearchSpace) -> list[Config]:
    """Random configs that are the same for every strategy under one seed; fewer are the first of more."""
    rng = rng_for("given", key.seed, key.problem, key.dim)
    return [space.sample(rng) for _ in range(count)]


def make_pruner(key: RunKey) -> Pruner | None:
    """The pruner of a run; None where nothing is to be stopped, so that looks are taken without asking."""
    return None if key.pruner == NO_PRUNER else pruner_entry(key.pruner).make()


def execute(
    key: RunKey,
    stored: Sequence[Trial],
    sink: Sink,
    enter: Enter = unwatched,
    *,
    again: Again = NO_MORE,
    sign: bool = False,
) -> Outcome:
    """Run `key` to its end: replay its `stored` trials, then give each new one to `sink` as soon as it is complete.

    `again`: how often the final incumbent is then evaluated again. `sign`: tell `sink` the signature of the problem's
    instance too, before the first trial.

    A strategy or a pruner that raises ends the run as `failed` with its traceback; neither is repaired or replaced.
    Where one of them does not repeat itself, `sink` is told so, and the run begins again from its start: the stored
    trials and the new ones would be those of two runs. `enter` is told of each step before it is taken.
    """
    began = perf_counter()
    ended: RunStatus = "done"
    incumbent = Incumbent()
    try:
        enter(Step("setup", 0))
        problem = make_problem(key)
        with closing(make_strategy(key, problem)) as strategy:
            pruner = make_pruner(key)
            setting = setting_of(problem, perf_counter() - began)
            sink.begin(setting._replace(signature=signature_of(key, problem)) if sign else setting)
            workers = parts_of_name(key.strategy).workers
            try:
                search(strategy, problem, key, stored, sink, pruner, enter, incumbent, workers=workers)
            except Exhausted:
                ended = "exhausted"
        retrain(problem, key, incumbent.trial, again, sink, enter)
    except ReplayMismatch as mismatch:
        sink.restart(f"{key} does not repeat itself, and began again from its start: {mismatch}")
        return execute(key, (), sink, enter, again=again._replace(stored=()), sign=sign)
    except UsageError:  # the sink's: the store cannot be used, which is no fault of the run
        raise
    except (Exception, SystemExit):  # noqa: BLE001  one of two places where a failure is caught: it ends its run
        return Outcome("failed", current_traceback())
    return Outcome(ended, None)


def setting_of(problem: Problem, setup_s: float) -> Setting:
    """What the tables need to know of `problem`."""
    optimum = problem.optimum
    if optimum is None:
        return Setting(None, None, problem.value_label, setup_s)
    return Setting(finite(optimum.value, "optimum"), optimum.origin, problem.value_label, setup_s)


def replayed(strategy: Strategy, pruner: Pruner | None, trial: Trial, enter: Enter) -> Proposal:
    """Ask for a stored trial again; raises `ReplayMismatch` where strategy or pruner decide otherwise."""
    enter(Step("ask", trial.trial))
    try:
        proposal = strategy.ask()
    except Exhausted:
        raise ReplayMismatch(f"trial {trial.trial} was {trial.config} and is none when asked again") from None
    config = encode(proposal.config)
    if config != trial.config:
        raise ReplayMismatch(f"trial {trial.trial} was {trial.config} and is {config} when asked again")
    if pruner is not None:
        replay_looks(pruner, proposal.id, trial)
    return proposal


def replay_looks(pruner: Pruner, proposal_id: int, trial: Trial) -> None:
    """Show `pruner` the looks of a stored trial; it must stop where it stopped, and nowhere else."""
    looks = list(stored_looks(trial))
    for number, (step, value) in enumerate(looks, start=1):
        stop = pruner.should_stop(proposal_id, step, value) and not is_whole(step)
        if stop != (number == len(looks) and trial.status == "pruned"):
            raise ReplayMismatch(
                f"trial {trial.trial} was {'not ' if stop else ''}stopped at {step:.3g} of its full fidelity, "
                f"and is {'' if stop else 'not '}when looked at again"
            )


class Taker:
    """Takes a run's new trials: asks, and evaluates what is proposed."""

    def __init__(self, strategy: Strategy, problem: Problem, key: RunKey, pruner: Pruner | None, enter: Enter) -> None:
        self._strategy, self._problem, self._pruner, self._enter = strategy, problem, pruner, enter
        self._noise = TrialStreams("noise", key.seed, key.problem, key.dim, key.instance)
        self._durations = TrialStreams("duration", key.seed, key.problem, key.dim, key.instance)

    def take(self, number: int) -> tuple[Proposal, Trial]:
        """The trial of this `number`, not told yet."""
        problem, pruner = self._problem, self._pruner
        self._enter(Step("ask", number))
        started_at, start = time(), perf_counter()
        proposal = self._strategy.ask()
        asked = perf_counter()
        problem.space.validate(proposal.config)
        config, noise = encode(proposal.config), self._noise.stream(number)
        duration = self._duration(number, proposal.config)
        should_stop = None if pruner is None else partial(pruner.should_stop, proposal.id)
        self._enter(Step("trial", number, config, asked - start, started_at, duration))
        ready = perf_counter()
        result = evaluate(problem, proposal.config.copy(), noise, should_stop)
        seconds = asked - start, perf_counter() - ready, 0.0
        return proposal, Trial(number, config, *result, *seconds, started_at, duration)

    def _duration(self, number: int, config: Config) -> float:
        duration = finite(self._problem.duration(config.copy(), self._durations.stream(number)), "duration")
        if duration <= 0:
            raise ValueError(f"the duration of a trial must be positive, got {duration} for {config}")
        return duration


def search(
    strategy: Strategy,
    problem: Problem,
    key: RunKey,
    stored: Sequence[Trial],
    sink: Sink,
    pruner: Pruner | None,
    enter: Enter,
    incumbent: Incumbent,
    *,
    workers: int,
) -> None:
    """The loop itself: the trials after `stored`, to the end of the budget; raises what strategy and pruner raise.

    One of several simulated workers that is free asks; what its trial came to is told when it ends. The `stored` trials
    are asked and told again in just that order. A trial that was pruned takes its share off the budget, every other
    one 1; one begins only while the rest of the budget would pay for all of it, so that nobody ever looks beyond it.
    A trial is handed to `sink` before the next one is asked, with the seconds that tells took in between. `incumbent`
    sees them all.
    """
    taker = Taker(strategy, problem, key, pruner, enter)
    schedule: Schedule[tuple[int, Proposal, float | None]] = Schedule(workers)
    number, spent, told_s = 0, 0.0, 0.0
    new: Trial | None = None  # not handed over yet
    affordable = key.budget - 1.0 + TOLERANCE  # the most that may be spent before another trial
    while True:
        if schedule.must_end:
            ended, proposal, value = schedule.end()
            enter(Step("tell", ended))
            telling = perf_counter()
            strategy.tell(proposal, value)
            told_s += perf_counter() - telling
            continue
        if new is not None:
            sink.add(new._replace(tell_s=told_s))
        if spent > affordable:
            return
        number += 1
        if number <= len(stored):
            trial = stored[number - 1]
            proposal = replayed(strategy, pruner, trial, enter)
        else:
            proposal, trial = taker.take(number)
            new = trial
        incumbent.see(trial)
        told_s = 0.0
        spent += trial.spent
        schedule.begin(number, trial.duration or 0.0, (number, proposal, trial.value))
