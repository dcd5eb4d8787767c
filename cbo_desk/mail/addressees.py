"""Who an address line means: a person or a group, however it is spelt. Suggested with the evidence, never assigned.

A line such as "Mr. J. Kamau c/o Registry, UNEP" holds more than a name. Titles are dropped, the words of entities and
units are taken as evidence, and what remains is compared with every name by `cbo_desk.likeness`. The best of these are
then read again as a whole, since one good word among three is less than three fair ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from heapq import nsmallest

from cbo_desk.likeness import Lookalikes, words_of

LONGEST = 300  # letters of a line that are looked at
MOST_WORDS = 12
_CANDIDATES = 60
# Points of `likeness` that a name needs to be read as a whole: of the one word, or of all words together.
_ENOUGH = 55.0
_ENOUGH_OF_MORE = 88.0


class Kind(StrEnum):
    """What an addressee is."""

    PERSON = "person"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody or some group that mail may be for; `other_names` are further writings of the same name."""

    kind: Kind
    id: int
    name: str
    entity: str = ""
    unit: str = ""
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An addressee that may be meant; `evidence` are short sentences for the person who decides."""

    addressee: Addressee
    evidence: tuple[str, ...]


# Words of a line that name nobody: titles, and where the line says to bring it.
_TITLES = """mr mrs ms miss mx mme mlle dr prof professor sir madam eng arch rev fr hon he ambassador col capt maj
    gen lt monsieur madame senor senora herr frau the attn attention fao to for dear esq phd jr sr"""
_PLACES = """room rm block floor wing building bldg office desk po box bag gate compound complex gigiri nairobi kenya
    avenue ave road rd street united nations tel ext"""
_NOBODY = frozenset((_TITLES + " " + _PLACES).split())
_CARE_OF = re.compile(r"\bc\s*/\s*o\b\.?|\bcare of\b|\bchez\b", re.IGNORECASE)
# A box, a room, or a place's code: "P.O. Box 30552", "Room C-204", "Block M", "C-204".
_PLACE = re.compile(
    r"\bP\.?\s?O\.?\s*(?:Box|Bag)\b\W*\d*"
    r"|\b(?:Box|Room|Rm|Block|Floor|Wing|Gate|Building|Bldg)\b\W*(?:[A-Z]{0,2}[-\s]?\d+|[A-Z])\b"
    r"|\b[A-Z]{1,2}-\d{1,4}\b",
    re.IGNORECASE,
)
_EXCELLENCY = re.compile(r"\bH\.?\s?E\.(?=\s|$)", re.IGNORECASE)
_READ_AS = str.maketrans("015689", "olsgbg")  # what optical reading makes of letters
_LOOKS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"), ("j", "i"), ("l", "i"))


@dataclass(frozen=True, slots=True)
class _Line:
    """A line taken apart: words that may be a name, all words, and the entities and units that it names."""

    words: tuple[str, ...]
    every: tuple[str, ...]
    entities: frozenset[str]
    units: frozenset[str]


class Addressees:
    """Everybody and every group that mail may be for, ready to be asked; a new one is made when they change.

    `entities` maps an entity's code to its name, so that either is known in a line.
    """

    def __init__(self, addressees: Iterable[Addressee], entities: Mapping[str, str] | None = None) -> None:
        self._all = list(addressees)
        self._names = [[tuple(words_of(name)) for name in (one.name, *one.other_names)] for one in self._all]
        self._words = {word for names in self._names for name in names for word in name}
        self._people = self._index(Kind.PERSON)
        self._groups = self._index(Kind.GROUP)
        self._entities = {
            tuple(words_of(text)): code for code, name in (entities or {}).items() for text in (code, name)
        }
        self._entities |= {tuple(words_of(one.entity)): one.entity for one in self._all if one.entity}
        self._units = {tuple(words_of(one.unit)): one.unit for one in self._all if one.unit}

    def _index(self, kind: Kind) -> Lookalikes:
        return Lookalikes(
            {place: (one.name, *one.other_names) for place, one in enumerate(self._all) if one.kind is kind}
        )

    def suggest(self, line: str, most: int = 5) -> list[Suggestion]:
        """Whom the line may mean, most likely first; nobody where no name is like it. Nothing is ever assigned."""
        line = _PLACE.sub(" ", _EXCELLENCY.sub(" ", line[:LONGEST]))
        parts = _CARE_OF.split(line, maxsplit=1)
        found: dict[int, tuple[float, tuple[str, ...]]] = {}
        for place, part in enumerate(parts):
            # Entity and unit may stand on either side of "c/o".
            for score, who, evidence in self._of_part(self._taken_apart(part), self._taken_apart(line)):
                if place:
                    score, evidence = score - _AFTER_CARE_OF, (*evidence, "The name stands after “c/o”.")
                if who not in found or found[who][0] < score:
                    found[who] = (score, evidence)
        ranked = sorted(found.items(), key=lambda item: (-item[1][0], self._all[item[0]].name, item[0]))
        return [Suggestion(self._all[who], evidence) for who, (_score, evidence) in ranked[:most]]

    def _taken_apart(self, line: str) -> _Line:
        every = [_letters(word) for word in words_of(line)]
        every = [word for word in every if word][:MOST_WORDS]
        entities, rest = _named(every, self._entities)
        units, names = _named(rest, self._units)
        kept = tuple(word for word in names if word not in _NOBODY) or tuple(names)
        return _Line(kept, tuple(rest), frozenset(entities), frozenset(units))

    def _of_part(self, part: _Line, whole: _Line) -> list[tuple[float, int, tuple[str, ...]]]:
        found = []
        for index, words in ((self._people, part.words), (self._groups, part.every)):
            if not words:
                continue
            for read in filter(None, (words, self._torn(words))):
                # One good word or two fair ones are enough: a line holds much else.
                sums = index.sums(read, _ENOUGH if len(read) == 1 else _ENOUGH_OF_MORE)
                best = nsmallest(_CANDIDATES, sums, key=lambda who: (-sums[who] - self._bonus(who, whole) * 100, who))
                found += [scored for who in best if (scored := self._scored(who, read, whole))]
        return found

    def _torn(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words with those torn apart that are two names run together; empty where none is."""
        torn: list[str] = []
        for word in words:
            torn += self._two_names(word) if word not in self._words else (word,)
        return tuple(torn) if len(torn) > len(words) else ()

    def _two_names(self, word: str) -> tuple[str, ...]:
        cuts = [(word[:place], word[place:]) for place in range(3, len(word) - 2)]
        known = [(sum(len(part) for part in cut if part in self._words), cut) for cut in cuts]
        most, cut = max(known, default=(0, (word,)))
        # Both are known, or one is and the other is too long to be its ending.
        return cut if most == len(word) or (most and len(word) - most >= 5) else (word,)

    def _bonus(self, who: int, whole: _Line) -> float:
        one = self._all[who]
        bonus = 0.0
        if whole.entities:
            bonus += _SAME_ENTITY if one.entity in whole.entities else -_OTHER_ENTITY
        if one.unit in whole.units:
            bonus += _SAME_UNIT
        return bonus

    def _scored(self, who: int, words: tuple[str, ...], whole: _Line) -> tuple[float, int, tuple[str, ...]] | None:
        score, pairs = max((_fit(words, name) for name in self._names[who]), key=lambda fit: fit[0])
        if score < _LEAST:
            return None
        one = self._all[who]
        return score + self._bonus(who, whole), who, (*_evidence(one, pairs), *_of_entity(one, whole))


