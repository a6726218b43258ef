"""The table of claims: a new one is one file and one line here."""

from collections.abc import Mapping

from bench.claims.claim import Claim
from problems.entries import Entry, find
from problems.loading import resolve

TABLE: tuple[Entry, ...] = (
    Entry(
        "random-beats-grid",
        "bench.claims.random_beats_grid.claim:CLAIM",
        "random search beats grid search (Bergstra & Bengio 2012)",
    ),
    Entry(
        "grid-explodes", "bench.claims.grid_explodes.claim:CLAIM", "a grid of k values per parameter costs k^d trials"
    ),
    Entry("sixty-trials", "bench.claims.sixty_trials.claim:CLAIM", "59 random trials reach the top 5 % with 95 %"),
    Entry(
        "sobol-beats-random",
        "bench.claims.sobol_beats_random.claim:CLAIM",
        "Sobol' points beat random ones: by how little, and where",
    ),
    Entry(
        "bayesian-beats-random",
        "bench.claims.bayesian_beats_random.claim:CLAIM",
        "a model that chooses the trials beats random search, its own time counted",
    ),
    Entry(
        "log-scale", "bench.claims.log_scale.claim:CLAIM", "search the learning rate on a log scale, not a linear one"
    ),
    Entry(
        "learning-rate-first",
        "bench.claims.learning_rate_first.claim:CLAIM",
        "the learning rate matters most; with fewer than ten trials, tune it alone",
    ),
    Entry(
        "not-all-parameters-matter",
        "bench.claims.not_all_parameters_matter:CLAIM",
        "few hyperparameters explain most of the variance",
    ),
    Entry(
        "budget-table",
        "bench.claims.budget_table.claim:CLAIM",
        "learning rate, random, Bayesian, early stopping: the tutorials' method for each budget",
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
    Entry(
        "early-stopping-saves",
        "bench.claims.early_stopping.claim:CLAIM",
        "early stopping saves most of the price and hardly ever stops the winner",
    ),
    Entry(
        "linear-scaling-rule",
        "bench.claims.linear_scaling.claim:CLAIM",
        "k times the batch size, k times the learning rate; and where that ends",
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
