"""The demo's mail is whole; its last two weeks were made by the real commands and stand in every state there is."""

from __future__ import annotations

import re
from datetime import timedelta

from cbo_desk.mail import MailFilter, MailList, RoundList, answers, figures, item_card
from tests.demo import demo


def test_ten_weeks_of_mail(sqlite_office):
    said = demo(sqlite_office, 1)
    assert int(re.search(r"(\d+) items of mail", said)[1]) > 300
    found = sqlite_office.read(figures).by_state
    assert {"received", "shelved", "held", "out", "delivered", "attempted"} <= set(found)
    delivered = sqlite_office.read(MailList(MailFilter(states=("delivered",))).first)
    card = sqlite_office.read(item_card, delivered[0].id)
    assert card.events[-1].proof.strokes
    lately = sqlite_office.read(MailList(MailFilter(), "received", True).first)[:50]
    for events in (sqlite_office.read(item_card, line.id).events for line in [*delivered[:1], *lately]):
        assert all(one.at <= other.at for one, other in zip(events, events[1:], strict=False))
    assert len(sqlite_office.read(RoundList().first)) == 2
    assert {sqlite_office.read(item_card, line.id).broken for line in delivered[::40]} == {""}
    day = sqlite_office._now().date()
    told = sqlite_office.read(answers, MailFilter(received_from=day - timedelta(days=89), received_to=day))
    assert told.times.count > 300
    assert 1 < told.times.median < 24 < told.times.p90
