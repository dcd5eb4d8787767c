"""Issue 3, bad input: whatever is scanned, on every screen that takes scans, gets a sentence there and is not lost.

Each screen is one window on one engine; every bad scan is one after the other, as on a bad morning. The lines of the
issue, one by one, are in test_bad_input_table.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt

from cbo_desk.folding import storable
from cbo_desk.office import Office
from cbo_desk.people import PersonForm, edit_person, person_card
from cbo_desk.permissions import administrator
from cbo_desk.property import KIND, asset_card, receive_assets
from cbo_desk.property.disposal import open_case
from cbo_desk.property.gate import PassForm, issue_pass, pass_card
from cbo_desk.property.verification import Scope, open_campaign
from cbo_desk.tags import give_tags, replace_tag, tags_of, unknown_scans
from db.engine import open_engine
from tests.ui.places.conftest import CONTROL, Hands, furnish, open_window
from tests.ui.property.leaving import at, scan
from tests.writing import insert

__all__ = ["open_window"]

NEVER_SEEN = "CBOA00000000000"
JUNK = (
    NEVER_SEEN,
    "'; DROP TABLE asset; --",
    "https://example.org/?q=1",
    "../../etc/passwd",
    "\u202eLAPTOP\u0000\x07",
    "العربية 漢字 🎉",
    "%s%n{0}{asset}",
    "9" * 3000,
    "\t \u00a0x",
)
TALK = re.compile(r"Traceback|sqlite|psycopg|IntegrityError|None|<[a-z]+ object|\bSELECT\b")


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request, qtbot, open_window, clock):
    """Hands at a window on one engine, and what a bad morning needs: tags that are retired, of others, of a leaver."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    office = Office(open_engine(url), administrator("ada", "Ada Achieng", "DESK-1"), clock)
    made = furnish(office)
    made.clock = clock
    made.spare = office.write(
        receive_assets, replace(office.read(asset_card, made.asset2).form, inventory_no="S-9", custodian_id=None)
    ).ids[0]

    def tag_the_rest(session):
        session.info["now"] = clock.now
        have = {line.subject_id for line in tags_of(session, "places.place", [made.m214, made.m215, made.store])}
        give_tags(session, "places.place", [one for one in (made.m214, made.m215, made.store) if one not in have])

    insert(office, tag_the_rest)
    made.code = {name: office.read(asset_card, getattr(made, name)).code for name in ("asset1", "asset2", "spare")}
    made.retired = made.code["spare"]
    office.write(replace_tag, made.retired, "Torn off.")
    made.door = office.read(tags_of, "places.place", [made.m215])[0].code
    made.badge = office.read(tags_of, "people.person", [made.erik])[0].code
    made.left = office.read(tags_of, "people.person", [made.wafula])[0].code
    card = office.read(person_card, made.wafula)
    gone = PersonForm("Wafula", "Grace", made.unep, "104883", until=date(2026, 8, 1))
    office.write(edit_person, made.wafula, gone, card.version)
    office.write(open_case, made.unep, "Worn out", (made.asset2,))
    made.campaign = office.write(open_campaign, "August", Scope()).ids[0]
    form = PassForm((made.asset1,), date(2026, 8, 30), date(2026, 9, 10), bearer="Grace")
    made.gate_pass = office.write(issue_pass, form).ids[0]
    made.passed = office.read(pass_card, made.gate_pass).code
    hands = Hands(qtbot, open_window(office, "property"))
    yield hands, made
    hands.still()


def bad(hands, text):
    """Scan something bad: the sentence that was told, which is one for people."""
    outcome = scan(hands, text)
    assert not outcome.good, (text, outcome)
    told = outcome.words
    assert told.strip()[-1:] in (".", "?", "!"), (text, told)
    assert not TALK.search(told), (text, told)
    assert len(told) < 400, told
    return told


def kept(hands):
    """The texts that wait on the Today page."""
    return {line.text for line in hands.window.office.read(unknown_scans)}


