"""The range test: read from curves with known answers, and right about which rates train well."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from problems.registry import problem_entry  # noqa: E402  after the skip
from problems.torch_training.lr_find import of_problem, of_users_function  # noqa: E402
from problems.torch_training.range_test import NoLoss, RangeTest, range_test, read  # noqa: E402
from problems.torch_training.training import Recipe  # noqa: E402

RATES = np.geomspace(1e-7, 10, 401).tolist()
PLAIN = Recipe(learning_rate=1.0, batch_size=1, epochs=1, momentum=0.0, weight_decay=0.0)


def test_a_curve_is_read_where_it_is_steepest_and_lowest() -> None:
    """A slope down to 1e-1 with a smooth step around 1e-3, then up."""
    x = np.log10(RATES)
    step = 1.0 / (1.0 + np.exp(-4.0 * (x + 3.0)))
    curve = 2.0 - step - 0.2 * np.clip(x + 5.0, 0.0, 4.0) + np.where(x > -1, (x + 1.0) ** 2, 0.0)
    found = read(np.array(RATES), curve, curve, diverged=False)
    assert math.log10(found.steepest) == pytest.approx(-3, abs=0.1)
    assert math.log10(found.minimum) == pytest.approx(-1, abs=0.1)
    assert found.suggested == pytest.approx(found.minimum / 10)
    assert (found.low * found.high, found.high / found.low) == pytest.approx((found.suggested**2, 10))


def parabola(curvature: float, momentum: float = 0.0) -> RangeTest:
    """The range test of ½ c w², for which gradient descent diverges from the rate 2/c on."""
    weight = torch.ones(1, requires_grad=True)
    recipe = Recipe(learning_rate=1.0, batch_size=1, epochs=1, momentum=momentum, weight_decay=0.0)
    rates = np.geomspace(1e-5, 1e3, 401).tolist()
    return range_test(
        lambda inputs, targets: 0.5 * curvature * (weight**2).sum() + 1.0,
        [weight], torch.zeros(1, 1), torch.zeros(1), recipe, rates, torch.Generator().manual_seed(0),
    )  # fmt: skip


@pytest.mark.parametrize("curvature", [0.1, 1.3, 30.0])
def test_a_parabola_diverges_beyond_twice_its_inverse_curvature(curvature: float) -> None:
    found = parabola(curvature)
    assert found.diverged
    assert found.steepest < found.suggested < found.high < 2.0 / curvature < found.rates[-1] < 1e3
    assert found.minimum < 1.5 * 2.0 / curvature  # what has shrunk to nothing takes a while to grow
    assert found.smoothed[-1] > 4 * found.smoothed.min() >= found.smoothed[-2]


def test_the_average_has_no_bias_at_its_beginning() -> None:
    found = parabola(1.0)
    weights = 0.95 ** np.arange(19, -1, -1)
    assert found.smoothed[0] == found.losses[0]
    assert found.smoothed[19] == pytest.approx((weights * found.losses[:20]).sum() / weights.sum(), rel=1e-9)


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_what_is_not_finite_at_once_is_refused(loss: float) -> None:
    weight = torch.ones(1, requires_grad=True)
    with pytest.raises(NoLoss, match="no finite number before the first update"):
        range_test(
            lambda inputs, targets: weight.sum() * loss,
            [weight], torch.zeros(1, 1), torch.zeros(1), PLAIN, RATES, torch.Generator(),
        )  # fmt: skip


def test_a_loss_that_never_falls_suggests_nothing() -> None:
    weight = torch.ones(1, requires_grad=True)
    with pytest.raises(NoLoss, match="never fell"):
        range_test(
            lambda inputs, targets: 1.0 + 0.0 * weight.sum(),
            [weight], torch.zeros(1, 1), torch.zeros(1), PLAIN, RATES, torch.Generator().manual_seed(0),
        )  # fmt: skip


def test_the_suggested_range_holds_the_best_rates_of_a_grid() -> None:
    """Within a factor of 3, as a quarter of a decade lies between the rates of the grid; the same seeds every time."""
    problem = problem_entry("mlp-digits").make(1, 0, np.random.default_rng(0))
    grid = np.geomspace(1e-4, 1.0, 17)
    errors = [
        np.mean(
            [
                list(problem.observe({"learning_rate": float(rate)}, np.random.default_rng(seed)))[-1].value
                for seed in range(3)
            ]
        )
        for rate in grid
    ]
    best = grid[int(np.argmin(errors))]
    for seed in range(5):
        found = of_problem(problem, RATES, seed)
        assert found.low / 3 < best < found.high * 3
        inside = [error for rate, error in zip(grid, errors, strict=True) if found.low <= rate <= found.high]
        assert min(inside) < min(errors) + 0.01  # of 400 cases, four


@pytest.mark.parametrize("name", ["nnet-rectangles", "cnn-rectangles"])
def test_every_kind_of_training_has_a_range(name: str) -> None:
    found = of_problem(problem_entry(name).make(1, 0, np.random.default_rng(0)), RATES, 0)
    assert 1e-4 < found.low < found.high < 2.0
    assert repr(found) == repr(of_problem(problem_entry(name).make(1, 0, np.random.default_rng(0)), RATES, 0))


def test_a_network_of_the_users_is_trained_by_what_it_returns() -> None:
    """Regression by its own loss; torch's global generator is left as it was."""
    nn = torch.nn
    inputs = torch.linspace(-1, 1, 64)[:, None]

    def function():
        return nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1)), inputs, inputs**2, nn.functional.l1_loss

    before = torch.get_rng_state()
    first, second = (of_users_function(function, RATES, 0) for _ in range(2))
    assert torch.equal(before, torch.get_rng_state())
    assert first.losses.tolist() == second.losses.tolist()
    assert first.low < first.suggested < first.high


@pytest.mark.parametrize(
    ("returned", "complaint"),
    [
        (None, "returned 1 values"),
        ((1, 2, 3), r"returned \(int, int, int\)"),
        ((torch.nn.ReLU(), torch.zeros(3, 1), torch.zeros(3)), "no parameters to train"),
        ((torch.nn.Linear(1, 1), torch.zeros(3, 1), torch.zeros(2)), "3 inputs and 2 targets"),
    ],
)
def test_what_cannot_be_trained_is_named(returned: object, complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        of_users_function(lambda: returned, RATES, 0)
