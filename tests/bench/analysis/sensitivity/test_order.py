"""Orders, ties and agreement, from numbers whose answer is known."""

import math

import numpy as np
import pytest

from bench.analysis.sensitivity.data import NOTHING
from bench.analysis.sensitivity.order import (
    Answers,
    agreement,
    concordance,
    importances,
    instance_concordance,
    is_seen,
    method_concordance,
    tuning_order,
)
from problems.space import Floats

VOTING = ("fanova", "ped_anova", "ard", "total")


def made(values: Floats, error: float, instances: int = 2, refits: int = 20, seed: int = 0) -> Answers:
    """`values` (P + 1, M) with refits that differ as they do where a number's standard error is `error`."""
    rng = np.random.default_rng(seed)
    cube = values + error / 2 * rng.normal(size=(instances, refits, *values.shape))  # the jackknife doubles it
    return Answers(tuple("abc"[: len(values) - 1]), VOTING, cube)


def all_say(*values: float) -> Floats:
    return np.repeat(np.array(values)[:, None], len(VOTING), axis=1)


def test_what_differs_is_ordered_and_what_does_not_shares_a_place():
    order = tuning_order(made(all_say(0.3, 0.6, 0.301, 0.0), 0.02)).set_index("parameter")
    assert order.index[0] == "b"
    assert order["place"].to_dict() == {"b": 1, "a": 2, "c": 2}
    assert order["seen"].all()


def test_what_is_no_more_than_chance_is_not_seen():
    order = tuning_order(made(all_say(0.6, 0.02, 0.02, 0.02), 0.05)).set_index("parameter")
    assert order["seen"].to_dict() == {"a": True, "b": False, "c": False}


def test_a_difference_below_a_hundredth_is_none_however_sure_it_is():
    order = tuning_order(made(all_say(0.9, 0.008, 0.001, 0.0), 0.0)).set_index("parameter")
    assert order["place"].to_dict() == {"a": 1, "b": 2, "c": 2}
    assert order["seen"].to_dict() == {"a": True, "b": False, "c": False}


def test_methods_that_contradict_one_another_put_nothing_ahead():
    values = np.array([[0.6, 0.1, 0.6, 0.1], [0.1, 0.6, 0.1, 0.6], [0.0] * 4])
    found = made(values, 0.02)
    assert list(tuning_order(found)["place"]) == [1, 1]
    assert agreement(found).loc["fanova", "ped_anova"] == -1.0
    assert agreement(found).loc["fanova", "ard"] == 1.0
    assert method_concordance(found) == 0.0


def test_a_parameter_without_effect_is_seen_in_one_of_ten_cases_or_fewer_though_chance_has_a_heavy_tail():
    """The numbers of such a parameter are one more draw of what NOTHING gets; four measures that know nothing of one
    another are the worst case. 400 cases, 10 % and 3 standard errors."""
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(400):
        chance = rng.exponential(0.05, size=(1, 20, 1, 4))
        own = np.broadcast_to(rng.exponential(0.05, size=(1, 1, 1, 4)), chance.shape)
        wrong += is_seen(np.concatenate([own, chance], axis=2), 0)
    assert wrong <= 400 * (0.1 + 3 * math.sqrt(0.1 * 0.9 / 400))


def test_instances_that_have_other_important_parameters_disagree():
    alike, other = made(all_say(0.6, 0.3, 0.1, 0.0), 0.01), made(all_say(0.1, 0.3, 0.6, 0.0), 0.01)
    assert instance_concordance(alike) == pytest.approx(1.0)
    mixed = Answers(alike.parameters, VOTING, np.concatenate([alike.cube[:1], other.cube[:1]]))
    assert instance_concordance(mixed) == pytest.approx(0.0)
    assert math.isnan(instance_concordance(Answers(alike.parameters, VOTING, alike.cube[:1])))


def test_intervals_hold_the_mean_and_the_last_row_is_of_no_effect():
    table = importances(made(all_say(0.6, 0.3, 0.1, 0.0), 0.05))
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    assert list(table["parameter"][:4]) == ["a", "b", "c", NOTHING]
    width = (table["high"] - table["low"])[table["parameter"] == "a"].mean()
    assert width == pytest.approx(2 * 1.96 * 0.05 / math.sqrt(2), rel=0.25)  # of two instances


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([[1, 2, 3], [1, 2, 3], [1, 2, 3]], 1.0),
        ([[1, 2, 3], [3, 2, 1]], 0.0),
        # Siegel & Castellan 1988, table 9.6: three judges rank six applicants
        ([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]], 0.162),
        ([[1.0, 1.0, 2.0], [1.0, 1.0, 2.0]], 1.0),
    ],
)
def test_kendalls_w(ranks: list[list[float]], expected: float):
    assert concordance(np.array(ranks, dtype=float)) == pytest.approx(expected, abs=5e-4)


def test_kendalls_w_of_one_judge_or_of_ties_alone_is_not_defined():
    assert math.isnan(concordance(np.ones((1, 3))))
    assert math.isnan(concordance(np.ones((3, 3))))
