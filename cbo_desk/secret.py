"""A text that must never be shown, logged or written into the audit."""

from __future__ import annotations


class Secret:
    """A password on its way to be hashed: every way of printing it gives "…", only `reveal` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that hashes it."""
        return self._text

    def __str__(self) -> str:
        """What the audit and every log get to see."""
        return "…"

    def __repr__(self) -> str:
        """What a traceback gets to see."""
        return "Secret(…)"

    def __reduce__(self) -> str:
        """Refuse to be pickled: a copy on disk would be readable."""
        raise TypeError("A secret is not written down.")
