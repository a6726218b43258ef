"""What goes wrong for a user, as opposed to in the code."""


class UsageError(Exception):
    """Something the user gave cannot be used; the message is one line: the value, what was expected, what to do."""
