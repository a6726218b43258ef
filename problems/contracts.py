"""What a broken contract says: the rule, what was found, and what to do about it."""


class ContractViolation(AssertionError):
    """A strategy or a problem does not keep a promise that the harness relies on."""

    def __init__(self, rule: str, found: object, remedy: str) -> None:
        super().__init__(f"{rule}; found: {found}; {remedy}")
        self.rule = rule
        self.found = found
        self.remedy = remedy


def require(kept: bool, rule: str, found: object, remedy: str) -> None:
    """Raise `ContractViolation` unless `kept`."""
    if not kept:
        raise ContractViolation(rule, found, remedy)
