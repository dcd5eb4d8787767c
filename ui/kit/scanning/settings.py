"""What this workstation knows about its scanner, as plain values that can be kept and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from PySide6.QtCore import QCoreApplication

from cbo_desk.errors import Faults

Prefix = Literal["none", "F13", "STX"]
Suffix = Literal["either", "enter", "tab"]
LineEnd = Literal["any", "CR", "LF", "CRLF"]
Encoding = Literal["ascii", "latin-1"]

GAP_MS = (5.0, 60.0)
"""Between these a scanner's median gap may be set; above 60 ms fast typists begin."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "prefix": get_args(Prefix),
    "suffix": get_args(Suffix),
    "serial_suffix": get_args(LineEnd),
    "serial_encoding": get_args(Encoding),
}


@dataclass(frozen=True)
class ScannerSettings:
    """How scans are told from typing, where a serial scanner is plugged in, and whether scans sound.

    `prefix` and `suffix` are what a keyboard scanner sends before and after a code; `timing` tells scans by speed,
    `max_gap_ms` being the highest median gap of a scanner; an empty `serial_device` means that there is none.
    """

    prefix: Prefix = "none"
    suffix: Suffix = "either"
    timing: bool = True
    max_gap_ms: float = 35.0
    serial_device: str = ""
    serial_speed: int = 9600
    serial_suffix: LineEnd = "any"
    serial_encoding: Encoding = "ascii"
    sound: bool = True

    def to_dict(self) -> dict[str, Any]:
        """The settings as plain values for a settings file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> ScannerSettings:
        """Read settings back; a name that is missing has its default and an unknown one is passed over.

        Raises Faults, with a sentence per name, for values that mean nothing.
        """
        known = {one.name: one.type for one in fields(cls)}
        values = {name: value for name, value in kept.items() if name in known}
        faults: dict[str, str] = {}
        for name, value in values.items():
            said = _fault(name, value)
            if said:
                faults[name] = said
        if faults:
            raise Faults(faults)
        return cls(**values)


def _fault(name: str, value: Any) -> str:
    """What is wrong with one value, as a sentence; empty if nothing is."""
    if name in _CHOICES:
        if value in _CHOICES[name]:
            return ""
        sentence = QCoreApplication.translate("ScannerSettings", "%1 is not one of %2.")
        return sentence.replace("%1", str(value)[:40]).replace("%2", ", ".join(_CHOICES[name]))
    if name in ("timing", "sound"):
        if isinstance(value, bool):
            return ""
        return QCoreApplication.translate("ScannerSettings", "This is either on or off.")
    if name == "max_gap_ms":
        if isinstance(value, int | float) and GAP_MS[0] <= value <= GAP_MS[1]:
            return ""
        return QCoreApplication.translate("ScannerSettings", "Give a gap between 5 and 60 milliseconds.")
    if name == "serial_speed":
        if isinstance(value, int) and not isinstance(value, bool) and 300 <= value <= 921_600:
            return ""
        return QCoreApplication.translate(
            "ScannerSettings", "Give a speed between 300 and 921600, as the scanner's manual says."
        )
    if isinstance(value, str) and value.isprintable() and len(value) <= 200:
        return ""
    return QCoreApplication.translate("ScannerSettings", "Give the name of the port, for instance COM3.")
