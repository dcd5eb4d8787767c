"""The road's papers: a ticket's tag is read back from the rendered page, and says what it must; day sheets."""

from __future__ import annotations

from datetime import date

import pypdfium2
import pytest
import zxingcpp

from cbo_desk.errors import Refusal
from cbo_desk.transport import Passenger, assign_request, join_trip, request_card, take_off
from cbo_desk.transport.ticket import day_sheet, day_sheets, ticket, write_day_sheets, write_ticket
from tests.transport.test_planning import approved, form, weekly

__all__ = ["weekly"]


def read(path):
    """Text of a PDF, and the codes on its rendered pages."""
    document = pypdfium2.PdfDocument(path)
    texts, codes = [], []
    for page in document:
        text = page.get_textpage()
        texts.append(text.get_text_bounded())
        text.close()
        codes += [each.text for each in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())]
        page.close()
    document.close()
    return "\n".join(texts), codes


@pytest.fixture
def planned(office, weekly):
    """Two requests on one trip, one of them with somebody who is not of the UN."""
    people = (Passenger("Ngozi Okafor"), Passenger("Iris Bello", of_un=False))
    one, two = approved(
        office, form(weekly, people=3, passengers=people, from_place="Block M", charge_code="UNH-11284"),
        form(weekly, "GIG", "CBD", 11.1),
    )  # fmt: skip
    office.write(assign_request, one, office.read(request_card, one).version, weekly.vehicles[0], weekly.drivers[0])
    card = office.read(request_card, one)
    office.write(join_trip, two, card.row.trip_id, card.trip_version)
    return card.row.trip_id


def test_a_ticket_says_it_all_and_its_tag_is_read(office, planned, tmp_path):
    shown = office.read(ticket, planned)
    path = tmp_path / "ticket.pdf"
    write_ticket("Gigiri compound", shown, path)
    text, codes = read(path)
    assert codes == [shown.code]
    assert shown.code.startswith("CBOT")
    for word in ("Trip ticket", "TT-0001", "UN 041", "Otieno, Joseph", "Block M", "T-0001", "T-0002", "UNH-11284",
                 "Ngozi Okafor", "RELEASE FORM MISSING", "1 passenger not named", "Site meeting", "official",
                 "Authority: ada"):  # fmt: skip
        assert word in text, word


def test_day_sheets_of_everybody_who_drives(office, weekly, planned, tmp_path):
    sheets = office.read(day_sheets, date(2026, 8, 24))
    assert [(sheet.driver, len(sheet.tickets)) for sheet in sheets] == [("Otieno, Joseph", 1)]
    path = tmp_path / "sheets.pdf"
    write_day_sheets("Gigiri compound", [*sheets, office.read(day_sheet, weekly.drivers[1], date(2026, 8, 24))], path)
    text, _ = read(path)
    for word in ("Otieno J.", "Mwangi P.", "Shift", "06:00 to 18:00", "Pick up"):
        assert word in text, word
    with pytest.raises(Refusal, match="Nobody drives on this day"):
        write_day_sheets("Gigiri compound", office.read(day_sheets, date(2026, 8, 30)), path)
    office.write(take_off, [1, 2])
    with pytest.raises(Refusal, match="no longer there"):
        office.read(ticket, planned)
