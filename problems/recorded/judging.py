"""How well a model predicts trials that it did not see, and where it is lowest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from scipy.stats import spearmanr

from problems.recorded.recording import Recording, require_enough
from problems.recorded.surrogates import Kind, Surrogate, kind_called
from problems.space import Floats

FOLDS = 5
BEST = 0.2  # the share of trials that a search is about
RANDOM_STARTS, STARTS, ROUNDS, STEPS = 5_000, 16, 30, 32


def errors_of(recording: Recording, kind: Kind, rng: Generator) -> dict[str, float]:
    """Of trials in folds that the model did not learn from: see `measures`. Pruned trials are only learned from."""
    count = len(recording.trials)
    fold = rng.permutation(count) % FOLDS
    predicted, fails = np.full(count, np.nan), np.zeros(count, dtype=bool)
    for number in range(FOLDS):
        kept = tuple(trial for trial, of in zip(recording.trials, fold, strict=True) if of != number)
        left = fold == number
        model = Surrogate(replace(recording, trials=kept), kind)
        predicted[left] = model.curves(recording.units[left])[0][:, -1]
        fails[left] = model.fails(recording.units[left])
    ended = np.array([trial.status == "ok" for trial in recording.trials])
    found = measures(recording.curves[ended, -1], predicted[ended])
    return {**found, "failures foretold": float(np.mean(fails == (recording.failed > 0)))}


def measures(values: Floats, predicted: Floats) -> dict[str, float]:
    """R², root mean squared error and rank correlation, the last two also among the best fifth."""
    best = values <= np.quantile(values, BEST)
    spread = values.var()
    return {
        "R²": 1.0 - float(np.mean((values - predicted) ** 2) / spread) if spread > 0.0 else 0.0,
        "RMSE": root_mean_square(values - predicted),
        "rank correlation": rank_correlation(values, predicted),
        "RMSE, best fifth": root_mean_square((values - predicted)[best]),
        "rank correlation, best fifth": rank_correlation(values[best], predicted[best]),
    }


def root_mean_square(differences: Floats) -> float:
    """Of (n,)."""
    return float(np.sqrt(np.mean(differences**2)))


def rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's; 0 where one of the two is constant."""
    if np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return 0.0
    return float(spearmanr(one, other).statistic)


def best_kind(errors: Mapping[str, Mapping[str, float]]) -> str:
    """The model with the smallest error among the best fifth, which is where searches end."""
    return min(errors, key=lambda name: errors[name]["RMSE, best fifth"])


def minimiser(model: Surrogate, rng: Generator) -> Floats:
    """Where the model is lowest (d,), by a local search from many starts: one coordinate after the other."""
    space = model.recording.space
    points = space.snap(np.concatenate([model.recording.units, rng.random((RANDOM_STARTS, len(space)))]))
    order = np.argsort(model.final_values(points), kind="stable")[:STARTS]
    places, values = points[order], model.final_values(points[order])
    for _ in range(ROUNDS):
        before = values.copy()
        for j in range(len(space)):
            tried = np.repeat(places[:, None, :], STEPS, axis=1)  # (starts, steps, d)
            tried[:, :, j] = rng.random((len(places), STEPS))
            tried = space.snap(tried.reshape(-1, len(space))).reshape(tried.shape)
            found = model.final_values(tried.reshape(-1, len(space))).reshape(len(places), STEPS)
            step = found.argmin(axis=1)
            better = found.min(axis=1) < values
            places = np.where(better[:, None], tried[np.arange(len(places)), step], places)
            values = np.where(better, found.min(axis=1), values)
        if np.array_equal(before, values):
            break
    place: Floats = places[values.argmin()]
    return place


def judged(recording: Recording, kinds: Sequence[Kind], wanted: str | None = None) -> Recording:
    """`recording` with the errors of all `kinds`, and with the model that is `wanted`, else the best, for a problem.

    Raises `RecordingError` where there are too few trials.
    """
    require_enough(recording)
    errors = {kind.name: errors_of(recording, kind, np.random.default_rng(0)) for kind in kinds}
    chosen = wanted or best_kind(errors)
    lowest = minimiser(Surrogate(recording, kind_called(chosen)), np.random.default_rng(0))
    facts = replace(recording.facts, surrogate=chosen, errors=errors, minimiser=tuple(lowest.tolist()))
    return replace(recording, facts=facts)
