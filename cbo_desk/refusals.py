"""Sentences for the rules that stand in the database: what a broken constraint means to a person."""

from __future__ import annotations

import re

from sqlalchemy.exc import IntegrityError

_SENTENCES = {
    "uq_asset_entity_id_inventory_no": "This entity already has an asset with that inventory number.",
    "uq_entity_code": "Another entity has this code.",
    "uq_person_index_number": "Another person has this index number.",
    "uq_place_code": "Another place has this code.",
    "uq_tag_code": "This code already opens something else.",
    "uq_account_login": "Another account has this login.",
    "uq_property_category_code": "Another category has this code.",
    "ck_asset_cost_not_negative": "A cost cannot be below zero.",
    "ck_asset_inventory_no_given": "An asset needs an inventory number.",
    "ck_person_dates_in_order": "The last day cannot be before the first.",
    "ck_place_area_positive": "An area must be above zero.",
    "place_no_cycle": "A place cannot be inside itself.",
    "ck_place_not_inside_itself": "A place cannot be inside itself.",
}


def sentence_for(error: IntegrityError) -> str:
    """The sentence for a constraint that refused; an unknown one is named as it is."""
    said = str(error.orig)
    for name, sentence in _SENTENCES.items():
        if name in said:
            return sentence
    unique = re.search(r"UNIQUE constraint failed: (.+)", said)
    if unique:
        name = "uq_" + "_".join(
            part.strip().replace(".", "_") if n == 0 else part.strip().split(".")[1]
            for n, part in enumerate(unique.group(1).split(","))
        )
        return _SENTENCES.get(name, f"This would be there twice ({unique.group(1)}).")
    if "append-only" in said:
        return "What has been recorded can be neither changed nor deleted."
    if "foreign key" in said.lower():
        return "Something else still refers to this, or what it refers to is gone."
    return f"The database refuses this: {said.splitlines()[0]}."
