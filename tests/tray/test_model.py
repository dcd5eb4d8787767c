"""Any day, against a model: deeds, cuts, mending, and a program that is ended and begun again in between.

The model knows four states and no database: what it lets through must be in the database once and in its order, what it
does not let through must lie in the review, and nothing else is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cbo_desk import tray
from cbo_desk.errors import Refusal
from cbo_desk.mail import Details, Taken, deliver_items, receive_item, shelve_items
from tests.tray.conftest import desk, leave, server, sit_down, until, wire

__all__ = ["desk", "server", "wire"]

ALLOWED = {"receive": {""}, "shelve": {"received", "shelved"}, "deliver": {"received", "shelved"}}
LEADS = {"receive": "received", "shelve": "shelved", "deliver": "delivered"}
STEPS = st.lists(
    st.one_of(
        st.sampled_from([(what, 0) for what in ("receive", "receive", "cut", "mend", "bring", "begin_again", "look")]),
        st.tuples(st.sampled_from(["shelve", "deliver", "shelve"]), st.integers(0, 5)),
    ),
    min_size=4,
    max_size=25,
)


class Day:
    """One day at one workstation, with the model beside it."""

    def __init__(self, desk: SimpleNamespace) -> None:
        self.desk = desk
        self.items: list[tuple[str, int]] = []
        self.state: dict[str, str] = defaultdict(str)
        self.happened: dict[str, list[str]] = defaultdict(list)
        self.queued: list[tuple[str, str]] = []
        self.refused: list[tuple[str, str]] = []

    def step(self, what: str, which: int) -> None:
        """One step of the day."""
        deeds: dict[str, tuple[Callable[..., Any], Callable[[int], tuple[Any, ...]]]] = {
            "shelve": (shelve_items, lambda ident: ([ident], self.desk.room.places["H-01"])),
            "deliver": (deliver_items, lambda ident: ([ident], Taken("Somebody"))),
        }
        if what == "receive":
            marker = uuid4().hex
            made = self.order(what, marker, receive_item, "", Details(carrier="Hand delivery", notes=marker))
            self.items.append((marker, made.ids[0]))
        elif what in deeds and self.items:
            marker, ident = self.items[which % len(self.items)]
            command, arguments = deeds[what]
            self.order(what, marker, command, *arguments(ident))
        elif what == "cut":
            self.desk.wire.cut()
        elif what in ("mend", "look"):
            self.mend()
            if what == "look":
                self.desk.tray.look()
        elif what == "bring":
            self.bring()
        elif what == "begin_again":
            leave(self.desk.office)
            self.desk.wire.mend()
            self.desk.office = sit_down(self.desk.url, self.desk.folder)
            self.desk.tray = self.desk.office.tray

    def order(self, what: str, marker: str, command: Callable[..., Any], *args: Any) -> Any:
        """Order a deed, and let the model follow what was answered."""
        try:
            made = self.desk.office.write(command, *args)
        except Refusal:
            # Nothing that waits may change the answer: what waits is known to the picture.
            ahead = self.foresee()
            assert ahead[marker] not in ALLOWED[what], f"{what} was refused, and the model allows it"
            return None
        if isinstance(made, tray.KeptHere):
            self.queued.append((what, marker))
        else:
            assert not self.queued, "nothing may overtake what waits"
            assert self.follow(what, marker), f"{what} was done, and the model refuses it"
        return made

    def foresee(self) -> dict[str, str]:
        """How things stand once what waits was taken."""
        state = dict(self.state)
        for what, marker in self.queued:
            if state.get(marker, "") in ALLOWED[what]:
                state[marker] = LEADS[what]
        return defaultdict(str, state)

    def follow(self, what: str, marker: str) -> bool:
        """Let the model do a deed; False where it does not let it through."""
        if self.state[marker] not in ALLOWED[what]:
            return False
        self.state[marker] = LEADS[what]
        self.happened[marker].append(what)
        return True

    def mend(self) -> None:
        """Put the plug in again."""
        self.desk.wire.mend()
        until(lambda: not self.desk.office.link.away)

    def bring(self) -> None:
        """Bring everything that waits."""
        self.mend()
        went = tray.take_waiting(self.desk.tray, 1000)
        assert not went.stopped
        before = len(self.refused)
        for what, marker in self.queued:
            if not self.follow(what, marker):
                self.refused.append((what, marker))
        assert (went.refused, len(went.ended)) == (len(self.refused) - before, len(self.queued) - went.refused)
        self.queued.clear()
        self.judge()

    def judge(self) -> None:
        """The database holds what the model holds, once and in its order; the review holds the rest."""
        assert len(tray.review(self.desk.tray)) == len(self.refused)
        wanted = text(
            "SELECT i.notes, e.what FROM mail_item i JOIN mail_event e ON e.item_id = i.id "
            "WHERE i.notes = ANY(:markers) ORDER BY e.id"
        )
        there: dict[str, list[str]] = defaultdict(list)
        with self.desk.server.engine.connect() as connection:
            for marker, what in connection.execute(wanted, {"markers": [marker for marker, _ in self.items]}):
                there[marker].append(what)
        assert there == self.happened


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_day(desk: SimpleNamespace, steps: list[tuple[str, int]]) -> None:
    assert tray.review(desk.tray) == []
    day = Day(desk)
    for what, which in steps:
        day.step(what, which)
    day.bring()
    for row in tray.review(desk.tray):
        tray.drop_kept(desk.tray, row.n, "The next day begins with an empty tray")
