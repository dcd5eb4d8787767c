"""What stands where on a label: nothing overlaps, nothing leaves, nothing vanishes without a word."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbo_desk.errors import Refusal
from cbo_desk.tags import lettering
from cbo_desk.tags.layout import Composer, LabelLayout, TagLabel
from cbo_desk.tags.stocks import stock, stock_from, stocks
from cbo_desk.typefaces import in_order_of_sight

TAG = TagLabel("CBOA7EFYK8W1TJK", "UNEP-104870", "Laptop, Dell Latitude 7440", "UNEP")
every_stock = pytest.mark.parametrize("kind", stocks(), ids=lambda kind: kind.name)


@every_stock
def test_the_symbol_keeps_its_quiet_zone_and_whole_dots(kind):
    composer = Composer(kind)
    width, height = kind.label
    assert composer.module == pytest.approx(composer.dots * 25.4 / kind.dpi)
    assert composer.dots >= 4
    assert composer.module >= 0.25
    assert composer.side == pytest.approx(33 * composer.module)
    assert composer.symbol_x >= 0
    assert composer.symbol_y >= 0
    assert composer.symbol_x + composer.side <= width + 1e-6
    assert composer.symbol_y + composer.side <= height + 1e-6
    for place in (composer.symbol_x, composer.symbol_y):
        assert place / composer.dot == pytest.approx(round(place / composer.dot), abs=1e-6)
    ink = 4 * composer.module
    assert composer.symbol_x + ink >= kind.inset - 1e-9
    assert composer.symbol_y + ink >= kind.inset - 1e-9


@every_stock
def test_a_usual_tag_fits_every_stock_without_a_word(kind):
    composed = Composer(kind).compose(TAG)
    assert composed.warnings == ()
    assert {"UNEP", "UNEP-104870", "CBOA7 EFYK8 W1TJK"} <= {line.text for line in composed.lines}
    assert " ".join(line.text for line in composed.lines).count("Latitude") == 1


def check_places(kind, composer, composed):
    inset, (width, height) = kind.inset, kind.label
    for line in composed.lines:
        right = line.x + lettering.width(line.text, line.face) * line.size
        assert line.x >= inset - 0.01
        assert right <= width - inset + 0.01
        top, low = line.y - lettering.ASCENT * line.size, line.y + lettering.DESCENT * line.size
        assert low <= height - inset + 0.01
        beside = line.x >= composer.symbol_x + composer.side - 0.01
        under = top >= composer.symbol_y + composer.side - 0.01
        assert beside or under, "text in the quiet zone"


words = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=60)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(stocks()), words, words, st.text(alphabet="ABWM-0123456789 ", max_size=40))
def test_any_words_stay_on_the_label_and_out_of_the_quiet_zone(kind, name, entity, number):
    composer = Composer(kind)
    tag = TagLabel(TAG.code, number, name, entity)
    try:
        composed = composer.compose(tag)
    except Refusal as refused:
        told = str(refused)
    else:
        told = "too small for all of this text"
        check_places(kind, composer, composed)
        shown = "".join(line.text for line in composed.lines).replace(" ", "")
        assert TAG.code in shown
        assert lettering.clean(number).replace(" ", "") in shown
    assert "too small for all of this text" in told


def test_a_long_name_is_shortened_with_an_ellipsis_and_said():
    composed = Composer(stock("l7651")).compose(
        TagLabel(
            TAG.code, "UNEP-1", "Refrigerated vaccine transport cabinet with two compressors and a lock " * 3, "UNEP"
        )
    )
    assert any(line.text.endswith("…") for line in composed.lines)
    assert composed.warnings == ("UNEP-1: the name is shortened.",)


def test_a_long_number_is_broken_never_cut():
    number = "WFP-AFRICA-REGIONAL-OFFICE-2026-000123456789"
    composed = Composer(stock("l7651")).compose(TagLabel(TAG.code, number, "Chair", "WFP"))
    assert number in "".join(line.text for line in composed.lines)
    assert "lines" in composed.warnings[0]


def test_arabic_is_joined_turned_and_at_the_right_end():
    composer = Composer(stock("zebra-50x25"))
    name = "حاسوب محمول"
    line = next(line for line in composer.compose(TagLabel(TAG.code, "N-1", name, "")).lines if line.text == name)
    shown = in_order_of_sight(name)
    assert shown != name
    assert all(0xFB50 <= ord(letter) <= 0xFEFF for letter in shown if letter != " "), "letters in their joined forms"
    assert not lettering.missing(name)
    right = line.x + lettering.width(name) * line.size
    assert right == pytest.approx(composer.column[0] + composer.column[2], abs=0.01)


def test_letters_no_font_has_are_told():
    composed = Composer(stock("l7163")).compose(TagLabel(TAG.code, "N-1", "\U00012000\U00012001", ""))
    assert "no font here has the letters" in composed.warnings[0]


def test_only_the_symbol_and_its_code():
    composer = Composer(stock("zebra-50x25"), LabelLayout(elements=("code",)))
    assert composer.compose(TAG).lines[0].text == "CBOA7 EFYK8 W1TJK"
    middle = composer.symbol_x + composer.side / 2
    assert middle == pytest.approx(25, abs=0.2)


def test_an_upright_label_has_its_text_below():
    values = {**stock("zebra-50x25").geometry(), "name": "up", "page": [30, 50], "label": [30, 50], "pitch": [30, 50]}
    kind = stock_from(values)
    composer = Composer(kind)
    composed = composer.compose(TAG)
    check_places(kind, composer, composed)
    assert not composer.beside


def test_small_symbols_are_told_and_too_small_labels_refused():
    assert "hold the scanner close" in Composer(stock("l4731")).warnings[0]
    assert Composer(stock("l7651")).warnings == ()
    values = {**stock("zebra-50x25").geometry(), "label": [30, 10], "page": [30, 10], "pitch": [30, 10]}
    with pytest.raises(Refusal, match="too small for a tag: at 203 dpi the symbol needs 16.5 mm"):
        Composer(stock_from(values))
    with pytest.raises(Refusal, match="A label has no “photo”"):
        Composer(stock("l7651"), LabelLayout(elements=("photo",)))
