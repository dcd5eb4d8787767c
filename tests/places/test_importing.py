"""Files of places: any order, circles refused at their rows, the same file twice changes nothing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbo_desk import people, places
from cbo_desk.errors import Refusal
from cbo_desk.imports import Rows
from cbo_desk.places.grafting import Node, circle_of, faults_of, from_the_top
from cbo_desk.places.importing import PLACES, import_places
from cbo_desk.tabular import Choices, check, check_in_batches, suggest_mapping
from tests.rows import rows_of

FILE = """Code;Name;Type;Parent;Area m2;Occupier
M-214;Registry;Room;M-2;12.5534;unep
M-2;;Floor;M;;
C-1;;Office;M-2;;
M;Block M;Block;UNON;;UNEP
UNON;Gigiri;Site;;;
"""


@pytest.fixture
def unep(office):
    return office.write(people.add_entity, people.EntityForm("UNEP", "Environment")).ids[0]


def preview(office, text, **choices):
    table = PLACES.open(text.encode())
    lookup = PLACES.lookup(office)
    mapping = suggest_mapping(table.names, PLACES.fields)
    return check(table, mapping, PLACES.fields, Choices(**choices), lookup, rules=lookup.rule)


def bring(office, text, **choices):
    found = preview(office, text, **choices)
    counts = (found.counts.create, found.counts.update, found.counts.unchanged, found.counts.refused)
    if found.counts.create or found.counts.update:
        office.write(import_places, Rows("places.csv", found.ready))
    return counts


def whole(office):
    return {figure.code: office.read(places.place_card, figure.id) for figure in office.read(places.counts_by_place)}


def test_any_order_and_twice_the_same(office, unep):
    assert bring(office, FILE) == (5, 0, 0, 0)
    cards = whole(office)
    assert cards["M-214"].where == "Block M, floor M-2, Registry"
    assert cards["M-214"].form.area_m2 == 12.5534
    assert cards["M"].occupier == "UNEP"
    assert cards["C-1"].kind == "room"
    assert office.read(places.crooked_paths) == []
    assert [line.row.code for line in office.read(places.PlaceList("registry").first)] == ["M-214"]
    before = rows_of(office)
    assert bring(office, FILE) == (0, 0, 5, 0)
    assert bring(office, FILE, blank_empties=True) == (0, 0, 5, 0)
    assert rows_of(office) == before


def test_blank_cells_change_nothing_unless_told(office, unep):
    bring(office, FILE)
    blank = FILE.replace("12.5534;unep", ";")
    assert bring(office, blank) == (0, 0, 5, 0)
    assert bring(office, blank, blank_empties=True) == (0, 1, 4, 0)
    card = whole(office)["M-214"]
    assert (card.form.area_m2, card.occupier) == (None, "")


def test_creating_and_updating_are_separate(office, unep):
    assert bring(office, FILE, create=False) == (0, 0, 0, 5)
    bring(office, FILE)
    changed = FILE.replace("Registry", "Archive") + "C-2;;Room;M-2;;\n"
    assert bring(office, changed, create=False) == (0, 1, 4, 1)
    assert bring(office, changed, update=False) == (1, 0, 5, 0)


def test_a_branch_is_turned_over(office, unep):
    """The bay in the store becomes a store with the old one as its bay, although each row alone would be a circle."""
    bring(office, "Code,Type,Parent\nS,Site,\nT,Store,S\nB,Bay,T\nH,Shelf,T\n")
    assert bring(office, "Code,Type,Parent\nT,Bay,B\nB,Store,S\n") == (0, 2, 0, 0)
    cards = whole(office)
    assert [code for _id, code in cards["H"].way] == ["S", "B", "T", "H"]
    assert office.read(places.crooked_paths) == []


def test_faults_stand_at_row_and_column(office, unep):
    found = preview(
        office,
        "Code,Type,Parent,Area,Occupier\n"
        "S,Site,,,\n"
        "B1,Bay,T1,,\n"  # a circle of two
        "T1,Store,B1,,\n"
        "R1,Room,S,,\n"  # a room in a site
        "R2,Room,NOWHERE,,\n"
        "R3,Cupboard,S,,\n"
        "Y1,Yard,S,-4,\n"
        "Y2,Yard,S,,UNPE\n"
        "!,Yard,S,,\n"
        "y3,Yard,S,,\n"
        "Y3,Yard,S,,\n",
    )
    told = {(fault.row, fault.column): fault.what_to_do for fault in found.faults()}
    assert told[3, "Parent"] == "B1 is in T1 is in B1: a place cannot be inside itself."
    assert told[4, "Parent"] == "T1 is in B1 is in T1: a place cannot be inside itself."
    assert told[5, "Parent"].startswith("A room cannot be in a site")
    assert told[6, "Parent"].startswith("No place has the code NOWHERE, in this file or before it.")
    assert "Cupboard" in told[7, "Type"]
    assert (8, "Area") in told
    assert told[9, "Occupier"] == "No entity is called UNPE. Is it UNEP?"
    assert (10, "Code") in told
    assert told[12, "Code"] == "Another row writes this code as y3. Keep one."
    assert found.counts.refused == 9
    assert found.counts.create == 2


HANGING = """Code;Name;Type;Parent;Area
G-1;Room;Room;F;12
F;Floor;Floor;B;
N-1;Fine;Site;;
B;Block;Building;NOWHERE;
X-1;Room;Room;G-2;
G-2;Block;Building;N-1;a lot
"""
"""A room on a floor of a block that is nowhere, and one in a block whose area is no number."""


def test_the_good_rows_of_a_file_stand_by_themselves(office, unep):
    found = preview(office, HANGING)
    assert [(fault.row, fault.column, fault.what_to_do) for fault in found.faults()] == [
        (2, "Parent", "F stands in row 3, which is refused. Mend that row first."),
        (3, "Parent", "B stands in row 5, which is refused. Mend that row first."),
        (5, "Parent", "No place has the code NOWHERE, in this file or before it. Add it, or correct the code."),
        (6, "Parent", "G-2 stands in row 7, which is refused. Mend that row first."),
        (7, "Area", "This is no number. Write digits only."),
    ]
    # What the desk reads as it streams by says the same, and writes the good row without the others.
    table, lookup = PLACES.open(HANGING.encode()), PLACES.lookup(office)
    stream = check_in_batches(
        table, suggest_mapping(table.names, PLACES.fields), PLACES.fields, Choices(), lookup, rules=lookup.rule
    )
    for size in (1, 2, 5_000):
        batches = list(stream.batches(size))
        assert [fault for batch in batches for fault in batch.faults] == found.faults()
        assert batches[-1].counts.refused == 5
    # One mend lifts the rows that hung on it, and taken back lets them hang again.
    found.mend(5, "Parent", "N-1")
    assert [fault.row for fault in found.faults()] == [6, 7]
    found.undo()
    assert [fault.row for fault in found.faults()] == [2, 3, 5, 6, 7]
    found.mend(7, "Area", "30")
    assert [fault.row for fault in found.faults()] == [2, 3, 5]
    office.write(import_places, Rows("places.csv", found.ready))
    assert set(whole(office)) == {"N-1", "G-2", "X-1"}


def test_what_changed_since_the_check_refuses_the_whole(office, unep):
    found = preview(office, FILE)
    office.write(places.add_place, places.PlaceForm("UNON", "site"))
    before = rows_of(office)
    with pytest.raises(Refusal, match="Check the file again"):
        office.write(import_places, Rows("places.csv", found.ready))
    assert rows_of(office) == before


def test_a_kind_that_no_longer_holds_its_rooms_is_refused_with_its_row(office, unep):
    bring(office, FILE)
    found = preview(office, "Code,Type,Parent\nM,Yard,UNON\n")
    with pytest.raises(Refusal, match=r"Row 2: A floor cannot be in a yard such as M"):
        office.write(import_places, Rows("places.csv", found.ready))


def test_two_thousand_rooms_shuffled(office):
    """Against the plain reading of the file: every place stands where its row says."""
    rng = random.Random(5)
    lines = ["S,Site,"] + [f"B{b},Building,S" for b in range(10)]
    lines += [f"B{b}-{f},Floor,B{b}" for b in range(10) for f in range(4)]
    lines += [f"B{n % 10}-{n % 4}-{n},Room,B{n % 10}-{n % 4}" for n in range(2000)]
    rng.shuffle(lines)
    assert bring(office, "Code,Type,Parent\n" + "\n".join(lines)) == (2051, 0, 0, 0)
    parents = {line.split(",")[0]: line.split(",")[2] for line in lines}
    assert office.read(places.crooked_paths) == []
    listed = office.read(places.PlaceList(sort="code").page, ("", 0), 5000)
    assert {line.row.code: line.row.parent for line in listed} == parents


@given(st.dictionaries(st.integers(0, 8), st.integers(0, 8), max_size=9))
def test_circles_are_found_like_by_brute_force(parents):
    tree = {str(code): Node("bay", str(above)) for code, above in parents.items()}
    for code in tree:
        at, steps = code, 0
        while at in tree and steps <= len(tree):
            at = tree[at].parent
            steps += 1
            if at == code:
                break
        assert bool(circle_of(code, tree)) == (at == code and steps > 0)
        list(faults_of(code, tree))


def test_levels_come_from_the_top():
    tree = {"a": Node("site", ""), "b": Node("building", "a"), "c": Node("floor", "b"), "d": Node("building", "a")}
    assert from_the_top(["c", "d", "b"], tree) == [["b", "d"], ["c"]]
