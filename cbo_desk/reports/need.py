"""One thing that waits for somebody, and the kinds there are: what each desk's list of needs is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

ONE_BY_ONE = 3
"""Up to so many of a kind stand in the list each by itself; more become one line with their number."""


class What(StrEnum):
    """The kinds of things that wait."""

    UNKNOWN_SCAN = "unknown_scan"
    MISSING = "missing"
    UNDER_REPAIR = "under_repair"
    OVERDUE = "overdue_loan"
    OVERDUE_PASS = "overdue_pass"
    DISPOSAL_DUE = "disposal_due"
    WARRANTY = "warranty"
    SERVICE_DUE = "service_due"
    NEVER_PRINTED = "never_printed"
    REPRINT = "reprint"
    UNCONFIRMED = "unconfirmed"
    NOT_SENT = "not_sent"
    MAIL_RETURN = "mail_return"
    MAIL_LOST = "mail_lost"
    MAIL_FAILED = "mail_failed"
    MAIL_INCOMPLETE = "mail_incomplete"
    MANIFEST_WAITS = "manifest_waits"
    BAG_CUT_OFF = "bag_cut_off"
    BAG_UNCOUNTED = "bag_uncounted"
    BAG_CASE = "bag_case"
    HOLD_ENDS = "hold_ends"
    SETUP_DUE = "setup_due"
    BACKUP = "backup"
    PHASE_DUE = "phase_due"
    TRIP_LATE = "trip_late"
    NEEDS_VEHICLE = "needs_vehicle"
    TRIP_TO_APPROVE = "trip_to_approve"
    PAPER_ENDS = "paper_ends"
    DRIVER_PAPER_ENDS = "driver_paper_ends"
    FLEET_SERVICE = "fleet_service"


@dataclass(frozen=True)
class Need:
    """One thing that waits, or `count` of a kind together.

    `record_id` is 0 where there are several. `since` is when it began to wait, `until` the day on which it is due,
    `within` the days in which all of several are due, `last` when it was asked for last. `due` is the instant at which
    it is due, where its hour is known. `name`, `detail` and `goal`, where it goes to, are the record's own words.
    """

    what: What
    desk: str
    count: int
    name: str = ""
    detail: str = ""
    record_id: int = 0
    since: datetime | date | None = None
    until: date | None = None
    within: int = 0
    last: datetime | None = None
    due: datetime | None = None
    goal: str = ""
