"""Starting with nothing, with a demo, with what cannot be opened, and with accounts; scans from anywhere; ending."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from cbo_desk.compound import about, open_office
from cbo_desk.people import turn_on_accounts
from cbo_desk.property import AssetList, asset_card, move_assets
from cbo_desk.secret import Secret
from cbo_desk.tags import last_scans, unknown_scans
from ui.application import load_words, unfit
from ui.first_run.addresses import login_of, password_of, place_of, signed, without_password
from ui.first_run.sign_in import SignInPage
from ui.first_run.trouble import TroublePage
from ui.first_run.welcome import WelcomePage
from ui.kit.dialogs import FormBox

ROOT = Path(__file__).parents[3]


def front(opening, kind):
    """The page before a compound is open."""
    page = opening.frame.pages.currentWidget()
    assert isinstance(page, kind), page
    return page


# --- nothing there yet


def test_nothing_stored_yet_asks_how_to_begin(start, qtbot):
    opening = start(wait="")
    page = front(opening, WelcomePage)
    assert [card.choice.key for card in page.cards] == ["1", "2", "3"]
    assert len({card.width() for card in page.cards}) == 1
    assert not opening.frame.sidebar.entries["property"].isEnabled()
    assert opening.frame.sidebar.entries["help"].isEnabled()
    assert not Path(opening.url).exists()


def test_key_1_makes_the_demo_and_one_press_deletes_it(start, qtbot, home, demo_file):
    import shutil

    opening = start(wait="")
    shutil.copyfile(demo_file, home / "demo.db")  # made before: the making itself is tested with the opening
    qtbot.keyClicks(opening.frame.top.field, "1")
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    assert opening.frame.top.field.text() == ""
    assert opening.frame.desk() == "today"
    qtbot.waitUntil(lambda: opening.frame.sidebar.compound.words() == "Gigiri compound · demo")
    assert opening.frame.actions_.run("compound.delete_demo")
    front(opening, WelcomePage)
    assert not (home / "demo.db").exists()
    assert opening.window is None


def test_start_empty_by_keys_alone(start, qtbot, home):
    opening = start(wait="")
    qtbot.keyClicks(opening.frame.top.field, "2")
    box = opening.frame.findChildren(FormBox)[0]
    line = box.form.editors["name"].input
    assert line.hasFocus()
    qtbot.keyClicks(line, "Gigiri")
    qtbot.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    assert opening.frame.desk() == "property"
    assert opening.window.office.read(about)["name"] == "Gigiri"
    assert (home / "compound.db").is_file()
    qtbot.waitUntil(lambda: opening.frame.page().register.states.state is not None)
    assert not box.saving


def test_a_file_is_joined(start, qtbot, home, demo_file):
    from ui.first_run.join import JoinBox

    opening = start(wait="")
    qtbot.keyClicks(opening.frame.top.field, "3")
    box = opening.frame.findChildren(JoinBox)[0]
    box.join()
    assert box.form.editors["server"].input.property("faulty")
    box.open_file(demo_file)
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    assert opening.url == str(demo_file)


# --- what cannot be opened


def broken(path):
    path.write_bytes(b"Dear Sir, " * 500)


def newer(path):
    office = open_office(str(path), check=False)
    with office.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    office.close()


@pytest.mark.parametrize(("spoil", "said"), [(broken, "is not a CBO Desk database"), (newer, "newer CBO Desk")])
def test_what_cannot_be_opened_is_said_calmly(start, qtbot, home, spoil, said):
    path = home / "compound.db"
    spoil(path)
    opening = start(wait="")
    qtbot.waitUntil(lambda: isinstance(opening.frame.pages.currentWidget(), TroublePage), timeout=30_000)
    page = front(opening, TroublePage)
    assert said in page.sentence.words()
    assert "Traceback" not in page.sentence.words()
    assert [button.accessibleName() for button in page.buttons] == ["Try again", "Open another", "Restore a backup"]
    assert QApplication.focusWidget() is page.buttons[0]
    page.buttons[1].click()
    front(opening, WelcomePage)


def test_trying_again_opens_what_was_mended(start, qtbot, home, demo_file):
    path = home / "compound.db"
    broken(path)
    opening = start(wait="")
    qtbot.waitUntil(lambda: isinstance(opening.frame.pages.currentWidget(), TroublePage), timeout=30_000)
    path.write_bytes(demo_file.read_bytes())
    front(opening, TroublePage).buttons[0].click()
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)


def test_a_server_that_is_away(start, qtbot):
    opening = start("postgresql://ada:geheim@127.0.0.1:1/compound", wait="")
    qtbot.waitUntil(lambda: isinstance(opening.frame.pages.currentWidget(), SignInPage), timeout=30_000)
    page = front(opening, SignInPage)
    qtbot.waitUntil(lambda: page.told.heading.words() == "The server is away", timeout=30_000)
    assert "does not answer" in page.told.sentence.words()
    assert page.below.words() == "127.0.0.1:1 / compound"
    # What the address said is in its fields, and is tried by itself once the server is there.
    assert (page.form.editors["login"].typed(), page.password.text()) == ("ada", "geheim")
    assert "You are signed in as soon as it answers." in page.told.sentence.words()
    qtbot.keyClicks(page.password, "x")
    assert "You are signed in" not in page.told.sentence.words()


def test_an_address_is_remembered_without_its_password():
    assert without_password("postgresql://ada:ge@heim@server/db") == "postgresql://ada@server/db"
    assert without_password("/srv/ada/compound.db") == "/srv/ada/compound.db"


@pytest.mark.parametrize(("login", "password"), [("ada", "ge@h:ei/m %?#"), ("a d@a", "é"), ("ada", "")])
def test_an_address_is_put_together_and_taken_apart(login, password):
    url = signed("postgresql://ben:x@server.example:5433/the%20compound?sslmode=require", login, Secret(password))
    assert (login_of(url), password_of(url)) == (login, password)
    assert place_of(url) == "server.example:5433 / the compound"
    assert url.endswith("?sslmode=require")
    from db.engine import read_url

    assert (read_url(url).username, read_url(url).password or "") == (login, password)


# --- signing in


@pytest.fixture
def with_accounts(demo):
    office = open_office(str(demo), check=False)
    office.write(turn_on_accounts, "ada", "Ada Achieng", Secret("correct horse battery"))
    office.close()
    return demo


def test_accounts_ask_who_is_at_work(start, qtbot, with_accounts):
    opening = start(wait="")
    qtbot.waitUntil(lambda: isinstance(opening.frame.pages.currentWidget(), SignInPage), timeout=30_000)
    page = front(opening, SignInPage)
    qtbot.waitUntil(page.form.editors["login"].input.hasFocus)
    qtbot.keyClicks(page.form.editors["login"].input, "ada")
    for _ in range(5):
        qtbot.keyClicks(page.password, "wrong password here")
        qtbot.keyClick(page.password, Qt.Key.Key_Return)
        qtbot.waitUntil(page.button.isEnabled, timeout=30_000)
        assert page.password.text() == ""
        assert opening.window is None
    qtbot.keyClicks(page.password, "correct horse battery")
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(page.button.isEnabled, timeout=30_000)
    assert any("Too many wrong tries" in label.text() for label in page.form._faults.values())
    assert opening.window is None


def test_the_right_password_opens_with_the_roles_of_the_account(start, qtbot, with_accounts):
    opening = start(wait="")
    qtbot.waitUntil(lambda: isinstance(opening.frame.pages.currentWidget(), SignInPage), timeout=30_000)
    page = front(opening, SignInPage)
    qtbot.waitUntil(page.form.editors["login"].input.hasFocus)
    qtbot.keyClicks(page.form.editors["login"].input, "ada")
    qtbot.keyClicks(page.password, "correct horse battery")
    qtbot.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    assert opening.window.office.actor.login == "ada"

    assert opening.frame.actions_.run("person.sign_out")
    qtbot.waitUntil(lambda: isinstance(opening.frame.pages.currentWidget(), SignInPage), timeout=30_000)
    assert opening.window is None


# --- scanning from anywhere


def a_code(opening):
    office = opening.window.office
    ident = office.read(AssetList().first)[0].id
    return ident, office.read(asset_card, ident).code


@pytest.mark.parametrize("desk", ["today", "places", "people", "settings"])
def test_a_scan_opens_its_card_from_any_page(start, qtbot, demo, desk):
    opening = start()
    opening.frame.go(desk)
    ident, code = a_code(opening)
    opening.window.bench.feed.put("keyboard", code)

    def shown():
        page = opening.frame.page()
        return opening.frame.desk() == "property" and page.register.card.card and page.register.card.card.id == ident

    qtbot.waitUntil(shown, timeout=30_000)
    qtbot.waitUntil(lambda: opening.window.bench.feed.pending == 0)
    assert opening.window.scanners.strip.isVisible()
    qtbot.waitUntil(lambda: [scan.record_id for scan in opening.window.office.read(last_scans)] == [ident])


def test_every_scan_of_a_burst_is_kept(start, qtbot, demo):
    opening = start()
    feed = opening.window.bench.feed
    for number in range(25):
        feed.put("serial", f"CARTON-{number:04}")
    qtbot.waitUntil(lambda: feed.pending == 0, timeout=30_000)
    kept = opening.window.office.read(unknown_scans)
    assert sorted(scan.text for scan in kept) == [f"CARTON-{number:04}" for number in range(25)]


# --- ending


def test_what_was_ordered_is_carried_out_although_the_window_closes(start, qtbot, demo):
    opening = start()
    runner, office = opening.window.runner, opening.window.office
    from cbo_desk.places import suggest_places

    place = office.read(suggest_places, "M-1")[0]
    ids = office.read(AssetList(sort="inventory_no").ids, 12)
    moving = [ident for ident in ids if office.read(asset_card, ident).place != place.code]
    for ident in moving:
        runner.write(move_assets, (ident,), place.id)
    opening.frame.close()
    opening.finish()
    again = open_office(str(demo), check=False)
    try:
        assert {again.read(asset_card, ident).place for ident in moving} == {place.code}
    finally:
        again.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "serial scanner"]


def test_the_real_program_starts_and_ends_without_a_word(home, demo):
    """A process of its own: nothing on standard error but what Qt's offscreen says, exit code 0."""
    code = (
        "import sys; from PySide6.QtCore import QTimer; import ui.application as a\n"
        "make = a.make_app\n"
        "def timed(*given):\n"
        "    app = make(*given); QTimer.singleShot(1500, app.quit); return app\n"
        "a.make_app = timed\n"
        f"sys.exit(a.open_window({str(demo)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]
    assert (done.returncode, said) == (0, [])


def test_a_qt_that_crashes_is_refused_in_words():
    assert "Python 3.11" in unfit((3, 11), "6.12.0")
    assert unfit((3, 12), "6.12.0") == ""
    assert unfit((3, 11), "6.11.3") == ""


def test_words_of_a_language_without_a_catalogue_are_our_own(qapp):
    assert load_words(qapp, QLocale("sw_KE"), (Path("/nowhere"), Path("/nowhere"))) == []


HEAVY = (
    "alembic",
    "argon2",
    "cbo_desk.mail",
    "cbo_desk.property.custody",
    "cbo_desk.property.disposal",
    "cbo_desk.property.gate",
    "cbo_desk.tabular",
    "cbo_desk.tray",
    "cryptography",
    "icalendar",
    "numba",
    "numpy",
    "openpyxl",
    "ortools",
    "pypdfium2",
    "pyvroom",
    "qrcode",
    "rapidfuzz",
    "reportlab",
    "sqlalchemy.dialects.postgresql",
    "sqlite3",
    "zxingcpp",
)
"""What no first page shows: each costs a start 10 to 300 ms."""


def test_a_start_imports_only_what_its_first_page_shows():
    """The modules of a start on Today or on the register, in a process of its own, without a window's timers."""
    code = (
        "import sys, ui.application, ui.opening, ui.window, ui.desks, ui.today.page, ui.property.page\n"
        f"print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [], "")


def test_pyside_reads_no_sources_while_our_modules_are_imported():
    """Its hook before every import serves `from __feature__ import` alone, and took a tenth of a start."""
    code = (
        "import builtins, inspect\n"
        "def told(module): raise AssertionError(module)\n"
        "import PySide6.QtCore\n"
        "hooked = builtins.__import__\n"
        "import ui\n"
        "inspect.getsource = told\n"
        "import ui.application, ui.opening, ui.window\n"
        "print('none was read', flush=True)\n"
        "builtins.__import__ = hooked\n"
        "import ui.kit.help\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "none was read\n"
    # The control: with the hook in place again the next module is read.
    assert done.stderr.splitlines()[-1].startswith("AssertionError: <module")