def throw_junk(hands, also=()):
    """Every piece of junk is refused in words, and waits on the Today page."""
    for text in JUNK:
        bad(hands, text)
    hands.still()
    waiting = kept(hands) | set(also)
    for text in JUNK:
        assert any(storable(text)[:60].strip() in one for one in waiting), ascii(text)


def test_handing_over(desk):
    hands, made = desk
    page = at(hands, "property/handover")
    assert "left on 1 Aug 2026" in bad(hands, made.left)
    assert scan(hands, made.badge).good
    assert scan(hands, made.code["asset1"]).good is False  # Lindqvist has it already
    assert "is retired: Torn off." in bad(hands, made.retired)
    assert "open disposal case" in bad(hands, made.code["asset2"])
    assert "is the tag of a gate pass" in bad(hands, made.passed)
    throw_junk(hands)
    assert len(page.trolley.scans) >= 4 + len(JUNK)  # each stands in its line with its reason
    assert page.trolley.asset_ids() == [] or page.trolley.goods() == []
    hands.press(Qt.Key.Key_Return, CONTROL)
    assert page.fault.text() == "There is nothing to hand over yet. Scan the assets."


def test_counting(desk):
    hands, made = desk
    page = at(hands, "property/counting", str(made.campaign))
    assert "Scan a door first" in bad(hands, made.code["asset1"])
    assert scan(hands, made.door).good
    odd = scan(hands, made.passed)
    assert not odd.good or "gate pass" in odd.words
    found = scan(hands, made.retired)
    assert "Its tag is retired" in found.words
    assert scan(hands, made.code["asset2"]).words  # in a disposal case: counted all the same
    for text in JUNK:
        outcome = scan(hands, text)
        assert outcome.words.strip()
        assert not TALK.search(outcome.words)
    hands.still()
    hands.until(lambda: page.view is not None and not page._reading and not page._read_pause.isActive())
    # What is no asset is kept in the room with its text.
    texts = [one.inventory_no for one in page.view.not_expected]
    for text in JUNK:
        assert any(storable(text)[:20].strip() in one for one in texts), (ascii(text), texts)


def test_the_gate(desk):
    hands, made = desk
    page = at(hands, "property/guard")
    assert "scan its pass first" in bad(hands, made.code["asset1"])
    assert scan(hands, made.passed).good
    assert "is not on GP-0001" in bad(hands, made.code["asset2"])
    assert "neither a gate pass nor a thing on one" in bad(hands, made.badge)
    throw_junk(hands)
    assert page.card.reference == "GP-0001"  # the pass in hand stays
    assert scan(hands, made.code["asset1"]).good


def test_a_disposal_case(desk):
    hands, made = desk
    page = at(hands, "property/disposal", "property.disposal_case:1")
    hands.until(lambda: page.card.card is not None)
    assert "already in DISP-0001" in bad(hands, made.code["asset2"])
    assert "is no asset" in bad(hands, made.badge)
    assert "is retired" in bad(hands, made.retired)
    throw_junk(hands)
    assert len(page.card.card.items) == 1


def test_a_form_that_takes_scans(desk):
    hands, made = desk
    at(hands, "property/gate")
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    editor = form.editors["asset_ids"]
    assert scan(hands, made.code["asset1"]).good
    assert "in the list already" in bad(hands, made.code["asset1"])
    assert "is retired" in bad(hands, made.retired)
    assert "is no asset" in bad(hands, made.door)
    throw_junk(hands)
    assert editor.typed().strip() == "UNEP-001"


def test_the_register_opens_nothing_wrong(desk):
    hands, made = desk
    page = at(hands, "property", f"{KIND}:{made.asset1}")
    hands.until(lambda: page.register.card.card is not None)
    for text in JUNK:
        outcome = scan(hands, text)
        assert not TALK.search(outcome.words)
    assert page.register.card.card.id == made.asset1
    assert kept(hands)
