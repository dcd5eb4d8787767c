"""What a database's own words mean to a person: its rules as refusals, its failures as trouble."""

from __future__ import annotations

import re

from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, IntegrityError, TimeoutError

from cbo_desk.errors import Refusal, Trouble

SENTENCES = {
    "ck_account_role_role": "A role is viewer, clerk, supervisor or administrator.",
    "ck_asset_condition": "A condition is new, good, fair, poor or broken, or left empty.",
    "ck_asset_cost_not_negative": "A cost cannot be below zero.",
    "ck_asset_custodian_named": "A custodian and the custodian's name belong together.",
    "ck_asset_inventory_no_given": "An asset needs an inventory number.",
    "ck_asset_not_its_own_part": "An asset cannot be a part of itself.",
    "ck_asset_place_named": "A place and the place's code belong together.",
    "ck_asset_state": "This is no state that an asset can be in.",
    "ck_audit_head_one_row": "The audit chain has one head and can have no second one.",
    "campaign_closed": "This campaign is closed: nothing in it can be changed any more.",
    "campaign_count_undone_once": "This scan was taken back already, or belongs to another room or campaign.",
    "campaign_frozen": "The list of this campaign is frozen.",
    "campaign_room_closed": "This room is closed in this campaign: nothing in it can be changed any more.",
    "ck_campaign_closed_by_somebody": "A closed campaign names who closed it.",
    "ck_campaign_count_condition": "A condition is new, good, fair, poor or broken, or left empty.",
    "ck_campaign_count_undoes_one": "What is taken back must be named.",
    "ck_campaign_count_what": "This is nothing that a count can say of an asset.",
    "ck_campaign_name_given": "A campaign needs a name, such as Count 2026.",
    "ck_campaign_room_expected_counted": "A number of assets cannot be below zero.",
    "ck_entity_code_given": "An entity needs a code.",
    "ck_entity_dates_in_order": "The last day cannot be before the first.",
    "ck_notification_state": "A message is waiting, being sent, sent or failed.",
    "ck_person_dates_in_order": "The last day cannot be before the first.",
    "ck_person_name_given": "A person needs a family name.",
    "ck_place_area_positive": "An area must be above zero.",
    "ck_place_code_given": "A place needs a code.",
    "ck_place_kind": "This is no kind of place: it is a site, building, floor, room, shelf, bay, gate, store or yard.",
    "ck_place_not_inside_itself": "A place cannot be inside itself.",
    "ck_property_category_life_positive": "A useful life cannot be below zero months.",
    "ck_tag_prints_counted": "A number of prints cannot be below zero.",
    "place_no_cycle": "A place cannot be inside itself.",
    "uq_account_login": "Another account has this login.",
    "uq_asset_entity_id_inventory_no": "This entity already has an asset with that inventory number.",
    "uq_campaign_count_undoes_id": "This scan was taken back already.",
    "uq_campaign_reference": "Another campaign has this reference.",
    "uq_dated_setting_name_scope_valid_from": "This setting already has a value from that day on.",
    "uq_entity_code": "Another entity has this code.",
    "uq_entity_id_code": "This entity is there already.",
    "uq_notification_message_id": "This message is queued already.",
    "uq_person_id_sort_name": "This person is there already.",
    "uq_person_index_number": "Another person has this index number.",
    "uq_place_code": "Another place has this code.",
    "uq_place_id_code": "This place is there already.",
    "uq_property_category_code": "Another category has this code.",
    "uq_search_entry_kind_record_id": "Somebody else saved this record at the same moment. Try again.",
    "uq_site_stock_name": "Another label stock has this name.",
    "uq_tag_code": "This code already opens something else.",
}

# What a foreign key says when the other end is missing, and when the other end is to be deleted while it is needed.
REFERENCES = {
    "fk_account_person_id": ("This person is no longer there.", "This person has an account."),
    "fk_account_role_account_id": ("This account is no longer there.", "This account still holds roles."),
    "fk_asset_category_id": ("This category is no longer there.", "Assets are still in this category."),
    "fk_asset_custodian": ("This custodian is no longer there.", "This person is still custodian of assets."),
    "fk_asset_entity": ("This entity is no longer there.", "Assets still belong to this entity."),
    "fk_asset_event_asset_id": ("This asset is no longer there.", "This asset has a history and is kept with it."),
    "fk_asset_parent_id": ("The asset it is part of is no longer there.", "Other assets are still parts of this one."),
    "fk_asset_place": ("This place is no longer there.", "Assets are still at this place."),
    "fk_attachment_sha256": ("The contents of this attachment are missing.", "This paper is still attached somewhere."),
    "fk_audit_touch_seq": ("This audit entry is not there.", "What has been recorded cannot be deleted."),
    "fk_campaign_count_asset_id": ("This asset is no longer there.", "This asset was counted and is kept with it."),
    "fk_campaign_count_before_id": ("This scan is not there.", "What has been recorded cannot be deleted."),
    "fk_campaign_count_room": ("This room is not in the campaign.", "This room was counted and is kept with it."),
    "fk_campaign_count_undoes_id": ("This scan is not there.", "What has been recorded cannot be deleted."),
    "fk_campaign_item_asset_id": ("This asset is no longer there.", "A campaign's list names this asset."),
    "fk_campaign_item_room": ("This room is not in the campaign.", "A campaign's list names this room."),
    "fk_campaign_room_campaign_id": ("This campaign is not there.", "This campaign has rooms and is kept with them."),
    "fk_person_entity_id": ("This entity is no longer there.", "People still belong to this entity."),
    "fk_person_place_id": ("This place is no longer there.", "People still have this as their place."),
    "fk_place_occupier_id": ("This entity is no longer there.", "This entity still occupies places."),
    "fk_place_parent_id": ("The place around it is no longer there.", "There are still places inside this one."),
    "fk_printed_tag_job_id": ("This print is not there.", "What has been recorded cannot be deleted."),
    "fk_printed_tag_tag_id": ("This tag is no longer there.", "This tag has been printed and is kept with its prints."),
    "fk_unknown_scan_place_id": ("This place is no longer there.", "Unknown scans still name this place."),
}

