"""Lets assets end as disposed in tests that are about something else: through a complete case, as the database asks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session


def dispose(session: Session, ids: Sequence[int] = ()) -> None:
    """Dispose of these assets, of all for none."""
    if not ids:
        ids = list(session.scalars(text("SELECT id FROM asset")))
    case = session.scalar(text("SELECT coalesce(max(id), 0) + 1 FROM disposal_case"))
    session.execute(
        text(
            "INSERT INTO disposal_case (id, reference, entity_id, reason, opened_at, opened_by) "
            "SELECT :case, 'T-' || :name, min(id), 'A test', '2026-01-01T00:00:00.000000Z', 'test' FROM entity"
        ),
        {"case": case, "name": str(case)},
    )
    for ident in ids:
        session.execute(
            text(
                "INSERT INTO disposal_item (case_id, asset_id, inventory_no, description, state_before, valued_on, "
                "added_at, added_by) VALUES (:case, :asset, 'x', 'x', 'in_store', '2026-01-01', "
                "'2026-01-01T00:00:00.000000Z', 'test')"
            ),
            {"case": case, "asset": ident},
        )
    for state in ("submitted", "complete"):
        session.execute(
            text(
                "UPDATE disposal_case SET state = :state, method = 'scrapped', done_on = '2026-01-01' WHERE id = :case"
            ),
            {"state": state, "case": case},
        )
    for ident in ids:
        session.execute(text("UPDATE asset SET state = 'disposed' WHERE id = :asset"), {"asset": ident})
    session.expire_all()
