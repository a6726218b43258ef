import numpy as np
import pytest

from bench.plan import make_plan, resolve_spec
from bench.prices import PriceList, interpolate, price, probe
from bench.settings import check_settings
from strategies.registry import TABLE

PRICES = PriceList(
    {
        ("strategy", "random"): {(2, 1): 0.5, (2, 100): 0.5},
        ("problem", "sphere"): {(2, 1): 0.1, (4, 1): 0.4},
        ("setup", "random"): {(0, 0): 3.0},
    }
)


def planned(**settings: object):
    base = {"problems": "sphere", "dims": "2", "strategies": "random", "trials": 10, "seeds": 1}
    return make_plan(resolve_spec(check_settings({**base, **settings})))


def test_a_price_is_the_sum_of_its_parts():
    cost = price(planned(), 1, PRICES, 1.0)
    assert cost.by_strategy == pytest.approx({"random": 5.0})
    assert cost.by_problem == pytest.approx({"sphere": 1.0})
    assert cost.work_s == pytest.approx(6.0)
    assert price(planned(seeds=3), 1, PRICES, 1.0).work_s == pytest.approx(18.0)
    assert price(planned(), 1, PRICES, 2.0).work_s == pytest.approx(12.0)
    saved = price(planned(), 1, PRICES, 1.0).seconds - price(planned(), 2, PRICES, 1.0).seconds
    assert saved == pytest.approx(3.0)  # the work is shared, imports and report are not


def test_what_has_no_price_is_named_and_not_guessed():
    cost = price(planned(strategies="random,sobol", problems="ackley"), 1, PRICES, 1.0)
    assert set(cost.unknown) == {"sobol", "ackley"}
    assert cost.work_s == pytest.approx(5.0)


def test_prices_between_the_measured_points_follow_a_power_law_and_grow_on_beyond():
    at = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    assert interpolate([2, 8], np.array([2.0, 8.0]), at) == pytest.approx([2, 2, 4, 8, 16])
    assert interpolate([2, 8], np.array([8.0, 2.0]), at)[-1] == pytest.approx(2)  # no falling on
    assert PRICES.curve("problem", "sphere", 8, np.array([1.0, 7.0])) == pytest.approx([1.6, 1.6])


def test_every_strategy_that_ships_has_a_price():
    runs = {entry.name for entry in TABLE if not entry.needs.broken}
    assert {name for kind, name in PriceList.read().seconds if kind == "strategy"} == runs
    assert 0 < probe() < 10
