"""The acquisitions of `gp` as a page tells of them: what each one weighs, by which formula, and whose it is.

In the formulas, m and s are mean and standard deviation of the belief at a place, best the smallest believed mean at a
sample, z = (best − m)/s, and Φ and φ the normal distribution and its density; all on the model's scale of values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from problems.space import Floats
from strategies.gp.acquisition import (
    PI_MARGIN,
    expected_improvement,
    log_expected_improvement,
    probability_of_improvement,
    upper_confidence_bound,
)

Weigh: TypeAlias = Callable[[Floats, Floats, float, float], Floats]  # mean, std, best, κ -> worth, all (m,)


@dataclass(frozen=True)
class Kind:
    """An acquisition on a page; `short` is its name in a sentence, `unit` what follows a number of it."""

    short: str
    title: str
    says: str
    formula: str
    source: str
    unit: str
    worth: Weigh
    decades: bool = False  # whether it is a logarithm, whose depths are not worth showing


SD = "standard deviations of the model's values"

KINDS: Mapping[str, Kind] = {
    "ei": Kind(
        "EI", "Expected improvement",
        "By how much the value is expected to fall below the best, counting every rise as nothing.",
        "EI = E[max(best − f, 0)] = s (z Φ(z) + φ(z))", "Jones et al. 1998, eq. 15", SD,
        lambda mean, std, best, kappa: expected_improvement(mean, std, best)[0],
    ),
    "logei": Kind(
        "LogEI", "Log expected improvement",
        "The logarithm of EI: it peaks where EI does, but still has a slope where EI is as good as nothing, so that a "
        "climb finds its way. It is what gp uses.",
        "LogEI = log EI", "Ament et al. 2023, eq. 9", "", decades=True,
        worth=lambda mean, std, best, kappa: log_expected_improvement(mean, std, best)[0],
    ),
    "pi": Kind(
        "PI", "Probability of improvement",
        "How likely the value is to fall below the best by a margin, however little below; without the margin it "
        "would only polish the best.",
        f"PI = Φ((best − {PI_MARGIN:g} − m)/s)", "Kushner 1964", "",
        lambda mean, std, best, kappa: np.exp(probability_of_improvement(mean, std, best)[0]),
    ),
    "ucb": Kind(
        "UCB", "Confidence bound",
        "How good the value may be at best: its lower bound, turned over because values are minimised. The larger κ, "
        "the more a place that is little known is worth.",
        "UCB = κ s − m", "Srinivas et al. 2010, eq. 6, for a minimum", SD,
        lambda mean, std, best, kappa: upper_confidence_bound(mean, std, best, kappa)[0],
    ),
}  # fmt: skip
