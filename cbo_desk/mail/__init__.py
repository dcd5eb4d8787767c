"""The mail desk: whose parcel it is, whom it is for, and where it is from the courier's hand to the addressee's."""

from cbo_desk.mail import subjects
from cbo_desk.mail.addressees import Addressee, Addressees, Kind, Suggestion
from cbo_desk.mail.addressing import (
    Candidate,
    note_absence,
    remove_absence,
    suggest_addressees,
)
from cbo_desk.mail.answers import SPANS_H, Answers, answers
from cbo_desk.mail.card import Event, ItemCard, Proof, chain, item_card
from cbo_desk.mail.carriers import CarrierMatch, identify
from cbo_desk.mail.counting import Times
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
from cbo_desk.mail.groups import (
    GroupCard,
    GroupForm,
    add_group,
    bring_back_group,
    edit_group,
    group_card,
    remove_group,
)
from cbo_desk.mail.labels import Label, read_label
from cbo_desk.mail.limits import Reasons, reasons
from cbo_desk.mail.mailroom import MailroomPicture
from cbo_desk.mail.queries import (
    MailFigures,
    MailFilter,
    MailList,
    MailRow,
    by_carrier_number,
    carriers_seen,
    figures,
    rows_of,
    shelf_code,
)
from cbo_desk.mail.readiness import get_ready
from cbo_desk.mail.receiving import (
    Addressed,
    Details,
    SameNumber,
    address_item,
    check_missing,
    edit_item,
    receive_item,
    withdraw_items,
)
from cbo_desk.mail.recognising import Recognised, recognise
from cbo_desk.mail.round_queries import (
    RoundCard,
    RoundItem,
    RoundList,
    RoundRow,
    Stop,
    open_rounds,
    round_card,
    rounds_on,
)
from cbo_desk.mail.rounds import (
    ROUND,
    close_round,
    drop_round,
    load_items,
    load_waiting,
    plan_round,
    send_round,
)
from cbo_desk.mail.rules import WORDS, State, What
from cbo_desk.mail.standing import KIND
from cbo_desk.mail.telling import remind_addressee, tell_addressees

subjects.enlist()

__all__ = [
    "KIND",
    "ROUND",
    "SPANS_H",
    "WORDS",
    "Addressed",
    "Addressee",
    "Addressees",
    "Answers",
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
    "MailroomPicture",
    "Proof",
    "Reasons",
    "Recognised",
    "RoundCard",
    "RoundItem",
    "RoundList",
    "RoundRow",
    "SameNumber",
    "State",
    "Stop",
    "Suggestion",
    "Taken",
    "Times",
    "What",
    "GroupCard",
    "GroupForm",
    "add_group",
    "address_item",
    "answers",
    "bring_back",
    "bring_back_group",
    "by_carrier_number",
    "carriers_seen",
    "chain",
    "check_missing",
    "close_round",
    "deliver_items",
    "dispose_items",
    "drop_round",
    "edit_group",
    "edit_item",
    "fail_delivery",
    "figures",
    "get_ready",
    "group_card",
    "find_items",
    "forward_items",
    "hold_items",
    "identify",
    "item_card",
    "load_items",
    "load_waiting",
    "lose_items",
    "note_absence",
    "open_rounds",
    "override_state",
    "plan_round",
    "read_label",
    "reasons",
    "receive_item",
    "recognise",
    "refuse_items",
    "remind_addressee",
    "remove_absence",
    "remove_group",
    "return_items",
    "round_card",
    "rounds_on",
    "rows_of",
    "send_round",
    "shelf_code",
    "shelve_items",
    "suggest_addressees",
    "take_back",
    "tell_addressees",
    "withdraw_items",
]
