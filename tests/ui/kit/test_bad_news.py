"""Problems, preferences, saved views, states and help: nothing of it stops the program."""

from __future__ import annotations

import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from cbo_desk.bugs import LOG, reference_of, write_log_to
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.progress import Cancelled
from ui.kit.actions import Action, Actions
from ui.kit.buttons import Button
from ui.kit.help import HelpWindow
from ui.kit.preferences import COLUMNS, SCALE, THEME, Preferences
from ui.kit.problems import Problems
from ui.kit.saved_views import SavedView, SavedViews
from ui.kit.states import ListOrState, ProgressStrip, State
from ui.kit.theme import apply_theme, chosen, colour, current
from ui.kit.toasts import Toasts


@pytest.fixture
def window(app, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    return window


@pytest.fixture
def problems(window):
    problems = Problems(Toasts(window))
    yield problems
    problems.remove()


def boom():
    raise ZeroDivisionError("inside")


def caught(function) -> Exception:
    try:
        function()
    except Exception as error:  # noqa: BLE001 - the very thing under test
        return error
    raise AssertionError


def test_a_refusal_is_a_sentence_in_amber(problems):
    toast = problems.show(Refusal("The asset is on loan. Take it back first."))
    assert (toast.notice.said, toast.notice.tone) == ("The asset is on loan. Take it back first.", "warn")
    assert toast.notice.run is None


def test_trouble_offers_to_try_again(problems, qtbot):
    again = []
    toast = problems.show(Trouble("The server is away. Nothing was saved."), lambda: again.append(1))
    assert toast.notice.verb == "Try again"
    toast.findChild(QPushButton).click()
    assert again == [1]


def test_stopped_work_is_no_fault(problems):
    assert problems.show(Cancelled()).notice.tone == "warn"


@pytest.mark.our_bug
def test_our_bug_has_a_number_and_details_and_shows_no_traceback(problems, window, tmp_path):
    handler = write_log_to(tmp_path / "cbo-desk.log")
    error = caught(boom)
    toast = problems.show(error)
    on_screen = " ".join(label.text() for label in window.findChildren(QLabel))
    assert reference_of(error) in on_screen
    assert "Traceback" not in on_screen
    assert "ZeroDivision" not in on_screen
    toast.run()
    details = QGuiApplication.clipboard().text()
    assert "ZeroDivisionError: inside" in details
    assert reference_of(error) in details
    assert problems.show(caught(boom)) is None  # told a moment ago
    handler.close()
    assert reference_of(error) in (tmp_path / "cbo-desk.log").read_text(encoding="utf-8")
    LOG.removeHandler(handler)


def test_the_same_place_has_the_same_number_and_another_has_another():
    assert reference_of(caught(boom)) == reference_of(caught(boom))
    assert reference_of(caught(boom)) != reference_of(caught(lambda: [][1]))


@pytest.mark.our_bug
def test_what_nobody_caught_is_shown_and_the_program_goes_on(problems, qtbot):
    problems.install()
    error = caught(boom)
    sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: problems._toasts.now is not None)
    assert reference_of(error) in problems._toasts.now.notice.said


@pytest.mark.our_bug
def test_what_nobody_caught_on_another_thread_is_shown_too(problems, qtbot):
    problems.install()
    thread = threading.Thread(target=lambda: [][3])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: problems._toasts.now is not None)
    assert problems._toasts.now.notice.tone == "bad"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(max_size=60))
def test_a_damaged_setting_reads_as_its_default_or_right_kind(tmp_path_factory, raw):
    preferences = Preferences(tmp_path_factory.mktemp("p") / "p.ini")
    for setting in (THEME, SCALE, COLUMNS):
        preferences._store.setValue(setting.key, raw)
        assert isinstance(preferences.get(setting), type(setting.default))


@given(st.dictionaries(st.text(min_size=1, max_size=9), JSON, max_size=4))
def test_what_is_remembered_is_found_after_a_restart(tmp_path_factory, kept):
    file = tmp_path_factory.mktemp("p") / "p.ini"
    first = Preferences(file)
    first.set(COLUMNS, kept)
    first.flush()
    assert Preferences(file).get(COLUMNS) == kept


def test_saved_views_are_kept_replaced_and_put_back(preferences):
    views = SavedViews(preferences, "assets")
    one = SavedView(
        "Dear",
        {"cost": [">=", 200]},
        "cost",
        True,
        {"order": ["number", "cost"], "hidden": ["entity"], "widths": {"cost": 120}},
    )
    views.keep(one)
    views.keep(SavedView("Late"))
    views.keep(SavedView("Dear", {"cost": [">=", 500]}))
    assert [view.name for view in views.all()] == ["Dear", "Late"]
    gone = views.forget("Dear")
    assert [view.name for view in views.all()] == ["Late"]
    views.keep(gone)
    assert views.all()[-1].filters == {"cost": [">=", 500]}
    assert views.forget("nobody") is None
    assert SavedViews(preferences, "people").all() == ()


def test_the_four_states_differ_and_each_has_one_next_action(window, qtbot):
    said = set()
    for kind in ("empty", "no-match", "error", "offline"):
        pressed = []
        state = State(kind, kind, "why", Button("Next", "plus", "primary", lambda hits=pressed: hits.append(1)))
        holder = ListOrState(QLabel("list"), window)
        holder.show_state(state)
        state.findChild(QPushButton).click()
        assert pressed == [1]
        said.add(bytes(state.mark.pixmap().toImage().constBits()))
        holder.show_content()
        assert holder.currentWidget() is holder.content
    assert len(said) == 4


def test_progress_shows_only_long_work_and_can_be_stopped(window, qtbot):
    stopped = []
    strip = ProgressStrip(window)
    strip.begin("Reading", lambda: stopped.append(1))
    assert not strip.isVisible()
    strip.end()
    strip.begin("Reading", lambda: stopped.append(1))
    qtbot.waitUntil(strip.isVisible)
    strip.report(5, 10)
    assert strip.bar.value() == 5
    strip.cancel.click()
    assert stopped == [1]
    assert not strip.isVisible()


def test_help_shows_the_page_and_the_keys_of_the_screen(window, qtbot, tmp_path):
    (tmp_path / "property.md").write_text("# Property\n\nSee [the start](start.md).", encoding="utf-8")
    (tmp_path / "start.md").write_text("# Start", encoding="utf-8")
    actions = Actions(window)
    actions.add(window, Action("property.move", "Move", lambda: None, shortcut="M", scope="property"))
    actions.add(window, Action("mail.shelve", "Shelve", lambda: None, scope="mail"))
    help_window = HelpWindow(actions, window, tmp_path)
    help_window.open_page("property", "property")
    assert "Move | **M**" in help_window.markdown()
    assert "Shelve" not in help_window.markdown()
    assert "Property" in help_window.text.toPlainText()
    help_window._follow(help_window.text.document().baseUrl().resolved("start.md"))
    assert help_window.page == "start"
    help_window.open_page("nowhere")
    assert help_window.page == "start"
    help_window.close()


def test_the_theme_follows_the_computer_until_a_person_chooses(app):
    apply_theme(app, "system")
    assert chosen() == "system"
    light = colour("surface")
    apply_theme(app, "dark")
    assert current().dark
    assert colour("surface") != light
    with pytest.raises(KeyError):
        colour("mauve")
