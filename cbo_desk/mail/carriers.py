"""Whose parcel is it, and by which service: told from the code on it alone. Suggested and ranked, never guessed.

The formats themselves are data that the scan parser of the tags desk shares: see `cbo_desk.tags.carriers`. What this
module adds is the mailroom's view: forms that prove little are offered too, posts are called by their names, and the
reason for each rank is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from cbo_desk.tags.carriers import Format, Match, matches
from cbo_desk.tags.scan import squeezed


@dataclass(frozen=True, slots=True)
class CarrierMatch:
    """A carrier that the code fits; `why` says in a sentence what speaks for it, or what is wrong with it.

    `number` is what is printed on paper, so that all barcodes of one item give the same. An `accountable` service is
    one whose items are signed for from hand to hand.
    """

    carrier: str
    service: str
    number: str
    valid: bool
    why: str
    accountable: bool
    what: str
    code: str


def identify(text: str) -> list[CarrierMatch]:
    """The carriers whose form the text has, best proven first, wrong check digits last; none for any other text."""
    found: dict[tuple[str, str], CarrierMatch] = {}
    for match in matches(squeezed(text)):
        if match.format.carrier:
            told = _told(match)
            # Two forms of one carrier may read the same number: the better proven one speaks.
            found.setdefault((told.carrier, told.number), told)
    return list(found.values())


def _told(match: Match) -> CarrierMatch:
    form = match.format
    return CarrierMatch(
        carrier=_carrier(match),
        service=match.service,
        number=match.number,
        valid=not match.fault,
        why=match.fault or _evidence(form),
        accountable=match.accountable,
        what=form.what,
        code=match.code,
    )


def _carrier(match: Match) -> str:
    """The name a person knows: of a post, that of the country it comes from; of air freight, the airline."""
    if not match.country:
        return match.format.carrier
    country, _, operator = match.country.partition(": ")
    if operator or match.format.group != "post":
        return operator or country
    return f"Post of {country}"


def _evidence(form: Format) -> str:
    if form.check and form.says_itself:
        return "The form and the check digit fit."
    if form.check:
        return f"The length and the check digit fit, as one number in {form.check.odds} does by chance."
    if form.weak:
        seen = "form" if form.fixed else "length"
        return f"Only the {seen} fits: there is no check digit. Compare it with the label."
    return "The form fits. It has no check digit to prove it."
