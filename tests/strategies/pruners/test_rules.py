"""Each rule against an example made by hand."""

from collections.abc import Sequence

import pytest

from strategies.pruners.asha import AshaPruner, rung_shares
from strategies.pruners.base import Pruner
from strategies.pruners.hyperband import HyperbandPruner, bracket_sizes, interleaved
from strategies.pruners.median import MedianPruner
from strategies.pruners.patience import PatiencePruner

Looks = Sequence[tuple[float, float]]


def taken(pruner: Pruner, trials: Sequence[Looks], first: int = 0) -> list[int]:
    """How many looks each trial was given, one trial after the other."""
    counts = []
    for number, looks in enumerate(trials, start=first):
        count = 0
        for step, value in looks:
            count += 1
            if pruner.should_stop(number, step, value):
                break
        counts.append(count)
    return counts


def flat(value: float, looks: int = 9) -> Looks:
    return [(look / looks, value) for look in range(1, looks + 1)]


def test_rungs_lie_at_powers_of_eta_below_full_fidelity():
    assert rung_shares(1 / 9, 3) == pytest.approx([1 / 9, 1 / 3])
    assert rung_shares(1 / 64, 4) == pytest.approx([1 / 64, 1 / 16, 1 / 4])
    assert rung_shares(1.0, 3) == []


@pytest.mark.parametrize(("first", "eta"), [(0.0, 3), (1.5, 3), (0.1, 1)])
def test_impossible_rungs_are_refused(first: float, eta: int):
    with pytest.raises(ValueError, match="needs"):
        rung_shares(first, eta)


def test_asha_by_hand():
    """Nine looks, rungs at the first and the third of them, a third goes on.

    First rung:  5 → {5}, 4 → {4,5}: too few to say, both go on. 6 → {4,5,6}: the best third is 4, stopped.
    3 → {3,4,5,6}: best third 3, goes on. 4.5 → {3,4,4.5,5,6}: stopped. 3.5 → {3,3.5,4,…}: of six two, goes on.
    Third look: 5 → {5}, 4 → {4,5} go on; 3 → {3,4,5}: goes on; 3.5 → {3,3.5,4,5}: of four one, stopped.
    """
    trials = [flat(value) for value in (5.0, 4.0, 6.0, 3.0, 4.5, 3.5)]
    assert taken(AshaPruner(eta=3, first=1 / 9), trials) == [9, 9, 1, 9, 1, 3]


def test_asha_lets_ties_go_on():
    assert taken(AshaPruner(), [flat(1.0)] * 6) == [9] * 6


def test_a_look_far_on_counts_at_the_highest_rung_that_it_reached():
    """Two looks: the first is at one half, in the rung at 1/3 and not in that at 1/9."""
    pruner = AshaPruner(eta=3, first=1 / 9)
    assert taken(pruner, [flat(value, 2) for value in (1.0, 2.0, 3.0)]) == [2, 2, 1]  # as the third of its rung
    assert taken(pruner, [flat(9.0), flat(8.0)], first=3) == [3, 3]  # the first rung has seen nobody yet


def test_a_trial_of_one_look_is_in_no_rung():
    pruner = AshaPruner()
    assert taken(pruner, [flat(0.0, 1)] * 5 + [flat(1.0)]) == [1] * 5 + [9]


def test_hyperband_has_the_sizes_of_the_paper():
    """Li et al. 2018, Algorithm 1, line 3: eta 3 and R = 81 give 81, 34, 15, 8 and 5 trials per bracket."""
    assert bracket_sizes(5, 3) == [81, 34, 15, 8, 5]
    assert bracket_sizes(3, 3) == [9, 5, 3]


def test_trials_are_spread_evenly_over_brackets():
    """By hand for 9, 5 and 3 of 17: whoever is most behind its share comes next."""
    order = interleaved([9, 5, 3])
    assert [order.count(bracket) for bracket in range(3)] == [9, 5, 3]
    assert order[:9] == [0, 1, 0, 2, 0, 1, 0, 2, 0]
    pruner = HyperbandPruner()
    assert [pruner.bracket(number) for number in range(34)] == order * 2


def test_hyperband_stops_by_the_rungs_of_the_bracket():
    """The more eager a bracket, the earlier its first rung; the last one stops nothing."""
    pruner = HyperbandPruner()
    of_bracket: dict[int, list[int]] = {0: [], 1: [], 2: []}
    for number in range(17):
        of_bracket[pruner.bracket(number)] += taken(pruner, [flat(float(number))], first=number)
    assert of_bracket == {0: [9, 9, 1, 1, 1, 1, 1, 1, 1], 1: [9, 9, 3, 3, 3], 2: [9, 9, 9]}


def test_median_by_hand():
    """Three whole trials with running averages 4, 3 and 2 throughout: the median is 3."""
    pruner = MedianPruner(warm_up_trials=3, warm_up_step=0.3)
    assert taken(pruner, [flat(value, 10) for value in (4.0, 3.0, 2.0)]) == [10, 10, 10]
    assert taken(pruner, [flat(3.0, 10)], first=3) == [10]  # not strictly worse
    assert taken(pruner, [flat(3.5, 10)], first=4) == [3]  # medians of 4, 3, 3, 2: stopped as soon as warm-up is over
    better_once = [(0.1, 1.0), *flat(9.0, 10)[1:]]
    assert taken(pruner, [better_once], first=5) == [10]  # its best value counts


def test_the_median_is_that_of_running_averages_up_to_the_same_step():
    pruner = MedianPruner(warm_up_trials=1, warm_up_step=0.0)
    assert taken(pruner, [[(0.25, 8.0), (0.5, 4.0), (0.75, 0.0), (1.0, 0.0)]]) == [4]
    assert not pruner.should_stop(1, 0.1, 100.0)  # nobody was seen that early
    assert not pruner.should_stop(2, 0.5, 6.0)  # (8 + 4) / 2
    assert pruner.should_stop(3, 0.5, 6.1)


def test_patience_stops_what_rests_and_is_beaten():
    """No new best for 0.3 of ten looks: after the best look, three more."""
    resting = [(0.1, 3.0), (0.2, 2.0), *flat(2.5, 10)[2:]]
    assert taken(PatiencePruner(patience=0.3), [resting]) == [10]  # nobody has beaten it
    pruner = PatiencePruner(patience=0.3)
    assert taken(pruner, [flat(1.0, 10), resting]) == [10, 5]
    falling = [(look / 10, 3.0 - look / 10) for look in range(1, 11)]
    assert taken(pruner, [falling], first=2) == [10]
