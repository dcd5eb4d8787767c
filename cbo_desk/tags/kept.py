"""How a scan that nobody knows lies in the tray while the server is away."""

from __future__ import annotations

from cbo_desk.tags.commands import keep_unknown_scan
from cbo_desk.tray import Keepable, enlist

enlist(
    Keepable(
        keep_unknown_scan,
        lambda _refs, text, place, note: {"text": text, "place": place, "note": note},
        lambda _find, body: (body["text"], body["place"], body["note"]),
        lambda body: f"{body['text'][:40]} scanned, and not known",
    )
)
