"""The events of a campaign as plain values: all of them, those of a room, and where each asset stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from cbo_desk.property.verification.rules import SIGHTINGS, Counted, What
from db.verification import CampaignCount

COLUMNS = (
    CampaignCount.id,
    CampaignCount.room_id,
    CampaignCount.what,
    CampaignCount.asset_id,
    CampaignCount.at,
    CampaignCount.by,
    CampaignCount.by_number,
    CampaignCount.condition,
    CampaignCount.text,
    CampaignCount.note,
    CampaignCount.listed_code,
    CampaignCount.undoes_id,
)


_WHAT = {str(what): what for what in What}


def counted(rows: Iterable[Any]) -> Iterator[Counted]:
    """Rows of COLUMNS as plain events."""
    # Made as plain tuples: a store holds thousands of events, and a door that is scanned wants them all at once.
    make, words = tuple.__new__, _WHAT
    for row in rows:
        yield make(Counted, (row[0], row[1], words[row[2]], *row[3:]))


def counted_at_once(columns: Sequence[Sequence[Any]]) -> list[Counted]:
    """All rows of COLUMNS that were read column by column, as plain events."""
    whole = list(columns)
    whole[2] = list(map(_WHAT.__getitem__, whole[2]))
    return list(map(partial(tuple.__new__, Counted), zip(*whole, strict=True)))


def taken_back() -> Any:
    """Whether an event was taken back."""
    later = aliased(CampaignCount)
    return exists().where(later.undoes_id == CampaignCount.id)


def last_words(campaign_id: Any) -> Any:
    """The id of the event by which each asset of a campaign stands: its last sighting, else its first missing.

    The campaign is told by its id or by a parameter for it.
    """
    sighting = func.max(case((CampaignCount.what.in_(SIGHTINGS), CampaignCount.id)))
    return (
        select(
            CampaignCount.asset_id.label("asset_id"),
            func.coalesce(sighting, func.min(CampaignCount.id)).label("event_id"),
        )
        .where(
            and_(
                CampaignCount.campaign_id == campaign_id,
                CampaignCount.asset_id.is_not(None),
                CampaignCount.what.in_((*SIGHTINGS, What.MISSING)),
                ~taken_back(),
            )
        )
        .group_by(CampaignCount.asset_id)
        .subquery()
    )


def standings(session: Session, campaign_id: int) -> dict[int, Counted]:
    """Where each asset of a campaign stands, reckoned by the database."""
    words = last_words(campaign_id)
    wanted = select(*COLUMNS).join(words, words.c.event_id == CampaignCount.id)
    return {event.asset_id: event for event in counted(session.execute(wanted)) if event.asset_id is not None}
