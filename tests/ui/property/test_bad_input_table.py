"""Issue 3, bad input: its nine lines as one table, each on every screen where it can happen, on both engines.

A line of scans is scanned on its page; the sentence has to stand where the person looks, and what was scanned before is
still there. What is thrown at each screen beside that is in test_bad_scans.py.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property import KIND, State, asset_card, change_state
from cbo_desk.property.bulk_rules import BULK_FIELDS
from cbo_desk.property.custody import Kind, Order, hand_over_assets
from cbo_desk.property.maintenance import PlanForm, plan_service
from cbo_desk.property.verification import campaign_card, close_campaign, count_item, room_view
from cbo_desk.tags import unknown_scans
from db.engine import open_engine
from tests.ui.places.conftest import CONTROL, open_window
from tests.ui.property.leaving import at, scan
from tests.ui.property.test_bad_scans import NEVER_SEEN, TALK, desk
from ui.kit.cursor import choose_row

__all__ = ["desk", "open_window"]

HANDOVER, GUARD, CASE, PASS, SERVICE, COUNT = "handover", "guard", "disposal", "pass", "service", "counting"


@dataclass(frozen=True)
class Bad:
    """A scan that goes wrong: what it is of, on which page, the name of its code, and what is then said."""

    what: str
    page: str
    code: str
    said: str


TABLE = (
    Bad("an unknown tag", HANDOVER, "unknown", "Nothing here has the code CBOA00000000000."),
    Bad("an unknown tag", GUARD, "unknown", "Nothing here has the code CBOA00000000000."),
    Bad("an unknown tag", CASE, "unknown", "Nothing here has the tag or number CBOA00000000000."),
    Bad("an unknown tag", PASS, "unknown", "Nothing here has the tag or number CBOA00000000000."),
    Bad("an unknown tag", SERVICE, "unknown", "Nothing here has the tag or number CBOA00000000000."),
    Bad("an unknown tag", COUNT, "unknown", "Unknown tag kept: CBOA00000000000."),
    Bad("a tag of another kind", HANDOVER, "pass", "is the tag of a gate pass"),
    Bad("a tag of another kind", GUARD, "badge", "Lindqvist, Erik is neither a gate pass nor a thing on one."),
    Bad("a tag of another kind", CASE, "badge", "Lindqvist, Erik is no asset. Scan the tag of the thing."),
    Bad("a tag of another kind", PASS, "door", "M-215 is no asset. Scan the tag of the thing."),
    Bad("a tag of another kind", SERVICE, "badge", "Lindqvist, Erik is no asset. Scan the tag of the thing."),
    Bad("a tag of another kind", COUNT, "badge", "Lindqvist, Erik"),
    Bad("a retired tag", HANDOVER, "retired", "This tag of S-9 is retired: Torn off."),
    Bad("a retired tag", CASE, "retired", "This tag of S-9 is retired: Torn off."),
    Bad("a retired tag", PASS, "retired", "This tag of S-9 is retired: Torn off."),
    Bad("a retired tag", SERVICE, "retired", "This tag of S-9 is retired: Torn off."),
    Bad("a retired tag", COUNT, "retired", "Its tag is retired; the new one is to be printed and put on."),
    Bad("a person who has left", HANDOVER, "left", "Wafula, Grace left on 1 Aug 2026. Choose somebody who is here."),
    Bad("a person who has left", PASS, "left", "Wafula, Grace left on 1 Aug 2026. Choose somebody who is here."),
    Bad("in an open disposal case", HANDOVER, "asset2", "UNEP-002 is in an open disposal case."),
    Bad("in an open disposal case", CASE, "asset2", "UNEP-002 is already in DISP-0001."),
)


def go_to(hands: Any, made: Any, page: str) -> Any:
    """The page in front, ready for scans: a form is opened on it, a pass is in hand, a room is counted."""
    if page in (PASS, SERVICE):
        found = at(hands, "property/gate" if page == PASS else "property/maintenance")
        hands.press(Qt.Key.Key_N, CONTROL)
        hands.form()
        return found
    found = at(hands, f"property/{page}", {CASE: "property.disposal_case:1", COUNT: str(made.campaign)}.get(page, ""))
    if page == CASE:
        hands.until(lambda: found.card.card is not None)
    elif page == GUARD:
        assert scan(hands, made.passed).good
    elif page == HANDOVER:
        assert scan(hands, made.badge).good
    elif page == COUNT:
        assert scan(hands, made.door).good
    return found


def in_sight(hands: Any, page: Any) -> str:
    """What the window says now where the person looks: the form in front, or the page's own place for it."""
    overlay, toast = hands.window.shell._overlay, hands.window.shell.toasts.now
    if overlay is not None:
        return " ".join(label.words() for label in overlay.box.form._faults.values() if label.isVisible())
    said = [toast.notice.said if toast is not None else ""]
    if hasattr(page, "trolley"):
        said += [page.trolley.scans[0].why if page.trolley.scans else "", page.fault.words()]
    elif hasattr(page, "board"):
        said = list(page.board.strip.words())
    elif hasattr(page, "last"):
        said = [page.last.words()]
    return " ".join(said)


