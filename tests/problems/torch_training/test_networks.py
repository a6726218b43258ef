"""The paper's networks: gradients, annealing, early stopping, distributions, preprocessing."""

import math
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from problems.base import Evaluation  # noqa: E402  after the skip
from problems.registry import problem_entry, problems  # noqa: E402
from problems.space import Config  # noqa: E402
from problems.torch_training import early_stopping  # noqa: E402
from problems.torch_training.data import Split  # noqa: E402
from problems.torch_training.early_stopping import train_until_stale  # noqa: E402
from problems.torch_training.network_data import network_split  # noqa: E402
from problems.torch_training.network_tasks import TASKS, NetworkTask  # noqa: E402
from problems.torch_training.networks import HYPERPARAMETERS, NetworkProblem  # noqa: E402
from problems.torch_training.one_hidden import OneHidden  # noqa: E402
from problems.torch_training.preprocessing import PREPROCESSING  # noqa: E402
from problems.torch_training.training import Recipe, descend  # noqa: E402

DEFAULTS: Config = {parameter.name: default for parameter, default in HYPERPARAMETERS}
TINY = NetworkTask("rectangles", 4, 100, 50, 60, least_epochs=4, most_epochs=12)
PLAIN = Recipe(learning_rate=0.1, batch_size=25, epochs=3, momentum=0.0, weight_decay=0.0)


def network(name: str = "nnet-digits", dim: int = 9, instance: int = 0) -> NetworkProblem:
    problem = problem_entry(name).make(dim, instance, np.random.default_rng(0))
    assert isinstance(problem, NetworkProblem)
    return problem


def tiny(**more) -> NetworkProblem:
    return replace(network("nnet-rectangles"), task=TINY, **more)


def looks(problem: NetworkProblem, seed: int = 0, **settings) -> list[Evaluation]:
    return list(problem.observe(settings, np.random.default_rng(seed)))


def model(**more) -> OneHidden:
    settings = {"inputs": 49, "classes": 2, "hidden": 7, "activation": "tanh"}
    return OneHidden(**(settings | {"weight_distribution": "uniform", "weight_scale": 1.0} | more))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_gradients_are_those_of_autograd(activation: str) -> None:
    generator = torch.Generator().manual_seed(0)
    net = model(activation=activation, classes=3)
    parameters = [p.requires_grad_() for p in net.initialise(generator)]
    inputs, labels = torch.rand(11, 49, generator=generator), torch.arange(11) % 3
    loss = torch.nn.functional.cross_entropy(net.logits(parameters, inputs, None), labels)
    ours = net.gradients(parameters, inputs, labels, generator)
    for mine, theirs in zip(ours, torch.autograd.grad(loss, parameters), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-6)
        assert not mine.requires_grad


def test_initial_weights_have_their_shape_and_scale() -> None:
    """Largest uniform weight c/√fan_in, or √6/√(fan_in + fan_out); standard deviation of normal ones c/√fan_in."""
    generator = torch.Generator().manual_seed(1)
    scaled, _, out, bias = model(hidden=400, weight_scale=0.5).initialise(generator)
    assert scaled.abs().max().item() == pytest.approx(0.5 / 7, rel=0.01)
    assert scaled.mean().abs() < 0.002
    assert out.abs().max().item() == pytest.approx(0.5 / 20, rel=0.02)
    assert not bias.any()
    glorot = model(hidden=400, weight_scale=None).initialise(generator)[0]
    assert glorot.abs().max().item() == pytest.approx(math.sqrt(6 / 449), rel=0.01)
    normal = model(hidden=400, weight_distribution="normal").initialise(generator)[0]
    assert normal.std().item() == pytest.approx(1 / 7, rel=0.03)


def test_the_rate_falls_from_the_annealing_start_on() -> None:
    """A model whose gradient is always 1 shows the sum of the rates: ε₀·(1 + … + 1 + 5/6 + … + 5/12)."""

    class Ones(OneHidden):
        def gradients(self, parameters, inputs, labels, generator):
            return [torch.ones_like(parameter) for parameter in parameters]

    net = Ones(**vars(model()))
    start = [p.clone() for p in net.initialise(torch.Generator().manual_seed(2))]
    recipe = replace(PLAIN, annealing_start=5.0)
    parameters = list(descend(net, network_split(TINY, 0), recipe, torch.Generator().manual_seed(2)))[-1]
    moved = (start[0] - parameters[0]).detach()
    assert moved.flatten().numpy() == pytest.approx(0.1 * (5 + sum(5 / t for t in range(6, 13))), rel=1e-4)


