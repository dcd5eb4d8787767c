"""One field finds any record: against brute force, whatever is typed, on both engines."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cbo_desk.search import LONGEST, Findable, count, enter, find, fold, matching, withdraw
from db.records import SearchEntry

ODD = (
    *('"', '""', "'", "%", "_", "100%", "a_b", "*", "cha*", "NEAR(a b)", "a AND b", "OR", "NOT chair", "(", ")"),
    *("^a", "-a", "col:a", "\\", "\\%", "\x00", "a\x00b", "\u202e", "😀", "😀😀😀", "\ud800", "ﬃ", "İ", "ß", "日本語"),
    *("ﷺ", "\n\t ", "🇰🇪", "a'; DROP TABLE asset; --", "\\u0000", "“quoted”", "ab", "\ufdfa" * 300),
    *("x" * 10_000, "word " * 2_000, "é" * 10_000),
)
WORDS = ("chair", "Châir", "office", "lenovo", "UNON", "a-b", "50%", "c_d", "日本語", "straße", "ab", "x")


@given(st.text())
@example("İ")
@example("ŉ ﬃ ǰ ΐ")
def test_folding_once_is_enough(text):
    once = fold(text)
    assert fold(once) == once
    assert once == once.strip()
    assert "  " not in once
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in once)
    once.encode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Otieno ", "otieno"), ("MÜLLER", "müller"), ("Ngũgĩ wa Thiong'o", "Ngugi wa thiong'o"), ("ﬁle", "FILE"),
     ("Straße", "STRASSE"), ("Ａ１", "a1"), ("a\u00a0b", "a b"), ("e\u0301", "É")],
)  # fmt: skip
def test_what_counts_as_the_same(typed, kept):
    assert fold(typed) == fold(kept)


def filled(engine, titles):
    session = Session(engine)
    session.execute(SearchEntry.__table__.delete())
    enter(session, [Findable("a.a" if n % 2 else "b.b", n, title, "") for n, title in enumerate(titles)])
    return session


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    titles=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), max_size=25),
    asked=st.lists(st.sampled_from((*WORDS, "cha", "len", "of", "0%", "_d", "qqq")), min_size=1, max_size=3).map(
        " ".join
    ),
)
def test_what_is_found_against_brute_force(engine, titles, asked):
    with filled(engine, titles) as session:
        words = fold(asked).split()
        begins = {n for n, title in enumerate(titles) if fold(title).startswith(fold(asked))}
        holds = {n for n, title in enumerate(titles) if all(word in fold(title) for word in words)}
        truth = begins | (holds if any(len(word) >= 3 for word in words) else set())
        hits = [hit for hit in find(session, asked, 100) if not hit.near]
        assert {hit.record_id for hit in hits} == truth
        assert {hit.record_id for hit in hits[: len(begins)]} == begins, "those that begin with it come first"
        some = {hit.record_id for hit in find(session, asked, 100, ("a.a",)) if not hit.near}
        assert some == {n for n in truth if n % 2}
        wanted = matching(session, "b.b", asked)
        listed = holds if any(len(word) >= 3 for word in words) else begins
        assert set(session.scalars(wanted)) == {n for n in listed if n % 2 == 0}
        session.rollback()


@pytest.mark.parametrize("asked", ODD, ids=range(len(ODD)))
def test_odd_questions_are_answered(engine, asked):
    with filled(engine, [fold(asked), "plain chair"]) as session:
        hits = find(session, asked)
        if fold(asked):
            assert hits[0].record_id == 0, asked[:20]
        else:
            assert hits == []
            assert matching(session, "a.a", asked) is None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.text(max_size=60))
def test_any_text_finds_itself(engine, asked):
    with filled(engine, [fold(asked), "plain chair"]) as session:
        hits = find(session, asked)
        assert bool(fold(asked)) == bool(hits and hits[0].record_id == 0)
        session.rollback()


def test_a_long_question_is_cut(engine):
    title = "x" * 300
    with filled(engine, [title, "x" * (LONGEST - 1)]) as session:
        assert [hit.record_id for hit in find(session, title)] == [0]
        assert {hit.record_id for hit in find(session, "x" * 60)} == {0, 1}


def test_new_words_replace_old_ones(engine):
    with filled(engine, ["old chair"]) as session:
        enter(session, [Findable("b.b", 0, "new table", "")] * 2)
        assert find(session, "old chair") == []
        assert [hit.title for hit in find(session, "table")] == ["new table"]
        withdraw(session, "b.b", [0])
        assert find(session, "table") == []
        assert count(session) == 0


def test_very_many_are_entered_and_withdrawn(engine):
    with filled(engine, [f"thing {n}" for n in range(12_000)]) as session:
        assert count(session) == 12_000
        withdraw(session, "a.a", range(12_000))
        assert count(session) == 6_000
        assert find(session, "thing 11999") == [] or find(session, "thing 11999")[0].near


NAMES = (
    "computer monitor",
    "office chair",
    "diesel generator",
    "laser printer",
    "Wanjiru Kamau",
    "UNON-0012345",
    "toyota",
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("comptuer", 0), ("computr", 0), ("conputer", 0), ("chairr", 1), ("offcie chair", 1), ("genrator", 2),
     ("pirnter", 3), ("wanjuru", 4), ("Kamua Wanjiru", 4), ("unon-0012354", 5), ("toyata", 6), ("toyto", 6)],
)  # fmt: skip
def test_slips_are_forgiven_and_told(engine, typed, meant):
    with filled(engine, NAMES) as session:
        hits = find(session, typed)
        assert hits[0].record_id == meant
        assert hits[0].near


def test_what_is_there_is_never_near(engine):
    with filled(engine, NAMES) as session:
        assert not any(hit.near for hit in find(session, "computer"))
        assert find(session, "xylophone") == []
        assert find(session, "qq") == []


def test_most_single_slips_are_forgiven(engine):
    """Of 200 random slips in words of six letters or more, nearly all are understood."""
    chance = random.Random(7)
    words = ["computer", "generator", "wanjiru", "projector", "cabinet", "inverter", "battery", "freezer"]
    found = 0
    with filled(engine, words) as session:
        for _ in range(200):
            n = chance.randrange(len(words))
            hits = find(session, _slip(words[n], chance))
            found += bool(hits) and hits[0].record_id == n
    assert found >= 195


def _slip(word, chance):
    place = chance.randrange(len(word) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        ]
    )
