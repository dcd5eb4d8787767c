"""What is printed is read back by an independent reader: every tag, every name, and the strokes of the signature."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2 as pdfium
import pytest
import zxingcpp

from cbo_desk.errors import Refusal
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.property.custody import Kind, Order, hand_over_assets, reverse_handover, sign_handover
from cbo_desk.property.custody.paper import write_clearance, write_command_tags, write_handover
from cbo_desk.property.custody.sheets import clearance_sheet, handover_sheet
from cbo_desk.tags import tags_of
from cbo_desk.tags.orders import Order as Command
from cbo_desk.tags.orders import code_of
from tests.conftest import MORNING
from tests.places_to_sign import places_to_sign

STROKES = [[[0, 0, 0], [40, 30, 16], [80, 0, 40]], [[100, 10, 300], [140, 30, 316]]]
DPI = 300


def pictures(path):
    document = pdfium.PdfDocument(path)
    return [page.render(scale=DPI / 72).to_pil().convert("L") for page in document]


def words(path):
    return " ".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(path)).split()


def read_back(path):
    return [found.text for picture in pictures(path) for found in zxingcpp.read_barcodes(picture)]


@pytest.fixture
def trolley(sqlite_office, office_shop):
    form = AssetForm(entity_id=office_shop.unep, inventory_no="x", description="Chair", place_id=office_shop.store)
    ids = sqlite_office.write(receive_assets, form, [f"C{n:02}" for n in range(60)]).ids
    return sqlite_office.write(hand_over_assets, ids, Order(Kind.ISSUE, office_shop.erik))


def test_sixty_tags_are_read_from_the_sheet(sqlite_office, trolley, tmp_path):
    sqlite_office.write(sign_handover, trolley.handover_id, "Lindqvist, Erik", STROKES)
    sheet = sqlite_office.read(handover_sheet, trolley.handover_id)
    write_handover(sheet, tmp_path / "sheet.pdf")
    codes = [line.code for line in sqlite_office.read(tags_of, "property.asset", list(trolley.ids))]
    assert len(codes) == 60
    assert sorted(read_back(tmp_path / "sheet.pdf")) == sorted([*codes, "HO-0001"])
    told = " ".join(words(tmp_path / "sheet.pdf"))
    for said in ("Issue sheet", "HO-0001", "Lindqvist, Erik", "24 August 2026, 09:00", "C59", "Page 5 of 5"):
        assert said in told, said


def test_the_signature_is_drawn_or_there_is_a_place_for_it(sqlite_office, office_shop, tmp_path):
    """Between the lines for name and date there is nothing on a sheet to sign, and strokes on one that was signed."""
    made = sqlite_office.write(hand_over_assets, office_shop.all[:1], Order(Kind.ISSUE, office_shop.erik))

    def ink():
        write_handover(sqlite_office.read(handover_sheet, made.handover_id), tmp_path / "s.pdf")
        first, last = (round((78 + 15 + 14 + down) / 25.4 * DPI) for down in (11.7, 15.3))
        box = (round(16 / 25.4 * DPI) - 2, first, round(97 / 25.4 * DPI), last)
        return sum(value < 128 for value in pictures(tmp_path / "s.pdf")[-1].crop(box).tobytes())

    assert ink() == 0
    assert places_to_sign(tmp_path / "s.pdf") == [2]
    told = " ".join(words(tmp_path / "s.pdf"))
    for said in ("Received: 1 asset as listed.", "Taken by Name Date Signature Lindqvist, Erik", "clerk (ada) Name"):
        assert said in told
    sqlite_office.write(sign_handover, made.handover_id, "Erik", STROKES)
    assert ink() > 100
    assert places_to_sign(tmp_path / "s.pdf") == [1]  # whoever gave it signs against
    assert "Erik 24 August 2026, 09:00 · signed on the screen" in " ".join(words(tmp_path / "s.pdf"))


def test_who_signs_follows_from_the_way(sqlite_office, office_shop, tmp_path):
    """From hand to hand both are named; signed on paper, there is a place for both; a full page turns for them."""
    ids, erik, grace = office_shop.all, office_shop.erik, office_shop.grace

    def said(order, signed=False):
        made = sqlite_office.write(hand_over_assets, ids, order)
        if signed:
            sqlite_office.write(sign_handover, made.handover_id, "Grace O.", [], True)
        write_handover(sqlite_office.read(handover_sheet, made.handover_id), tmp_path / "s.pdf")
        return sum(places_to_sign(tmp_path / "s.pdf")), " ".join(words(tmp_path / "s.pdf"))

    said(Order(Kind.ISSUE, erik))
    places, told = said(Order(Kind.HAND_OVER, grace), signed=True)
    assert places == 2
    assert "Given by Name Date Signature Lindqvist, Erik Taken by Name Date Signature Grace O." in told
    places, told = said(Order(Kind.RETURN, place_id=office_shop.store))
    assert places == 2
    assert "Given back: 6 assets as listed." in told
    assert "Given back by Name Date Signature Otieno, Grace" in told


def test_loan_return_and_reversal_have_their_words(sqlite_office, office_shop, tmp_path):
    due = MORNING.date() + timedelta(days=9)
    ids = office_shop.all[:2]
    lent = sqlite_office.write(hand_over_assets, ids, Order(Kind.LEND, office_shop.erik, due_on=due, note="Mission"))
    back = sqlite_office.write(reverse_handover, lent.handover_id)
    for made, wanted in ((lent, "Loan sheet"), (back, "Reversed handover")):
        write_handover(sqlite_office.read(handover_sheet, made.handover_id), tmp_path / "s.pdf")
        assert wanted in " ".join(words(tmp_path / "s.pdf"))
    told = " ".join(words(tmp_path / "s.pdf"))
    assert "Reverses HO-0001." in told
    write_handover(sqlite_office.read(handover_sheet, lent.handover_id), tmp_path / "s.pdf")
    told = " ".join(words(tmp_path / "s.pdf"))
    assert "2 September 2026" in told
    assert "Mission REVERSED by HO-0002." in told


def test_a_leaver_sees_everything_on_one_sheet(sqlite_office, office_shop, tmp_path):
    due = MORNING.date() + timedelta(days=9)
    sqlite_office.write(hand_over_assets, office_shop.all[:2], Order(Kind.ISSUE, office_shop.erik))
    sqlite_office.write(hand_over_assets, office_shop.all[2:3], Order(Kind.LEND, office_shop.erik, due_on=due))
    sheet = sqlite_office.read(clearance_sheet, office_shop.erik)
    assert [line.inventory_no for line in sheet.lines] == ["A1", "A2", "A3"]
    assert sheet.lines[2].note == "on loan until 2 Sep 2026, S1"
    write_clearance(sheet, tmp_path / "c.pdf")
    assert places_to_sign(tmp_path / "c.pdf") == [2]
    assert sorted(read_back(tmp_path / "c.pdf")) == sorted(office_shop.tag(n) for n in ("A1", "A2", "A3"))
    write_clearance(sqlite_office.read(clearance_sheet, office_shop.grace), tmp_path / "c.pdf")
    assert "nothing: cleared" in " ".join(words(tmp_path / "c.pdf"))


def test_command_tags_are_read_back(tmp_path):
    write_command_tags("Gigiri", tmp_path / "t.pdf")
    assert sorted(read_back(tmp_path / "t.pdf")) == sorted(code_of(order) for order in Command)


def test_what_is_not_there(sqlite_office, office_shop, tmp_path):
    for query in (handover_sheet, clearance_sheet):
        with pytest.raises(Refusal, match="is not there"):
            sqlite_office.read(query, 999)
    with pytest.raises(Refusal, match="could not be written"):
        write_clearance(sqlite_office.read(clearance_sheet, office_shop.erik), tmp_path / "no" / "c.pdf")
