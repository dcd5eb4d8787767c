"""Outgoing mail by scanning: from a scan until the item is on its manifest, or in its bag, and read back to be shown.

Called by `python -m benchmarks.mail --outgoing 400`, in the mailroom with as many items of mail as `--items` says. The
garbage is collected as in the window: the young after each scan, the old in pauses; a look at all of it inside a scan
was a tenth of a second in one of a hundred scans, and no scan's own.
"""

from __future__ import annotations

import gc
import secrets
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from cbo_desk.context import clock
from cbo_desk.mail import outgoing, pouch
from cbo_desk.mail.outgoing import OUTGOING, Handed, RateForm
from cbo_desk.office import Office
from cbo_desk.people import EntityForm, add_entity
from cbo_desk.tags import resolve, tags_of

GOAL = {"median_ms": 20, "p99_ms": 40}
Tell = Callable[..., None]


def outgoing_scans(office: Office, count: int, tell: Tell, **more: object) -> None:
    """Scan so many items onto a manifest, and as many packages into a bag; `tell` prints what it took."""
    items, packages, sheet, bag = _counter(office, count)
    for what, ids, command, target, card in (
        ("scan to manifest and shown", items, _list, sheet, outgoing.manifest_card),
        ("scan to bag and shown", packages, _pack, bag, pouch.bag_card),
    ):
        taken, spent = _scan(office, ids, command, target, card)
        tell(what, taken, GOAL, spent, on_it=count, **more)


def _counter(office: Office, count: int) -> tuple[list[int], list[int], int, int]:
    # The file is kept between runs: each has an entity, a carrier and a destination of its own.
    own = f"B{secrets.token_hex(3).upper()}"
    entity = office.write(add_entity, EntityForm(own, "Benchmark")).ids[0]
    dhl = office.write(outgoing.set_carrier, f"Carrier {own}").ids[0]
    form = RateForm(dhl, "express", "europe", 2_000, date(2020, 1, 1), 4250, "USD", 0, 0, "benchmark")
    office.write(outgoing.set_rate, form)
    gva = office.write(pouch.add_destination, own, "Benchmark").ids[0]
    # A bag that holds them all: the benchmark is of the scan, not of the limit.
    office.write(pouch.set_pouch_limit, gva, Decimal(1000), clock().date(), "benchmark")
    said = Handed(entity, "Permanent Mission", "Switzerland", "", "express", 500, "correspondence", "letters")
    items = [office.write(outgoing.hand_in, said, dhl).ids[0] for _ in range(count)]
    packages = [office.write(outgoing.hand_in_for_pouch, gva, said).ids[0] for _ in range(count)]
    sheet = office.write(outgoing.open_manifest, dhl).ids[0]
    bag = office.write(pouch.open_bag, gva, clock() + timedelta(hours=4)).ids[0]
    return items, packages, sheet, bag


def _scan(
    office: Office,
    ids: list[int],
    order: Callable[[Office, int, int], object],
    target: int,
    card: Callable[..., object],
) -> tuple[list[float], list[float]]:
    codes = [line.code for line in office.read(tags_of, OUTGOING, ids)]
    taken, spent = [], []
    gc.collect()
    gc.disable()
    for code in codes:
        started, worked = time.perf_counter(), time.process_time()
        opened = office.read(resolve, code).opened
        assert opened is not None
        order(office, opened.record_id, target)
        office.read(card, target)
        gc.collect(0)
        taken.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - worked) * 1000)
    gc.enable()
    return taken, spent


def _list(office: Office, item: int, sheet: int) -> object:
    return office.write(outgoing.list_items, [item], sheet)


def _pack(office: Office, item: int, bag: int) -> object:
    return office.write(pouch.pack, bag, [item])
