"""Photos and papers on outgoing mail and bags; who lacks the pouch's right is shown nothing of what is inside."""

from __future__ import annotations

from functools import partial

import pytest

from cbo_desk.attachments import attach, attachments_of, contents_of, thumbnail_of
from cbo_desk.errors import Refusal
from cbo_desk.mail import pouch
from cbo_desk.mail.outgoing import OUTGOING, outgoing_card
from cbo_desk.mail.outgoing.exporting import OUTGOING_COLUMNS, outgoing_rows_of
from cbo_desk.mail.pouch import BAG, WayBillLine, bag_card
from cbo_desk.mail.pouch.exporting import COLUMNS as POUCH_COLUMNS
from cbo_desk.mail.pouch.exporting import rows as pouch_rows
from cbo_desk.permissions import Actor, Role
from cbo_desk.search import find
from tests.mail.outgoing.conftest import CUT_OFF, bag, for_pouch, hand_in
from tests.mail.pictures import PNG
from ui.kit.labels import Label
from ui.kit.record_list import RecordList

# Words of what is inside, none of which may show anywhere.
INSIDE = ("Registry", "agreements", "Oduya", "passports", "UNEP", "inside.png", "GVA-001")


@pytest.fixture
def eve(sqlite_office):
    """A clerk of the mail desk without a role at the pouch, who may also search, print tags and look at people."""
    roles = {"mail": Role.CLERK, "people": Role.VIEWER, "tags": Role.CLERK, "places": Role.VIEWER}
    return sqlite_office.signed_in(Actor("eve", "Eve", roles, "DESK-2"))


@pytest.fixture
def bags(sqlite_office, desk):
    """A bag that goes out and one that comes in, each with a photo, and the item in the first."""
    item = for_pouch(sqlite_office, desk)
    leaving = bag(sqlite_office, desk)
    sqlite_office.write(pouch.pack, leaving, [item])
    lines = (WayBillLine("GVA-001", 900, "Ms Oduya", "passports"),)
    coming = sqlite_office.write(pouch.announce, desk.gva, "GVA/118", "GE 7001", CUT_OFF, lines).ids[0]
    for kind, ident in ((OUTGOING, item), (BAG, leaving), (BAG, coming)):
        sqlite_office.write(attach, kind, ident, "inside.png", PNG)
    sqlite_office.write(pouch.take_in, coming, pouch.SealFound.BROKEN)
    sqlite_office.write(pouch.count, coming, "GVA-001")
    return item, leaving, coming


def said_by(window):
    """Every word that the window shows, with what its lists hold and what it reads aloud."""
    words = [label.words() for label in window.findChildren(Label)]
    for records in window.findChildren(RecordList):
        model = records.model
        for row in range(model.rowCount()):
            words += [str(model.index(row, at).data()) for at in range(model.columnCount())]
    return " | ".join(words)


def written(clerk, folder, columns, rows):
    """What the list in front is written to a file as."""
    path = folder / f"{clerk.page.title.words()}.csv"
    found = partial(rows, clerk.window.runner.office, clerk.page.list.listing())
    clerk.page.export.write("List", columns, found, path)
    clerk.until(path.is_file)
    clerk.still()
    return path.read_text(encoding="utf-8-sig")


def test_nothing_of_what_is_inside_shows_to_who_may_not_know(at, desk, bags, eve, sqlite_office, tmp_path):
    item, leaving, coming = bags
    clerk = at("pouch", eve)
    for ident in (leaving, coming):
        clerk.scan(sqlite_office.read(bag_card, ident).code)
        clerk.until(lambda ident=ident: clerk.page.card.card is not None and clerk.page.card.card.row.id == ident)
        clerk.still()
        clerk.until(lambda: "Need-to-know" in said_by(clerk.page.card))
        assert not clerk.page.card.papers.isVisible()
        assert not [word for word in INSIDE if word in said_by(clerk.window.shell)]
    assert not [word for word in INSIDE if word in written(clerk, tmp_path, POUCH_COLUMNS, pouch_rows)]
    clerk.window.shell.actions_.run("mail.outgoing")
    clerk.scan(sqlite_office.read(outgoing_card, item).code)
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.id == item)
    clerk.still()
    assert not clerk.page.card.papers.isVisible()
    assert not [word for word in INSIDE if word in said_by(clerk.window.shell)]
    assert not [word for word in INSIDE if word in written(clerk, tmp_path, OUTGOING_COLUMNS, outgoing_rows_of)]
    for word in INSIDE:
        clerk.page.filter_box.setText(word)
        clerk.until(lambda word=word: clerk.page.list.narrowed() == f"“{word}”")
        clerk.still()
        clerk.until(lambda: clerk.page.list.model.rowCount() == 0)
        assert eve.read(find, word) == []
    assert "PB-0001" in {hit.title for hit in eve.read(find, "PB-0001")}


def test_the_one_who_may_sees_and_adds_photos(at, desk, bags, sqlite_office, tmp_path):
    clerk = at("pouch")
    # The control: what the other is not shown is there to be shown.
    for ident, words in ((bags[1], ("Registry", "agreements", "UNEP")), (bags[2], ("Oduya", "passports", "GVA-001"))):
        clerk.page.open_at(f"mail.bag:{ident}")
        clerk.until(lambda words=words: all(word in said_by(clerk.window.shell) for word in words))
    clerk.page.open_at(f"mail.bag:{bags[1]}")
    clerk.until(lambda: clerk.page.card.card.row.id == bags[1])
    papers = clerk.page.card.papers
    clerk.until(lambda: papers.isVisible() and papers.more.text() == "1 photo")
    path = tmp_path / "seal.png"
    path.write_bytes(PNG + b"\0")  # another one than hangs there
    papers.add_file(path)
    clerk.until(lambda: papers.more.text() == "2 photos")
    ordinary = hand_in(sqlite_office, desk, desk.dhl)
    clerk.window.shell.actions_.run("mail.outgoing")
    clerk.page.open_at(f"mail.outgoing:{ordinary}")
    papers = clerk.page.card.papers
    clerk.until(lambda: papers.isVisible() and papers.more.text() == "Add photo")
    papers.add_file(path)
    clerk.until(lambda: papers.more.text() == "1 photo")


def test_the_photos_are_refused_by_their_ids_too(desk, bags, eve, sqlite_office):
    ordinary = hand_in(sqlite_office, desk, desk.dhl)
    sqlite_office.write(attach, OUTGOING, ordinary, "box.png", PNG)
    assert [row.name for row in eve.read(attachments_of, OUTGOING, ordinary)] == ["box.png"]
    for kind, ident in ((OUTGOING, bags[0]), (BAG, bags[1]), (BAG, bags[2])):
        [photo] = sqlite_office.read(attachments_of, kind, ident)
        for query, args in ((attachments_of, (kind, ident)), (contents_of, (photo.id,)), (thumbnail_of, (photo.id,))):
            with pytest.raises(Refusal):
                eve.read(query, *args)
        with pytest.raises(Refusal):
            eve.write(attach, kind, ident, "other.png", PNG)
