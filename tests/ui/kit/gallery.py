"""A page of fake assets in the real shell, as the property desk will look; tests take pictures and measures of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QTableView, QWidget

from ui.kit.actions import Action
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, History, ScrollCard, frame, line, rule
from ui.kit.cells import Look
from ui.kit.chips import Chip, Status
from ui.kit.drawings import Photo, Symbol
from ui.kit.labels import IconLabel, Label, number_label
from ui.kit.page import Page
from ui.kit.preferences import Preferences
from ui.kit.shell import Desk, Shell
from ui.kit.tables import RowCount, dress
from ui.kit.tabs import FilterChips, FilterWord, Tab, Tabs

NOW = datetime(2026, 7, 14, 10, 42, tzinfo=ZoneInfo("Africa/Nairobi"))
STATES = {
    "In service": Status("In service", "ok", "circle-check"),
    "In store": Status("In store", "idle", "package"),
    "On loan": Status("On loan", "info", "handshake"),
    "Under repair": Status("Under repair", "warn", "wrench"),
    "Loan late": Status("Loan late", "bad", "circle-alert"),
    "Missing": Status("Missing", "warn", "circle-help"),
    "Awaiting disposal": Status("Awaiting disposal", "idle", "trash-2"),
}
HEADINGS = ("Inventory no.", "Description", "Place", "Custodian", "Entity", "Cost USD", "State")
LOOKS = (
    Look("number", "ref", 120),
    Look("description", "text", 170, stretch=True),
    Look("place", "muted", 82, 3),
    Look("custodian", "muted", 116, 4),
    Look("entity", "muted", 96, 5),
    Look("cost", "money", 84, 6),
    Look("state", "chip", 158, 1, status=STATES.__getitem__),
)
ROWS = (
    ("UNEP-104861", "Laptop, Dell Latitude 7440", "M-118", "Barasa M.", "UNEP", "1,512", "In service"),
    ("UNH-088213", "Monitor, Dell U2724D 27 in", "M-214", "Okafor N.", "UN-Habitat", "489", "In service"),
    ("UNON-061127", "Projector, Epson EB-L520U", "CR-07", "Mutua G.", "UNON", "2,940", "Under repair"),
    ("UNEP-104870", "Laptop, Dell Latitude 7440", "Store S1", "—", "UNEP", "1,512", "In store"),
    ("UNIC-020418", "Vaccine carrier, 3.4 litres", "Store S3", "—", "UNICEF", "212", "In store"),
    ("UNEP-104882", "Laptop, Dell Latitude 7450", "M-214", "Lindqvist E.", "UNEP", "1,684", "In service"),
    ("WFP-310077", "Generator, Perkins 40 kVA", "Yard G2", "Kiprono D.", "WFP", "18,450", "In service"),
    ("UNOD-012950", "Camera kit, Canon EOS R6 II", "P-032", "Tanaka R.", "UNODC", "3,870", "Loan late"),
    ("UNH-088240", "Desk, height-adjustable", "M-216", "Haddad S.", "UN-Habitat", "415", "In service"),
    ("UNON-061190", "Radio, Motorola DP4801e", "Gate 1", "Security B", "UNON", "742", "On loan"),
    ("UNON-058802", "Copier, Canon iR-ADV C5535", "M-200", "Printing unit", "UNON", "7,120", "Awaiting disposal"),
    ("UNH-088302", "Chair, ergonomic, mesh back", "M-307", "Bello A.", "UN-Habitat", "286", "Missing"),
)


class Assets(QAbstractTableModel):
    def __init__(self, parent: QObject, rows: int = 400) -> None:
        super().__init__(parent)
        self._rows = rows

    def rowCount(self, parent=QModelIndex()):  # noqa: B008
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent=QModelIndex()):  # noqa: B008
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ROWS[index.row() % len(ROWS)][index.column()]
        return None

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return HEADINGS[section]
        return None


def matrix() -> list[list[bool]]:
    import qrcode

    code = qrcode.QRCode(version=2, error_correction=qrcode.constants.ERROR_CORRECT_H, mask_pattern=2, border=0)
    code.add_data("CBOA4VHZFME97TR", optimize=0)
    code.make(fit=False)
    return code.get_matrix()


class RegisterPage(Page):
    """The register, with what the kit offers and nothing else."""

    def __init__(self, preferences: Preferences, done: Callable[[str], object], parent: QWidget) -> None:
        super().__init__("Property", parent)
        self.done = done
        self.opened: list[str] = []
        self.say("1,204,311 assets of 84 entities · 37 need a decision · 1 loan late")
        self.add_buttons(
            Button("Import", "upload", key="Ctrl+I"),
            Button("Print tags", "tags"),
            Button("Receive assets", "plus", "primary", key="Ctrl+N"),
        )
        tabs = [("register", "Register", 1_204_311), ("custody", "Custody", 8), ("counts", "Counts", 2)]
        tabs += [("passes", "Gate passes", 14), ("disposal", "Disposal", 6), ("value", "Value", None)]
        self.tabs.show_tabs([Tab(*tab) for tab in [*tabs, ("maintenance", "Maintenance", 9)]])
        self.use_filter("Filter assets")
        self.table = QTableView(self)
        self.table.setModel(Assets(self.table))
        self.columns = dress(self.table, LOOKS, "property.register", preferences, title="Assets")
        self.add_tools(Tool("columns-3", "Columns"), Tool("download", "Export this view"))
        self.set_body(self._list(), self._card(), preferences=preferences, name="property.register")
        self.table.selectRow(5)

    def open_at(self, detail: str) -> None:
        self.opened.append(detail)

    def _list(self) -> QWidget:
        views = Tabs(look="pill")
        views.show_tabs(
            [
                Tab("a", "Gigiri, 200 USD and over", 612_408),
                Tab("b", "Never printed", 214),
                Tab("c", "Warranty ends in 90 days", 1_126),
            ]
        )
        chips = FilterChips()
        chips.show_filters(
            [
                FilterWord("site", "Site", "Gigiri"),
                FilterWord("cost", "Cost", "≥ 200 USD"),
                FilterWord("state", "State", "not disposed"),
            ]
        )
        chips.layout().setContentsMargins(12, 8, 8, 8)
        self.foot = RowCount()
        self.foot.say(612_408, 1_204_311, "{count:asset|assets}", "sorted by last change · found in 9 ms")
        self.foot.say_selected(1)
        head = line(IconLabel("bookmark", "faint", 15), views, margins=(12, 8, 12, 0), gap=6)
        head.setStretch(1, 1)
        return frame(head, chips, rule(), self.table, rule(), self.foot, margins=(1, 1, 1, 7))

    def _card(self) -> QWidget:
        card = ScrollCard(self)
        photo = Photo("laptop-minimal", "1 of 3 photos")
        code = number_label("CBOA4 VHZFM E97TR", 12)
        white = frame(Symbol(matrix(), "Tag CBOA4 VHZFM E97TR"), look="white", margins=(1, 1, 1, 1))
        deeds = [
            DeedButton(words, icon, lambda words=words: self.done(words), key)
            for words, icon, key in (
                ("Hand over", "user-check", "H"),
                ("Move", "map-pin", "M"),
                ("Lend", "handshake", "L"),
                ("Repair", "wrench", "R"),
                ("Gate pass", "log-out", "G"),
                ("Print tag", "qr-code", "P"),
            )
        ]
        card.show_content(
            line(Label("UNEP-104882", "cap"), None, Tool("ellipsis", "More actions")),
            Label("Laptop, Dell Latitude 7450", "h2", wrap=True),
            line(Chip(STATES["In service"]), Label("since 3 Feb 2026", "small-muted"), None),
            line(photo, white),
            line(Label("Tag, printed 3 Feb 2026", "small-muted"), None, code),
            rule(),
            Facts(
                [
                    Fact("user", "Custodian", "Lindqvist, Erik · UNEP, Law Division"),
                    Fact("map-pin", "Place", "Block M, floor 2, room M-214"),
                    Fact("hash", "Serial", "7HQ2 K94 · Dell service tag"),
                    Fact("banknote", "Cost and value today", "1,684.00 USD · 1,450.11 USD"),
                    Fact("shield-check", "Warranty", "until 2 Feb 2029, in 30 months"),
                ]
            ),
            rule(),
            Label("What can be done", "h3"),
            Deeds(deeds),
            rule(),
            line(Label("History", "h3"), None, Button("All 11", kind="link")),
            History(
                [
                    ("Today 09:12", "Njoki M. found it in M-214 by scan."),
                    ("3 Feb", "Achieng R. issued it; signed."),
                    ("30 Jan", "Received on PO 4500-2817."),
                ]
            ),
        )
        return card


DESKS = (
    ("today", "layout-dashboard", "Today", 6),
    ("property", "package", "Property", 37),
    ("mail", "mail", "Mail", 12),
    ("transport", "car", "Transport", 4),
    ("conference", "presentation", "Conference", 3),
    ("places", "map-pinned", "Places", 0),
    ("reports", "chart-column", "Reports", 0),
)


def open_gallery(preferences: Preferences) -> Shell:
    """The whole window with the register open."""
    done: list[str] = []

    def page(name: str, title: str) -> Callable[[QWidget], QWidget]:
        if name == "property":
            return lambda parent: RegisterPage(preferences, done.append, parent)
        return lambda parent: Page(title, parent)

    shell = Shell(
        [Desk(name, icon, title, page(name, title)) for name, icon, title, _ in DESKS],
        preferences,
        settings=lambda parent: Page("Settings", parent),
        now=lambda: NOW,
    )
    for name, _, _, count in DESKS:
        shell.set_count(name, count, "bad" if name == "transport" else "idle")
    shell.set_compound("Gigiri compound", demo=True)
    shell.set_connection("Saved · office server")
    shell.set_person("Njoki M.")
    property_page = shell.go("property")
    for name, icon, words, key in (
        ("hand_over", "user-check", "Hand over", "H"),
        ("move", "map-pin", "Move", "M"),
        ("lend", "handshake", "Lend", "L"),
    ):
        shell.actions_.add(
            property_page,
            Action(f"property.{name}", words, lambda words=words: done.append(words), icon, key, "property"),
        )
    shell.done = done
    return shell
