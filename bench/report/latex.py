"""Tables for a paper: LaTeX with the rules of the package booktabs."""

from collections.abc import Callable, Sequence

import pandas as pd

from bench.report.wording import bracket, number, seconds, share
from bench.visible import visible

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
        "|": r"\textbar{}", '"': "''", "–": "--", "×": r"$\times$", "∞": r"$\infty$", "µ": r"\textmu{}",
        "½": r"\textonehalf{}",
    }
)  # fmt: skip


def latex(words: str) -> str:
    """`words` as LaTeX sets them, whatever they mean to it."""
    set_as = visible(words).replace("\n", " ").translate(SPECIAL)
    return f"{{}}{set_as}" if set_as.startswith("[") else set_as  # else the option of the line break before it


def tabular(columns: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[str]], note: str) -> str:
    """A table: `columns` are letters of LaTeX's tabular; `note` is a comment on top."""

    def line(cells: Sequence[str]) -> str:
        return " & ".join(latex(cell) for cell in cells) + r" \\"

    return "\n".join(
        [
            f"% {note}",
            rf"\begin{{tabular}}{{{''.join(columns)}}}",
            r"\toprule",
            line(headings),
            r"\midrule",
            *map(line, rows),
            r"\bottomrule",
            r"\end{tabular}",
            "",
        ]
    )


def measured(row: pd.Series, name: str, word: Callable[[float], str]) -> str:
    """A number and its interval."""
    if name not in row:
        return "–"
    return word(row[name]) + bracket(row[f"{name}_low"], row[f"{name}_high"], word)


def summary_table(summary: pd.DataFrame) -> str:
    """`summary` as in `Measures`, without what nobody has."""
    measures = {
        "mean rank": ("mean_rank", number),
        "score": ("score", number),
        "beats random": ("won", share),
        "regret over random's": ("ratio", number),
        "area": ("area", number),
    }
    kept = {
        heading: told for heading, told in measures.items() if told[0] in summary and summary[told[0]].notna().any()
    }
    rows = [
        [
            str(row["strategy"]),
            *(measured(row, *told) for told in kept.values()),
            seconds(row["ask_s"]),
            str(row["n_runs"]),
        ]
        for _, row in summary.iterrows()
    ]
    note = r"\usepackage{booktabs,textcomp}; 95 % intervals by the stratified bootstrap over seeds"
    return tabular("l" + "r" * (len(kept) + 2), ["strategy", *kept, "time per trial", "runs"], rows, note)


def comparisons_table(pairs: pd.DataFrame) -> str:
    """`pairs` as in `Measures`."""
    rows = [
        [
            str(row["first"]), str(row["second"]), measured(row, "won", share), measured(row, "ratio", number),
            f"{row['cells_won']}/{row['cells_lost']} of {row['cells']}", number(row["p"], 3), number(row["p_holm"], 3),
        ]
        for _, row in pairs.iterrows()
    ]  # fmt: skip
    headings = ["first", "second", "won by first", "ratio of regrets", "problems won/lost", "p", "p (Holm)"]
    note = r"\usepackage{booktabs,textcomp}; Wilcoxon's signed-rank test over problems and dimensions"
    return tabular("llrrrrr", headings, rows, note)
