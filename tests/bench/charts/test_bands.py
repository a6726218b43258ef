import math

import pandas as pd

from bench.charts.bands import MOST, band_traces, thinned

NAN = math.nan


def band(strategy: str, median: list[float], low: list[float], high: list[float], n: int = 3) -> pd.DataFrame:
    trials = range(1, len(median) + 1)
    return pd.DataFrame({"strategy": strategy, "trial": trials, "median": median, "low": low, "high": high, "n": n})


def traces(bands: pd.DataFrame) -> tuple[list[dict], list[dict]]:
    """Bands and lines."""
    made = list(band_traces(bands, "trial", sorted(bands["strategy"].unique()), log=False))
    return [trace for trace in made if trace.get("meta")], [trace for trace in made if not trace.get("meta")]


def test_a_band_is_drawn_around_its_line_in_pieces_where_that_has_gaps_and_open_upwards_where_it_has_no_end():
    (outline,), (line,) = traces(band("gp", [5, 4, NAN, 2, 1], [4, 3, NAN, 1, 0], [6, 5, NAN, NAN, 2]))
    assert line["y"] == [5, 4, None, 2, 1]
    assert outline["x"] == [1, 2, 2, 1, None, 4, 5, 5, 4]
    top = outline["y"][5]
    assert outline["y"] == [6, 5, 3, 4, None, top, 2, 0, 1]
    assert top > 6, "as high as the axis"


def test_one_seed_has_a_line_and_no_band_and_its_hover_text_speaks_of_no_interval():
    outlines, (line,) = traces(band("gp", [3, 2, 1], [3, 2, 1], [3, 2, 1], n=1))
    assert not outlines
    assert "95 %" not in line["hovertemplate"]
    assert line["hovertemplate"].endswith("n = 1")


def test_a_single_position_shows_points_side_by_side_with_their_intervals():
    bands = pd.concat([band("a", [2], [1], [4]), band("b", [3], [3], [NAN])])
    outlines, lines = traces(bands)
    assert not outlines
    first, second = sorted(lines, key=lambda trace: trace["x"])
    assert first["name"] == "a"
    assert (first["error_y"]["array"], first["error_y"]["arrayminus"]) == ([2], [1])
    assert second["error_y"]["array"][0] > 0, "open upwards"


def test_where_nothing_succeeded_there_is_nothing_to_draw():
    assert traces(band("gp", [NAN] * 3, [NAN] * 3, [NAN] * 3)) == ([], [])


def test_a_long_line_loses_what_is_within_flat_stretches_before_it_loses_a_step():
    steps = [1000.0 - index // 100 for index in range(1000)]
    kept = thinned(band("gp", steps, steps, steps))
    assert len(kept) == 20, "both ends of each of ten steps"
    assert kept["trial"].tolist()[:4] == [1, 100, 101, 200]
    falling = [float(1000 - index) for index in range(1000)]
    kept = thinned(band("gp", falling, falling, falling))
    assert len(kept) == MOST
    assert (kept["trial"].iloc[0], kept["trial"].iloc[-1]) == (1, 1000)


def test_a_line_in_steps_has_a_band_in_the_same_steps():
    bands = band("gp", [1, 2, 3], [0, 1, 2], [2, 3, 4])
    outline, line = list(band_traces(bands, "trial", ["gp"], log=False, steps=True))
    assert (line["line"]["shape"], line["x"], line["y"]) == ("hv", [1, 2, 3], [1, 2, 3])
    assert outline["x"] == [1, 2, 2, 3, 3, 3, 3, 2, 2, 1]
    assert outline["y"] == [2, 2, 3, 3, 4, 2, 1, 1, 0, 0]
