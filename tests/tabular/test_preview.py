"""The preview of an import: outcomes, faults at their cells, mending, and the same file twice."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.errors import Refusal
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.tabular import (
    CellChange,
    Choices,
    Field,
    Mapping,
    Wrong,
    check,
    check_in_batches,
    nearest,
    open_table,
    suggest_mapping,
    write_bad_rows,
)
from cbo_desk.tabular.faults import Mend

FIELDS = [
    Field(
        "inventory_number", "Inventory number", "identifier", True, True, ("Asset Nr",),
        if_blank="A new asset needs an inventory number.",
    ),
    Field("description", "Description", required=True, longest=40),
    Field("serial", "Serial", "identifier"),
    Field("place", "Place", "reference", aliases=("Location",)),
    Field("acquired", "Acquired", "date", aliases=("Acq. date",)),
    Field("cost", "Cost", "money", currency_field="currency", least=0),
    Field("currency", "Currency"),
]  # fmt: skip
PLACES = {"C-204": 1, "C-310": 2, "Store S3": 3, "Yard G2": 4}


class Register:
    """A register in memory that answers as a desk's database would, and counts the questions."""

    def __init__(self) -> None:
        self.held: dict = {}
        self.asked: Counter = Counter()

    def existing(self, keys, names):
        self.asked["existing"] += 1
        return {key: tuple(self.held[key].get(name) for name in names) for key in keys if key in self.held}

    def resolve(self, name, texts):
        self.asked[name] += 1
        answers: dict = {}
        for text in texts:
            near = nearest(text, PLACES)
            answers[text] = PLACES.get(text) or Wrong(
                f"No place has the code {text}. Is it {near}?" if near else f"No place has the code {text}.",
                Mend(f"Use {near}", near) if near else None,
            )
        return answers

    def write(self, batches) -> None:
        for batch in batches:
            for row in batch:
                self.held.setdefault(row.key, {}).update(row.values)


def previewed(text: str | bytes, register: Register, choices: Choices | None = None, **given):
    table = open_table(text if isinstance(text, bytes) else text.encode())
    mapping = suggest_mapping(table.names, FIELDS)
    mapping = Mapping(
        mapping.columns, given.get("fixed", mapping.fixed), given.get("dates", {}), given.get("numbers", {})
    )
    return check(table, mapping, FIELDS, choices or Choices(), register, rules=given.get("rules"))


PICTURE = """Asset Nr,Description,Serial,Location,Acq. date,Cost
UNIC-021107,"Laptop, HP EliteBook",5.1E+14,C-204,03.06.2026,"1,120.00"
UNIC-021140,"Tablet, Galaxy Tab",R52W70KX,C-2O4,11.06.2026,598
UNIC-021141,"Tablet, Galaxy Tab",R52W70LB,C-204,11.06.2026,598
UNIC-019004,"Cold box, 22 litres",,Store S3,31.06.2026,340
UNIC-019005,"Cold box, 22 litres",,Store S3,30.06.2026,340
,"Projector, Epson",X8QF2100,C-310,14.05.2026,612
UNIC-021402,"Generator, 40 kVA",U4P91123,Yard G2,02.04.2026,"18.450,00"
UNIC-019005,"Cold box, 22 litres",,Store S3,30.06.2026,340.50
UNIC-021500,"Desk",,C-204,30.06.2026,"2,340.00"
UNIC-021501,"Chair",,C-204,30.06.2026,12.25
"""


