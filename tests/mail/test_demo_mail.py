"""The demo's mail was made by the real commands: it stands in every state a visitor wants to see."""

from __future__ import annotations

from cbo_desk.demo import make_demo
from cbo_desk.mail import MailFilter, MailList, RoundList, figures, item_card


def test_two_weeks_of_mail(sqlite_office):
    said = sqlite_office.write(make_demo, 1).said
    assert "40 items of mail" in said
    found = sqlite_office.read(figures).by_state
    assert {"received", "shelved", "held", "out", "delivered", "attempted"} <= set(found)
    delivered = sqlite_office.read(MailList(MailFilter(states=("delivered",))).first)
    card = sqlite_office.read(item_card, delivered[0].id)
    assert card.events[-1].proof.strokes
    assert all(one.at <= other.at for one, other in zip(card.events, card.events[1:], strict=False))
    assert len(sqlite_office.read(RoundList().first)) == 2
