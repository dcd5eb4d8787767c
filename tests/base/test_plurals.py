"""One thing is told as one: a count picks the form of the words behind it."""

from __future__ import annotations

import pytest

from cbo_desk.plurals import Count, Share


@pytest.mark.parametrize(("count", "words"), [(0, "0 deeds"), (1, "1 deed"), (1204, "1,204 deeds")])
def test_one_is_never_many(count, words):
    assert f"{Count(count):deed|deeds}" == words


def test_a_count_is_a_number_and_picks_every_form_in_the_sentence():
    assert Count(3) + 1 == 4
    words = "{tags:tag was|tags were} printed on {pages:page|pages}, {left} left"
    assert (
        words.format(tags=Count(1), pages=Count(2), left=Count(12_000)) == "1 tag was printed on 2 pages, 12,000 left"
    )
    assert f"{Share(1, 12):campaign|campaigns}" == "1 of 12 campaigns"
    assert f"{Share(0, 1):campaign|campaigns}" == "0 of 1 campaign"
    with pytest.raises(ValueError, match="two"):
        f"{Count(1):asset}"
