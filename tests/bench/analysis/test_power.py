import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import wilcoxon

from bench.analysis.power import (
    attained_level,
    cells_needed,
    detectable,
    detectable_differences,
    power_of,
    signed_rank_null,
)
from bench.analysis.significance import paired_against


def test_wilcoxons_null_by_hand():
    """Three ranks: sums 0, 1, 2, 3 (twice), 4, 5, 6."""
    assert (8 * signed_rank_null(3)).tolist() == [1, 1, 1, 2, 1, 1, 1]
    assert attained_level(5, 0.05) == 0
    assert attained_level(6, 0.05) == pytest.approx(2 / 64)


def test_five_cells_see_nothing_and_more_see_more():
    assert detectable(5) == math.inf
    effects = [detectable(n) for n in (6, 10, 20, 50, 200)]
    assert effects == sorted(effects, reverse=True)
    assert cells_needed(0.0) == math.inf
    with pytest.raises(ValueError, match="level < power"):
        detectable(10, 0.9, 0.5)


def test_any_number_of_strategies_can_be_compared():
    """Some thirty strategies are hundreds of pairs: levels at which scipy's `nct.cdf` is NaN."""
    for n in range(6, 60):
        levels = [0.05 / pairs for pairs in (1, 10, 45, 190, 561, 1225)]
        effects = [detectable(n, level) for level in levels]
        assert effects == sorted(effects)
        for level, effect in zip(levels, effects, strict=True):
            assert math.isinf(effect) or power_of(effect, n, level) == pytest.approx(0.8)


def test_cells_of_a_published_value():
    """Cohen 1988: a paired t-test finds d = 0.5 with 34 pairs at 80 %; Wilcoxon's needs π/3 as many: about 36."""
    assert 34 <= cells_needed(0.5) <= 37
    n = int(cells_needed(0.5))
    assert detectable(n) <= 0.5 < detectable(n - 1)


@pytest.mark.parametrize("n", [6, 10, 20, 60])
def test_the_promised_power_is_what_wilcoxon_has(n: int):
    """1000 experiments at 80 %: standard error 1.3 %; 5 % allows three of them and the approximation."""
    draws = np.random.default_rng(n).normal(detectable(n), 1, size=(1000, n))
    found = (wilcoxon(draws, axis=1).pvalue <= 0.05).mean()
    assert found == pytest.approx(0.8, abs=0.05)


def experiments(planted: float, sd: float, n: int) -> float:
    """Share of 200 experiments of `n` cells in which a difference of `planted` decades is called one."""
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(200):
        hard = rng.normal(size=n)
        values = pd.DataFrame({"a": hard, "b": hard + planted + sd * rng.normal(size=n)})
        found += paired_against(values, "a")["p"].iloc[0] <= 0.05
    return found / 200


def test_a_planted_20_percent_is_found_with_the_power_promised_and_nothing_is_not():
    """20 % less regret is 0.097 decades. 200 experiments: 80 % ± 8.5 % and at most 9.5 % in 99.7 % of all cases."""
    planted, sd = -math.log10(0.8), 0.2
    n = int(cells_needed(planted / sd))
    assert experiments(planted, sd, n) == pytest.approx(0.8, abs=0.085)
    assert experiments(0.0, sd, n) <= 0.095


def test_the_table_says_what_could_not_have_been_seen():
    a = np.zeros(8)
    values = pd.DataFrame({"a": a, "b": [1.0, -1.0] * 4, "c": [0.5] * 3 + [np.nan] * 5, "d": a})
    table = detectable_differences(values, "a", decades=1.0).set_index("peer")
    assert table.loc["b", "detectable"] == pytest.approx(detectable(8) * values["b"].std())
    assert table.loc["b", "factor"] == pytest.approx(10 ** table.loc["b", "detectable"])
    assert table.loc["b", "needed"] == cells_needed(1.0 / values["b"].std())
    assert table.loc["c", "detectable"] == math.inf
    assert math.isnan(table.loc["d", "needed"])
