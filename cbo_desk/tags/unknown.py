"""What becomes of a scan that nothing answered to: it is said what it was, or its code is linked to a record."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.tags.commands import link_code, reopen_unknown_scan, resolve_unknown_scan, unlink_code
from cbo_desk.tags.subjects import kind_of
from db.tags import UnknownScan


@deed("tags.link_unknown_scan", "link barcodes")
def link_unknown_scan(session: Session, scan_id: int, kind: str, record_id: int) -> Changes:
    """Let the scanned code open a record from now on, and resolve the scan with it."""
    scan = session.get(UnknownScan, scan_id)
    if scan is None:
        raise Refusal("This scan is gone.")
    linked = link_code(session, scan.text, kind, record_id)
    subject = kind_of(kind).describe(session, [record_id])[record_id]
    name = subject.number or subject.name
    resolved = resolve_unknown_scan(session, scan_id, f"It opens {name} now.")
    code = " ".join(scan.text.split())
    return Changes(
        "tags.unknown_scan",
        resolved.ids,
        linked.said,
        Deed(unlink_unknown_scan, (code, *resolved.ids)),
        {"tags.tag": linked.ids, kind: (record_id,)},
    )


@deed("tags.unlink_unknown_scan", "unlink barcodes")
def unlink_unknown_scan(session: Session, code: str, *scan_ids: int) -> Changes:
    """Undo the linking: the code opens nothing again, and its scans wait."""
    unlinked = unlink_code(session, code)
    reopen_unknown_scan(session, *scan_ids)
    return Changes("tags.unknown_scan", scan_ids, unlinked.said, also={"tags.tag": unlinked.ids, **unlinked.also})
