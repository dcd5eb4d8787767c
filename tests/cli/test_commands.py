"""Every command does what it says, on both engines, and what one writes another reads."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest

from cbo_desk.cli import parse
from cbo_desk.compound import open_office
from cbo_desk.imports import keep_mapping
from cbo_desk.tabular import Mapping
from tests.cli.conftest import ASSETS, ROOT, Desk, command, run

TALLY = ["created", "updated", "unchanged", "refused"]


def tally(told):
    """The last line, which must be exactly the four counts, as a tuple."""
    assert list(told.lines[-1]) == TALLY
    return tuple(told.lines[-1].values())


def test_a_first_result_from_nothing(home, capsys):
    """A person with nothing but the program: demo, find, tags, read; each a program of its own, but a second demo."""
    url = str(home / "new" / "compound.db")
    made = run("--database", url, "demo", "--scale", "0.01", folder=home)
    assert (made.code, made.said) == (0, "")
    assert "50 assets" in made.lines[0]["said"]
    found = run("--database", url, "find", "laptop", folder=home)
    assert found.code == 0
    assert {hit["kind"] for hit in found.lines} == {"property.asset"}
    printed = run("--database", url, "tags", "--stock", "avery-l7651", "--out", "tags.pdf", folder=home)
    assert (printed.code, printed.lines[0]["pages"]) == (0, 1)
    assert 0 < printed.lines[0]["tags"] <= 50
    assert printed.lines[0]["seconds"] >= 0
    codes = run("read", "tags.pdf", folder=home)
    assert len(codes.lines) == printed.lines[0]["tags"]
    again = Desk(url, home, capsys).order("demo")
    assert (again.code, again.lines) == (1, [])
    assert "already has assets" in again.said


def test_without_a_name_it_is_this_workstations_own_compound(home, capsys):
    own = Desk(None, home, capsys)
    assert own.order("demo", "--scale", "0.01").code == 0
    assert (home / "home" / "compound.db").is_file()
    assert own.order("check").code == 0


def test_the_database_may_be_named_after_the_command(desk):
    there, desk.url = desk.url, "nowhere.db"
    told = desk.order("find", "laptop", "--database", there)
    assert told.code == 0
    assert told.lines


def test_find(either):
    told = either.order("find", "laptop")
    assert told.code == 0
    assert set(told.lines[0]) == {"kind", "id", "title", "detail", "near"}
    nothing = either.order("find", "zzqqxx-no-such-thing")
    assert (nothing.code, nothing.lines, nothing.said) == (0, [], "Nothing here holds these words.")


def test_identify_needs_no_database_and_takes_anything(home):
    texts = ["CBOA", "RR123456785US", "(00)106141411234567897", "UNIC-000123", "hello", "", "\x00\x1b[2J", "9" * 5000]
    known = [bool(line["matches"]) for line in run("identify", "--", *texts[:5], "ÿ🦒", folder=home).lines]
    assert known == [False, True, True, True, False, False]
    from cbo_desk.cli import parse
    from cbo_desk.cli.codes import identify

    for text in texts:
        [line] = identify(parse(["identify", "--", text]))
        assert line["input"] == text
        assert all(match["valid"] for match in line["matches"])
    assert not (home / "home").exists()


def test_identify_says_how_sure_and_what_was_meant(desk):
    code = desk.ask("SELECT code FROM tag LIMIT 1")[0][0]
    [line] = desk.order("identify", code).lines
    assert line["matches"] == [
        {"kind": "tag", "number": code, "sure": "certain", "valid": True, "why": line["matches"][0]["why"], "parts": {}}
    ]
    [line] = desk.order("identify", code[:14] + ("A" if code[14] != "A" else "B")).lines
    assert line["matches"] == []
    assert "check character does not fit" in line["why"]


def test_identify_offers_the_code_that_was_meant(home):
    from cbo_desk.cli import parse
    from cbo_desk.cli.codes import identify
    from cbo_desk.tags.codes import Kind, new_codes

    meant = []
    for code in new_codes(Kind.ASSET, 200):
        swapped = code[:5] + code[6] + code[5] + code[7:]
        [line] = identify(parse(["identify", swapped]))
        if swapped != code and "meant" in line:
            meant.append(line["meant"] == code)
    assert len(meant) > 50
    assert all(meant)


def test_stocks_have_name_and_geometry(desk):
    told = desk.run("stocks")
    assert told.code == 0
    assert len(told.lines) >= 11
    for stock in told.lines:
        assert {"name", "page", "label", "pitch", "origin", "columns", "rows"} <= set(stock)
        assert stock["columns"] * stock["rows"] >= 1
        assert stock["origin"][0] + (stock["columns"] - 1) * stock["pitch"][0] + stock["label"][0] <= (
            stock["page"][0] + 0.05
        )
    assert len({stock["name"] for stock in told.lines}) == len(told.lines)


@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_tags_are_read_back_where_they_were_put(either, ending):
    numbers = [row[0] for row in either.ask("SELECT inventory_no FROM asset ORDER BY id LIMIT 7")]
    codes = dict(either.ask("SELECT a.inventory_no, t.code FROM asset a JOIN tag t ON t.subject_id = a.id "
                            "AND t.subject_kind = 'property.asset'"))  # fmt: skip
    wanted = either.file("codes.txt", "\n".join([codes[numbers[0]], *numbers[1:]]) + "\n\n")
    out = either.folder / f"tags.{ending}"
    before = either.ask("SELECT sum(prints) FROM tag")[0][0]
    told = either.order("tags", "--codes", wanted, "--stock", "L7160", "--start-at", "20", "--out", str(out))
    assert told.code == 0
    assert (told.lines[0]["tags"], told.lines[0]["pages"], told.lines[0]["warnings"]) == (7, 2, [])
    files = [str(out)] if ending == "pdf" else [str(out), str(out.with_name("tags-2.png"))]
    read = either.order("read", *files)
    assert read.code == 0
    assert {line["format"] for line in read.lines} == {"QRCode"}
    assert sorted(line["text"] for line in read.lines) == sorted(codes[number] for number in numbers)
    first_page = [line for line in read.lines if line["page"] == 1 and line["file"] == str(out)]
    assert len(first_page) == 2
    assert all(len(line["position"]) == 4 for line in read.lines)
    # Cells 20 and 21 are the last of 21: the lower edge of the first page.
    assert min(line["position"][0][1] for line in first_page) > 2000
    assert either.ask("SELECT stock, output, tags FROM print_job ORDER BY id DESC LIMIT 1") == [
        ("avery-l7160", f"tags.{ending}", 7)
    ]
    assert either.ask("SELECT sum(prints) FROM tag") == [(before + 7,)]


def test_tags_for_a_label_printer(desk):
    told = desk.order("tags", "--query", "laptop", "--stock", "zebra-50x25", "--out", str(desk.folder / "t.zpl"))
    assert told.code == 0
    labels = (desk.folder / "t.zpl").read_text().count("^XA")
    assert labels == told.lines[0]["tags"] == told.lines[0]["pages"] > 0


def test_tags_of_places_are_printed_too(desk):
    code, place = desk.ask(
        "SELECT t.code, p.code FROM tag t JOIN place p ON p.id = t.subject_id WHERE t.subject_kind = 'places.place'"
    )[0]
    out = str(desk.folder / "door.png")
    told = desk.order("tags", "--codes", desk.file("c.txt", place), "--stock", "zebra-50x25", "--out", out)
    assert told.code == 0
    assert [line["text"] for line in desk.order("read", out).lines] == [code]


def test_tags_without_a_choice_are_those_never_printed(desk):
    out = str(desk.folder / "t.pdf")
    assert desk.order("tags", "--stock", "L7651", "--out", out).lines[0]["tags"] > 0
    told = desk.order("tags", "--stock", "L7651", "--out", out)
    assert (told.code, told.lines) == (1, [])
    assert "Every tag has been printed" in told.said


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
@pytest.mark.parametrize("what", ["assets", "people", "places"])
def test_an_export_imported_again_changes_nothing(either, what, ending):
    file = str(either.folder / f"{what}.{ending}")
    told = either.order("export", what, file)
    assert told.code == 0
    assert told.lines == [{"exported": told.lines[0]["exported"], "file": file}]
    again = either.order("import", what, file)
    assert again.code == 0
    assert tally(again) == (0, 0, told.lines[0]["exported"], 0)


def test_entities_and_categories_come_back_on_either_engine(either):
    for what in ("entities", "categories"):
        file = either.folder / f"{what}.csv"
        count = either.order("export", what, str(file)).lines[0]["exported"]
        assert tally(either.order("import", what, str(file))) == (0, 0, count, 0)
        known = file.read_text("utf-8-sig").splitlines()[1].split(",")[0]
        file.write_text(f"Code,Name\n{known},Renamed\nNEW,Fresh\n")
        assert tally(either.order("import", what, str(file))) == (1, 1, 0, 0)


@pytest.mark.parametrize("what", ["assets", "people", "places", "entities"])
def test_a_list_on_paper(desk, what):
    import pypdfium2

    told = desk.order("export", what, str(desk.folder / "list.pdf"))
    assert told.code == 0
    document = pypdfium2.PdfDocument(str(desk.folder / "list.pdf"))
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert what.capitalize() in text


def test_an_export_can_be_narrowed(desk):
    told = desk.order("export", "assets", str(desk.folder / "a.csv"), "--query", "laptop")
    rows = list(csv.DictReader((desk.folder / "a.csv").open(encoding="utf-8-sig", newline="")))
    assert told.lines[0]["exported"] == len(rows)
    assert 0 < len(rows) < ASSETS
    assert all("aptop" in row["Description"] for row in rows)


HEAD = "Inventory no.,Entity,Description,Cost,Acquired,Place\n"


def register(desk):
    """A register with two good rows, one of them known already, and two bad ones."""
    known, entity = desk.ask("SELECT inventory_no, entity_code FROM asset ORDER BY id LIMIT 1")[0]
    place = desk.ask("SELECT code FROM place WHERE place_kind = 'room' ORDER BY code LIMIT 1")[0][0]
    rows = [
        f"{known},{entity},Renamed,10.00,2026-01-31,{place}",
        f"NEW-1,{entity},New thing,12.50,2026-01-31,{place}",
        f"NEW-2,{entity},Bad day,12.50,2026-02-31,{place}",
        f",{entity},No number,12.50,2026-01-31,{place}",
    ]
    return desk.file("register.csv", HEAD + "\n".join(rows) + "\n"), known


def test_bad_rows_stop_the_whole_import(either):
    file, known = register(either)
    told = either.order("import", "assets", file)
    assert told.code == 1
    assert tally(told) == (0, 0, 0, 2)
    faults = told.lines[:-1]
    assert [(fault["row"], fault["column"], fault["value"]) for fault in faults] == [
        (4, "Acquired", "2026-02-31"),
        (5, "Inventory no.", ""),
    ]
    assert all(fault["what_to_do"].endswith(".") for fault in faults)
    assert "nothing was written" in told.said
    assert either.rows() == ASSETS
    assert either.ask(f"SELECT description FROM asset WHERE inventory_no = '{known}'") != [("Renamed",)]


def test_a_dry_run_says_what_would_happen(either):
    file, _known = register(either)
    before = either.ask("SELECT max(seq) FROM audit_entry")
    told = either.order("import", "assets", file, "--dry-run", "--good-rows")
    assert tally(told) == (1, 1, 0, 2)
    assert either.rows() == ASSETS
    assert either.ask("SELECT max(seq) FROM audit_entry") == before


def test_what_changes_nothing_ends_with_its_counts_too(desk):
    [(entity,)] = desk.ask("SELECT code FROM entity ORDER BY id LIMIT 1")
    head = "Inventory no.,Entity,Description,Cost,Currency\n"
    # A cost of nothing and a blank one are the same to the register.
    file = desk.file("again.csv", f"{head}Z-1,{entity},Lamp,0,USD\nZ-2,{entity},Lamp,,\n")
    assert tally(desk.order("import", "assets", file)) == (2, 0, 0, 0)
    for words in ((), ("--dry-run",), ("--blank-empties",), ("--dry-run", "--good-rows")):
        told = desk.order("import", "assets", file, *words)
        assert (told.code, tally(told), told.said) == (0, (0, 0, 2, 0), "")
    told = desk.order("import", "assets", desk.file("bad.csv", f"{head},{entity},Lamp,5,USD\n"), "--dry-run")
    assert (told.code, tally(told)) == (1, (0, 0, 0, 1))
    assert (told.lines[0]["row"], told.lines[0]["column"]) == (2, "Inventory no.")
    held = desk.ask("SELECT cost_cents, currency FROM asset WHERE inventory_no LIKE 'Z-%' ORDER BY id")
    assert held == [(0, "USD"), (0, "USD")]


def test_good_rows_go_in_and_bad_ones_come_back_to_be_mended(either):
    file, _known = register(either)
    bad = either.folder / "bad.csv"
    told = either.order("import", "assets", file, "--good-rows", "--bad-rows", str(bad))
    assert (told.code, tally(told)) == (0, (1, 1, 0, 2))
    assert either.rows() == ASSETS + 1
    held = list(csv.reader(StringIO(bad.read_text("utf-8"))))
    assert len(held) == 3
    mended = bad.read_text("utf-8").replace("2026-02-31", "2026-02-28").replace("\n,", "\nNEW-3,").replace("\r,", "\r,")
    bad.write_text(mended, "utf-8")
    again = either.order("import", "assets", str(bad))
    assert (again.code, tally(again)) == (0, (2, 0, 0, 0))
    assert either.rows() == ASSETS + 3
    assert either.order("import", "assets", str(bad)).lines[-1]["unchanged"] == 2


FIRST_HOUR = [  # what a stranger brings into an empty compound, in this order, as their office has kept it for years
    ("categories", "Class;Class name;Useful life;Attractive\rIT;Ordinateurs portables;48;yes\rFUR;Möbel;120;\r", 2),
    ("entities", "\ufeffAcronym,Full name,From\nunep,Environment Programme,1972-12-15\nUN-HABITAT,Settlements,\n", 2),
    ("places", "Code\tName\tType\tParent\nM-1\tRoom 1\tRoom\tM\nM\tBlock M\tBlock\tG\nG\tGigiri\tSite\t\n", 3),
    ("people", "Index,Last name,First name,Entity,Room\n100,Müller,Ève,UNEP,M-1\n", 1),
    ("assets", "Asset Nr,Description,Class,Agency,Location,Custodian,Acq. date,Cost USD\n"
               'A-1,"Laptop, 14""",IT,UNEP,M-1,100,03/14/2025,"1,200.50"\n'
               'A-2,"Desk\nwith drawer",Möbel,un-habitat,M-1,,12/31/2024,0\n', 2),
]  # fmt: skip