def test_the_faults_of_the_drawn_page():
    register = Register()
    register.held["UNIC-019005"] = {
        "description": "Cold box, 22 litres", "place": 2, "acquired": date(2026, 6, 30), "cost": Decimal(300),
        "inventory_number": "UNIC-019005",
    }  # fmt: skip
    preview = previewed(PICTURE, register)
    assert [
        (f.row, f.column, f.value, f.what_to_do, f.mend and f.mend.value, f.other_row) for f in preview.faults()
    ] == [
        (2, "Serial", "5.1E+14", "A spreadsheet spoilt this number. Type the serial as text.", None, 0),
        (3, "Location", "C-2O4", "No place has the code C-2O4. Is it C-204?", "C-204", 0),
        (5, "Acq. date", "31.06.2026", "June has 30 days. Correct the date.", None, 0),
        (7, "Asset Nr", "", "A new asset needs an inventory number.", None, 0),
        (8, "Cost", "18.450,00", "Other rows use 18,450.00. Write it the same way.", "18,450.00", 0),
        (9, "Asset Nr", "UNIC-019005", "The same inventory number stands in row 6. Keep one.", None, 6),
    ]
    counts = preview.counts
    assert (counts.create, counts.update, counts.unchanged, counts.refused, counts.cells) == (3, 1, 0, 6, 2)
    assert preview.changes(6) == [CellChange("place", 2, 3), CellChange("cost", Decimal(300), Decimal(340))]
    assert preview.outcome(4) == "create"
    assert preview.questions == ()
    assert [row.row for row in preview.page(0, 9, "refused")] == [2, 3, 5, 7, 8, 9]
    assert preview.page(1, 1)[0].faulty == {"Location"}
    assert preview.faulty_first()[:7] == [2, 3, 5, 7, 8, 9, 4]
    ready = [row for batch in preview.ready(2) for row in batch]
    assert [(row.row, row.outcome, row.key) for row in ready] == [
        (4, "create", "UNIC-021141"), (6, "update", "UNIC-019005"), (10, "create", "UNIC-021500"),
        (11, "create", "UNIC-021501"),
    ]  # fmt: skip
    assert ready[1].values == {"place": 3, "cost": Decimal(340)}
    assert ready[2].values == {
        "inventory_number": "UNIC-021500", "description": "Desk", "place": 1, "acquired": date(2026, 6, 30),
        "cost": Decimal(2340),
    }  # fmt: skip


def test_a_cell_is_mended_and_the_mend_undone():
    register = Register()
    preview = previewed(PICTURE, register)
    before = (preview.faults(), vars(preview.counts).copy())
    assert preview.outcome(9) == "refused"
    mended = preview.mend(3, "Location", "C-204")
    assert (mended.before, preview.outcome(3)) == ("C-2O4", "create")
    preview.mend(6, "Asset Nr", "UNIC-019099")
    assert preview.outcome(9) == "create", "the row that was at odds with row 6 is free now"
    preview.mend(10, "Asset Nr", "UNIC-021501")
    assert [f.row for f in preview.faults() if f.other_row] == [11]
    keys = [row.key for batch in preview.ready() for row in batch]
    assert keys == ["UNIC-021140", "UNIC-021141", "UNIC-019099", "UNIC-019005", "UNIC-021501"]
    for row in (10, 6, 3):
        assert preview.undo().row == row
    assert preview.undo() is None
    assert (preview.faults(), vars(preview.counts)) == before
    with pytest.raises(Refusal, match="no row 99"):
        preview.mend(99, "Cost", "1")


def test_the_same_file_twice_changes_nothing():
    register = Register()
    register.write(previewed(PICTURE, register).ready())
    assert len(register.held) == 4
    again = previewed(PICTURE, register)
    assert (again.counts.create, again.counts.update, again.counts.unchanged) == (0, 0, 4)
    assert list(again.ready()) == []


def test_a_blank_cell_changes_nothing_unless_told_so():
    register = Register()
    register.write(previewed("Asset Nr,Description,Serial\nA-1,Laptop,S1\n", register).ready())
    blank = "Asset Nr,Description,Serial\nA-1,,\n"
    assert previewed(blank, register).counts.unchanged == 1
    emptied = previewed("Asset Nr,Description,Serial\nA-1,Laptop,\n", register, Choices(blank_empties=True))
    assert next(emptied.ready())[0].values == {"serial": None}
    refused = previewed(blank, register, Choices(blank_empties=True))
    assert [fault.what_to_do for fault in refused.faults()] == ["Description cannot be blank."]