def stopped(errors: list[float | None], least: int) -> tuple[int, float, bool]:
    """Epochs, lowest error and whether there is a test error, when the epochs' validation errors are `errors`."""
    script = iter(errors)

    def wrong(net, parameters, inputs, labels):
        error = next(script, 0.0) if len(inputs) == TINY.validation else 0.0  # the test part is asked once
        return None if error is None else torch.arange(len(inputs)) < round(error * len(inputs))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(early_stopping, "wrong_predictions", wrong)
        recipe = replace(PLAIN, epochs=len(errors))
        steps = list(
            train_until_stale(model(), network_split(TINY, 0), recipe, least, torch.Generator().manual_seed(0))
        )
    assert [step.last for step in steps] == [False] * (len(steps) - 1) + [True]
    assert all(step.test is None for step in steps[:-1])
    return len(steps), steps[-1].validation, steps[-1].test is not None


def test_a_training_stops_when_its_best_epoch_lies_before_half_of_its_time() -> None:
    assert stopped([0.5, 0.4, 0.3, *[0.35] * 9], least=1) == (7, 0.3, True)  # 3 < 7/2
    assert stopped([0.5, 0.4, 0.3, *[0.35] * 9], least=10) == (10, 0.3, True)
    assert stopped([0.5, 0.4, 0.3, 0.3, 0.3, 0.2, *[0.3] * 6], least=1) == (12, 0.2, True)  # to the end
    assert stopped([0.5, 0.4, 0.4, *[0.4] * 5], least=1)[0] == 5  # the first of equal ones counts


def test_a_training_that_diverges_ends_with_what_was_best() -> None:
    assert stopped([0.5, 0.4, None, 0.1], least=4) == (3, 0.4, True)
    epochs, best, tested = stopped([None, 0.1], least=4)
    assert (epochs, math.isnan(best), tested) == (1, True, False)


def test_a_trial_is_complete_whenever_it_stops() -> None:
    for seed in range(4):
        curve = looks(tiny(), seed)
        assert TINY.least_epochs <= len(curve) <= TINY.most_epochs
        assert sum(look.cost for look in curve) == pytest.approx(1.0)
        values = [look.value for look in curve]
        assert values == sorted(values, reverse=True)
        assert [look.test_value is None for look in curve] == [True] * (len(curve) - 1) + [False]


def test_the_test_error_is_that_of_the_best_weights() -> None:
    net, split = model(), network_split(TINY, 0)
    recipe = replace(PLAIN, epochs=8, learning_rate=1.0)
    by_hand = []
    for parameters in descend(net, split, recipe, torch.Generator().manual_seed(3)):
        wrong = (net.logits(parameters, split.held_out_inputs, None).argmax(1) != split.held_out_labels).double()
        by_hand.append((wrong[:50].mean().item(), wrong[50:].mean().item()))
    best = min(by_hand, key=lambda pair: pair[0])
    end = list(train_until_stale(net, split, recipe, 8, torch.Generator().manual_seed(3)))[-1]
    assert (end.validation, end.test) == pytest.approx(best)
    assert best[0] < by_hand[-1][0] or best == by_hand[-1]


def test_the_space_is_the_papers() -> None:
    """Exact shares and quantiles of what is trained, from 4000 configs; 5 standard errors."""
    space, rng = network().space, np.random.default_rng(4)
    configs = [space.sample(rng) for _ in range(4000)]
    half = pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(4000))
    assert np.mean([c["l2_penalty"] >= 3.1e-7 for c in configs]) == half  # on
    assert np.mean([c["weight_scale"] <= 2.0 for c in configs]) == half  # c/√fan_in
    assert np.mean([c["learning_rate"] < 0.1 for c in configs]) == half
    assert np.mean([c["annealing_start"] < 3000 for c in configs]) == half
    assert np.mean([c["hidden_units"] < math.sqrt(18 * 1024) for c in configs]) == half
    on = [c["l2_penalty"] for c in configs if c["l2_penalty"] >= 3.1e-7]
    assert np.mean([penalty < 3.1e-6 for penalty in on]) == pytest.approx(0.5, abs=0.06)
    scales = [c["weight_scale"] for c in configs if c["weight_scale"] <= 2.0]
    assert (min(scales), np.mean(scales)) == (pytest.approx(0.2, abs=0.01), pytest.approx(1.1, abs=0.06))
    assert {c["preprocessing"] for c in configs} == {"none", "normalise", "pca"}
    assert network(dim=7).space.names == space.names[:7]


