"""Proves a database: its pages, references, schema, audit chain, search index and tags."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import String, Table, cast, select, text, union_all
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cbo_desk import attachments, audit, seals
from cbo_desk.changes import Changes
from cbo_desk.errors import Away, Trouble
from cbo_desk.findings import Finding
from cbo_desk.gaps import Gap, Gaps, gaps
from cbo_desk.office import Office
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.zone import ZONE
from db import guard, triggers
from db.base import Base, table_of
from db.records import SearchEntry
from db.roles import become_owner
from db.tags import Tag

_RESTORE = "Restore the last backup: main.py restore FILE"
MEND = "Put the rule back: main.py check --mend"
_SHOWN = 5


def check(office: Office, progress: Progress | None = None) -> list[Finding]:
    """Everything a database can be proven of, a finding each; the slow ones report how far they are."""
    report = progress or Progress()
    steps = (
        _pages, _references, _schema, _chain, _sealed, _custody, _search_index, _search_records, _tags, _papers,
        _numbers,
    )  # fmt: skip
    findings: list[Finding] = []
    for done, step in enumerate(steps):
        report.report(done, len(steps))
        try:
            findings += step(office)
        except Away:
            raise
        except (DBAPIError, Trouble) as error:
            said = str(getattr(error, "orig", error)).splitlines()[0]
            findings.append(Finding(False, step.__name__.strip("_").replace("_", " "), said, _RESTORE))
    report.report(len(steps), len(steps))
    return findings


@deed("settings.mend_rules", "mend the database", Role.ADMINISTRATOR)
def mend_rules(session: Session) -> Changes:
    """Put back the triggers and search tables that the database lost; what was changed meanwhile stays as it is."""
    connection = session.connection()
    lost = guard.lost_rules(connection)
    if not lost:
        return Changes("settings.compound", (), "Every rule of the database is in its place.")
    owner = become_owner(connection)
    triggers.install(connection)
    if owner:
        connection.exec_driver_sql("RESET ROLE")
    count = f"{Count(len(lost)):rule|rules}"
    said = f"{count} of the database put back: {' '.join(lost[:_SHOWN])}{' …' if len(lost) > _SHOWN else ''}"
    return Changes("settings.compound", (1,), said)


def _pages(office: Office) -> Iterator[Finding]:
    if office.engine.dialect.name != "sqlite":
        with office.engine.connect() as connection:
            sums = connection.scalar(text("SHOW data_checksums"))
        yield Finding(True, "pages", f"kept by the server, checksums {sums}")
        return
    with office.engine.connect() as connection:
        said = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    whole = said == ["ok"]
    yield Finding(whole, "pages", "whole" if whole else said[0], "" if whole else _RESTORE)


def _references(office: Office) -> Iterator[Finding]:
    """SQLite's foreign keys can be switched off by another tool; PostgreSQL's cannot without a trace in the guard."""
    if office.engine.dialect.name != "sqlite":
        return
    with office.engine.connect() as connection:
        torn = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if torn:
        tables = ", ".join(sorted({row[0] for row in torn}))
        yield Finding(False, "references", f"{Count(len(torn)):row|rows} of {tables} without its partner", _RESTORE)
    else:
        yield Finding(True, "references", "all lead somewhere")


def _schema(office: Office) -> Iterator[Finding]:
    found = guard.deviations(office.engine)
    with office.engine.connect() as connection:
        lost = set(guard.lost_rules(connection)) if found else set()
        found += guard.strangers(connection)
    if not found:
        yield Finding(True, "schema", "as this program expects it")
    for deviation in found:
        yield Finding(False, "schema", deviation, MEND if deviation in lost else _RESTORE)


def _chain(office: Office) -> Iterator[Finding]:
    proof = office.read(audit.verify)
    if proof.bad_seq is None:
        yield Finding(True, "audit chain", f"{Count(proof.entries):entry|entries}, unbroken")
    else:
        mend = "Keep this file as it is, show it to the auditor, and compare it with a backup."
        yield Finding(False, "audit chain", proof.why, mend)


def _sealed(office: Office) -> Iterator[Finding]:
    """The steps and events of which the chain holds the seals."""
    found = office.read(seals.prove)
    for words in found.broken:
        mend = "It was changed with another tool. Keep the database as it is, and compare it with a backup."
        yield Finding(False, "sealed facts", words, mend)
    if found.broken:
        return
    if found.since is None:
        yield Finding(True, "sealed facts", "none yet: the next deed that adds a step or an event seals it")
    else:
        since = f"{found.since.astimezone(ZONE):%d %b %Y}"
        yield Finding(True, "sealed facts", f"{found.facts:,} as their deeds added them, since {since}")


def _custody(office: Office) -> Iterator[Finding]:
    """What adds up, also of before the seals: mail from hand to hand, and the states of things."""
    from cbo_desk.mail.lives import mail_lives, outgoing_lives
    from cbo_desk.property.lives import asset_lives

    mend = "It was changed with another tool. Keep the database as it is, and compare it with a backup."
    for what, query in (
        ("mail from hand to hand", mail_lives),
        ("outgoing mail from hand to hand", outgoing_lives),
        ("what happened to things", asset_lives),
    ):
        lives = office.read(query)
        words = lives.broken or f"{lives.count:,} gone through, each stands where its events end"
        yield Finding(not lives.broken, what, words, mend if lives.broken else "")


def _search_index(office: Office) -> Iterator[Finding]:
    """SQLite's word index against the table it was made from; PostgreSQL's index is the table's own."""
    if office.engine.dialect.name != "sqlite":
        return
    with office.engine.connect() as connection:
        try:
            # This writes nothing, but SQLite asks for it as an INSERT.
            connection.exec_driver_sql("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)")
        except DBAPIError:
            yield Finding(False, "search index", "it does not agree with the records", _RESTORE)
        else:
            yield Finding(True, "search index", "agrees with the records")
        connection.rollback()


