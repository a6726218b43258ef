"""Steps along integers and choices: one parameter at a time, and uphill as long as it pays."""

import numpy as np

from problems.space import Categorical, Float, Floats, Int, SearchSpace
from strategies.gp.lattice import every_point, one_step_away, walk

MIXED = SearchSpace((Int("i", 1, 9), Categorical("c", ("x", "y", "z")), Float("f", 0.0, 1.0)))
WHOLE = SearchSpace((Int("i", 1, 9), Int("j", 1, 9)))


def test_every_point_of_a_small_space_is_there_once():
    space = SearchSpace((Int("i", 2, 4), Categorical("c", ("x", "y"))))
    configs = {tuple(space.from_unit(units).values()) for units in every_point(space)}
    assert configs == {(i, c) for i in (2, 3, 4) for c in ("x", "y")}


def test_a_step_changes_one_integer_by_one_or_one_choice():
    config = {"i": 1, "c": "y", "f": 0.3}
    steps = [MIXED.from_unit(units) for units in one_step_away(MIXED, MIXED.to_unit(config))]
    assert sorted((step["i"], step["c"]) for step in steps) == [(1, "x"), (1, "z"), (2, "y")]
    assert all(abs(step["f"] - 0.3) < 1e-12 for step in steps)


def test_no_lattice_no_step():
    space = SearchSpace((Float("f", 0.0, 1.0),))
    assert one_step_away(space, np.array([0.2])).shape == (0, 1)


def test_the_walk_goes_uphill_to_the_top_and_sorts_what_it_met():
    def worth(units: Floats) -> Floats:
        configs = [WHOLE.from_unit(row) for row in units]
        return np.array([-float((c["i"] - 7) ** 2 + (c["j"] - 2) ** 2) for c in configs])

    starts = np.array([WHOLE.to_unit({"i": 3, "j": 4}), WHOLE.to_unit({"i": 1, "j": 9})])
    ranked = walk(WHOLE, starts, worth)
    assert WHOLE.from_unit(ranked[0]) == {"i": 7, "j": 2}
    assert (np.diff(worth(ranked)) <= 0).all()
