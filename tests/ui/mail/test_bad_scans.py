"""Issue 4, bad input: on every screen of the mail desk, on either engine, a bad scan gets a sentence and is not lost.

The counter itself is in test_bad_input.py; here are the screens where an item goes from hand to hand.
"""

from __future__ import annotations

import re

import pytest

from cbo_desk.folding import storable
from cbo_desk.mail import (
    Addressed,
    Details,
    MailList,
    State,
    Taken,
    close_round,
    deliver_items,
    item_card,
    outgoing,
    plan_round,
    pouch,
    receive_item,
    round_card,
)
from cbo_desk.mail.outgoing import outgoing_card
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.tags import give_tags, tags_of, unknown_scans
from tests.conftest import MORNING
from tests.mail.codes import s10
from tests.mail.outgoing.conftest import STROKES, bag, for_pouch, hand_in, stock
from tests.ui.mail.conftest import Clerk
from tests.ui.places.conftest import open_window
from tests.ui.property.leaving import scan
from tests.writing import insert
from ui.mail.messenger import MessengerWindow

__all__ = ["open_window"]

TALK = re.compile(r"Traceback|sqlite|psycopg|IntegrityError|None|<[a-z]+ object|\bSELECT\b|[\x00-\x1f\u202e]")
MISREAD = "CBOM00000000000"
"""One of our own tags with a wrong check character: it must never come in as mail."""
JUNK = (MISREAD, "'; DROP TABLE mail_item; --", "https://example.org/?q=1", "\u202eLAPTOP\x00\x07", "x" * 10_000, "]C1")


@pytest.fixture
def morning(qtbot, open_window, office):
    """A window on one engine, and what goes wrong in a morning: codes by what they are of."""
    desk = stock(office)
    clerk = Clerk(qtbot, open_window(office, "mail"))
    clerk.desk, clerk.office = desk, office
    erik = Details(addressed=Addressed(person_id=desk.people["Erik"]))
    clerk.items = [office.write(receive_item, s10(n), erik).ids[0] for n in (1, 2)]
    office.write(deliver_items, clerk.items[:1], Taken("Lindqvist, Erik", strokes=STROKES))
    laptop = office.write(receive_assets, AssetForm(desk.unep, "L-1", "Laptop")).ids
    clerk.asset = office.read(tags_of, "property.asset", list(laptop))[0].code
    clerk.gone, clerk.fresh = (office.read(item_card, ident).code for ident in clerk.items)
    return clerk


def bad(clerk, text):
    """Scan something bad: the sentence that was told, which is one for people."""
    outcome = scan(clerk, text)
    assert not outcome.good, (text, outcome)
    assert outcome.words.strip()[-1:] in (".", "?", "!"), (text, outcome.words)
    assert not TALK.search(outcome.words), (text, outcome.words)
    assert len(outcome.words) < 400
    return outcome.words


def throw_junk(clerk):
    """Every piece of junk is refused in words, nothing comes in by it, and it waits on the Today page."""
    before = clerk.office.read(MailList().count)
    page = clerk.page
    for text in JUNK:
        bad(clerk, text)
        assert clerk.page is page
    assert clerk.office.read(MailList().count) == before
    waiting = [line.text for line in clerk.office.read(unknown_scans)]
    for text in JUNK:
        assert any(storable(text)[:60].strip() in one for one in waiting), ascii(text)


def sent_to_its_desk(clerk):
    """A tag of an asset opens the asset, and says so."""
    assert bad(clerk, clerk.asset) == "L-1 is not mail: it is shown on its own desk."
    assert clerk.window.shell.desk() == "property"


def at(clerk, page, detail=""):
    found = clerk.window.shell.go(page, detail)
    clerk.still()
    if detail:
        clerk.until(lambda: found.card.card is not None)
    return found


