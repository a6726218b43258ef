"""With few trials: the learning rate alone, or all ten hyperparameters?

Both searches are runs of the harness: `mlp-digits` in one dimension, where the nine others stay at their defaults, and
in ten. An instance's data split is drawn by a stream that is named by the dimension too, so the two dimensions do not
share their splits: the runs are independent samples and are compared unpaired (Welch's interval).

Two more tables say what it owes to the defaults: the defaults as they are, without any search; and the learning rate
alone while the others stay at random values, drawn once per run. These are no strategies; they call the problem itself.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter
from numpy.random import Generator
from scipy.stats import t

from bench.analysis.regret import simple_regret
from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.intervals import LEVEL, half_width, mean_effect
from bench.claims.runs import run
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import BLACK, DASHED, DOTTED, GREEN, SOLID, Dash, style_of
from bench.records import RunKey
from bench.run import make_problem
from bench.threads import one_thread
from problems.base import Problem
from problems.space import Config, Floats

TRAINING, ALONE, ALL = "mlp-digits", 1, 10  # dimensions
FIRST = "learning_rate"
STRATEGIES = ("random", "sobol")
SEEDS = {"quick": 16, "full": 200}
TRIALS = 32
FEW = range(2, 10)  # the trials that the claim is about
SHOWN = (2, 4, 8, 16, 32)
CHANCE = 0.9  # the error of a network that has diverged, with ten classes


def experiment(setting: Setting) -> Data:
    """Incumbents by trial of both searches, and what the defaults are worth."""
    seeds = SEEDS[setting.profile]
    found = run(
        setting, "learning-rate-alone", problems=TRAINING, dims=f"{ALONE},{ALL}", strategies=",".join(STRATEGIES),
        trials=TRIALS, seeds=seeds,
    )  # fmt: skip
    with one_thread():
        direct = [row for seed in range(seeds) for row in without_defaults(seed, setting.rng)]
    return {"incumbents": incumbents(found.trials), "defaults": pd.DataFrame(direct)}


def incumbents(trials: pd.DataFrame) -> pd.DataFrame:
    """Columns `dim`, `strategy`, `seed`, `trial`, `validation`, `test`: errors of the best told config so far.

    Before the first success there is none: the error of guessing stands in.
    """
    curves = simple_regret(trials)
    return pd.DataFrame(
        {
            **{name: curves[name] for name in ("dim", "strategy", "seed", "trial")},
            "validation": curves["incumbent_value"].fillna(CHANCE),
            "test": curves["incumbent_test"].fillna(CHANCE),
        }
    )


def without_defaults(seed: int, rng: Generator) -> list[dict[str, object]]:
    """The untouched defaults, and the incumbents of tuning the learning rate beside random values of the others."""
    problem = make_problem(RunKey(TRAINING, ALL, seed, "random", seed, 1))
    _, test = errors(problem, {}, rng)  # what a config leaves out is at its default
    rows: list[dict[str, object]] = [{"others": "default, learning rate too", "seed": seed, "trial": 1, "test": test}]
    others = problem.space.sample(rng)
    best, chosen = math.inf, CHANCE
    for trial in range(1, max(FEW) + 1):
        told, test = errors(problem, {**others, FIRST: problem.space.sample(rng)[FIRST]}, rng)
        if told < best:
            best, chosen = told, test
        rows.append({"others": "random values", "seed": seed, "trial": trial, "test": chosen})
    return rows


def errors(problem: Problem, config: Config, rng: Generator) -> tuple[float, float]:
    """Validation and test error of a whole training; guessing's where it diverged."""
    *_, last = problem.observe(config, rng)
    if not math.isfinite(last.value) or last.test_value is None:
        return CHANCE, CHANCE
    return last.value, last.test_value


def over_few(rows: pd.DataFrame, column: str) -> Floats:
    """Per seed, the mean of `column` over the trials that the claim is about."""
    means: Floats = rows[rows["trial"].isin(FEW)].groupby("seed")[column].mean().to_numpy()
    return means


def after(rows: pd.DataFrame, trials: int) -> Floats:
    """Test errors (seeds,) after that many trials."""
    tests: Floats = rows.loc[rows["trial"] == trials, "test"].to_numpy(dtype=float)
    return tests


def difference(name: str, more: Floats, less: Floats, threshold: float | None = None) -> Effect:
    """The difference of the means of two independent samples, with Welch's interval (1947, Biometrika 34:28-35)."""
    variances = np.array([sample.var(ddof=1) / len(sample) for sample in (more, less)])  # of the means
    freedom = np.array([len(more) - 1, len(less) - 1])
    whole = float(variances.sum())
    half = 0.0
    if whole > 0.0:
        half = float(t.ppf((1 + LEVEL) / 2, whole**2 / np.sum(variances**2 / freedom)) * math.sqrt(whole))
    value = float(more.mean() - less.mean())
    return Effect(name, value, value - half, value + half, min(len(more), len(less)), "seeds per side", threshold)


