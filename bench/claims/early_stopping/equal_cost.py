"""At equal cost: does what stopping saves, spent on more trials, lead to a better config?

Quick: 16 seeds of 20 full trainings of mlp-digits, some ten minutes on two cores. Full: 40 seeds of 60 on two problems.
"""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.ticker import PercentFormatter

from bench.analysis.regret import regret_curves
from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.intervals import mean_effect
from bench.claims.runs import run
from bench.claims.shares import EVEN, share_effect
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import style_of
from bench.records import pair_label
from strategies.pruners.registry import NO_PRUNER

PROBLEMS: Mapping[str, tuple[str, ...]] = {"quick": ("mlp-digits",), "full": ("mlp-digits", "cnn-digits")}
DIM = 10
BUDGET: Mapping[str, int] = {"quick": 20, "full": 60}
SEEDS: Mapping[str, int] = {"quick": 16, "full": 40}
STRATEGIES = ("random", "gp")
PRUNERS = ("asha", "hyperband")
DECIDES = "asha"


def experiment(setting: Setting) -> Data:
    """Validation and test error of the final incumbent of every strategy with every pruner and with none."""
    found = run(
        setting, "equal-cost", problems=list(PROBLEMS[setting.profile]), dims=[DIM], strategies=list(STRATEGIES),
        pruners=[NO_PRUNER, *PRUNERS], trials=BUDGET[setting.profile], seeds=SEEDS[setting.profile],
    )  # fmt: skip
    begun = found.trials.groupby(["problem", "strategy", "pruner", "seed"]).size().rename("trials").reset_index()
    curves = regret_curves(found.runs, found.trials)
    last = curves.groupby(["problem", "strategy", "pruner", "seed"]).tail(1)
    last = last.rename(columns={"incumbent_value": "validation", "incumbent_test": "test"})
    ends = last[["problem", "strategy", "pruner", "seed", "validation", "test"]].merge(begun)
    return {"ends": ends.reset_index(drop=True)}


def compared(ends: pd.DataFrame, strategy: str, pruner: str) -> pd.DataFrame:
    """Pairs of runs on the same instance, with `pruner` and without: `chance` (1: lower with it, ties ½), `gained`."""
    own = ends[ends["strategy"] == strategy]
    key = ["problem", "seed"]
    both = own[own["pruner"] == pruner].merge(own[own["pruner"] == NO_PRUNER], on=key, suffixes=("", "_without"))
    lower = (both["validation"] < both["validation_without"]).astype(float)
    ties = both["validation"] == both["validation_without"]
    return both.assign(chance=lower.mask(ties, 0.5), gained=both["test_without"] - both["test"])


def judge(data: Data) -> Finding:
    """P(ahead with the pruner) of each strategy and problem; what is gained in test error is reported."""
    decide: list[Effect] = []
    beside: list[Effect] = []
    for problem, ends in data["ends"].groupby("problem", sort=False):
        for strategy in STRATEGIES:
            for pruner in PRUNERS:
                pairs = compared(ends, strategy, pruner)
                label = pair_label(strategy, pruner)
                name = f"{problem}: P({label} ahead of {strategy} at equal cost)"
                if pruner == DECIDES:
                    decide.append(share_effect(name, pairs["chance"], "runs", EVEN))
                else:
                    beside.append(share_effect(name, pairs["chance"], "runs"))
                beside.append(mean_effect(f"{problem}: test error gained by {label}", pairs["gained"], "runs"))
                beside.append(mean_effect(f"{problem}: trials begun by {label}", pairs["trials"], "runs"))
    return Finding([*decide, *beside])


def draw(data: Data) -> Sequence[Drawing]:
    """A panel per problem, a row per strategy with a pruner: how often it is ahead of the strategy alone."""
    problems = list(data["ends"]["problem"].unique())
    labels = [(strategy, pruner) for strategy in STRATEGIES for pruner in PRUNERS]
    seeds = data["ends"]["seed"].nunique()
    title = "Is a search with early stopping ahead of the same search without it, at equal cost?"
    subtitle = (
        "Share of pairs of runs (same data, same budget in full trainings) in which the validation error of the winner "
        f"is lower with stopping, ties ½; 95 % intervals, n = {seeds} pairs per mark"
    )
    with theme():
        sheet = page(len(problems), title, subtitle, [], [], (4.2, 1.9), (1.35, 1.35))
        for ax, problem in zip(sheet.panels, problems, strict=True):
            ends = data["ends"][data["ends"]["problem"] == problem]
            for height, (strategy, pruner) in enumerate(labels):
                effect = share_effect("", compared(ends, strategy, pruner)["chance"], "runs")
                style = style_of(pair_label(strategy, pruner))
                ax.hlines(height, effect.low, effect.high, color=style.colour, linewidth=1.5)
                ax.plot(effect.value, height, style.marker, color=style.colour, markersize=7)
            ax.axvline(EVEN, color="black", linewidth=0.8)
            ax.set_yticks(range(len(labels)), [pair_label(*label) for label in labels])
            ax.set(xlim=(0, 1), ylim=(len(labels) - 0.5, -0.5), xlabel="ahead of the strategy alone")
            ax.xaxis.set_major_formatter(PercentFormatter(1.0))
            title_panel(ax, problem)
    caption = (
        "How to read: right of the line, what stopping saved was well spent on more trials; left of it, too many good "
        "trials were stopped, or the strategy was misled by the values of trainings that were not finished."
    )
    return [Drawing("equal-cost", title, caption, sheet.figure)]


PART = Part(
    name="equal-cost",
    statement="At equal cost, a search with early stopping finds a better config than the same search without.",
    supports="On every problem, random+asha is ahead of random, and gp+asha of gp.",
    refutes="One of them is ahead in half of the runs or fewer.",
    rule=(
        "Runs on the same data with the same budget, in full trainings, of which a stopped one takes its share. Holds "
        "when the 95 % interval of P(the winner's validation error is lower with asha), ties ½, lies above ½ for "
        "random search and for gp on every problem; does not hold when one lies at or below; else undecided. "
        "Hyperband, the gain in test error and the number of trials begun are reported beside."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": "Stop early, and let what is saved pay for more trials: right for random search and for a model.",
        "does not hold": (
            "For one of the two, what stopping saved was not worth what it stopped: keep every training to its end "
            "where a model chooses them, or use a gentler rule."
        ),
        "undecided": (
            "Two to four times as many trials for the same price helped a little or not at all: these runs do not show "
            "a difference either way. Where full trainings are cheap, stopping early is no great matter."
        ),
    },
)