def scans(hands: Any, made: Any) -> None:
    codes = made.code | {
        "unknown": NEVER_SEEN, "pass": made.passed, "badge": made.badge, "door": made.door, "left": made.left,
        "retired": made.retired,
    }  # fmt: skip
    before, page, open_page = stands(hands, made), None, ""
    for bad in sorted(TABLE, key=lambda bad: bad.page):
        if bad.page != open_page:
            if hands.window.shell._overlay is not None:
                hands.press(Qt.Key.Key_Escape)
                hands.gone()
            page, open_page = go_to(hands, made, bad.page), bad.page
        outcome = scan(hands, codes[bad.code])
        assert bad.said in outcome.words, (bad, outcome)
        assert not TALK.search(outcome.words)
        hands.until(lambda bad=bad, page=page: bad.said in in_sight(hands, page))
        if bad.page == PASS:
            assert hands.form().editors["person_id"].value() is None
    hands.press(Qt.Key.Key_Escape)
    hands.gone()
    assert stands(hands, made) == before
    assert NEVER_SEEN in {line.text for line in hands.window.office.read(unknown_scans)}


def stands(hands: Any, made: Any) -> list[Any]:
    """All that a bad scan must leave as it is."""
    office = hands.window.office
    cards = [office.read(asset_card, ident) for ident in (made.asset0, made.asset1, made.asset2, made.spare)]
    return [(card.form, card.state, card.version) for card in cards]


def a_day_that_is_over(hands: Any, made: Any) -> None:
    at(hands, "property/handover").trolley.empty()  # the lines of the refused scans are still there
    page = at(hands, "property/handover", f"lend:{made.spare}")
    scan(hands, made.badge)
    for day, words in (("31 Jul 2026", "31 Jul 2026 is over."), ("1 Jan 2099", "A loan lasts three years at most.")):
        page.due.line.setFocus()
        hands.type(day)
        hands.press(Qt.Key.Key_Return, CONTROL)
        hands.still()
        hands.until(lambda words=words: words in page.fault.text())
        assert QApplication.focusWidget() is page.due.line
    hands.type("yesterdayish")
    hands.press(Qt.Key.Key_Return, CONTROL)
    hands.still()
    assert page.trolley.asset_ids() == [made.spare]  # what was scanned waits for the right day
    page.trolley.empty()
    at(hands, "property/gate")
    hands.press(Qt.Key.Key_N, CONTROL)
    form = hands.form()
    assert scan(hands, made.code["asset1"]).good
    form.editors["bearer"].input.setFocus()
    hands.type("Grace")
    for name, day, words in (
        ("return_on", "1 Aug 2026", "The day of return is before the last day of leaving."),
        ("valid_until", "31 Jul 2026", "This day is over. A pass holds from today on."),
    ):
        form.editors[name].line.setFocus()
        hands.type(day)
        hands.save()
        hands.until(lambda name=name: hands.fault(name))
        assert hands.fault(name) == words
    assert form.editors["asset_ids"].typed() == "UNEP-001"
    hands.press(Qt.Key.Key_Escape)
    hands.gone()


BEYOND_SENSE = (
    ("cost_cents", "1.23E+15", "A spreadsheet shortened this number. Type it in full."),
    ("cost_cents", "99999999999999999", "This cost has too many digits. Is it in cents?"),
    ("acquired_on", "24 Aug 2099", "This day is still to come."),
    ("acquired_on", "1 Jan 1944", "The United Nations did not exist yet. Check the year."),
    ("useful_life_months", "1201", "A useful life is between 0 and 1,200 months."),
    ("useful_life_months", "2.5", "This is a whole number, without a fraction."),
    ("currency", "$$$", "A currency has three capital letters, such as USD."),
)


def try_costs(hands: Any, name: str, words: str) -> None:
    """Costs below zero in every way that people write them, typed and pasted, into a field of the form in front."""
    line = hands.form().editors[name].line
    for typed, paste in (("-1", False), ("-0.01", True), ("(1,684.00)", True), ("-1 684", True), ("-$5", True)):
        line.setFocus()
        line.selectAll()
        if paste:
            QApplication.clipboard().setText(typed)
            hands.press(Qt.Key.Key_V, CONTROL)
        else:
            hands.type(typed)
        hands.save()
        hands.until(lambda: hands.fault(name))
        assert hands.fault(name) == words, (typed, hands.fault(name))
        assert line.text().strip()  # it stands there to be mended
    hands.press(Qt.Key.Key_Escape)
    hands.gone()


