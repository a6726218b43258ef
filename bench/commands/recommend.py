"""`recommend`: which strategy for a search to come, by what is on record."""

from pathlib import Path

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from bench.advice.evidence import evidence_of, shipped
from bench.advice.ranking import Ranking, rank
from bench.advice.record import Record, record_of
from bench.advice.situation import Situation
from bench.advice.validation import outcomes, validation
from bench.advice.wording import described, lasting, verdict
from bench.analysis.scores import BASELINE
from bench.console import SafeConsole
from bench.database import experiments, folder_of
from bench.errors import UsageError
from bench.experiment import load_experiment
from bench.forms import names_in
from bench.prices import PriceList
from bench.report.wording import listed, number, plural, share
from bench.seeding import rng_for
from problems.loading import resolve

ALL = "all"
CAPTION = (
    "regret left: the regret after the time that the trials take, over that which random search leaves; 0 is the "
    "optimum. 95 %: bootstrap interval over problems. best: how often it comes first when problems are drawn again. "
    "thinks: ask and tell for all trials. trials: that it has in the time. problems: that it ran on."
)
FIGURES = (".png", ".svg")
RESAMPLES = 400  # for each of hundreds of pieces of advice


def recommend(situation: Situation, own: str | None, results: Path, figure: Path | None) -> None:
    """Print the ranking for `situation` and what follows from it; draw the map where a file is named."""
    if figure is not None and figure.suffix not in FIGURES:
        raise UsageError(f"--figure needs a file that ends in {' or '.join(FIGURES)}, got {figure}")
    if figure is not None and not figure.parent.is_dir():
        raise UsageError(f"--figure needs a file in a folder that is there, got {figure}; make {figure.parent} first")
    console = SafeConsole()
    evidence, sources = gathered(own, results)
    record = record_of(evidence, PriceList.read())
    ranking = rank(record, situation, rng_for("recommend"))
    for line in (described(situation), *sources, *([] if ranking.table.empty else [evidence_line(ranking)])):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if not ranking.table.empty:
        console.print(ranking_table(ranking))
        for line in left_out(ranking, record):
            console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print(verdict(ranking), highlight=False, markup=False, soft_wrap=True)
    if figure is not None:
        draw(record, situation, figure)
        console.print(f"Figure: {figure}", highlight=False, markup=False, soft_wrap=True)


def draw(record: Record, situation: Situation, figure: Path) -> None:
    """Write the map; what draws takes a second to import, and is not needed for the table."""
    best = resolve("bench.plots.advice_figure:best_over")(record, situation)
    drawing = resolve("bench.plots.advice_figure:draw_map")(best, situation)
    figure.write_bytes(resolve("bench.report.html:image")(drawing.figure, figure.suffix[1:]))


def gathered(own: str | None, results: Path) -> tuple[pd.DataFrame, list[str]]:
    """All evidence, and a line on the user's own."""
    there = experiments(results)
    if own is None:
        hint = f"Shipped evidence only; --from {ALL} adds yours in {results}/ (or --from NAME,NAME)."
        return shipped(), [hint] if there else []
    names = there if own == ALL else list(dict.fromkeys(names_in(own)))
    parts, lines = [shipped()], []
    for name in names:
        rows = evidence_of([load_experiment(folder_of(name, results))], name)
        runs = int((rows["strategy"] != BASELINE).sum())
        lines.append(
            f"{name}: {runs} {plural('run', runs)} of yours"
            + ("" if runs else "; only runs beside random search count")
        )
        if runs:
            parts.append(rows)
    return pd.concat(parts, ignore_index=True), lines or [f"No experiments of yours in {results}/."]


def evidence_line(ranking: Ranking) -> str:
    """What the ranking rests on."""
    count = len(ranking.problems)
    return f"Evidence: {count} {plural('problem', count)} like this: {listed(ranking.problems)}"


def ranking_table(ranking: Ranking) -> Table:
    """One row per strategy, the best first."""
    table = Table(box=SIMPLE_HEAD, padding=0, show_edge=False, caption=CAPTION, caption_justify="left")
    table.add_column("strategy", overflow="fold")
    for heading in ("regret left", "95 %", "best", "thinks", "trials", "problems"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in ranking.table.to_dict("records"):
        own = row["strategy"] != BASELINE
        table.add_row(
            escape(str(row["strategy"])),
            ("≤ " if row["bound"] else "") + number(row["score"]),
            f"{number(row['low'])}–{number(row['high'])}" if own else "",
            share(row["best"]),
            lasting(row["thinking_s"]),
            f"{row['trials']:.1f}",
            str(row["problems"]),
        )
    return table


def left_out(ranking: Ranking, record: Record) -> list[str]:
    """Lines on the strategies that have no place in the ranking, and on those whose runs were short."""
    ranked = set(ranking.table["strategy"])
    slow = [name for name in ranking.slow if name not in ranked]
    unseen = [name for name in record.strategies if name not in {*ranked, *slow}]
    lines = []
    if ranking.table["bound"].any():
        lines.append("≤: its runs on record are shorter; with as many trials as here it leaves at most that.")
    if slow:
        lines.append(f"No trial ends in that time, for all the thinking: {listed(slow)}.")
    if unseen:
        lines.append(f"No evidence here: {listed(unseen)}.")
    return lines


def validate(own: str | None, results: Path) -> None:
    """Print how good the advice is on problems that it has not seen."""
    evidence, _ = gathered(own, results)
    record = record_of(evidence, PriceList.read())
    found = outcomes(record, rng_for("recommend", "advice"), RESAMPLES)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), show_edge=False, title="Advice on problems left out, one by one")
    for heading in ("policy", "regret left", "95 %", "more than advice", "95 %", "all situations"):
        table.add_column(heading, justify="left" if heading == "policy" else "right", no_wrap=heading == "policy")
    for row in validation(found, rng_for("recommend", "validate")).to_dict("records"):
        table.add_row(
            row["policy"], number(row["score"]), f"{number(row['low'])}–{number(row['high'])}",
            number(row["more"]), f"{number(row['more_low'])}–{number(row['more_high'])}", number(row["asked"]),
        )  # fmt: skip
    SafeConsole().print(table)
