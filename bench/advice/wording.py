"""The advice in words: who to take, who is as good, or why there is no evidence and what would make some."""

from collections.abc import Sequence

from bench.advice.ranking import FEWEST, Ranking
from bench.advice.situation import FARTHEST, Situation
from bench.analysis.scores import BASELINE
from bench.report.wording import between, listed, plural, seconds, share
from problems.registry import CHEAP, problem_entry

PLAIN = ("ackley", "rosenbrock", "levy", "styblinski-tang", "embedded-2")
CHOICES = ("mixed", "svm-digits", "forest-digits")
WITH_CHOICES = (5, 7)  # the dimensions in which all of `CHOICES` have some


def described(situation: Situation) -> str:
    """The situation in one line."""
    whole = situation.trials * situation.seconds / situation.workers
    parts = [
        f"{situation.dims} {plural('parameter', situation.dims)}",
        f"{situation.categorical} of them {plural('choice', situation.categorical)}" if situation.categorical else "",
        "noise" if situation.noise else "",
        f"{situation.trials} {plural('trial', situation.trials)} of {lasting(situation.seconds)}",
        f"{situation.workers} at a time" if situation.workers > 1 else "",
    ]
    return f"{', '.join(part for part in parts if part)}: {lasting(whole)} altogether"


def lasting(value: float) -> str:
    """A duration in the unit that suits, from microseconds to days."""
    for size, unit in ((86400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if value >= 2 * size:
            return f"{value / size:.3g} {unit}"
    return seconds(value)


def verdict(ranking: Ranking) -> str:
    """The pick with its interval and its peers; or that nothing is known to beat random search; or no evidence."""
    if ranking.pick is None:
        return f"{too_little(ranking)} {remedy(ranking.situation)}"
    (best,) = ranking.table[ranking.table["strategy"] == ranking.pick].to_dict("records")
    peers = ranking.peers
    alike = f" As good within the noise: {listed(peers)}." if peers else " No other is as good within the noise."
    if not ranking.sure:
        others = [name for name in (ranking.pick, *peers) if name != BASELINE]
        also = f" Not worse within the noise: {listed(others)}." if others else ""
        return f"No evidence that anything beats random search here.{also}"
    left = f"{share(best['score'])} ({between(best['low'], best['high'], share)})"
    doubt = (
        "" if ranking.pick in ranking.sure else f" It is not seen to beat random search, unlike {listed(ranking.sure)}."
    )
    return f"Take {ranking.pick}: it leaves {left} of the regret that random search leaves in this time.{doubt}{alike}"


def too_little(ranking: Ranking) -> str:
    """Why there is no ranking."""
    count = len(ranking.problems)
    which = f" ({listed(ranking.problems)})" if count else ""
    return (
        f"No evidence: {count or 'no'} {plural('problem', count)} on record {'is' if count == 1 else 'are'} like this"
        f"{which}, {FEWEST} are needed, with strategies that have so many trials in that time."
    )


def remedy(situation: Situation) -> str:
    """A command that makes evidence for the situation, and one that uses it."""
    problems: Sequence[str] = PLAIN
    dims = situation.dims
    if situation.categorical:
        problems, dims = CHOICES, min(max(dims, WITH_CHOICES[0]), WITH_CHOICES[1])
        if not dims / FARTHEST <= situation.dims <= dims * FARTHEST:
            return "There are no such problems here; run some of your own (docs/write-your-own.md), then --from NAME."
    if situation.noise:  # trainings have their own
        problems = [f"{name}+noise=10%" if problem_entry(name).factory in CHEAP else name for name in problems]
    workers = f" --workers {situation.workers} --clock simulated" if situation.workers > 1 else ""
    return (
        f"This makes some: python -m bench run --problems {','.join(problems)} --dims {dims} "
        f"--strategies random,gp,optuna-tpe,cmaes --trials {situation.trials} --seeds 3{workers} --name mine; "
        "then recommend --from mine."
    )