def test_a_register_comes_into_an_empty_compound_by_commands_alone(capsys, tmp_path):
    empty = Desk(f"sqlite:///{tmp_path / 'new.db'}", tmp_path, capsys)
    assert empty.order("init", "Annex").code == 0
    for what, text, count in FIRST_HOUR:
        file = tmp_path / f"{what}.csv"
        file.write_bytes(text.encode("mac_roman" if what == "categories" else "utf-8"))
        assert tally(empty.order("import", what, str(file), "--dry-run")) == (count, 0, 0, 0)
        assert tally(empty.order("import", what, str(file))) == (count, 0, 0, 0)
        assert tally(empty.order("import", what, str(file))) == (0, 0, count, 0)
        out = str(tmp_path / f"{what}-out.xlsx")
        assert empty.order("export", what, out).lines == [{"exported": count, "file": out}]
        assert tally(empty.order("import", what, out)) == (0, 0, count, 0)
    told = empty.order("export", "categories", str(tmp_path / "c.csv"))
    assert told.code == 0
    lines = (tmp_path / "c.csv").read_text("utf-8-sig").splitlines()
    assert lines[1:] == ["FUR,Möbel,120,No", "IT,Ordinateurs portables,48,Yes"]
    more = tmp_path / "more.csv"
    more.write_text("Code,Name,Useful life in months,Until\nit,Laptops,9999,\nfur,Furniture,60,\n,Nameless,1,\n")
    told = empty.order("import", "categories", str(more), "--good-rows")
    assert (told.code, tally(told)) == (0, (0, 1, 0, 2))
    assert [(fault["row"], fault["column"]) for fault in told.lines[:-1]] == [(2, "Useful life in months"), (4, "Code")]
    more.write_text("Code,Name,Since,Until\nUNEP,UN Environment,,\nA B!,Bad,,\nX,,,\nY,Y,2026-01-02,2026-01-01\n")
    told = empty.order("import", "entities", str(more), "--good-rows")
    assert (told.code, tally(told)) == (0, (0, 1, 0, 3))
    assert [(fault["row"], fault["column"]) for fault in told.lines[:-1]] == [(3, "Code"), (4, "Name"), (5, "Until")]
    found = empty.order("find", "drawer").lines
    assert [hit["title"] for hit in found] == ["A-2"]
    printed = empty.order("tags", "--stock", "avery-l7651", "--out", str(tmp_path / "t.pdf")).lines[0]
    assert (printed["tags"], printed["pages"]) == (2, 1)
    assert empty.order("check").code == 0


