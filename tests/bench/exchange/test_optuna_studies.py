"""A user's study becomes a recording: its sign, its failures, its curves; what cannot be one is refused in one line."""

from pathlib import Path
from typing import Any

import pytest

from bench.errors import UsageError
from problems.recorded.recording import Recording
from problems.space import Categorical, Float, Int

optuna: Any = pytest.importorskip("optuna")
studies: Any = pytest.importorskip("bench.exchange.optuna_studies")

STEPS = 4


@pytest.fixture(autouse=True)
def quiet() -> None:
    optuna.logging.set_verbosity(optuna.logging.ERROR)


def journal(path: Path) -> Any:
    return optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(str(path)))


def objective(trial: Any) -> float:
    rate = trial.suggest_float("rate", 1e-4, 1.0, log=True)
    layers = trial.suggest_int("layers", 1, 5, step=2)
    kind = trial.suggest_categorical("kind", ["plain", None])
    trial.suggest_float("fixed", 0.5, 0.5)
    if rate > 0.3:
        raise ValueError("diverged")
    for step in range(STEPS):
        accuracy = 0.1 * layers + (kind is None) + 0.01 * step - rate
        trial.report(accuracy, step)
        if trial.should_prune():
            raise optuna.TrialPruned
    return accuracy


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A real one: maximised, with failed and pruned trials."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    path = tmp_path_factory.mktemp("study") / "study.log"
    made = optuna.create_study(
        storage=journal(path), study_name="mine", direction="maximize",
        sampler=optuna.samplers.RandomSampler(seed=1), pruner=optuna.pruners.MedianPruner(n_startup_trials=10),
    )  # fmt: skip
    made.optimize(objective, n_trials=100, catch=(ValueError,))
    made.ask()
    return made, path


@pytest.fixture(scope="module")
def recorded(study: tuple[Any, Path]) -> Recording:
    found: Recording = studies.recording_of(str(study[1]), None)
    return found


def test_every_trial_that_ended_is_there_with_its_value_negated(study: tuple[Any, Path], recorded: Recording):
    ended = [trial for trial in study[0].trials if trial.state.is_finished()]
    assert len(recorded.trials) == len(ended) == 100
    for theirs, ours in zip(ended, recorded.trials, strict=True):
        assert ours.config == {name: theirs.params[name] for name in ("rate", "layers", "kind")}
        state = theirs.state.name
        assert ours.status == {"COMPLETE": "ok", "FAIL": "failed", "PRUNED": "pruned"}[state]
        if state == "COMPLETE":
            assert ours.value == -theirs.value
            assert ours.looks == tuple(-value for value in theirs.intermediate_values.values())
            assert ours.seconds is not None
            assert ours.seconds >= 0
    assert {trial.status for trial in recorded.trials} == {"ok", "failed", "pruned"}


def test_a_pruned_trial_goes_on_as_complete_ones_did(study: tuple[Any, Path], recorded: Recording):
    pruned = [
        (theirs, ours)
        for theirs, ours in zip(study[0].trials[:100], recorded.trials, strict=True)
        if ours.status == "pruned"
    ]
    for theirs, ours in pruned:  # accuracy grew by 0.01 a step, in all of them
        seen = [-value for value in theirs.intermediate_values.values()]
        assert ours.looks == pytest.approx([*seen, *(seen[-1] - 0.01 * step for step in range(1, 5 - len(seen)))])
        assert ours.value == ours.looks[-1]


def test_its_space_and_what_is_not_kept_are_said(recorded: Recording):
    assert recorded.space.parameters == (
        Float("rate", 1e-4, 1.0, log=True), Int("layers", 1, 5), Categorical("kind", ("plain", None)),
    )  # fmt: skip
    assert (recorded.facts.problem, recorded.facts.value_label) == ("mine", "−value")
    said = "\n".join(recorded.facts.left_out)
    for part in (
        "fixed: it never varied",
        "step of parameter layers",
        "1 trials that are waiting",
        "pruned trials: est",
    ):
        assert part in said


def test_a_database_is_read_too_and_none_is_made(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/study.db"
    made = optuna.create_study(storage=url, study_name="a")
    made.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3)
    assert [t.value for t in studies.recording_of(url, "a").trials] == [t.value for t in made.trials]
    assert [t.value for t in studies.recording_of(f"{tmp_path}/study.db", None).trials] == [
        t.value for t in made.trials
    ]
    with pytest.raises(UsageError, match="no file"):
        studies.recording_of(f"sqlite:///{tmp_path}/other.db", None)
    assert [path.name for path in tmp_path.iterdir()] == ["study.db"]
    optuna.create_study(storage=url, study_name="b")
    with pytest.raises(UsageError, match="give --study NAME, one of: a, b"):
        studies.recording_of(url, None)
    with pytest.raises(UsageError, match="no study 'c'"):
        studies.recording_of(url, "c")
    with pytest.raises(UsageError, match="no complete trial"):
        studies.recording_of(url, "b")


def conditional(trial: Any) -> float:
    x = trial.suggest_float("x", 0, 1)
    return x + trial.suggest_float("y", 0, 1) if x > 0.5 else x


@pytest.mark.parametrize(
    ("function", "directions", "complaint"),
    [
        (conditional, ["minimize"], "complete trials have no parameter 'y'"),
        (lambda trial: trial.suggest_float("x", 1, 1), ["minimize"], "no parameter of the study ever varied"),
        (lambda trial: (trial.suggest_float("x", 0, 1), 1.0), ["minimize"] * 2, "2 objectives"),
    ],
)
def test_what_cannot_be_recorded_is_refused(tmp_path: Path, function: Any, directions: list[str], complaint: str):
    made = optuna.create_study(
        storage=journal(tmp_path / "s.log"), directions=directions, sampler=optuna.samplers.RandomSampler(seed=0)
    )
    made.optimize(function, n_trials=10)
    with pytest.raises(UsageError, match=complaint):
        studies.recording_of(str(tmp_path / "s.log"), None)


def test_a_file_that_is_no_storage_is_refused(tmp_path: Path):
    (tmp_path / "x.txt").write_text("nonsense\n")
    with pytest.raises(UsageError, match="holds no study"):
        studies.recording_of(str(tmp_path / "x.txt"), None)
    with pytest.raises(UsageError, match="cannot be read as Optuna's storage"):
        studies.recording_of("nosuch://x", None)
