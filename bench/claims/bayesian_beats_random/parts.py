"""At equal trials and at equal time, on test functions and on trainings: five statements, five verdicts."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from bench.claims.bayesian_beats_random.experiments import BBOB, FUNCTIONS, TRAININGS, chances
from bench.claims.bayesian_beats_random.figures import FAMILIES, SECONDS, by_budget, by_cost
from bench.claims.claim import Data, Effect, Finding, Part, Setting, Verdict
from bench.claims.intervals import mean_effect
from bench.claims.shares import EVEN, share_effect
from bench.plots.page import Drawing

DECIDING, BUDGET = "gp", 50  # fixed before any run


def on_functions(setting: Setting) -> Data:
    """Test functions, and BBOB's where they are installed."""
    tables = [chances(setting, FUNCTIONS, FUNCTIONS.peers)]
    if BBOB.installed:
        tables.append(chances(setting, BBOB))
    return {"chances": pd.concat(tables, ignore_index=True)}


def on_trainings(setting: Setting) -> Data:
    """Trainings."""
    return {"chances": chances(setting, TRAININGS, TRAININGS.peers)}


def at_equal_time(setting: Setting) -> Data:
    """Both, at every cost of a trial; the runs are those of the parts at equal trials."""
    tables = [chances(setting, family, family.peers) for family in (FUNCTIONS, TRAININGS)]
    return {"chances": pd.concat(tables, ignore_index=True)}


def judge_trials(family: str, data: Data) -> Finding:
    """`gp` with 50 trials in each dimension decides; other budgets, other strategies and BBOB are reported."""
    rows = data["chances"][data["chances"]["cost"].isna()]
    own, others = rows[rows["family"] == family], rows[rows["family"] != family]
    decided = own[(own["strategy"] == DECIDING) & (own["budget"] == BUDGET)]
    effects = ahead(decided, f"{DECIDING}, {BUDGET} trials", EVEN)
    effects += [
        mean_effect(f"log10 of random's regret over {DECIDING}'s, d = {dim}", group["decades"], "runs")
        for dim, group in decided.groupby("dim")
    ]
    effects += ahead(others[others["budget"] == BUDGET], f"{DECIDING} on BBOB, {BUDGET} trials")
    rest = own.drop(decided.index)
    for budget, group in rest[rest["strategy"] == DECIDING].groupby("budget"):
        effects += ahead(group, f"{DECIDING}, {int(str(budget))} trials")
    for strategy, group in rest[(rest["strategy"] != DECIDING) & (rest["budget"] == BUDGET)].groupby("strategy"):
        effects += ahead(group, f"{strategy}, {BUDGET} trials")
    return Finding(effects)


def judge_time(cost: float, data: Data) -> Finding:
    """`gp` with 50 trials that cost `cost` seconds each, in each dimension of each family there is at that cost."""
    rows = data["chances"][(data["chances"]["cost"] == cost) & (data["chances"]["budget"] == BUDGET)]
    decided = rows[rows["strategy"] == DECIDING]
    effects: list[Effect] = []
    for family, words in FAMILIES.items():
        effects += ahead(decided[decided["family"] == family], f"{DECIDING}, {words}", EVEN)
    functions = rows[rows["family"] == FUNCTIONS.name]
    for strategy, group in functions[functions["strategy"] != DECIDING].groupby("strategy"):
        effects += ahead(group, f"{strategy}, {FAMILIES[FUNCTIONS.name]}")
    effects += [
        mean_effect(
            f"trials of random search in the same time, {FAMILIES[str(family)]}", group["random_trials"], "runs"
        )
        for family, group in decided.groupby("family")
    ]
    if decided["capped"].any():  # in favour of gp, so it is said
        effects.append(share_effect("share of runs for which random's pool was too small", decided["capped"], "runs"))
    return Finding(effects)


def ahead(rows: pd.DataFrame, who: str, threshold: float | None = None) -> list[Effect]:
    """P(ahead of random) in each dimension of `rows`."""
    return [
        share_effect(f"P(ahead of random): {who}, d = {dim}", group["chance"], "runs", threshold)
        for dim, group in rows.groupby("dim")
    ]


RULE = (
    "The homemade `gp` decides, at {budget} trials; each run's chance to be ahead of a random search on the same "
    "instance is taken over all draws that random search made there. Holds when the 95 % interval over runs lies above "
    "½ in {where}; does not hold when one lies at or below ½; else undecided. The problems are those named; the "
    "interval says nothing about others."
)

