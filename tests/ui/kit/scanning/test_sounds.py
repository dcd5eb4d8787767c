"""Two sounds that differ, the program that would play them, and silence instead of faults."""

from __future__ import annotations

import struct
import sys
import wave

import pytest
from PySide6.QtWidgets import QApplication

from ui.kit.scanning import sounds
from ui.kit.scanning.sounds import AT_ONCE, Sounds, player, sound_file


def read(name):
    with wave.open(str(sound_file(name))) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        count, rate = file.getnframes(), file.getframerate()
        return struct.unpack(f"<{count}h", file.readframes(count)), rate


def pitch(values, rate):
    """From how often the first tenth of a second crosses zero upwards."""
    part = values[: int(0.08 * rate)]
    return sum(a < 0 <= b for a, b in zip(part, part[1:], strict=False)) / 0.08


def test_the_two_sounds_are_distinct_and_short():
    good, rate = read("good")
    bad, _ = read("bad")
    assert len(good) / rate < 0.15
    assert 0.3 < len(bad) / rate < 0.6
    assert pitch(good, rate) > 4 * pitch(bad, rate)
    assert max(map(abs, good)) > 8000
    assert max(map(abs, bad)) > 8000
    for values in (good, bad):
        assert abs(values[0]) < 100
        assert abs(values[-1]) < 1000


@pytest.mark.parametrize(
    ("platform", "there", "command"),
    [
        ("linux", {"pw-play", "paplay", "aplay"}, ["/bin/pw-play"]),
        ("linux", {"paplay", "aplay"}, ["/bin/paplay"]),
        ("linux", {"aplay"}, ["/bin/aplay", "-q"]),
        ("linux", set(), []),
        ("darwin", {"afplay"}, ["/bin/afplay"]),
        ("win32", set(), []),
    ],
)
def test_which_program_would_play(platform, there, command):
    assert player(platform, lambda name: f"/bin/{name}" if name in there else None) == command


@pytest.fixture
def no_multimedia(monkeypatch):
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)


@pytest.fixture
def beeps(monkeypatch):
    heard = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(1))
    return heard


def test_a_real_program_gets_the_file_and_is_not_waited_for(qapp, no_multimedia, monkeypatch, tmp_path):
    script = tmp_path / "aplay"
    script.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/played\nexec sleep 60\n')
    script.chmod(0o755)
    monkeypatch.setattr(sounds, "player", lambda: [str(script), "-q"])
    sound = Sounds()
    for _ in range(AT_ONCE + 5):
        sound.play("good")
    assert len(sound._playing) == AT_ONCE
    assert all(one.poll() is None for one in sound._playing)
    sound.finish()
    assert sound._playing == []


def test_a_program_that_fails_is_silent(qapp, no_multimedia, monkeypatch, beeps, capfd):
    monkeypatch.setattr(sounds, "player", lambda: ["/bin/sh", "-c", "echo no sound card >&2; exit 1"])
    sound = Sounds()
    sound.play("bad")
    sound._playing[0].wait()
    sound.play("bad")
    sound.finish()
    assert capfd.readouterr() == ("", "")


def test_a_program_that_is_gone_gives_way_to_the_bell(qapp, no_multimedia, monkeypatch, beeps, tmp_path):
    monkeypatch.setattr(sounds, "player", lambda: [str(tmp_path / "gone")])
    sound = Sounds()
    sound.play("good")
    sound.play("bad")
    assert beeps == [1]


def test_without_any_program_the_bell_rings(qapp, no_multimedia, monkeypatch, beeps):
    monkeypatch.setattr(sounds, "player", list)
    Sounds().play("good")
    assert beeps == [1]


def test_switched_off_nothing_plays(qapp, no_multimedia, monkeypatch, beeps):
    monkeypatch.setattr(sounds, "player", list)
    sound = Sounds(on=False)
    sound.play("good")
    assert beeps == []


def test_qts_own_sounds_come_first_where_they_are_installed(qapp, monkeypatch, beeps):
    played = []

    class Effect:
        def __init__(self, parent):
            pass

        def setSource(self, url):
            self.file = url.fileName()

        def play(self):
            played.append(self.file)

    stand_in = type(sys)("PySide6.QtMultimedia")
    stand_in.QSoundEffect = Effect
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", stand_in)
    sound = Sounds()
    sound.play("good")
    sound.play("bad")
    assert played == ["good.wav", "bad.wav"]
    assert beeps == []
