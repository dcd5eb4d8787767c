"""Which deeds make sense for an outgoing item or manifest as it stands."""

from __future__ import annotations

from cbo_desk.mail.outgoing import ManifestCard, OutgoingCard, State


def deeds_of(card: OutgoingCard) -> list[str]:
    """Names of the deeds on an item; of one whose contents are need-to-know only those that do not touch it."""
    here = ["to_manifest", "print_outgoing", "edit_outgoing", "give_outgoing_back", "withdraw_outgoing"]
    by_state = {
        State.HANDED_IN: here if card.way == "carrier" else here[1:],
        State.MANIFESTED: ["off_manifest", "print_outgoing", "show_manifest"],
        State.COLLECTED: ["give_outgoing_back", "lose_outgoing", "show_manifest"],
        State.BAGGED: ["print_outgoing", "show_bag"],
        State.DISPATCHED: ["give_outgoing_back", "lose_outgoing", "show_bag"],
        State.DELIVERED: ["show_bag"],
    }
    wanted = by_state.get(card.state, [])
    return [name for name in wanted if name in ("print_outgoing", "show_bag")] if card.hidden else wanted


def deeds_of_manifest(card: ManifestCard) -> list[str]:
    """Names of the deeds on a manifest."""
    row = card.row
    if row.closed_at is not None:
        return ["collect_manifest", "print_manifest"] if row.collected_at is None else ["print_manifest"]
    waits = ["list_waits"] if card.waits else []
    return [*waits, "close_manifest", "print_manifest"] if card.lines else [*waits, "print_manifest", "drop_manifest"]
