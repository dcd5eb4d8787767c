"""What a carrier's two-dimensional label says of the item: addressee, place, weight, wishes. It fills the form in.

Two writings are read: GS1 element strings with the transport identifiers 43xx (GS1 "Scan4Transport"), and the
transport envelope of ISO/IEC 15434 (ANSI MH10.8.3 format 01) that UPS prints as MaxiCode and FedEx as PDF417.
Nothing here fails: what is not understood is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

from cbo_desk.mail.carriers import identify
from cbo_desk.tags import gs1

LONGEST = 4000  # characters; the largest two-dimensional codes hold less
_GROUP, _RECORD = "\x1d", "\x1e"
_ENVELOPE = re.compile(r"\[\)>\x1e?01\x1d(?:(?:96|02)(?=[^\x1d]{4}))?([^\x1e]*)")
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?)\s*(LB|LBS|KG)?\Z")
_KG_A_POUND = 0.45359237
_CARRIERS = {"UPSN": "UPS", "FDE": "FedEx", "FDEG": "FedEx", "FDEB": "FedEx", "FXFE": "FedEx"}
# Fields of the envelope, by their place.
_POSTCODE, _COUNTRY, _SERVICE, _NUMBER, _CARRIER, _PIECE, _MASS, _STREET, _CITY, _REGION, _NAME = (
    0, 1, 2, 3, 4, 8, 9, 11, 12, 13, 14,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """What the label says; a field it does not say is empty. `weight` is in kilograms, `signature` is asked for."""

    number: str = ""
    carrier: str = ""
    service: str = ""
    name: str = ""
    company: str = ""
    address: tuple[str, ...] = ()
    postcode: str = ""
    country: str = ""
    phone: str = ""
    weight: float | None = None
    piece: str = ""
    signature: bool = False

    @property
    def addressee(self) -> str:
        """Name and company in one line, as the addressee match is asked."""
        return ", ".join(filter(None, (self.name, self.company)))


def read_label(text: str) -> Label | None:
    """Read a label's two-dimensional code; None where the text says nothing of a transport."""
    if len(text) > LONGEST:
        return None
    if envelope := _ENVELOPE.search(text):
        return _read_envelope([field.strip() for field in envelope.group(1).split(_GROUP)])
    elements = gs1.read(text.strip())
    return _read_elements(dict(elements.parts)) if elements else None


def _read_elements(said: dict[str, str]) -> Label | None:
    # "00" and "401" name the item, the others say where it goes; an asset's or a product's code says neither.
    if not any(ai in said for ai in ("00", "401", "402", "420", "421")) and not any(ai.startswith("43") for ai in said):
        return None
    number = next((said[ai] for ai in ("00", "401", "402") if ai in said), "")
    matches = identify(number) if number else []
    postcode = said.get("420", "") or said.get("421", "")[3:]
    address = [_words(said, ai) for ai in ("4302", "4303", "4304", "4305", "4306")]
    return Label(
        number=number,
        carrier=matches[0].carrier if matches and matches[0].valid else "",
        service=_words(said, "4320"),
        name=_words(said, "4301"),
        company=_words(said, "4300"),
        address=tuple(filter(None, address)),
        postcode=_plain(postcode),
        country=_words(said, "4307") or _plain(said.get("421", "")[:3]),
        phone=_words(said, "4308"),
        weight=_measured(said),
        signature=said.get("4323") == "1",
    )


def _words(said: dict[str, str], ai: str) -> str:
    """The words of an element; its letters may be written as in web addresses, a space as +."""
    return _plain(unquote_plus(said.get(ai, ""), errors="replace"))


def _plain(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _measured(said: dict[str, str]) -> float | None:
    """Gross weight in kilograms: 330n, or 340n in pounds; n is the number of decimals."""
    for ai, value in said.items():
        if len(ai) == 4 and ai[:3] in ("330", "340") and value.isascii() and value.isdigit():
            weight = float(f"{value}e-{ai[3]}")
            return round(weight if ai[:3] == "330" else weight * _KG_A_POUND, 3)
    return None


def _read_envelope(fields: list[str]) -> Label | None:
    if len(fields) < _CARRIER:
        return None
    said = {place: _plain(field) for place, field in enumerate(fields)}
    matches = [match for match in identify(_whole_number(said)) if match.valid]
    return Label(
        number=matches[0].number if matches else "",
        carrier=_CARRIERS.get(said.get(_CARRIER, ""), matches[0].carrier if matches else ""),
        service=matches[0].service if matches else "",
        name=said.get(_NAME, ""),
        address=tuple(filter(None, (said.get(_STREET, ""), said.get(_CITY, ""), said.get(_REGION, "")))),
        postcode=said[_POSTCODE],
        country=said[_COUNTRY],
        weight=_kilograms(said.get(_MASS, "")),
        piece=said.get(_PIECE, ""),
    )


def _whole_number(said: dict[int, str]) -> str:
    """The number on paper: FedEx adds four digits of its form to the twelve."""
    number = said[_NUMBER]
    return number[:12] if len(number) == 16 and said.get(_CARRIER, "").startswith("FD") else number


def _kilograms(written: str) -> float | None:
    """A weight in kilograms; carriers of the United States write pounds, with or without saying so."""
    if not (weight := _WEIGHT.match(written)):
        return None
    return round(float(weight.group(1)) * (1 if weight.group(2) == "KG" else _KG_A_POUND), 3)