@pytest.mark.parametrize(
    ("unused", "others"),
    [
        ({"kept_variance": 0.5}, {"preprocessing": "normalise"}),
        ({"weight_scale": 2.5}, {"weight_scale": 3.5}),  # both say the other rule
        ({"l2_penalty": 1e-8}, {"l2_penalty": 3e-7}),  # both are off
    ],
)
def test_what_is_not_used_is_ignored(unused: Config, others: Config) -> None:
    assert looks(tiny(), **others | unused) == looks(tiny(), **others)


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 1.0},
        {"hidden_units": 30},
        {"weight_scale": 0.3},
        {"weight_scale": 3.0},
        {"annealing_start": 300.0},
        {"l2_penalty": 3.1e-5},
        {"activation": "sigmoid"},
        {"weight_distribution": "normal"},
        {"preprocessing": "normalise"},
        {"preprocessing": "pca"},
    ],
    ids=str,
)
def test_every_hyperparameter_reaches_the_weights(change: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = []

    def last_weights(net, split, recipe, least_epochs, generator):
        for _, parameters in zip(range(400), descend(net, split, recipe, generator), strict=False):
            weights = parameters[0].detach().clone()
        ends.append(weights)
        return iter(())

    monkeypatch.setattr("problems.torch_training.networks.train_until_stale", last_weights)
    small = replace(TINY, most_epochs=400)
    for settings in ({}, change):
        looks(replace(tiny(), task=small), **{"hidden_units": 18, "annealing_start": 500.0} | settings)
    assert ends[0].shape != ends[1].shape or not torch.equal(*ends)


def test_a_larger_training_learns() -> None:
    curve = looks(network("nnet-digits"), learning_rate=0.3)
    assert curve[-1].value < 0.12
    assert curve[-1].test_value is not None
    assert abs(curve[-1].test_value - curve[-1].value) < 0.08


def test_the_data_of_an_instance_are_the_same_in_every_dimension() -> None:
    config = {name: DEFAULTS[name] for name in network(dim=7).space.names}
    assert looks(tiny(), 3, **config) == looks(replace(network("nnet-rectangles", 7), task=TINY), 3, **config)
    assert looks(tiny(), 3, **config) != looks(tiny(instance=1), 3, **config)


def test_normalised_inputs_have_mean_0_and_deviation_1() -> None:
    split = network_split(TASKS["nnet-digits"], 0)
    done = PREPROCESSING["normalise"](split, 1.0)
    spread = done.train_inputs.std(0, correction=0)
    assert done.train_inputs.mean(0).abs().max() < 1e-5
    assert (((spread - 1).abs() < 1e-4) | (spread == 0)).all()
    assert done.held_out_inputs.isfinite().all()
    assert PREPROCESSING["none"](split, 1.0) is split


@pytest.mark.parametrize("kept", [0.5, 0.9, 1.0])
def test_pca_keeps_the_fewest_components_with_that_share(kept: float) -> None:
    split = network_split(TASKS["nnet-digits"], 0)
    done = PREPROCESSING["pca"](split, kept)
    variances = done.train_inputs.double().var(0, correction=0)
    total = split.train_inputs.double().var(0, correction=0).sum()
    assert (variances.diff() <= 1e-9).all()
    assert variances.sum() / total >= kept - 1e-5
    assert variances[:-1].sum() / total < kept
    assert done.held_out_inputs.shape == (len(split.held_out_inputs), len(variances))
    correlation = np.corrcoef(done.train_inputs.numpy().T)
    assert np.abs(correlation - np.eye(len(correlation)))[:10, :10].max() < 1e-3


def test_pca_of_two_correlated_features_by_hand() -> None:
    train = torch.tensor([[1.0, 1.0], [-1.0, -1.0], [0.1, -0.1], [-0.1, 0.1]])
    split = Split(train, torch.zeros(4, dtype=torch.int64), torch.tensor([[2.0, 2.0]]), torch.tensor([0]), 1, 2)
    done = PREPROCESSING["pca"](split, 0.9)  # the first axis has 4/4.04 of the variance
    assert done.train_inputs.abs().flatten().tolist() == pytest.approx([math.sqrt(2), math.sqrt(2), 0, 0], abs=1e-6)
    assert abs(done.held_out_inputs.item()) == pytest.approx(math.sqrt(8))


def test_every_task_is_a_problem_and_the_paper_form_has_the_papers_sizes() -> None:
    assert set(TASKS) == {name for name in problems() if name.startswith("nnet-")}
    rectangles, convex = TASKS["nnet-rectangles-paper"], TASKS["nnet-convex-paper"]
    assert (rectangles.train, rectangles.validation, rectangles.test) == (1000, 200, 50_000)
    assert (convex.train, convex.validation, convex.test) == (6000, 2000, 50_000)
    assert {(task.least_epochs, task.most_epochs) for name, task in TASKS.items() if "paper" in name} == {(100, 1000)}
    split = network_split(TASKS["nnet-digits"], 0)
    assert (len(split.train_labels), split.validation_size, len(split.held_out_labels)) == (300, 200, 1497)
