"""Finds what somebody meant among a few thousand names or codes: typos, word order, initials and beginnings forgiven.

Each known word is compared once, in C, with each word asked for; what belongs to the good ones is then added up. So
6,000 people cost as much as their few thousand different words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from cbo_desk.folding import fold

_WORD = re.compile(r"[^\W_]+")
# Letters that have no accent to take off, as people without them on their keyboard write them.
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng"}
)
_LOOKALIKE = str.maketrans("OQIL", "0011")
# Points a record needs for each word asked for; with the others below found on misspelt names, of 100.
_ENOUGH = 60.0
_BEGINNING = 94.0
_INITIAL = 85.0
_PARTICLE = 3
_MOST_WORDS = 6


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
                    if len(first) <= _PARTICLE:
                        owners[first + second].add(ident)
        self._owners = owners
        self._sorted = sorted(owners)
        # A number with a slip in it is another number: only words of letters are compared for likeness.
        self._words = [word for word in self._sorted if word.isalpha()]
        self._initials = [word for word in self._sorted if len(word) == 1]

    def like(self, asked: str, among: frozenset[int] | None = None) -> list[tuple[int, float]]:
        """Ids of the records most like what is asked, each with its points of 100, best first; ties by id.

        Every word asked for counts alike; a record that lacks one of three can still be meant. `among` leaves out
        all others.
        """
        asked_words = words_of(asked)[:_MOST_WORDS]
        sums = self.sums(asked_words, _ENOUGH * len(asked_words))
        kept = [(ident, total / len(asked_words)) for ident, total in sums.items() if among is None or ident in among]
        return sorted(kept, key=lambda item: (-item[1], item[0]))

    def sums(self, asked: Sequence[str], enough: float) -> dict[int, float]:
        """The points of the folded words asked for, added up, of every record that has enough of them."""
        points: dict[int, float] = {}
        for place, word in enumerate(asked):
            best: dict[int, float] = {}
            for known, score in sorted(self._alike(word).items(), key=lambda item: item[1]):
                best.update(dict.fromkeys(self._owners[known], score))
            # Who cannot reach enough even if all words to come fit exactly is not carried along.
            least = enough - 100.0 * (len(asked) - place - 1)
            sums = {ident: points.get(ident, 0.0) + score for ident, score in best.items()}
            points = {ident: total for ident, total in {**points, **sums}.items() if total >= least}
        return points

    def _alike(self, word: str) -> dict[str, float]:
        """Known words like this one, with points of 100."""
        from rapidfuzz.distance import OSA, JaroWinkler
        from rapidfuzz.process import extract

        found: dict[str, float] = {}
        if len(word) > 1 and word.isalpha():
            for scorer, cutoff, weight in ((JaroWinkler.similarity, 0.84, 0.9), (OSA.normalized_similarity, 0.66, 1.0)):
                for known, score, _place in extract(word, self._words, scorer=scorer, score_cutoff=cutoff, limit=None):
                    found[known] = max(found.get(known, 0.0), min(100.0 * score * weight + 12.0 * (1 - score), 99.0))
            found.update(dict.fromkeys((known for known in self._initials if word.startswith(known)), _INITIAL))
        beginning = _INITIAL if len(word) == 1 else _BEGINNING
        start, end = bisect_left(self._sorted, word), bisect_left(self._sorted, word + "\U0010ffff")
        found.update(dict.fromkeys(self._sorted[start:end], beginning))
        if word in self._owners:
            found[word] = 100.0
        return found
