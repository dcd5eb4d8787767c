"""What the tags desk can do: give, link, retire and print tags, and keep what was scanned but not known."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from cbo_desk import bulk
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.folding import storable
from cbo_desk.permissions import Role, deed
from cbo_desk.tags import codes
from cbo_desk.tags.queries import Opened, numbered
from cbo_desk.tags.subjects import kind_of
from cbo_desk.tags.supplies import stock_title
from db.base import table_of
from db.tags import LastScan, PartSheet, PrintedTag, PrintJob, Tag, UnknownScan

LAST_SCANS_KEPT = 500
_SHOWN = 40  # so many characters of a scanned text stand in a sentence


def give_tags(session: Session, kind: str, ids: Sequence[int]) -> list[str]:
    """Give new records their tags, in the transaction that makes the records; returns the codes in order."""
    made = codes.new_codes(kind_of(kind).letter, len(ids))
    instant = now(session)
    rows = ((code, True, kind, ident, instant) for code, ident in zip(made, ids, strict=True))
    bulk.insert_rows(session, table_of(Tag), ("code", "ours", "subject_kind", "subject_id", "made_at"), rows)
    return made


def take_tags(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Take back the tags of records that are taken back themselves; printed ones stay and are retired."""
    wanted = select(Tag).where(Tag.subject_kind == kind, Tag.subject_id.in_(ids))
    for tag in session.scalars(wanted):
        if tag.prints:
            tag.retired_at, tag.retired_why = now(session), "The record was taken back."
        else:
            session.delete(tag)


@deed("tags.link_code", "link barcodes")
def link_code(session: Session, code: str, kind: str, record_id: int) -> Changes:
    """Let a foreign barcode (a maker's serial, an old label) open a record as its own tag does."""
    text = " ".join(code.split())
    if not 3 <= len(text) <= 200:
        raise Refusal("A barcode has between 3 and 200 characters.", "code")
    known = session.scalar(select(Tag).where(Tag.code == text))
    if known is not None:
        raise Refusal(f"The code {text} already opens something else.", "code")
    subject = kind_of(kind).describe(session, [record_id]).get(record_id)
    if subject is None:
        raise Refusal("The record is gone.")
    others = [entry.title for entry in numbered(session, text) if (entry.kind, entry.record_id) != (kind, record_id)]
    if others:  # a linked code comes before a number, so the other record could no longer be opened by its own
        raise Refusal(f"{others[0]} is the number of another record. Scan the barcode again.", "code")
    tag = Tag(code=text, ours=False, subject_kind=kind, subject_id=record_id, made_at=now(session))
    session.add(tag)
    session.flush()
    said = f"The code {text} now opens {subject.number or subject.name}."
    return Changes("tags.tag", (tag.id,), said, Deed(unlink_code, (text,)), {kind: (record_id,)})


@deed("tags.unlink_code", "unlink barcodes")
def unlink_code(session: Session, code: str) -> Changes:
    """Take a foreign barcode off its record."""
    tag = _tag(session, code)
    if tag.ours:
        raise Refusal("A tag of our own is retired, not unlinked.")
    back = Deed(link_code, (tag.code, tag.subject_kind, tag.subject_id))
    session.delete(tag)
    return Changes("tags.tag", (tag.id,), f"The code {code} opens nothing now.", back, _subject(tag))


@deed("tags.replace_tag", "replace tags")
def replace_tag(session: Session, code: str, why: str) -> Changes:
    """Retire a lost or damaged tag and give its record a new one; the old code still opens it and says so."""
    tag = _tag(session, code)
    if tag.retired_at is not None:
        raise Refusal(f"The tag {codes.grouped(tag.code)} is already retired.")
    tag.retired_at, tag.retired_why = now(session), why.strip() or "Replaced."
    [fresh] = give_tags(session, tag.subject_kind, [tag.subject_id])
    new = session.scalars(select(Tag).where(Tag.code == fresh)).one()
    said = f"New tag {codes.grouped(fresh)}; the old one still opens the record and says that it is retired."
    return Changes("tags.tag", (new.id, tag.id), said, Deed(take_back_replacement, (code, fresh)), _subject(tag))


@deed("tags.take_back_replacement", "replace tags")
def take_back_replacement(session: Session, old: str, new: str) -> Changes:
    """Undo a replacement as long as the new tag has not been printed."""
    fresh, tag = _tag(session, new), _tag(session, old)
    if fresh.prints:
        raise Refusal("The new tag has been printed: retire it instead.")
    session.delete(fresh)
    tag.retired_at, tag.retired_why = None, ""
    return Changes("tags.tag", (tag.id,), f"The tag {codes.grouped(old)} is in use again.", None, _subject(tag))


@deed("tags.want_reprint", "queue reprints")
def want_reprint(session: Session, tag_ids: Sequence[int], wanted: bool = True) -> Changes:
    """Put damaged tags into the reprint queue, or take them out."""
    session.execute(update(Tag).where(Tag.id.in_(tag_ids)).values(reprint_wanted=wanted))
    word = "queued to be printed again" if wanted else "taken out of the reprint queue"
    back = Deed(want_reprint, (tuple(tag_ids), not wanted))
    return Changes("tags.tag", tuple(tag_ids), f"{_tags(len(tag_ids))} {word}.", back)


