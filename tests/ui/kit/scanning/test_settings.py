"""Settings go to plain values and back, and refuse what means nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbo_desk.errors import Faults
from ui.kit.scanning.settings import ScannerSettings

ANY = st.builds(
    ScannerSettings,
    prefix=st.sampled_from(["none", "F13", "STX"]),
    suffix=st.sampled_from(["either", "enter", "tab"]),
    timing=st.booleans(),
    max_gap_ms=st.floats(5, 60),
    serial_device=st.sampled_from(["", "COM3", "/dev/ttyACM0"]),
    serial_speed=st.integers(300, 921_600),
    serial_suffix=st.sampled_from(["any", "CR", "LF", "CRLF"]),
    serial_encoding=st.sampled_from(["ascii", "latin-1"]),
    sound=st.booleans(),
)


@given(ANY)
def test_there_and_back(settings):
    assert ScannerSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


def test_missing_names_have_defaults_and_unknown_ones_are_passed_over():
    assert ScannerSettings.from_dict({"sound": False, "from_the_future": 1}) == ScannerSettings(sound=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("prefix", "F14"),
        ("prefix", ["F13"]),
        ("suffix", ""),
        ("timing", "yes"),
        ("max_gap_ms", 61),
        ("max_gap_ms", float("nan")),
        ("max_gap_ms", "35"),
        ("serial_speed", 0),
        ("serial_speed", True),
        ("serial_device", "COM3\n"),
        ("serial_device", None),
        ("serial_encoding", "utf-8"),
    ],
)
def test_values_that_mean_nothing_are_refused_beside_their_field(name, value):
    with pytest.raises(Faults) as caught:
        ScannerSettings.from_dict({name: value, "sound": True})
    assert list(caught.value.faults) == [name]
    assert caught.value.faults[name].endswith(".")
