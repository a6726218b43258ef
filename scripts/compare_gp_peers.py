"""Compare the homemade GP search with its peers, in speed and in strength; write the table and two figures.

python scripts/compare_gp_peers.py            under an hour on two cores; writes docs/gp/
python scripts/compare_gp_peers.py --quick    five minutes, fewer of everything; writes results/gp-peers-quick/

Runs begin as long as there is time (`--minutes`): a slow machine compares fewer instances, and the peers that are dear
on fewer problems. The tables say on how many.

What was measured is stored below results/gp-peers*/: interrupted, the same command goes on where it was, and after a
change to `gp` that folder has to be deleted. Peers that are not installed are left out by name.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from gp_peers import speed, strength
from gp_peers.strength import Comparison, Part

from bench.environment import environment
from bench.plots.page import Drawing
from strategies.registry import strategies

ROOT = Path(__file__).parents[1]
CHEAP = ("gp", "optuna-gp", "optuna-tpe", "optuna-cmaes", "hyperopt-tpe", "hyperopt-anneal", "lhs", "random")
DEAR = ("skopt-gp", "skopt-forest", "botorch", "ax")
BBOB = [f"bbob-f{number}" for number in range(1, 25)]
SPREAD = BBOB[::3] + BBOB[1::3] + BBOB[2::3]  # wherever it is cut off, every group had its turn
TUNING = ["mlp-digits", "svm-digits", "forest-digits", "boosting-diabetes", "elastic-net-diabetes"]
TRIALS = 100
FEWEST_CELLS = 5  # of a comparison
MINUTES = {"full": 55.0, "quick": 3.6}  # until the last run begins


def installed(names: Sequence[str]) -> list[str]:
    """Those of `names` that can run here."""
    return [name for name in names if name in strategies() and not strategies()[name].needs.missing()]


def full() -> tuple[dict[int, dict[str, int]], list[Part]]:
    """What the documented comparison consists of."""
    timed = {dim: horizons(500, 30) for dim in (2, 10)} | {5: horizons(2000, 100)}
    parts = [
        Part("bbob", SPREAD, "2,3,5,10", installed(CHEAP), 3, 0.45),
        Part("tuning", TUNING, "2,5", installed(CHEAP), 2, 0.5),
        Part("tuning-dear", TUNING, "5", installed(DEAR), 1, 0.25),
        Part("bbob-dear", SPREAD, "5", installed(DEAR), 1, 1.0),
    ]
    return dict(sorted(timed.items())), parts


def quick() -> tuple[dict[int, dict[str, int]], list[Part]]:
    """A first look: a third of the functions, one instance, the cheaper tuning problems."""
    some = BBOB[::3]
    parts = [
        Part("bbob", some, "2,5", installed(CHEAP), 1, 0.5),
        Part("tuning", ["mlp-digits", "svm-digits", "elastic-net-diabetes"], "2", installed(CHEAP), 1, 0.7),
        Part("bbob-dear", some, "5", installed(DEAR), 1, 1.0),
    ]
    return {5: horizons(200, 30)}, parts


def horizons(ours: int, dear: int) -> dict[str, int]:
    """For how many trials each strategy is timed."""
    trials = {"gp": ours, "optuna-gp": 200, "optuna-tpe": 200, "hyperopt-tpe": 200}
    trials |= dict.fromkeys(("skopt-gp", "botorch", "ax"), dear)
    return {name: min(trials[name], ours) for name in installed(tuple(trials))}


def dear_lines(everyone: Comparison) -> list[str]:
    """The same tables with the dear peers, on the cells that everybody ran."""
    cells = len(everyone.values.dropna())
    if cells < FEWEST_CELLS:
        return [
            f"Cells (problem × dimension) that there was time for: {cells}, too few to compare; give more --minutes."
        ]
    return [
        "On the problems that everybody ran:",
        "",
        *strength.rank_lines(everyone),
        "",
        *strength.test_lines(everyone),
    ]


def save(drawing: Drawing, folder: Path) -> None:
    for suffix in ("png", "svg"):
        drawing.figure.savefig(folder / f"{drawing.name}.{suffix}", dpi=130)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="five minutes instead of an hour")
    parser.add_argument("--minutes", type=float, help="after so many no further run begins")
    arguments = parser.parse_args()
    is_quick, begun = arguments.quick, monotonic()
    deadline = begun + 60 * (arguments.minutes or MINUTES["quick" if is_quick else "full"])
    timed, parts = quick() if is_quick else full()
    results = ROOT / "results" / ("gp-peers-quick" if is_quick else "gp-peers")
    folder = results if is_quick else ROOT / "docs" / "gp"
    folder.mkdir(parents=True, exist_ok=True)
    absent = sorted({*CHEAP, *DEAR} - {*installed(CHEAP), *installed(DEAR)})
    if absent:
        print(f"not installed, left out: {', '.join(absent)}", file=sys.stderr)

    times = speed.measure(timed, results)
    runs, trials = strength.measure(parts, TRIALS, results, deadline)
    cheap = strength.compare(runs, trials, installed(CHEAP))
    everyone = strength.compare(runs, trials, installed((*CHEAP, *DEAR)))
    for drawing in (speed.draw(times), strength.draw(cheap)):
        save(drawing, folder)
    where = environment()
    text = [
        "# The homemade GP search and its peers",
        "",
        f"Written by `python scripts/compare_gp_peers.py{' --quick' if is_quick else ''}`; "
        f"Python {where['python']}, {where['processor']}, {where['cores']} cores, one thread per run; "
        f"{(monotonic() - begun) / 60:.0f} minutes in all.",
        "",
        "## Speed",
        "",
        "Milliseconds of ask + tell (mean over the 6 % of trials before the mark; in brackets how many times those of "
        "`gp`), all strategies in turn at every trial of one run. `floor`: one Cholesky factorisation and the belief "
        "at an ask's candidates.",
        "",
        *speed.lines(times),
        "",
        "![What a proposal costs](speed.png)",
        "",
        "## Strength",
        "",
        f"Mean rank by regret after {TRIALS} trials (1 is best), the groups of BBOB and tuning problems apart.",
        "",
        *strength.rank_lines(cheap),
        "",
        "![Mean rank](strength.png)",
        "",
        "Is `gp` behind or ahead? Wilcoxon's signed-rank test over cells (problem × dimension; log10 regret, mean over "
        "instances). Listed: all cells, and each group in which the peer is ahead in the median. Holm's correction is "
        "over peers for all cells, and over peers × groups for groups.",
        "",
        *strength.test_lines(cheap),
        "",
        "## With the peers that are dear",
        "",
        *dear_lines(everyone),
        "",
    ]
    (folder / "peers.md").write_text("\n".join(text), encoding="utf-8")
    print(folder / "peers.md")


if __name__ == "__main__":
    main()
