"""The first scan of a day finds its statements put together: nothing is left to do that the others do not."""

from __future__ import annotations

from cbo_desk.mail import Addressed, Details, get_ready, item_card, receive_item
from cbo_desk.tags import resolve
from tests.mail.codes import s10


def scan(office, ident):
    """How many statements had to be put together for one scan of an item's tag."""
    before = len(office.engine._compiled_cache)
    code = office.read(item_card, ident).code
    assert office.read(resolve, code).opened.record_id == ident
    return len(office.engine._compiled_cache) - before


def test_the_first_scan_puts_no_statement_together(office, compound):
    office.read(get_ready)  # of an empty mailroom, which has nothing to look up
    erik = Details(addressed=Addressed(person_id=compound.people["Erik"]))
    first, latest = (office.write(receive_item, s10(n), erik).ids[0] for n in (1, 2))
    office.engine.clear_compiled_cache()
    assert scan(office, first) >= 4  # the control
    office.engine.clear_compiled_cache()
    office.read(get_ready)
    assert scan(office, first) == 0
    assert scan(office, latest) == 0