_SAME_ENTITY = 0.35
_OTHER_ENTITY = 0.15
_SAME_UNIT = 0.25
_AFTER_CARE_OF = 0.3
_LEAST = 0.9
_BEGUN = 0.7  # just enough for two letters alone to suggest somebody


def _letters(word: str) -> str:
    """A word as letters, where optical reading put some digits in; a number or a room's code is no word."""
    digits = sum(character.isdigit() for character in word)
    if digits == 0:
        return word
    return word.translate(_READ_AS) if digits * 2 < len(word) else ""


def _named(words: list[str], known: Mapping[tuple[str, ...], str]) -> tuple[list[str], list[str]]:
    """What the words name of the known, longest first, and the words that are left."""
    longest = max(map(len, known), default=0)
    found, rest, place = [], [], 0
    while place < len(words):
        for size in range(min(longest, len(words) - place), 0, -1):
            if name := known.get(tuple(words[place : place + size])):
                found.append(name)
                place += size
                break
        else:
            rest.append(words[place])
            place += 1
    return found, rest


def _fit(words: tuple[str, ...], name: tuple[str, ...]) -> tuple[float, list[tuple[str, str, float]]]:
    """How well the words hold the name, about 1 for each word that fits; and which word stands for which."""
    likes = sorted(((_like(word, known), word, known) for word in words for known in name), reverse=True)
    pairs: list[tuple[str, str, float]] = []
    asked, left = list(words), list(name)
    for like, word, known in likes:
        if like >= 0.5 and word in asked and known in left:
            asked.remove(word)
            left.remove(known)
            pairs.append((word, known, like))
    score = sum(like for _, _, like in pairs) + 0.6 * sum(like for _, _, like in pairs) / max(len(name), 1)
    # Two names run together, or one torn apart.
    joined = max(_spelt("".join(words), "".join(order)) for order in (name, name[::-1]))
    if joined > 0.8 and joined * (len(name) + 0.6) > score:
        return joined * (len(name) + 0.6), [("".join(words), " ".join(name), joined)]
    return score, pairs


