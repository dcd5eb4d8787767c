"""Writes the two sounds beside it: `python resources/sounds/make.py`. Both are ours, nothing is taken from anywhere.

Good is one short high tone; bad is two low ones, longer and rough. They differ in pitch, length and number, so that
they can be told apart in a noisy mail room and by people who hear high tones badly.
"""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

RATE = 22_050
"""Samples a second."""

Tone = tuple[float, float, float]
"""Pitch in hertz, length in seconds, share of the third harmonic."""

GOOD: list[Tone] = [(1568.0, 0.09, 0.0)]
BAD: list[Tone] = [(220.0, 0.16, 0.6), (0.0, 0.07, 0.0), (185.0, 0.24, 0.6)]


def samples(tones: list[Tone], loudness: float = 0.5) -> bytes:
    """The tones as 16-bit samples, each faded in and out over 8 ms so that nothing clicks."""
    out = bytearray()
    for pitch, length, rough in tones:
        count = round(length * RATE)
        for number in range(count):
            turn = math.tau * pitch * number / RATE
            fade = min(1.0, number / (0.008 * RATE), (count - number) / (0.008 * RATE))
            value = (math.sin(turn) + rough * math.sin(3 * turn)) / (1 + rough)
            out += struct.pack("<h", round(32_767 * loudness * fade * value))
    return bytes(out)


def main() -> None:
    """Write good.wav and bad.wav."""
    for name, tones in (("good", GOOD), ("bad", BAD)):
        with wave.open(str(Path(__file__).parent / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(tones))


if __name__ == "__main__":
    main()
