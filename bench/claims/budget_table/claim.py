"""The claim and its parts."""

from bench.claims.budget_table.cells import PARTS
from bench.claims.claim import Claim

CLAIM = Claim(
    name="budget-table",
    statement=(
        "Fewer than 10 trials: tune only the learning rate. 10 to 50: random search. 50 to 200: Bayesian search. More "
        "than 200: Bayesian search with early stopping."
    ),
    source="a table that tutorials on hyperparameter tuning give in one form or another, without an experiment",
    parts=PARTS,
)
