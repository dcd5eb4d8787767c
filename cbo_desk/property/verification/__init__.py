"""Physical verification: counting what is really there against what the register says."""

from cbo_desk.property.verification.closing import Outlook, close_campaign, close_room, preview_closing
from cbo_desk.property.verification.correcting import (
    describe_count,
    finish_room,
    mark_missing,
    put_back_counts,
    reopen_room,
    take_back_counts,
)
from cbo_desk.property.verification.counting import count_item, open_room
from cbo_desk.property.verification.events import CountMade
from cbo_desk.property.verification.kept import CountPicture
from cbo_desk.property.verification.lines import RoomLine, RoomView, after_scan
from cbo_desk.property.verification.lists import (
    CAMPAIGN_COLUMNS,
    ROOM_COLUMNS,
    CampaignList,
    RoomFilter,
    RoomList,
    campaign_rows,
    room_rows,
)
from cbo_desk.property.verification.opening import CAMPAIGN, Expected, open_campaign, preview_scope
from cbo_desk.property.verification.queries import (
    CampaignCard,
    CampaignLine,
    CampaignProgress,
    Counting,
    Room,
    RoomCounted,
    campaign_card,
    campaign_progress,
    campaigns,
    progress_by_room,
    rooms_counted_between,
    who_counts,
)
from cbo_desk.property.verification.report import report_rows, write_report
from cbo_desk.property.verification.room_view import last_own_event, room_view
from cbo_desk.property.verification.rules import NOWHERE, WORDS, Scope, What

__all__ = [
    "CAMPAIGN",
    "CAMPAIGN_COLUMNS",
    "NOWHERE",
    "ROOM_COLUMNS",
    "WORDS",
    "CampaignCard",
    "CampaignLine",
    "CampaignList",
    "CampaignProgress",
    "CountMade",
    "CountPicture",
    "Counting",
    "Expected",
    "Outlook",
    "Room",
    "RoomCounted",
    "RoomFilter",
    "RoomLine",
    "RoomList",
    "RoomView",
    "Scope",
    "What",
    "after_scan",
    "campaign_card",
    "campaign_progress",
    "campaign_rows",
    "campaigns",
    "close_campaign",
    "close_room",
    "count_item",
    "describe_count",
    "finish_room",
    "last_own_event",
    "mark_missing",
    "open_campaign",
    "open_room",
    "preview_closing",
    "preview_scope",
    "progress_by_room",
    "put_back_counts",
    "reopen_room",
    "report_rows",
    "room_rows",
    "room_view",
    "rooms_counted_between",
    "take_back_counts",
    "who_counts",
    "write_report",
]
