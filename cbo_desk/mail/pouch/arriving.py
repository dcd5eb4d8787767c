"""Bags that come in: announced by their way bill, looked at, counted package by package, confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Faults, Refusal
from cbo_desk.mail import secrets
from cbo_desk.mail.pouch import limits, rules
from cbo_desk.mail.pouch.packing import BAG, SERIES, bag_of, drop_bag, enter_search, stands, state_of
from cbo_desk.mail.pouch.rules import BagState, CaseWhat, SealFound
from cbo_desk.mail.receiving import Details, receive_item
from cbo_desk.mail.standing import KIND
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import deed
from cbo_desk.plurals import Count
from cbo_desk.tags import give_tags
from db.mail_pouch import MailBag, MailBagCase, MailBagLine, MailPouchDestination

CASE = "mail.bag_case"
CASES = "PC"


@dataclass(frozen=True)
class WayBillLine:
    """One package as a way bill names it; weight in grams."""

    reference: str
    weight_g: int
    addressee: str = ""
    contents: str = ""


@deed("pouch.announce", "announce bags")
def announce(
    session: Session,
    origin_id: int,
    their_number: str,
    seal: str,
    expected_at: datetime,
    secret_lines: Sequence[WayBillLine],
) -> Changes:
    """Enter the way bill of a bag that comes in, with what it should hold; it gets a number and tag of ours."""
    origin = session.get(MailPouchDestination, origin_id)
    faults: dict[str, str] = {}
    if origin is None or origin.gone_at is not None:
        faults["origin"] = "Choose where the bag comes from."
    if not their_number.strip():
        faults["their_number"] = "Type the number of the bag as its way bill has it."
    if not rules.seal_number(seal):
        faults["seal"] = "Type the number of the seal as the way bill has it."
    told = _lines_fault(secret_lines)
    if told:
        faults["lines"] = told
    if faults or origin is None:
        raise Faults(faults)
    row = MailBag(
        number=next_reference(session, SERIES),
        direction="in",
        destination_id=origin.id,
        destination=origin.name,
        made_at=now(session),
        cut_off_at=expected_at,
        limit_g=limits.bag_most_g(session, origin.code),
        package_most_g=limits.package_most_g(session),
        their_number=" ".join(their_number.upper().split()),
        seal=rules.seal_number(seal),
    )
    session.add(row)
    session.flush()
    for line in secret_lines:
        made = MailBagLine(bag_id=row.id, reference=_reference(line.reference), weight_g=line.weight_g)
        session.add(made)
        session.flush()
        addressee, contents = (" ".join(words.split()) for words in (line.addressee, line.contents))
        secrets.note(session, "line", made.id, secrets.Secret(addressee, contents=contents))
    give_tags(session, BAG, [row.id])
    enter_search(session, row)
    said = f"{row.number} from {row.destination} announced with {Count(len(secret_lines)):package|packages}."
    return Changes(BAG, (row.id,), said, Deed(drop_bag, (row.id,)))


@deed("mail.take_in_bag", "take bags in")
def take_in(session: Session, bag_id: int, found: SealFound, seal: str = "") -> Changes:
    """A bag has arrived: compare its seal. One that is broken, missing or another one makes a case at once."""
    row, found = bag_of(session, bag_id), SealFound(found)
    if state_of(row) is not BagState.ANNOUNCED:
        raise Refusal(f"{row.number} {stands(row)}.")
    read = rules.seal_number(seal)
    if found is SealFound.INTACT and read != row.seal:
        if not read:
            raise Refusal("Scan or type the number of the seal that is on the bag.", "seal")
        found = SealFound.OTHER
    if found is SealFound.MISSING and read:
        raise Refusal("A seal that is missing has no number: say that it is broken, or leave the number out.", "seal")
    row.arrived_at, row.seal_found = now(session), str(found)
    session.flush()
    if found is SealFound.INTACT:
        return Changes(BAG, (bag_id,), f"{row.number} arrived, seal {row.seal} intact. Count it now.")
    note = f"Way bill: {row.seal}. On the bag: {read}." if read else ""
    case = _open_case(session, bag_id, CaseWhat(f"seal_{found}"), note)
    said = f"{row.number} arrived. {rules.CASE_WORDS[CaseWhat(case.what)]}: case {case.number} is open."
    return Changes(BAG, (bag_id,), said, None, {CASE: (case.id,)})


@deed("pouch.count", "count bags")
def count(session: Session, bag_id: int, reference: str) -> Changes:
    """Count one package as it was scanned; one that the way bill does not name is extra."""
    row = _counting(session, bag_id)
    read = _reference(reference)
    if not read:
        raise Refusal("Scan the package.", "reference")
    line = session.scalar(select(MailBagLine).where(MailBagLine.bag_id == bag_id, MailBagLine.reference == read))
    if line is not None and line.found in ("here", "extra"):
        raise Refusal(f"{read} has been counted already.", "reference")
    if line is None:
        line = MailBagLine(bag_id=bag_id, reference=read, weight_g=0, found="extra", counted_at=now(session))
        session.add(line)
        words = "is not on the way bill: counted as extra"
    else:
        line.found, line.counted_at = "here", now(session)
        words = "counted"
    session.flush()
    undo = Deed(uncount, (bag_id, read))
    return Changes(BAG, (bag_id,), f"{read} {words}, {_left(session, row)}.", undo)


@deed("pouch.uncount", "count bags")
def uncount(session: Session, bag_id: int, reference: str) -> Changes:
    """Take one count back."""
    row = _counting(session, bag_id)
    line = session.scalar(select(MailBagLine).where(MailBagLine.bag_id == bag_id, MailBagLine.reference == reference))
    if line is None or not line.found:
        raise Refusal(f"{reference} has not been counted.")
    if line.found == "extra":
        session.execute(delete(MailBagLine).where(MailBagLine.id == line.id))
    else:
        line.found, line.counted_at = "", None
    session.flush()
    return Changes(BAG, (bag_id,), f"{reference} not counted, {_left(session, row)}.")


@deed("pouch.mark_missing", "count bags")
def mark_missing(session: Session, bag_id: int) -> Changes:
    """Everything that was not counted is missing; a case says so."""
    row = _counting(session, bag_id)
    lines = session.scalars(select(MailBagLine).where(MailBagLine.bag_id == bag_id, MailBagLine.found == "")).all()
    if not lines:
        raise Refusal(f"Everything on the way bill of {row.number} has been counted.")
    for line in lines:
        line.found, line.counted_at = "missing", now(session)
    session.flush()
    case = _open_case(session, bag_id, CaseWhat.COUNT, f"{len(lines)} missing.")
    some = "1 package is missing" if len(lines) == 1 else f"{len(lines)} packages are missing"
    return Changes(BAG, (bag_id,), f"{some} from {row.number}: case {case.number} is open.", None, {CASE: (case.id,)})


@deed("pouch.confirm", "confirm bags")
def confirm(session: Session, bag_id: int) -> Changes:
    """The count is done: each package that is here becomes an item of mail in the mailroom.

    Whom the way bill names is written in its notes and assigned by nobody.
    """
    row = _counting(session, bag_id)
    lines = session.scalars(select(MailBagLine).where(MailBagLine.bag_id == bag_id).order_by(MailBagLine.id)).all()
    left = sum(line.found == "" for line in lines)
    if left:
        raise Refusal(
            f"{row.number}: {Count(left):package is|packages are} not counted. Count what is left, or mark it missing."
        )
    also: dict[str, tuple[int, ...]] = {}
    if any(line.found == "extra" for line in lines) and not _count_has_case(session, bag_id):
        case = _open_case(session, bag_id, CaseWhat.COUNT, "More than the way bill says.")
        also[CASE] = (case.id,)
    row.confirmed_at, row.confirmed_by = now(session), actor(session).login
    session.flush()
    here = [line for line in lines if line.found in ("here", "extra")]
    told = secrets.known(session, "line", [line.id for line in here])
    for line in here:
        notes = f"{line.reference} from {row.number}." + (
            f" The way bill says: {told[line.id].addressee}." if line.id in told and told[line.id].addressee else ""
        )
        weight = line.weight_g if line.found == "here" else None
        details = Details("Pouch", row.destination, "registered", sender=row.destination, weight_g=weight, notes=notes)
        line.item_id = receive_item(session, "", details).ids[0]
    session.flush()
    also[KIND] = tuple(line.item_id for line in here if line.item_id is not None)
    said = f"{row.number} confirmed: {Count(len(here)):package is|packages are} mail to be handed out now."
    return Changes(BAG, (bag_id,), said, None, also)


@deed("pouch.close_case", "close cases")
def close_case(session: Session, case_id: int, outcome: str) -> Changes:
    """Say how a case ended; it stands from then on."""
    case = session.get(MailBagCase, case_id, with_for_update=True)
    if case is None or case.closed_at is not None:
        raise Refusal("This case is closed already.")
    if not outcome.strip():
        raise Refusal("Say how the case ended.", "outcome")
    case.closed_at, case.outcome = now(session), outcome.strip()
    return Changes(BAG, (case.bag_id,), f"Case {case.number} closed.", None, {CASE: (case_id,)})


def _counting(session: Session, bag_id: int) -> MailBag:
    row = bag_of(session, bag_id)
    if state_of(row) is not BagState.ARRIVED:
        raise Refusal(f"{row.number} {stands(row)}, so it cannot be counted.")
    return row


def _left(session: Session, row: MailBag) -> str:
    wanted = select(func.count()).where(MailBagLine.bag_id == row.id, MailBagLine.found == "")
    left = int(session.scalar(wanted) or 0)
    return f"{left} to go" if left else f"{row.number} is complete"


def _count_has_case(session: Session, bag_id: int) -> bool:
    """Whether a case is about the count; one about the seal may be closed by now, and says nothing of packages."""
    counted = (MailBagCase.bag_id == bag_id, MailBagCase.what == str(CaseWhat.COUNT))
    return session.scalar(select(MailBagCase.id).where(*counted).limit(1)) is not None


def _open_case(session: Session, bag_id: int, what: CaseWhat, note: str) -> MailBagCase:
    case = MailBagCase(
        number=next_reference(session, CASES),
        bag_id=bag_id,
        opened_at=now(session),
        opened_by=actor(session).login,
        what=str(what),
        note=note,
    )
    session.add(case)
    session.flush()
    return case


def _lines_fault(lines: Sequence[WayBillLine]) -> str:
    if not lines:
        return "Enter what the way bill lists, one package a line."
    seen: set[str] = set()
    for place, line in enumerate(lines, 1):
        read = _reference(line.reference)
        if not read:
            return f"Line {place} has no number."
        if read in seen:
            return f"Line {place}: {read} stands there twice."
        if not 0 < line.weight_g <= 1_000_000:
            return f"Line {place}: a weight is more than nothing, in kg."
        seen.add(read)
    return ""


def _reference(typed: str) -> str:
    """A package's number as it is compared: capitals, single spaces, nothing that cannot be printed, 80 at most."""
    return " ".join("".join(one if one.isprintable() else " " for one in typed.upper()).split())[:80]
