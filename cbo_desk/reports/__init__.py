"""Reports: what spans the desks and belongs to none of them."""

from cbo_desk.reports.agenda import (
    AGENDA,
    FOCUS,
    DayEntry,
    DayLine,
    Line,
    Stand,
    in_focus,
    lanes,
    next_up,
)
from cbo_desk.reports.day import DAYS, Doings, doings
from cbo_desk.reports.mail_needs import mail_needs
from cbo_desk.reports.meeting_needs import meeting_needs
from cbo_desk.reports.need import Need, What
from cbo_desk.reports.needs import (
    NEEDS,
    leaving_needs,
    most_urgent_first,
    property_needs,
    setting_needs,
    tag_needs,
    waited,
)
from cbo_desk.reports.transport_needs import transport_needs

__all__ = [
    "AGENDA",
    "DAYS",
    "FOCUS",
    "NEEDS",
    "DayEntry",
    "DayLine",
    "Doings",
    "Line",
    "Need",
    "Stand",
    "What",
    "doings",
    "in_focus",
    "lanes",
    "leaving_needs",
    "mail_needs",
    "meeting_needs",
    "most_urgent_first",
    "next_up",
    "property_needs",
    "setting_needs",
    "tag_needs",
    "transport_needs",
    "waited",
]
