"""Text that others wrote (names, messages, paths), so that it can be shown anywhere and nothing in it acts."""

KEPT = "\n\t"


def visible(text: str) -> str:
    r"""`text` with what a terminal would obey, and what hides or turns round other text, as an escape: `\x1b`."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in KEPT else escape(sign) for sign in text)


def escape(sign: str) -> str:
    """A character as Python would write it; half a letter, which no encoding holds, too."""
    return sign.encode("unicode_escape").decode()


def cut(text: str, longest: int) -> str:
    """`text`, or as much of its beginning as fits."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def in_a_few_words(value: object) -> str:
    """What `value` looks like."""
    try:
        return cut(repr(value), 100)
    except (ValueError, RecursionError):  # an int of more digits than Python prints, lists in lists in lists
        return f"an {type(value).__name__} too large to print"
