"""The scan parser: what every sort of text is, what is wrong with it, and that nothing at all upsets it."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cbo_desk.tags import codes, gs1
from cbo_desk.tags.check_digits import METHODS
from cbo_desk.tags.scan import Sort, Sure, parse

CODE = "CBOA7EFYK8W1TJK"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "CBOA7 EFYK8 W1TJK",
        "  cboa7-efyk8-w1tjk\r\n",
        "\x02CBOA7EFYK8W1TJK\x03",
        "]Q1CBOA7EFYK8W1TJK",
        "CBOA7.EFYK8.WITJK",  # I for 1, as Crockford reads it
        "CB0A7EFYK8W1TJK",
        "ＣＢＯＡ７ＥＦＹＫ８Ｗ１ＴＪＫ",
    ],
)
def test_our_tag_in_any_dress(typed):
    best = parse(typed).best
    assert (best.sort, best.sure, best.code, best.kind) == (Sort.TAG, Sure.CERTAIN, CODE, codes.Kind.ASSET)
    assert best.says == "This is our tag of an asset."


def test_every_code_opens_and_every_wrong_character_is_told():
    rng = random.Random(5)
    for _ in range(50):
        code = codes.new_code(rng.choice(list(codes.Kind)), rng)
        assert parse(codes.grouped(code)).best.code == code
        place = rng.randrange(4, 14)
        other = rng.choice([c for c in codes.CROCKFORD if c != code[place]])
        wrong = parse(code[:place] + other + code[place + 1 :])
        assert wrong.best.sort is not Sort.TAG
        assert "check character does not fit" in wrong.why


def test_one_likely_slip_is_named_and_offered_but_never_taken():
    scan = parse("CBOA7EFYK8W1TJX")
    assert scan.meant == CODE
    assert scan.why.endswith("character 15 may be K instead of X. Is it CBOA7 EFYK8 W1TJK?")
    assert CODE not in [reading.code for reading in scan.readings]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("CBOA7EFYK8W1TJ", "14 characters instead of 15"),
        ("CBOA7EFYK8W1TJKK", "16 characters instead of 15"),
        ("CBOX7EFYK8W1TJK", "no kind of tag has the letter X"),
        ("", "Nothing was scanned"),
        (" \t\r\n", "Nothing was scanned"),
        ("\x00\x1d\x1e", "only control characters"),
        ("x" * 10_000, "10,000 characters long"),
        ("RR123456784KE", "check digit of this postal item number is wrong"),
        ("(00)106141412345678907", "check digit of (00) is wrong"),
        ("(01)123", "(01) needs 14 characters and has 3"),
        ("(7777)1", "do not know the identifier (7777)"),
    ],
)
def test_why_not(text, why):
    assert why in parse(text).why


@pytest.mark.parametrize(
    ("text", "sort", "sure", "code"),
    [
        ("UNEP-104870", Sort.NUMBER, Sure.LIKELY, "UNEP-104870"),
        ("unep 104870", Sort.NUMBER, Sure.LIKELY, "UNEP-104870"),
        ("gp-2026-00123", Sort.NUMBER, Sure.LIKELY, "GP-2026-00123"),
        ("C-204", Sort.NUMBER, Sure.LIKELY, "C-204"),
        ("(8004)95060001ABC123", Sort.GS1, Sure.CERTAIN, "(8004)95060001ABC123"),
        ("]C1800495060001ABC123", Sort.GS1, Sure.CERTAIN, "(8004)95060001ABC123"),
        ("\x1d800495060001ABC123", Sort.GS1, Sure.CERTAIN, "(8004)95060001ABC123"),
        ("800495060001ABC123", Sort.GS1, Sure.LIKELY, "(8004)95060001ABC123"),
        ("]d201095060001343522110ABC\x1d17261231", Sort.GS1, Sure.CERTAIN, "(01)09506000134352(17)261231(21)10ABC"),
        ("https://id.example.org/01/9506000134352/21/12345?x=1", Sort.GS1, Sure.CERTAIN, "(01)09506000134352(21)12345"),
        ("HTTPS://EXAMPLE.ORG/a/8004/95060001A%2F7", Sort.GS1, Sure.CERTAIN, "(8004)95060001A/7"),
        # GS1's own printed examples of an SSCC and of a GTIN with its check digit.
        ("00106141412345678908", Sort.GS1, Sure.CERTAIN, "(00)106141412345678908"),
        ("106141412345678908", Sort.GS1, Sure.LIKELY, "(00)106141412345678908"),
        ("6291041500213", Sort.GS1, Sure.LIKELY, "(01)06291041500213"),
        # UPU S10-12 prints 47312482 with check digit 9 as its example.
        ("RR473124829KE", Sort.POSTAL, Sure.CERTAIN, "RR473124829KE"),
        ("rr 473 124 829 ke", Sort.POSTAL, Sure.CERTAIN, "RR473124829KE"),
        ("1Z999AA10123456784", Sort.CARRIER, Sure.CERTAIN, "1Z999AA10123456784"),
        ("JJD000390007658390", Sort.CARRIER, Sure.LIKELY, "JJD000390007658390"),
        ("490154203237518", Sort.CARRIER, Sure.LIKELY, "490154203237518"),
        ("5CD1234XYZ", Sort.TEXT, Sure.POSSIBLE, "5CD1234XYZ"),
        ("حاسوب محمول", Sort.TEXT, Sure.POSSIBLE, "حاسوب محمول"),
        ("'; DROP TABLE tag; --", Sort.TEXT, Sure.POSSIBLE, "'; DROP TABLE tag; --"),
        ("../../etc/passwd", Sort.TEXT, Sure.POSSIBLE, "../../etc/passwd"),
        ("https://example.org/login", Sort.TEXT, Sure.POSSIBLE, "https://example.org/login"),
    ],
)
def test_what_it_is(text, sort, sure, code):
    best = parse(text).best
    assert (best.sort, best.sure, best.code) == (sort, sure, code)


def test_check_digits_against_worked_examples():
    assert gs1.check_digit("629104150021") == "3"
    assert gs1.check_digit("10614141234567890") == "8"
    assert METHODS["s10"].character("47312482") == "9"
    assert METHODS["letters-1-2"].character("999AA1012345678") == "4"


def test_a_lone_imei_may_also_be_another_thing():
    sorts = [reading.sort for reading in parse("490154203237518").readings]
    assert sorts[-1] is Sort.TEXT


anything = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="CBO0123456789ABCDEFGHJKMNPQRSTVWXYZilo -", max_size=22).map(lambda tail: "CBO" + tail),
    st.text(alphabet="0123456789()ABZ\x1d]Cd2Q3/", max_size=50),
    st.text(max_size=30).map(lambda tail: "https://example.org/8004/" + tail),
    st.text(alphabet="0123456789", max_size=40),
    st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")),
)


def check(text):
    scan = parse(text)
    assert scan.readings
    assert scan.readings == tuple(sorted(scan.readings, key=lambda reading: -reading.sure))
    for reading in scan.readings:
        assert reading.code.isprintable()
        assert len(reading.code) <= 1200
        assert reading.says
        assert reading.says.isprintable()
        if reading.sort is Sort.TAG:
            assert codes.is_valid(reading.code)
        if reading.sort is not Sort.TEXT:
            assert not re.match(r"\w+://", reading.code), "an address is never what is looked up"
    if scan.best.sure is not Sure.CERTAIN:
        assert scan.why
    if scan.meant:
        assert codes.is_valid(scan.meant)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(anything)
@example("\ud800")
@example("(00)" + "²" * 18)
@example("]C1" + "0" * 500)
@example("٣" * 20)
@example("1Z" + "٣" * 16)
def test_nothing_upsets_the_parser(text):
    check(text)


def test_nothing_near_a_real_code_upsets_the_parser():
    """Five thousand real codes with pieces changed, doubled, dropped or joined."""
    rng = random.Random(6)
    real = [
        CODE, "CBOA7 EFYK8 W1TJK", "UNEP-104870", "(8004)95060001ABC123", "]d201095060001343522110ABC\x1d17261231",
        "https://id.example.org/01/09506000134352/21/12345", "RR473124829KE", "1Z999AA10123456784",
        "00106141412345678908", "490154203237518", "حاسوب", "\x02\x03", "'; --", "../", "٣²½ﬁ\u202e\u200b\ud800",
    ]  # fmt: skip
    for _ in range(5000):
        text = rng.choice(real)
        for _ in range(rng.randrange(4)):
            start, end = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
            piece = rng.choice(real)[: rng.randrange(12)]
            text = rng.choice((text[:start] + text[end:], text[:start] + piece + text[end:], text + text[start:end]))
        check(text)