# By SQLSTATE, or its class of two characters.
_STATES = {
    "22003": Refusal("A number is too large."),
    "22": Refusal("A value holds a character or a date that the database cannot keep."),
    "25006": Trouble("The database may only be read."),
    "40001": Trouble("Others were changing the same records at the same moment."),
    "40P01": Trouble("Others were changing the same records at the same moment."),
    "42501": Trouble("The server does not allow this account to do that. Ask the server's administrator."),
    "53100": Trouble("The server's disk is full."),
    "53300": Trouble("The server has no free connection."),
    "54000": Refusal("A text is too long to be kept in a list. Shorten it, and put the rest into the notes."),
    "55P03": Trouble("Another workstation holds these records."),
    "57014": Trouble("The server took too long and was stopped."),
    "57": Trouble("The server is shutting down or starting."),
}

_WORDS = {
    "readonly": "The database file may not be written.",
    "read-only": "The database may not be written.",
    "disk is full": "The disk is full.",
    "disk i/o error": "The disk cannot be read or written.",
    "no space left": "The server's disk is full.",
    "locked": "Another program holds the database.",
    "unable to open": "The database file cannot be opened.",
    "not a database": "This file is not a CBO Desk database.",
    "malformed": "The database file is damaged. Restore the last backup.",
    "password authentication": "The server refuses this password.",
    "timeout": "The server did not answer in time.",
}
_TOO_LONG = ("too big", "too large")


def state_of(error: DBAPIError) -> str:
    """The SQLSTATE of a server's error; empty where there is none."""
    return str(getattr(error.orig, "sqlstate", "") or "")


def bad_news(error: Exception, outcome: str) -> Exception:
    """The refusal or trouble to raise for an engine's error; an error that is our own bug comes back as it is.

    `outcome` ends the sentence of a trouble, such as "Nothing was saved."
    """
    if isinstance(error, OverflowError):
        return Refusal("A number is too large.")
    if isinstance(error, UnicodeEncodeError):
        return Refusal("A text holds a character that the database cannot keep.")
    if isinstance(error, TimeoutError):
        return Trouble(f"The database has no free connection. {outcome}")
    if isinstance(error, IntegrityError):
        return Refusal(sentence_for(error))
    if isinstance(error, DBAPIError):
        return _by_state(error, outcome) or _by_words(error, outcome)
    return error


def _by_state(error: DBAPIError, outcome: str) -> Exception | None:
    state = state_of(error)
    found = _STATES.get(state) or _STATES.get(state[:2]) if state else None
    if found is None and isinstance(error, DataError):
        found = _STATES["22"]
    return Trouble(f"{found} {outcome}") if isinstance(found, Trouble) else found and Refusal(str(found))


def _by_words(error: DBAPIError, outcome: str) -> Exception:
    said = str(error.orig).lower()
    if any(words in said for words in _TOO_LONG):
        return Refusal("A text or file is too large for the database.")
    for words, meaning in _WORDS.items():
        if words in said:
            return Trouble(f"{meaning} {outcome}")
    if type(error) is DatabaseError or error.connection_invalidated or type(error).__name__ == "OperationalError":
        return Trouble(f"The database did not answer. {outcome}")
    return error


def sentence_for(error: IntegrityError) -> str:
    """The sentence for a constraint that refused; an unknown one is named as it is."""
    said = str(error.orig)
    name = _constraint(error, said)
    if name in SENTENCES:
        return SENTENCES[name]
    if name in REFERENCES:
        return REFERENCES[name]["update or delete" in said]
    if "append-only" in said:
        return "What has been recorded can be neither changed nor deleted."
    if "foreign key" in said.lower():
        return "Something else still refers to this, or what it refers to is gone."
    if "not null" in said.lower() or "not-null" in said.lower():
        return "Something that must be given is missing."
    if name.startswith("pk_") or "UNIQUE constraint failed" in said:
        return "This is there already."
    return f"The database refuses this: {said.splitlines()[0]}."


def _constraint(error: IntegrityError, said: str) -> str:
    """The name of the constraint that refused, as both engines tell it."""
    told = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if told:
        return str(told)
    unique = re.match(r"UNIQUE constraint failed: (\w+)\.(.+)", said)
    if unique:
        columns = [part.split(".")[-1].strip() for part in unique.group(2).split(",")]
        return "_".join(["uq", unique.group(1), *columns])
    check = re.match(r"CHECK constraint failed: (\w+)$", said)
    return check.group(1) if check else said.split("\n")[0].strip()
