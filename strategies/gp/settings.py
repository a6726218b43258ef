"""Every choice of the search that is not the method itself; what each is worth stands in docs/gp/ablation.md."""

from dataclasses import dataclass, field

from strategies.gp.model import Priors


@dataclass(frozen=True)
class Settings:
    """Numbers of points, steps and trials; shares and distances are of the space's width."""

    priors: Priors = field(default_factory=Priors)
    candidates: int = 400  # scrambled Sobol' points over the whole space
    near: int = 150  # points around the best one
    climb_steps: int = 16
    fit_steps: int = 10  # of L-BFGS
    refit_growth: float = 0.08  # learn again when there are so many more trials
    most_trials: int = 500  # that the model holds; beyond, it is local
    patience: int = 10  # trials without a gain, after which every second ask keeps its distance from what was tried
    distance: float = 0.05  # of the space, in at least one parameter
