"""The tour: the same real windows do the main job on the demo compound, without a display, and leave their pictures.

Each scene is one function that does something and looks whether it happened; a scene that fails ends the tour with a
sentence. On standard output stands the path of every picture and paper, one a line.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from ui.mail.tour_scenes import pack_pouch, send_mail
from ui.transport.tour import dispatch_a_trip, plan_the_day

REFUSED, DONE = 1, 0
PATIENCE_S = 120
"""A step may take so long before the tour says that it did not happen; a busy computer is slow, not broken."""


class NotHappened(Exception):
    """A step of the tour did not happen; the text says which."""


def make_tour(folder: str) -> int:
    """Do the main job and leave numbered pictures and PDFs in `folder`; 0 when everything happened, else 1."""
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return _say(f"The folder {place} cannot be made: {error.strerror}.")
    if not sys.platform.startswith(("win", "darwin")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="cbo-tour-", ignore_cleanup_errors=True) as home:
        # The person's own compound and preferences are left alone.
        os.environ.update(CBO_DATA=home, XDG_DATA_HOME=home, XDG_CONFIG_HOME=home)
        return _run(place, Path(home))


def _run(place: Path, home: Path) -> int:
    from PySide6.QtCore import qInstallMessageHandler

    from cbo_desk.errors import Refusal, Trouble
    from ui.application import make_app
    from ui.kit.preferences import THEME, Preferences

    preferences = Preferences(home / "preferences.ini")
    preferences.set(THEME, "light")
    app = make_app(preferences)
    tour = Tour(app, preferences, place)
    qInstallMessageHandler(_hush)
    try:
        for scene in SCENES:
            scene(tour)
    except (NotHappened, Refusal, Trouble) as error:
        return _say(f"The tour stopped: {error}")
    finally:
        tour.end()
        qInstallMessageHandler(None)
    return DONE


def _hush(_kind: Any, _where: Any, words: str) -> None:
    """Let Qt say what it has to say, but not that pictures have no window manager."""
    if "propagateSizeHints" not in words:
        _say(words)


def _say(words: str) -> int:
    print(words, file=sys.stderr)  # noqa: T201 - a command's voice
    return REFUSED


class Tour:
    """The window on its way, and where its pictures go."""

    def __init__(self, app: Any, preferences: Any, folder: Path) -> None:
        from cbo_desk.locations import default_url
        from ui.opening import Opening

        self.app, self.folder = app, folder
        self.opening = Opening(default_url(), preferences, app)
        self.imported: list[int] = []
        self.codes: dict[str, str] = {}
        self.paper = folder / "tags.pdf"
        self._number = 0

    @property
    def window(self) -> Any:
        """The open compound's window."""
        if self.opening.window is None:
            raise NotHappened("no compound is open.")
        return self.opening.window

    @property
    def shell(self) -> Any:
        """The frame on the screen."""
        return self.opening.frame

    @property
    def register(self) -> Any:
        """The register, on the property page."""
        return self.shell.page().register

    def wait(self, what: str, happened: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        """Let the program go on until something happened; NotHappened if it does not."""
        from PySide6.QtCore import QDeadlineTimer

        patience = QDeadlineTimer(round(seconds * 1000))
        while not happened():
            if patience.hasExpired():
                raise NotHappened(f"{what} did not happen within {seconds:.0f} seconds. {self._said()}".strip())
            self.rest(10)  # in Qt's own loop: one that spins would take the workers' turn

    def rest(self, milliseconds: int = 400) -> None:
        """Let what is under way come to the screen."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def picture(self, name: str, widget: Any = None) -> Path:
        """Save what is on the screen once all that was asked for is there, and print its path."""
        self.rest()
        if self.opening.window is not None:
            self.wait("What the page shows", lambda: self.window.runner.answered)
            self.rest(100)  # the last answer may have come just now, and is not laid out yet
        self._number += 1
        path = self.folder / f"{self._number:02}_{name}.png"
        if not (widget or self.shell).grab().save(str(path)):
            raise NotHappened(f"{path} was not written.")
        print(path, flush=True)  # noqa: T201 - a command's voice
        return path

    def press(self, widget: Any, *keys: str) -> None:
        """Press keys on a widget, such as "Down" or "Ctrl+Z"."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        for key in keys:
            pressed = QKeySequence(key)[0]  # type: ignore[index]  # Qt's stubs do not know that it is a row of keys
            QTest.keyClick(widget, pressed.key(), pressed.keyboardModifiers())

    def _said(self) -> str:
        """What the window itself said last."""
        notices = self.shell.toasts.notices.all
        page = self.shell.pages.currentWidget()
        sentences = [getattr(page, name).words() for name in ("problem", "sentence") if hasattr(page, name)]
        return " ".join([*sentences, *(notice.said for notice in notices[:1])]).strip()

    def end(self) -> None:
        """Close everything."""
        self.opening.finish()


def first_run(tour: Tour) -> None:
    """Nothing is stored yet: the choice of how to begin."""
    tour.opening.begin()
    tour.wait("The choice of how to begin", lambda: tour.shell.pages.currentWidget() is not None)
    tour.picture("first_run")


def demo(tour: Tour) -> None:
    """Key 1 makes the demo compound; the Today page opens."""
    from PySide6.QtTest import QTest

    QTest.keyClicks(tour.shell.top.field, "1")
    tour.wait("The demo compound", lambda: tour.opening.window is not None)
    tour.wait("The Today page", lambda: tour.shell.desk() == "today" and bool(tour.shell.page().needs.rows))
    tour.picture("today")


def show_register(tour: Tour) -> None:
    """The register with the card of one asset."""
    tour.shell.go("property")
    tour.wait("The register's first rows", lambda: tour.register.model.rowCount() > 0)
    tour.wait("The first card", lambda: tour.register.card.card is not None)
    tour.wait("The register's length", lambda: tour.register.total > 0)
    tour.picture("register")


def import_register(tour: Tour) -> None:
    """A dirty register is checked, one fault is mended, the good rows are written."""
    file = _write_register(tour)
    page = tour.shell.go("property/import")
    page.take(file)
    tour.wait("The check of the file", lambda: page.task.result is not None)
    tour.picture("import_checked", tour.shell)
    before = page.task.result.preview.counts.refused
    fault = next((fault for fault in page.task.result.listed.faults if fault.mend is not None), None)
    if fault is None:
        raise NotHappened("No fault of the register can be mended at one press.")
    page.task.mend_alike(fault)
    tour.wait("The mending", lambda: page.task.result.preview.counts.refused < before)
    tour.picture("import_mended")
    written: list[Any] = []
    page.task.written.connect(written.append)
    page.run_import()
    tour.wait("The import", lambda: bool(written))
    tour.picture("import_done")
    tour.imported = list(written[0].ids)


def print_tags(tour: Tour) -> None:
    """The tags of what was imported are printed into a PDF."""
    from PySide6.QtWidgets import QFileDialog, QLineEdit

    from ui.tags.print_window import open_print_window

    tour.shell.go("property")
    ids = tour.imported or tour.register.chosen_ids()
    box = open_print_window(tour.window.bench, "property.asset", ids)
    tour.wait("The plan of the print", lambda: box.plan is not None and len(box.choice.ticked()) == len(ids))
    tour.picture("print_tags")
    closed: list[bool] = []
    box.closed.connect(lambda: closed.append(True))
    box.parts.pdf_button.click()
    tour.wait("The file dialog", lambda: bool(box.findChildren(QFileDialog)))
    dialog = box.findChildren(QFileDialog)[0]
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    tour.paper.unlink(missing_ok=True)
    if not isinstance(line, QLineEdit):
        raise NotHappened("The file dialog has no line for a name.")
    line.setText(str(tour.paper.resolve()))
    dialog.accept()
    tour.wait("The printing", lambda: bool(closed) and tour.paper.is_file())
    print(tour.paper, flush=True)  # noqa: T201 - a command's voice


def scan_printed(tour: Tour) -> None:
    """A printed tag is read back from the paper; its scan opens the card of its asset."""
    codes = _read_paper(tour.paper)
    if not codes:
        raise NotHappened("No code could be read back from the printed tags.")
    text = codes[0]
    tour.shell.go("today")
    tour.window.bench.feed.put("image", text)
    tour.wait("The Property desk after the scan", lambda: tour.shell.desk() == "property")
    tour.wait("The scanned asset's card", lambda: _card(tour) is not None and _card(tour).code == text)
    tour.picture("scan_opens_card")


def move_and_undo(tour: Tour) -> None:
    """The asset is moved, and moved back by Undo."""
    from ui.kit.dialogs import FormBox
    from ui.kit.fields import Pick

    card = _card(tour)
    before = card.place
    place = next(place for place in _rooms(tour) if place.code != before)
    tour.shell.actions_.run("property.move")
    tour.wait("The form for moving", lambda: bool(tour.shell.findChildren(FormBox)))
    box = tour.shell.findChildren(FormBox)[-1]
    box.form.editors["place_id"].set_value(Pick(place.id, place.code, place.where))
    tour.picture("move_form")
    box.save()
    tour.wait("The move", lambda: _card(tour) is not None and _card(tour).place == place.code)
    tour.picture("moved")
    if not tour.shell.toasts.undo():
        raise NotHappened("The move offered no Undo.")
    tour.wait("The undoing", lambda: _card(tour).place == before)
    tour.picture("undone")


class Viewer(QObject):
    """Takes what would be opened outside, as no viewer of papers is to come up."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """A file is to be opened."""
        self.taken.append(Path(url.toLocalFile()))


@contextmanager
def papers_taken() -> Iterator[list[Path]]:
    """The papers that would be opened outside meanwhile."""
    viewer = Viewer()
    # PySide wants a text here and says bytes in its types.
    QDesktopServices.setUrlHandler("file", viewer, "take")  # type: ignore[arg-type]
    try:
        yield viewer.taken
    finally:
        QDesktopServices.unsetUrlHandler("file")


def hand_over(tour: Tour) -> None:
    """A badge and three things are scanned, then Done; who takes them signs, and the sheet opens."""
    from cbo_desk.property import KIND, AssetFilter, AssetList, State
    from cbo_desk.tags import tags_of
    from cbo_desk.tags.orders import Order, code_of
    from ui.property.custody.sign_box import SignBox

    office, feed = tour.window.office, tour.window.bench.feed
    listing = AssetList(AssetFilter(states=(State.IN_STORE,)))
    goods = [line.id for line in office.read(listing.first) if not line.row.custodian_name][:3]
    tour.shell.go("property")
    page = tour.shell.go("property/handover", f"to:{_somebody(tour)}")
    tour.wait("Who takes", lambda: page.trolley.taker is not None)
    for tag in office.read(tags_of, KIND, goods):
        feed.put("serial", tag.code)
    tour.wait("The scans", lambda: len(page.trolley.goods()) == len(goods))
    tour.picture("hand_over")
    feed.put("serial", code_of(Order.DONE))
    tour.wait("The box to sign in", lambda: bool(tour.shell.findChildren(SignBox)))
    box = tour.shell.findChildren(SignBox)[-1]
    _sign(box.pad)
    tour.picture("sign")
    with papers_taken() as taken:
        box.sign()
        tour.wait("The sheet", lambda: bool(taken))
    sheet = tour.folder / taken[0].name
    sheet.write_bytes(taken[0].read_bytes())
    print(sheet, flush=True)  # noqa: T201 - a command's voice
    show_page("property/custody", "custody", "", tour)


def count_a_room(tour: Tour) -> None:
    """A count is opened; a door and what stands behind it are scanned, one scan is taken back."""
    from cbo_desk.property.verification import Scope, open_campaign, progress_by_room, room_view
    from cbo_desk.tags import tags_of

    office, feed = tour.window.office, tour.window.bench.feed
    campaign = office.write(open_campaign, "Count", Scope()).ids[0]
    rooms = [room for room in office.read(progress_by_room, campaign) if room.building and 8 < room.expected < 30]
    if not rooms:
        raise NotHappened("No room of the demo compound has enough to count.")
    room = rooms[0]
    expected = office.read(room_view, campaign, room.place_id).expected
    tour.shell.go("property")
    page = tour.shell.go("property/counting", str(campaign))
    feed.put("keyboard", office.read(tags_of, "places.place", [room.place_id])[0].code)
    tour.wait("The room", lambda: page.view is not None)
    ids = [one.asset_id for one in expected[:-4]]
    for tag in office.read(tags_of, "property.asset", ids):
        feed.put("keyboard", tag.code)
    feed.put("keyboard", "KE-2207")
    tour.wait("The count of the room", lambda: not feed.pending and len(page.view.found) == len(ids))
    page.undo_last()
    tour.wait("The taking back", lambda: not page.view.not_expected)
    tour.picture("count")
    tour.shell.go("property/rooms", str(campaign))
    tour.picture("count_rooms")


def receive_mail(tour: Tour) -> None:
    """Two registered letters and a number that two carriers fit are scanned; a name is typed, the carrier chosen."""
    from PySide6.QtTest import QTest

    from ui.mail.fitting import FittingBox

    feed = tour.window.bench.feed
    tour.shell.go("mail")
    page = tour.shell.go("mail/rapid")
    for code in ("RR118404079KE", "1Z999AA10123456784", "01000000002"):
        feed.put("serial", code)
    tour.wait("The receipts", lambda: not feed.pending and len(page.model.rows) == 3)
    tour.shell.actions_.run("mail.rapid_class")
    tour.wait("The choice of the carrier", lambda: bool(tour.shell.findChildren(FittingBox)))
    tour.picture("mail_carriers")
    QTest.keyClicks(tour.shell.findChildren(FittingBox)[-1], "1")
    tour.wait("The carrier", lambda: bool(page.item.carrier))
    QTest.keyClicks(page.who.field, "achieng")
    tour.wait("The candidates", lambda: bool(page.who.found))
    tour.picture("mail_receive")
    QTest.keyClicks(page.who.field, "1")
    tour.wait("The addressee", lambda: bool(page.item.addressee))


def shelve_mail(tour: Tour) -> None:
    """A shelf and what was received are scanned: they lie there."""
    from cbo_desk.mail import KIND, MailFilter, MailList
    from cbo_desk.places import suggest_places
    from cbo_desk.tags import tags_of

    office, feed = tour.window.office, tour.window.bench.feed
    page = tour.shell.go("mail/shelving")
    lying = office.read(MailList(MailFilter(states=("shelved",))).first)
    shelf = next(place for place in office.read(suggest_places, lying[0].row.shelf) if place.code == lying[0].row.shelf)
    feed.put("serial", office.read(tags_of, "places.place", [shelf.id])[0].code)
    tour.wait("The shelf", lambda: page.shelf is not None)
    waiting = [line.id for line in office.read(MailList(MailFilter(states=("received",))).first)][:3]
    for tag in office.read(tags_of, KIND, waiting):
        feed.put("serial", tag.code)
    tour.wait("The shelving", lambda: len(page.model.rows) == len(waiting) and all(row.good for row in page.model.rows))
    tour.picture("mail_shelving")


def follow_mail(tour: Tour) -> None:
    """The whole way of a delivered item with its signature, and the round that the messenger is on."""
    from cbo_desk.mail import MailFilter, MailList, RoundList
    from ui.mail.messenger import MessengerWindow

    office = tour.window.office
    delivered = office.read(MailList(MailFilter(states=("delivered",))).first)[0]
    page = tour.shell.go("mail", f"mail.item:{delivered.id}")
    tour.wait("The item's card", lambda: page.card.card is not None and page.card.card.id == delivered.id)
    if page.card.card.broken:
        raise NotHappened(page.card.card.broken)
    tour.picture("mail_item")
    out = next((line for line in office.read(RoundList().first) if line.row.closed_at is None), None)
    if out is None:
        raise NotHappened("The demo compound has no open round.")
    page = tour.shell.go("mail/rounds", f"mail.round:{out.id}")
    tour.wait("The round's card", lambda: page.card.card is not None and page.card.card.id == out.id)
    tour.picture("mail_round")
    tour.shell.actions_.run("mail.messenger")
    tour.wait("The messenger's window", lambda: page.findChild(MessengerWindow) is not None)
    window = page.findChild(MessengerWindow)
    tour.wait("The stop", lambda: bool(window.rows))
    tour.picture("mail_messenger", window)
    window.close()


def plan_the_rooms(tour: Tour) -> None:
    """The day of every room: a meeting is carried half an hour earlier by keys, and back; then the season."""
    from cbo_desk.conference import BookingFilter, BookingList, booking_card

    office = tour.window.office
    page = tour.shell.go("conference")
    tour.wait("The day", lambda: page.card.card is not None and len(page.view.timeline.bars()) > 10)
    held = office.read(BookingList(BookingFilter(words="education panel")).first)[0].id
    page.show_booking(held)
    tour.wait("The card", lambda: page.card.card.row.id == held)
    tour.picture("conference_day")
    before = office.read(booking_card, held).row.starts
    if page.card.card.row.status == "hold":  # in the evening the meeting is over, and stays where it was
        tour.shell.actions_.run("conference.move")
        tour.press(page.view.timeline, "Left", "Left", "Return")
        tour.wait("The move", lambda: office.read(booking_card, held).row.starts < before)
        tour.wait("The offer of Undo", tour.shell.toasts.undo)
        tour.wait("The undo", lambda: office.read(booking_card, held).row.starts == before)
        tour.rest()
        while tour.shell.toasts.close_it():
            pass
    for view in ("week", "month", "season", "spaces", "use"):
        page.show_view(view)
        tour.wait("What the view reads", lambda: page.bench.runner.resting and getattr(page.view, "use", 1))
        tour.picture(f"conference_{view}")


def find_a_space(tour: Tour) -> None:
    """A request in a sentence, and the crews' sheet of the day as a paper."""
    from cbo_desk.compound import about
    from cbo_desk.conference import day_sheet
    from cbo_desk.conference.paper import write_day_sheet

    page = tour.shell.page()
    page.show_view("find")
    page.view.sentence.setText("120 people, classroom, French and English, 9-12, three days from Wednesday")
    page.view.ask_sentence()
    tour.wait("The spaces", lambda: page.view.answer is not None)
    tour.picture("conference_find")
    office = tour.window.office
    paper = tour.folder / "day_sheet.pdf"
    write_day_sheet(str(office.read(about).get("name", "")), office.read(day_sheet, page.day), paper)
    print(paper, flush=True)  # noqa: T201 - a command's voice


def answer_about_mail(tour: Tour) -> None:
    """The figures of the last month, written into a workbook too, and what became of the messages."""
    page = tour.shell.go("mail/answers")
    tour.wait("The answers", lambda: page.found is not None and page.found.total > 0)
    tour.picture("mail_answers")
    paper = tour.folder / "mail_answers.xlsx"
    page.write(paper)
    tour.wait("The workbook", paper.exists)
    tour.shell.go("settings", "messages")
    tour.picture("messages")


def command_palette(tour: Tour) -> None:
    """Ctrl+K finds commands and records."""
    from ui.kit.palette import PaletteBox

    tour.shell.open_palette("laptop")
    tour.wait("Ctrl+K", lambda: bool(tour.shell.findChildren(PaletteBox)))
    tour.rest(600)
    tour.picture("palette")
    tour.shell.close_topmost()


def show_page(desk: str, name: str, detail: str, tour: Tour) -> None:
    """Another page."""
    tour.shell.go(desk, detail)
    tour.rest(1200)
    if tour.shell.desk() != desk.partition("/")[0]:
        raise NotHappened(f"The page {desk} did not open.")
    tour.picture(name)


def capital_project(tour: Tour) -> None:
    """The capital project: phases and seats, two plans for whom a phase displaces, and other starts."""
    from ui.conference.project.shown import show_project

    show_project(tour)


def dark(tour: Tour) -> None:
    """The dark theme."""
    tour.shell.go("property")
    tour.shell.set_theme("dark")
    tour.picture("dark")
    tour.shell.set_theme("light")


def small_screen(tour: Tour) -> None:
    """A small laptop with larger text."""
    tour.shell.resize(1366, 768)
    tour.shell.set_scale(1.25)
    tour.picture("small_screen_125")
    tour.shell.set_scale(1.0)
    tour.shell.resize(1440, 900)


def right_to_left(tour: Tour) -> None:
    """The mirrored window."""
    from PySide6.QtCore import Qt

    tour.app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    tour.picture("right_to_left")
    tour.app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def show_value(tour: Tour) -> None:
    """What everything is worth today, worked out."""
    page = tour.shell.go("property/value")
    tour.wait("The value of the register", lambda: page.found is not None)
    tour.picture("value")


SCENES: Sequence[Callable[[Tour], None]] = (
    first_run,
    demo,
    show_register,
    import_register,
    print_tags,
    scan_printed,
    move_and_undo,
    hand_over,
    count_a_room,
    receive_mail,
    shelve_mail,
    follow_mail,
    answer_about_mail,
    send_mail,
    pack_pouch,
    plan_the_rooms,
    find_a_space,
    command_palette,
    dispatch_a_trip,
    plan_the_day,
    partial(show_page, "transport/fleet", "fleet", ""),
    partial(show_page, "transport/costs", "transport_costs", ""),
    partial(show_page, "property/gate", "gate", "shown:all"),
    partial(show_page, "property/disposal", "disposal", ""),
    show_value,
    partial(show_page, "property/maintenance", "maintenance", "w90"),
    partial(show_page, "property/fields", "fields", ""),
    capital_project,
    partial(show_page, "places", "places", ""),
    partial(show_page, "people", "people", ""),
    partial(show_page, "settings", "settings", "database"),
    dark,
    small_screen,
    right_to_left,
    partial(show_page, "today", "today_after", ""),
)
"""What the tour does, in this order."""


def _card(tour: Tour) -> Any:
    return tour.register.card.card


def _somebody(tour: Tour) -> int:
    """Somebody who works here."""
    from cbo_desk.people import PersonList

    found = tour.window.office.read(PersonList().first)
    if not found:
        raise NotHappened("The demo compound has nobody.")
    return int(found[0].id)


def _sign(pad: Any) -> None:
    """Draw something like a name."""
    from math import sin

    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    wide, high = pad.width(), pad.height()
    for start, waves in ((0.2, 5), (0.5, 4)):
        points = [
            QPoint(round(wide * (start + at / 220)), round(high * (0.55 - 0.3 * sin(at / waves)))) for at in range(55)
        ]
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points[1:]:
            QTest.mouseMove(pad, point)
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=points[-1])


