"""Finds what somebody meant among a few thousand names or codes: typos, word order, initials and beginnings forgiven.

Each known word is compared once, in C, with each word asked for; what belongs to the good ones is then added up. So
6,000 people cost as much as their few thousand different words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from cbo_desk.search import fold

_WORD = re.compile(r"[^\W_]+")
# Letters that have no accent to take off, as people without them on their keyboard write them.
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng"}
)
_LOOKALIKE = str.maketrans("OQIL", "0011")
# Below this two words are no longer taken for each other; found by hand on misspelt names, of 100.
_FEWEST_POINTS = 78.0
_BEGINNING = 94.0
_INITIAL = 85.0


def words_of(text: str) -> list[str]:
    """The words of a name or sentence without case, accents and punctuation."""
    return _WORD.findall(fold(text).translate(_PLAIN).replace("'", "").replace("’", ""))


def code_key(code: str) -> str:
    """A code as it is compared: capitals and digits only, O as 0, I and L as 1."""
    return re.sub(r"[\W_]+", "", code.upper()).translate(_LOOKALIKE)


class Lookalikes:
    """The words of many records, ready to be asked; `texts` maps a record's id to the texts it is known by."""

    def __init__(self, texts: Mapping[int, Iterable[str]]) -> None:
        owners: dict[str, set[int]] = defaultdict(set)
        for ident, known in texts.items():
            for text in known:
                words = words_of(text)
                for word in words:
                    owners[word].add(ident)
                # "Al Hassan" is also asked for as "Alhassan".
                for first, second in zip(words, words[1:], strict=False):
                    owners[first + second].add(ident)
        self._owners = owners
        self._words = sorted(owners)

    def like(self, asked: str, among: frozenset[int] | None = None) -> list[tuple[int, float]]:
        """Ids of the records most like what is asked, each with its points of 100, best first; ties by id.

        Every word asked for counts alike; a record that lacks one of three can still be meant. `among` leaves out
        all others.
        """
        asked_words = words_of(asked)
        if not asked_words:
            return []
        points: dict[int, float] = defaultdict(float)
        for word in asked_words:
            best: dict[int, float] = {}
            for known, score in self._alike(word):
                for ident in self._owners[known]:
                    if score > best.get(ident, 0.0) and (among is None or ident in among):
                        best[ident] = score
            for ident, score in best.items():
                points[ident] += score
        enough = 60.0 * len(asked_words)
        kept = [(ident, total / len(asked_words)) for ident, total in points.items() if total >= enough]
        return sorted(kept, key=lambda item: (-item[1], item[0]))

    def _alike(self, word: str) -> Iterable[tuple[str, float]]:
        """Known words like this one, with points."""
        from rapidfuzz.distance import OSA, JaroWinkler
        from rapidfuzz.process import extract

        if len(word) == 1:
            return [(known, 100.0 if known == word else _INITIAL) for known in self._words if known.startswith(word)]
        found: dict[str, float] = {}
        for scorer, cutoff, weight in ((JaroWinkler.similarity, 0.84, 0.9), (OSA.normalized_similarity, 0.6, 1.0)):
            for known, score, _place in extract(word, self._words, scorer=scorer, score_cutoff=cutoff, limit=None):
                found[known] = max(found.get(known, 0.0), min(100.0 * score * weight + 12.0 * (1 - score), 99.0))
        for known in self._words:
            if known.startswith(word):
                found[known] = 100.0 if known == word else _BEGINNING
            elif len(known) == 1 and word.startswith(known):
                found[known] = _INITIAL
        return [(known, score) for known, score in found.items() if score >= 60.0]
