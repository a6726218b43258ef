from collections.abc import Mapping

import pytest

from bench.charts.chart import Chart
from bench.charts.equal_time_chart import duration, who_leads


def test_the_slider_puts_the_numbers_of_its_price_into_every_trace(made: Mapping[str, Chart]):
    chart = made["seconds"]
    (slider,) = chart.figure["layout"]["sliders"]
    data = chart.figure["data"]
    assert [step["label"] for step in slider["steps"]][:: len(slider["steps"]) - 1] == ["1 ms", "1 h"]
    for number, step in enumerate(slider["steps"]):
        values, places = step["args"]
        assert places == list(range(len(data)))
        for place, trace in enumerate(data):
            if number == slider["active"]:
                assert values["x"][place] == trace["x"]
            if trace.get("legendgroup") == "random" and trace.get("meta") != "band":
                prices = sorted(chart.table["price"].unique())
                rows = chart.table[(chart.table["price"] == prices[number]) & (chart.table["strategy"] == "random")]
                assert values["y"][place] == pytest.approx(rows["score"].tolist(), rel=1e-4)
                assert len(values["x"][place]) == len(values["customdata"][place]) <= 60


def test_the_chart_of_prices_says_who_leads_where(made: Mapping[str, Chart]):
    chart = made["price"]
    assert chart.caption.startswith("Lowest is ")
    assert "of the resamples of seeds" in chart.caption
    best = chart.table.loc[chart.table.groupby("price")["score"].idxmin(), "strategy"]
    sentence = who_leads(chart.table.rename(columns={"score": "median"}))
    assert all(name in sentence for name in best.unique())


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.001, "1 ms"), (0.0123, "12 ms"), (0.98, "0.98 s"), (59.0, "0.98 min"), (5400.0, "1.5 h")]
)
def test_durations_are_said_in_the_unit_that_fits(seconds: float, words: str):
    assert duration(seconds) == words
