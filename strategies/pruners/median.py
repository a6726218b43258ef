"""The median stopping rule."""

from bisect import bisect_right
from dataclasses import dataclass, field
from statistics import median

from strategies.pruners.base import TOLERANCE, Pruner, is_whole, reached


@dataclass
class Curve:
    """What was seen of a trial."""

    steps: list[float] = field(default_factory=list)
    means: list[float] = field(default_factory=list)  # running averages of the values, one per step
    best: float = float("inf")

    def add(self, step: float, value: float) -> None:
        """Append a look. The average is updated in shares, so that values of 1e300 do not overflow."""
        self.steps.append(step)
        count = len(self.steps)
        self.means.append(value if count == 1 else self.means[-1] * ((count - 1) / count) + value / count)
        self.best = min(self.best, value)

    def mean_until(self, step: float) -> float | None:
        """The running average of the looks up to `step`, or None where there is none."""
        index = bisect_right(self.steps, step + TOLERANCE)
        return self.means[index - 1] if index else None


class MedianPruner(Pruner):
    """Stops a trial whose best value is worse than the median of the other trials' running averages up to its step.

    Trials that have ended are compared with, the stopped ones as far as they got: were only whole trials asked, every
    stop would raise the bar for the next. Nothing is stopped before `warm_up_trials` trials have ended, nor before a
    trial's step `warm_up_step`: the first looks of a training say little.
    """

    reference = "Golovin et al. 2017, KDD (Google Vizier), section 3.2.2"

    def __init__(self, *, warm_up_trials: int = 5, warm_up_step: float = 0.2) -> None:
        self._warm_up_trials = warm_up_trials
        self._warm_up_step = warm_up_step
        self._under_way: dict[int, Curve] = {}
        self._ended: list[Curve] = []

    def should_stop(self, proposal_id: int, step: float, value: float) -> bool:
        """Strictly worse than the median, so that ties go on."""
        curve = self._under_way.setdefault(proposal_id, Curve())
        curve.add(step, value)
        stop = not is_whole(step) and self._falls_behind(curve, step)
        if stop or is_whole(step):
            self._ended.append(self._under_way.pop(proposal_id))
        return stop

    def _falls_behind(self, curve: Curve, step: float) -> bool:
        if len(self._ended) < self._warm_up_trials or not reached(step, self._warm_up_step):
            return False
        others = [mean for other in self._ended if (mean := other.mean_until(step)) is not None]
        return bool(others) and curve.best > median(others)
