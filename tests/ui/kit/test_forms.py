"""Forms: what is understood, faults beside the field, drafts that survive, saves that fail without loss."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from cbo_desk.errors import Faults, Refusal, Trouble
from tests.ui.kit.gallery import open_gallery
from ui.kit.dialogs import FormBox, ask, open_form
from ui.kit.drafts import Drafts
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form

FIELDS = (
    Field("description", "Description", required=True),
    Field("remarks", "Remarks", "long"),
    Field("acquired", "Acquired", "date"),
    Field("cost", "Cost in USD", "money", beside=True),
    Field("life", "Life in years", "number"),
    Field("condition", "Condition", "choice", choices=(("good", "Good"), ("worn", "Worn"))),
    Field("place", "Place", "pick"),
    Field("accountable", "Accountable by itself", "yes"),
)


@pytest.fixture
def drafts(tmp_path):
    return Drafts(tmp_path / "drafts")


@pytest.fixture
def form(app, qtbot, drafts):
    form = Form(FIELDS, "asset.new", drafts)
    qtbot.addWidget(form)
    form.show()
    return form


def put(form, qtbot, name, text):
    line = form.editors[name].input
    line.setFocus()
    line.clear() if hasattr(line, "clear") else None
    qtbot.keyClicks(line, text)


@pytest.mark.parametrize(
    "typed",
    ["14 Jul 2026", "2026-07-14", "14/7/26", "14.07.2026", "14 July 2026", "14-7-2026", "20260714", "Jul 14, 2026"],
)
def test_dates_are_read_in_any_usual_spelling_and_said_back(form, qtbot, typed):
    put(form, qtbot, "description", "x")
    put(form, qtbot, "acquired", typed)
    assert form.values()["acquired"] == date(2026, 7, 14)
    said = form.editors["acquired"].understood
    assert said.text() == ("" if typed == "14 Jul 2026" else "= 14 Jul 2026")


@pytest.mark.parametrize(("typed", "amount"), [("1,684.5", "1684.50"), ("0", "0"), ("18450", "18450"), ("-3", "-3")])
def test_money_is_read_and_grouped(form, qtbot, typed, amount):
    put(form, qtbot, "description", "x")
    put(form, qtbot, "cost", typed)
    assert form.values()["cost"] == Decimal(amount)
    form.editors["cost"].line.editingFinished.emit()
    assert form.editors["cost"].line.text() == f"{Decimal(amount):,.2f}"
    assert form.values()["cost"] == Decimal(amount)


def test_what_cannot_be_read_is_said_beside_its_field_and_kept(form, qtbot):
    put(form, qtbot, "acquired", "31.06.2026")
    put(form, qtbot, "cost", "lots")
    with pytest.raises(Faults) as caught:
        form.values()
    assert set(caught.value.faults) == {"description", "acquired", "cost"}
    assert "30 days" in caught.value.faults["acquired"]
    form.show_error(caught.value)
    assert form._faults["acquired"].isVisible()
    assert "30 days" in form.editors["acquired"].input.accessibleDescription()
    assert form.editors["description"].input.property("faulty") is True
    assert form.editors["acquired"].input.text() == "31.06.2026"
    put(form, qtbot, "description", "Laptop")
    assert not form._faults["description"].isVisible()


def test_a_refusal_without_a_field_stands_above_the_fields(form):
    assert form.show_error(Refusal("The register is closed for counting."))
    assert form.notice.isVisible()
    assert not form.show_error(Trouble("The disk is full."))


LETTERS = st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["Zs", "Cc", "Cf"])
ZEROS = {date(1970, 1, 1), date(1904, 1, 1)}
values = st.fixed_dictionaries(
    {
        "description": st.text(LETTERS, min_size=1, max_size=40),
        "remarks": st.text(LETTERS, max_size=200),
        "acquired": st.none() | st.dates(date(1901, 1, 1), date(2099, 12, 31)).filter(lambda day: day not in ZEROS),
        "cost": st.none() | st.decimals(0, 10**9, places=2),
        "life": st.none() | st.integers(0, 1000).map(Decimal),
        "condition": st.sampled_from([None, "good", "worn"]),
        "place": st.none() | st.builds(Pick, st.integers(1, 9), st.just("M-214"), st.just("Block M")),
        "accountable": st.booleans(),
    }
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values)
def test_what_is_shown_is_what_is_read_also_through_a_draft(form, drafts, given_values):
    form.set_values(given_values)
    assert not form.dirty()
    assert form.values() == given_values
    form._dirty = True
    form.keep_draft()
    again = Form(FIELDS, "asset.new", drafts)
    assert again.offer_draft()
    assert again.values() == given_values
    again.deleteLater()


def test_a_draft_is_kept_while_one_types_and_offered_again(form, qtbot, drafts):
    put(form, qtbot, "description", "Half a lapt")
    qtbot.waitUntil(lambda: drafts.find("asset.new") is not None)
    again = Form(FIELDS, "asset.new", drafts)
    qtbot.addWidget(again)
    again.set_values({"description": "from the register"})
    again.show()
    assert again.offer_draft()
    assert again.editors["description"].input.text() == "Half a lapt"
    again._start_afresh({"description": "from the register"})
    assert again.editors["description"].input.text() == "from the register"
    assert drafts.find("asset.new") is None


def test_a_damaged_draft_or_a_full_disk_stops_nobody(form, drafts, tmp_path):
    drafts.keep("asset.new", {"description": "x"})
    drafts._path("asset.new").write_text("{half", encoding="utf-8")
    assert not form.offer_draft()
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert not Drafts(blocked / "inside").keep("a", {})


def test_a_pick_is_chosen_from_what_is_found_and_never_assumed(app, qtbot):
    asked = []
    places = [Pick(1, "M-214", "Block M, floor 2"), Pick(2, "M-215", "Block M, floor 2")]
    form = Form([Field("place", "Place", "pick", suggest=lambda typed, answer: asked.append((typed, answer)))])
    qtbot.addWidget(form)
    form.resize(400, 300)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    editor = form.editors["place"]
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, "M-2")
    qtbot.waitUntil(lambda: bool(asked))
    with pytest.raises(Faults, match="Choose one"):
        form.values()
    asked[-1][1](places)
    qtbot.keyClick(editor.line, Qt.Key.Key_Down)
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert form.values()["place"] == places[1]
    assert editor.understood.text() == "Block M, floor 2"
    qtbot.keyClicks(editor.line, "x")
    with pytest.raises(Faults):
        form.values()
    editor.line.clear()
    assert form.values()["place"] is None
    asked[0][1](places)  # an answer to an older question
    assert editor._list is None


@pytest.fixture
def shell(app, qtbot, preferences):
    window = open_gallery(preferences)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return window


def test_a_failed_save_keeps_the_input_and_a_good_one_closes(shell, qtbot, drafts):
    answers = []
    form = Form(FIELDS, "asset.new", drafts)
    box = FormBox(
        "Receive an asset", form, lambda values, done, failed: answers.append((values, done, failed)), "Receive"
    )
    open_form(shell, box)
    assert QApplication.focusWidget() is form.editors["description"].input
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(form.editors["description"].input, Qt.Key.Key_Return, control)
    assert answers == []
    assert form._faults["description"].text() == "Description is needed."
    qtbot.keyClicks(form.editors["description"].input, "Laptop")
    qtbot.keyClick(form.editors["description"].input, Qt.Key.Key_Return, control)
    assert answers[-1][0]["description"] == "Laptop"
    assert not box.save_button.isEnabled()
    box.save()  # a second press while saving orders nothing
    assert len(answers) == 1
    answers[-1][2](Refusal("No place has the code C-2O4. Is it C-204?", "place"))
    assert form._faults["place"].text().startswith("No place")
    assert form.editors["description"].input.text() == "Laptop"
    box.save()
    answers[-1][2](Trouble("The disk is full. Nothing was saved."))
    assert form.notice.isVisible()
    box.save()
    answers[-1][1]()
    assert shell._overlay is None
    assert drafts.find("asset.new") is None


def test_esc_closes_the_form_and_keeps_what_was_typed(shell, qtbot, drafts):
    form = Form(FIELDS, "asset.new", drafts)
    open_form(shell, FormBox("Receive an asset", form, lambda *_: None, "Receive"))
    qtbot.keyClicks(form.editors["description"].input, "Lapt")
    qtbot.keyClick(form.editors["description"].input, Qt.Key.Key_Escape)
    assert shell._overlay is None
    assert drafts.find("asset.new").typed["description"] == "Lapt"


def test_an_answer_after_the_form_has_gone_is_harmless(shell, qtbot):
    from shiboken6 import delete

    answers = []
    box = FormBox("x", Form(FIELDS), lambda values, done, failed: answers.extend((done, failed)), "Save")
    box.form.set_values({"description": "x"})
    box.save()
    delete(box)
    answers[0]()
    answers[1](Trouble("x"))


def test_what_cannot_be_undone_is_asked_with_the_verb_and_cancel_has_the_focus(shell, qtbot):
    done = []
    box = ask(shell, "Delete the demo compound?", "Its 1,200 assets go.", "Delete demo", lambda: done.append(1))
    assert QApplication.focusWidget() is box.cancel_button
    assert box.verb_button.accessibleName() == "Delete demo"
    qtbot.keyClick(box.cancel_button, Qt.Key.Key_Escape)
    assert done == []
    box = ask(shell, "Delete the demo compound?", "Its 1,200 assets go.", "Delete demo", lambda: done.append(1))
    qtbot.mouseClick(box.verb_button, Qt.MouseButton.LeftButton)
    assert done == [1]
    assert shell._overlay is None


# --- what comes back after the form has gone


def refuse_later(shell, drafts, name="asset.new"):
    """A form that was saved and left before the answer came; answers its `done` and `failed`."""
    answers = []
    form = Form([Field("description", "Description")], name, drafts)
    box = FormBox("Receive", form, lambda values, done, failed: answers.extend((done, failed)), "Receive")
    open_form(shell, box)
    form.editors["description"].line.setText("Laptop")
    form.editors["description"].edited.emit()
    box.save()
    return box, answers


@pytest.mark.parametrize("gone", [False, True])
def test_a_refusal_after_esc_is_told_in_words_and_kept_by_the_bell(shell, qtbot, drafts, gone):
    from shiboken6 import delete

    box, (_done, failed) = refuse_later(shell, drafts)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert shell._overlay is None
    if gone:
        delete(box)
    failed(Refusal("L-1 is on the register of UNEP already.", "inventory_no"))
    assert shell.toasts.now.notice.said == "L-1 is on the register of UNEP already."
    assert shell.toasts.notices.unread == 1
    assert drafts.find("asset.new").typed == {"description": "Laptop"}


def test_what_was_saved_after_esc_leaves_no_draft_to_be_saved_twice(shell, qtbot, drafts):
    from shiboken6 import delete

    box, (done, _failed) = refuse_later(shell, drafts)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert drafts.find("asset.new") is not None
    delete(box)
    done()
    assert drafts.find("asset.new") is None


@pytest.mark.our_bug
def test_a_fault_of_ours_in_a_save_is_told_and_not_swallowed(shell, drafts):
    _box, (_done, failed) = refuse_later(shell, drafts)
    failed(ZeroDivisionError("ours"))
    assert "the fault is ours" in shell.toasts.now.notice.said


def test_the_time_of_a_draft_is_the_sites_wherever_the_computer_thinks_it_is(form, drafts, monkeypatch):
    drafts.keep("asset.new", {"description": "x"})
    path = drafts._path("asset.new")
    path.write_text('{"when": "2026-08-24T23:30:00-04:00", "typed": {"description": "x"}}', encoding="utf-8")
    form.offer_draft()
    words = " ".join(label.text() for label in form.notice.findChildren(QLabel))
    assert "25 Aug 2026 at 06:30" in words


# --- amounts, and forms of one line


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12,50", "12.50"),
        ("12.50", "12.50"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,5", "1234.5"),
        ("1,684", "1684"),
        ("1.234.567", "1234567"),
        ("USD 12,50", "12.50"),
    ],
)
def test_an_amount_is_read_with_either_decimal_sign(form, qtbot, typed, amount):
    put(form, qtbot, "description", "x")
    put(form, qtbot, "cost", typed)
    assert form.values()["cost"] == Decimal(amount)


@pytest.mark.parametrize("typed", ["1.684", "1.684,5.2", "12,3456"])
def test_an_amount_that_could_be_two_is_asked_about_in_a_sentence(form, qtbot, typed):
    put(form, qtbot, "description", "x")
    put(form, qtbot, "cost", typed)
    with pytest.raises(Faults) as caught:
        form.values()
    assert caught.value.faults["cost"].endswith((".", "?"))


def one_line(shell, kind="text", suggest=None):
    saved = []
    form = Form([Field("why", "Why", kind, required=True, suggest=suggest)])
    open_form(shell, FormBox("Mark", form, lambda values, done, failed: saved.append(values), "Mark"))
    return form, saved


def test_enter_saves_a_form_of_one_line_and_no_other(shell, qtbot, drafts):
    form, saved = one_line(shell)
    qtbot.keyClicks(form.editors["why"].line, "torn off")
    qtbot.keyClick(form.editors["why"].line, Qt.Key.Key_Return)
    assert saved == [{"why": "torn off"}]
    shell.close_topmost()
    box, answers = refuse_later(shell, drafts)  # control: orders nothing more on Enter while it waits
    qtbot.keyClick(box.form.editors["description"].line, Qt.Key.Key_Return)
    assert len(answers) == 2
    shell.close_topmost()
    many = []
    form = Form(FIELDS[:1] + FIELDS[3:5])
    open_form(shell, FormBox("Mark", form, lambda *_: many.append(1), "Mark"))
    qtbot.keyClicks(form.editors["description"].line, "x")
    qtbot.keyClick(form.editors["description"].line, Qt.Key.Key_Return)
    assert many == []


def test_enter_takes_the_suggestion_first_and_saves_with_the_next(shell, qtbot):
    places = [Pick(1, "M-214", "Block M")]
    form, saved = one_line(shell, "pick", lambda typed, answer: answer(places))
    line = form.editors["why"].line
    qtbot.keyClicks(line, "M-2")
    qtbot.waitUntil(lambda: form.editors["why"]._list is not None)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert saved == []
    assert form.values()["why"] == places[0]
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert saved == [{"why": places[0]}]
    shell.close_topmost()
    form, saved = one_line(shell, "pick", lambda typed, answer: answer(places))  # Ctrl+Enter does both at once
    line = form.editors["why"].line
    qtbot.keyClicks(line, "M-2")
    qtbot.waitUntil(lambda: form.editors["why"]._list is not None)
    qtbot.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert saved == [{"why": places[0]}]


def test_a_pick_says_at_once_that_nothing_fits(shell, qtbot):
    form, _saved = one_line(shell, "pick", lambda typed, answer: answer([]))
    editor = form.editors["why"]
    qtbot.keyClicks(editor.line, "Q-9")
    qtbot.waitUntil(lambda: editor.understood.isVisible())
    assert "“Q-9”" in editor.understood.text()
    qtbot.keyClick(editor.line, Qt.Key.Key_Backspace)
    assert not editor.understood.isVisible()
    form.setFocus()
    editor.line.clearFocus()
    assert "Nothing was chosen" in editor.understood.text()
