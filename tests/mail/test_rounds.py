"""Rounds: stops in order, loading by scan, one signature a stop, and nothing closed while something is aboard."""

from __future__ import annotations

import pypdfium2
import pytest
from sqlalchemy.exc import IntegrityError

from cbo_desk.errors import Refusal
from cbo_desk.mail import (
    Addressed,
    Details,
    RoundList,
    State,
    Taken,
    bring_back,
    close_round,
    deliver_items,
    drop_round,
    fail_delivery,
    item_card,
    load_items,
    load_waiting,
    plan_round,
    receive_item,
    refuse_items,
    round_card,
    send_round,
)
from cbo_desk.mail.paper import write_proof, write_round_sheet
from tests.mail.codes import s10

SIGNED = Taken("Yusuf, Amina", strokes=(((0.0, 0.0, 0.0), (40.0, 20.0, 80.0)), ((9.0, 5.0, 120.0),)))


@pytest.fixture
def loaded(office, compound):
    """Four items on a round with two stops: two for M-214, one of them registered, and two for M-118."""
    people = compound.people
    ids = []
    for who, code in (("Erik", ""), ("Samir", s10(1)), ("Elin", ""), ("Elin", s10(2))):
        details = Details(addressed=Addressed(person_id=people[who]))
        ids += office.write(receive_item, code, details).ids
    ident = office.write(plan_round, "North blocks", "Kamau S.", [compound.places["M-214"]]).ids[0]
    said = office.write(load_items, ids, ident).said
    assert said == "4 items on R-0001. New stop: M-118."
    return ident, ids


def test_a_round_from_planning_to_closing(office, loaded):
    ident, ids = loaded
    office.write(send_round, ident)
    card = office.read(round_card, ident)
    assert [(stop.code, len(stop.aboard)) for stop in card.stops] == [("M-214", 2), ("M-118", 2)]
    office.write(deliver_items, ids[:2], SIGNED)
    office.write(fail_delivery, [ids[2]], "nobody there")
    office.write(refuse_items, [ids[3]], "not ours")
    card = office.read(round_card, ident)
    assert card.stops[0].done
    assert [item.proof.taken_by for item in card.stops[0].items] == ["Yusuf, Amina"] * 2
    assert len({item.proof.id for item in card.stops[0].items}) == 1  # one signature for the whole stop
    assert [item.id for item in card.comes_back] == ids[2:]
    with pytest.raises(Refusal, match=r"M-000003, M-000004: still aboard\. Scan what came back"):
        office.write(close_round, ident)
    office.write(bring_back, ids[2:])
    assert [office.read(item_card, one).state for one in ids[2:]] == [State.RECEIVED, State.REFUSED]
    office.write(close_round, ident)
    with pytest.raises(Refusal, match="R-0001 is closed: nothing can be put on it"):
        office.write(load_items, ids[2:3], ident)


def test_the_database_shuts_a_closed_round_and_closes_none_with_mail_aboard(office, loaded):
    ident, ids = loaded

    def run(statement):
        with office.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    close = f"UPDATE mail_round SET closed_at = '2026-08-24T07:00:00.000000Z', closed_by = 'eve' WHERE id = {ident}"
    with pytest.raises(IntegrityError, match="mail_round_aboard"):
        run(close)
    office.write(deliver_items, ids, SIGNED)
    run(close)  # the control: with nothing aboard the same statement is right
    for statement in (
        f"UPDATE mail_round SET closed_at = NULL, closed_by = '' WHERE id = {ident}",
        f"UPDATE mail_round SET messenger = 'Eve' WHERE id = {ident}",
        f"DELETE FROM mail_round WHERE id = {ident}",
    ):
        with pytest.raises(IntegrityError, match="mail_round_closed"):
            run(statement)
    fresh = office.write(receive_item, "").ids[0]
    with pytest.raises(IntegrityError, match="mail_round_closed"):
        run(
            "INSERT INTO mail_event (item_id, at, by, workstation, what, before, state, to_hand, round_id) VALUES "
            f"({fresh}, '2026-08-24T07:00:00.000000Z', 'eve', 'X', 'load', 'received', 'out', 'Eve', {ident})"
        )


