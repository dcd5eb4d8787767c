"""Carriers told from codes: the formats' own test numbers, independent check digits, ranks; nothing upsets it."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cbo_desk.mail import identify
from cbo_desk.tags.carriers import formats, matches
from cbo_desk.tags.check_digits import METHODS
from cbo_desk.tags.scan import squeezed

FORMATS = {form.id: form for form in formats()}
VALID = [(form.id, number) for form in formats() for number in form.valid]
INVALID = [(form.id, number) for form in formats() for number in form.invalid]


def fits(name, number):
    """The match of this format, or None."""
    return next((match for match in matches(squeezed(number)) if match.format.id == name), None)


@pytest.mark.parametrize(("name", "number"), VALID)
def test_a_format_knows_its_own_numbers(name, number):
    match = fits(name, number)
    assert match is not None
    assert match.fault == ""
    spaced = " ".join(number)
    assert fits(name, f"  {spaced.lower()}\r\n").number == match.number


@pytest.mark.parametrize(("name", "number"), INVALID)
def test_a_format_refuses_its_wrong_numbers(name, number):
    match = fits(name, number)
    assert match is None or match.fault


@pytest.mark.parametrize(("name", "number"), VALID)
def test_a_test_number_belongs_to_its_carrier_or_the_other_claims_no_more(name, number):
    """Where another carrier's form fits too, it stands below, but for chance hits that are named here."""
    found = identify(number)
    mine = FORMATS[name].carrier
    if not mine:
        return
    carriers = [match.carrier for match in found if match.valid]
    # These carriers' digits alone fit FedEx by chance, one in ten; the piece number holds one of nine letters' numbers.
    chance = {"287809468872": "FedEx", "320610804900": "FedEx", "JFV247545960": "DHL"}
    assert number in chance or fits(name, number).number == found[0].number
    if number in chance:
        assert carriers == [chance[number], mine]
    ranks = [match.valid for match in found]
    assert ranks == sorted(ranks, reverse=True), "what is wrong stands below what is right"


def test_every_format_names_its_source_and_says_its_length():
    assert len(FORMATS) == len(formats()) >= 35
    for form in formats():
        assert len(form.source) > 10
        assert form.valid
        assert form.invalid


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_number_of_a_pattern_is_outside_its_length(name, data):
    form = FORMATS[name]
    if "(?=" in form.pattern.pattern:  # which says the length itself, and which no strategy can draw
        assert form.length == (34, 34)
        return
    number = data.draw(st.from_regex(form.pattern, fullmatch=True))
    assert form.length[0] <= len(number) <= form.length[1]


# The methods once more, written another way.
def s10(body):
    total = sum(int(a) * int(b) for a, b in zip(body, "86423597", strict=True))
    return "5" if total % 11 == 0 else "0" if total % 11 == 1 else str(11 - total % 11)


def gs1(body):
    total = 0
    for place in range(1, len(body) + 1):
        total += int(body[-place]) * (3 if place % 2 else 1)
    return str((10 - total % 10) % 10)


def luhn(body):
    total = 0
    for place in range(1, len(body) + 1):
        value = int(body[-place]) * (2 if place % 2 else 1)
        total += value if value < 10 else value - 9
    return str((10 - total % 10) % 10)


