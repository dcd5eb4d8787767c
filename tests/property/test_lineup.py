"""The register read from memory is the register read from the database, whatever was changed since and by whom."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cbo_desk import feed, lineup, lineups, number_columns
from cbo_desk.changes import Changes
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.people import PersonForm, edit_person
from cbo_desk.permissions import administrator
from cbo_desk.places import edit_place, place_card
from cbo_desk.property import (
    AssetFilter,
    AssetForm,
    AssetList,
    State,
    change_state,
    move_assets,
    receive_assets,
)
from cbo_desk.property.commands import enter_search
from cbo_desk.property.queries import KIND, SORTS
from cbo_desk.tags import Opened, note_scans
from db.property import Asset
from tests.conftest import MORNING
from tests.furnished import made_once
from tests.property.conftest import small_compound
from tests.writing import insert

COUNT = 2 * PAGE + 60
NAMES = ("Laptop, Dell", "laptop stand", "Chair, mesh", "Élan chair", "Desk", "日本 desk")


@pytest.fixture(autouse=True)
def short_is_long(monkeypatch):
    monkeypatch.setattr(lineups, "LONG", 1)
    monkeypatch.setattr(lineups, "PAUSE", 0.0)
    monkeypatch.setattr(lineup, "FEW", 9)
    monkeypatch.setattr(lineup, "AT_ONCE", 499)
    monkeypatch.setattr(lineup, "IN_ORDER", 53)  # stretches that begin and end among equal values
    monkeypatch.setattr("cbo_desk.lined_up.STRETCH", 64)
    monkeypatch.setattr("cbo_desk.lined_up.PROBES", 4)


@made_once
def furnish(office):
    """A small compound and some pages of assets, with gaps between their ids."""
    compound = small_compound(office)
    chance = random.Random(3)
    rooms = [("M-214", compound.places["M-214"]), ("S1", compound.places["S1"]), ("", None)]

    def fill(session):
        assets = []
        for n in range(COUNT):
            code, place = rooms[n * n % 3]
            name, person = (("Lindqvist, Erik", compound.erik), ("", None))[n % 2]
            assets.append(
                Asset(
                    id=3 * n + 5, entity_id=compound.wfp if n % 4 else compound.unep,
                    entity_code="WFP" if n % 4 else "UNEP", inventory_no=f"N-{chance.randrange(10**6)}-{n}",
                    description=chance.choice(NAMES), serial=f"S{chance.randrange(40)}",
                    cost_cents=chance.randrange(9) * 10_000, state=chance.choice(tuple(State)).value, place_id=place,
                    place_code=code, custodian_id=person, custodian_name=name,
                    acquired_on=date(2020, 1, 1) + timedelta(n) if n % 5 else None,
                    warranty_until=date(2090, 1, 1) + timedelta(n) if n % 3 else None,
                    changed_at=MORNING + timedelta(minutes=chance.randrange(50)),
                )
            )  # fmt: skip
        session.add_all(assets)
        session.flush()
        enter_search(session, assets)
        return [asset.id for asset in assets]

    return SimpleNamespace(compound=compound, register=insert(office, fill))


@pytest.fixture
def furnished(office):
    """See `furnish`."""
    return furnish(office)


@pytest.fixture
def compound(furnished):
    """The compound that the register is of."""
    return furnished.compound


@pytest.fixture
def register(furnished):
    """The assets' ids."""
    return furnished.register


def filters(compound):
    some_words = ["", "laptop", "chair", "desk lap", "elan", "de", "n-1", "zzz", "s1", "日本", "laptop de"]
    day = st.dates(date(2019, 12, 1), date(2021, 6, 1))
    return st.builds(
        AssetFilter,
        words=st.sampled_from(some_words),
        entities=st.sampled_from([(), (), ("UNEP",), ("WFP", "none")]),
        states=st.lists(st.sampled_from(list(State)), max_size=2).map(tuple),
        without_disposed=st.booleans(),
        place_path=st.sampled_from(["", "", compound.site, f"{compound.site}{compound.places['S1']}/", "/no/"]),
        custodian_id=st.sampled_from([None, None, compound.erik, 999_999]),
        cost_from=st.sampled_from([None, None, 20_000]),
        cost_to=st.sampled_from([None, 50_000]),
        acquired_from=st.none() | day,
        acquired_to=st.none() | day,
        warranty_to=st.sampled_from([None, None, date(2090, 6, 1)]),
        never_printed=st.booleans(),
    )


