"""Adding, changing, moving and removing places, each taken back whole, on both engines."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cbo_desk import after, audit, holdings, people, places
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Actor, Role, deed
from cbo_desk.places import PlaceForm
from cbo_desk.places.figures import ASSET
from tests.rows import check_undo, rows_of, undo


@deed("places.plant_tree", "plant a tree")
def plant_tree(session):
    """A small compound in one transaction."""
    ids = {}
    for code, kind, above, name in (
        ("UNON", "site", None, "Gigiri"),
        ("M", "building", "UNON", "Mara Wing"),
        ("N", "building", "UNON", "Nairobi Wing"),
        ("M-2", "floor", "M", "2"),
        ("M-214", "room", "M-2", ""),
        ("C-204", "room", "M-2", "Registry"),
    ):
        ids[code] = places.add_place(session, PlaceForm(code, kind, name), ids.get(above)).ids[0]
    return Changes(places.PLACE, tuple(ids.values()), "Planted.")


@pytest.fixture
def tree(office):
    """The ids of a small compound by code."""
    return dict(zip(("UNON", "M", "N", "M-2", "M-214", "C-204"), office.write(plant_tree).ids, strict=True))


@pytest.fixture
def holding():
    """Three assets said to stand in one place, as the property desk will say it."""
    before = dict(holdings._holdings)
    stands: dict[int, int] = {}

    def count(session, records):
        wanted = set(session.scalars(records))
        return {ident: number for ident, number in stands.items() if ident in wanted}

    holdings.register(holdings.Holding(places.PLACE, ASSET, "asset", "assets", count))
    yield stands
    holdings._holdings.clear()
    holdings._holdings.update(before)


def card(office, ident):
    return office.read(places.place_card, ident)


def found(office, words):
    return [line.row.code for line in office.read(places.PlaceList(words).first)]


def test_a_place_knows_where_it_is(office, tree):
    found = card(office, tree["M-214"])
    assert found.where == "Mara Wing, floor 2, room M-214"
    assert [code for _id, code in found.way] == ["UNON", "M", "M-2", "M-214"]
    assert office.read(places.way_to, tree["M-214"]) == tuple(ident for ident, _code in found.way)


def test_adding_is_taken_back(office, tree):
    check_undo(office, places.add_place, PlaceForm("C-205", "room", "Archive", 12.5), tree["M-2"])


def test_changing_is_taken_back(office, tree):
    check_undo(office, places.edit_place, tree["M"], PlaceForm("BM", "building", "Building M", 900), 1)


def test_moving_is_taken_back(office, tree):
    check_undo(office, places.move_place, tree["M-2"], tree["N"], 1)


def test_removing_is_taken_back_under_the_same_id_with_its_history(office, tree):
    done = check_undo(office, places.remove_place, tree["C-204"], 1)
    undo(office, done)
    said = [line.said for line in card(office, tree["C-204"]).history]
    assert said[-1] == "Planted."
    assert "C-204 was removed." in said


def test_an_id_is_never_given_out_twice(office, tree):
    """The audit names places by id: a new place must not inherit the history of a removed one."""
    newest = office.write(places.add_place, PlaceForm("C-299", "room"), tree["M-2"]).ids[0]
    office.write(places.remove_place, newest, 1)
    assert office.write(places.add_place, PlaceForm("C-300", "room"), tree["M-2"]).ids[0] > newest


def test_moving_takes_all_below_along_and_search_knows(office, tree):
    done = office.write(places.move_place, tree["M-2"], tree["N"], 1)
    assert set(done.ids) == {tree[code] for code in ("M-2", "M-214", "C-204")}
    assert card(office, tree["M-214"]).where == "Nairobi Wing, floor 2, room M-214"
    assert found(office, "nairobi wing 214") == ["M-214"]
    assert found(office, "mara wing 214") == []
    assert office.read(places.crooked_paths) == []


def test_a_new_name_is_found_on_all_below(office, tree):
    office.write(places.edit_place, tree["M"], PlaceForm("M", "building", "Karura Wing"), 1)
    assert found(office, "karura") == ["C-204", "M", "M-2", "M-214"]


def test_a_place_cannot_move_into_itself_or_below(office, tree):
    before = rows_of(office)
    for target in ("M", "M-2", "C-204"):
        with pytest.raises(Refusal, match="M"):
            office.write(places.move_place, tree["M"], tree[target], 1)
    assert rows_of(office) == before


def test_kinds_are_held_on_adding_moving_and_changing(office, tree):
    with pytest.raises(Refusal, match="A room cannot be in a site"):
        office.write(places.add_place, PlaceForm("X", "room"), tree["UNON"])
    with pytest.raises(Refusal, match="say which site"):
        office.write(places.add_place, PlaceForm("X", "building"))
    with pytest.raises(Refusal, match="A floor cannot be in a site"):
        office.write(places.edit_place, tree["M"], PlaceForm("M", "floor"), 1)
    with pytest.raises(Refusal, match="A floor cannot be in a yard"):
        office.write(places.edit_place, tree["M"], PlaceForm("M", "yard"), 1)
    with pytest.raises(Refusal, match="already has the code M"):
        office.write(places.add_place, PlaceForm("m", "building"), tree["UNON"])


def test_a_place_with_something_in_it_stays(office, tree, holding):
    with pytest.raises(Refusal, match="M-2 cannot be removed: it still has 2 places inside it"):
        office.write(places.remove_place, tree["M-2"], 1)
    holding[tree["C-204"]] = 3
    entity = office.write(people.add_entity, people.EntityForm("UNEP", "Environment")).ids[0]
    form = people.PersonForm("Lindqvist", "Elsa", entity, place_id=tree["C-204"])
    office.write(people.add_person, form)
    with pytest.raises(Refusal, match="C-204 cannot be removed: it still has 1 person and 3 assets"):
        office.write(places.remove_place, tree["C-204"], 1)
    held = {kind: number for kind, number in card(office, tree["M"]).holds.items() if number}
    assert held == {ASSET: 3, people.PERSON: 1}


def test_what_stands_below_is_rolled_up(office, tree, holding):
    holding |= {tree["C-204"]: 3, tree["M-214"]: 2, tree["N"]: 5}
    site = office.read(places.place_children)
    assert [(node.code, node.assets, node.children) for node in site] == [("UNON", 10, 2)]
    inside = office.read(places.place_children, tree["UNON"])
    assert [(node.code, node.assets) for node in inside] == [("M", 5), ("N", 5)]
    figures = {figure.code: figure.assets for figure in office.read(places.counts_by_place, tree["M"])}
    assert figures == {"M": 5, "M-2": 5, "M-214": 2, "C-204": 3}


def test_who_was_slower_hears_who_changed_what(office, tree):
    other = office.signed_in(Actor("ben", "Ben", {"places": Role.CLERK}))
    other.write(places.edit_place, tree["C-204"], PlaceForm("C-205", "room", "Registry", 12), 1)
    with pytest.raises(Refusal, match="ben changed C-205 in the meantime: the code from C-204 to C-205; the area"):
        office.write(places.edit_place, tree["C-204"], PlaceForm("C-204", "room", "Archive"), 1)
    assert card(office, tree["C-204"]).form == PlaceForm("C-205", "room", "Registry", 12.0)


def test_an_undo_that_comes_too_late_takes_nothing_of_others_back(office, tree):
    mine = office.write(places.edit_place, tree["M"], PlaceForm("M", "building", "Mine"), 1)
    office.write(places.edit_place, tree["M"], PlaceForm("M", "building", "Theirs"), 2)
    with pytest.raises(Refusal, match="in the meantime"):
        undo(office, mine)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (None, set()),
        (Role.VIEWER, set()),
        (Role.CLERK, {"add_place", "edit_place", "move_place"}),
        (Role.SUPERVISOR, {"add_place", "edit_place", "move_place", "remove_place", "put_back_place"}),
    ],
)
def test_who_may_do_what(office, tree, role, may):
    """The whole desk against every role: only what is named is let through."""
    desk = office.signed_in(Actor("ben", "Ben", {"places": role} if role else {}))
    deeds = {
        "add_place": (PlaceForm("Z", "room"), tree["M-2"]),
        "edit_place": (tree["N"], PlaceForm("N", "building", "New"), 1),
        "move_place": (tree["M-214"], tree["M"], 1),
        "remove_place": (tree["C-204"], 1),
        "put_back_place": (999, PlaceForm("Y", "room"), tree["M-2"], 7),
    }
    for name, args in deeds.items():
        before = rows_of(office)
        if name in may:
            desk.write(getattr(places, name), *args)
            continue
        with pytest.raises(Refusal, match="You may not .* places"):
            desk.write(getattr(places, name), *args)
        assert rows_of(office) == before


def test_every_deed_is_audited_with_before_and_after(office, tree):
    office.write(places.edit_place, tree["C-204"], PlaceForm("C-205", "room", "Registry"), 1)
    newest = card(office, tree["C-204"]).history[0]
    assert newest.command == "places.edit_place"
    assert newest.actor == "ada"
    assert newest.differences["code"] == ["C-204", "C-205"]
    assert office.read(audit.verify).bad_seq is None


def test_what_follows_runs_in_the_deeds_own_transaction(office, tree):
    met = []

    @after.after_adding(places.PLACE)
    def follow(session, ids):
        met.append((session.scalar(text("SELECT count(*) FROM place")), tuple(ids)))
        if len(met) == 2:
            raise Refusal("No tags left.")
        return {"tags.tag": (41,)}

    try:
        done = office.write(places.add_place, PlaceForm("A", "building"), tree["UNON"])
        assert done.also == {"tags.tag": (41,)}
        assert met == [(7, done.ids)]
        with pytest.raises(Refusal, match="No tags left"):
            office.write(places.add_place, PlaceForm("B", "building"), tree["UNON"])
        assert office.read(places.place_by_code, "B") is None
    finally:
        del after._followers["added", places.PLACE][_name(follow)]


def _name(follower):
    return f"{follower.__module__}.{follower.__qualname__}"


def test_followers_run_in_the_order_of_their_names(office):
    met = []

    def make(name):
        def follower(session, ids):
            met.append(name)
            return {"x": (1, 2), name: (3,)}

        follower.__qualname__ = name
        return after.after_renaming("test.kind")(follower)

    try:
        for name in ("zebra", "ant", "mule"):
            make(name)
        with office._session(office.engine) as session:
            assert after.renamed(session, "test.kind", [1]) == {"ant": (3,), "x": (1, 2), "mule": (3,), "zebra": (3,)}
            assert after.renamed(session, "test.kind", []) == {}
        assert met == ["ant", "mule", "zebra"]
    finally:
        del after._followers["renamed", "test.kind"]


def _put_into(engine, inner, outer):
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            text("UPDATE place SET parent_id = :outer WHERE id = :inner"), {"outer": outer, "inner": inner}
        )


def test_the_database_itself_refuses_a_circle(office, tree):
    for outer in ("M-2", "C-204", "M"):
        with pytest.raises(IntegrityError):
            _put_into(office.engine, tree["M"], tree[outer])
    # The negative control: without the trigger the same statement goes through.
    table = " ON place" if office.engine.dialect.name == "postgresql" else ""
    with office.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text(f"DROP TRIGGER tr_place_no_cycle{table}"))
    _put_into(office.engine, tree["M"], tree["C-204"])
    assert office.read(places.crooked_paths) != []


def test_two_moves_at_once_make_no_circle(office, tree):
    """M into N's yard and N's yard into M at the same moment: the paths stay right."""
    a = office.write(places.add_place, PlaceForm("Y", "yard"), tree["UNON"]).ids[0]
    b = office.write(places.add_place, PlaceForm("B1", "bay"), a).ids[0]
    s = office.write(places.add_place, PlaceForm("S1", "store"), a).ids[0]
    office.write(places.add_place, PlaceForm("H1", "shelf"), s)
    for _round in range(6):
        versions = {ident: card(office, ident).version for ident in (b, s)}
        outcomes = []

        def move(what, into, versions=versions, outcomes=outcomes):
            try:
                outcomes.append(office.write(places.move_place, what, into, versions[what]).undo)
            except Refusal as refusal:
                outcomes.append(str(refusal))

        threads = [threading.Thread(target=move, args=pair) for pair in ((b, s), (s, tree["N"]))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert office.read(places.crooked_paths) == []
        for ident in (b, s):
            where = card(office, ident)
            if where.parent_id != a:
                office.write(places.move_place, ident, a, where.version)
        assert office.read(places.crooked_paths) == []


def test_codes_are_found_however_they_are_typed(office, tree):
    assert office.read(places.place_by_code, " c–204 ").id == tree["C-204"]
    found = office.read(_by_code, ["c-204", "M-214", "nowhere"])
    assert {code: place.id for code, place in found.items()} == {"c-204": tree["C-204"], "M-214": tree["M-214"]}


def _by_code(session, codes):
    return places.places_by_code(session, codes)


_by_code.rule = places.place_by_code.rule


@pytest.mark.parametrize("typed", ["C-2O4", "c204", "C 204", "C-2o4", "C-205", "C2-04", "Regsitry", "registry"])
def test_a_slip_of_the_finger_is_understood(office, tree, typed):
    assert office.read(places.suggest_places, typed)[0].code == "C-204"


def test_a_suggestion_is_told_as_a_question(office, tree):
    assert office.read(places.no_such_place, "C-2O4") == "No place has the code C-2O4. Is it C-204?"
    assert office.read(places.no_such_place, "Z99-1") == (
        "No place has the code Z99-1. Add the place first, or correct the code."
    )


def test_suggestions_know_what_was_just_changed(office, tree):
    assert office.read(places.suggest_places, "dakar room") == []
    office.write(places.edit_place, tree["C-204"], PlaceForm("C-204", "room", "Dakar Room"), 1)
    assert office.read(places.suggest_places, "dakar room")[0].code == "C-204"


def test_lists_sort_filter_and_search(office, tree):
    codes = [line.row.code for line in office.read(places.PlaceList().first)]
    assert codes == sorted(tree)
    down = [line.row.code for line in office.read(places.PlaceList(sort="code", descending=True).first)]
    assert down == codes[::-1]
    rooms = places.PlaceList(kinds=("room",), within=tree["M"])
    assert [line.row.code for line in office.read(rooms.first)] == ["C-204", "M-214"]
    assert office.read(rooms.outline).total == 2
    assert [line.row.code for line in office.read(places.PlaceList("registry").first)] == ["C-204"]
    assert [line.row.kind for line in office.read(places.PlaceList(sort="kind").first)] == [
        "building",
        "building",
        "floor",
        "room",
        "room",
        "site",
    ]


def test_an_assets_place_code_follows_a_rename(office, tree):
    """The register repeats codes; the database itself keeps them true."""
    from db.property import Asset

    entity = office.write(people.add_entity, people.EntityForm("UNEP", "Environment")).ids[0]
    with office.engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            Asset.__table__.insert().values(
                entity_id=entity,
                entity_code="UNEP",
                inventory_no="1",
                description="Laptop",
                state="in_service",
                place_id=tree["C-204"],
                place_code="C-204",
                changed_at=office._now(),
            )
        )
    office.write(places.edit_place, tree["C-204"], PlaceForm("C-999", "room"), 1)
    office.write(people.edit_entity, entity, people.EntityForm("UN-EP", "Environment"), 1)
    with office.engine.connect() as connection:
        row = connection.execute(select(Asset.place_code, Asset.entity_code)).one()
    assert tuple(row) == ("C-999", "UN-EP")
    with pytest.raises(Refusal, match=r"still"):
        office.write(people.remove_entity, entity, 2)
