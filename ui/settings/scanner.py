"""How scans reach this workstation, and a test of one's own scanner."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.errors import Refusal
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import ScrollCard, line, rule
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.preferences import SCANNER
from ui.kit.scanning.self_test import SelfTest
from ui.kit.scanning.serial_port import ports
from ui.kit.scanning.settings import ScannerSettings

SPEEDS = (9600, 19200, 38400, 57600, 115200)


class ScannerPanel(QWidget):
    """The settings of this workstation's scanners, and the self-test."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        try:
            kept: dict[str, Any] = bench.preferences.get(SCANNER)
            self._settings = ScannerSettings.from_dict(kept)
        except Refusal:
            self._settings = ScannerSettings()  # a damaged preference reads as the default
        self.form = Form(self._fields())
        self._fill()
        save = Button(self.tr("Save"), "check", "primary", self.save)
        self.card = ScrollCard(self)
        pieces: list[Any] = [
            Label(self.tr("Scanners at this workstation"), "h2"),
            self.form,
            line(None, save),
        ]
        self.test = SelfTest(bench.wedge, self._settings, self)
        self.test.suggested.connect(self.take)
        pieces += [rule(), Label(self.tr("Test your scanner"), "h2"), self.test]
        self.card.show_content(*pieces, gap=12)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)

    def save(self) -> None:
        """Take what the form says."""
        try:
            values = self.form.values()
            settings = ScannerSettings.from_dict(
                {**self._settings.to_dict(), **values, "max_gap_ms": float(values["max_gap_ms"] or 0)}
            )
        except Refusal as refusal:
            self.form.show_error(refusal)
            return
        self.form.show_faults({})
        self.take(settings)

    def take(self, settings: ScannerSettings) -> None:
        """Use and remember settings."""
        self._settings = settings
        self._bench.preferences.set(SCANNER, settings.to_dict())
        self._fill()
        self._bench.shell.toasts.say(self.tr("Scanner settings are in use at this workstation."))

    def _fill(self) -> None:
        kept = self._settings.to_dict()
        kept["max_gap_ms"] = Decimal(f"{self._settings.max_gap_ms:g}")
        self.form.set_values({name: kept[name] for name in self.form.editors})

    def _fields(self) -> list[Field]:
        devices = [("", self.tr("None")), *((name, name) for name in _devices())]
        kept = self._settings.serial_device
        if kept not in dict(devices):
            devices.append((kept, self.tr("{port}, not plugged in").format(port=kept)))
        speeds = [(speed, f"{speed:,}") for speed in sorted({*SPEEDS, self._settings.serial_speed})]
        return [
            Field("prefix", self.tr("Sent before a code"), "choice", required=True, choices=self._prefixes()),
            Field(
                "suffix", self.tr("Sent after a code"), "choice", required=True, choices=self._suffixes(), beside=True
            ),
            Field("serial_device", self.tr("Serial or USB-CDC scanner"), "choice", required=True, choices=devices),
            Field("serial_speed", self.tr("Its speed in baud"), "choice", required=True, choices=speeds, beside=True),
            Field("max_gap_ms", self.tr("Longest gap between a scanner's keys, in ms"), "number"),
            Field("timing", self.tr("Tell scans from typing by their speed"), "yes"),
            Field("sound", self.tr("Sound for good and bad scans"), "yes", beside=True),
        ]

    def _prefixes(self) -> list[tuple[str, str]]:
        return [("none", self.tr("Nothing")), ("F13", "F13"), ("STX", "STX")]

    def _suffixes(self) -> list[tuple[str, str]]:
        return [("either", self.tr("Enter or Tab")), ("enter", self.tr("Enter")), ("tab", self.tr("Tab"))]


def _devices() -> list[str]:
    return [getattr(port, "device", str(port)) for port in ports()]
