"""However deeds follow one another, an item stands where its events add up to, and impossible deeds leave no trace."""

from __future__ import annotations

import shutil

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from cbo_desk.errors import Refusal
from cbo_desk.mail import (
    State,
    Taken,
    deliver_items,
    dispose_items,
    find_items,
    forward_items,
    hold_items,
    lose_items,
    override_state,
    receive_item,
    refuse_items,
    return_items,
    shelve_items,
)
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from db.engine import open_engine
from tests.conftest import Clock
from tests.mail.codes import s10
from tests.mail.conftest import fill
from tests.writing import insert

# Where each deed may begin and where it ends, written down a second time from the design page alone.
ROOM = {"received", "shelved", "held"}
DEEDS = {
    "shelve": (ROOM | {"refused"}, "shelved"),
    "hold": (ROOM, "held"),
    "refuse": (ROOM, "refused"),
    "return": (ROOM | {"refused"}, "returned"),
    "forward": (ROOM, "forwarded"),
    "lose": (ROOM | {"refused"}, "lost"),
    "find": ({"lost"}, "received"),
    "dispose": (ROOM | {"refused", "lost"}, "disposed"),
    "deliver": (ROOM, "delivered"),
}
SIGNED = Taken("Amina", strokes=(((0.0, 0.0, 0.0), (1.0, 1.0, 9.0)),))


class Mailroom(RuleBasedStateMachine):
    """A mailroom and what a careful clerk would have in mind of it: (state, shelf) by item, and what can be undone."""

    template = None
    folder = None

    @initialize()
    def open(self):
        path = self.folder / "model.db"
        shutil.copyfile(self.template, path)
        self.engine = open_engine(f"sqlite:///{path}")
        self.office = Office(self.engine, administrator("ada", "Ada", "X"), Clock())
        self.places = insert(self.office, fill).places
        self.stand = {}
        self.accountable = {}
        self.undo = None
        for number in range(3):
            self.receive(number)

    def teardown(self):
        if hasattr(self, "engine"):
            self.engine.dispose()

    def receive(self, number):
        code = s10(1000 + number) if number % 2 else ""
        ident = self.office.write(receive_item, code).ids[0]
        self.stand[ident] = ("received", "")
        self.accountable[ident] = bool(code)

    @rule(
        which=st.integers(0, 2), deed=st.sampled_from(sorted(DEEDS)), shelf=st.sampled_from(["H-01", "R-02"]),
        proof=st.sampled_from(["name", "signature"]),
    )  # fmt: skip
    def do(self, which, deed, shelf, proof):
        ident = sorted(self.stand)[which]
        state, on = self.stand[ident]
        begins, ends = DEEDS[deed]
        allowed = state in begins and not (deed == "deliver" and proof == "name" and self.accountable[ident])
        taken = SIGNED if proof == "signature" else Taken("Amina")
        orders = {
            "shelve": (shelve_items, (self.places[shelf],)), "hold": (hold_items, (self.places[shelf],)),
            "refuse": (refuse_items, ("x",)), "return": (return_items, ("x",)), "forward": (forward_items, ("A", "x")),
            "lose": (lose_items, ("x",)), "find": (find_items, ()), "dispose": (dispose_items, ("x",)),
            "deliver": (deliver_items, (taken,)),
        }  # fmt: skip
        command, args = orders[deed]
        try:
            done = self.office.write(command, [ident], *args)
        except Refusal:
            assert not allowed
            return
        assert allowed
        if deed == "shelve" and state == "refused":
            ends = "refused"
        kept = shelf if deed in ("shelve", "hold") else on if deed == "refuse" else ""
        self.undo = (done.undo, ident, (state, on)) if done.undo else None
        self.stand[ident] = (ends, kept)

    @rule(which=st.integers(0, 2), state=st.sampled_from(["held", "delivered", "lost", "received"]))
    def override(self, which, state):
        ident = sorted(self.stand)[which]
        self.office.write(override_state, ident, State(state), "the model says so")
        self.stand[ident] = (state, "")
        self.undo = None

    @rule()
    def take_back(self):
        if self.undo is not None:
            deed, ident, before = self.undo
            self.office.write(deed.command, *deed.args)
            self.stand[ident] = before
            self.undo = None

    @invariant()
    def items_stand_where_their_events_say(self):
        if not hasattr(self, "office"):
            return
        with self.engine.connect() as connection:
            items = connection.execute(text("SELECT id, state, shelf_code, holder, last_event_id FROM mail_item")).all()
            events = connection.execute(
                text("SELECT item_id, id, before, state, shelf_code, to_hand FROM mail_event ORDER BY id")
            ).all()
        added = {}
        for event in events:
            stood = added.get(event.item_id, ("new",))[0]
            assert event.before == stood
            added[event.item_id] = (event.state, event.shelf_code, event.to_hand, event.id)
        assert {item.id: tuple(item)[1:] for item in items} == added
        assert {item.id: (item.state, item.shelf_code) for item in items} == self.stand


def test_items_follow_their_events(sqlite_template, tmp_path):
    Mailroom.template, Mailroom.folder = sqlite_template, tmp_path
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Mailroom,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