def prepare(office):
    """A lineup that is new: a deed under way in another test's database makes one on a server count as old at once."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        while office.read(AssetList().prepare):
            pass
        with Session(office.engine) as session:
            if not office.lineups.ready[KIND].is_old(session):
                return office.lineups.ready[KIND]
        time.sleep(0.05)
    raise TimeoutError("Another deed was under way for half a minute.")


def check(office, wanted, sort, descending, chance):
    """Everything that a window asks, from memory and from the database."""
    ours, plain = AssetList(wanted, sort, descending), AssetList(wanted, sort, descending)
    with Session(office.engine) as session:
        first, outline = plain.first(session), plain.outline(session)
        assert office.read(ours.first) == first, (wanted, sort, descending)
        assert office.read(ours.outline) == outline, (wanted, sort, descending)
        for start in outline.starts:
            assert office.read(ours.page, start, 90) == plain.page(session, start, 90)
        keys = [line.key for line in first]
        if keys:
            low, high = sorted(chance.choices(range(len(keys)), k=2))
            assert office.read(ours.between, keys[low], keys[high]) == high - low
            assert office.read(ours.page, keys[low], 7) == plain.page(session, keys[low], 7)
    return ours


def change(office, compound, ids, chance):
    """A day's work on a few assets."""
    there = compound.places["M-118"]
    with Session(office.engine) as session:
        of = sa.select(Asset.id).where(Asset.id.in_(chance.sample(ids, 60)), Asset.place_id != there)
        some = list(session.scalars(of.where(Asset.state == State.IN_SERVICE).order_by(Asset.id)))
    office.write(move_assets, some[:2], there)
    office.write(change_state, some[-1:], State.MISSING, "Not there")


def test_every_filter_in_every_order_as_the_database_says(office, compound, register):
    kept = prepare(office)
    chance = random.Random(5)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(wanted=filters(compound), sort=st.sampled_from(list(SORTS)), down=st.booleans())
    def holds(wanted, sort, down):
        ours = check(office, wanted, sort, down, chance)
        assert ours._lined[0] is kept  # it was memory that answered

    holds()
    for who in (office, Office(office.engine, administrator("b", "B"), clock=lambda: MORNING)):
        for _ in range(2):
            change(who, compound, register, chance)
        office.write(receive_assets, AssetForm(compound.wfp, f"N-{who.actor.login}", "Laptop, new", cost_cents=50_000))
    renamed = PersonForm("Aaltonen", "Erik", compound.unep)
    office.write(edit_person, compound.erik, renamed, 1)
    check(office, AssetFilter(custodian_id=compound.erik), "custodian", False, chance)
    card = office.read(place_card, compound.places["S1"])
    office.write(edit_place, card.id, replace(card.form, code="A1"), card.version)
    check(office, AssetFilter(), "place", False, chance)
    assert prepare(office) is not kept  # so much was told of since
    change(office, compound, register, chance)
    kept = office.lineups.ready[KIND]
    holds()


def test_what_is_under_way_while_a_lineup_is_made(office, compound, register):
    """A deed that commits only after the lineup was made, and one between two parts of its making."""
    begun = office.read(AssetList().prepare)
    assert begun
    in_use = AssetList(AssetFilter(states=(State.IN_STORE,)), "place", descending=True)
    office.write(move_assets, [office.read(in_use.first)[0].id], compound.places["M-118"])
    with Session(office.engine.execution_options(writes=True)) as session:
        session.info.update(actor=office.actor, now=MORNING, origin="elsewhere")
        taken = session.get_one(Asset, register[7])
        taken.cost_cents = 999_999
        feed.append(session, Changes(KIND, (taken.id,)))
        session.flush()
        if office.engine.dialect.name == "postgresql":
            prepare(office)
        session.commit()
    prepare(office)
    assert office.read(AssetList(sort="cost").first)[0].id == register[7]
    for sort in ("place", "cost"):
        check(office, AssetFilter(words="n-"), sort, True, random.Random(1))


