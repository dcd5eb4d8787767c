"""Gate passes on both engines: writing, letting out and in, refusals, undo, attacks by SQL, and the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cbo_desk.errors import Faults, Refusal
from cbo_desk.property import asset_card, receive_assets
from cbo_desk.property.disposal import open_case
from cbo_desk.property.gate import (
    LINE,
    PASS,
    LineState,
    PassForm,
    PassList,
    Personal,
    cancel_pass,
    extend_pass,
    in_words,
    issue_pass,
    let_in,
    let_out,
    overdue_passes,
    pass_card,
    read_personal,
    scanned_at_gate,
    whole_count,
)
from cbo_desk.property.gate.paper import COPIES, rows, write_pass
from cbo_desk.search import find
from tests.places_to_sign import places_to_sign
from tests.property.conftest import compound, laptop

__all__ = ["compound", "laptop"]
TODAY = date(2026, 8, 24)
ASSET = "property.asset"


@pytest.fixture
def stock(office, laptop):
    """Three laptops."""
    return office.write(receive_assets, laptop, ["UNEP-1", "UNEP-2", "UNEP-3"]).ids


@pytest.fixture
def form(stock, compound):
    """A pass for two laptops and two suitcases, back in ten days."""
    return PassForm(
        stock[:2], TODAY, TODAY + timedelta(days=10), compound.erik, "", "Repair", "Dell, Westlands",
        (Personal("Suitcase", count=2), Personal("Camera Nikon Z6", "6001234")),
    )  # fmt: skip


def issued(office, form):
    return office.write(issue_pass, form).ids[0]


def states(office, ident):
    return [str(line.state) for line in office.read(pass_card, ident).lines]


def undo(office, changes):
    return office.write(changes.undo.command, *changes.undo.args)


def test_out_and_in_item_by_item(office, form, stock, clock):
    changes = office.write(issue_pass, form)
    assert changes.said == "GP-0001 for Lindqvist, Erik: five (5) things."
    ident = changes.ids[0]
    card = office.read(pass_card, ident)
    assert [line.inventory_no or line.description for line in card.lines] == [
        "UNEP-1", "UNEP-2", "Suitcase", "Camera Nikon Z6",
    ]  # fmt: skip
    assert all(line.code for line in card.lines)
    assert card.lines[0].code == office.read(asset_card, stock[0]).code
    assert office.read(scanned_at_gate, card.code).pass_id == ident
    bag = office.read(scanned_at_gate, card.lines[2].code)
    assert (bag.kind, bag.ident, bag.pass_id) == (LINE, card.lines[2].id, ident)
    assert office.write(let_out, ident, ASSET, stock[0]).said == "UNEP-1 out: 1 of 4 on GP-0001."
    office.write(let_out, ident, LINE, bag.ident)
    assert states(office, ident) == ["out", "listed", "out", "listed"]
    assert (
        "Left the compound on GP-0001, due back on 3 September 2026."
        in office.read(asset_card, stock[0]).events[0].said
    )
    with pytest.raises(Refusal, match="UNEP-1 is already out on GP-0001, since 24 Aug 2026, 09:00"):
        office.write(let_out, ident, ASSET, stock[0])
    assert office.write(let_in, ident, ASSET, stock[0]).said == "UNEP-1 in: 1 of 2 on GP-0001."
    assert states(office, ident) == ["in", "listed", "out", "listed"]
    for deed, words in ((let_in, "already back in"), (let_out, "needs a new pass")):
        with pytest.raises(Refusal, match=words):
            office.write(deed, ident, ASSET, stock[0])
    with pytest.raises(Refusal, match="UNEP-2 never went out"):
        office.write(let_in, ident, ASSET, stock[1])


def test_what_is_not_on_the_pass_stays(office, form, stock):
    ident = issued(office, form)
    with pytest.raises(Refusal, match="UNEP-3 is not on GP-0001. It stays here"):
        office.write(let_out, ident, ASSET, stock[2])
    other = issued(office, replace(form, asset_ids=(stock[2],), personal=()))
    line = office.read(pass_card, ident).lines[2].id
    with pytest.raises(Refusal, match="not on GP-0002"):
        office.write(let_out, other, LINE, line)


def test_expired_and_cancelled_passes_let_nothing_out(office, form, stock, clock):
    ident = issued(office, form)
    office.write(let_out, ident, ASSET, stock[0])
    with pytest.raises(Refusal, match="1 of the things on GP-0001 are still out"):
        office.write(cancel_pass, ident, "Not needed")
    clock.now += timedelta(days=1)
    with pytest.raises(Refusal, match="GP-0001 expired on 24 August 2026"):
        office.write(let_out, ident, ASSET, stock[1])
    office.write(let_in, ident, ASSET, stock[0])  # in it comes all the same
    other = issued(office, replace(form, valid_until=TODAY + timedelta(days=2)))
    office.write(cancel_pass, other, "Not needed")
    with pytest.raises(Refusal, match="GP-0002 was cancelled"):
        office.write(let_out, other, ASSET, stock[1])
    with pytest.raises(Refusal, match="cancelled already"):
        office.write(cancel_pass, other, "Again")


def test_an_asset_is_out_on_one_pass_only(office, form, stock):
    first, second = issued(office, form), issued(office, form)
    office.write(let_out, first, ASSET, stock[0])
    with pytest.raises(Refusal, match="UNEP-1 is out on GP-0001. Let it in"):
        office.write(let_out, second, ASSET, stock[0])
    with pytest.raises(Refusal, match="UNEP-1 is out on GP-0001. It comes in first") as refused:
        issued(office, form)
    assert refused.value.field == "asset_ids"
    with pytest.raises(Refusal, match="UNEP-1 is out of the compound on GP-0001"):
        office.write(open_case, 1, "Worn out", [stock[0]])
    assert office.read(scanned_at_gate, "UNEP-1").pass_id == first


def test_a_scan_is_taken_back(office, form, stock):
    ident = issued(office, form)
    out = office.write(let_out, ident, ASSET, stock[0])
    undo(office, out)
    assert states(office, ident)[0] == "listed"
    with pytest.raises(Refusal, match="scanned again since"):
        undo(office, out)
    office.write(let_out, ident, ASSET, stock[0])
    back = office.write(let_in, ident, ASSET, stock[0])
    undo(office, back)
    assert states(office, ident)[0] == "out"


def test_overdue(office, form, stock, clock):
    ident = issued(office, form)
    office.write(let_out, ident, ASSET, stock[0])
    clock.now += timedelta(days=10)
    assert office.read(overdue_passes) == []
    clock.now += timedelta(days=1)
    [late] = office.read(overdue_passes)
    assert (late.reference, late.out, late.return_on) == ("GP-0001", 1, date(2026, 9, 3))
    assert office.read(pass_card, ident).overdue
    [line] = office.read(PassList(shown="overdue").first)
    assert (line.row.out, line.row.overdue, line.row.expired) == (1, True, True)
    assert list(rows(office, PassList()))[0][-1] == "Overdue"
    office.write(extend_pass, ident, date(2026, 9, 10))
    assert office.read(overdue_passes) == []
    assert list(rows(office, PassList()))[0][-1] == "1 out"
    with pytest.raises(Refusal, match="1 Sep 2026 is over. Choose a day that is still to come."):
        office.write(extend_pass, ident, date(2026, 9, 1))
    later = replace(form, asset_ids=(), valid_until=date(2026, 9, 20), return_on=date(2026, 9, 25))
    coming = office.write(issue_pass, later).ids[0]
    with pytest.raises(Refusal, match="Things may leave on GP-0002 until 20 Sep 2026: they come back then or later."):
        office.write(extend_pass, coming, date(2026, 9, 19))
    clock.now += timedelta(days=20)
    office.write(let_in, ident, ASSET, stock[0])
    assert office.read(overdue_passes) == []
    assert office.read(PassList(shown="current").first) == []
    assert [row[-1] for row in rows(office, PassList())] == ["Closed", "Closed"]


def test_what_a_pass_must_say(office, form, compound):
    with pytest.raises(Faults) as faults:
        office.write(issue_pass, PassForm((), date(2026, 8, 23), date(2026, 8, 22)))
    assert set(faults.value.faults) == {"bearer", "asset_ids", "valid_until", "return_on"}
    with pytest.raises(Refusal, match="Silva left on 31 Jan 2026"):
        issued(office, replace(form, person_id=compound.gone))
    with pytest.raises(Faults, match="how many"):
        issued(office, replace(form, personal=(Personal("x", count=0),)))
    visitor = issued(office, replace(form, person_id=None, bearer="Visitor, Jane"))
    assert [hit.record_id for hit in office.read(find, "visitor jane")] == [visitor]


def test_the_paper_holds_three_copies_that_scan(office, form, tmp_path):
    import pypdfium2
    import zxingcpp

    card = office.read(pass_card, issued(office, form))
    out = tmp_path / "pass.pdf"
    write_pass(card, out)
    paper = pypdfium2.PdfDocument(out)
    assert len(paper) == 3
    for page, copy in zip(paper, COPIES, strict=True):
        words = page.get_textpage().get_text_range()
        for wanted in (f"Copy for: {copy}", "five (5)", "UNEP-1", "7HQ2K94", "Camera Nikon Z6", "S/N 6001234"):
            assert wanted in words
        assert "3 September 2026" in words
        seen = {found.text for found in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())}
        assert seen == {card.code, *(line.code for line in card.lines)}
    paper.close()
    assert places_to_sign(out) == [3, 3, 3]  # who issued it, who carries it, and security, on each copy


@pytest.mark.parametrize("lines", [40])
def test_long_passes_turn_the_page(office, form, laptop, tmp_path, lines):
    import pypdfium2

    ids = office.write(receive_assets, laptop, [f"L-{n}" for n in range(lines)]).ids
    out = tmp_path / "pass.pdf"
    write_pass(office.read(pass_card, issued(office, replace(form, asset_ids=ids))), out)
    paper = pypdfium2.PdfDocument(out)
    assert len(paper) == 12
    assert places_to_sign(out) == [0, 0, 0, 3] * 3
    assert "forty-three (43)" in paper[3].get_textpage().get_text_range()
    paper.close()


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "zero"), (7, "seven"), (13, "thirteen"), (40, "forty"), (99, "ninety-nine"), (100, "one hundred"),
     (112, "one hundred and twelve"), (1_000, "one thousand"), (1_005, "one thousand and five"),
     (2_340, "two thousand three hundred and forty"), (999_999, "nine hundred and ninety-nine thousand nine hundred "
      "and ninety-nine")],
)  # fmt: skip
def test_counts_in_words(number, words):
    assert in_words(number) == words


def test_counts_in_words_are_all_different():
    assert len({in_words(number) for number in range(20_000)}) == 20_000
    with pytest.raises(ValueError, match="999,999"):
        in_words(1_000_000)
    assert whole_count([1, 2]) == "three (3)"


def test_personal_property_as_it_is_typed():
    assert read_personal("2 suitcases\n\nCamera Nikon Z6, S/N 6001234\n3M mask\n") == (
        Personal("suitcases", count=2), Personal("Camera Nikon Z6", "6001234"), Personal("3M mask"),
    )  # fmt: skip
    with pytest.raises(Faults, match="how many"):
        read_personal("0 suitcases")


# --- by SQL, with the application's own rights


def attack(office, *statements):
    with office.engine.execution_options(writes=True).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


ATTACKS = (
    ("UPDATE gate_line SET state = 'out' WHERE pass_id = 2 AND position = 1", "uq_gate_line_asset_id"),
    ("UPDATE gate_line SET description = 'Brick'", "gate_pass_frozen"),
    ("UPDATE gate_line SET state = 'listed' WHERE state = 'in'", "gate_line_order"),
    ("UPDATE gate_line SET state = 'in' WHERE state = 'listed'", "gate_line_order"),
    ("DELETE FROM gate_line", "append-only"),
    ("DELETE FROM gate_pass", "append-only"),
    ("DELETE FROM gate_event", "append-only"),
    ("UPDATE gate_event SET what = 'in'", "append-only"),
    ("UPDATE gate_pass SET valid_until = '2030-01-01', return_on = '2030-01-01'", "gate_pass_frozen"),
    ("UPDATE gate_pass SET cancelled_at = issued_at, cancelled_why = 'x' WHERE id = 1", "gate_pass_things_out"),
    ("INSERT INTO gate_line (pass_id, position, description, state) VALUES (1, 9, 'x', 'out')", "gate_pass_frozen"),
)


def test_the_database_holds_the_gate_itself(office, form, stock):
    first, second = issued(office, form), issued(office, form)
    office.write(let_out, first, ASSET, stock[0])
    office.write(let_out, first, ASSET, stock[1])
    office.write(let_in, first, ASSET, stock[1])
    for statement, word in ATTACKS:
        with pytest.raises(IntegrityError, match=word):
            attack(office, statement)
    attack(office, f"UPDATE gate_line SET state = 'out' WHERE pass_id = {second} AND position = 2")  # the control


def test_nothing_leaves_on_a_cancelled_pass_even_by_sql(office, form):
    ident = issued(office, form)
    office.write(cancel_pass, ident, "Not needed")
    with pytest.raises(IntegrityError, match="gate_pass_cancelled"):
        attack(office, "UPDATE gate_line SET state = 'out'")
    with pytest.raises(IntegrityError, match="gate_pass_cancelled"):
        attack(office, "UPDATE gate_pass SET cancelled_at = NULL, cancelled_why = ''")
    assert office.read(pass_card, ident).lines[0].state is LineState.LISTED
    assert PassList.kind == PASS
