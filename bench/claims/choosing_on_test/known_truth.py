"""Known truth: n configs whose true errors we know the law of, one test set of m cases each. Exact, nothing is drawn.

| symbol | meaning |
|---|---|
| `n`, `m` | configs tried, test cases |
| p | a config's true error, drawn from Beta(a, b) |
| K | its number of wrong test cases, Binomial(m, p); reported error K/m |
| S(k) | P(K ≥ k) of one config: beta-binomial |

The config with the smallest K is reported. It has K = k with probability S(k)ⁿ − S(k + 1)ⁿ, and given k its true error
is on average (a + k)/(a + b + m), however many it was chosen from. Hence, without simulation,

    optimism = Σ_k (S(k)ⁿ − S(k + 1)ⁿ) · [(a + k)/(a + b + m) − k/m].

Errors of different configs are independent given their p: as if each had a test set of its own. Real configs share one
and often fail on the same cases, which makes the optimism smaller; the real trainings show by how much.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import betabinom

from bench.claims.claim import Data, Effect, Finding, Part, Setting
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import BLUE, GREEN, ORANGE, VERMILION
from problems.space import Floats

MEAN = 0.1  # of p
SPREADS: Mapping[str, float] = {"alike": 0.01, "different": 0.05}  # standard deviation of p
TRIALS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
SIZES = (50, 100, 300, 1000, 3000, 10_000)
DECIDING = ((16, 1000), (64, 1000), (64, 100))  # (n, m)
COLOURS = {50: VERMILION, 100: ORANGE, 300: GREEN, 1000: BLUE}


def beta_of(mean: float, spread: float) -> tuple[float, float]:
    """The a and b of a Beta law with this mean and standard deviation."""
    total = mean * (1.0 - mean) / spread**2 - 1.0
    return mean * total, (1.0 - mean) * total


def optimism(trials: int, cases: int, a: float, b: float) -> tuple[float, float]:
    """Expected optimism of the best of `trials` configs on `cases` test cases, and its expected reported error."""
    k = np.arange(cases + 1)
    # summed from the top; scipy's own survival function would sum anew for every k
    at_least: Floats = np.append(np.cumsum(betabinom.pmf(k, cases, a, b)[::-1])[::-1], 0.0)  # (m + 2,) S(k)
    chosen = np.diff(-(np.minimum(at_least, 1.0) ** trials))  # (m + 1,) P(the smallest K is k)
    reported = k / cases
    gap = (a + k) / (a + b + cases) - reported
    return float(chosen @ gap), float(chosen @ reported)


def experiment(setting: Setting) -> Data:
    """Every spread, number of configs and test-set size."""
    rows = []
    for configs, spread in SPREADS.items():
        a, b = beta_of(MEAN, spread)
        for trials in TRIALS:
            for cases in SIZES:
                gap, reported = optimism(trials, cases, a, b)
                rows.append((configs, trials, cases, gap, reported))
    return {"optimism": pd.DataFrame(rows, columns=["configs", "trials", "cases", "optimism", "reported"])}


def exact(name: str, value: float, threshold: float | None = None) -> Effect:
    """A number that was computed, not estimated."""
    return Effect(name, value, value, value, 1, "exact computation", threshold)


def judge(data: Data) -> Finding:
    """The optimism, its growth with trials and its fall with test cases; beside it, in test sets' standard errors."""
    table = data["optimism"].set_index(["configs", "trials", "cases"])["optimism"]
    effects = [
        exact(f"optimism, {configs} configs, {n} trials, {m} cases", table[configs, n, m], 0.0)
        for configs in SPREADS
        for n, m in DECIDING
    ]
    for configs in SPREADS:
        grown = table[configs, 64, 1000] - table[configs, 16, 1000]
        fallen = table[configs, 64, 100] - table[configs, 64, 1000]
        effects.append(exact(f"growth from 16 to 64 trials, 1000 cases, {configs} configs", grown, 0.0))
        effects.append(exact(f"more with 100 cases than with 1000, 64 trials, {configs} configs", fallen, 0.0))
        for n, m in DECIDING:
            errors = table[configs, n, m] / math.sqrt(MEAN * (1.0 - MEAN) / m)
            effects.append(
                exact(f"in standard errors of the test set, {configs} configs, {n} trials, {m} cases", errors)
            )
    return Finding(effects)


def draw(data: Data) -> Sequence[Drawing]:
    """Optimism against trials, a panel per spread, a line per test-set size."""
    title = "How much the test error of the config that was chosen by it flatters"
    subtitle = (
        f"True errors of the configs: mean {MEAN:.0%}, standard deviation {SPREADS['alike']:.0%} (left) or "
        f"{SPREADS['different']:.0%} (right). Exact expectations, no sampling"
    )
    table = data["optimism"]
    with theme():
        sheet = page(2, title, subtitle, [], [], (3.3, 2.6), (0.8, 0.6))
        for ax, configs in zip(sheet.panels, SPREADS, strict=True):
            for cases, colour in COLOURS.items():
                rows = table[(table["configs"] == configs) & (table["cases"] == cases)]
                ax.plot(rows["trials"], 100 * rows["optimism"], "o-", color=colour, markersize=3.5, label=f"{cases:,}")
            ax.set_xscale("log", base=2)
            ax.set(xlim=(0.9, 1100), ylim=(0, 11), xlabel="configs tried", xticks=[1, 4, 16, 64, 256, 1024])
            ax.set_xticklabels(["1", "4", "16", "64", "256", "1024"])
            title_panel(ax, "configs nearly alike" if configs == "alike" else "configs that differ")
        sheet.panels[0].set_ylabel("optimism in percentage points")
        sheet.panels[1].legend(frameon=False, title="test cases", loc="upper left")
    caption = (
        "How to read: the height is how much higher the error on fresh cases is than the reported test error, on "
        "average. With one config there is nothing to choose and no optimism. Looking at more configs raises it, a "
        "larger test set lowers it, and configs that truly differ leave less of the choice to luck."
    )
    return [Drawing("known-truth", title, caption, sheet.figure)]


PART = Part(
    name="known-truth",
    statement=(
        "The test error of the config that was chosen by it is too low on average, the more so the more configs were "
        "tried and the fewer test cases there are."
    ),
    supports="The optimism is positive, larger for 64 trials than for 16, and larger for 100 cases than for 1000.",
    refutes="One of these does not happen, for configs that are nearly alike or for configs that differ.",
    rule=(
        "Expected optimism in a model with known true errors, computed exactly. Holds when it lies above 0 for 16 and "
        "64 trials on 1000 cases and for 64 on 100, and when its growth with trials and its fall with cases lie above "
        "0, for both kinds of configs; else does not hold."
    ),
    experiment=experiment,
    judge=judge,
    draw=draw,
    take_away={
        "holds": (
            "The smallest of many noisy numbers is small partly by luck. Report the error of the chosen config on "
            "cases that had no say in the choice. How much it matters follows from how many configs you tried, how "
            "alike they are, and how many test cases you have."
        ),
        "does not hold": "In this model the chosen config's test error was no lower than its true error.",
        "undecided": "The optimism could not be told from 0.",
    },
)
