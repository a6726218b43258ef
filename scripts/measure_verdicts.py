"""How often `compare` calls a version better or worse that is not, and how often it finds what is there.

python scripts/measure_verdicts.py [--samples 500]    three minutes

Made-up regrets: log10 of new over old is a shift plus noise, symmetric where the shift is 0: normal, with wild runs
(Student's t with 2 degrees of freedom), or the difference of two skewed ones (exponential). Beside our rule the same
one with the bootstrap interval of the interquartile mean, which reports use where nothing is decided by it.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator

from bench.analysis.paired_change import Estimate, share_won, shift
from bench.analysis.paired_runs import iqm_of_differences
from bench.comparison.rule import LEVEL, MARGIN, Evidence, judge
from bench.seeding import rng_for
from problems.space import Floats

SD = 0.3  # decades, as of two versions of a Gaussian process
NOISE: Mapping[str, Callable[[Generator, int], Floats]] = {
    "normal": lambda rng, n: rng.normal(size=n),
    "wild": lambda rng, n: rng.standard_t(2, size=n) / 2,
    "skewed": lambda rng, n: (rng.exponential(size=n) - rng.exponential(size=n)) / np.sqrt(2),
}
RESAMPLES = 300


def ours(change: Floats, rng: Generator) -> Estimate:
    """The interval of the rule."""
    return shift(change, LEVEL)


def of_bootstrap(change: Floats, rng: Generator) -> Estimate:
    """Interquartile mean, n - 1 of n pairs drawn."""
    value, low, high, _ = iqm_of_differences([change], rng, RESAMPLES)
    return Estimate(value, low, high)


def words(
    interval: Callable[[Floats, Generator], Estimate], noise: str, n: int, factor: float, samples: int
) -> Counter:
    """How often each verdict is given for `n` pairs, regret being `factor` times the old one."""
    rng = rng_for("measure-verdicts", noise, n, samples)
    counts: Counter[str] = Counter()
    for _ in range(samples):
        change = np.log10(factor) + SD * NOISE[noise](rng, n)
        ratio, won = interval(change, rng).power_of_ten(), share_won(change, LEVEL)
        counts[judge(Evidence(n, n, (0, 0), ratio, won), MARGIN).word] += 1
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=500)
    samples = parser.parse_args().samples
    print(f"{'interval':10} {'noise':7} {'pairs':>5} {'factor':>6}   better  worse  no difference  cannot tell")
    for name, interval in (("ours", ours), ("bootstrap", of_bootstrap)):
        for noise in NOISE:
            for n in (5, 10, 30, 100):
                for factor in (1.0, MARGIN, 1.6):
                    found = words(interval, noise, n, factor, samples)
                    shares = [
                        100 * found[word] / samples for word in ("better", "worse", "no difference", "cannot tell")
                    ]
                    print(
                        f"{name:10} {noise:7} {n:5} {factor:6.2f}  "
                        "{:5.1f} %{:5.1f} %{:13.1f} %{:11.1f} %".format(*shares)
                    )


if __name__ == "__main__":
    main()
