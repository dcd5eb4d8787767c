"""The tray at work: deeds go to the server while it answers, and are kept in their order while it does not."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from cbo_desk import taking
from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Away, NotRead, Refusal, Trouble
from cbo_desk.link import Link
from cbo_desk.office import Office
from cbo_desk.server_clock import Reading
from cbo_desk.tray import hours
from cbo_desk.tray.kinds import (
    Body,
    Keepable,
    Kept,
    KeptHere,
    Picture,
    Unseen,
    kind_named,
    kind_of,
    pictures,
    take_back_kept,
    unpacking,
)
from db.tray_file import TrayFile, taking_turns

_LASTING = "lasting"
REMEMBERED = 200
"""Answers of the server that are remembered for the time without it."""


@dataclass(frozen=True)
class Standing:
    """How the tray stands: deeds that wait, deeds to be looked at, and since when the server is away.

    `barred` says why a server that answers again is not worked with; `unseen` that it was away from the start.
    """

    waiting: int = 0
    refused: int = 0
    away_since: datetime | None = None
    oldest: datetime | None = None
    barred: str = ""
    unseen: bool = False


class Tray:
    """The tray of one person at one workstation. `told` is called after every change, on whatever thread made it."""

    def __init__(self, office: Office, link: Link, file: TrayFile, notes: tuple[str, ...] = ()) -> None:
        self.office, self.link, self.file, self.notes = office, link, file, notes
        self.told: Callable[[], object] = lambda: None
        # What was read, and the same with what is kept in it.
        self._read: list[Picture] = pictures()
        self._unsure: set[int] = set()
        self.fresh = False
        self._lock = threading.RLock()
        self._last: OrderedDict[Any, Any] = OrderedDict()
        self._lasting = file.about(_LASTING)
        for name, told in json.loads(self._lasting or "{}").items():
            for picture in self._read:
                if type(picture).__name__ == name:
                    picture.recall(told)
        self.pictures: list[Picture] = []
        self._paint()

    def standing(self) -> Standing:
        """How it stands."""
        first = self.file.first_waiting()
        return Standing(
            self.file.count("waiting"), self.file.count("refused"), self.link.since,
            first.happened_at if first else None, self.link.barred, self.office.proof is not None,
        )  # fmt: skip

    # --- what the office asks

    def order(self, command: Callable[..., Changes], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Changes | None:
        """Have a deed done, or keep it; None for a deed that may not be kept."""
        if command is take_back_kept:
            return self._take_back(*args)
        kind = kind_of(command)
        if kind is None:
            return None
        body = kind.body_of(self._ref, args, kwargs)
        ident, happened, reading = uuid4().hex, self.office.instant(), self.office.server_clock.reading()
        tried = not self.link.away and self.file.first_waiting() is None
        if tried:
            key = taking.Key(ident, kind.name, taking.digest(kind.name, body), unpacking(kind, body))
            try:
                return self.office.take(command, key)
            except Trouble:
                pass  # whether it was done or not, under its id it is done once
        return self._keep(kind, ident, body, (happened, reading), tried)

    def answer(self, query: Callable[..., Any], args: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
        """The server's answer while nothing waits; else what is known here, and the last answer in the end."""
        if self.link.away or _stands_in(args) or self.file.first_waiting() is not None:
            with suppress(Unseen):
                return self._known(query, args)
        try:
            found = ask()  # a replica may answer reports though the server is away; it hangs in neither case
        except Away:
            try:
                return self._known(query, args)
            except Unseen:
                return self._remembered(query, args)
        self._remember(query, args, found)
        return found

    # --- what the window asks

    def look(self) -> None:
        """Read the pictures anew, with what is still kept in them. Raises Trouble where the server is away."""
        fresh = pictures()
        for picture in fresh:
            picture.read(self.office)
        with self._lock:
            self._read, self.fresh = fresh, True
            self._paint()
        lasting = json.dumps({type(one).__name__: one.lasting() for one in fresh}, sort_keys=True)
        if lasting != self._lasting:
            self.file.note(_LASTING, lasting)
            self._lasting = lasting

    def give_up(self) -> None:
        """Wait no longer for what hangs: the server counts as away until it answers."""
        self.link.lost()

    def stand_in(self, ident: int) -> int:
        """The record that stands for a stand-in by now; the stand-in itself while nothing does."""
        row = self.file.at(-ident) if ident < 0 else None
        return row.record_id if row is not None and row.record_id is not None else ident

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    # --- parts

    def _keep(self, kind: Keepable, ident: str, body: Body, at: tuple[datetime, Reading], tried: bool) -> Changes:
        happened, clock = at[0], hours.written(at[1])
        with self._lock:
            if not tried:  # the fate of one that was tried is unknown: it may have been done already
                for picture in self._of(kind.name):
                    picture.check(kind.name, body)
            for picture in self._of(kind.name):
                body = {**body, "names": picture.names(body)}
            try:
                n = self.file.keep(ident, kind.name, kind.form, body, happened, clock)
            except self.file.errors as error:
                raise Trouble(
                    f"The office server is away, and this workstation cannot keep it: {error}. Nothing was saved."
                ) from error
            if tried:
                self._unsure.add(n)
            kept = Kept(n, ident, kind.name, kind.form, body, happened, "waiting", "", None, False, clock)
            changes = self._picture(kept)
        self.told()
        return changes

    def _take_back(self, n: int) -> Changes | None:
        """Take a deed out that only waits, as if it had not been done; None for one that the server has by now."""
        with taking_turns(self.file.path) as ours, self._lock:
            kept = self.file.at(n)
            if kept is None or kept.state != "waiting":
                return None
            kind = kind_named(kept.kind)
            about = kind.about(kept.body)
            if not ours or n in self._unsure:
                raise Refusal(f"{about}: the server may have this already. Take it back once it is back.")
            later = next((one for one in self.file.in_state("waiting") if _is_about(one, kept.id)), None)
            if later is not None:
                done = kind_named(later.kind).about(later.body)
                raise Refusal(f"Take back first what was done with it later: {done}.")
            told = self._picture(kept)
            self.file.mark(n, "dropped", "Taken back here, before the server had it.")
            self._paint()
        self.told()
        return Changes(told.kind, told.ids, f"{about}: taken back.", also=told.also)

    def _paint(self) -> None:
        """Let fresh copies of what was read follow all that waits."""
        self.pictures = [picture.copy() for picture in self._read]
        for kept in self.file.in_state("waiting"):
            self._picture(kept)

    def _picture(self, kept: Kept) -> Changes:
        """Let the pictures follow a kept deed; what a page is told of it."""
        told: Changes = Changes("", ())
        try:
            body = kind_named(kept.kind).raised(kept.form, kept.body)
            for picture in self._of(kept.kind):
                told = picture.apply(replace(kept, body=body))
        except (Refusal, Unseen):
            pass  # the picture is older than the deed: the deed is kept all the same
        said = told.said or "It goes to the server when that is back."
        undo = Deed(take_back_kept, (kept.n,))
        return KeptHere(told.kind, told.ids, f"Kept here. {said}", undo, also=told.also, n=kept.n)

    def _of(self, kind: str) -> list[Any]:
        return [picture for picture in self.pictures if kind in picture.kinds]

    def _ref(self, ident: int) -> Any:
        """A record as a body names it: a stand-in by the deed that made it, until the server has told its id."""
        if ident >= 0:
            return ident
        row = self.file.at(-ident)
        if row is None:
            raise Refusal("This is no longer known here. Scan it again.")
        return row.record_id if row.record_id is not None else {"kept": row.id}

    def _known(self, query: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        with self._lock:
            for picture in self.pictures:
                answer = picture.answers.get(query)
                if answer is not None:
                    return answer(*args)
        raise Unseen

    def _remember(self, query: Callable[..., Any], args: tuple[Any, ...], found: Any) -> None:
        try:
            hash(key := (query, args))
        except TypeError:
            return
        with self._lock:
            self._last[key] = found
            self._last.move_to_end(key)
            if len(self._last) > REMEMBERED:
                self._last.popitem(last=False)

    def _remembered(self, query: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        try:
            with self._lock:
                return self._last[query, args]
        except (KeyError, TypeError):
            raise NotRead("The office server is away, and this was not looked at before. Nothing was read.") from None


def tray_of(office: Office) -> Tray | None:
    """The tray of an office; None where there is none, as over a file of one's own."""
    return office.tray if isinstance(office.tray, Tray) else None


def _is_about(kept: Kept, ident: str) -> bool:
    """Whether a deed is about a record that another kept deed made."""
    parts: list[Any] = [kept.body]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            if part.get("kept") == ident:
                return True
            parts += part.values()
        elif isinstance(part, list):
            parts += part
    return False


def _stands_in(args: tuple[Any, ...]) -> bool:
    """Whether something is asked of a stand-in."""
    flat = [part for arg in args for part in (arg if isinstance(arg, list | tuple) else (arg,))]
    return any(isinstance(part, int) and part < 0 for part in flat)
