"""Codes: the published check characters, and every slip of a finger that the check must catch."""

from __future__ import annotations

import random

import pytest

from cbo_desk.tags import codes
from cbo_desk.tags.codes import ALPHANUMERIC, CROCKFORD, Kind


@pytest.mark.parametrize(
    ("body", "check"),
    [
        # Global Release Identifiers, whose standard prints ISO/IEC 7064 MOD 37,36 worked out (GRid 2.1, annex).
        ("A12425GABC1234002", "M"),
        ("B159D8FA01240000", "K"),
        # By hand, one character: (36 + 10) mod 36 = 10, doubled 20; 37 - 20 = 17, which is H.
        ("A", "H"),
        # By hand: "0" leaves (36 + 0) mod 36 = 0, taken as 36, doubled 72 mod 37 = 35; 37 - 35 = 2.
        ("0", "2"),
        # By hand, "AB": 20 from above; (20 + 11) mod 36 = 31, doubled 62 mod 37 = 25; 37 - 25 = 12, which is C.
        ("AB", "C"),
        # By hand: "1" gives (36 + 1) mod 36 = 1, doubled 2; 37 - 2 = 35, which is Z.
        ("1", "Z"),
    ],
)
def test_published_and_hand_computed_check_characters(body, check):
    assert codes.check_character(body) == check


def test_picture_of_the_design_has_a_valid_code():
    assert codes.is_valid("CBOA7EFYK8W1TJK") == (codes.check_character("CBOA7EFYK8W1TJ") == "K")


def test_new_codes_are_valid_grouped_and_of_their_kind():
    rng = random.Random(7)
    for kind in Kind:
        code = codes.new_code(kind, rng)
        assert codes.is_valid(code)
        assert codes.kind_of(code) is kind
        assert codes.grouped(code).replace(" ", "") == code
        assert [len(group) for group in codes.grouped(code).split()] == [5, 5, 5]
    assert codes.grouped("CBOA7EFYK8W1TJK") == "CBOA7 EFYK8 W1TJK"
    assert Kind.MAIL_ITEM.words == "mail item"


def test_every_single_substitution_is_caught():
    rng = random.Random(1)
    for kind in Kind:
        code = codes.new_code(kind, rng)
        for place in range(codes.LENGTH):
            for other in ALPHANUMERIC:
                wrong = code[:place] + other + code[place + 1 :]
                assert codes.is_valid(wrong) == (wrong == code)


def test_adjacent_transpositions_are_caught_but_for_the_known_rest():
    """The hybrid system catches every substitution and nearly every transposition (ISO/IEC 7064, 4.2)."""
    rng = random.Random(2)
    tried = missed = 0
    for _ in range(2000):
        code = codes.new_code(Kind.ASSET, rng)
        for place in range(codes.LENGTH - 1):
            wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            if wrong != code:
                tried += 1
                missed += codes.is_valid(wrong)
    assert tried > 25_000
    assert missed / tried < 0.002


def test_bulk_codes_agree_with_the_slow_check():
    many = codes.new_codes(Kind.PLACE, 20_000)
    assert len(set(many)) == 20_000
    assert all(codes.is_valid(code) and code.startswith("CBOP") for code in many)
    assert codes.new_codes(Kind.BAG, 0) == []
    seen = {code[place] for code in many for place in range(4, 14)}
    assert seen == set(CROCKFORD)


@pytest.mark.parametrize(
    "text", ["", "CBO", "cboa7efyk8w1tjk", "CBOX0000000000A", "CBOA000000000U0", "CBOA00000000000\n"]
)
def test_what_is_no_code(text):
    assert not codes.is_valid(text)
