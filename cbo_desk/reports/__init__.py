"""Reports: what spans the desks and belongs to none of them."""

from cbo_desk.reports.day import DAYS, Doings, Stretch, doings, the_day
from cbo_desk.reports.needs import (
    NEEDS,
    Need,
    What,
    most_urgent_first,
    property_needs,
    setting_needs,
    tag_needs,
    waited,
)

__all__ = [
    "DAYS",
    "NEEDS",
    "Doings",
    "Need",
    "Stretch",
    "What",
    "doings",
    "most_urgent_first",
    "property_needs",
    "setting_needs",
    "tag_needs",
    "the_day",
    "waited",
]
