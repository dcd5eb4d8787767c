"""Which deeds make sense for a bag as it stands."""

from __future__ import annotations

from cbo_desk.mail.pouch import BagCard, BagState


def deeds_of(card: BagCard) -> list[str]:
    """Names of the deeds on a bag; the invoice only for those who may know what is in it."""
    papers = ["way_bill", *([] if card.hidden else ["invoice"]), "print_bag"]
    waits = ["pack_waits"] if card.waits else []
    rest = ["mark_missing"] if card.left else []
    wanted = {
        BagState.OPEN: ["certify", *waits, *papers] if card.row.count else [*waits, "print_bag", "drop_bag"],
        BagState.CERTIFIED: ["seal", "uncertify", *papers],
        BagState.SEALED: ["dispatch_bag", *papers],
        BagState.DISPATCHED: ["confirm_bag", *papers],
        BagState.ANNOUNCED: ["take_in_bag", "print_bag", "drop_bag"],
        BagState.ARRIVED: ["confirm_count", *rest, "print_bag"],
        BagState.CONFIRMED: papers if card.row.direction == "out" else [],
    }[card.row.state]
    return [*wanted, "close_case"] if any(case.closed_at is None for case in card.cases) else wanted
