"""What can be looked up of prints: the used cells of a sheet, the log, and where each tag of a print stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.permissions import reads
from cbo_desk.tags.queries import TagLine, lines_of
from db.tags import PartSheet, PrintedTag, PrintJob, Tag


@reads("tags")
def used_cells(session: Session, stock: str) -> tuple[int, ...]:
    """The used cells of the part-used sheet of a stock, from 1."""
    sheet = session.get(PartSheet, stock)
    return tuple(sheet.used) if sheet else ()


@dataclass(frozen=True)
class PrintLine:
    """One print in the log."""

    id: int
    at: datetime
    by: str
    stock: str
    output: str
    pages: int
    tags: int


@reads("tags")
def print_log(session: Session, most: int = 200) -> list[PrintLine]:
    """The newest prints."""
    wanted = select(PrintJob).order_by(PrintJob.id.desc()).limit(most)
    return [PrintLine(j.id, j.at, j.by, j.stock, j.output, j.pages, j.tags) for j in session.scalars(wanted)]


@dataclass(frozen=True)
class PrintedLine:
    """Where one tag of a print stands: page and cell from 1; the tag says whether it is in use still."""

    page: int
    cell: int
    tag: TagLine
    retired: bool


@reads("tags")
def printed_tags(session: Session, job_id: int) -> list[PrintedLine]:
    """The tags of a print in the order of its cells; a tag whose record is gone is left out."""
    rows = session.execute(
        select(PrintedTag.page, PrintedTag.cell, Tag)
        .join(Tag, Tag.id == PrintedTag.tag_id)
        .where(PrintedTag.job_id == job_id)
        .order_by(PrintedTag.page, PrintedTag.cell)
    ).all()
    lines = {line.tag_id: line for line in lines_of(session, list({tag.id: tag for _p, _c, tag in rows}.values()))}
    return [
        PrintedLine(page, cell, lines[tag.id], tag.retired_at is not None)
        for page, cell, tag in rows
        if tag.id in lines
    ]