def test_creating_and_updating_alone(desk):
    file, known = register(desk)
    text = "\n".join(Path(file).read_text().splitlines()[:3]) + "\n"
    file = desk.file("good.csv", text)
    assert tally(desk.order("import", "assets", file, "--create", "--good-rows")) == (1, 0, 0, 1)
    assert desk.rows() == ASSETS + 1
    assert tally(desk.order("import", "assets", file, "--update")) == (0, 1, 1, 0)
    assert desk.ask(f"SELECT description FROM asset WHERE inventory_no = '{known}'") == [("Renamed",)]


@pytest.mark.parametrize("form", ["json", "toml"])
def test_a_mapping_says_how_columns_are_taken(desk, form):
    entity = desk.ask("SELECT code FROM entity LIMIT 1")[0][0]
    file = desk.file("odd.csv", "Ding;Was;Wann\nX-1;Stuhl;03/04/2026\nX-2;Tisch;05/06/2026\n")
    mapping = {
        "columns": {"Ding": "inventory_no", "Was": "description", "Wann": "acquired_on"},
        "fixed": {"entity": entity},
        "dates": {"acquired_on": "mdy"},
    }
    text = json.dumps(mapping)
    if form == "toml":
        text = "\n".join(
            f"[{part}]\n" + "\n".join(f'"{key}" = "{value}"' for key, value in held.items())
            for part, held in mapping.items()
        )
    told = desk.order("import", "assets", file, "--map", desk.file(f"map.{form}", text))
    assert (told.code, tally(told)) == (0, (2, 0, 0, 0))
    assert desk.ask("SELECT acquired_on FROM asset WHERE inventory_no = 'X-1'") == [("2026-03-04",)]