# The same few hundred words of names are compared over and over: with each of very many people of that name.
@lru_cache(maxsize=65_536)
def _like(word: str, known: str) -> float:
    """How like two words are: 1 the same, 0 nothing alike."""
    if word == known:
        return 1.0
    if len(word) == 1 or len(known) == 1:
        return 0.55 if word[0] == known[0] else 0.0
    if len(word) >= 3 and known.startswith(word):
        return 0.9
    if len(word) == 2 and known.startswith(word):
        return max(_BEGUN, _spelt(word, known))  # at a counter two letters and a digit must do
    return _spelt(word, known)


@lru_cache(maxsize=65_536)
def _spelt(word: str, known: str) -> float:
    """How alike two words are letter by letter, by eye or by hand, whichever forgives more."""
    from rapidfuzz.distance import OSA

    plain = OSA.normalized_similarity(word, known)
    return max(plain, 0.97 * OSA.normalized_similarity(_looks(word), _looks(known)))


@lru_cache(maxsize=16_384)
def _looks(word: str) -> str:
    for letters, like in _LOOKS:
        word = word.replace(letters, like)
    return word


def _evidence(one: Addressee, pairs: list[tuple[str, str, float]]) -> tuple[str, ...]:
    name = set(words_of(one.name))
    if name == {known for word, known, like in pairs if like == 1}:
        return ("The whole name fits.",) if one.kind is Kind.PERSON else ("The name of the group fits.",)
    return tuple(_word_evidence(word, known, like) for word, known, like in pairs)


def _word_evidence(word: str, known: str, like: float) -> str:
    if like == 1:
        return f"“{word.title()}” fits."
    if len(word) == 1:
        return f"“{word.upper()}.” may be {known.title()}."
    return f"“{word.title()}” may be {known.title()}."


def _of_entity(one: Addressee, whole: _Line) -> list[str]:
    said = []
    if one.entity in whole.entities:
        said.append(f"{one.entity} stands in the line.")
    elif whole.entities and one.entity:
        said.append(f"The line names {' and '.join(sorted(whole.entities))}, not {one.entity}.")
    if one.unit in whole.units:
        said.append(f"{one.unit} stands in the line.")
    return said
