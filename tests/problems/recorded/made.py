"""Recordings of a known function."""

import math

import numpy as np

from problems.recorded.recording import Facts, RecordedTrial, Recording
from problems.space import Categorical, Config, Float, Int, SearchSpace

SPACE = SearchSpace(
    (Float("rate", 1e-4, 1.0, log=True), Int("epochs", 2, 6), Categorical("kind", ("plain", None, 1, True)))
)


def value_of(config: Config) -> float:
    return abs(math.log10(config["rate"]) + 2.0) + 0.1 * (6 - config["epochs"]) + 0.2 * (config["kind"] == "plain")


def trial_of(config: Config) -> RecordedTrial:
    if config["rate"] > 0.3:  # it diverges in the second epoch
        return RecordedTrial(config, "failed", None, None, 0.1, (5.0, None), 2 / config["epochs"])
    looks = tuple(value_of(config) + 1.0 - step / config["epochs"] for step in range(1, config["epochs"] + 1))
    return RecordedTrial(config, "ok", looks[-1], looks[-1] + 0.5, 0.1 * config["epochs"], looks)


def recording(count: int = 200, surrogate: str = "nearest", seed: int = 0) -> Recording:
    rng = np.random.default_rng(seed)
    facts = Facts("made", f"{count} random trials", "made up", "error", "epoch", {"numpy": "2"}, surrogate=surrogate)
    return Recording(facts, SPACE, tuple(trial_of(SPACE.sample(rng)) for _ in range(count)))
