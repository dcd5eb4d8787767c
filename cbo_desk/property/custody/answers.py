"""What custodians say of what they hold: each asset is confirmed or disputed, dated, and never rewritten."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.context import actor, now
from cbo_desk.dated import Declared, declare
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND, assets_of, check_not_ended, these
from db.custody import CustodyAnswer
from db.people import Person

CONFIRM_DAYS = declare(
    Declared(
        "property.confirm_custody_days",
        "A custodian's confirmation holds for",
        365,
        "days",
        "once a year, as annual physical counts are",
        least=1,
        most=3660,
    )
)
LONGEST_DISPUTE = 500


@deed("property.answer_custody", "say what you hold", Role.VIEWER)
def answer_custody(session: Session, ids: Sequence[int], has_it: bool, note: str = "") -> Changes:
    """The person at work says of assets in their own hands that they have them, or why they do not.

    Who has what stands as missing may say so; they are told that it is still missing until somebody marks it as found.
    Refusal for anybody else's assets, for an account of no person, and for a dispute without a reason.
    """
    person = _own_person(session)
    if len(note.strip()) > LONGEST_DISPUTE:
        raise Refusal(f"Say it in at most {LONGEST_DISPUTE} characters.", "note")
    if not has_it and not note.strip():
        raise Refusal("Say what is wrong: that you never had it, gave it back, or lost it.", "note")
    assets = assets_of(session, ids)
    for asset in assets:
        check_not_ended(asset)
        if asset.custodian_id != person.id:
            raise Refusal(f"{asset.inventory_no} is not in your hands. Look at the list anew.")
    answer = "confirmed" if has_it else "disputed"
    rows = [
        {
            "asset_id": asset.id, "person_id": person.id, "at": now(session), "by": actor(session).login,
            "answer": answer, "note": note.strip(), "inventory_no": asset.inventory_no,
        }
        for asset in assets
    ]  # fmt: skip
    session.execute(insert(CustodyAnswer), rows)
    ids = tuple(asset.id for asset in assets)
    said = f"{these(assets)} {answer}."
    missing = [asset for asset in assets if asset.state == State.MISSING]
    if has_it and missing:
        said += f" Still missing in the register: {these(missing)}. Tell the property desk that it was found."
    return Changes(KIND, ids, said, also={"people.person": (person.id,)})


def _own_person(session: Session) -> Person:
    ident = actor(session).person_id
    person = session.get(Person, ident) if ident is not None else None
    if person is None:
        raise Refusal("Your account is not linked to a person. An administrator can link it in Settings, Accounts.")
    return person
