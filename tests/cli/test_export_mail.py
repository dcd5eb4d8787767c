"""Mail and messages are written to files from the command line, narrowed by words, on both engines."""

from __future__ import annotations

import pytest

from tests.mail.codes import s10


@pytest.fixture
def mail(either):
    from cbo_desk.compound import open_office
    from cbo_desk.mail import Details, receive_item

    office = open_office(either.url, check=False)
    for n in range(3):
        office.write(receive_item, s10(n + 500), Details(sender="Ministry" if n else "Bank"))
    office.close()
    return either


def test_the_list_of_mail_is_written(mail):
    told = mail.order("export", "mail", str(mail.folder / "mail.csv"), "--query", "ministry")
    assert (told.code, told.lines[0]["exported"]) == (0, 2)
    text = (mail.folder / "mail.csv").read_text(encoding="utf-8-sig")
    assert s10(501) in text
    assert s10(500) not in text
    told = mail.order("export", "messages", str(mail.folder / "messages.xlsx"))
    assert (told.code, told.lines[0]["exported"]) == (0, 0)
