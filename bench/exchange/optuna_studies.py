"""A study that somebody made with Optuna, as a recording: which sampler would have been best on that problem?

Optuna maximises, too; we minimise, so such values change their sign. A pruned trial has no final value: its curve goes
on from where it was stopped as the complete ones did on the mean; without it, what was pruned would look unexplored.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median_low

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from bench.errors import UsageError
from bench.evaluate import number_or_none
from bench.exchange.optuna_storage import quiet
from problems.recorded.recording import Facts, RecordedTrial, Recording
from problems.space import Categorical, Float, Int, Parameter, SearchSpace

SQLITE = "sqlite:///"
ENDED = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)


def recording_of(storage: str, name: str | None) -> Recording:
    """The study `name`, or the only one, of `storage`, not judged yet; raises `UsageError`."""
    with quiet():
        study = opened(storage, name)
        trials = study.get_trials(deepcopy=False)
        if len(study.directions) > 1:
            raise UsageError(f"study {study.study_name!r} has {len(study.directions)} objectives; a recording has one")
        maximised = study.direction == optuna.study.StudyDirection.MAXIMIZE
        label = (study.metric_names or ["value"])[0]
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    if not complete:
        raise UsageError(f"study {study.study_name!r} has no complete trial; give one that has")
    space, notes = space_of(complete)
    kept = [trial for trial in trials if trial.state in ENDED and set(space.names) <= set(trial.params)]
    notes += left_out(trials, kept)
    facts = Facts(
        problem=study.study_name,
        how=f"{len(complete)} complete trials of an Optuna study",
        source=f"Optuna study {study.study_name!r}",
        value_label=f"−{label}" if maximised else label,
        fidelity_unit="step",
        versions={"optuna": optuna.__version__},
        left_out=tuple(notes),
    )
    return Recording(facts, space, tuple(recorded_trials(kept, space, -1.0 if maximised else 1.0)))


def opened(storage: str, name: str | None) -> optuna.Study:
    """The study; raises `UsageError` with the names that there are."""
    try:
        place = opened_storage(storage)
        names = optuna.get_all_study_names(place)
    except UsageError:
        raise
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UsageError(f"{storage!r} cannot be read as Optuna's storage: {reason}") from error
    if not names:
        raise UsageError(f"{storage} holds no study; give the storage of one")
    if name is None and len(names) == 1:
        name = names[0]
    if name not in names:
        asked = f"has no study {name!r}" if name is not None else f"has {len(names)} studies"
        raise UsageError(f"{storage} {asked}; give --study NAME, one of: {', '.join(names[:10])}")
    return optuna.load_study(study_name=name, storage=place)


def opened_storage(storage: str) -> BaseStorage:
    """A database by its URL, or a file: SQLite's, or Optuna's journal. None is made where there is none."""
    path = Path(storage.removeprefix(SQLITE))
    if storage.startswith(SQLITE) or "://" not in storage:
        if not path.is_file():
            raise UsageError(f"--from-optuna needs a study, and there is no file {path}; give a storage that there is")
        with path.open("rb") as file:
            is_sqlite = file.read(16).startswith(b"SQLite format 3")
        if not is_sqlite and not storage.startswith(SQLITE):
            return JournalStorage(JournalFileBackend(str(path)))
        return RDBStorage(f"{SQLITE}{path}")
    return RDBStorage(storage)


def space_of(trials: Sequence[FrozenTrial]) -> tuple[SearchSpace, list[str]]:
    """The parameters of complete `trials`, and what is not kept of them; raises `UsageError` where some lack one."""
    names = list(dict.fromkeys(name for trial in trials for name in trial.params))
    for name in names:
        if lacking := sum(name not in trial.params for trial in trials):
            raise UsageError(
                f"{lacking} of {len(trials)} complete trials have no parameter {name!r}: a space whose parameters "
                "depend on each other cannot be recorded"
            )
    notes, parameters = [], []
    for name in names:
        found = parameter(name, [trial.distributions[name] for trial in trials])
        if found.cardinality == 1:
            notes.append(f"parameter {name}: it never varied")
            continue
        parameters.append(found)
        steps = {getattr(trial.distributions[name], "step", None) for trial in trials}
        if steps - {None, 1}:
            notes.append(f"the step of parameter {name}: values in between are searched, too")
    if not parameters:
        raise UsageError("no parameter of the study ever varied; there is nothing to search")
    return SearchSpace(tuple(parameters)), notes


def parameter(name: str, distributions: Sequence[BaseDistribution]) -> Parameter:
    """The widest range: Optuna lets a study change that, but neither kind, scale nor choices; raises `UsageError`."""
    match distributions[0]:
        case FloatDistribution(log=log) | IntDistribution(log=log) as first:
            made = Float if isinstance(first, FloatDistribution) else Int
            ends = [(each.low, each.high) for each in distributions]  # type: ignore[attr-defined]
            return made(name, min(low for low, _ in ends), max(high for _, high in ends), log)
        case CategoricalDistribution(choices=choices):
            try:
                return Categorical(name, tuple(choices))
            except ValueError as error:
                raise UsageError(f"parameter {name!r} cannot be recorded: {error}") from error
        case other:
            raise UsageError(f"parameter {name!r} cannot be recorded: it is a {type(other).__name__}")


def left_out(trials: Sequence[FrozenTrial], kept: Sequence[FrozenTrial]) -> list[str]:
    """What is not among the recorded trials, or not as it was."""
    open_ = sum(trial.state not in ENDED for trial in trials)
    lost = len(trials) - len(kept) - open_
    pruned = sum(trial.state == TrialState.PRUNED and bool(trial.intermediate_values) for trial in kept)
    blind = sum(trial.state == TrialState.PRUNED and not trial.intermediate_values for trial in kept)
    said = {
        f"{open_} trials that are waiting or running": open_,
        f"{lost} trials that ended before they had all parameters": lost,
        f"{blind} trials that were pruned and reported nothing": blind,
        f"the ends of {pruned} pruned trials: estimated by how complete trials went on": pruned,
    }
    return [line for line, count in said.items() if count]


def recorded_trials(trials: Sequence[FrozenTrial], space: SearchSpace, sign: float) -> list[RecordedTrial]:
    """The trials with values that are minimised."""
    counts = [len(trial.intermediate_values) for trial in trials if trial.state == TrialState.COMPLETE]
    whole = median_low(counts)  # looks of a full trial
    curves = [looks_of(trial, sign) for trial in trials if trial.state == TrialState.COMPLETE]
    complete = np.array([curve for curve in curves if len(curve) == whole and None not in curve], dtype=float)
    found = []
    for trial in trials:
        looks, config = looks_of(trial, sign), {name: native(trial.params[name], space, name) for name in space.names}
        value = None if trial.value is None or trial.state == TrialState.FAIL else number_or_none(sign * trial.value)
        if trial.state == TrialState.PRUNED:
            known = [look for look in looks if look is not None]
            if not known:
                continue
            looks = continued(looks, known[-1], complete, whole)
            found.append(RecordedTrial(config, "pruned", looks[-1], looks=tuple(looks)))
        elif value is None:
            share = min(len(looks) / whole, 1.0) if whole else 0.0
            found.append(RecordedTrial(config, "failed", None, None, seconds(trial), tuple(looks), share))
        else:
            found.append(RecordedTrial(config, "ok", value, None, seconds(trial), tuple(looks)))
    return found


def native(value: object, space: SearchSpace, name: str) -> object:
    """A value as our space has it: a float where one is due."""
    is_float = any(isinstance(each, Float) and each.name == name for each in space)
    return float(value) if is_float else value  # type: ignore[arg-type]


def looks_of(trial: FrozenTrial, sign: float) -> list[float | None]:
    """What was reported, in order of the steps."""
    return [number_or_none(sign * value) for _, value in sorted(trial.intermediate_values.items())]


def continued(looks: list[float | None], last: float, complete: np.ndarray, whole: int) -> list[float | None]:
    """`looks` to the end of a full trial, changed from `last` on as the `complete` ones (c, whole) on the mean."""
    seen = len(looks)
    if seen >= whole or not len(complete):
        return [*looks[:-1], last]
    changes = (complete[:, seen:] - complete[:, [seen - 1]]).mean(axis=0)
    return [*looks, *(last + changes).tolist()]


def seconds(trial: FrozenTrial) -> float | None:
    """How long it took."""
    return trial.duration.total_seconds() if trial.duration is not None else None
