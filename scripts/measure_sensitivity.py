"""How often `sensitivity` sees a parameter that has no effect, and how often it misses one that has.

python scripts/measure_sensitivity.py [--samples 30] [--trials 60] [--noise 0.3]    five seconds a sample

Random trials of f = sin 5a + 0.7 b + noise N(0, 1), variances about 0.5 and 0.04; four parameters more do nothing.
"""

import argparse

import numpy as np

from bench.analysis.sensitivity.methods import Sample
from bench.analysis.sensitivity.order import answers, tuning_order
from bench.analysis.sensitivity.refits import refitted
from bench.seeding import rng_for
from problems.space import Categorical, Float, Int, SearchSpace

SPACE = SearchSpace(
    (
        *(Float(name, 0.0, 1.0) for name in ("a", "b", "idle1", "idle2")),
        Int("idle3", 1, 4), Categorical("idle4", ("p", "q", "r")),
    )
)  # fmt: skip


def seen(trials: int, noise: float, number: int) -> dict[str, bool]:
    """Which parameters are seen in one sample."""
    rng = rng_for("measure-sensitivity", number)
    units = SPACE.snap(rng.random((trials, len(SPACE))))
    values = np.sin(5 * units[:, 0]) + 0.7 * units[:, 1] + noise * rng.normal(size=trials)
    order = tuning_order(answers(refitted(Sample(SPACE, units, values), rng).estimates.assign(instance=0)))
    return dict(zip(order["parameter"], order["seen"], strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=30)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--noise", type=float, default=0.3)
    chosen = parser.parse_args()
    counts = dict.fromkeys(SPACE.names, 0)
    for number in range(chosen.samples):
        for name, is_seen in seen(chosen.trials, chosen.noise, number).items():
            counts[name] += is_seen
    for name, count in counts.items():
        print(f"{name}: seen in {count} of {chosen.samples} samples of {chosen.trials} trials")


if __name__ == "__main__":
    main()
