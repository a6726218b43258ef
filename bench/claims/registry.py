"""The table of claims: a new one is one file and one line here."""

from collections.abc import Mapping

from bench.claims.claim import Claim
from problems.loading import resolve
from problems.plugins import Entry, find

TABLE: tuple[Entry, ...] = (
    Entry(
        "random-beats-grid",
        "bench.claims.random_beats_grid.claim:CLAIM",
        "random search beats grid search (Bergstra & Bengio 2012)",
    ),
    Entry(
        "log-scale", "bench.claims.log_scale.claim:CLAIM", "search the learning rate on a log scale, not a linear one"
    ),
    Entry(
        "test-set-tuning",
        "bench.claims.choosing_on_test.claim:CLAIM",
        "choosing hyperparameters by the test error flatters",
    ),
    Entry(
        "validation-gap",
        "bench.claims.validation_gap.claim:CLAIM",
        "a wide gap between training and validation error is not to be trusted",
    ),
)


def claims() -> Mapping[str, Entry]:
    """Every claim by name, in the order of the table."""
    return {entry.name: entry for entry in TABLE}


def claim_entry(name: str) -> Entry:
    """The entry called `name`; raises `KeyError` with the nearest names."""
    return find(claims(), name, "claim")


def load_claim(name: str) -> Claim:
    """The claim called `name`."""
    claim: Claim = resolve(claim_entry(name).factory)
    return claim
