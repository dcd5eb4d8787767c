"""A good and a bad sound for scans; they never hold anything up, and a computer without sound stays silent."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QUrl
from PySide6.QtWidgets import QApplication

from ui.kit.shipped import SHIPPED

Name = Literal["good", "bad"]

PLAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "darwin": (("afplay",),),
    "linux": (("pw-play",), ("paplay",), ("aplay", "-q")),
}
"""Programs that play a sound file, by platform, the likeliest first."""

AT_ONCE = 3
"""More players than this are not started side by side: in a burst the ear hears no more."""


def sound_file(name: Name) -> Path:
    """The shipped sound."""
    return SHIPPED / "sounds" / f"{name}.wav"


def player(platform: str = sys.platform, which: Callable[[str], str | None] = shutil.which) -> list[str]:
    """The command that plays a file given as its last word; empty where there is none."""
    for command in PLAYERS.get("linux" if platform.startswith("linux") else platform, ()):
        found = which(command[0])
        if found:
            return [found, *command[1:]]
    return []


class Sounds(QObject):
    """Plays the two sounds, by the first of these that works: Qt's own, the platform's, the bell."""

    def __init__(self, on: bool = True, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = on
        self._way: Callable[[Name], object] | None = None
        self._effects: dict[str, Any] = {}
        self._playing: list[subprocess.Popen[bytes]] = []

    def play(self, name: Name) -> None:
        """Begin to play, if sounds are on; a failure is silent, as the strip says the same in words."""
        if not self.on:
            return
        if self._way is None:
            self._way = self._choose()
        try:
            self._way(name)
        except (OSError, RuntimeError, ValueError):
            self._way = self._beep

    def finish(self) -> None:
        """Stop what is still playing."""
        for one in self._playing:
            one.terminate()
            one.wait()
        self._playing = []

    def _choose(self) -> Callable[[Name], object]:
        try:
            multimedia: Any = importlib.import_module("PySide6.QtMultimedia")
        except ImportError:
            pass
        else:
            for name in ("good", "bad"):
                effect = multimedia.QSoundEffect(self)
                effect.setSource(QUrl.fromLocalFile(str(sound_file(name))))
                self._effects[name] = effect
            return lambda name: self._effects[name].play()
        if sys.platform == "win32":
            return self._by_windows
        self._command = player()
        return self._by_command if self._command else self._beep

    def _by_windows(self, name: Name) -> None:
        winsound: Any = importlib.import_module("winsound")
        at_once = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
        winsound.PlaySound(str(sound_file(name)), at_once)

    def _by_command(self, name: Name) -> None:
        self._playing = [one for one in self._playing if one.poll() is None]
        if len(self._playing) < AT_ONCE:
            silent = subprocess.DEVNULL
            self._playing.append(
                subprocess.Popen([*self._command, str(sound_file(name))], stdin=silent, stdout=silent, stderr=silent)
            )

    def _beep(self, name: Name) -> None:
        QApplication.beep()
