"""The mail desk: whose parcel it is, whom it is for, and where it is from the courier's hand to the addressee's."""

from cbo_desk.mail import subjects
from cbo_desk.mail.addressees import Addressee, Addressees, Kind, Suggestion
from cbo_desk.mail.addressing import (
    Candidate,
    add_group,
    bring_back_group,
    note_absence,
    remove_absence,
    remove_group,
    suggest_addressees,
)
from cbo_desk.mail.card import Event, ItemCard, Proof, chain, item_card
from cbo_desk.mail.carriers import CarrierMatch, identify
from cbo_desk.mail.custody import (
    Taken,
    bring_back,
    deliver_items,
    dispose_items,
    fail_delivery,
    find_items,
    forward_items,
    hold_items,
    lose_items,
    override_state,
    refuse_items,
    return_items,
    shelve_items,
    take_back,
)
from cbo_desk.mail.labels import Label, read_label
from cbo_desk.mail.queries import (
    MailFigures,
    MailFilter,
    MailList,
    MailRow,
    by_carrier_number,
    carriers_seen,
    figures,
    rows_of,
)
from cbo_desk.mail.receiving import (
    Addressed,
    Details,
    address_item,
    check_missing,
    edit_item,
    receive_item,
    withdraw_items,
)
from cbo_desk.mail.recognising import Recognised, recognise
from cbo_desk.mail.rules import WORDS, State, What
from cbo_desk.mail.standing import KIND

subjects.enlist()

__all__ = [
    "KIND",
    "WORDS",
    "Addressed",
    "Addressee",
    "Addressees",
    "Candidate",
    "CarrierMatch",
    "Details",
    "Event",
    "ItemCard",
    "Kind",
    "Label",
    "MailFigures",
    "MailFilter",
    "MailList",
    "MailRow",
    "Proof",
    "Recognised",
    "State",
    "Suggestion",
    "Taken",
    "What",
    "add_group",
    "address_item",
    "bring_back",
    "bring_back_group",
    "by_carrier_number",
    "carriers_seen",
    "chain",
    "check_missing",
    "deliver_items",
    "dispose_items",
    "edit_item",
    "fail_delivery",
    "figures",
    "find_items",
    "forward_items",
    "hold_items",
    "identify",
    "item_card",
    "lose_items",
    "note_absence",
    "override_state",
    "read_label",
    "receive_item",
    "recognise",
    "refuse_items",
    "remove_absence",
    "remove_group",
    "return_items",
    "rows_of",
    "shelve_items",
    "suggest_addressees",
    "take_back",
    "withdraw_items",
]