def test_creating_and_updating_are_separate_choices():
    register = Register()
    register.held["A-1"] = {"inventory_number": "A-1", "description": "Laptop"}
    text = "Asset Nr,Description\nA-1,Laptop 2\nA-2,Desk\n"
    only_update = previewed(text, register, Choices(create=False))
    assert [(f.row, f.what_to_do) for f in only_update.faults()] == [
        (3, "A-2 is not in the register. Allow creating to add it.")
    ]
    only_create = previewed(text, register, Choices(update=False))
    assert [(f.row, f.what_to_do) for f in only_create.faults()] == [
        (2, "It is in the register already. Allow updating to change it.")
    ]


def test_what_a_column_leaves_open_is_asked_and_answered():
    text = 'Asset Nr,Description,Acq. date,Cost\nA-1,x,03/04/2026,"1,234"\nA-2,y,05/06/2026,\n'
    preview = previewed(text, Register())
    assert [(q.field, q.column, q.kind) for q in preview.questions] == [
        ("acquired", "Acq. date", "dates"), ("cost", "Cost", "numbers"),
    ]  # fmt: skip
    assert preview.counts.refused == 2, "nothing is guessed"
    told = previewed(text, Register(), dates={"acquired": "mdy"}, numbers={"cost": "point"})
    assert told.questions == ()
    values = next(told.ready())[0].values
    assert (values["acquired"], values["cost"]) == (date(2026, 3, 4), Decimal(1234))


def test_money_brings_its_currency():
    text = "Asset Nr,Description,Cost\nA-1,x,USD 5\nA-2,y,€ 6\nA-3,z,7\n"
    rows = next(previewed(text, Register()).ready())
    assert [row.values.get("currency") for row in rows] == ["USD", "EUR", None]
    fixed = previewed(text, Register(), fixed={"currency": "USD"})
    assert [(f.row, f.what_to_do) for f in fixed.faults()] == [(3, "The cell says EUR, the currency is USD. Keep one.")]
    low = previewed("Asset Nr,Description,Cost\nA-1,x,-5\n", Register())
    assert low.faults()[0].what_to_do == "The smallest number allowed is 0."


def test_lost_zeros_are_suspected_until_a_person_has_looked():
    text = "Asset Nr,Description\n" + "".join(f"{n:06},x\n" for n in range(99_990, 100_010)) + "734,x\n"
    preview = previewed(text, Register())
    fault = preview.faults()[0]
    assert (fault.row, fault.mend.value) == (22, "000734")
    preview.mend(22, "Asset Nr", "734")
    assert preview.outcome(22) == "create"
    assert [row.key for batch in preview.ready() for row in batch][-1] == "734"


def test_uneven_rows_are_refused_whole():
    preview = previewed('Asset Nr,Description\nA-1,Laptop, HP\nA-2,Desk\nA-3,"Chair\n', Register())
    assert [(fault.row, fault.column) for fault in preview.faults()] == [(2, ""), (4, "")]
    assert preview.counts.create == 1


def test_a_desk_can_add_its_own_rules():
    def rules(outcome, values, before):
        if values.get("description") == "Ghost":
            yield "description", "There are no ghosts."

    preview = previewed("Asset Nr,Description\nA-1,Ghost\nA-2,Desk\n", Register(), rules=rules)
    assert [(f.row, f.column, f.what_to_do) for f in preview.faults()] == [(2, "Description", "There are no ghosts.")]


def test_missing_columns_and_wrong_fixed_values_are_said():
    table = open_table(b"Asset Nr\nA-1\n")
    mapping = suggest_mapping(table.names, FIELDS)
    assert (
        check(table, mapping, FIELDS, Choices(), Register()).faults()[0].what_to_do == "A new row needs a description."
    )
    with pytest.raises(Refusal, match="“Nowhere”: No place has the code"):
        check(table, Mapping(mapping.columns, {"place": "Nowhere"}), FIELDS, Choices(), Register())
    with pytest.raises(Refusal, match="No column fills inventory number"):
        check(table, Mapping({}), FIELDS, Choices(), Register())


