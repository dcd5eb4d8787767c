"""Every command once on each engine: its exit code, JSON lines alone on standard output, a sentence for bad news.

Then codes as they may be scanned or typed: what looks like an option, quotes, spaces, other scripts.
"""

from __future__ import annotations

import pytest

from cbo_desk.cli import parse
from tests.cli.conftest import ASSETS
from tests.cli.test_bad_input import DONE, REFUSED, TROUBLE, USAGE, is_a_sentence
from tests.cli.test_commands import documented

RR = "RR473124829GB"
ODD = (
    "-x", "--database-x", "--help-me", "-5", "--", "a b", " lead and trail ", "it's", 'say "so"', "`id`", "$(id)", ";",
    "'; DROP TABLE asset; --", "%", "_", "*", "\\", "\u200b", "Ġigirí", "名札", "🦒", "\u202etxt", "é", "e\u0301", "\t",
    "a" * 5000, "NULL", "\x1d01", "]C1", "http://x/?q=1&r=2",
)  # fmt: skip
"""Texts that a shell, an option reader, a query or a terminal might take for something else."""

# What to order, in this order; the exit code; what the last line tells, or what the sentence holds. A file or folder
# that is not there is refused, whichever command it is named to: another must be named. Trouble is what may pass, such
# as a disk that is full.
TABLE = [
    ("stocks", DONE, "name"),
    ("doctor", None, "what"),
    ("check", DONE, "ok"),
    ("find laptop", DONE, "title"),
    ("find", USAGE, "words"),
    (f"identify {RR}", DONE, "matches"),
    ("identify", USAGE, "text"),
    ("read nothing.png", REFUSED, "nothing.png"),
    ("read letter.txt", REFUSED, "letter.txt"),
    ("tags --query laptop --stock avery-l7651 --out t.pdf", DONE, "pages"),
    ("read t.pdf", DONE, "position"),
    ("tags --query=-zzqq --stock avery-l7651 --out u.pdf", REFUSED, "-zzqq"),
    ("tags --stock no-such --out u.pdf", REFUSED, "no-such"),
    ("tags --stock avery-l7651 --start-at 66 --out u.pdf", REFUSED, "from 1 to 65"),
    ("tags --stock avery-l7651 --out no/u.pdf --query laptop", REFUSED, "no"),
    ("tags --out u.pdf", USAGE, "--stock"),
    ("export assets a.csv", DONE, "exported"),
    ("export assets no/a.csv", REFUSED, "no"),
    ("export assets a.docx", REFUSED, ".xlsx"),
    ("export cars a.csv", USAGE, "cars"),
    ("import assets a.csv", DONE, "unchanged"),
    ("import assets letter.txt", REFUSED, "No column fills inventory no. Choose"),
    ("import assets gone.csv", REFUSED, "gone.csv"),
    ("import assets .", REFUSED, "a folder"),
    ("import people gone.csv", REFUSED, "gone.csv"),
    ("import bookings gone.ics", REFUSED, "gone.ics"),
    ("import vehicles gone.csv", REFUSED, "gone.csv"),
    ("import assets a.csv --map gone.toml", REFUSED, "gone.toml"),
    ("tags --codes gone.txt --stock avery-l7651 --out u.pdf", REFUSED, "gone.txt"),
    ("import assets letter.txt/a.csv", REFUSED, "a.csv"),
    ("import cars a.csv", USAGE, "cars"),
    ("send", REFUSED, "No mail server"),
    ("backup c.backup", DONE, "file"),
    ("backup letter.txt/c.backup", REFUSED, "letter.txt"),
    ("restore letter.txt", REFUSED, "letter.txt"),
    ("restore gone.backup", REFUSED, "gone.backup"),
    ("move", USAGE, "FROM"),
    ("move letter.txt new.db", REFUSED, "letter.txt"),
    ("init Again", REFUSED, "already"),
    ("demo", REFUSED, "a database of its own"),
    ("demo --scale none", USAGE, "none"),
    ("server", USAGE, "WHAT"),
    ("server status nowhere", REFUSED, "nowhere"),
    ("tour", USAGE, "folder"),
    ("fly", USAGE, "fly"),
]


