"""What a clerk meets at an office server's door, in real windows by keys: her password, and what stands in its way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cbo_desk.compound import open_office
from cbo_desk.people import accounts, entities, set_password
from cbo_desk.people.signing_in import change_password, renew
from cbo_desk.secret import Secret
from cbo_desk.server.certificates import make_certificate
from cbo_desk.server.joining import kept_certificate
from db.schema import NEWEST
from tests.server.conftest import CLERKS, GIVEN, keep_own
from tests.server.test_bad_days_window import picture, schema, truth
from tests.ui.application.conftest import home, start
from ui.first_run import trouble
from ui.first_run.certificate import CertificatePage
from ui.first_run.own_password import OwnPasswordPage
from ui.first_run.sign_in import SignInPage
from ui.first_run.trouble import TroublePage

__all__ = ["home", "start", "truth"]
pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")


def bare(served, login="ben"):
    """The address as a workstation remembers it."""
    return served.url(login, Secret("")).replace(":@", "@")


def page(opening, kind):
    shown = opening.frame.pages.currentWidget()
    return shown if isinstance(shown, kind) else None


def wait_for(qtbot, opening, kind):
    qtbot.waitUntil(lambda: page(opening, kind) is not None, timeout=30_000)
    return page(opening, kind)


def faults(form):
    return {name: label.words() for name, label in form._faults.items() if label.isVisibleTo(form)}


def sign_in(qtbot, opening, password):
    """Type a password where the keys go, and press Enter."""
    shown = page(opening, SignInPage)
    qtbot.waitUntil(shown.password.hasFocus)
    QTest.keyClicks(shown.password, password.reveal())
    QTest.keyClick(shown.password, Qt.Key.Key_Return)


def at_work(qtbot, opening):
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    qtbot.waitUntil(lambda: opening.frame.sidebar.compound.words() == "Gigiri compound", timeout=30_000)


def reset(truth, password):
    [ident] = [row.id for row in truth.read(accounts) if row.login == "ben"]
    truth.write(set_password, ident, password)


def test_a_clerk_signs_in_by_keys(served, truth, start, qtbot):
    opening = start(bare(served), wait="")
    shown = wait_for(qtbot, opening, SignInPage)
    # Nothing is wrong yet: nobody has typed anything.
    assert faults(shown.form) == {}
    assert shown.form.editors["login"].typed() == "ben"
    assert shown.below.words() == f"localhost:{served.cluster.port} / compound"
    sign_in(qtbot, opening, Secret(""))
    assert faults(shown.form) == {"password": "Type your password."}
    sign_in(qtbot, opening, Secret("not my word at all"))
    qtbot.waitUntil(lambda: "refuses this name or password" in faults(shown.form).get("password", ""), timeout=30_000)
    assert shown.password.text() == ""
    picture(opening.frame, "door_wrong")
    sign_in(qtbot, opening, CLERKS)
    at_work(qtbot, opening)
    opening.finish()
    # The next day: the page stands there at once, before the server was asked anything, with the compound's name.
    opening = start(wait="")
    shown = page(opening, SignInPage)
    assert shown is not None
    assert (shown.title.words(), shown.form.editors["login"].typed()) == ("Gigiri compound", "ben")
    qtbot.waitUntil(shown.password.hasFocus)
    picture(opening.frame, "door")
    sign_in(qtbot, opening, CLERKS)
    at_work(qtbot, opening)
    # Who signs out is asked for the password again, though this workstation knew it.
    assert opening.frame.actions_.run("person.sign_out")
    shown = wait_for(qtbot, opening, SignInPage)
    qtbot.waitUntil(shown.password.hasFocus)
    assert (opening.window, shown.password.text(), opening.url.count(quote(CLERKS.reveal()))) == (None, "", 0)
    sign_in(qtbot, opening, CLERKS)
    at_work(qtbot, opening)


def test_a_password_that_runs_out_leads_to_one_of_ones_own(served, truth, start, qtbot):
    def good_until(days):
        with served.as_superuser() as connection:
            day = datetime.now(UTC) + timedelta(days=days)
            connection.execute(f"ALTER ROLE ben VALID UNTIL '{day:%Y-%m-%d %H:%M:%S}+00'")

    def said(opening):
        return " ".join(notice.said for notice in opening.frame.toasts.notices.all)

    good_until(5)
    opening = start(served.url("ben", CLERKS))
    qtbot.waitUntil(lambda: "Your password runs out on" in said(opening), timeout=30_000)
    outage = opening.window.outage
    qtbot.waitUntil(lambda: outage.tray is not None and outage.tray.file.about("until") != "", timeout=30_000)
    opening.finish()
    # It has run out, by the day that the server told then.
    good_until(-400)
    from db.engine import sqlite_module

    connection = sqlite_module().connect(outage_file(opening))
    connection.execute("UPDATE about SET value = '2025-10-27T09:00:00+00:00' WHERE name = 'until'")
    connection.commit()
    connection.close()
    opening = start(wait="")
    sign_in(qtbot, opening, CLERKS)
    shown = page(opening, SignInPage)
    ran_out = "Your password ran out on 27 Oct 2025"
    qtbot.waitUntil(lambda: ran_out in faults(shown.form).get("password", ""), timeout=30_000)
    picture(opening.frame, "door_expired")
    # The administrator gives a new one; with that the clerk comes as far as choosing one of her own.
    reset(truth, GIVEN)
    sign_in(qtbot, opening, GIVEN)
    own = wait_for(qtbot, opening, OwnPasswordPage)
    assert "Ada Otieno gave you the one you signed in with" in own.why.words()
    qtbot.waitUntil(own.new.hasFocus)
    for new, again, field, words in (
        ("short", "short", "new", "at least 10 characters"),
        (GIVEN.reveal(), GIVEN.reveal(), "new", "the password you have"),
        (CLERKS.reveal(), "another lantern", "again", "differ"),
    ):
        own.new.clear()
        own.again.clear()
        own.new.setFocus()
        QTest.keyClicks(own.new, new)
        QTest.keyClick(own.new, Qt.Key.Key_Return)
        assert own.again.hasFocus()
        QTest.keyClicks(own.again, again)
        QTest.keyClick(own.again, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda field=field, words=words: words in faults(own.form).get(field, ""), timeout=30_000)
        assert opening.window is None
    picture(opening.frame, "door_own_password")
    own.new.clear()
    own.again.clear()
    QTest.keyClicks(own.new, CLERKS.reveal())
    QTest.keyClicks(own.again, CLERKS.reveal())
    QTest.keyClick(own.again, Qt.Key.Key_Return)
    at_work(qtbot, opening)
    # This workstation's further connections are made with it.
    office = opening.window.office
    office.engine.dispose()
    assert office.read(entities) is not None
    opening.finish()
    opening = start(wait="")
    sign_in(qtbot, opening, CLERKS)
    at_work(qtbot, opening)


def outage_file(opening):
    from cbo_desk.tray.begin import path_of
    from db.engine import read_url
    from ui.kit.preferences import folder

    return path_of(folder() / "trays", read_url(opening.url), "ben")


def test_further_connections_are_made_with_a_new_password(served, truth):
    keep_own(served)
    office = open_office(served.url("ben", CLERKS), check=False)
    office.write(change_password, CLERKS, GIVEN)
    renew(office, GIVEN)
    office.engine.dispose()
    assert office.read(entities) is not None
    office.write(change_password, GIVEN, CLERKS)
    # The control: without being told, the old one is tried, and refused.
    office.engine.dispose()
    with pytest.raises(Exception, match="answer|away|password"):
        office.read(entities)
    renew(office, CLERKS)
    assert office.read(entities) is not None
    office.close()


def test_another_certificate_is_trusted_by_its_fingerprint_alone(served, truth, start, qtbot, tmp_path):
    port = served.cluster.port
    kept = kept_certificate(f"localhost:{port}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(make_certificate(tmp_path, ["localhost"]).pem)
    url = served.url("ben", CLERKS).partition("?")[0] + f"?sslmode=verify-full&sslrootcert={quote(str(kept), safe='')}"
    opening = start(url, wait="")
    shown = wait_for(qtbot, opening, CertificatePage)
    qtbot.waitUntil(shown.form.isVisible, timeout=30_000)
    assert "another certificate than the one this workstation trusts" in shown.why.words()
    # Both stand there, in lines of equal length.
    assert shown.theirs.sentence.words().replace("\n", ":").startswith(served.made.fingerprint)
    assert shown.ours.sentence.words() != shown.theirs.sentence.words()
    assert [button.accessibleName() for button in shown.ways] == ["Try again", "Open another"]
    picture(opening.frame, "door_certificate")
    field = shown.form.editors["fingerprint"].input
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "AB:CD")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "another fingerprint" in faults(shown.form).get("fingerprint", ""), timeout=30_000)
    shown.form.set_values({"fingerprint": ""})
    QTest.keyClicks(field, served.made.fingerprint.lower())
    QTest.keyClick(field, Qt.Key.Key_Return)
    at_work(qtbot, opening)
    assert kept.read_text() == (served.cluster.data / "server.crt").read_text()
    opening.finish()
    # The certificate is the right one, and the name is not one that it is for: no fingerprint would help.
    opening = start(url.replace("@localhost", "@127.0.0.1"), wait="")
    shown = wait_for(qtbot, opening, CertificatePage)
    qtbot.waitUntil(lambda: "but it is for localhost" in shown.why.words(), timeout=30_000)
    assert not shown.form.isVisible()
    picture(opening.frame, "door_certificate_name")


def test_another_version_says_who_does_what(served, truth, start, qtbot, monkeypatch):
    monkeypatch.setattr(trouble, "AGAIN_MS", 100)
    try:
        schema(served, "9999")
        opening = start(bare(served), wait="")
        wait_for(qtbot, opening, SignInPage)
        sign_in(qtbot, opening, CLERKS)
        shown = wait_for(qtbot, opening, TroublePage)
        assert shown.heading.words() == "The program on this computer is too old"
        assert "made by a newer CBO Desk (schema 9999). Install that version" in shown.sentence.words()
        assert "Sign in" not in [button.accessibleName() for button in shown.buttons]
        picture(opening.frame, "door_newer")
        schema(served, "0001")  # it looks again by itself
        older = "The server waits for an administrator"
        qtbot.waitUntil(lambda: (now := page(opening, TroublePage)) and now.heading.words() == older, timeout=30_000)
        shown = page(opening, TroublePage)
        assert "An administrator (ada) opens it once with this version" in shown.sentence.words()
        assert "Sign in" not in [button.accessibleName() for button in shown.buttons]
        picture(opening.frame, "door_older")
    finally:
        schema(served, NEWEST)
    at_work(qtbot, opening)  # what was typed is tried again by itself
