"""Values as normal scores: the forest is then as careful among the best values as among the worst.

A mean of raw errors from 0.02 to 0.9 is that of the worst of them. In normal scores (van der Waerden 1952) every tenth
of the trials takes part alike; what is predicted is their mean there, which is nearer to a median.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, rankdata

from problems.space import Floats


@dataclass(frozen=True, eq=False)
class NormalScores:
    """A monotone map from values to standard normal scores and back, straight in between, level beyond the ends."""

    values: Floats  # (q,) ascending
    scores: Floats  # (q,) ascending

    def forward(self, values: Floats) -> Floats:
        """The scores of `values`; shape kept."""
        scores: Floats = np.interp(values, self.values, self.scores)
        return scores

    def back(self, scores: Floats) -> Floats:
        """The values of `scores`; shape kept."""
        values: Floats = np.interp(scores, self.scores, self.values)
        return values


def normal_scores(values: Floats) -> NormalScores:
    """The map for a sample (n,); equal values get the score of their mean rank."""
    distinct, first = np.unique(values, return_index=True)
    share = (rankdata(values)[first] - 0.5) / len(values)
    return NormalScores(distinct, norm.ppf(share))
