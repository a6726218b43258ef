"""Rich's console for text that others wrote: what would steer the terminal is shown instead."""

from typing import Any

from rich.console import Console
from rich.text import Text

from bench.visible import visible


class SafeConsole(Console):
    """Prints every string, those in the cells of tables too, without control characters; `:x:` stays what it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """The one place where Rich takes strings."""
        return super().render_str(visible(text), **options)