def test_a_mapping_is_known_by_the_name_it_was_kept_under(desk):
    entity = desk.ask("SELECT code FROM entity LIMIT 1")[0][0]
    file = desk.file("odd.csv", "Ding;Was\nX-1;Stuhl\n")
    asked = desk.order("import", "assets", file, "--map", "old program")
    assert asked.code == 1
    assert asked.said.endswith("nor a mapping “old program”. None is kept under a name yet.")
    opened = open_office(desk.url, check=False)
    columns = {"Ding": "inventory_no", "Was": "description"}
    opened.write(keep_mapping, "assets", "Old program", Mapping(columns, {"entity": entity}))
    opened.close()
    asked = desk.order("import", "assets", file, "--map", "older")
    assert asked.code == 1
    assert asked.said.endswith("There is neither a file nor a mapping “older”. Kept under a name: Old program.")
    told = desk.order("import", "assets", file, "--map", "OLD  program")
    assert (told.code, tally(told)) == (0, (1, 0, 0, 0))
    assert desk.ask("SELECT description FROM asset WHERE inventory_no = 'X-1'") == [("Stuhl",)]
    desk.file("Old program", "[1")  # a file of that name comes first
    told = desk.order("import", "assets", file, "--map", str(desk.folder / "Old program"))
    assert told.code == 1