def a_cost_below_zero(hands: Any, made: Any, tmp_path: Any) -> None:
    page = at(hands, "property", f"{KIND}:{made.asset1}")
    hands.until(lambda: page.register.card.card is not None and page.register.card.card.id == made.asset1)
    page.register.table.setFocus()
    hands.press(Qt.Key.Key_E)
    form = hands.form()
    for name, typed, words in BEYOND_SENSE:
        line = form.editors[name].line
        before = line.text()
        line.setFocus()
        hands.type(typed)
        hands.save()
        hands.until(lambda name=name: hands.fault(name))
        assert hands.fault(name) == words
        line.setText(before)
        form.editors[name].edited.emit()
    try_costs(hands, "cost_cents", "A cost cannot be below zero.")
    assert hands.window.office.read(asset_card, made.asset1).version == page.register.card.card.version
    runner = hands.window.runner
    runner.write(plan_service, [made.spare], PlanForm("Clean fans", made.clock.now.date()))
    runner.write(change_state, [made.spare], State.UNDER_REPAIR, "Hinge")
    hands.still()
    page = at(hands, "property/maintenance")
    for view, key in (("due", Qt.Key.Key_D), ("repairs", Qt.Key.Key_N)):
        page.open_at(view)
        hands.until(lambda page=page: page.list().model.rowCount() == 1)
        page.list().table.setFocus()
        choose_row(page.list().table, 0)
        hands.until(lambda page=page: page._row() is not None)
        hands.press(key)
        hands.form()
        try_costs(hands, "cost_cents", "A cost cannot be below zero.")
    assert not any("cost" in name for name in BULK_FIELDS)  # many at once are given no cost at all
    file = tmp_path / "register.csv"
    file.write_text("Inventory no.,Entity,Description,Cost\nNEG-1,UNEP,Chair,-5.00\nNEG-2,UNEP,Chair,(5.00)\n")
    page = at(hands, "property/import")
    page.take(file)
    hands.until(lambda: not page.task.busy() and len(page.faults.model.faults) == 2)
    for fault in page.faults.model.faults:
        assert (fault.column, fault.what_to_do) == ("Cost", "The smallest number allowed is 0.")


def two_counters_at_once(hands: Any, made: Any) -> None:
    page = at(hands, "property/counting", str(made.campaign))
    assert scan(hands, made.door).good
    other = Office(open_engine(hands.window.office.engine.url), administrator("kim", "Kim", "DESK-9"), made.clock)
    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(other.write, count_item, made.campaign, made.m214, made.code["asset1"])
        ours = scan(hands, made.code["asset1"])
        told = [theirs.result().said, ours.words]
    other.engine.dispose()
    late = [said for said in told if " counted it in " in said]
    assert len(late) == 1, told  # whoever came second is told who was first, and where
    hands.until(lambda: page.view is not None and not page._reading)
    views = {place: hands.window.office.read(room_view, made.campaign, place) for place in (made.m214, made.m215)}
    seen = [line.asset_id for view in views.values() for line in (*view.found, *view.not_expected)]
    assert seen.count(made.asset1) == 1  # the last sighting holds


def closed_while_counting(hands: Any, made: Any) -> None:
    office = hands.window.office
    at(hands, "property/counting", str(made.campaign))
    assert scan(hands, made.door).good
    scan(hands, made.code["asset1"])
    counted = replace(office.read(campaign_card, made.campaign), line=None)
    office.write(close_campaign, made.campaign)
    late = scan(hands, made.code["asset2"])
    page = hands.window.shell.page()
    words = "August was closed by ada on 24 Aug 2026, 09:00: nothing in it can be changed any more."
    assert words in late.words
    hands.until(lambda: "The scan is kept on the Today page." in in_sight(hands, page))
    assert made.code["asset2"] in {line.text for line in office.read(unknown_scans)}
    closed = replace(office.read(campaign_card, made.campaign), line=None)
    assert (closed.found, closed.elsewhere) == (counted.found, counted.elsewhere)


def two_clerks_hand_over_one_thing(hands: Any, made: Any) -> None:
    """The register moved while it lay on the trolley: it is refused in its line, and the rest waits."""
    office = hands.window.office
    page = at(hands, "property/handover", f"give:{made.asset1}")
    office.write(hand_over_assets, [made.asset1], Order(Kind.RETURN, place_id=made.store))
    scan(hands, made.badge)
    hands.press(Qt.Key.Key_Return, CONTROL)
    hands.still()
    hands.until(lambda: page.fault.text() or page.sign_box is not None)
    assert page.sign_box is None
    assert "UNEP-001" in page.trolley.scans[0].why or "UNEP-001" in page.fault.text()
    page.trolley.empty()


def test_each_bad_input_is_told_where_it_happened_and_nothing_scanned_is_lost(desk, tmp_path):
    hands, made = desk
    scans(hands, made)
    a_day_that_is_over(hands, made)
    two_clerks_hand_over_one_thing(hands, made)
    a_cost_below_zero(hands, made, tmp_path)
    two_counters_at_once(hands, made)
    closed_while_counting(hands, made)
