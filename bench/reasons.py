"""Why something failed, as text that can be stored and shown, whatever the exception held."""

import traceback

LONGEST = 10_000  # characters; the end of a traceback says more than its beginning


def current_traceback() -> str:
    """The traceback of the exception that is being handled."""
    return storable(traceback.format_exc())


def storable(text: str) -> str:
    """`text` as UTF-8 can hold it, and of its end no more than fits a page: a message may hold a whole data set."""
    cut = text if len(text) <= LONGEST else f"[{len(text) - LONGEST} characters left out]\n{text[-LONGEST:]}"
    return cut.encode(errors="backslashreplace").decode()
