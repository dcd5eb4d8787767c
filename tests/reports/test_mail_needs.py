"""What waits in the mailroom stands on Today: what goes back, what was not delivered, what is lost, what is missing."""

from __future__ import annotations

from datetime import timedelta

from cbo_desk.mail import Addressed, Details, MailFilter, MailList, figures, lose_items, receive_item, refuse_items
from cbo_desk.mail.limits import day_before, working_days
from cbo_desk.reports import What, mail_needs
from tests.mail.codes import s10
from tests.mail.conftest import compound

__all__ = ["compound"]


def told(office):
    return {(need.what, need.name or need.count) for need in office.read(mail_needs)}


def test_needs_of_the_mailroom(office, compound, clock):
    erik = Details(addressed=Addressed(person_id=compound.people["Erik"]))
    assert office.read(mail_needs) == []
    items = [office.write(receive_item, s10(n), erik).ids[0] for n in range(3)]
    office.write(receive_item, s10(9))
    assert told(office) == {(What.MAIL_INCOMPLETE, 1)}
    office.write(lose_items, [items[0]], "not on its shelf")
    office.write(refuse_items, [items[1]], "not ordered")
    assert told(office) == {
        (What.MAIL_INCOMPLETE, 1), (What.MAIL_LOST, "M-000001"), (What.MAIL_FAILED, "M-000002"),
    }  # fmt: skip
    clock.now += timedelta(days=15)
    late = [need for need in office.read(mail_needs) if need.what is What.MAIL_RETURN]
    assert [(need.name, need.detail) for need in late] == [("M-000003", "Lindqvist, Erik · UNEP"), ("M-000004", "")]
    assert all(need.record_id for need in late)
    for n in range(20, 23):
        office.write(receive_item, s10(n), erik)
    clock.now += timedelta(days=15)
    [together] = [need for need in office.read(mail_needs) if need.what is What.MAIL_RETURN]
    assert (together.count, together.record_id) == (5, 0)


def test_the_view_of_what_lies_long_has_what_its_tab_counts(office, compound, clock):
    for n in range(6):
        office.write(receive_item, s10(n))
        clock.now += timedelta(days=1)
    found = office.read(figures)
    last = day_before(clock.now.date(), found.ageing.remind)
    assert working_days(last, clock.now.date()) >= found.ageing.remind
    assert working_days(last + timedelta(days=1), clock.now.date()) < found.ageing.remind
    listed = office.read(MailList(MailFilter(states=("received",), received_to=last)).first)
    assert found.lying_long == len(listed) > 0
