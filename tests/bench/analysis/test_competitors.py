import pytest

from bench.analysis.competitors import by_pair, has_pruners, parts_of
from bench.analysis.ranks import ranks
from bench.analysis.regret import regret_curves
from bench.analysis.summary import summarise
from tests.bench.made_by_hand import a_run, frames, trials_of

RUNS, TRIALS = frames(
    *[
        (run, trials_of(run, values, status=states, cost=costs))
        for run, values, states, costs in (
            (a_run("gp", budget=2), [4.0, 3.0], ["ok", "ok"], [1.0, 1.0]),
            (a_run("gp", budget=2, pruner="asha"), [4.0, 9.0, 1.0], ["ok", "pruned", "failed"], [1.0, 0.5, 0.25]),
        )
    ]
)


def test_a_pair_is_a_competitor_of_its_own():
    runs, trials = by_pair(RUNS), by_pair(TRIALS)
    assert runs["strategy"].tolist() == ["gp", "gp+asha"]
    ranked = ranks(runs, regret_curves(runs, trials))
    assert ranked[ranked["trial"] == 2].set_index("strategy")["rank"].to_dict() == {"gp": 1.0, "gp+asha": 2.0}
    summary = summarise(runs, trials, curves := regret_curves(runs, trials), ranks(runs, curves)).set_index("strategy")
    assert summary["pruned_trials"].to_dict() == {"gp": 0.0, "gp+asha": pytest.approx(1 / 3)}
    assert summary["failed_trials"].to_dict() == {"gp": 0.0, "gp+asha": pytest.approx(1 / 3)}


def test_without_pruners_nothing_changes():
    plain = RUNS[RUNS["pruner"] == "none"]
    assert by_pair(plain) is plain
    assert not has_pruners(plain)
    assert has_pruners(RUNS)


def test_pairs_that_were_not_named_are_refused():
    with pytest.raises(ValueError, match="pairs"):
        ranks(RUNS, regret_curves(RUNS, TRIALS))


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        *(("gp+asha", ("gp", "asha")), ("gp", ("gp", "none")), ("a+b", ("a+b", "none")), ("+asha", ("+asha", "none"))),
        ("gp@10+my/c++/p.py:Own", ("gp@10", "my/c++/p.py:Own")),
        ("my/c++/s.py:Mine", ("my/c++/s.py:Mine", "none")),
        ("my.py:Mine+mod:Own", ("my.py:Mine", "mod:Own")),
        ("exec:run a+b:c", ("exec:run a+b:c", "none")),
    ],
)
def test_labels_are_taken_apart_only_at_a_known_pruner(label: str, parts: tuple[str, str]):
    assert parts_of(label) == parts
