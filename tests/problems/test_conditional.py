"""Only the widths of layers that are there matter, and the optimum is the only place with its value."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from problems.conditional import ConditionalProblem, make
from problems.space import Config

RNG = np.random.default_rng(0)


def made(dim: int, seed: int) -> ConditionalProblem:
    return make("conditional", dim, 0, np.random.default_rng(seed))


def value(problem: ConditionalProblem, config: Config) -> float:
    (look,) = problem.observe(config, RNG)
    return look.value


@given(dim=st.integers(3, 9), seed=st.integers(0, 2**32 - 1))
def test_widths_matter_up_to_the_last_layer_and_not_beyond(dim: int, seed: int) -> None:
    problem = made(dim, seed)
    config = problem.space.sample(np.random.default_rng(seed))
    for layer in range(1, dim):
        other = config | {f"width{layer}": 16 if config[f"width{layer}"] > 128 else 1024}
        matters = layer <= config["layers"]
        if not matters:
            assert value(problem, other) == value(problem, config)
        elif abs(value(problem, other) - value(problem, config)) < 1e-12:  # as far off, on the other side
            assert config[f"width{layer}"] * other[f"width{layer}"] == problem.widths[layer - 1] ** 2


@given(seed=st.integers(0, 2**32 - 1))
def test_every_step_from_the_optimum_is_a_loss_as_stated(seed: int) -> None:
    problem = made(6, seed)
    assert problem.optimum
    (best,) = problem.optimum.minimisers
    assert value(problem, best) == 0.0
    for name, width in best.items():
        if name == "layers":
            for layers in range(1, 6):
                assert value(problem, best | {name: layers}) == abs(layers - best["layers"])
        elif width * 4 <= 1024:
            matters = int(name.removeprefix("width")) <= best["layers"]
            assert value(problem, best | {name: width * 4}) == (1.0 if matters else 0.0)  # two octaves


def test_any_number_of_layers_may_be_best() -> None:
    assert {made(5, seed).layers for seed in range(60)} == {1, 2, 3, 4}
