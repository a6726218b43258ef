"""Milliseconds of ask and tell, every strategy in turn at every trial, so that a slow moment slows them all alike."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.linalg.lapack import dpotrf

from bench.evaluate import evaluate
from bench.plots.page import Drawing, page, theme, title_panel
from bench.plots.style import style_of
from bench.records import RunKey
from bench.report.files import replacing
from bench.run import make_problem, make_strategy
from bench.seeding import rng_for
from bench.threads import one_thread
from strategies.gp.model import Priors, condition
from strategies.gp.settings import Settings
from strategies.gp.warping import gaps

PROBLEM = "rosenbrock"
MARKS = (30, 100, 200, 500, 1000, 2000)  # trials that the table shows
WINDOW = 0.06  # a mark's time is the mean over this share of trials before it: refits come only now and then
OURS, FLOOR = "gp", "floor"
REPEATS = 9


def measure(dims: Mapping[int, Mapping[str, int]], results: Path) -> pd.DataFrame:
    """Columns `dim`, `strategy`, `trial`, `ms`, from {dimension: {strategy: trials to time it for}}.

    Kept below `results`, a file per dimension; what is there already is not measured again.
    """
    results.mkdir(parents=True, exist_ok=True)
    parts = []
    for dim, horizons in dims.items():
        path = results / f"speed-{dim}.parquet"
        if not path.exists():
            with one_thread(), replacing(path) as draft:
                measured = pd.concat([timed(dim, horizons), floors(dim, horizons)], ignore_index=True)
                measured.to_parquet(draft)
        parts.append(pd.read_parquet(path))
    return pd.concat(parts, ignore_index=True)


def timed(dim: int, horizons: Mapping[str, int]) -> pd.DataFrame:
    """One run of each strategy, interleaved trial by trial."""
    keys = {name: RunKey(PROBLEM, dim, 0, name, 0, trials) for name, trials in horizons.items()}
    problem = make_problem(next(iter(keys.values())))
    strategies = {name: make_strategy(key, problem) for name, key in keys.items()}
    rows = []
    for trial in range(1, max(horizons.values()) + 1):
        for name, strategy in strategies.items():
            if trial > horizons[name]:
                continue
            start = perf_counter()
            proposal = strategy.ask()
            asked = perf_counter()
            value = evaluate(problem, proposal.config, rng_for(trial)).value
            evaluated = perf_counter()
            strategy.tell(proposal, value)
            rows.append((dim, name, trial, 1e3 * (asked - start + perf_counter() - evaluated)))
    for strategy in strategies.values():
        strategy.close()
    return pd.DataFrame(rows, columns=["dim", "strategy", "trial", "ms"])


def floors(dim: int, horizons: Mapping[str, int]) -> pd.DataFrame:
    """What no such method can go below: one Cholesky factorisation and the belief at an ask's candidates."""
    settings, rng = Settings(), np.random.default_rng(0)
    candidates = rng.random((settings.candidates + settings.near, dim))
    rows = []
    for n in (mark for mark in MARKS if mark <= min(horizons[OURS], settings.most_trials)):
        priors = Priors()
        model = condition(rng.random((n, dim)), gaps(rng.random(n)), np.arange(dim), priors.centres(dim), priors)
        matrix = np.eye(n) + 0.1
        times = []
        for _ in range(REPEATS):
            start = perf_counter()
            dpotrf(matrix, lower=1)
            model.believe(candidates)
            times.append(perf_counter() - start)
        rows.append((dim, FLOOR, n, 1e3 * float(np.median(times))))
    return pd.DataFrame(rows, columns=["dim", "strategy", "trial", "ms"])


def at_marks(times: pd.DataFrame) -> pd.DataFrame:
    """Milliseconds around each mark: rows (`dim`, `strategy`), a column per mark, NaN where it was not reached."""
    parts = []
    for mark in MARKS:
        window = times[times["trial"].between((1 - WINDOW) * mark, mark)]
        reached = window.groupby(["dim", "strategy"])["trial"].transform("max") == mark
        parts.append(window[reached].groupby(["dim", "strategy"])["ms"].mean().rename(mark))
    return pd.concat(parts, axis=1)


def lines(times: pd.DataFrame) -> Iterator[str]:
    """The table as Markdown: milliseconds, and in brackets how many times those of `gp`."""
    table = at_marks(times)
    marks = [mark for mark in MARKS if table[mark].notna().any()]
    yield f"| d | strategy | {' | '.join(f'trial {mark}' for mark in marks)} |"
    yield "|---" * (2 + len(marks)) + "|"
    for dim, rows in table.groupby(level="dim"):
        ours = rows.xs(OURS, level="strategy").iloc[0]
        order = rows.droplevel("dim").sort_values(marks[0])
        for name, row in order.iterrows():
            cells = [cell(row[mark], row[mark] / ours[mark]) for mark in marks]
            yield f"| {dim} | {name} | {' | '.join(cells)} |"


def cell(ms: float, ratio: float) -> str:
    """`"37 (5.2×)"`, or nothing where it was not measured."""
    return "" if np.isnan(ms) else f"{ms:.3g} ({ratio:.0f}×)" if ratio >= 10 else f"{ms:.3g} ({ratio:.2g}×)"


def draw(times: pd.DataFrame) -> Drawing:
    """Growth with trials in the middle dimension, and with the dimension at trial 100."""
    dims = sorted(times["dim"].unique())
    middle = dims[len(dims) // 2]
    table = at_marks(times)
    last = table[100].reset_index()
    names = last.groupby("strategy")[100].mean().drop(FLOOR).sort_values(ascending=False).index.tolist()
    title = "What a proposal costs"
    subtitle = f"milliseconds of ask + tell on {PROBLEM}, one thread, one run, every strategy in turn at every trial"
    with theme():
        sheet = page(2, title, subtitle, [], names, (4.0, 3.4), (0.85, 0.85))
        growth, by_dim = sheet.panels
        for name in names:
            run = times[(times["strategy"] == name) & (times["dim"] == middle)].sort_values("trial")
            smooth = run["ms"].rolling(15, min_periods=1, center=True).mean()
            style = {**style_of(name).line(), "marker": ""}
            growth.plot(run["trial"], smooth, **style)
            rows = last[last["strategy"] == name]
            by_dim.plot(rows["dim"], rows[100], **style_of(name).line())
        for ax, rows, x, y in (
            (growth, times[(times["strategy"] == FLOOR) & (times["dim"] == middle)], "trial", "ms"),
            (by_dim, last[last["strategy"] == FLOOR], "dim", 100),
        ):
            ax.plot(rows[x], rows[y], color="#999999", linestyle=":", linewidth=2.2)
            ax.set_yscale("log")
            ax.set_ylabel("ask + tell per trial (milliseconds)")
        floor = times[(times["strategy"] == FLOOR) & (times["dim"] == middle)].iloc[0]
        growth.annotate(
            "floor: one Cholesky factorisation\nand the candidates' belief", (floor["trial"], floor["ms"]),
            textcoords="offset points", xytext=(14, -6), fontsize=7.5, color="#777777",
        )  # fmt: skip
        sheet.figure.legends[0].set_title("dearest first")
        title_panel(growth, f"Growth with trials, d = {middle}")
        growth.set_xscale("log")
        growth.set_xlabel("trial")
        title_panel(by_dim, "Growth with dimension, at trial 100")
        by_dim.set_xlabel("dimension (number of parameters)")
        by_dim.set_xticks(dims)
    caption = "How to read: lower is cheaper; the left panel shows running means over 15 trials, both axes logarithmic."
    return Drawing("speed", title, caption, sheet.figure)
