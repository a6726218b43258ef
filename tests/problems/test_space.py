"""The search space: every value has a unit, every unit a value, and nothing ever leaves its range."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems.space import Categorical, Float, Int, SearchSpace, axis_levels

UNITS = st.floats(0, 1)
SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text(max_size=3)


@st.composite
def floats(draw, name="x"):
    log = draw(st.booleans())
    bounds = st.floats(1e-12, 1e12) if log else st.floats(-1e12, 1e12)
    low, high = sorted((draw(bounds), draw(bounds)))
    return Float(name, low, high, log=log)


@st.composite
def ints(draw, name="x"):
    log = draw(st.booleans())
    low = draw(st.integers(1 if log else -1000, 1000))
    return Int(name, low, low + draw(st.integers(0, 2000)), log=log)


@st.composite
def categoricals(draw, name="x"):
    choices = draw(st.lists(SCALARS, min_size=1, max_size=8, unique_by=lambda choice: (type(choice), choice)))
    return Categorical(name, tuple(choices))


def parameters(name="x"):
    return floats(name) | ints(name) | categoricals(name)


@st.composite
def spaces(draw, max_dim=5):
    return SearchSpace(tuple(draw(parameters(f"x{j}")) for j in range(draw(st.integers(1, max_dim)))))


@given(parameters(), UNITS)
def test_from_unit_gives_a_native_value_in_range(parameter, unit):
    assert parameter.contains(parameter.from_unit(unit))


@given(parameters())
def test_the_ends_of_the_unit_interval_give_the_ends_of_the_range(parameter):
    ends = parameter.from_unit(0.0), parameter.from_unit(1.0)
    if isinstance(parameter, Categorical):
        assert repr(ends) == repr((parameter.choices[0], parameter.choices[-1]))
    elif isinstance(parameter, Int):
        assert ends == (parameter.low, parameter.high)
    else:
        assert ends == pytest.approx((parameter.low, parameter.high), rel=1e-12)


@given(ints() | categoricals(), UNITS)
def test_discrete_values_survive_the_round_trip(parameter, unit):
    value = parameter.from_unit(unit)
    back = parameter.from_unit(parameter.to_unit(value))
    assert repr(back) == repr(value)  # 1, 1.0 and True differ


@given(floats(), UNITS)
def test_floats_survive_the_round_trip_within_rounding(parameter, unit):
    value = parameter.from_unit(unit)
    back = parameter.from_unit(parameter.to_unit(value))
    scale = max(abs(parameter.low), abs(parameter.high))
    assert back == pytest.approx(value, rel=1e-9, abs=1e-12 * scale)


@given(parameters(), UNITS)
def test_units_lie_in_the_unit_interval(parameter, unit):
    assert -1e-9 <= parameter.to_unit(parameter.from_unit(unit)) <= 1 + 1e-9


@given(spaces(), st.integers(0, 2**32 - 1))
def test_snap_is_idempotent_and_the_unit_of_the_decoded_config(space, seed):
    units = np.random.default_rng(seed).random((7, len(space)))
    snapped = space.snap(units)
    assert snapped.shape == units.shape
    np.testing.assert_allclose(space.snap(snapped), snapped, atol=1e-9)
    for row, unit in zip(snapped, units, strict=True):
        discrete = [not isinstance(p, Float) or p.cardinality == 1 for p in space]
        np.testing.assert_allclose(row[discrete], space.to_unit(space.from_unit(unit))[discrete], atol=1e-9)
        continuous = np.logical_not(discrete)
        assert np.array_equal(row[continuous], unit[continuous])
        assert repr(space.from_unit(row)) == repr(space.from_unit(unit))


@given(spaces(), st.integers(0, 2**32 - 1))
def test_samples_are_valid_in_order_and_from_the_stream(space, seed):
    config = space.sample(np.random.default_rng(seed))
    space.validate(config)
    assert tuple(config) == space.names
    assert repr(config) == repr(space.sample(np.random.default_rng(seed)))


@given(spaces())
def test_one_hot_has_a_column_per_number_and_choice(space):
    units = np.random.default_rng(1).random((5, len(space)))
    widths = [len(p.choices) if isinstance(p, Categorical) else 1 for p in space]
    columns = space.one_hot(units)
    assert columns.shape == (5, sum(widths))
    for j, (parameter, end) in enumerate(zip(space, np.cumsum(widths), strict=True)):
        block = columns[:, end - widths[j] : end]
        if isinstance(parameter, Categorical):
            assert (block.sum(axis=1) == 1).all()
            assert block.argmax(axis=1).tolist() == [parameter.index(parameter.from_unit(u)) for u in units[:, j]]
        else:
            assert np.array_equal(block[:, 0], units[:, j])


@given(parameters(), st.integers(1, 60))
def test_axis_levels_are_distinct_valid_and_as_many_as_asked_for(parameter, count):
    levels = axis_levels(parameter, count)
    assert all(parameter.contains(level) for level in levels)
    if isinstance(parameter, Float) and not math.isclose(parameter.low, parameter.high, rel_tol=1e-9):
        assert len(set(levels)) == count
    if not isinstance(parameter, Float):
        assert len({repr(level) for level in levels}) == min(count, parameter.cardinality)
    if not isinstance(parameter, Categorical):
        assert levels == sorted(levels)


def test_axis_levels_of_a_log_int_stay_near_its_scale():
    assert axis_levels(Int("x", 1, 16, log=True), 8) == [1, 2, 3, 4, 5, 6, 9, 13]
    assert axis_levels(Int("x", 1, 100, log=True), 100) == list(range(1, 101))
    assert axis_levels(Int("x", 8, 512, log=True), 3) == [15, 62, 253]


@given(spaces(max_dim=4), st.data())
def test_a_grid_is_a_sequence_of_distinct_valid_configs(space, data):
    levels = data.draw(st.lists(st.integers(1, 4), min_size=len(space), max_size=len(space)))
    grid = space.grid(levels)
    points = list(grid)
    assert len(points) == len(grid) == math.prod(len(axis) for axis in grid.axes)
    for point in points:
        space.validate(point)
        assert tuple(point) == space.names
    if not any(isinstance(p, Float) for p in space):
        assert len({repr(point) for point in points}) == len(grid)
    assert repr(grid[-1]) == repr(points[-1])
    assert repr(grid[1:3]) == repr(points[1:3])
    with pytest.raises(IndexError, match=f"the grid has {len(grid)} points"):
        grid[len(grid)]


def test_a_grid_is_lazy_and_its_last_parameter_varies_fastest():
    space = SearchSpace((Int("x", 0, 10**9), Int("y", 0, 10**9)))
    assert len(space.grid([10**3, 10**3])) == 10**6
    grid = SearchSpace((Int("x", 0, 1), Categorical("y", ("a", "b")))).grid([2, 2])
    assert [tuple(point.values()) for point in grid] == [(0, "a"), (0, "b"), (1, "a"), (1, "b")]


def test_choices_differ_by_type():
    choice = Categorical("x", (1, 1.0, True, "1"))
    assert [choice.index(value) for value in (1, 1.0, True, "1")] == [0, 1, 2, 3]
    assert not Categorical("x", (1,)).contains(True)
    assert not Categorical("x", (1,)).contains([1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Float("lr", 0.0, 1, log=True), "log range needs low > 0, got low=0.0 for parameter 'lr'"),
        (lambda: Float("lr", 2, 1), "a range needs low <= high"),
        (lambda: Float("lr", 0, math.inf), "a range needs finite bounds"),
        (lambda: Float("lr", math.nan, 1), "a range needs finite bounds"),
        (lambda: Int("n", 0, 5, log=True), "log range needs low > 0"),
        (lambda: Int("n", 1.0, 5), "an Int range needs int bounds"),
        (lambda: Int("n", True, 5), "an Int range needs int bounds"),
        (lambda: Categorical("c", ()), "choices must be distinct and at least one"),
        (lambda: Categorical("c", ("a", "a")), "choices must be distinct"),
        (lambda: Categorical("c", ((1, 2),)), "a choice must be a JSON scalar"),
        (lambda: Categorical("c", (math.nan,)), "a choice must be a JSON scalar"),
        (lambda: SearchSpace(()), "distinct, non-empty parameter names"),
        (lambda: SearchSpace((Float("x", 0, 1), Int("x", 0, 1))), "distinct, non-empty parameter names"),
        (lambda: SearchSpace((Float("", 0, 1),)), "distinct, non-empty parameter names"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


SPACE = SearchSpace((Float("x", 0, 1), Int("n", 1, 3), Categorical("c", (True, "a"))))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"x": 0.5, "n": 1}, "exactly the parameters ['x', 'n', 'c']"),
        ({"x": 0.5, "n": 1, "d": "a"}, "exactly the parameters"),
        ({"x": 0.5, "n": 1, "c": "a", "d": 1}, "exactly the parameters"),
        ({"x": 1.5, "n": 1, "c": "a"}, "1.5 (float) is not a value of Float(name='x'"),
        ({"x": np.float64(0.5), "n": 1, "c": "a"}, "(float64) is not a value"),
        ({"x": 0, "n": 1, "c": "a"}, "0 (int) is not a value"),
        ({"x": 0.5, "n": np.int64(1), "c": "a"}, "(int64) is not a value"),
        ({"x": 0.5, "n": True, "c": "a"}, "True (bool) is not a value"),
        ({"x": 0.5, "n": 1, "c": 1}, "1 (int) is not a value"),
        ({"x": math.nan, "n": 1, "c": "a"}, "nan (float) is not a value"),
    ],
)
def test_a_config_outside_the_space_is_refused(config, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        SPACE.validate(config)
    SPACE.validate({"x": 0.5, "n": 1, "c": "a"})


@given(st.integers(1, 50), st.integers(0, 60))
def test_a_log_int_is_a_rounded_log_uniform_draw(low, span):
    parameter = Int("n", low, low + span, log=True)
    draws = [parameter.from_unit((i + 0.5) / 2000) for i in range(2000)]
    total = math.log((low + span + 0.5) / (low - 0.5))
    for value in (low, low + span):
        expected = math.log((value + 0.5) / (value - 0.5)) / total
        assert draws.count(value) / 2000 == pytest.approx(expected, abs=2e-3)
