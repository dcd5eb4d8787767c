"""A long bad day: wires are cut, stall and lose answers, workstations and the server are killed, and nothing is lost.

`python -m benchmarks.chaos [--seconds 30] [--workstations 3] [--seed N] [--control]`, or `make chaos MINUTES=60`,
prints what became of it: deeds acknowledged, lost, doubled, torn, refused, and in how many seconds everything was at
the server after the last trouble. Goals: none lost, doubled or torn. It is judged by what each workstation wrote down
beside the program, against the rows of the database. The control takes the ids from the deeds: it must find doubled
ones.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks import report
from benchmarks.workstation import DONE, STOP, make_shelf, work
from cbo_desk import audit, seals
from cbo_desk.compound import prepare
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from db.engine import open_engine
from db.tray_file import TrayFile
from scripts.postgres import Server, running
from scripts.wire import Wire

STANDS_STILL = 60
"""Seconds after the last trouble in which something more must reach the server, until all is there: how long the whole
takes grows with what was kept meanwhile."""
TROUBLES = {
    "mend": 8, "cut": 3, "stall": 2, "lose_answers": 2, "lose_commit": 3, "slow": 1, "kill": 3, "kill_server": 1,
}  # fmt: skip
OF_CONTROL = {"mend": 4, "lose_commit": 4}


@dataclass
class Outcome:
    """What became of a campaign. `faults` names the first few deeds that are not as they should be."""

    acknowledged: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    recovered_s: float = 0.0
    troubles: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Campaign:
    """Some workstations on one server, each behind the same wire, and what happens to them."""

    def __init__(self, server: Server, folder: Path, workstations: int, seed: int, *, ids: bool = True) -> None:
        self.server, self.folder, self.ids = server, folder, ids
        self.chance = random.Random(seed)
        self.outcome = Outcome()
        self.wire = Wire(server.port)
        self.truth = Office(prepare(server.url()), administrator("truth", "Truth", "SERVER"))
        head, _, name = server.url().rpartition("/")
        self._given = (f"{head.rpartition(':')[0]}:{self.wire.port}/{name}", str(folder))
        self._shelf = make_shelf(self.truth)
        self._context = multiprocessing.get_context("spawn")
        self.people = {number: self._sit_down(number) for number in range(1, workstations + 1)}

    def run(self, seconds: float) -> Outcome:
        """Let trouble come for so long, then let everybody finish, and judge."""
        self._wait(lambda: len(list(self.folder.glob("w*.log"))) == len(self.people))
        troubles = TROUBLES if self.ids else OF_CONTROL
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            [what] = self.chance.choices(list(troubles), list(troubles.values()))
            self.outcome.troubles[what] += 1
            getattr(self, f"_{what}")()
            time.sleep(self.chance.uniform(0.1, 0.8))
        self._mend()
        (self.folder / STOP).touch()
        mended = time.monotonic()
        self._wait(lambda: all((self.folder / f"{DONE}-{number}").exists() for number in self.people))
        self.outcome.recovered_s = round(time.monotonic() - mended, 1)
        for person in self.people.values():
            person.join(30)
        self.wire.close()
        self._judge()
        self.truth.close()
        return self.outcome

    def end(self) -> None:
        """End what still runs."""
        for person in self.people.values():
            person.kill()
        self.wire.close()

    # --- troubles

    def _mend(self) -> None:
        self.wire.delay = 0
        self.wire.mend()

    def _cut(self) -> None:
        self.wire.cut()

    def _stall(self) -> None:
        self.wire.stall()

    def _lose_answers(self) -> None:
        self.wire.lose_answers()

    def _lose_commit(self) -> None:
        self.wire.lose_commit()

    def _slow(self) -> None:
        self.wire.delay = 0.05

    def _kill(self) -> None:
        number = self.chance.choice(list(self.people))
        self.people[number].kill()
        self.people[number].join()
        self.people[number] = self._sit_down(number)

    def _kill_server(self) -> None:
        self.server.kill()
        self.server.start()

    def _sit_down(self, number: int) -> Any:
        person = self._context.Process(target=work, args=(*self._given, number, self._shelf, self.ids))
        person.start()
        return person

    def _wait(self, right: Any) -> None:
        engine = open_engine(self.server.url())
        arrived, since, asked = -1, time.monotonic(), 0.0
        while not right():
            if any(person.exitcode not in (None, 0, -9) for person in self.people.values()):
                raise RuntimeError("A workstation ended by itself: what it said stands above.")
            if time.monotonic() - asked > 1:
                asked = time.monotonic()
                with engine.connect() as connection:
                    now = int(connection.scalar(text("SELECT count(*) FROM mail_event")) or 0)
                if now > arrived:
                    arrived, since = now, asked
            if time.monotonic() - since > STANDS_STILL:
                raise TimeoutError(f"{arrived} deeds are at the server, and for {STANDS_STILL} seconds no more came.")
            time.sleep(0.05)
        engine.dispose()

    # --- the judge

    def _judge(self) -> None:
        told = self._told()
        engine = open_engine(self.server.url())
        with engine.connect() as connection:
            names = {row[0]: row[1] for row in connection.execute(text("SELECT id, notes FROM mail_item"))}
            items = Counter(names.values())
            wanted = "SELECT i.notes, e.what FROM mail_event e JOIN mail_item i ON i.id = e.item_id"
            steps = Counter((row[1], row[0]) for row in connection.execute(text(wanted)))
            torn = connection.scalar(text(
                "SELECT count(*) FROM mail_item i LEFT JOIN mail_event e ON e.id = i.last_event_id "
                "WHERE e.id IS NULL OR e.state <> i.state OR e.id <> "
                "(SELECT max(id) FROM mail_event WHERE item_id = i.id)"
            ))  # fmt: skip
        engine.dispose()
        refused = self._refused(names)
        for (what, marker), said in told.items():
            count = items[marker] if what == "receive" else steps[what, marker]
            if count > 1:
                self._fault("doubled", what, marker, count)
            if said != "ack":
                continue
            self.outcome.acknowledged += 1
            if not count and (what, marker) in refused:
                self.outcome.refused += 1
            elif not count:
                self._fault("lost", what, marker, count)
        chain, facts = self.truth.read(audit.verify), self.truth.read(seals.prove)
        self.outcome.torn = int(torn or 0) + (chain.bad_seq is not None) + len(facts.broken)

    def _fault(self, which: str, what: str, marker: str, count: int) -> None:
        setattr(self.outcome, which, getattr(self.outcome, which) + 1)
        self.outcome.faults = [*self.outcome.faults, f"{which}: {what} of {marker} is there {count} times"][:5]

    def _told(self) -> dict[tuple[str, str], str]:
        """What each workstation wrote down, deed by deed; the last word counts."""
        told: dict[tuple[str, str], str] = {}
        for log in sorted(self.folder.glob("w*.log")):
            for line in log.read_text().splitlines():
                said, _, rest = line.partition("\t")
                what, _, marker = rest.partition("\t")
                if len(marker) == 32:  # a line that a kill cut short says nothing
                    told[what, marker] = said
        return told

    def _refused(self, names: dict[int, str]) -> set[tuple[str, str]]:
        """What lies in a tray to be looked at, by deed and marker; `names` are the markers of the items by id."""
        found = set()
        for path in (self.folder / "trays").glob("*.db"):
            file = TrayFile(path)
            receipts = [kept for kept in file.in_state("done", "refused", "waiting") if "details" in kept.body]
            markers: dict[Any, str] = {kept.id: kept.body["details"]["notes"] for kept in receipts}
            for kept in file.in_state("refused"):
                what = kept.kind.removeprefix("mail.").partition("_")[0]
                refs = kept.body.get("items", [{"kept": kept.id}])
                found |= {(what, markers.get(ref["kept"], "") if isinstance(ref, dict) else names.get(ref, ""))
                          for ref in refs}  # fmt: skip
            file.close()
        return found


def campaign(seconds: float, workstations: int, seed: int, *, ids: bool = True) -> Outcome:
    """One campaign from an empty database to its figures."""
    with running(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        under_way = Campaign(server, Path(folder), workstations, seed, ids=ids)
        try:
            return under_way.run(seconds)
        finally:
            under_way.end()


def main() -> None:
    """Run a campaign and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--workstations", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--control", action="store_true", help="the same without ids: it must find doubled deeds")
    given = parser.parse_args()
    was = campaign(given.seconds, given.workstations, given.seed, ids=not given.control)
    sound = not (was.lost or was.doubled or was.torn)
    report.line(
        what="chaos, the control" if given.control else "chaos", seed=given.seed, seconds=given.seconds,
        workstations=given.workstations, troubles=dict(was.troubles), acknowledged=was.acknowledged,
        refused=was.refused, lost=was.lost, doubled=was.doubled, torn=was.torn,
        recovered_s=was.recovered_s, faults=was.faults,
        met=was.doubled > 0 if given.control else sound,
    )  # fmt: skip


if __name__ == "__main__":
    main()