def _search_records(office: Office) -> Iterator[Finding]:
    for what, orphans in office.read(orphan_entries):
        yield Finding(not orphans, f"search: {what}", _told(orphans, "entries", "lead to no record"))


def _tags(office: Office) -> Iterator[Finding]:
    orphans = office.read(orphan_tags)
    yield Finding(
        not orphans, "tags", _told(orphans, "tags", "open no record"), "Retire them in Tags." if orphans else ""
    )


def _papers(office: Office) -> Iterator[Finding]:
    count = office.read(attachments.unused)
    yield Finding(True, "photos and papers", f"{count:,} are on no record any more" if count else "all are on a record")


def _numbers(office: Office) -> Iterator[Finding]:
    """Gaps in the numbers of receipts, bookings, passes and the rest, each with what is known of it."""
    found = office.read(gaps)
    if not found:
        yield Finding(True, "numbers", "every number that was given out stands on a record")
    for one in found:
        parts = [_gap_words(one, gap) for gap in one.first]
        more = f" and {one.count - len(parts):,} more" if one.count > len(parts) else ""
        mend = "Look for it in a backup: it was taken out with another tool." if one.unexplained else ""
        yield Finding(not one.unexplained, f"numbers of {one.series}", f"{'; '.join(parts)}{more}", mend)


def _gap_words(series: Gaps, gap: Gap) -> str:
    if gap.said:
        return f"{gap.reference} is on no record any more: “{gap.said}” ({gap.who})"
    if series.allowed:
        return f"{gap.reference} was given out and not used: a program ended or a connection broke; nothing is missing"
    return f"{gap.reference} stands on no record, and no deed names it"


@reads("settings", "check the database")
def orphan_entries(session: Session) -> list[tuple[str, list[str]]]:
    """For every kind of findable record, the titles of entries whose record is gone."""
    found = []
    for kind in session.scalars(select(SearchEntry.kind).distinct().order_by(SearchEntry.kind)):
        table = _tables().get(kind)
        if table is None:
            continue
        gone = select(SearchEntry.title).where(
            SearchEntry.kind == kind, ~select(table.c.id).where(table.c.id == SearchEntry.record_id).exists()
        )
        found.append((kind, list(session.scalars(gone.limit(_SHOWN)))))
    return found


@reads("settings", "check the database")
def orphan_tags(session: Session) -> list[str]:
    """Codes of live tags that open a record which is gone."""
    known = _tables()
    kinds = [kind for kind in session.scalars(select(Tag.subject_kind).distinct()) if kind in known]
    parts = [
        select(cast(Tag.code, String)).where(
            Tag.subject_kind == kind,
            Tag.retired_at.is_(None),
            ~select(known[kind].c.id).where(known[kind].c.id == Tag.subject_id).exists(),
        )
        for kind in kinds
    ]
    return list(session.scalars(union_all(*parts).limit(_SHOWN))) if parts else []


def _tables() -> dict[str, Table]:
    """The table of every kind of record people know; their keys are all called id."""
    classes = (mapper.class_ for mapper in Base.registry.mappers)
    tables = {model.audited_as: table_of(model) for model in classes if model.audited_as}
    return {kind: table for kind, table in tables.items() if "id" in table.c}


def _told(orphans: list[str], what: str, wrong: str) -> str:
    if not orphans:
        return f"all {what} lead to a record"
    more = " and maybe more" if len(orphans) == _SHOWN else ""
    return f"{', '.join(orphans)}{more} {wrong}"
