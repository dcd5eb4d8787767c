"""The link to a server: which connections it knows, and that it may be made at any moment."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from cbo_desk.link import Link
from db.engine import open_engine


@pytest.fixture
def engine(postgres_url):
    opened = open_engine(postgres_url)
    yield opened
    opened.dispose()


def test_a_link_is_made_while_another_thread_makes_a_connection(engine):
    """A window makes its link on one thread while another reads its first list."""
    begun, go_on = threading.Event(), threading.Event()

    def wait(_raw, _record):
        begun.set()
        assert go_on.wait(30)

    event.listen(engine, "connect", wait)
    told = []

    def read():
        try:
            with engine.connect() as connection:
                told.append(connection.scalar(text("SELECT 7")))
                freed.wait(30)
                connection.scalar(text("SELECT 8"))
        except Exception as error:  # noqa: BLE001 - told to the thread that asserts
            told.append(error)

    freed = threading.Event()
    reader = threading.Thread(target=read)
    reader.start()
    assert begun.wait(30)
    link = Link(engine)
    go_on.set()
    while not told:
        reader.join(0.01)
    assert told == [7]
    link.lost()  # the connection is older than the link, and freed all the same
    freed.set()
    reader.join()
    link.close()
    assert isinstance(told[1], DBAPIError)
