"""Exact losses against simulation and hand-computed values, and verdicts that follow them."""

import numpy as np
import pandas as pd
import pytest

from bench.claims.log_scale.known_optimum import (
    SCALES,
    TRIALS,
    WIDTHS,
    WORLDS,
    expected_loss,
    hit_share,
    trials_needed,
    unit_of,
    value_at,
)
from bench.claims.log_scale.known_optimum_part import LINEAR_PART, LOG_PART
from problems.space import Float


@pytest.mark.parametrize("scale", SCALES)
def test_a_scale_is_that_of_a_parameter(scale: str):
    parameter, units = Float("x", 1e-3, 1.0, log=scale == "log"), np.array([0.0, 0.2, 0.7, 1.0])
    values = value_at(units, scale, 3.0)
    assert values == pytest.approx([parameter.from_unit(unit) for unit in units.tolist()])
    assert unit_of(values, scale, 3.0) == pytest.approx(units)


def test_the_share_that_hits_by_hand():
    # two nodes: best values 10^-1.5 and 10^-0.5 on [0.01, 1]; half a decade around them
    share = hit_share("log", "log", "log", 2.0, np.array([0.5]), 2)
    assert share[:, 0] == pytest.approx([0.5, 0.5])
    share = hit_share("linear", "log", "log", 2.0, np.array([0.5]), 2)
    assert share[:, 0] == pytest.approx([(0.1 - 0.01) / 0.99, (1.0 - 0.1) / 0.99])


@pytest.mark.parametrize(("prior", "metric"), WORLDS)
@pytest.mark.parametrize("scale", SCALES)
def test_the_integral_is_what_a_simulation_finds(scale: str, prior: str, metric: str):
    rng, width, trials = np.random.default_rng(0), 3.0, 10
    best = unit_of(value_at(rng.random(40_000), prior, width), metric, width)[:, None]
    tried = unit_of(value_at(rng.random((40_000, trials)), scale, width), metric, width)
    losses = np.minimum(1.0, ((tried - best) * width) ** 2).min(axis=1)
    exact = expected_loss(scale, prior, metric, width, np.array([trials]), 300)
    assert exact[0] == pytest.approx(losses.mean(), abs=4 * losses.std() / 200)


def test_each_scale_is_at_home_in_its_own_world():
    home = [expected_loss(scale, scale, scale, 4.0, np.array([10]), 300)[0] for scale in SCALES]
    assert home[0] == pytest.approx(home[1])


def test_trials_needed_are_read_off_the_curve():
    losses = pd.Series([1.0, 0.01, 0.0001], index=[1, 10, 100])  # loss = trials^-2
    assert trials_needed(losses, 0.0025) == pytest.approx(20.0)
    assert trials_needed(losses, 2.0) == 1.0
    assert trials_needed(losses, 1e-5) == np.inf


def table(log: float, linear: float) -> pd.DataFrame:
    """The same two losses in every world, falling with the trials."""
    return pd.DataFrame(
        [
            {"prior": prior, "metric": metric, "scale": scale, "width": width, "trials": trials, "loss": loss / trials}
            for prior, metric in WORLDS
            for scale, loss in (("log", log), ("linear", linear))
            for width in WIDTHS
            for trials in TRIALS
        ]
    )


def test_the_verdicts_follow_the_losses():
    better, worse = {"losses": table(0.1, 0.5)}, {"losses": table(0.5, 0.1)}
    assert (LOG_PART.judge(better).verdict, LOG_PART.judge(worse).verdict) == ("holds", "does not hold")
    assert (LINEAR_PART.judge(better).verdict, LINEAR_PART.judge(worse).verdict) == ("does not hold", "holds")
    assert LOG_PART.judge({"losses": table(0.3, 0.3)}).verdict == "does not hold"
    mixed = table(0.1, 0.5).assign(loss=lambda rows: rows["loss"].where(rows["width"] < 5, 0.01))
    assert LOG_PART.judge({"losses": mixed}).verdict == "does not hold"  # one width is enough
