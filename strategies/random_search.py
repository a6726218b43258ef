"""Random search, the baseline that every other strategy must beat."""

from problems.space import Config
from strategies.base import Card, Proposal, Strategy


class RandomSearch(Strategy):
    """Independent draws from the space's own distributions (Bergstra & Bengio 2012)."""

    reference = "Bergstra & Bengio 2012, JMLR 13:281-305"
    takes_given = True
    card = Card(
        initial_design="none: every trial is an independent draw",
        log_scales="uniform in the logarithm",
        integers="uniform over the values; on a log scale a rounded log-uniform draw",
        choices="all equally likely",
        pending="do not matter",
        failures="do not matter; they cost budget",
    )

    def ask(self) -> Proposal:
        """A fresh draw."""
        return self.propose(self.space.sample(self.rng))

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Random search learns nothing."""

    def adopt(self, config: Config, value: float | None) -> None:
        """Nor from what it did not propose."""
