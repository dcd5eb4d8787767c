"""The command line on both engines: zones, fleet, trips and times in and out, each bad line told and nothing kept."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from cbo_desk.cli import carry_out, parse
from db.fleet import Vehicle
from db.transport import TripRequest
from db.travel import TravelTime, Zone
from tests.writing import rows

HEADS = "Entity,Requester,Purpose,From,To,Day,Pick-up,There by,Passengers\n"


@pytest.fixture
def order(office, fleet, capsys, tmp_path, monkeypatch):
    """Gives an order on the fleet's database with a file of this text; answers exit code, lines and sentences."""
    monkeypatch.setenv("CBO_DATA", str(tmp_path))
    url = office.engine.url.render_as_string(hide_password=False)

    def give(*words, text=None, name="file.csv"):
        file = tmp_path / name
        if text is not None:
            file.write_text(text, encoding="utf-8")
        capsys.readouterr()
        code = carry_out(parse(["--database", url, *words, str(file)]))
        told = capsys.readouterr()
        return code, [json.loads(line) for line in told.out.splitlines()], told.err, file

    return give


def test_everything_goes_in_and_out(office, order):
    code, told, said, _ = order("import", "zones", text="Code,Name,Latitude,Longitude\nKAR,Karen,-1.319,36.707\n")
    assert (code, told) == (0, [{"created": 1}])
    assert "KAR added" in said
    assert order("import", "vehicles", text="Plate,Seats,Home\nUN 200,7,KAR\n")[:2] == (0, [{"created": 1}])
    assert order("import", "drivers", text='Person,Classes\n"Okafor, Ngozi",B\n')[:2] == (0, [{"created": 1}])
    ask = HEADS + "UNEP,Okafor,Meeting,GIG,UH,2099-08-25,11:00,,2\n"
    assert order("import", "trips", text=ask)[:2] == (0, [{"created": 1}])
    times = "From,To,Band,Minutes\nGIG,JKIA,day,61\n"
    assert order("import", "travel-times", text=times)[:2] == (0, [{"set": 1}])
    assert rows(office, select(TravelTime.seconds).where(TravelTime.seconds == 3660)) == [(3660,)]
    for what, count, word in (("zones", 5, "Karen"), ("vehicles", 4, "UN 200"), ("drivers", 4, "Okafor"),
                              ("trips", 1, "T-0001"), ("travel-times", 20, "61")):  # fmt: skip
        code, told, _, file = order("export", what, name=f"{what}.csv")
        assert (code, told[0]["exported"]) == (0, count)
        assert word in file.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("UNEP,Okafor,Meeting,GIG,UH,2099-08-25,11:00,10:00,2", "The drop-off comes after the pick-up"),
        ("UNEP,Okafor,Meeting,GIG,UH,2099-08-25,11:00,11:10,2", "The ride takes about 30 min, so they arrive at 11:30"),
        ("UNEP,Okafor,Meeting,GIG,UH,2099-08-25,11:00,,60", "No vehicle takes 60 passengers; the largest takes 25"),
        ("UNEP,Okafor,Meeting,GIG,MARS,2099-08-25,11:00,,2", "There is no zone MARS. Known are CBD, GIG, JKIA, UH."),
        ("UNEP,Okafor,Meeting,GIG,UH,2001-08-25,11:00,,2", "This day is over"),
        ("UNEP,Okafor,Meeting,GIG,UH,2099-08-25,25:00,,2", "“25:00” is no hour"),
    ],
)
def test_a_bad_line_is_told_and_nothing_is_kept(office, order, line, sentence):
    good = "UNEP,Okafor,Meeting,GIG,UH,2099-08-25,09:00,,2\n"
    code, told, said, _ = order("import", "trips", text=f"{HEADS}{good}{line}\n")
    assert code == 1
    [refused] = told
    assert refused["refused"].startswith("Line 3: ")
    assert sentence in refused["refused"]
    assert "Nothing was written" in said
    assert rows(office, select(TripRequest.id)) == []


def test_files_that_are_none(office, order, tmp_path):
    for what, text, sentence in (
        ("zones", "Name\nx\n", "has no column code"), ("vehicles", "Plate,Seats\n", "holds no lines"),
        ("travel-times", "From,To\n", "has no column band, minutes"),
    ):  # fmt: skip
        code, told, said, _ = order("import", what, text=text)
        assert (code, told) == (1, [])
        assert sentence in said
    code, _, said, _ = order("import", "zones", name="no.csv")
    assert code == 1
    assert "cannot be read" in said
    assert len(rows(office, select(Vehicle.id))) == 3
    assert len(rows(office, select(Zone.id))) == 4