def answered(desk, words):
    """Exit code, lines and sentence of an order, one that cannot be read included."""
    try:
        told = desk.order(*words)
    except SystemExit as ended:
        shown = desk.capture.readouterr()
        return ended.code, shown.out.splitlines(), shown.err.strip()
    return told.code, told.lines, told.said


def test_every_command(either, monkeypatch):
    monkeypatch.chdir(either.folder)
    either.file("letter.txt", "Dear Sir or Madam\n\nall is well\n")
    wrong = []
    for words, expected, holds in TABLE:
        code, lines, said = answered(either, words.split())
        right = code == expected or (expected is None and code in (DONE, REFUSED))
        if code in (USAGE, TROUBLE):
            right = right and not lines and is_a_sentence(said)
        if not right or holds not in (str(lines[-1]) if lines else said):
            wrong.append(f"main.py {words}: {code} {str(lines)[-160:]} {said[-160:]}, not {expected} {holds}")
    assert not wrong, "\n".join(wrong)
    assert either.rows() == ASSETS


def test_a_script_for_psql_is_the_one_answer_that_is_no_json(desk):
    from cbo_desk.cli import carry_out

    assert carry_out(parse(["server", "script", "--login", "a.otieno"])) == DONE
    assert "cbo_make_administrator('a.otieno', true);" in desk.capture.readouterr().out


def test_the_table_knows_every_command():
    assert {words.split()[0] for words, _, _ in TABLE} - {"fly"} == set(documented())


@pytest.mark.parametrize("before", [(), ("--database", "x.db")])
def test_a_text_is_taken_as_it_is(before, desk):
    mark = ("--",) if "--" in ODD else ()
    order = parse([*before, "identify", *mark, *ODD])
    assert order.text == list(ODD)
    told = desk.order("identify", *mark, *ODD)
    assert told.code == DONE
    assert [line["input"] for line in told.lines] == list(ODD)


def test_options_of_such_a_command_are_still_options():
    order = parse(["find", "-x", "--database", "y.db", "z", "--database=w.db"])
    assert (order.words, order.database) == (["-x", "z"], "w.db")
    order = parse(["find", "--", "--database", "-h"])
    assert order.words == ["--database", "-h"]
    with pytest.raises(SystemExit) as ended:
        parse(["identify", "-h"])
    assert ended.value.code == DONE


def test_odd_codes_open_what_bears_them_and_nothing_else(either, monkeypatch):
    """Inventory numbers as people write them: found by find, printed by tags, one by one."""
    monkeypatch.chdir(either.folder)
    entity = either.ask("SELECT code FROM entity ORDER BY id LIMIT 1")[0][0]
    numbers = ["-77", "--all", "O'Brien 7", 'A "B" 3', "Ġigirí-9", "名札-4", "50%-OFF", "a_b-1"]
    quoted = [number.replace('"', '""') for number in numbers]
    rows = "".join(f'"{number}",{entity},Odd thing {n}\n' for n, number in enumerate(quoted))
    brought = either.order("import", "assets", either.file("odd.csv", f"Inventory no.,Entity,Description\n{rows}"))
    assert brought.lines[-1]["created"] == len(numbers), brought
    for number in numbers:
        found = either.order("find", number)
        assert (found.code, found.lines[0]["kind"]) == (DONE, "property.asset"), number
        assert number in found.lines[0]["title"] + found.lines[0]["detail"], found.lines[0]
    codes = either.file("codes.txt", "\n".join(numbers))
    printed = either.order("tags", "--codes", codes, "--stock", "avery-l7651", "--out", "odd.pdf")
    assert (printed.code, printed.lines[-1]["tags"] if printed.lines else printed.said) == (DONE, len(numbers))
    strange = either.file("strange.txt", "\n".join([*numbers, "'; DROP TABLE asset; --", "--help"]))
    refused = either.order("tags", "--codes", strange, "--stock", "avery-l7651", "--out", "none.pdf")
    assert (refused.code, refused.lines) == (REFUSED, [])
    assert "2 of 10 lines open no single record" in refused.said
    assert not (either.folder / "none.pdf").exists()
