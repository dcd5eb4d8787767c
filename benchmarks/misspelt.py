"""A compound of people with ordinary names, and address lines for them as hands, keyboards and scanners spell them.

Everything comes from a seed, so that a figure can be had again. Two in five people share fifty frequent family names,
as on a real compound; whom nobody could tell apart by name has entity and unit in the line.
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cbo_desk.demo.words import ENTITIES, FAMILY, GIVEN, UNITS
from cbo_desk.likeness import words_of
from cbo_desk.mail import Addressee, Kind

_STEMS = "Lind Berg Otie Kama Mwan Wanj Achi Odhi Okel Musy Nyam Kibe Mut Ndu Abd Has Gar Mar Fern Rod Gom Sil Tch Vel"
_MIDDLES = "a e i o u ia ua an en in on ar er or al el il am em"
_ENDS = "qvist strom no gi iru eng ambo lo oka bura san kar cia nez dez guez va dal son sen ski ova dze ndi mbe tti"
_MORE_GIVEN = """Elsa Fatuma José François Søren Łukasz Wanjiru Otieno Li Maria Kwame Abebe Tigist Hassan Leila Ravi
    Yuki Dmitri Juan Carmen Ahmed Zainab Björn Günther Renée Héctor Ana-Maria Jean-Pierre Nomvula Thandiwe Oluwaseun
    Chiamaka Blessing Emmanuel Catherine Elizabeth Margaret Francis Stephen Veronica Dorothy Caroline Benjamin"""
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OPTICS = {
    "m": "rn",
    "rn": "m",
    "d": "cl",
    "w": "vv",
    "l": "1",
    "o": "0",
    "i": "l",
    "s": "5",
    "e": "c",
    "h": "b",
    "u": "ii",
}
_TITLES = ("Mr.", "Mrs", "Ms.", "Dr.", "Prof.", "H.E.", "Mme", "Eng.", "Attn:")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
KINDS = (
    "keyboard", "optical", "dropped", "doubled", "exchanged", "order", "initial", "accents", "joined", "two slips",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An address line, whom it means, and which kind of misspelling is in it."""

    text: str
    meant: int
    kind: str


def compound(people: int = 6000, seed: int = 7) -> list[Addressee]:
    """People with entity and unit, and each unit and some offices of each entity as a group."""
    chance = random.Random(seed)
    given = [*GIVEN, *_MORE_GIVEN.split()]
    codes = [code for code, _name in ENTITIES]
    found: list[Addressee] = []
    taken: set[tuple[str, str, str]] = set()
    while len(found) < people:
        family = _family(chance)
        first = chance.choice(given) + (f" {chance.choice(given)}" if chance.random() < 0.2 else "")
        name, entity, unit = f"{family}, {first}", chance.choice(codes), chance.choice(UNITS)
        if (name, entity, unit) not in taken:
            taken.add((name, entity, unit))
            found.append(Addressee(Kind.PERSON, len(found), name, entity, unit))
    groups = [(unit, code) for code in codes for unit in ("Registry", "Legal section", "Executive Director’s office")]
    return found + [Addressee(Kind.GROUP, people + n, name, code) for n, (name, code) in enumerate(groups)]


def _family(chance: random.Random) -> str:
    if chance.random() < 0.4:
        return chance.choice(FAMILY)
    name = chance.choice(_STEMS.split()) + chance.choice(_MIDDLES.split()) + chance.choice(_ENDS.split())
    return f"{chance.choice(('Al-', 'van ', 'de ', 'El '))}{name}" if chance.random() < 0.05 else name


def lines(addressees: list[Addressee], count: int = 2000, seed: int = 11) -> Iterator[Line]:
    """Misspelt lines, each kind as often; the slip is in the name, the rest of the line is as labels have it."""
    chance = random.Random(seed)
    people = [one for one in addressees if one.kind is Kind.PERSON]
    namesakes = Counter(_key(one.name) for one in people)
    for number in range(count):
        one, kind = chance.choice(people), KINDS[number % len(KINDS)]
        family, _, given = one.name.partition(", ")
        written = _written(kind, family, given, chance)
        alike = namesakes[_key(one.name)] > 1 or kind == "initial"
        yield Line(_dressed(written, one, alike, chance), one.id, kind)


def _key(name: str) -> tuple[str, ...]:
    return tuple(sorted(words_of(name)))


def _written(kind: str, family: str, given: str, chance: random.Random) -> str:
    if kind == "order":
        return f"{family} {given}" if chance.random() < 0.5 else f"{family}, {slip(given, chance)}"
    if kind == "initial":
        short = f"{given[0]}." if chance.random() < 0.7 else given[0]
        return f"{short} {family}" if chance.random() < 0.6 else f"{family} {short}"
    if kind == "accents":
        return plain(f"{given} {family}").upper()
    if kind == "joined":
        return f"{given}{family}"
    if kind == "two slips":
        return f"{slip(given, chance)} {slip(family, chance)}"
    # The slip is in the family name twice out of three times, since that is the longer to spell.
    if chance.random() < 0.67:
        return f"{given} {slip(family, chance, kind)}"
    return f"{slip(given, chance, kind)} {family}"


def _dressed(written: str, one: Addressee, alike: bool, chance: random.Random) -> str:
    text = f"{chance.choice(_TITLES)} {written}" if chance.random() < 0.35 else written
    after = [one.unit] if alike or chance.random() < 0.25 else []
    after += [one.entity] if alike or chance.random() < 0.4 else []
    text = ", ".join([text, *after])
    way = chance.random()
    if way < 0.06:
        return f"{text} c/o Registry"
    if way < 0.12:
        return f"{text}, Room {chance.choice('CMNX')}-{chance.randrange(100, 400)}, Block {chance.choice('CMNX')}"
    return f"{text}\nP.O. Box 30552, Nairobi" if way < 0.2 else text


def plain(text: str) -> str:
    """The text without accents, as a keyboard without them writes it."""
    table = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
    return "".join(c for c in unicodedata.normalize("NFKD", text.translate(table)) if not unicodedata.combining(c))


def slip(word: str, chance: random.Random, kind: str = "") -> str:
    """The word with one slip in it, rarely in its first letter; the kind is drawn by chance where none is named."""
    kind = kind or chance.choice(("keyboard", "optical", "dropped", "doubled", "exchanged"))
    at = chance.randrange(chance.random() > 0.1, max(len(word) - 1, 2))
    if kind == "optical":
        seen = [(place, true, read) for true, read in _OPTICS.items() if (place := word.find(true, 1)) > 0]
        if not seen:
            return slip(word, chance, "keyboard")
        place, true, read = chance.choice(seen)
        return word[:place] + read + word[place + len(true) :]
    if kind == "dropped":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] * 2 + word[at + 1 :] if at < len(word) else word
    if kind == "exchanged":
        return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    return word[:at] + _neighbour(word[at : at + 1].lower(), chance) + word[at + 1 :]


def _neighbour(letter: str, chance: random.Random) -> str:
    for row in _KEYS:
        if letter and (place := row.find(letter)) >= 0:
            return chance.choice([row[n] for n in (place - 1, place + 1) if 0 <= n < len(row)])
    return chance.choice(_LETTERS)
