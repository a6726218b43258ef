"""The four cells: what is advised, what decides, what to take away."""

from collections.abc import Mapping, Sequence
from functools import partial

from bench.claims.budget_table.advice import CELLS, WORDS, Cell
from bench.claims.budget_table.experiments import DIM, NETWORK, ON_FUNCTIONS, PRUNER, STOPPED, experiment
from bench.claims.budget_table.figures import draw_cell, draw_table
from bench.claims.claim import Data, Effect, Finding, Part, Verdict
from bench.claims.intervals import mean_effect
from bench.claims.shares import EVEN, share_effect
from bench.plots.page import Drawing


def judge(cell: Cell, data: Data) -> Finding:
    """P(the advised method is ahead) of each alternative decides; what stopping did is reported where it belongs."""
    chances = data["chances"][data["chances"]["budget"] == cell.budget]
    effects: list[Effect] = []
    for family, method in cell.advised.items():
        own = chances[(chances["family"] == family) & (chances["method"] == method)]
        effects += [
            share_effect(f"{family}: P({method} ahead of {other})", rows["chance"], "runs", EVEN)
            for other, rows in own.groupby("other")
        ]
    if STOPPED in cell.advised.values():
        stopped = data["stopped"]
        effects += [
            mean_effect(f"trials begun for the price of {cell.budget}", stopped["trials"], "runs"),
            mean_effect("trials that were stopped, share", stopped["stopped"], "runs"),
        ]
    return Finding(effects)


def part_of(cell: Cell, take_away: Mapping[Verdict, str]) -> Part:
    """The part that tests a cell; the first one draws the whole table."""
    advice = WORDS[cell.advised[NETWORK]]
    where = f"{NETWORK} ({cell.budget} trials)" + (
        f" and on test functions in {DIM} dimensions" if ON_FUNCTIONS in cell.advised else ""
    )
    equal_cost = (
        f" Early stopping is the `{PRUNER}` rule; a budget is counted in full trainings, of which a stopped one takes "
        "its share. On functions, which have no learning curves, Bayesian search without stopping stands for it."
        if STOPPED in cell.advised.values()
        else ""
    )
    return Part(
        name=cell.name,
        statement=f"With {cell.range}: {advice}.",
        supports=f"On {where}, the advised method is ahead of every other method of the table.",
        refutes="Another method of the table is ahead of it as often, or more often.",
        rule=(
            "Holds when the 95 % interval of P(the advised method is ahead) lies above ½ against every alternative "
            f"with the same budget; does not hold when one lies at or below ½; else undecided.{equal_cost}"
        ),
        experiment=experiment,
        judge=partial(judge, cell),
        draw=partial(draw_first if cell is CELLS[0] else draw_one, cell),
        take_away=take_away,
        version=2,
    )


def draw_first(cell: Cell, data: Data) -> Sequence[Drawing]:
    """The table, then the cell."""
    return [draw_table(data, CELLS), *draw_one(cell, data)]


def draw_one(cell: Cell, data: Data) -> Sequence[Drawing]:
    """The cell alone."""
    return [draw_cell(data, cell)]


PARTS: Sequence[Part] = (
    part_of(
        CELLS[0],
        {
            "holds": (
                "With a handful of trials, spend them all on the learning rate and keep good defaults for the rest: "
                "no method learns anything about ten parameters from eight trials."
            ),
            "does not hold": (
                "Even with a handful of trials, some other method found as low an error as tuning only the learning "
                "rate did: the advice is no rule, and it stands or falls with how good the defaults are."
            ),
            "undecided": "Tuning only the learning rate may be best with so few trials; these runs do not show it.",
        },
    ),
    part_of(
        CELLS[1],
        {
            "holds": "With a few dozen trials, random search is as good as the advice says: no model was better.",
            "does not hold": (
                "With thirty trials, random search is not the best choice: another method of the table was ahead. A "
                "model learns enough from ten trials to choose the next twenty better than chance does."
            ),
            "undecided": "With thirty trials, random search was not clearly ahead of the others, nor clearly behind.",
        },
    ),
    part_of(
        CELLS[2],
        {
            "holds": "With a hundred trials, Bayesian search is the method of choice, as the advice says.",
            "does not hold": "With a hundred trials, some simpler method did as well as Bayesian search.",
            "undecided": (
                "With a hundred trials, Bayesian search was not clearly ahead of every alternative in these runs."
            ),
        },
    ),
    part_of(
        CELLS[3],
        {
            "holds": (
                "With hundreds of trials, early stopping makes Bayesian search better at the same cost: what bad "
                "trainings would have cost buys more trials."
            ),
            "does not hold": (
                "With hundreds of trials, early stopping did not make Bayesian search better at the same cost: by then "
                "the errors are so close together that a few more trials change nothing, or a winner was stopped."
            ),
            "undecided": (
                "Early stopping buys many more trials for the same price; whether they buy a lower error, these runs "
                "do not settle."
            ),
        },
    ),
)
