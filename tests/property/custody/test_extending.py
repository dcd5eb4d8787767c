"""A loan is extended to a later day that is to come: on paper, told to its borrower, taken back as any handover."""

from __future__ import annotations

from datetime import date, timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from cbo_desk.errors import Refusal
from cbo_desk.mail_server import MailServer, set_mail_server
from cbo_desk.notifications import outbox
from cbo_desk.property import State, asset_card, change_state
from cbo_desk.property.custody import (
    HandoverList,
    ItemsRefused,
    Kind,
    LoanList,
    Order,
    custody_figures,
    hand_over_assets,
    look_over,
    reverse_handover,
    sign_handover,
)
from cbo_desk.property.custody.paper import write_handover
from cbo_desk.property.custody.sheets import handover_sheet
from db.custody import Handover, HandoverItem
from db.people import Person
from db.records import AuditEntry, Notification
from tests.conftest import MORNING
from tests.places_to_sign import places_to_sign
from tests.rows import undo
from tests.writing import insert, rows

TODAY = MORNING.date()


def lend(office, shop, *numbers, days=3, to=None):
    order = Order(Kind.LEND, to or shop.erik, due_on=TODAY + timedelta(days=days))
    return office.write(hand_over_assets, [shop.assets[number] for number in numbers], order)


def extend(office, shop, *numbers, days=10, to=None):
    order = Order(Kind.EXTEND, to or shop.erik, due_on=TODAY + timedelta(days=days))
    return office.write(hand_over_assets, [shop.assets[number] for number in numbers], order)


def loans(office):
    found = [line.row for line in office.read(LoanList(sort="inventory_no").first)]
    return {row.inventory_no: (row.due_on, row.person, row.reference) for row in found}


def mailed(office):
    return [(one.to, one.subject, one.state) for one in office.read(outbox)][::-1]


def test_longer_and_back_again(office, shop, stands, clock):
    lend(office, shop, "A1", "A2", days=0)
    clock.now += timedelta(days=2)  # late by now, and extended all the same
    before = stands()
    made = extend(office, shop, "A1", "A2")
    assert made.said == "2 assets: loan to Lindqvist, Erik extended to 3 Sep 2026. HO-0002."
    assert stands() == before
    assert loans(office) == {n: (date(2026, 9, 3), "Lindqvist, Erik", "HO-0002") for n in ("A1", "A2")}
    assert office.read(custody_figures).overdue == 0
    card = office.read(asset_card, shop.assets["A1"])
    assert (card.due_on, card.events[0].said) == (
        date(2026, 9, 3), "Loan to Lindqvist, Erik extended to 3 Sep 2026 (HO-0002)."
    )  # fmt: skip
    again = extend(office, shop, "A1", days=20)
    with pytest.raises(Refusal, match=r"A1 has been changed since, so HO-0002 can no longer be undone"):
        undo(office, made)
    back = undo(office, again)
    assert loans(office)["A1"][0] == date(2026, 9, 3)
    undo(office, back)  # and done once more
    assert loans(office)["A1"][0] == date(2026, 9, 13)
    wanted = select(HandoverItem.from_due_on, HandoverItem.to_due_on, Handover.kind).join(
        Handover, Handover.id == HandoverItem.handover_id
    )
    lines = rows(office, wanted.where(HandoverItem.inventory_no == "A1").order_by(HandoverItem.id))
    assert [line[2] for line in lines] == ["lend", "extend", "extend", "reversal", "reversal"]
    assert all(earlier[1] == later[0] for earlier, later in zip(lines, lines[1:], strict=False))
    told = rows(office, select(AuditEntry.command, AuditEntry.args).order_by(AuditEntry.seq.desc()))[2]
    assert told[0] == "property.hand_over_assets"
    assert "extend" in str(told[1])
    assert [row.kind for row in (line.row for line in office.read(HandoverList(unsigned=True).first))] == [Kind.LEND]
    office.write(sign_handover, made.handover_id, "Erik Lindqvist", [], True)
    office.write(hand_over_assets, [shop.assets["A1"]], Order(Kind.RETURN, None, shop.store))
    assert set(loans(office)) == {"A2"}


