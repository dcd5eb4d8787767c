"""A badge scanned while a booking is typed: the form stays, what is typed stays, and the badge is heard afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cbo_desk.people import EntityForm, PersonForm, add_entity, add_person
from cbo_desk.tags import give_tags
from tests.conftest import MORNING
from tests.writing import insert


def test_a_scan_waits_for_the_form_of_a_booking(clerk, sqlite_office):
    unep = sqlite_office.write(add_entity, EntityForm("UNEP", "Environment")).ids[0]
    person = sqlite_office.write(add_person, PersonForm("Lindqvist", "Erik", unep)).ids[0]

    def tag(session):
        session.info["now"] = MORNING
        return give_tags(session, "people.person", [person]) or [""]

    [badge] = insert(sqlite_office, tag)
    feed, shell = clerk.window.bench.feed, clerk.window.shell
    assert shell.actions_.run("conference.new")
    form = clerk.form()
    clerk.type("Board of auditors")
    assert feed.put("serial", badge)
    clerk.until(lambda: [scan.text for scan in feed._held] == [badge])
    assert clerk.form() is form
    assert shell.desk() == "conference"
    assert next(iter(form.editors.values())).typed() == "Board of auditors"
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()
    clerk.until(lambda: shell.desk() == "people")
    assert feed._held == []
