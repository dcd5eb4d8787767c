"""A streaming replica for reports: how far it is behind, and how often it may answer while others work.

`python -m benchmarks.replica [--seconds 10] [--writers 4]` makes a server and its replica on this computer, fills the
demo compound, and asks a report of an office that works: in turn with a deed before each question, and without one.
It prints how often the replica answered, what an answer took there and at the server, and how long the replica took to
know of a deed. Goals: no answer that lacks what this office did before it asked. Then the replica is killed, and the
office's own server answers; and it is promoted, as after a loss of the server.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from benchmarks import report
from cbo_desk.compound import open_office, prepare
from cbo_desk.context import clock
from cbo_desk.demo import make_demo
from cbo_desk.mail import Details, MailFilter, answers, receive_item
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.replica import Replica, set_reports_server
from db.engine import open_engine
from scripts.postgres import Server, running


def main() -> None:
    """Measure, kill and promote."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--writers", type=int, default=2)
    given = parser.parse_args()
    with running(durable=True) as server:
        engine = prepare(server.url())
        first = Office(engine, administrator("bench", "Bench", "BENCH"))
        first.write(make_demo, 0.2)
        started = time.perf_counter()
        second = Server(follows=server)
        report.line(what="a base backup and a start", seconds=round(time.perf_counter() - started, 1))
        try:
            first.write(set_reports_server, f"127.0.0.1:{second.port}")
            first.close()
            office = open_office(server.url(), actor=administrator("ada", "Ada", "DESK-1"), check=False)
            ended = threading.Event()
            others = [threading.Thread(target=work, args=(server.url(), n, ended)) for n in range(given.writers)]
            for other in others:
                other.start()
            try:
                behind(server, second)
                for deeds in (True, False):
                    ask(office, server.url(), given.seconds / 2, deeds)
            finally:
                ended.set()
                for other in others:
                    other.join()
            second.kill()
            report.line(what="the replica was killed", answered=count(office) is not None)
            second.start()
            server.kill()
            promote(second)
        finally:
            second.stop()
        office.close()


def work(url: str, number: int, ended: threading.Event) -> None:
    """Another workstation, which works on."""
    office = Office(open_engine(url), administrator(f"w{number}", f"W {number}", f"DESK-{number}"))
    while not ended.is_set():
        office.write(receive_item, "", Details(carrier="Hand delivery"))
        time.sleep(0.02)
    office.close()


def behind(server: Server, second: Server) -> None:
    """How long the replica takes until it has replayed what the server has just committed."""
    here, there = open_engine(server.url()), open_engine(second.url())
    times = []
    with there.connect() as behind_it:
        for _ in range(50):
            with here.begin() as connection:
                connection.execute(text("SELECT txid_current()"))
            with here.connect() as connection:
                place = connection.scalar(text("SELECT pg_current_wal_insert_lsn()::text"))
            started = time.perf_counter()
            wanted = text("SELECT pg_last_wal_replay_lsn() >= CAST(:place AS pg_lsn)")
            while not behind_it.scalar(wanted, {"place": place}):
                time.sleep(0.001)
            times.append((time.perf_counter() - started) * 1000)
    times.sort()
    report.line(what="behind", median_ms=round(statistics.median(times), 1), worst_ms=round(times[-1], 1))
    here.dispose()
    there.dispose()


def count(office: Office) -> Any:
    """A report: how much mail came."""
    today = clock().date()
    return office.read(answers, MailFilter(received_from=today - timedelta(days=90), received_to=today))


def ask(office: Office, url: str, seconds: float, deeds: bool) -> None:
    """Ask a report for so long, with or without a deed before each; look that no answer lacks that deed."""
    replica = office.replica
    assert isinstance(replica, Replica)
    by_replica, times, lacking = 0, [], 0
    plain = Office(open_engine(url), office.actor)
    at_server = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        if deeds:
            office.write(receive_item, "", Details(carrier="Hand delivery"))
            before = own(plain)
        asked = replica.ask(office._prepare, own_here)
        by_replica += asked is not None
        if deeds and asked is not None and asked[0] < before:
            lacking += 1
        started = time.perf_counter()
        count(office)
        times.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        count(plain)
        at_server.append((time.perf_counter() - started) * 1000)
    report.line(
        what="with a deed before each question" if deeds else "without a deed", asked=len(times),
        share_by_replica=round(by_replica / max(1, len(times)), 2), median_ms=round(statistics.median(times), 1),
        median_ms_at_the_server=round(statistics.median(at_server), 1), answers_that_lack_a_deed=lacking,
        met=not lacking,
    )  # fmt: skip
    plain.close()


def own_here(session: Any) -> int:
    """How many deeds of this office there are, as the session's server knows it."""
    return int(session.scalar(text("SELECT count(*) FROM audit_entry WHERE actor = 'ada'")))


def own(office: Office) -> int:
    """The same at the office's own server."""
    with office.engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM audit_entry WHERE actor = 'ada'")))


def promote(second: Server) -> None:
    """The replica becomes the server, as after a loss of the first."""
    started = time.perf_counter()
    engine = open_engine(second.url())
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_promote(true, 30)"))
    engine.dispose()
    office = Office(open_engine(second.url()), administrator("ada", "Ada", "DESK-1"))
    said = office.write(receive_item, "", Details(carrier="Hand delivery")).said
    report.line(what="promoted", seconds=round(time.perf_counter() - started, 1), then=said)
    office.close()


if __name__ == "__main__":
    main()
