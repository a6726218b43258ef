"""Random search, the baseline that every other strategy must beat."""

from strategies.base import Proposal, Strategy


class RandomSearch(Strategy):
    """Independent draws from the space's own distributions (Bergstra & Bengio 2012)."""

    reference = "Bergstra & Bengio 2012, JMLR 13:281-305"

    def ask(self) -> Proposal:
        """A fresh draw."""
        return self.propose(self.space.sample(self.rng))

    def tell(self, proposal: Proposal, value: float | None) -> None:
        """Random search learns nothing."""
