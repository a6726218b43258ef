import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from bench.analysis.groups import firsts, group_numbers, with_facts

BY = ["problem", "seed"]
KEYS = st.lists(st.tuples(st.sampled_from(["ackley", "branin", "é"]), st.integers(0, 2)), max_size=12)


def table(keys: list[tuple[str, int]]) -> pd.DataFrame:
    """Rows with these keys, under labels that are not their places."""
    rows = pd.DataFrame({"problem": [key[0] for key in keys], "seed": [key[1] for key in keys]})
    return rows.astype({"problem": "str", "seed": int}).assign(value=range(len(rows))).set_index(rows.index * 2 + 5)


@given(KEYS)
def test_groups_are_those_of_pandas_in_any_order(keys: list[tuple[str, int]]):
    rows = table(keys)
    pd.testing.assert_series_equal(group_numbers(rows, BY), rows.groupby(BY).ngroup())
    pd.testing.assert_frame_equal(firsts(rows, BY), rows.drop_duplicates(BY))


@given(KEYS, KEYS)
def test_facts_are_those_of_a_left_join(keys: list[tuple[str, int]], known: list[tuple[str, int]]):
    rows = table(keys)
    facts = firsts(table(known), BY).rename(columns={"value": "fact"})
    joined = rows.merge(facts, on=BY, how="left").set_axis(rows.index)
    pd.testing.assert_frame_equal(with_facts(rows, facts, BY), joined)