AT_EQUAL_TRIALS: Mapping[str, Part] = {
    "functions": Part(
        name="functions",
        statement=f"With {BUDGET} trials on test functions, Bayesian search finds lower values than random search.",
        supports="In 2, 5 and 10 dimensions alike, it is ahead more often than not.",
        refutes="In one of the dimensions, random search is ahead as often, or more often.",
        rule=f"Functions: {', '.join(FUNCTIONS.problems)}. " + RULE.format(budget=BUDGET, where="every dimension"),
        experiment=on_functions,
        judge=partial(judge_trials, FUNCTIONS.name),
        draw=lambda data: [by_budget(data["chances"], "bayesian-functions")],
        take_away={
            "holds": (
                "Where trials are counted, a model that learns from them beats random search on functions, in few and "
                "in many dimensions. Ten trials are hardly enough to learn from; from twenty or fifty on the gap is "
                "wide, and random search would need many times as many trials."
            ),
            "does not hold": "In at least one dimension, fifty trials of Bayesian search were no better than random.",
            "undecided": "Bayesian search may be ahead, but not so clearly that these runs show it in every dimension.",
        },
    ),
    "trainings": Part(
        name="trainings",
        statement=f"With {BUDGET} trials on real trainings, Bayesian search finds lower errors than random search.",
        supports="In 2 and in 5 dimensions, it is ahead more often than not.",
        refutes="In one of the dimensions, random search is ahead as often, or more often.",
        rule=f"Trainings: {', '.join(TRAININGS.problems)}, by the error that the search is told. "
        + RULE.format(budget=BUDGET, where="every dimension"),
        experiment=on_trainings,
        judge=partial(judge_trials, TRAININGS.name),
        draw=lambda data: [by_budget(data["chances"], "bayesian-trainings")],
        take_away={
            "holds": (
                "On real trainings too, a model that learns from its trials beats random search at the same number of "
                "them. The errors themselves lie closer together than regrets of test functions do: look at how much "
                "is won, and whether it is worth it to you."
            ),
            "does not hold": "On these trainings, fifty trials of Bayesian search were no better than random search.",
            "undecided": (
                "On real trainings the gap is small beside the luck of the data: these runs do not show it in every "
                "dimension. Bayesian search costs next to nothing beside a training, so little is lost by using it."
            ),
        },
    ),
}


def timed(name: str, cost: float, where: str, take_away: Mapping[Verdict, str], draws: bool = False) -> Part:
    """The part for trials of `cost` seconds; only one of them draws, for the figure shows all costs."""
    words = SECONDS[cost]
    return Part(
        name=name,
        statement=f"With the optimiser's time counted, Bayesian search beats random search if a trial takes {words}.",
        supports=f"{BUDGET} trials find lower values than random search does in the same wall-clock time, {where}.",
        refutes="In one of these cases, random search is ahead as often, or more often.",
        rule=(
            f"A trial is taken to cost {words}, ask and tell what they took in the runs on this machine; random search "
            "gets as many trials as fit into the same time. Imports are not counted. "
            + RULE.format(budget=BUDGET, where=where)
        ),
        experiment=at_equal_time,
        judge=partial(judge_time, cost),
        draw=(lambda data: [by_cost(data["chances"], BUDGET, "bayesian-time")]) if draws else nothing,
        take_away=take_away,
    )


def nothing(data: Data) -> Sequence[Drawing]:
    """No figure."""
    return ()


FUNCTIONS_ONLY = "every dimension of test functions"
BOTH = "every dimension of test functions and of trainings"

AT_EQUAL_TIME: Sequence[Part] = (
    timed(
        "at-1-ms",
        1e-3,
        FUNCTIONS_ONLY,
        {
            "holds": (
                "Even where a trial takes a millisecond, and random search tries several times as many points in the "
                "same time, the model's choice of points was worth its time."
            ),
            "does not hold": (
                "Where a trial takes a millisecond, thinking costs more than trying: in at least one dimension random "
                "search, with its many more trials, is as good or better in the same time."
            ),
            "undecided": (
                "Where a trial takes a millisecond, a model's time is worth several trials of random search: who is "
                "ahead depends on the function, and these runs do not settle it."
            ),
        },
        draws=True,
    ),
    timed(
        "at-1-s",
        1.0,
        BOTH,
        {
            "holds": "From a second per trial on, the optimiser's own time is nothing: what counts are trials.",
            "does not hold": "In at least one case, random search was as good in the same time at a second per trial.",
            "undecided": (
                "At one second per trial the optimiser's own time no longer matters; what is undecided here is "
                "undecided at equal numbers of trials too."
            ),
        },
    ),
    timed(
        "at-1-min",
        60.0,
        BOTH,
        {
            "holds": "With trials of minutes, compare strategies by their trials; their own time is below notice.",
            "does not hold": "In at least one case, random search was as good in the same time at a minute per trial.",
            "undecided": (
                "At one minute per trial the optimiser's own time no longer matters; what is undecided here is "
                "undecided at equal numbers of trials too."
            ),
        },
    ),
)

PARTS: Sequence[Part] = (*AT_EQUAL_TRIALS.values(), *AT_EQUAL_TIME)
