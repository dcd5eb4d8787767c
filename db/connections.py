"""The connections that an engine has open to its server, so that those that hang can be freed from outside."""

from __future__ import annotations

from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, event


class Connections:
    """Notes every connection that an engine makes, from before the first one on.

    To begin later would be to change what SQLAlchemy is just going through where another thread makes a connection:
    that thread's work would fail for it.
    """

    def __init__(self, engine: Engine) -> None:
        self._open: WeakSet[Any] = WeakSet()
        self._lock = Lock()
        event.listen(engine, "connect", self._note)

    def all(self) -> list[Any]:
        """Those that are there now, as the driver has them; some may be closed already."""
        with self._lock:
            return list(self._open)

    def _note(self, raw: Any, _record: Any) -> None:
        with self._lock:
            self._open.add(raw)


_KNOWN: WeakKeyDictionary[Engine, Connections] = WeakKeyDictionary()


def note_connections(engine: Engine) -> Engine:
    """Note the connections of an engine that has made none yet."""
    _KNOWN[engine] = Connections(engine)
    return engine


def connections_of(engine: Engine) -> Connections:
    """The connections of an engine that `db.engine.open_engine` opened on a server."""
    return _KNOWN[engine]