@deed("tags.log_print", "print tags")
def log_print(
    session: Session,
    stock: str,
    output: str,
    placed: Sequence[tuple[int, int, int]],
    used_after: Sequence[int] | None = None,
) -> Changes:
    """Write down a print: `placed` holds (tag id, page, cell) from 1; `used_after` the part-used sheet's cells."""
    if not placed:
        raise Refusal("Choose at least one tag to print.")
    tag_ids = sorted({tag_id for tag_id, _page, _cell in placed})
    pages = len({page for _tag, page, _cell in placed})
    job = PrintJob(at=now(session), by=actor(session).login, stock=stock, output=output, pages=pages, tags=len(tag_ids))
    session.add(job)
    session.flush()
    rows = [{"job_id": job.id, "page": page, "cell": cell, "tag_id": tag} for tag, page, cell in placed]
    session.execute(insert(PrintedTag), rows)
    for start in range(0, len(tag_ids), 500):
        session.execute(
            update(Tag)
            .where(Tag.id.in_(tag_ids[start : start + 500]))
            .values(prints=Tag.prints + 1, printed_at=now(session), reprint_wanted=False)
        )
    if used_after is not None:
        session.merge(PartSheet(stock=stock, used=sorted(set(used_after))))
    where = f"{pages:,} pages" if pages > 1 else _cells([cell for _tag, _page, cell in placed])
    said = f"{_tags(len(tag_ids))} printed on {stock_title(session, stock)}, {where}."
    return Changes("tags.tag", tuple(tag_ids), said, also={"tags.print_job": (job.id,)})


@deed("tags.mark_cells", "mark used cells")
def mark_cells(session: Session, stock: str, used: Sequence[int]) -> Changes:
    """Remember which cells of the part-used sheet of a stock are gone."""
    before = session.get(PartSheet, stock)
    back = tuple(before.used) if before else ()
    session.merge(PartSheet(stock=stock, used=sorted(set(used))))
    count = len(set(used))
    said = f"{count} used {'cell' if count == 1 else 'cells'} remembered for {stock_title(session, stock)}."
    return Changes("tags.part_sheet", (), said, Deed(mark_cells, (stock, back)), everything=True)


@deed("tags.keep_unknown_scan", "scan")
def keep_unknown_scan(session: Session, text: str, place_id: int | None = None, note: str = "") -> Changes:
    """Keep a scan that nothing answers to, so that it can be resolved later."""
    text = storable(text)
    scan = UnknownScan(
        text=text[:2000],
        at=now(session),
        by=actor(session).login,
        workstation=actor(session).workstation,
        place_id=place_id,
        note=note,
    )
    session.add(scan)
    session.flush()
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return Changes("tags.unknown_scan", (scan.id,), f"Unknown tag kept: {shown}. Resolve it on the Today page.")


@deed("tags.resolve_unknown_scan", "resolve unknown scans")
def resolve_unknown_scan(session: Session, scan_id: int, resolution: str) -> Changes:
    """Say what an unknown scan was, and with it every other waiting scan of the same text."""
    scan = session.get(UnknownScan, scan_id)
    if scan is None or scan.resolved_at is not None:
        raise Refusal("This scan is already resolved.")
    if not resolution.strip():
        raise Refusal("Say what it was.", "resolution")
    # The same code was scanned again and again while nobody knew it: one answer is the answer to all of them.
    alike = select(UnknownScan).where(UnknownScan.text == scan.text, UnknownScan.resolved_at.is_(None))
    ids = []
    for one in session.scalars(alike.order_by(UnknownScan.id)):
        one.resolved_at, one.resolution = now(session), resolution.strip()
        ids.append(one.id)
    return Changes(
        "tags.unknown_scan", tuple(ids), f"Resolved: {resolution.strip()}", Deed(reopen_unknown_scan, tuple(ids))
    )


@deed("tags.reopen_unknown_scan", "resolve unknown scans")
def reopen_unknown_scan(session: Session, *scan_ids: int) -> Changes:
    """Undo a resolution of scans."""
    for scan_id in scan_ids:
        scan = session.get_one(UnknownScan, scan_id)
        scan.resolved_at, scan.resolution = None, ""
    said = "The scan waits" if len(scan_ids) == 1 else f"{len(scan_ids):,} scans wait"
    return Changes("tags.unknown_scan", scan_ids, f"{said} to be resolved again.")


@deed("tags.note_scan", "scan", Role.VIEWER)
def note_scans(session: Session, *scans: Opened) -> Changes:
    """Remember what scans opened, in their order, for the strip of last scans that all workstations show."""
    instant, person = now(session), actor(session)
    notes = [
        {
            "at": instant,
            "by": person.login,
            "workstation": person.workstation,
            "title": scan.title,
            "detail": scan.detail,
            "subject_kind": scan.kind,
            "subject_id": scan.record_id,
        }
        for scan in scans
    ]
    # In one statement and in their order: the next scan may be looked up beside it.
    written = insert(LastScan).returning(LastScan.id, sort_by_parameter_order=True)
    ids = tuple(session.scalars(written, notes))
    session.execute(delete(LastScan).where(LastScan.id <= max(ids, default=0) - LAST_SCANS_KEPT))
    return Changes("tags.last_scan", ids, "")


def _tag(session: Session, code: str) -> Tag:
    tag = session.scalar(select(Tag).where(Tag.code == code))
    if tag is None:
        raise Refusal(f"No tag has the code {code}.")
    return tag


def _subject(tag: Tag) -> dict[str, tuple[int, ...]]:
    return {tag.subject_kind: (tag.subject_id,)}


def _cells(cells: Sequence[int]) -> str:
    return f"cell {cells[0]}" if len(cells) == 1 else f"cells {min(cells)} to {max(cells)}"


def _tags(count: int) -> str:
    return "1 tag" if count == 1 else f"{count:,} tags"