def test_what_holds_a_broad_word_elsewhere_comes_with_the_outline(office, compound, register, monkeypatch):
    """The first page of a broad word is of those known at once to hold it: one that has it as its serial is not."""
    monkeypatch.setattr("cbo_desk.paging.PAGE", 50)
    monkeypatch.setattr("cbo_desk.lined_up.PAGE", 50)
    odd = sorted(register)[3]

    def dearest(session):
        asset = session.get_one(Asset, odd)
        asset.description, asset.serial, asset.cost_cents = "Desk", "laptop-7", 10**9
        asset.state, asset.changed_at = State.IN_SERVICE, MORNING + timedelta(days=1)
        enter_search(session, [asset])

    insert(office, dearest)
    prepare(office)
    for sort, words in (("cost", "lapt"), ("changed", "aptop")):  # each word is looked up for the first time
        ours, plain = (AssetList(AssetFilter(words=words), sort, descending=True) for _ in range(2))
        with Session(office.engine) as session:
            truth, outline = plain.first(session), plain.outline(session)
        assert [truth[0].id, len(truth)] == [odd, 50]
        first = office.read(ours.first)
        assert first[:49] == truth[1:]
        assert ours.provisional
        assert office.read(ours.outline) == outline
        assert office.read(ours.page, truth[0].key, 50) == truth
        assert office.read(ours.first, exact=True) == truth
        assert not ours.provisional


def test_a_deed_over_more_than_is_named_is_read_from_the_database(office, compound, register, monkeypatch):
    kept = prepare(office)
    insert(office, lambda session: feed.append(session, Changes(KIND, (), everything=True)))
    ours = check(office, AssetFilter(), "cost", True, random.Random(1))
    assert ours._lined is None
    assert prepare(office) is not kept  # made anew behind the work
    assert check(office, AssetFilter(), "cost", True, random.Random(1))._lined is not None


def test_custom_fields_are_left_to_the_database(office, compound, register):
    prepare(office)
    asked = AssetList(AssetFilter(custom=(("memory", "from", 8),)))
    assert office.read(asked.first) == []
    assert asked._lined is None


def test_the_control_a_change_that_is_not_told_is_missed(office, compound, register, monkeypatch):
    prepare(office)
    in_use = AssetList(AssetFilter(states=(State.IN_STORE,)), "place", descending=True)
    office.write(move_assets, [office.read(in_use.first)[0].id], compound.places["M-118"])
    check(office, AssetFilter(), "place", True, random.Random(1))
    monkeypatch.setattr(feed, "touched_since", lambda *_given: (0, frozenset()))
    with pytest.raises(AssertionError):
        check(office, AssetFilter(), "place", True, random.Random(1))


@given(st.lists(st.integers(-(10**15), 10**15) | st.integers(0, 99)))
def test_joined_numbers_are_told_apart(wanted):
    joined = ",".join(map(str, wanted))
    assert number_columns.array_of(joined).tolist() == wanted
    assert number_columns.array_of(joined.encode()).tolist() == wanted


def test_a_scan_that_is_noted_leaves_its_list_as_it_lies_in_memory(office, compound, register):
    prepare(office)
    listing = AssetList(sort="cost")
    office.read(listing.outline)
    kept = listing._lined
    office.write(note_scans, Opened(KIND, register[0], "N-1", ""))
    office.read(listing.first)
    assert kept is not None
    assert listing._lined is kept
    office.write(move_assets, [register[0]], compound.places["M-118"])
    office.read(listing.first)
    assert listing._lined is not kept
