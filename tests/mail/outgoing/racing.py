"""Two workstations, each a process of its own, that give an order of the mail desk at one instant, round by round."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from cbo_desk.errors import Refusal
from cbo_desk.mail import outgoing, pouch
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from db.base import table_of
from db.engine import open_engine
from db.mail_pouch import MailBagLine

ROOT = Path(__file__).resolve().parents[3]
WAIT_S = 30
GATE = multiprocessing.get_context("fork").Barrier(2, timeout=WAIT_S)

Order = tuple[Any, ...]
"""The name of a deed and what it is given."""


def weigh_then_put_in(office: Office, bag_id: int, item: Sequence[Any]) -> None:
    """What a careless program does: weigh the bag, and put something in though another may have done so since."""
    lines = table_of(MailBagLine)
    ident, number, weight_g = item
    with office.engine.connect() as connection:
        inside = connection.scalar(select(func.sum(lines.c.weight_g)).where(lines.c.bag_id == bag_id)) or 0
    GATE.wait()
    if inside + weight_g <= 30_000:
        with office.engine.execution_options(writes=True).begin() as connection:
            values = {"bag_id": bag_id, "outgoing_id": ident, "reference": number, "weight_g": weight_g, "found": ""}
            connection.execute(insert(lines).values(values))


DEEDS: dict[str, Callable[..., Any]] = {
    "list": lambda office, *args: office.write(outgoing.list_items, *args),
    "close": lambda office, *args: office.write(outgoing.close_manifest, *args),
    "pack": lambda office, *args: office.write(pouch.pack, *args),
    "certify": lambda office, *args: office.write(pouch.certify, *args),
    "dispatch": lambda office, *args: office.write(pouch.dispatch, *args),
    "careless": weigh_then_put_in,
}


def run(url: str, number: int, orders: Sequence[Order]) -> list[str]:
    """Give the orders of one workstation, each when the other stands ready too; what each was told, "" for done."""
    engine = open_engine(url)
    office = Office(engine, administrator(f"clerk{number}", "Clerk", f"DESK-{number}"))
    told = []
    for name, *args in orders:
        GATE.wait()
        try:
            DEEDS[name](office, *args)
            told.append("")
        except (Refusal, DBAPIError) as error:
            told.append(str(error))
    engine.dispose()
    return told


def race(office: Any, rounds: Sequence[tuple[Order, Order]]) -> list[tuple[str, str]]:
    """Let two processes give the two orders of each round at once; what both were told, round by round."""
    url = office.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", f"from {__name__} import main; main()", url]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(rounds).encode(), stdout=subprocess.PIPE, check=True)
    one, other = json.loads(done.stdout)
    return list(zip(one, other, strict=True))


def main() -> None:
    """Race over the database of the command line with the rounds of the standard input."""
    rounds = json.load(sys.stdin)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        orders = [(sys.argv[1], number, [both[number] for both in rounds]) for number in (0, 1)]
        told = pool.starmap(run, orders, chunksize=1)
    sys.stdout.write(json.dumps(told))
