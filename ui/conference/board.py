"""The rooms of some days as rows and bars of a timeline, and what stands in the way of a bar that is moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from cbo_desk.conference import Board, BoardBooking, BoardRow, BoardSpace
from cbo_desk.conference.rules import Slot
from cbo_desk.context import local
from ui.conference.looks import chip_of, hours, kind_short, kind_word, look_of, short_day, state_word
from ui.kit.timeline_parts import Axis, Bar, Column, Look, Move, Row

GUTTER_KINDS = ("theatre", "classroom", "boardroom")
CLOSED = "closed"


def axis_of(board: Board) -> Axis:
    """The days of a board, from eight to seven, or longer where a meeting of those days needs it."""
    low, high = 8, 19
    for booking in board.bookings:
        starts, ends = local(booking.row.blocks_from), local(booking.row.blocks_to)
        if starts.date() == ends.date():
            low, high = min(low, starts.hour), max(high, ends.hour + (ends.minute > 0))
        else:
            low, high = 0, 24
    return Axis(board.first, board.days, (low, high))


def columns_of(board: Board) -> list[Column]:
    """The layouts whose seats the gutter shows, on a board of one day."""
    if board.days > 1:
        return []
    return [Column(kind_short(kind), 56 if kind == "theatre" else 44) for kind in GUTTER_KINDS]


def shut_whole(board: Board) -> dict[int, tuple[str, datetime]]:
    """Cells that are closed on all of the days shown, with why and until when."""
    axis = axis_of(board)
    return {
        each.cell_id: (each.reason, each.slot.ends)
        for each in board.closures
        if each.slot.starts <= axis.starts and each.slot.ends >= axis.ends
    }


def rows_of(board: Board) -> list[Row]:
    """The open rooms, then the closed ones, those with the same reason in one quiet row."""
    shut = shut_whole(board)
    rows, closed = [], defaultdict(list)
    for row in board.rows:
        why = next((shut[cell] for cell in row.cells if cell in shut), None)
        if why is not None:
            closed[why].append(row.name)
        else:
            rows.append(_row(board, row))
    for (reason, end), names in closed.items():
        words = QCoreApplication.translate("conference", "{reason} · closed until {day}")
        said = words.format(reason=reason, day=f"{short_day(local(end).date())} {local(end):%Y}")
        rows.append(Row((CLOSED, reason, end), _together(names), closed=said, icon="hard-hat"))
    return rows


def bars_of(board: Board) -> list[Bar]:
    """Every booking as its bars, one for each run of rows; and closures that end or begin within the days."""
    rows = [row.key for row in rows_of(board)]
    shut = shut_whole(board)
    shown = replace(board, rows=tuple(row for row in board.rows if row.key in set(rows)))
    bars = []
    for booking in board.bookings:
        for run in shown.rows_of(booking.cells):
            bars.append(_bar(board, booking, shown.rows[run[0]].key, len(run)))
    for closure in board.closures:
        for run in shown.rows_of((closure.cell_id,)) if closure.cell_id not in shut else ():
            look = Look("idle", "hard-hat", hatched=True)
            key, at = (CLOSED, closure.id), shown.rows[run[0]].key
            bars.append(
                Bar(key, at, closure.slot.starts, closure.slot.ends, closure.reason, look=look, movable=False,
                    said=f"{closure.reason}, {hours(closure.slot.starts, closure.slot.ends)}")
            )  # fmt: skip
    return bars


def target(board: Board, booking: BoardBooking, row_key: int) -> BoardSpace | None:
    """Which space a booking would have with its first row there: the room itself, or as many joined from it on."""
    names = [row.key for row in board.rows]
    if row_key not in names:
        return None
    here = board.space(booking.space_id)
    first = names.index(row_key)
    if here is not None and here.cells and board.rows_of(here.cells)[0][0] == first:
        return here
    tall = len(board.rows_of(booking.cells)[0]) if len(booking.cells) > 1 else 1
    wanted = frozenset(cell for row in board.rows[first : first + tall] for cell in row.cells)
    return next((space for space in board.spaces if space.cells == wanted), None)


def clash(board: Board, booking: BoardBooking, move: Move, row_key: int) -> str:
    """What stands in the way of a booking there, from what is on the screen; a save asks the rest."""
    space = target(board, booking, row_key)
    if space is None:
        return QCoreApplication.translate("conference", "These rooms cannot be joined.")
    day = local(move.starts).date()
    kinds = space.kinds(day)
    if booking.row.layout not in kinds:
        words = QCoreApplication.translate("conference", "{space} has no layout {layout} on that day.")
        return words.format(space=space.name, layout=kind_word(booking.row.layout).lower())
    if kinds[booking.row.layout] < booking.row.people:
        words = QCoreApplication.translate("conference", "{space} as {layout}: {seats}, not {people}.")
        layout = kind_word(booking.row.layout).lower()
        return words.format(space=space.name, seats=kinds[booking.row.layout], layout=layout, people=booking.row.people)
    before = booking.row.starts - booking.row.blocks_from
    after = booking.row.blocks_to - booking.row.ends
    blocks = Slot(move.starts - before, move.ends + after)
    found = board.in_the_way(space.cells, blocks, booking.row.id)
    return QCoreApplication.translate("conference", "Taken: {what}").format(what=found) if found else ""


def standing(board: Board, row: BoardRow) -> str:
    """The layout that stands in a room now: that of the meeting under way, the last one before, or the next one."""
    here = [each for each in board.bookings if each.cells & row.cells]
    before = [each for each in here if each.row.blocks_from <= board.now]
    chosen = before[-1] if before else here[0] if here else None
    return chosen.row.layout if chosen is not None and chosen.cells == row.cells else ""


def _row(board: Board, row: BoardRow) -> Row:
    group = str(row.group) if row.group else ""
    if row.space is None or board.days > 1:
        return Row(row.key, row.name, group=group)
    kinds = row.space.kinds(board.first)
    cells = tuple(f"{kinds[kind]:,}" if kind in kinds else "–" for kind in GUTTER_KINDS)
    now = standing(board, row)
    return Row(row.key, row.name, cells, GUTTER_KINDS.index(now) if now in GUTTER_KINDS else -1, group)


def _bar(board: Board, booking: BoardBooking, at: int, tall: int) -> Bar:
    row = booking.row
    people = f"{booking.registered or row.people:,}"
    space = board.space(booking.space_id)
    seats = space.seats(row.layout, local(row.starts).date()) if space is not None else None
    of = QCoreApplication.translate("conference", "{people} of {seats}")
    fit = of.format(people=people, seats=f"{seats:,}") if seats else people
    joined = f"{space.name}\n" if space is not None and tall > 1 else ""
    chip = chip_of(row, board.now)
    said = f"{row.reference} {row.title}, {space.name if space else ''}, {hours(row.starts, row.ends)}, {chip.word}"
    return Bar(
        row.id, at, row.starts, row.ends, row.title, f"{joined}{kind_short(row.layout)} · {fit}",
        look_of(row, board.now),
        row.blocks_from if row.blocks_from < row.starts else row.starts,
        row.blocks_to if row.blocks_to > row.ends else row.ends,
        tall, movable=chip.word not in (state_word(row.status.DONE), state_word(row.status.IN_SESSION)), said=said,
    )  # fmt: skip


def _together(names: Sequence[str]) -> str:
    """Several rooms in a few words: Rooms 9–12 where they are numbered, otherwise the first and how many more."""
    if len(names) == 1:
        return names[0]
    head, _, first = names[0].rpartition(" ")
    last_head, _, last = names[-1].rpartition(" ")
    if head and head == last_head and first.isdigit() and last.isdigit():
        several = QCoreApplication.translate("conference", "{name}s {first}–{last}")
        return several.format(name=head, first=first, last=last)
    more = QCoreApplication.translate("conference", "{first} and {count} more")
    return more.format(first=names[0], count=len(names) - 1)


def days_of(kind: str, day: date) -> tuple[date, int]:
    """The first day and the number of days of a day, a week or a month that holds a day."""
    if kind == "week":
        return day - timedelta(days=day.weekday()), 7
    if kind == "month":
        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        return first, (after - first).days
    return day, 1
