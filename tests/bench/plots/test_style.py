from itertools import combinations

import pytest
from matplotlib.colors import to_rgb

from bench.plots.style import STYLES, StrategyStyle, shown, style_of
from bench.spec import PROFILES
from strategies.pruners.registry import TABLE as PRUNERS
from strategies.registry import TABLE

DEFAULTS = PROFILES["quick"]["strategies"].split(",")


def look(style: StrategyStyle) -> tuple[object, ...]:
    return style.colour, style.dash, style.marker


def test_every_registered_strategy_has_a_line_in_the_table_and_a_look_of_its_own():
    assert {entry.name for entry in TABLE} <= set(STYLES)
    assert len({look(style) for style in STYLES.values()}) == len(STYLES)


def test_the_default_strategies_differ_in_colour_and_in_marker():
    for first, second in combinations((style_of(name) for name in DEFAULTS), 2):
        assert first.colour != second.colour
        assert first.marker != second.marker


# Viénot, Brettel & Mollon 1999 (quoted from memory): linear RGB as a dichromat sees it.
DICHROMATS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranope": ((0.2920, 0.7080, 0.0), (0.2920, 0.7080, 0.0), (-0.0223, 0.0223, 1.0)),
    "protanope": ((0.1124, 0.8876, 0.0), (0.1124, 0.8876, 0.0), (0.0040, -0.0040, 1.0)),
}


@pytest.mark.parametrize("sight", DICHROMATS)
def test_the_default_colours_stay_apart_for_the_colour_blind(sight: str):
    def seen(colour: str) -> list[float]:
        linear = [channel**2.2 for channel in to_rgb(colour)]
        mixed = (sum(m * c for m, c in zip(row, linear, strict=True)) for row in DICHROMATS[sight])
        return [min(max(value, 0.0), 1.0) ** (1 / 2.2) for value in mixed]

    for first, second in combinations(DEFAULTS, 2):
        pair = seen(style_of(first).colour), seen(style_of(second).colour)
        assert max(abs(a - b) for a, b in zip(*pair, strict=True)) > 0.1, (first, second)


def test_the_grid_is_a_line_of_its_own_kind():
    grid = style_of("grid")
    others = [style_of(name) for name in DEFAULTS if name != "grid"]
    assert grid.colour == "#000000"
    assert all(grid.width > other.width and grid.dash != other.dash for other in others)


@pytest.mark.parametrize("strategy", ["gp", "random", "somebody's"])
def test_a_strategy_keeps_its_colour_and_marker_whatever_its_pruner(strategy: str):
    alone = style_of(strategy)
    pairs = [style_of(f"{strategy}+{entry.name}") for entry in PRUNERS if entry.name != "none"]
    assert {(pair.colour, pair.marker) for pair in pairs} == {(alone.colour, alone.marker)}
    assert len({pair.dash for pair in (alone, *pairs)}) == len(PRUNERS)


def test_a_plus_in_a_name_is_no_pruner():
    assert style_of("mine+yours") == style_of("mine+yours")
    assert not style_of("mine+yours").hollow


def test_an_unknown_name_always_gets_the_same_style():
    assert style_of("somebody's") == style_of("somebody's")
    assert len({look(style_of(f"plug-in-{n}")) for n in range(40)}) > 15


@pytest.mark.parametrize("name", ["_hidden", "a$b$c", "x" * 200, "<script>"])
def test_text_of_a_figure_is_short_and_free_of_mathematics(name: str):
    text = shown(name)
    assert len(text) <= 32
    assert not text.startswith("_")
    assert "$" not in text.replace(r"\$", "")
