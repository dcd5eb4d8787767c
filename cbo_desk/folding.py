"""Text as it is compared everywhere: without case, accents and what cannot be seen."""

from __future__ import annotations

import re
import unicodedata

_FIRST_MARK = "\u0300"  # below it nothing combines: most letters need no look-up
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def fold(words: str) -> str:
    """Text as it is compared: no case, no accents, no control characters, single spaces."""
    words = _CONTROL.sub(" ", words.replace("·", " "))
    if words.isascii():
        return " ".join(words.lower().split())
    marked = unicodedata.normalize("NFKD", words)
    bare = "".join([c for c in marked if c < _FIRST_MARK or not unicodedata.combining(c)])
    return " ".join(bare.casefold().split())


def storable(text: str) -> str:
    """A text with what no database keeps (NUL, halves of letters) shown as U+FFFD, so that the rest is not lost."""
    return _UNSTORABLE.sub("\ufffd", text)