def test_each_refusal_is_a_sentence(office, shop, clock):
    lend(office, shop, "A1")
    lend(office, shop, "A2", to=shop.grace)
    office.write(hand_over_assets, [shop.assets["A3"]], Order(Kind.ISSUE, shop.erik))
    lend(office, shop, "A4")
    office.write(change_state, [shop.assets["A4"]], State.MISSING)
    wanted = {
        ("A1", 3): "A1 is due back on 27 Aug 2026 already. Choose a later day.",
        ("A1", 1): "A1 is due back on 27 Aug 2026 already. Choose a later day.",
        ("A2", 9): "A2 is on loan to Otieno, Grace. Extend that loan by itself.",
        ("A3", 9): "A3 is not on loan: it is in service. Only a loan can be extended.",
        ("A4", 9): "A4 is not on loan: it is missing. Only a loan can be extended.",
        ("A5", 9): "A5 is not on loan: it is in store. Only a loan can be extended.",
    }
    for (number, days), sentence in wanted.items():
        order = Order(Kind.EXTEND, shop.erik, due_on=TODAY + timedelta(days=days))
        with pytest.raises(ItemsRefused) as caught:
            office.write(hand_over_assets, [shop.assets[number]], order)
        assert caught.value.items == {shop.assets[number]: sentence}
        assert [line.why for line in office.read(look_over, [shop.assets[number]], order)] == [sentence]
    for parts, sentence in (
        ({"due_on": None}, "Say on which new day the loan comes back."),
        ({"due_on": TODAY}, "Today is no extension. Choose a day to come."),
        ({"due_on": TODAY - timedelta(days=1)}, "23 Aug 2026 is over. Choose a day to come."),
        ({"due_on": date(2032, 1, 1)}, "A loan lasts three years at most. Issue it for longer use."),
        ({"taker_id": None}, "Scan what is on loan first: whose loan is extended?"),
        ({"taker_id": shop.gone}, "Silva left on 31 Jan 2026. Take back what is on loan."),
        ({"place_id": shop.store}, "What is on loan stays where it is while the loan is extended."),
    ):
        given = {"taker_id": shop.erik, "due_on": TODAY + timedelta(days=9), **parts}
        with pytest.raises(Refusal) as refused:
            office.write(hand_over_assets, [shop.assets["A1"]], Order(Kind.EXTEND, **given))
        assert str(refused.value) == sentence
    mixed = Order(Kind.EXTEND, shop.erik, due_on=TODAY + timedelta(days=9))
    made = office.write(hand_over_assets, [shop.assets[n] for n in ("A1", "A2", "A5")], mixed, True)
    assert (made.ids, set(made.refused)) == ((shop.assets["A1"],), {shop.assets["A2"], shop.assets["A5"]})


def test_the_borrower_is_told_once_a_mail_server_is_named(office, shop, clock):
    lend(office, shop, "A1", to=shop.grace)
    lend(office, shop, "A2")
    assert extend(office, shop, "A1", to=shop.grace).said.endswith("HO-0003.")
    assert mailed(office) == []
    office.write(set_mail_server, MailServer("mail.example.org", 25, "none", "", "desk@example.org"))

    def forget(session):
        session.get_one(Person, shop.erik).email = ""

    insert(office, forget)
    assert extend(office, shop, "A2").said.endswith("Lindqvist, Erik has no e-mail address and is not told.")
    made = extend(office, shop, "A1", days=20, to=shop.grace)
    assert made.said == (
        "A1: loan to Otieno, Grace extended to 13 Sep 2026. HO-0005. Otieno, Grace is told by mail."
    )  # fmt: skip
    to, longer = '"Grace Otieno" <grace@example.org>', "Your loan is extended to 13 Sep 2026: A1"
    assert mailed(office) == [(to, longer, "waiting")]
    (message,) = office.read(outbox)
    assert "- A1, Laptop, Dell Latitude 7450: due on 13 Sep 2026, and no longer on 3 Sep 2026" in message.body
    assert message.due_at > office._clock()  # undone at once it is told to nobody
    back = undo(office, made)
    assert back.said.endswith("The borrower was not told yet, and is not.")
    assert mailed(office) == [(to, longer, "failed")]
    anew = undo(office, back)  # done again: now she must hear of it
    assert mailed(office)[1:] == [(to, "Your loan is due on another day: A1", "waiting")]

    def sent(session):
        for row in session.scalars(select(Notification).where(Notification.state == "waiting")):
            row.state = "sent"

    insert(office, sent)
    office.write(reverse_handover, anew.handover_id)
    assert [state for *_rest, state in mailed(office)] == ["failed", "sent", "waiting"]
    assert "due on 3 Sep 2026, and no longer on 13 Sep 2026" in office.read(outbox)[0].body


def test_the_extension_is_a_paper_of_its_own(sqlite_office, office_shop, tmp_path):
    lend(sqlite_office, office_shop, "A1", "A2")
    made = extend(sqlite_office, office_shop, "A1", "A2")
    sheet = sqlite_office.read(handover_sheet, made.handover_id)
    write_handover(sheet, tmp_path / "e.pdf")
    told = " ".join(pypdfium2.PdfDocument(tmp_path / "e.pdf")[0].get_textpage().get_text_range().split())
    for words in (
        "Extension of a loan", "HO-0002", "Borrower", "Lindqvist, Erik", "Due back", "3 September 2026",
        "was due back on 27 Aug 2026", "Property clerk (ada)",
    ):  # fmt: skip
        assert words in told
    assert places_to_sign(tmp_path / "e.pdf") == [2]
    assert "Given by" not in told