def test_days_that_can_be_read_two_ways_are_asked_for(desk):
    entity = desk.ask("SELECT code FROM entity LIMIT 1")[0][0]
    head = "Inventory no.,Entity,Description,Acquired\n"
    file = desk.file("a.csv", f"{head}Q-1,{entity},Chair,03/04/2026\nQ-2,{entity},Desk,05/06/2026\n")
    told = desk.order("import", "assets", file)
    assert (told.code, tally(told)) == (1, (0, 0, 0, 2))
    [asked] = [line for line in told.lines if "question" in line]
    assert asked["column"] == "Acquired"
    assert '[dates] acquired_on = "dmy" or "mdy"' in asked["what_to_do"]
    told = desk.order("import", "assets", file, "--map", desk.file("map.toml", '[dates]\nacquired_on = "mdy"\n'))
    assert (told.code, tally(told)) == (0, (2, 0, 0, 0))
    assert desk.ask("SELECT acquired_on FROM asset WHERE inventory_no = 'Q-1'") == [("2026-03-04",)]


def test_people_and_places_come_in(either):
    entity = either.ask("SELECT code FROM entity LIMIT 1")[0][0]
    places = either.file("places.csv", "Code,Name,Kind,In\nZ-1,Gate,Gate,Z\nZ,Far site,Site,\n")
    told = either.order("import", "places", places)
    assert (told.code, tally(told)) == (0, (2, 0, 0, 0))
    people = either.file("people.csv", f'Index number,Name,Entity,Place\n990001,"Otieno, Grace",{entity},Z-1\n')
    told = either.order("import", "people", people)
    assert (told.code, tally(told)) == (0, (1, 0, 0, 0))
    [hit] = either.order("find", "Otieno", "Grace").lines
    assert hit["kind"] == "people.person"