def _rooms(tour: Tour) -> list[Any]:
    """A few rooms of the compound whose numbers can be mistyped, by code."""
    from cbo_desk.places import suggest_places

    found = tour.window.office.read(suggest_places, "M-1")
    rooms = [place for place in found if any(sign in place.code for sign in "01")]
    if len(rooms) < 3:
        raise NotHappened("The demo compound has too few rooms.")
    return rooms


def _write_register(tour: Tour) -> Path:
    """A register as somebody kept it: carriage returns alone, semicolons, an old Macintosh's letters, damaged cells."""
    rooms = [place.code for place in _rooms(tour)]
    spoilt = rooms[0].replace("1", "I").replace("0", "O")
    rows = ["Asset Nr;Agency;Item description;S/N;Location;Acq. date;Cost"]
    goods = ("Tablet, Galaxy Tab", "Boîte à froid, 22 l", "Projector, Epson EB-L265F", "Monitor, Dell P2425H")
    rows += [
        f"TOUR-{21140 + n};UNEP;{goods[n % 4]};R52W70K{n:02};{rooms[n % 3]};{n % 28 + 1:02}.06.2026;{598 + n},50"
        for n in range(24)
    ]
    rows += [
        f"TOUR-21190;UNEP;Tablet, Galaxy Tab;R52W70LB;{spoilt};11.06.2026;598,00",
        f"TOUR-21191;UNEP;Cold box, 22 litres;;{rooms[0]};31.06.2026;340,00",
        f";UNEP;Projector;X8QF2100;{rooms[0]};14.05.2026;612,00",
        f"TOUR-21192;NOBODY;Laptop;5.1E+14;{rooms[0]};03.06.2026;1.120,00",
    ]
    path = tour.folder / "register.csv"
    path.write_bytes("\r".join([*rows, ""]).encode("mac_roman"))
    print(path, flush=True)  # noqa: T201 - a command's voice
    return path


def _read_paper(paper: Path) -> list[str]:
    """Every code on the first page, read by another's reader from the paper drawn at 300 dpi."""
    import pypdfium2
    import zxingcpp

    with pypdfium2.PdfDocument(paper) as document:
        page = document[0].render(scale=300 / 72).to_pil().convert("L")
    return [found.text for found in zxingcpp.read_barcodes(page)]
