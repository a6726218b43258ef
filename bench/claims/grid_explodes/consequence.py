"""What the collapse means for the value found: regret at a fixed budget as parameters are added.

On the synthetic problems every parameter matters; in the training the first is the learning rate, and each further one
is taken from its default and searched too. `full` takes about twenty minutes on two cores.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bench.analysis.regret import simple_regret
from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.claims.intervals import half_width, mean_effect
from bench.claims.runs import run
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import style_of

TRAINING = "mlp-digits"
SYNTHETIC_TRIALS, TRAINING_TRIALS = 100, 16
SEEDS = {"quick": 20, "full": 200}
TRAINING_SEEDS = {"quick": 5, "full": 200}
ORDER = ("sobol", "random", "grid")
UNITS: Mapping[bool, str] = {True: "held-out error", False: "decades of normalised regret"}


def normalised(trials: pd.DataFrame) -> pd.DataFrame:
    """The end of every run: log10 of its regret over the median regret of one random trial of its problem and dim."""
    scored = simple_regret(trials)
    single = scored[scored["strategy"] == "random"]
    one = (single["true_value"] - single["optimum"]).groupby([single["problem"], single["dim"]]).median()
    ends = scored.groupby(["problem", "dim", "strategy", "seed"], as_index=False).tail(1)
    scale = one.loc[pd.MultiIndex.from_frame(ends[["problem", "dim"]])].to_numpy()
    return ends.assign(score=np.log10(ends["regret"] / scale))


def experiment(setting: Setting) -> Data:
    """`ends`: one row per run; its `score` is better when smaller."""
    synthetic = run(
        setting, "grid-explodes", problems="sphere,rosenbrock", dims="2..10", strategies="grid,random,sobol",
        trials=SYNTHETIC_TRIALS, seeds=SEEDS[setting.profile],
    )  # fmt: skip
    training = run(
        setting, "grid-explodes-training", problems=TRAINING, dims="1,2,4,8", strategies="grid,random",
        trials=TRAINING_TRIALS, seeds=TRAINING_SEEDS[setting.profile],
    )  # fmt: skip
    ends = simple_regret(training.trials).groupby(["problem", "dim", "strategy", "seed"], as_index=False).tail(1)
    both = pd.concat([normalised(synthetic.trials), ends.assign(score=ends["incumbent_test"])])
    return {"ends": both[["problem", "dim", "strategy", "seed", "score"]].reset_index(drop=True)}


def slopes(rows: pd.DataFrame) -> pd.Series:
    """Least-squares slope of the score over the dimension, per seed: change per added parameter."""
    wide = rows.pivot(index="seed", columns="dim", values="score")
    dims = wide.columns.to_numpy(dtype=float)
    centred = dims - dims.mean()
    slope: pd.Series = wide @ centred / (centred @ centred)
    return slope


def judge(data: Data) -> Finding:
    """How much worse the grid's result gets per added parameter; random search's beside."""
    effects: list[Effect] = []
    for problem, rows in data["ends"].groupby("problem", sort=False):
        unit, last = UNITS[problem == TRAINING], rows["dim"].max()
        of = dict(list(rows.groupby("strategy")))
        effects += [
            mean_effect(f"grid, {problem}: {unit} per added parameter", slopes(of["grid"]), "seeds", 0.0),
            mean_effect(
                f"random, {problem}: {unit} per added parameter (reported only)", slopes(of["random"]), "seeds"
            ),
        ]
        ends = {name: group[group["dim"] == last].set_index("seed")["score"] for name, group in of.items()}
        behind = ends["grid"] - ends["random"]
        effects.append(mean_effect(f"grid − random, {problem}, d = {last}: {unit} (reported only)", behind, "seeds"))
    return Finding(effects)


def draw(data: Data) -> Sequence[Drawing]:
    """One panel per problem: the result at the end of the budget against the number of parameters."""
    ends = data["ends"]
    problems = list(ends["problem"].unique())
    title = "What the same budget finds as parameters are added"
    subtitle = "Mean and 95 % interval over seeds; every parameter of the two functions matters"
    with theme():
        sheet = page(len(problems) + len(problems) % 2, title, subtitle, [], [], (3.5, 2.5), (0.85, 0.8))
        for spare in sheet.panels[len(problems) :]:
            spare.set_axis_off()
        for index, (ax, problem) in enumerate(zip(sheet.panels, problems, strict=False)):
            rows, real = ends[ends["problem"] == problem], problem == TRAINING
            for name in ORDER:
                wide = rows[rows["strategy"] == name].pivot(index="seed", columns="dim", values="score")
                if wide.empty:
                    continue
                mean, half = wide.mean().to_numpy(), np.array([half_width(wide[dim]) for dim in wide])
                low, high = (mean - half, mean + half) if real else (10 ** (mean - half), 10 ** (mean + half))
                style = style_of(name)
                ax.plot(wide.columns, mean if real else 10**mean, **style.line(), label=name, zorder=3)
                ax.fill_between(wide.columns, low, high, color=style.colour, alpha=0.12, linewidth=0)
            ax.set_ylabel(UNITS[True] if real else "regret / that of one random trial")
            if index + 2 >= len(problems):  # nothing below
                ax.set_xlabel("parameters d")
            ax.set_xticks(sorted(rows["dim"].unique()))
            if not real:
                ax.set_yscale("log")
            seeds, trials = rows["seed"].nunique(), TRAINING_TRIALS if real else SYNTHETIC_TRIALS
            title_panel(ax, f"{problem}: {trials} trials, n = {seeds} seeds")
            ax.legend(frameon=False, loc="best")
    caption = (
        "How to read: lower is better. For the functions, 1 is the median of a single random trial and 0 the optimum: "
        "the budget buys less and less. For the training, the held-out error of the trial that each strategy would "
        "choose. Compare the grid with random search: where all parameters matter, both suffer from the dimension."
    )
    return [Drawing("consequence", title, caption, sheet.figure)]


PART = Part(
    name="consequence",
    statement="At a fixed budget, what grid search finds gets worse with each parameter that is added.",
    supports="The grid's normalised regret on both functions, and the training's held-out error, rise with d.",
    refutes="On one of the functions or in the training they do not rise.",
    rule=(
        f"{SYNTHETIC_TRIALS} trials on sphere and rosenbrock, d = 2 … 10: slope over d of log10 (regret over the "
        f"median regret of one random trial); {TRAINING_TRIALS} trials on {TRAINING}, d = 1, 2, 4, 8: slope of the "
        "chosen trial's held-out error; per seed. Holds when the grid's three 95 % intervals of slopes lie above 0; "
        "does not hold when one lies at or below 0; else undecided. Random search is reported and does not decide."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "The same number of trials is worth less with each parameter that is searched, for a grid and for random "
            "search too. What helps is to search fewer parameters first, not to add levels."
        ),
        "does not hold": "Somewhere more parameters did not make the grid's result worse: see which, and by how much.",
        "undecided": "The seeds differ too much to say that the grid's result gets worse as parameters are added.",
    },
)