def test_questions_are_asked_in_batches_and_the_work_can_be_stopped():
    text = "Asset Nr,Description,Location\n" + "".join(f"A-{n},x,C-204\n" for n in range(12_000))
    register = Register()
    preview = previewed(text, register)
    assert preview.counts.create == 12_000
    assert register.asked == {"existing": 3, "place": 1}
    table = open_table(text.encode())
    mapping = suggest_mapping(table.names, FIELDS)
    seen: list = []
    check(table, mapping, FIELDS, Choices(), register, progress=Progress(lambda *told: seen.append(told)))
    assert seen == sorted(seen)
    assert seen[-1] == (1000, 1000)
    progress = Progress(lambda *_: progress.cancel())
    with pytest.raises(Cancelled):
        check(table, mapping, FIELDS, Choices(), register, progress=progress)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A-1", "A-2", "A-3", "A-4", "", "5.1E+14"]),
        st.sampled_from(["Desk", "Chair", "", "#REF!"]),
        st.sampled_from(["C-204", "C-2O4", "", "Nowhere"]),
        st.sampled_from(["03.06.2026", "25.06.2026", "31.06.2026", ""]),
        st.sampled_from(["5", "1,000.50", "7.000,50", "EUR 8", ""]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS, st.booleans())
def test_the_stream_agrees_with_the_preview_and_bad_rows_come_back(tmp_path_factory, first, second, empties):
    head = "Asset Nr,Description,Location,Acq. date,Cost\n"
    texts = [
        (
            head
            + "".join(f'{a},{b},{c},{d},"{e}"\n' for a, b, c, d, e in [*rows, ("Z", "z", "", "25.06.2026", "1.50")])
        ).encode()
        for rows in (first, second)
    ]
    register = Register()
    register.write(previewed(texts[0], register).ready())
    table = open_table(texts[1])
    mapping = suggest_mapping(table.names, FIELDS)
    choices = Choices(blank_empties=empties)
    preview = check(table, mapping, FIELDS, choices, register)
    stream = check_in_batches(table, mapping, FIELDS, choices, register)
    batches = list(stream.batches(3))
    assert [fault for batch in batches for fault in batch.faults] == preview.faults()
    assert [row for batch in batches for row in batch.ready] == [row for batch in preview.ready(4) for row in batch]
    assert batches[-1].counts == preview.counts
    assert preview.counts.rows == len(preview)
    path = tmp_path_factory.mktemp("bad") / "bad.csv"
    bad = list(preview.bad_rows())
    assert [row for batch in batches for row in batch.bad] == [
        type(row)(row.row, list(row.cells), row.what_to_do) for row in bad
    ]
    assert write_bad_rows(table, bad, path) == preview.counts.refused
    if bad:
        back = open_table(path, header_row=1)
        assert [cells[:5] for _, cells in back.rows()] == [list(row.cells) for row in bad]
        assert suggest_mapping(back.names, FIELDS).columns == mapping.columns


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["A-1", "A-2", "A-3", ""]), st.sampled_from(["Desk", ""])), min_size=1, max_size=7
    ),
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["A-1", "A-2", "A-3", "A-4", ""])), max_size=5),
)
def test_mending_agrees_with_checking_the_mended_file_anew(rows, mends):
    def text(all_rows):
        return "Asset Nr,Description,Serial\n" + "".join(f"{a},{b},S\n" for a, b in all_rows)

    register = Register()
    register.held["A-2"] = {"inventory_number": "A-2", "description": "Old"}
    preview = previewed(text(rows), register)
    states = [list(rows)]
    for place, key in mends:
        if place < len(rows):
            preview.mend(place + 2, "Asset Nr", key)
            states.append([(key, b) if at == place else (a, b) for at, (a, b) in enumerate(states[-1])])
    while True:
        fresh = previewed(text(states.pop()), register)
        assert preview.faults() == fresh.faults()
        assert preview.counts == fresh.counts
        assert list(preview.ready()) == list(fresh.ready())
        if preview.undo() is None:
            break


def test_what_begins_like_a_formula_is_noted_and_kept_as_text():
    preview = previewed("Asset Nr,Description\nA-1,=HYPERLINK(1)\nA-2,+254 20 762\n", Register())
    assert preview.notes()[-1] == "1 text begins like a formula. They are kept as text and never run."
    assert next(preview.ready())[0].values["description"] == "=HYPERLINK(1)"
