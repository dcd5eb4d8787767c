"""One workstation as a process of its own, for campaigns that cut its wire and kill it: it works, keeps and brings.

Each deed is written down before it is ordered and after it was acknowledged, in a file of its own that is on the disk
before the next one begins: what is judged in the end is judged by that file, not by anything that the program says.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from cbo_desk import taking, tray
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.mail import Details, Taken, deliver_items, receive_item, shelve_items
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.places import PlaceForm, add_place
from db.engine import open_engine

STOP = "stop"
"""A file of this name in the folder: bring what is kept, then go."""
DONE = "done"


class Workstation:
    """A clerk who never pauses for long. `ids` False is the control: deeds lose their ids, as if there were none."""

    def __init__(self, url: str, folder: Path, number: int, shelf: int, *, ids: bool = True) -> None:
        self.folder, self.number, self.shelf = folder, number, shelf
        name = f"w{number:02}"
        self.office = Office(open_engine(url), administrator(name, f"Worker {number}", f"DESK-{number:02}"))
        begun = tray.begin(self.office, folder / "trays")
        assert begun is not None
        self.tray = begun
        link = begun.link
        link.patience, link.answer, link.again = 0.4, 0.6, 0.1
        self.chance = random.Random(f"{number}-{os.getpid()}")
        self.log = (folder / f"{name}.log").open("a")
        if not ids:
            _forget_ids()

    def work(self) -> None:
        """Work until the folder says stop, then bring what is kept."""
        with suppress(Trouble):
            self.tray.look()
        bringing = threading.Thread(target=self._bring, daemon=True)
        bringing.start()
        while not (self.folder / STOP).exists():
            self.one()
            time.sleep(self.chance.uniform(0, 0.03))
        bringing.join()
        (self.folder / f"{DONE}-{self.number}").touch()
        tray.end(self.office)
        self.office.close()

    def one(self) -> None:
        """An item comes in, and goes part of its way."""
        marker = uuid4().hex
        item = self._do("receive", marker, receive_item, "", Details(carrier="Hand delivery", notes=marker))
        if item is not None and self.chance.random() < 0.7:
            self._do("shelve", marker, shelve_items, [item], self.shelf)
        if item is not None and self.chance.random() < 0.4:
            self._do("deliver", marker, deliver_items, [item], Taken("Somebody"))

    def _do(self, what: str, marker: str, command: Callable[..., Changes], *args: Any) -> int | None:
        self._say("try", what, marker)
        try:
            changes = self.office.write(command, *args)
        except (Trouble, Refusal) as error:
            self._say(f"not: {type(error).__name__}: {error}".replace("\t", " "), what, marker)
            return None
        self._say("ack", what, marker)
        return changes.ids[0] if changes.ids else None

    def _say(self, *words: str) -> None:
        self.log.write("\t".join(words) + "\n")
        self.log.flush()
        os.fsync(self.log.fileno())

    def _bring(self) -> None:
        """What the window's own beat does: bring what waits as soon as the server answers."""
        while True:
            waits = self.tray.file.first_waiting() is not None
            if waits and not self.tray.link.away:
                tray.take_waiting(self.tray)
            elif not waits and (self.folder / STOP).exists():
                return
            time.sleep(0.03)


def make_shelf(office: Office) -> int:
    """A place that mail is put on, in a compound that has none yet."""
    site = office.write(add_place, PlaceForm("GIGIRI", "site", "Gigiri")).ids[0]
    return office.write(add_place, PlaceForm("H-01", "store", "Mailroom"), site).ids[0]


def work(url: str, folder: str, number: int, shelf: int, ids: bool) -> None:
    """What a process of its own runs."""
    Workstation(url, Path(folder), number, shelf, ids=ids).work()


def _forget_ids() -> None:
    """The control: nothing is known to have been taken, and each attempt is a deed of its own."""
    note = taking.note

    def forgetful(session: Any, key: taking.Key, *rest: Any) -> None:
        note(session, taking.Key(uuid4().hex, key.kind, key.digest, key.arguments, key.happened_at, key.told), *rest)

    vars(taking).update(before=lambda _session, _key: None, note=forgetful)
