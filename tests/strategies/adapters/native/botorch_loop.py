"""The loop of BoTorch's closed-loop tutorial, on a box."""

import torch
from botorch.acquisition.analytic import LogExpectedImprovement
from botorch.fit import fit_gpytorch_mll
from botorch.models import SingleTaskGP
from botorch.optim.optimize import optimize_acqf
from gpytorch.mlls import ExactMarginalLogLikelihood
from numpy.random import Generator

from strategies.adapters.botorch_warnings import handled_by_botorch
from tests.strategies.adapters.native.spaces import BOX_NAMES, HIGH, LOW, Objective


def run(name: str, space: str, objective: Objective, *, trials: int, rng: Generator) -> None:
    """Only the box: what becomes of integers and choices is the adapter's own."""
    if space != "box":
        raise ValueError(f"the tutorial knows boxes only, got {space!r}")
    dim = len(BOX_NAMES)

    def observed(x: torch.Tensor) -> torch.Tensor:
        values = [objective(dict(zip(BOX_NAMES, point, strict=True))) for point in (LOW + x * (HIGH - LOW)).tolist()]
        return -torch.tensor(values, dtype=torch.double)[:, None]

    bounds = torch.stack([torch.zeros(dim), torch.ones(dim)]).double()
    with torch.random.fork_rng(), handled_by_botorch():
        torch.manual_seed(int(rng.integers(2**31)))
        x = torch.rand(10, dim, dtype=torch.double)
        y = observed(x)
        for _ in range(trials - len(x)):
            model = SingleTaskGP(x, y)
            fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
            improvement = LogExpectedImprovement(model, best_f=y.max())
            best, _ = optimize_acqf(improvement, bounds, q=1, num_restarts=10, raw_samples=512)
            x, y = torch.cat([x, best]), torch.cat([y, observed(best)])
