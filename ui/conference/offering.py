"""What a booking's card offers: the deeds that its state asks for, and what makes sense besides."""

from __future__ import annotations

from cbo_desk.conference import BookingCard, Status

OFFERED: dict[Status, tuple[list[str], list[str]]] = {
    Status.ENQUIRY: (["hold", "wait"], ["edit", "cancel"]),
    Status.WAITLIST: (["hold"], ["edit", "cancel"]),
    Status.HOLD: (["confirm", "extend", "release"], ["move", "edit", "units", "place", "cancel"]),
    Status.CONFIRMED: (["begin"], ["move", "edit", "units", "place", "cancel"]),
    Status.IN_SESSION: (["end", "no_show"], ["edit", "units"]),
    Status.DONE: (["charge"], ["edit"]),
    Status.CANCELLED: (["hold"], ["edit"]),
}
"""The deeds that a state asks for, the main one first; and those that are possible besides."""
FURTHER = ("no_show", "skip", "shift_series", "sheet", "sign", "quotation", "calendar", "reverse")
"""What is behind the ellipsis, where it makes sense."""


def offered(card: BookingCard) -> tuple[list[str], list[str]]:
    """What a booking's card offers."""
    first, others = OFFERED[card.row.status]
    if card.row.in_series and card.row.status is Status.CANCELLED:
        first = ["again"]
    if "charge" in first and sum(each.amount for each in card.charges) != 0:
        first = []
    return first, others


def further(card: BookingCard) -> list[str]:
    """What else can be done with a booking."""
    row = card.row
    charged = sum(each.amount for each in card.charges) != 0
    fits = {
        "no_show": row.status is Status.CONFIRMED, "reverse": charged,
        "skip": row.in_series and row.status in (Status.HOLD, Status.CONFIRMED),
        "shift_series": row.in_series and row.status in (Status.HOLD, Status.CONFIRMED),
    }  # fmt: skip
    needs_space = ("sheet", "sign", "quotation", "calendar")
    return [name for name in FURTHER if fits.get(name, bool(row.space) if name in needs_space else True)]