def test_loading_needs_a_place_and_an_item_that_waits(office, compound, loaded):
    ident, ids = loaded
    nowhere = office.write(receive_item, "").ids[0]
    with pytest.raises(Refusal, match="M-000005 has no place to be brought to"):
        office.write(load_items, [nowhere], ident)
    with pytest.raises(Refusal, match="M-000001 is out for delivery, so it cannot be put on a round"):
        office.write(load_items, ids[:1], ident)
    with pytest.raises(Refusal, match="Nothing waits for the stops of R-0001"):
        office.write(load_waiting, ident)
    empty = office.write(plan_round, "South", "Kamau S.").ids[0]
    with pytest.raises(Refusal, match="R-0002 has no stop yet. Scan the first item: it brings its stop."):
        office.write(load_waiting, empty)
    details = Details(addressed=Addressed(person_id=compound.people["Amina"]))
    office.write(receive_item, "", details)
    assert office.write(load_waiting, ident).said == "M-000006 on R-0001."


def test_taken_off_before_it_leaves(office, compound):
    details = Details(addressed=Addressed(person_id=compound.people["Erik"]))
    item = office.write(receive_item, "", details).ids[0]
    made = office.write(plan_round, "North", "")
    loading = office.write(load_items, [item], made.ids[0])
    office.write(loading.undo.command, *loading.undo.args)
    assert office.read(round_card, made.ids[0]).items == ()
    with pytest.raises(Refusal, match="Nothing is aboard"):
        office.write(send_round, made.ids[0])
    with pytest.raises(Refusal, match="has carried mail"):
        office.write(drop_round, made.ids[0])
    other = office.write(plan_round, "South", "")
    office.write(other.undo.command, *other.undo.args)
    assert [line.row.name for line in office.read(RoundList().first)] == ["North"]
    with pytest.raises(Refusal, match="A round needs a name"):
        office.write(plan_round, " ", "")


def words(path):
    document = pypdfium2.PdfDocument(path)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_round_sheet_and_proof_are_read_back(sqlite_office, sqlite_loaded, tmp_path):
    ident, ids = sqlite_loaded
    write_round_sheet("Gigiri", sqlite_office.read(round_card, ident), tmp_path / "round.pdf")
    told = words(tmp_path / "round.pdf")
    for said in (
        "Round sheet",
        "R-0001",
        "North blocks",
        "Kamau S.",
        "1. M-214",
        "2. M-118",
        "M-000004",
        "accountable",
    ):
        assert said in told, said
    sqlite_office.write(deliver_items, ids[:2], SIGNED)
    write_proof("Gigiri", sqlite_office.read(item_card, ids[1]), tmp_path / "signed.pdf")
    told = words(tmp_path / "signed.pdf")
    for said in (
        "Proof of delivery",
        "M-000002",
        "Haddad, Samir",
        "Posta Kenya",
        "signed on the screen",
        "Yusuf, Amina",
    ):
        assert said in told, said
    # The control: a name alone draws no ink where the signature stands.
    sqlite_office.write(deliver_items, [ids[2]], Taken("Elin"))
    write_proof("Gigiri", sqlite_office.read(item_card, ids[2]), tmp_path / "named.pdf")
    assert "named" in words(tmp_path / "named.pdf")
    assert strokes_of(tmp_path / "signed.pdf") == strokes_of(tmp_path / "named.pdf") + 2


def strokes_of(path):
    """How many paths that are stroked and not straight rules a page's signature has: ours use round caps."""
    page = pypdfium2.PdfDocument(path)[0]
    from pypdfium2 import raw

    return sum(
        raw.FPDFPageObj_GetLineCap(one.raw) == raw.FPDF_LINECAP_ROUND
        for one in page.get_objects([raw.FPDF_PAGEOBJ_PATH])
    )


@pytest.fixture
def sqlite_loaded(sqlite_office):
    from tests.mail.conftest import fill
    from tests.writing import insert

    return loaded.__wrapped__(sqlite_office, insert(sqlite_office, fill))


def test_the_rounds_are_written_as_they_are_listed(office, loaded):
    from cbo_desk.mail import RoundList
    from cbo_desk.mail.exporting import ROUND_COLUMNS, round_rows

    [row] = list(round_rows(office, RoundList()))
    assert len(row) == len(ROUND_COLUMNS)
    assert row[0].startswith("R")
    assert row[5] is None, "it is not closed"