def judge(data: Data) -> Finding:
    """Test error over 2 to 9 trials: of all ten minus of the learning rate alone, by random search and by Sobol'."""
    table = data["incumbents"]
    decide: list[Effect] = []
    beside: list[Effect] = []
    for strategy in STRATEGIES:
        alone, every = (table[(table["strategy"] == strategy) & (table["dim"] == dim)] for dim in (ALONE, ALL))
        said = f"{strategy}: tuning all ten − the learning rate alone"
        name = f"{said}, test error, mean over 2 to 9 trials"
        decide.append(difference(name, over_few(every, "test"), over_few(alone, "test"), 0.0))
        for trials in SHOWN:
            name = f"{said}, test error after {trials} trials (reported only)"
            beside.append(difference(name, after(every, trials), after(alone, trials)))
        name = f"{said}, validation error, 2 to 9 trials (reported only)"
        beside.append(difference(name, over_few(every, "validation"), over_few(alone, "validation")))
    random = table[table["strategy"] == "random"]
    by_random = {dim: over_few(random[random["dim"] == dim], "test") for dim in (ALONE, ALL)}
    defaults = data["defaults"]
    untouched = defaults.loc[defaults["others"] != "random values", "test"].to_numpy()
    beside_random = over_few(defaults[defaults["others"] == "random values"], "test")
    beside += [
        mean_effect("the defaults untouched, test error (reported only)", untouched, "seeds"),
        difference("the defaults untouched − the learning rate tuned alone, 2 to 9 trials (reported only)",
                   untouched, by_random[ALONE]),
        difference("tuning all ten − the learning rate alone, the others at random values (reported only)",
                   by_random[ALL], beside_random),
    ]  # fmt: skip
    return Finding([*decide, *beside])


def draw(data: Data) -> Sequence[Drawing]:
    """Test error of the incumbent against trials, a panel per strategy."""
    table, defaults = data["incumbents"], data["defaults"]
    seeds = table["seed"].nunique()
    title = "Few trials: tune the learning rate alone, or all ten hyperparameters?"
    subtitle = (
        f"{TRAINING}: test error of the config with the lowest validation error so far; "
        f"mean and 95 % interval, n = {seeds} seeds"
    )
    untouched = defaults.loc[defaults["others"] != "random values", "test"]
    beside_random = defaults[defaults["others"] == "random values"]
    with theme():
        sheet = page(len(STRATEGIES), title, subtitle, [], [], (3.7, 3.0), (0.8, 0.4))
        for ax, strategy in zip(sheet.panels, STRATEGIES, strict=True):
            rows = table[table["strategy"] == strategy]
            ax.axvspan(min(FEW), max(FEW), color="#F3F0E4", linewidth=0, zorder=0)
            band(ax, rows[rows["dim"] == ALL], style_of(strategy).colour, SOLID, "all ten")
            band(ax, rows[rows["dim"] == ALONE], GREEN, SOLID, "learning rate alone, others at defaults")
            if strategy == "random":
                band(ax, beside_random, GREEN, DOTTED, "learning rate alone, others at random values")
            ax.axhline(untouched.mean(), color=BLACK, linewidth=1, linestyle=DASHED, label="the defaults, no search")
            ax.set_xscale("log", base=2)
            ax.set(xlim=(1, TRIALS), ylim=(0, 1), xlabel="trials", xticks=[1, *SHOWN])
            ax.set_xticklabels(["1", *map(str, SHOWN)])
            ax.yaxis.set_major_formatter(PercentFormatter(1.0))
            title_panel(ax, f"{strategy} search")
        sheet.panels[0].set_ylabel("test error")
        # in the panel with room for it, but of the lines of both
        lines = {str(line.get_label()): line for ax in sheet.panels for line in ax.get_lines()}
        sheet.panels[-1].legend(list(lines.values()), list(lines), frameon=False, fontsize=7.5, loc="upper right")
    caption = (
        "How to read: lower is better; the shaded trials are those that the claim is about. All ten are grey for "
        "random search and blue for Sobol'. The dashed line needs no search at all: what the learning rate alone gains "
        "on it is small where the defaults are good. The dotted line shows what is left of the advice where nobody has "
        "chosen good values for the nine others."
    )
    return [Drawing("alone-or-all", title, caption, sheet.figure)]


def band(ax: Axes, rows: pd.DataFrame, colour: str, dash: Dash, label: str) -> None:
    """Mean test error against trials, with its interval over seeds."""
    wide = rows.pivot(index="seed", columns="trial", values="test")
    mean, half = wide.mean(), np.array([half_width(wide[trial]) for trial in wide])
    ax.plot(wide.columns, mean, color=colour, linestyle=dash, linewidth=1.8, label=label, zorder=3)
    ax.fill_between(wide.columns, mean - half, mean + half, color=colour, alpha=0.15, linewidth=0)


PART = Part(
    name="alone-first",
    statement="With fewer than ten trials, tuning the learning rate alone beats tuning all ten hyperparameters.",
    supports="Over 2 to 9 trials the learning rate alone leads to a lower test error, by random and by Sobol' search.",
    refutes="By one of the two searches, tuning all ten leads to a test error as low, or lower.",
    rule=(
        "Test error of the config with the lowest validation error so far, mean over 2 to 9 trials: tuning all ten "
        "minus tuning the learning rate alone, the others at their defaults. The data are split independently in the "
        "two, so that the runs are compared unpaired. Holds when the 95 % interval (Welch) lies above 0 for random and "
        "for Sobol' search, does not hold when one lies at or below 0; else undecided. Reported beside: 2, 4, 8, 16 "
        "and 32 trials, the untouched defaults, and the same with the nine others at random values."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "With a handful of trials, tune the learning rate and leave the rest alone: most random configs of ten "
            "hyperparameters are bad, and a few draws do not find a good one. This is worth as much as the defaults "
            "of the others: compare with the defaults untouched, and with others at random values, before you thank "
            "the learning rate."
        ),
        "does not hold": (
            "Here a few trials over all ten hyperparameters were as good as the same number spent on the learning rate "
            "alone: the defaults of the others were worth leaving."
        ),
        "undecided": "With so few seeds, neither search is clearly better in the first trials.",
    },
)