def mod_37_36(body):
    """ISO/IEC 7064, hybrid system, as the standard words it."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 36
    for letter in body:
        rest += letters.index(letter)
        rest = rest - 36 if rest > 36 else rest
        rest = rest * 2
        rest = rest - 37 if rest > 36 else rest
    return letters[(37 - rest) % 36]


def ups(body):
    table = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "23456789012345678901234567", strict=True))
    values = [int(table.get(letter, letter)) for letter in body]
    total = sum(value * 2 if place % 2 else value for place, value in enumerate(values))
    return str((10 - total % 10) % 10)


def fedex(body):
    weights = {11: (3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1), 13: (1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1)}[len(body)]
    return str(sum(int(a) * b for a, b in zip(body, weights, strict=True)) % 11 % 10)


ORACLES = {
    "s10": (s10, "0123456789", (8,)),
    "gs1": (gs1, "0123456789", (7, 14, 15, 17, 19, 21)),
    "luhn": (luhn, "0123456789", (11, 14)),
    "mod-37-36": (mod_37_36, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (27,)),
    "letters-1-2": (ups, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (10, 14, 15)),
    "weights-1-3-7": (fedex, "0123456789", (11, 13)),
    "mod-7": (lambda body: str(int(body) - int(body) // 7 * 7), "0123456789", (7, 9, 10)),
}


@pytest.mark.parametrize("name", METHODS)
def test_check_digits_against_another_writing_of_each_method(name):
    oracle, letters, sizes = ORACLES[name]
    rng = random.Random(name)
    for _ in range(500):
        body = "".join(rng.choices(letters, k=rng.choice(sizes)))
        assert METHODS[name].character(body) == oracle(body)


def test_check_digits_worked_by_hand():
    # 4·8 + 7·6 + 3·4 + 1·2 + 2·3 + 4·5 + 8·9 + 2·7 = 200; 200 mod 11 = 2; 11 - 2 = 9
    assert METHODS["s10"].character("47312482") == "9"
    # 1·8 = 8; 11 - 8 = 3, and the two that are not written as they are: 11 - 1 = 10, 11 - 0 = 11
    assert METHODS["s10"].character("10000000") == "3"
    assert [METHODS["s10"].character(f"{n:08}") for n in (8, 0)] == ["0", "5"]  # 8·7 = 56 = 5·11 + 1
    # The example that GS1 prints for an SSCC, and UPS for its number.
    assert METHODS["gs1"].character("10614141234567890") == "8"
    # 331881002 = 7 · 47411571 + 5
    assert METHODS["mod-7"].character("331881002") == "5"
    assert METHODS["letters-1-2"].character("999AA1012345678") == "4"


@pytest.mark.parametrize("name", METHODS)
def test_single_wrong_digits_are_caught_where_the_method_promises_it(name):
    """GS1, Luhn and 37/36 catch all; each other method misses only what its rule makes it miss."""
    _, letters, sizes = ORACLES[name]
    rng = random.Random(1)
    digit = METHODS[name].character
    for _ in range(60):
        body = "".join(rng.choices("0123456789", k=max(sizes)))
        right = digit(body)
        for place in range(len(body)):
            for other in set("0123456789") - {body[place]}:
                wrong = body[:place] + other + body[place + 1 :]
                if digit(wrong) == right:
                    step = abs(int(other) - int(body[place]))
                    assert missed(name, place, step, right), (name, body, wrong)


def missed(name, place, step, right):
    """What a method cannot see: 7 apart for modulo 7, 5 apart where doubled, two remainders with one digit."""
    return {
        "mod-7": step == 7,
        "letters-1-2": place % 2 == 1 and step == 5,
        "s10": right in "05",
        "weights-1-3-7": right == "0",
    }.get(name, False)


@pytest.mark.parametrize(
    ("code", "carrier", "service", "accountable"),
    [
        ("RR473124829KE", "Posta Kenya", "registered letter", True),
        ("VV473124829KE", "Posta Kenya", "insured letter", True),
        ("EE473124829GB", "Royal Mail", "EMS", True),
        ("CP473124829TD", "Post of Chad", "parcel", True),
        ("LX473124829DE", "Deutsche Post", "express letter", False),
        ("UA473124829US", "USPS", "letter", False),
        ("77123456789123456781", "USPS", "registered mail", True),
        ("1Z5R89390357567127", "UPS", "Ground", False),
        ("706-1234 5675", "Kenya Airways", "air freight", False),
        ("00340123450000000000", "SSCC", "logistic unit", False),
        ("TBA502887274000", "Amazon", "Logistics", False),
        ("GM2951173225174494", "DHL eCommerce", "eCommerce", False),
    ],
)
def test_carrier_service_and_whether_it_is_accountable(code, carrier, service, accountable):
    best = identify(code)[0]
    assert best.valid, best
    assert (best.carrier, best.service, best.accountable) == (carrier, service, accountable)


@pytest.mark.parametrize("letter", "JKSTW")
def test_letters_that_no_service_has_are_refused(letter):
    (match,) = identify(f"{letter}A473124829KE")
    assert not match.valid
    assert match.why == f"No postal item number begins with {letter}: read the first letter again."


def test_every_barcode_of_one_item_gives_the_number_on_paper():
    paper = "779017972697"
    assert {match.number for match in identify(paper) if match.carrier == "FedEx"} == {paper}
    assert [match.number for match in identify("1001921334250001000300779017972697")] == [paper]
    assert [match.number for match in identify("9622001900000000000000" + paper)] == [paper]
    assert identify("9611020987654312345672")[0].number == identify("987654312345672")[0].number == "987654312345672"
    assert identify("61299998820821171811")[0].number == identify("9261299998820821171811")[0].number
    assert identify("7196 9010 7560 0307 7385")[0].number == identify("9171969010756003077385")[0].number
    assert identify("420221539101026837331000039521")[0].number == identify("9101026837331000039521")[0].number
    assert identify("(00)106141412345678908")[0].number == identify("106141412345678908")[0].number
    assert identify("%008182709980000020033350276C")[0].number == identify("09980000020033X")[0].number


def test_what_is_wrong_is_said_and_stands_below():
    (wrong,) = identify("RR473124820KE")
    assert (wrong.valid, wrong.number) == (False, "RR473124820KE")
    assert wrong.why == "The check digit of this postal item number is wrong. Scan it again or compare each digit."
    (nowhere,) = identify("RB123456785XX")
    assert nowhere.why == "We know no country with the code XX."
    freight, *rest = identify("02012345675")
    assert freight.carrier == "Lufthansa Cargo"
    assert [match.valid for match in rest] == [True, False]
    assert rest[0].why == "Only the length fits: there is no check digit. Compare it with the label."
    assert freight.why == "The length and the check digit fit, as one number in 7 does by chance."


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "hello", "UNEP-104870", "CBOA7EFYK8W1TJK", "12345", "x" * 10_000, "1" * 10_000, "\x00\x1d\x1e\x04",
        "حاسوب محمول", "٣" * 12, "²" * 18, "1Z" + "٣" * 16, "\ud800" * 13, "'; DROP TABLE parcel; --",
        "../../etc/passwd", "https://example.org/RR473124829KE", "490154203237518",
    ],
)  # fmt: skip
def test_other_text_is_no_carriers(text):
    assert [match for match in identify(text) if match.valid] == []


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="0123456789", max_size=45),
        st.text(alphabet="0123456789ABCDEJRUZ1Z%()-. ", max_size=40),
        st.sampled_from([number for _, number in VALID]).flatmap(
            lambda number: st.text(max_size=3).map(lambda more: number[:5] + more + number[5:])
        ),
    )
)
@example("(00)" + "²" * 18)
def test_nothing_upsets_it(text):
    found = identify(text)
    keys = [(not match.valid) for match in found]
    assert keys == sorted(keys)
    for match in found:
        assert re.fullmatch(r"[0-9A-Z]+", match.number)
        assert match.carrier
        assert match.why.endswith(".")
    assert len({(match.carrier, match.number) for match in found}) == len(found)


def test_random_digits_pass_no_more_often_than_chance():
    """Negative control: of random strings of twelve digits, about one in ten passes FedEx's check, none for sure."""
    rng = random.Random(3)
    passed = sum(
        any(match.carrier == "FedEx" and match.valid for match in identify(f"{rng.randrange(10**12):012}"))
        for _ in range(4000)
    )
    assert 300 < passed < 540  # the remainder 10 counts as 0: 2 of 11 for that digit, 1 of 11 for the others
