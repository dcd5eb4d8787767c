"""What a file names and nobody knows yet is added from the import page at one press, and its undo is heard."""

from __future__ import annotations

import pytest

from cbo_desk import people
from cbo_desk.errors import Refusal
from cbo_desk.people import EntityList
from cbo_desk.people.entity_import import add_named_entities
from cbo_desk.people.rules import code_from
from cbo_desk.permissions import Actor, Role
from cbo_desk.property.category_import import add_named_categories, remove_named_categories
from cbo_desk.property.classes import category_rows
from ui.kit.buttons import Button

FILE = """Inventory no.,Description,Entity,Category
N-1,Lamp,Qual Quorum Zone,Möbel
N-2,Chair,qqqz,Möbel
N-3,Chair,qqqz,Zeppelin
N-4,Chair,qqqz,Zeppelin
"""


def refused(page):
    return page.task.result.preview.counts.refused


def press(page, words):
    [button] = [each for each in page.notice.findChildren(Button) if each.accessibleName() == words]
    button.click()


def test_entities_and_categories_are_added_from_a_register(page, tmp_path, settled, qtbot):
    file = tmp_path / "new.csv"
    file.write_text(FILE, "utf-8")
    page.take(file)
    settled(page)
    assert refused(page) == 4
    assert page.faults.about.words() == "4 rows cannot go in, and there is no other"
    assert page.notice.words.words() == "Not known here yet: Qual Quorum Zone, qqqz, Möbel, Zeppelin."
    press(page, "Add 2 entities")
    qtbot.waitUntil(lambda: page.notice.words.words() == "Not known here yet: Möbel, Zeppelin.")
    done = []
    page.bench.runner.did.connect(done.append)
    press(page, "Add 2 categories")
    qtbot.waitUntil(lambda: refused(page) == 0 and page.notice.isHidden())
    office = page.bench.runner.office
    assert {line.row.code for line in office.read(EntityList("q").first)} == {"QUALQUORUMZONE", "QQQZ"}
    assert {"MOBEL", "ZEPPELIN"} <= {row.form.code for row in office.read(category_rows)}
    # Undone, they are missing again.
    page.bench.runner.undo(done[0].undo)
    qtbot.waitUntil(lambda: refused(page) == 4)
    press(page, "Add 2 categories")
    qtbot.waitUntil(lambda: refused(page) == 0)
    page.run_import()
    qtbot.waitUntil(lambda: page.task.result is not None and not page.task.writing and page.whole.state is not None)
    with pytest.raises(Refusal, match="Something is of these categories"):
        office.write(remove_named_categories, done[1].ids)


def test_added_and_taken_back_on_either_engine(office):
    for command, kind in ((add_named_entities, "entity"), (add_named_categories, "category")):
        made = office.write(command, ("Alpha", "Ähnlich groß", "alpha beta gamma delta", "Alpha"))
        assert len(made.ids) == 3, kind
        office.write(made.undo.command, *made.undo.args)
        assert len(office.write(command, ("Alpha",)).ids) == 1
    assert office.read(people.entities)[0].code == "ALPHA"
    clerk = office.signed_in(Actor("eve", "Eve", {"people": Role.CLERK, "property": Role.CLERK}, "DESK-3"))
    for command in (add_named_entities, add_named_categories):
        with pytest.raises(Refusal, match="You may not"):
            clerk.write(command, ("Beta",))


def test_codes_are_made_of_names_and_never_twice():
    taken = set()
    for name, code in (
        ("unep", "UNEP"), ("UNEP", "UNEP-2"), ("UN Environment Programme", "UN-ENVIRONMENT-P"), ("Ñandú 7", "NANDU-7"),
        ("***", "NEW"), ("###", "NEW-2"), ("UN Environment Programmes", "UN-ENVIRONME-2"),
    ):  # fmt: skip
        assert code_from(name, taken) == code
        taken.add(code)
