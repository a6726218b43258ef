import pytest

from bench.errors import UsageError
from bench.plan import ENTRY_OF, Plan, default_name, make_plan, resolve_spec
from bench.settings import check_settings
from problems.entries import Needs
from problems.registry import problems
from strategies.registry import StrategyEntry, strategies


def planned(**settings: object) -> Plan:
    base = {"problems": "sphere", "dims": "2", "strategies": "random", "trials": "5", "seeds": 2}
    return make_plan(resolve_spec(check_settings({**base, **settings})))


def test_a_plan_is_the_product_seed_by_seed():
    plan = planned(problems="sphere,ackley", dims="2,3", strategies="random,grid", trials="4d")
    assert len(plan.runs) == 2 * 2 * 2 * 2
    assert [key.seed for key in plan.runs] == sorted(key.seed for key in plan.runs)
    assert {(key.dim, key.budget) for key in plan.runs} == {(2, 8), (3, 12)}
    assert all(key.instance == key.seed for key in plan.runs)


def test_a_dimension_that_a_problem_lacks_is_skipped_with_its_reason():
    plan = planned(problems="branin,sphere", dims="2,3")
    assert [(skip.problem, skip.dim) for skip in plan.skips] == [("branin", 3)]
    assert "branin" in plan.skips[0].reason
    assert {(key.problem, key.dim) for key in plan.runs} == {("branin", 2), ("sphere", 2), ("sphere", 3)}


def test_nothing_to_run_is_an_error_that_says_why():
    with pytest.raises(UsageError, match="nothing to run: branin goes no further than dimension 2"):
        planned(problems="branin", dims="3..5")


@pytest.mark.parametrize(
    ("field", "name", "near"),
    [("strategies", "optuna-tp", "optuna-tpe"), ("problems", "akley", "ackley"), ("pruners", "asah", "asha")],
)
def test_an_unknown_name_suggests_the_nearest(field: str, name: str, near: str):
    with pytest.raises(UsageError, match=near):
        planned(**{field: name})


def test_all_means_all_but_controls_and_what_is_too_dear():
    plan = planned(strategies="all", problems="all")
    met = {key.strategy for key in plan.runs} | {skip.strategy for skip in plan.skips}
    assert set(strategies()) - met == {"random-linear", "gp-linear", "sobol-repeated"}
    everything = {key.problem for key in plan.runs} | {skip.problem for skip in plan.skips}
    assert set(problems()) - everything == {
        "forrester", "gramacy-lee", *(name for name in problems() if name.endswith("-paper"))
    }  # fmt: skip


def test_what_is_not_installed_is_refused_by_name_and_skipped_in_all(monkeypatch: pytest.MonkeyPatch):
    absent = StrategyEntry("absent", "nowhere:Nothing", "", needs=Needs("future", ("no_such_module",)))
    table = {**strategies(), "absent": absent}
    monkeypatch.setattr("bench.plan.strategies", lambda: table)
    monkeypatch.setattr("bench.plan.strategy_entry", table.__getitem__)
    monkeypatch.setitem(ENTRY_OF, "strategies", table.__getitem__)
    with pytest.raises(UsageError, match=r"absent needs no_such_module; install with: pip install .*\[future\]"):
        planned(strategies="absent")
    skips = [skip for skip in planned(strategies="all").skips if skip.strategy == "absent"]
    assert len(skips) == 1
    assert "search-bench[future]" in skips[0].reason


def test_every_strategy_begins_in_every_way_that_is_asked_for():
    plan = planned(strategies="gp,random", initial="default,2d", trials="10")
    assert plan.spec.strategies == ("gp", "gp@2d", "random", "random@2d")
    assert planned(strategies="gp", initial="default").spec == planned(strategies="gp").spec
    assert planned(strategies="gp,random@5", trials="10").spec.strategies == ("gp", "random@5")


def test_who_cannot_be_given_trials_is_skipped_with_the_reason():
    plan = planned(strategies="random,scipy-de", initial="3")
    assert [(skip.strategy, skip.reason) for skip in plan.skips] == [
        ("scipy-de@3", "scipy-de cannot be given trials that it did not propose")
    ]


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"initial": "5", "trials": "5"}, "random@5 leaves none of 5 trials to the strategy; give fewer"),
        ({"initial": "3", "strategies": "random@2"}, "random@2 says already how it is run"),
        ({"initial": "half"}, "initial must look like default, 10 or 2d .*, got 'half'"),
        ({"initial": ""}, "initial must look like"),
        ({"strategies": "random@x"}, "unknown strategy 'random@x'"),
    ],
)
def test_what_cannot_be_given_is_refused_with_the_remedy(settings: dict[str, str], remedy: str):
    with pytest.raises(UsageError, match=remedy):
        planned(**settings)


def test_a_pruner_without_looks_is_skipped_with_its_reason():
    plan = planned(problems="sphere,mlp-digits", pruners="none,asha")
    assert [(skip.problem, skip.pruner, skip.reason) for skip in plan.skips] == [
        ("sphere", "asha", "asha needs looks: sphere has one look per trial")
    ]
    pairs = {(key.problem, key.pruner) for key in plan.runs}
    assert pairs == {("sphere", "none"), ("mlp-digits", "none"), ("mlp-digits", "asha")}


def test_an_experiment_without_pruners_has_the_name_that_it_had_before_there_were_any():
    base = {"problems": "sphere", "dims": "2", "strategies": "random", "trials": "5", "seeds": 2}
    names = {
        default_name("quick", resolve_spec(check_settings({**base, **more})))
        for more in ({}, {"pruners": "none"}, {"pruners": ["none"]})
    }
    assert names == {"quick-a17a80"}
    assert default_name("quick", resolve_spec({})) == "quick-b273a6"
    assert default_name("quick", resolve_spec(check_settings({**base, "pruners": "asha"}))) not in names


def test_the_default_name_follows_from_the_spec():
    one, same, other = (planned(seeds=seeds).spec for seeds in (2, 2, 3))
    assert default_name("quick", one) == default_name("quick", same) != default_name("quick", other)
