"""How well a command answers to what was typed: whole beginnings before word beginnings before scattered letters."""

from __future__ import annotations

import math
import unicodedata


def plain(text: str) -> str:
    """Lower case without accents, for comparing."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def score(typed: str, label: str, hint: str = "", uses: int = 0) -> float:
    """How well `label` answers `typed`; 0 does not. Every typed word must be found; use lifts by a little.

    A match at the label's beginning counts 100, at a word's beginning 60, inside a word 30, scattered letters 10, in
    the hint 5; the weakest word decides. A label such as "Property: Counts" begins with its desk and with its own name.
    The whole label lifts by 20, so much of its name as was typed by up to 10, ten uses by about 24: never past a match
    that is two kinds better.
    """
    words = plain(typed).split()
    name, behind = plain(label), plain(hint)
    if not words:
        return 1 + math.log1p(uses) * 10
    own = name.rpartition(": ")[2]
    worst = min(_one(word, name, own, behind, first=number == 0) for number, word in enumerate(words))
    whole = plain(typed).strip()
    exact = 20 if whole == name else 10 * len(whole) / len(own) if own.startswith(whole) else 0
    return worst and worst + exact + math.log1p(uses) * 10


def _one(word: str, name: str, own: str, behind: str, *, first: bool) -> float:
    if name.startswith(word) or own.startswith(word):
        return 100 if first else 60
    if any(part.startswith(word) for part in name.split()):
        return 60
    if word in name:
        return 30
    if word in behind:
        return 5
    return 10 if len(word) > 2 and _scattered(word, name) else 0


def _scattered(word: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in word)
