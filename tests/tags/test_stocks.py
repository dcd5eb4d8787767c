"""Label stocks: the shipped figures against the makers' own sums, and every grid that cannot be."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbo_desk.errors import Refusal
from cbo_desk.tags import stocks
from cbo_desk.tags.stocks import free_cells, positions, stock, stock_from

GOOD = stock("avery-l7651").geometry()


@pytest.mark.parametrize(
    ("name", "labels", "right", "bottom"),
    [
        # The published margins are symmetrical, so what is left at the right and below equals the origin.
        ("avery-l7651", 65, 4.75, 10.7),
        ("avery-l7160", 21, 7.25, 15.15),
        ("avery-l7163", 14, 4.65, 15.15),
        ("avery-l4731", 189, 8.6, 13.5),
        ("avery-5160", 30, 4.7625, 12.7),
        ("avery-5163", 10, 3.96875, 12.7),
        ("avery-5520", 30, 4.7625, 12.7),
    ],
)
def test_sheets_have_the_published_counts_and_equal_margins(name, labels, right, bottom):
    sheet = stock(name)
    last = stocks.cells(sheet)[-1]
    assert last.number == sheet.per_page == labels
    assert sheet.page[0] - last.x - last.width == pytest.approx(right, abs=0.02)
    assert sheet.page[1] - last.y - last.height == pytest.approx(bottom, abs=0.02)


def test_all_shipped_stocks_are_there_and_come_back_from_toml():
    names = {each.name for each in stocks.stocks()}
    assert {"brother-tze-12", "brother-tze-24", "brother-dk-22205", "dymo-30252", "zebra-50x25", "zebra-100x50"} < names
    for each in stocks.stocks():
        assert stock_from(tomllib.loads(stocks.to_toml(each))) == each
        assert each.title in each.words


@pytest.mark.parametrize("typed", ["Avery L7651", "AVERY-L7651", "l7651", "avery l 7651"])
def test_a_stock_is_found_however_it_is_typed(typed):
    assert stock(typed).name == "avery-l7651"


def test_an_unknown_stock_names_the_closest():
    with pytest.raises(Refusal, match="Avery L7651"):
        stock("Avery L7615")
    for odd in ("", "  ", "../../etc/passwd", "x" * 10_000, "ملصق", "60"):
        with pytest.raises(Refusal, match="There is no label stock"):
            stock(odd)


def test_an_own_stock_comes_before_the_shipped():
    own = stock_from({**GOOD, "name": "own", "title": "Our labels"})
    assert stock("our labels", [own]) is own


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"columns": 6}, "columns", "leaves the page"),
        ({"rows": 14}, "rows", "leaves the page"),
        ({"origin": [20, 10]}, "columns", "leaves the page"),
        ({"pitch": [30, 21.2]}, "pitch", "overlap"),
        ({"label": [0, 21.2]}, "label", "larger than 0"),
        ({"inset": 11}, "inset", "leaves nothing"),
        ({"corner": 15}, "corner", "corner radius"),
        ({"kind": "fanfold"}, "kind", "a sheet or a roll"),
        ({"kind": "roll"}, "columns", "one label a page"),
        ({"columns": 0}, "columns", "whole number"),
        ({"columns": 2.5}, "columns", "whole number"),
        ({"rows": True}, "rows", "whole number"),
        ({"page": [210]}, "page", "two lengths"),
        ({"page": [float("nan"), 297]}, "page", "millimetres"),
        ({"label": [-3, 21.2]}, "label", "from 0 to"),
        ({"dpi": 50}, "dpi", "too coarse"),
        ({"title": ""}, "title", "Give the label stock"),
        ({"colour": "red"}, "colour", "has no"),
    ],
)
def test_a_stock_that_cannot_be_is_refused_beside_its_field(change, field, words):
    with pytest.raises(Refusal, match=words) as refused:
        stock_from({**GOOD, **change})
    assert refused.value.field == field


def test_free_cells_and_pages():
    sheet = stock("avery-5163")
    assert free_cells(sheet, {1, 2, 5}, 2) == (3, 4, 6, 7, 8, 9, 10)
    assert list(positions(sheet, 9, {1, 2, 5}, 2)) == [(1, c) for c in (3, 4, 6, 7, 8, 9, 10)] + [(2, 1), (2, 2)]
    assert list(positions(sheet, 0)) == []
    for start in (0, 11, -1):
        with pytest.raises(Refusal, match="start at a cell from 1 to 10"):
            free_cells(sheet, (), start)
    with pytest.raises(Refusal, match="Cell 12 is not on"):
        free_cells(sheet, {12})


def test_a_full_first_page_begins_with_the_second():
    assert list(positions(stock("avery-5163"), 2, set(range(1, 11)))) == [(2, 1), (2, 2)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(sorted(GOOD)),
        st.one_of(st.none(), st.booleans(), st.text(), st.integers(), st.floats(), st.lists(st.floats(), max_size=3)),
    )
)
def test_whatever_is_typed_is_taken_or_refused_in_words(change):
    try:
        made = stock_from({**GOOD, **change})
    except Refusal as refused:
        said = str(refused)
    else:
        last = stocks.cells(made)[-1]
        said = "fits."
        assert last.x + last.width <= made.page[0] + stocks.SLACK
        assert last.y + last.height <= made.page[1] + stocks.SLACK
    assert said.endswith(".")
