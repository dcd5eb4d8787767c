"""The tree of places against a dictionary: whatever is added, moved, renamed, removed and taken back, both agree."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from cbo_desk import holdings, places
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.places import INSIDE, PlaceForm
from cbo_desk.places.figures import ASSET
from db.engine import open_engine
from db.places import KINDS, Place
from tests.rows import undo


class Tree(RuleBasedStateMachine):
    """Places by id: (code, kind, parent), with made-up assets standing in some."""

    template: Path
    known = Bundle("known")

    def __init__(self):
        super().__init__()
        self.folder = tempfile.mkdtemp()
        shutil.copyfile(self.template, f"{self.folder}/t.db")
        self.engine = open_engine(f"sqlite:///{self.folder}/t.db")
        # Speed only: nothing here is about surviving a power cut.
        event.listen(self.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        self.office = Office(self.engine, administrator("ada", "Ada"))
        self.places = {}
        self.stands = {}
        self.made = 0
        self.registered = dict(holdings._holdings)
        holdings.register(holdings.Holding(places.PLACE, ASSET, "asset", "assets", self.count))

    def count(self, session, records):
        wanted = set(session.scalars(records))
        return {ident: number for ident, number in self.stands.items() if ident in wanted}

    def teardown(self):
        holdings._holdings.clear()
        holdings._holdings.update(self.registered)
        self.engine.dispose()
        shutil.rmtree(self.folder)

    def above(self, ident):
        """The ids from a place to the top, itself included: the brute force that paths are held against."""
        way = []
        while ident is not None:
            way.append(ident)
            ident = self.places[ident][2]
        return way

    def allowed(self, kind, parent):
        inside = INSIDE[kind]
        return not inside if parent is None else self.places[parent][1] in inside

    @initialize(target=known)
    def start(self):
        return multiple(*(self.put(kind, parent) for kind, parent in (("site", None), ("site", None))))

    def put(self, kind, parent):
        self.made += 1
        code = f"P{self.made}"
        ident = self.office.write(places.add_place, PlaceForm(code, kind), parent).ids[0]
        assert ident not in self.places
        self.places[ident] = (code, kind, parent)
        return ident

    @rule(target=known, kind=st.sampled_from(KINDS), parent=known, assets=st.integers(0, 3))
    def add(self, kind, parent, assets):
        if parent not in self.places or not self.allowed(kind, parent):
            self.made += 1
            with pytest.raises(Refusal):
                self.office.write(places.add_place, PlaceForm(f"P{self.made}", kind), parent)
            return multiple()
        ident = self.put(kind, parent)
        if assets:
            self.stands[ident] = assets
        return ident

    @rule(what=known, into=known, back=st.booleans())
    def move(self, what, into, back):
        if what not in self.places:
            return
        code, kind, parent = self.places[what]
        version = self.office.read(places.place_card, what).version
        fine = into in self.places and into != parent and what not in self.above(into) and self.allowed(kind, into)
        if not fine:
            with pytest.raises(Refusal):
                self.office.write(places.move_place, what, into, version)
            return
        done = self.office.write(places.move_place, what, into, version)
        if back:
            undo(self.office, done)
        else:
            self.places[what] = (code, kind, into)

    @rule(what=known, back=st.booleans())
    def rename(self, what, back):
        if what not in self.places:
            return
        _code, kind, parent = self.places[what]
        self.made += 1
        version = self.office.read(places.place_card, what).version
        done = self.office.write(places.edit_place, what, PlaceForm(f"P{self.made}", kind), version)
        if back:
            undo(self.office, done)
        else:
            self.places[what] = (f"P{self.made}", kind, parent)

    @rule(what=known, back=st.booleans())
    def remove(self, what, back):
        if what not in self.places:
            return
        version = self.office.read(places.place_card, what).version
        if self.stands.get(what) or any(parent == what for _code, _kind, parent in self.places.values()):
            with pytest.raises(Refusal, match="it still has"):
                self.office.write(places.remove_place, what, version)
            return
        done = self.office.write(places.remove_place, what, version)
        if back:
            undo(self.office, done)
        else:
            del self.places[what]

    @invariant()
    def paths_are_the_ways_up(self):
        with Session(self.engine) as session:
            rows = session.execute(select(Place.id, Place.code, Place.place_kind, Place.parent_id, Place.path)).all()
        assert {row.id: (row.code, row.place_kind, row.parent_id) for row in rows} == self.places
        for row in rows:
            assert row.path == "/" + "".join(f"{ident}/" for ident in reversed(self.above(row.id)))

    @invariant()
    def what_is_rolled_up_is_what_is_below(self):
        brute = dict.fromkeys(self.places, 0)
        for ident, number in self.stands.items():
            if ident in self.places:
                for above in self.above(ident):
                    brute[above] += number
        figures = self.office.read(places.counts_by_place)
        assert {figure.id: figure.assets for figure in figures} == brute
        nodes = self.office.read(places.place_children)
        assert {node.id: node.assets for node in nodes} == {
            ident: brute[ident] for ident, place in self.places.items() if place[2] is None
        }


def test_the_tree_agrees_with_a_dictionary(sqlite_template):
    Tree.template = sqlite_template
    run_state_machine_as_test(
        Tree,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            # A failure is told as it was met: making it shorter takes minutes.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
