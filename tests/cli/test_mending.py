"""Orders that mend, make and measure: check --mend, init, the compound's own stocks, emblems and measured printers."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops

from tests.cli.conftest import Told

LOST = {
    "sqlite": ("DROP TRIGGER tr_audit_entry_no_delete", "DROP TRIGGER tr_place_no_cycle"),
    "postgresql": (
        "DROP TRIGGER tr_audit_entry_append_only ON audit_entry",
        "ALTER TABLE place DISABLE TRIGGER tr_place_no_cycle",
    ),
}


def harm(desk, *statements):
    """Change the database past the program."""
    from db.engine import open_engine

    engine = open_engine(desk.url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def act(desk, work):
    """Do something through the front door, as the window does."""
    from cbo_desk.compound import open_office

    office = open_office(desk.url)
    try:
        return work(office)
    finally:
        office.close()


def test_lost_rules_are_named_put_back_and_written_down(either):
    engine = "sqlite" if "sqlite" in either.url or "://" not in either.url else "postgresql"
    harm(either, *LOST[engine])
    told = either.order("check")
    assert told.code == 1
    wrong = [line for line in told.lines if line.get("ok") is False]
    assert {line["what"] for line in wrong} == {"schema"}
    assert all("check --mend" in line["mend"] for line in wrong)
    mended = either.order("check", "--mend")
    assert mended.code == 0, mended
    assert mended.lines[0]["said"].startswith("2 rules of the database put back: tr_")
    assert either.ask("SELECT command FROM audit_entry ORDER BY seq DESC LIMIT 1") == [("settings.mend_rules",)]
    assert either.order("check").code == 0
    with pytest.raises(Exception, match="append-only"):
        harm(either, "DELETE FROM audit_entry")
    assert "in its place" in either.order("check", "--mend").lines[0]["said"]


def test_who_may_not_mend_is_refused_and_nothing_is_put_back(desk, monkeypatch):
    from cbo_desk import compound
    from cbo_desk.permissions import Actor, Role

    harm(desk, *LOST["sqlite"])
    clerk = Actor("eve", "Eve", dict.fromkeys(("settings", "tags", "property"), Role.SUPERVISOR), "DESK-9")
    monkeypatch.setattr(compound, "unlocked_actor", lambda: clerk)
    told = desk.order("check", "--mend")
    assert told.code == 1
    assert "may not mend the database" in told.said
    assert desk.ask("SELECT count(*) FROM sqlite_master WHERE name = 'tr_place_no_cycle'") == [(0,)]


def test_an_empty_compound_is_made_once(desk, tmp_path):
    from cbo_desk.cli import carry_out, parse

    def order(*words):
        desk.capture.readouterr()
        code = carry_out(parse(["--database", str(tmp_path / "new.db"), *words]))
        told = desk.capture.readouterr()
        return Told(code, told.out.splitlines(), told.err.strip())

    assert order("init", " ").code == 1
    assert not (tmp_path / "new.db").exists()
    assert order("init", "Gigiri annex").code == 0
    again = order("init", "Another")
    assert again.code == 1
    assert "Gigiri annex" in again.said
    assert order("find", "anything").code == 0


def test_the_compounds_own_stocks_are_listed_and_printed_on(desk, tmp_path):
    from cbo_desk.tags.supplies import save_stock

    values = {
        "title": "Ours 40 x 20", "maker": "Ours", "kind": "sheet", "corner": 0, "inset": 1.5, "dpi": 600,
        "page": [210, 297], "label": [40, 20], "pitch": [45, 25], "origin": [10, 10],
        "columns": 4, "rows": 10,
    }  # fmt: skip
    shipped = [line["name"] for line in desk.order("stocks").lines]
    act(desk, lambda office: office.write(save_stock, values))
    listed = desk.order("stocks").lines
    assert [line["name"] for line in listed if line["own"]] == ["ours-40-x-20"]
    assert [line["name"] for line in listed if not line["own"]] == shipped
    out = tmp_path / "own.pdf"
    assert desk.order("tags", "--query", "laptop", "--stock", "ours-40-x-20", "--out", str(out)).code == 0


def page(path):
    return pypdfium2.PdfDocument(path)[0].render(scale=4).to_pil().convert("RGB")


def corner(picture):
    """Where the first tag's symbol stands, in dots."""
    found = zxingcpp.read_barcodes(picture)
    return min((code.position.top_left.y, code.position.top_left.x) for code in found)


def test_a_measured_printer_moves_the_labels_and_an_unknown_one_is_refused(desk, tmp_path):
    from cbo_desk.tags.supplies import save_printer

    act(desk, lambda office: office.write(save_printer, "Brother", 3.0, -2.0, 1.0))
    plain, moved = tmp_path / "plain.pdf", tmp_path / "moved.pdf"
    order = ("tags", "--query", "laptop", "--stock", "l7163", "--out")
    assert desk.order(*order, str(plain)).code == 0
    assert desk.order(*order, str(moved), "--printer", "Brother").code == 0
    (y0, x0), (y1, x1) = corner(page(plain)), corner(page(moved))
    dots = 4 * 72 / 25.4
    assert x1 - x0 == pytest.approx(3.0 * dots, abs=2)
    assert y1 - y0 == pytest.approx(2.0 * dots, abs=2)
    refused = desk.order(*order, str(tmp_path / "no.pdf"), "--printer", "Epson")
    assert refused.code == 1
    assert "Brother" in refused.said
    assert not (tmp_path / "no.pdf").exists()


def test_an_emblem_stands_on_the_tags_of_its_entity(desk, tmp_path):
    from cbo_desk.attachments import attach

    [(entity, code)] = desk.ask("SELECT id, code FROM entity ORDER BY (SELECT count(*) FROM asset WHERE "
                                "entity_id = entity.id) DESC LIMIT 1")  # fmt: skip
    red = io.BytesIO()
    Image.new("RGB", (60, 60), (220, 0, 0)).save(red, "PNG")
    act(desk, lambda office: office.write(attach, "people.entity", entity, "emblem.png", red.getvalue()))
    order = ("tags", "--query", code, "--stock", "l7163", "--out")

    def reds(name, *more):
        assert desk.order(*order, str(tmp_path / name), *more).code == 0
        red, green, _blue = page(tmp_path / name).split()
        dark_green = green.point(lambda level: 255 if level < 60 else 0)
        return sum(ImageChops.multiply(red.point(lambda level: 255 if level > 180 else 0), dark_green).histogram()[1:])

    assert reds("without.pdf") == 0
    assert reds("with.pdf", "--emblem") > 500
