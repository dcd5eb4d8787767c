"""What a scan at the mailroom's counter is: a carrier's number, a whole label, or nothing that mail can be."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from cbo_desk.mail.carriers import CarrierMatch, identify
from cbo_desk.mail.labels import read_label
from cbo_desk.mail.rules import class_of
from cbo_desk.tags import scan
from cbo_desk.tags.carriers import matches as forms

LONGEST = 80
OURS = ("CBO", "CB0")
"""How our own tags begin, as they are read."""
_BETWEEN = " -./+:#*$%_"
_SENT_ALONG = " \t\r\n\v\f\x00\x02\x03"
"""What scanners send before and behind a code."""


@dataclass(frozen=True)
class Recognised:
    """A scan as the mailroom reads it; `fault` says in a sentence why it is no item of mail, or is empty.

    `matches` are the carriers that fit, best proven first; `carrier` is one only where no other is as well proven.
    `addressee` is what the label says, to be looked up, never assigned. `weight_g` in grams.
    """

    number: str
    carrier: str = ""
    service: str = ""
    why: str = ""
    item_class: str = "ordinary"
    accountable: bool = False
    matches: tuple[CarrierMatch, ...] = ()
    addressee: str = ""
    weight_g: int | None = None
    fault: str = ""


def recognise(text: str) -> Recognised:
    """Read a scan; never raises, whatever it holds."""
    parsed = scan.parse(text)
    label = read_label(text)
    if label is not None and label.number:
        read = _by_number(label.number)
        if not read.matches and parsed.best.sort is scan.Sort.GS1 and parsed.why:
            return Recognised("", fault=parsed.why)
        weight = round(label.weight * 1000) if label.weight else None
        return Recognised(
            read.number, read.carrier or label.carrier, read.service or label.service, read.why, read.item_class,
            read.accountable, read.matches, label.addressee, weight or None, read.fault,
        )  # fmt: skip
    if not parsed.text or len(text) > scan.LONGEST:
        return Recognised("", fault=parsed.why)
    best = parsed.best
    if best.sort is scan.Sort.TAG:
        return Recognised("", fault=f"{best.says[:-1]}, not a carrier's barcode.")
    if parsed.why and scan.squeezed(text).startswith(OURS):
        return Recognised("", fault=parsed.why)  # one of our own tags, misread: never incoming mail
    return _by_number(text)


def _fits(character: str) -> bool:
    """Whether a character can stand in a carrier's number: those that the barcodes of parcels hold beside text."""
    return character.isascii() and (character.isalnum() or character in _BETWEEN)


def _by_number(text: str) -> Recognised:
    found = identify(text)
    valid = [match for match in found if match.valid]
    if not valid:
        # Digits alone may be another carrier's; letters or a fixed beginning say whose it is meant to be.
        told = next((match.fault for match in forms(scan.squeezed(text)) if match.format.says_itself), "")
        return Recognised("", fault=told, matches=tuple(found)) if told else _unknown(text, found)
    proven = [match for match in valid if match.why.startswith("The form")]
    sure = proven if len({match.carrier for match in proven}) == 1 else valid
    number = valid[0].code
    if len({match.carrier for match in sure}) > 1:
        accountable = any(match.accountable for match in sure)
        names = " or ".join(dict.fromkeys(match.carrier for match in sure))
        why = f"Several carriers fit: {names}. Choose the one on the label."
        kind = class_of("", accountable)
        return Recognised(number, why=why, matches=tuple(valid), item_class=kind, accountable=accountable)
    best = sure[0]
    return Recognised(
        best.code, best.carrier, best.service, best.why, class_of(best.service, best.accountable), best.accountable,
        tuple(valid),
    )  # fmt: skip


def _unknown(text: str, near: list[CarrierMatch]) -> Recognised:
    """What no carrier's form fits: it is taken as it is, where a number can look like that at all."""
    parsed = scan.parse(text)
    shown = parsed.text
    if parsed.best.sort is scan.Sort.GS1 and parsed.why:
        return Recognised("", fault=parsed.why)
    if any(unicodedata.category(character)[0] == "C" for character in text.strip(_SENT_ALONG)):
        said = "The scan holds control characters: something else than a barcode came. Scan it again."
        return Recognised("", fault=said)
    odd = next((character for character in shown if not _fits(character)), "")
    if odd or not any(character.isalnum() for character in scan.squeezed(shown)):
        said = f"No carrier's number holds {odd}" if odd else "There is no letter and no digit in it"
        return Recognised("", fault=f"{said}. Scan another barcode of the item, or receive it without one (F5).")
    if len(shown) > LONGEST:
        said = f"This is {len(shown)} characters long, longer than any carrier's number. Scan the barcode again."
        return Recognised("", fault=said)
    why = "No carrier's form fits. Compare it with the label."
    if near:
        why = f"It has the length of a {near[0].carrier} number, but not its check digit. Compare it with the label."
    return Recognised(scan.squeezed(shown) or shown.upper(), why=why)