def test_backup_and_restore(either, request):
    file = str(either.folder / "monday.backup")
    made = either.order("backup", file)
    assert made.code == 0
    assert made.lines[0]["rows"] > ASSETS
    either.order("import", "places", either.file("p.csv", "Code,Name,Kind\nQ,New,Site\n"))
    places = either.rows("place")
    refused = either.order("restore", file)
    assert refused.code == 1
    assert "left alone" in refused.said
    assert "--overwrite" in refused.said
    assert either.rows("place") == places
    back = either.order("restore", file, "--overwrite")
    assert back.code == 0, back.said
    assert back.lines[0]["kept_aside"]
    assert either.rows("place") == places - 1
    assert either.order("check").code == 0


def test_move_into_a_new_place_and_not_into_an_old_one(desk):
    place = str(desk.folder / "deep" / "moved.db")
    told = desk.order("move", desk.url, place)
    assert told.code == 0
    assert told.lines[0]["database"] == place
    assert desk.order("check", "--database", place).code == 0
    for target, code in ((place, 1), ("http://server.example", 1), ("postgresql://nobody@127.0.0.1:1/x", 3)):
        again = desk.order("move", desk.url, target)
        assert (again.code, again.lines) == (code, [])
        assert again.said.endswith(".")


def test_restore_into_a_new_place(desk):
    file = str(desk.folder / "a.backup")
    desk.order("backup", file)
    told = desk.order("restore", file, "--database", str(desk.folder / "deep" / "new.db"))
    assert told.code == 0
    found = desk.order("find", "laptop", "--database", str(desk.folder / "deep" / "new.db"))
    assert found.lines


def test_check_and_doctor(either):
    told = either.order("check")
    assert told.code == 0
    assert all(line["ok"] for line in told.lines)
    assert {"schema", "audit chain", "pages"} <= {line["what"] for line in told.lines}
    doctor = either.order("doctor")
    whats = {line["what"] for line in doctor.lines}
    assert {"Python", "PySide6", "database", "schema", "printers"} <= whats
    database = next(line for line in doctor.lines if line["what"] == "database")
    assert database["ok"]
    assert doctor.code == (0 if all(line["ok"] for line in doctor.lines) else 1)
    assert all(line["mend"] for line in doctor.lines if not line["ok"])


PAGE = ROOT / "docs" / "command-line.md"


def documented() -> list[str]:
    """The commands of the table in docs/command-line.md."""
    return re.findall(r"`main\.py (\w+)", PAGE.read_text(encoding="utf-8"))


def test_the_page_and_the_program_know_the_same_commands():
    shown = subprocess.run(command("--help"), capture_output=True, text=True, check=True).stdout
    known = re.findall(r"^    (\w+) ", shown, re.MULTILINE)
    assert sorted(documented()) == sorted(known)


@pytest.mark.parametrize("name", sorted(set(documented())))
def test_every_option_of_the_page_is_there_and_no_other(name, capsys):
    text = PAGE.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if f"`main.py {name}" in line)
    usage = re.findall(rf"`main\.py {name}([^`]*)`", line)
    with pytest.raises(SystemExit) as ended:
        parse([name, "--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert set(re.findall(r"--[a-z-]+", usage[0])) == set(re.findall(r"^  (--[a-z-]+)", shown, re.MULTILINE))
