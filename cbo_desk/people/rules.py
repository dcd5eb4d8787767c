"""The rules of people, on plain values: how names are sorted and shortened, and what a form must carry."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from cbo_desk.errors import Faults, Refusal
from cbo_desk.folding import fold

LONGEST_NAME = 120
LONGEST_TEXT = 200
_ENTITY_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,15}")
_INDEX_NUMBER = re.compile(r"[A-Z]{0,4}\d{1,12}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_PHONE = re.compile(r"\+?[\d ()./-]{3,30}( ?(x|ext\.?) ?\d{1,6})?", re.IGNORECASE)

ENTITY_FIELDS: Mapping[str, str] = {
    "code": "the code",
    "name": "the name",
    "since": "the first day",
    "until": "the last day",
    "billing_reference": "the billing reference",
}
PERSON_FIELDS: Mapping[str, str] = {
    "family_name": "the family name",
    "given_name": "the given name",
    "entity_code": "the entity",
    "entity_id": "the entity",
    "index_number": "the index number",
    "unit": "the unit",
    "email": "the e-mail",
    "phone": "the phone",
    "place_id": "the place",
    "since": "the first day",
    "until": "the last day",
}
"""The columns that a person knows, in words, for telling who changed what."""


@dataclass(frozen=True)
class EntityForm:
    """What a person says about a client entity."""

    code: str
    name: str
    since: date | None = None
    until: date | None = None
    billing_reference: str = ""


@dataclass(frozen=True)
class PersonForm:
    """What a person says about somebody on the compound."""

    family_name: str
    given_name: str
    entity_id: int
    index_number: str = ""
    unit: str = ""
    email: str = ""
    phone: str = ""
    place_id: int | None = None
    since: date | None = None
    until: date | None = None


def tidy(text: str) -> str:
    """A text as it is kept: without blanks around it, single spaces within."""
    return " ".join(text.split())


def sort_name(family: str, given: str) -> str:
    """The name as lists show and sort it: "Lindqvist, Elsa"."""
    return f"{family}, {given}" if given else family


def full_name(family: str, given: str) -> str:
    """The name as it is spoken: "Elsa Lindqvist"."""
    return f"{given} {family}" if given else family


def short_name(family: str, given: str) -> str:
    """The name where there is little room: "Lindqvist E."."""
    return f"{family} {given[0].upper()}." if given else family


def split_name(name: str) -> tuple[str, str]:
    """Family and given name from "Lindqvist, Elsa" or "Elsa LINDQVIST"; without a comma or capitals the last word."""
    if "," in name:
        family, given = name.split(",", 1)
        return tidy(family), tidy(given)
    words = name.split()
    # United Nations papers write the family name in capitals, before or after the given one.
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals), " ".join(word for word in words if word not in capitals)
    return (words[-1], " ".join(words[:-1])) if words else ("", "")


def index_number(text: str) -> str:
    """An index number as it is kept: capitals and digits without separators."""
    return re.sub(r"[\s./-]+", "", text).upper()


def entity_code(text: str) -> str:
    """An entity's code as it is kept: capitals without blanks."""
    return re.sub(r"\s+", "", text).upper()


def code_from(text: str, taken: Collection[str]) -> str:
    """A code made of a word or a name, other than those that are taken: UNEP, UN-ENVIRONMENT, UN-ENVIRONMENT-2."""
    plain = entity_code(text)
    if not _ENTITY_CODE.fullmatch(plain):
        plain = re.sub(r"[^A-Z0-9]+", "-", fold(text).upper()).strip("-")[:16].strip("-") or "NEW"
    code, number = plain, 2
    while code in taken:
        code, number = f"{plain[:12].strip('-')}-{number}", number + 1
    return code


def tidy_entity(form: EntityForm) -> EntityForm:
    """The form as it is kept, or Faults that say what is wrong beside each field."""
    neat = EntityForm(entity_code(form.code), tidy(form.name), form.since, form.until, tidy(form.billing_reference))
    faults: dict[str, str] = {}
    if not neat.code:
        faults["code"] = "An entity needs a code, such as UNEP."
    elif not _ENTITY_CODE.fullmatch(neat.code):
        faults["code"] = "A code has up to 16 letters and digits, such as UNEP or UN-HABITAT."
    if not neat.name:
        faults["name"] = "An entity needs a name."
    elif len(neat.name) > LONGEST_TEXT:
        faults["name"] = f"A name has at most {LONGEST_TEXT} characters."
    if len(neat.billing_reference) > LONGEST_TEXT:
        faults["billing_reference"] = f"A billing reference has at most {LONGEST_TEXT} characters."
    faults |= _dates(neat.since, neat.until)
    if faults:
        raise Faults(faults)
    return neat


def tidy_person(form: PersonForm) -> PersonForm:
    """The form as it is kept, or Faults that say what is wrong beside each field."""
    neat = PersonForm(
        tidy(form.family_name),
        tidy(form.given_name),
        form.entity_id,
        index_number(form.index_number),
        tidy(form.unit),
        form.email.strip(),
        tidy(form.phone),
        form.place_id,
        form.since,
        form.until,
    )
    faults = {
        name: f"This has at most {LONGEST_NAME} characters."
        for name in ("family_name", "given_name", "unit")
        if len(getattr(neat, name)) > LONGEST_NAME
    }
    if not neat.family_name:
        faults["family_name"] = "A person needs a family name."
    elif "," in neat.family_name + neat.given_name:
        faults["family_name"] = "A comma stands between family and given name in lists; leave it out here."
    if neat.index_number and not _INDEX_NUMBER.fullmatch(neat.index_number):
        faults["index_number"] = "An index number has up to 12 digits, with up to 4 letters before them."
    if neat.email and not _EMAIL.fullmatch(neat.email):
        faults["email"] = "This is no e-mail address. It looks like name@un.org."
    if neat.phone and not _PHONE.fullmatch(neat.phone):
        faults["phone"] = "A phone number has digits, spaces and a plus sign, such as +254 20 762 1234."
    faults |= _dates(neat.since, neat.until)
    if faults:
        raise Faults(faults)
    return neat


def check_leaving(called: str, since: date | None, until: date) -> None:
    """Refuse a last day before the first."""
    if since is not None and until < since:
        raise Refusal(f"{called} came on {since:%d %B %Y}; the last day cannot be before that.", "until")


def is_here(since: date | None, until: date | None, day: date) -> bool:
    """Whether somebody is on the compound on a day; the last day still counts."""
    return (since is None or since <= day) and (until is None or day <= until)


def _dates(since: date | None, until: date | None) -> dict[str, str]:
    for name, day in (("since", since), ("until", until)):
        if day is not None and not 1945 <= day.year <= 2200:
            return {name: "Check the year."}
    if since is not None and until is not None and until < since:
        return {"until": "The last day cannot be before the first."}
    return {}