def test_list_counter_and_shelves(morning):
    clerk, office = morning, morning.office
    at(clerk, "mail")
    throw_junk(clerk)
    assert scan(clerk, clerk.gone).good
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.state is State.DELIVERED)
    at(clerk, "mail/rapid")
    assert "The check character does not fit" in bad(clerk, MISREAD)
    assert "No carrier's number holds ?." in bad(clerk, JUNK[2])
    assert "was received on 24 Aug 2026" in bad(clerk, s10(2))  # the same number within a month
    sent_to_its_desk(clerk)
    at(clerk, "mail/shelving")
    assert bad(clerk, clerk.fresh) == "Scan the shelf first."
    throw_junk(clerk)

    def tag_shelf(session):
        session.info["now"] = MORNING
        return give_tags(session, "places.place", [clerk.desk.places["H-01"]])

    [shelf] = insert(office, tag_shelf)
    assert scan(clerk, shelf).good
    assert bad(clerk, clerk.gone) == "M-000001 has been delivered already, so it cannot be put on a shelf."
    assert bad(clerk, clerk.asset) == "This is no mail. Nothing was done with it."
    throw_junk(clerk)
    assert scan(clerk, clerk.fresh).good
    clerk.until(lambda: office.read(item_card, clerk.items[1]).shelf == "H-01")


def test_rounds_and_the_messenger(morning):
    clerk, office = morning, morning.office
    tour, shut = (office.write(plan_round, name, "Kamau").ids[0] for name in ("North", "South"))
    office.write(close_round, shut)
    at(clerk, "mail/rounds", f"mail.round:{shut}")
    clerk.until(lambda: clerk.page.card.card.id == shut)
    assert bad(clerk, clerk.fresh) == "R-0002 is closed: M-000002 is not put on it. Choose another round."
    clerk.page.open_at(f"mail.round:{tour}")
    clerk.until(lambda: clerk.page.card.card.id == tour)
    throw_junk(clerk)
    assert "has been delivered already" in bad(clerk, clerk.gone)
    assert scan(clerk, clerk.fresh).good
    clerk.until(lambda: clerk.page.card.card.items)
    # By its other barcode, or a scanner that sends everything twice: it stays aboard.
    assert bad(clerk, s10(2)).startswith("M-000002 is aboard R-0001 already.")
    assert [item.aboard for item in office.read(round_card, tour).items] == [True]
    clerk.window.shell.actions_.run("mail.messenger")
    window = clerk.page.findChild(MessengerWindow)
    clerk.until(lambda: len(window.rows) == 1)
    throw_junk(clerk)
    sent_to_its_desk(clerk)
    assert [item.aboard for item in office.read(round_card, tour).items] == [True]
    window.close()


def test_outgoing_manifests_and_pouch(morning):
    clerk, office, desk = morning, morning.office, morning.desk
    item, other = hand_in(office, desk, desk.dhl), hand_in(office, desk, desk.posta)
    sheet = office.write(outgoing.open_manifest, desk.dhl).ids[0]
    small, heavy = for_pouch(office, desk), for_pouch(office, desk, weight_g=17_000)
    package, cash = for_pouch(office, desk, weight_g=15_500), for_pouch(office, desk, contents="cash")
    more = for_pouch(office, desk, weight_g=15_500)
    ident = bag(office, desk)

    def code(which):
        return office.read(outgoing_card, which).code

    at(clerk, "mail/outgoing")
    assert scan(clerk, code(item)).good
    throw_junk(clerk)
    at(clerk, "mail/manifests", f"mail.manifest:{sheet}")
    throw_junk(clerk)
    assert "goes with Posta Kenya" in bad(clerk, code(other))
    assert "goes by pouch, not by a carrier" in bad(clerk, code(small))
    assert scan(clerk, code(item)).good
    clerk.window.runner.write(outgoing.close_manifest, sheet)
    clerk.until(lambda: clerk.page.card.card.row.closed_at is not None)
    assert bad(clerk, code(item)).startswith("MF-0001 is closed: O-000001 is not put on it.")
    at(clerk, "mail/pouch", f"mail.bag:{ident}")
    throw_junk(clerk)
    assert "goes by a carrier, not by pouch" in bad(clerk, code(other))
    assert "16 kg" in bad(clerk, code(heavy))
    assert "does not carry: cash" in bad(clerk, code(cash))
    assert scan(clerk, code(package)).good
    assert "with this it would be 1 kg over" in bad(clerk, code(more))  # full: 30 kg
    clerk.window.runner.write(pouch.certify, ident)
    clerk.window.runner.write(pouch.seal, ident, "UN 448120")
    clerk.until(lambda: clerk.page.card.card.sealed_at is not None)
    assert bad(clerk, code(small)) == "PB-0001 is sealed: nothing goes in or out any more."
    sent_to_its_desk(clerk)
