"""What a database's own words mean to a person: its rules as refusals, its failures as trouble."""

from __future__ import annotations

import re

from sqlalchemy.exc import DatabaseError, DataError, DBAPIError, IntegrityError, TimeoutError

from cbo_desk.errors import Refusal, Trouble

SENTENCES = {
    "charge_reversal_mirrors": "A reversal names one charge that stands, and is exactly its opposite.",
    "ck_charge_amount_follows": "An amount is the quantity times the rate, to the cent.",
    "ck_charge_currency": "A currency has three capital letters, such as USD.",
    "ck_charge_quantity": "A quantity charged is not zero and not above 100,000.",
    "ck_charge_rate": "A rate is between 0 and 9,000,000.",
    "ck_charge_reversal_is_negative": "What is charged is above zero; what is reversed is below.",
    "ck_charge_reversal_says_why": "Say why the charge is reversed.",
    "ck_charge_source_given": "Say where the rate comes from.",
    "ck_charge_told": "A charge says what it is for.",
    "uq_charge_reverses_id": "This charge has been reversed already.",
    "asset_disposed_by_case": "An asset is disposed of through a complete disposal case.",
    "asset_disposed_for_good": "This asset has been disposed of and can no longer be changed.",
    "asset_in_open_case": "This asset is in an open disposal case. Take it out of the case first.",
    "booking_cell_closed": "A part of this space is closed at that time. Choose another space or time.",
    "booking_cell_follows_booking": "Which rooms a booking occupies follows from the booking. Change the booking.",
    "booking_layout_not_valid": "This layout is not valid on that day. Choose another layout.",
    "booking_over_capacity": "These are more people than the layout seats. Choose another layout or space.",
    "booking_over_gate": "The gates cannot screen so many people in the hour before. Choose another time.",
    "booking_over_people": "There would be more people at once than the ceiling allows. Choose another time.",
    "booking_renumbered": "The reference of a booking stays as it is.",
    "booking_too_long": "One booking lasts 31 days at most, with set-up and clear-down. Book a series instead.",
    "booking_unit_follows_booking": "When a team or set is in use follows from its booking. Change the booking.",
    "booking_whole_minutes": "Times are whole minutes.",
    "cell_closure_booked": "There are bookings at that time. Move or cancel them first.",
    "ck_booking_blocks_around": "Set-up and clear-down lie before and after the booking.",
    "ck_booking_cell_starts_before_ends": "A booking ends after it starts.",
    "ck_booking_hold_has_expiry": "Say until when the space is held.",
    "ck_booking_layout_with_space": "A layout is one of a space. Choose the space.",
    "ck_booking_live_has_space": "Choose a space and a layout first.",
    "ck_booking_occurrence_of_series": "An occurrence belongs to a series.",
    "ck_booking_people_positive": "Say how many people come: one at least.",
    "ck_booking_rank": "A rank is a number from 1 to 7.",
    "ck_booking_series_minutes_positive": "A booking ends after it starts.",
    "ck_booking_starts_before_ends": "A booking ends after it starts.",
    "ck_booking_status": "This is no state that a booking can be in.",
    "ck_booking_title_given": "Give the booking a title.",
    "ck_booking_unit_starts_before_ends": "A booking ends after it starts.",
    "ck_cell_closure_reason_given": "Say why this is closed.",
    "ck_cell_closure_starts_before_ends": "A closure ends after it starts.",
    "ck_conference_cell_code_given": "Give the cell a code.",
    "ck_conference_space_booths_not_negative": "A space has no booths or some, never fewer than none.",
    "ck_conference_space_code_given": "Give the space a code.",
    "ck_conference_unit_code_given": "Give the team or set a code.",
    "ck_conference_unit_kind_given": "Say what kind of team or set it is.",
    "ck_site_ceiling_ceiling_not_negative": "A ceiling cannot be below zero.",
    "ck_site_ceiling_dates_in_order": "The last day comes after the first.",
    "ck_site_ceiling_kind": "A ceiling is one of people at once, or of people through the gates in an hour.",
    "ck_space_layout_capacity_positive": "A layout seats one person at least.",
    "ck_space_layout_dates_in_order": "The last day comes after the first.",
    "ck_space_layout_kind_given": "Say what kind of layout it is.",
    "ck_space_layout_minutes_not_negative": "Minutes for set-up and clear-down cannot be below zero.",
    "ex_booking_cell_no_overlap": "Another booking has this space at that time. Choose another space or time.",
    "ex_booking_unit_no_overlap": "Another booking has this team or set at that time. Choose another one.",
    "site_ceiling_exceeded": "Bookings that are there already exceed this ceiling. Move some of them first.",
    "space_building_booked": "There are bookings in this space, so it stays in its building. Make another space.",
    "space_cells_booked": "There are bookings in this space, so it keeps its parts. Make another space.",
    "space_layout_booked": "Bookings with this layout would lose their seats. Move them first.",
    "notification_frozen": "A message that is queued keeps its words. Write another one.",
    "notification_sent_once": "This message has been sent already.",
    "uq_booking_import_key": "This booking was brought in already.",
    "uq_booking_reference": "This booking is there already.",
    "uq_booking_series_id_occurrence": "This occurrence of the series is there already.",
    "uq_booking_series_uid": "This series is there already.",
    "uq_conference_cell_code": "Another cell has this code.",
    "uq_conference_space_code": "Another space has this code.",
    "uq_conference_unit_code": "Another team or set has this code.",
    "uq_space_layout_id_space_id": "This layout is there already.",
    "ck_disposal_case_complete_says_how": "A complete case says how the things went, and when.",
    "ck_disposal_case_method": "Things are sold, donated, scrapped, traded in, transferred or destroyed.",
    "ck_disposal_case_proceeds_not_negative": "Proceeds cannot be below zero.",
    "ck_disposal_case_reason_given": "Say why these things are to go.",
    "ck_disposal_case_review_from": "The amount from which a review is demanded cannot be below zero.",
    "ck_disposal_case_state": "This is no state that a disposal case can be in.",
    "ck_disposal_decision_body_named": "Say which body decided.",
    "ck_disposal_decision_decision": "A decision is approved, refused or deferred.",
    "ck_disposal_decision_minutes_given": "A decision needs its minutes.",
    "ck_disposal_item_condition": "A condition is new, good, fair, poor or broken, or left empty.",
    "ck_exchange_rate_not_of_itself": "The US dollar needs no rate.",
    "ck_exchange_rate_positive": "A rate of exchange is above zero.",
    "ck_exchange_rate_source_given": "Say where this rate comes from.",
    "ck_gate_event_what": "At a gate things go out or come in.",
    "ck_gate_line_asset_is_one": "An asset is one thing.",
    "ck_gate_line_count_positive": "A count is at least one.",
    "ck_gate_line_description_given": "Say what the thing is.",
    "ck_gate_line_state": "A thing on a pass is listed, out, or in again.",
    "ck_gate_pass_bearer_named": "A gate pass needs a bearer.",
    "ck_gate_pass_cancelled_why": "A cancelled pass says why.",
    "ck_gate_pass_dates_in_order": "The day of return cannot be before the last day of leaving.",
    "ck_value_policy_first_month": "The month of acquisition is charged whole, by half, or not before the next one.",
    "ck_value_policy_last_month": "The month of disposal is charged not at all, by half, or whole.",
    "ck_value_policy_life": "A useful life is between 0 and 1,200 months.",
    "ck_value_policy_method": "Value is lost in a straight line, or not at all.",
    "ck_value_policy_residual": "A residual value is between 0 and 100 % of the cost.",
    "ck_value_policy_scope_told": "A policy names the entity and the category it is for.",
    "ck_value_policy_source_given": "Say where this policy is written.",
    "disposal_case_closed": "This disposal case is closed: nothing in it can be changed any more.",
    "disposal_case_empty": "This disposal case holds nothing. Scan what is to go.",
    "disposal_case_frozen": "The entity and the reference of a disposal case stand still.",
    "disposal_case_not_open": "This case is with the review body. Take it back before you change what is in it.",
    "disposal_item_frozen": "What was entered into a disposal case stands still.",
    "disposal_items_still_in": "There are still things in this disposal case.",
    "disposal_not_approved": "The review body has not approved this case as it stands. Record its decision first.",
    "disposal_not_submitted": "A disposal case is submitted first, then decided about, then carried out.",
    "disposal_review_stands": "What the policy demanded of this case can only become stricter.",
    "gate_line_order": "A thing goes out before it comes in.",
    "gate_pass_cancelled": "This pass was cancelled: nothing may leave on it.",
    "gate_pass_frozen": "A pass stands as it was issued. Cancel it and write another one.",
    "gate_pass_things_out": "Things are still out on this pass. It can be cancelled when they are in.",
    "uq_disposal_case_reference": "Another disposal case has this reference.",
    "uq_disposal_item_asset_id": "This asset is in an open disposal case already.",
    "uq_exchange_rate_currency_valid_from": "There is a rate of that day already.",
    "uq_gate_line_asset_id": "This asset is out on another pass.",
    "uq_gate_line_pass_id_asset_id": "This asset is on the pass already.",
    "uq_gate_line_pass_id_position": "This line of the pass is there already.",
    "uq_gate_pass_reference": "Another gate pass has this reference.",
    "uq_value_policy_scope_valid_from": "There is a policy of that day already. Change it, or choose another day.",
    "ck_account_role_role": "A role is viewer, clerk, supervisor or administrator.",
    "asset_no_ring": "An asset cannot be a part of itself, not even through others.",
    "asset_custom_values": "A value does not fit the kind of its field. Look at the fields of the category anew.",
    "category_field_kept": "A field keeps its name and category, and is retired, not deleted: values may name it.",
    "category_field_values": "Assets hold values that this kind of field would not take.",
    "ck_asset_condition": "A condition is new, good, fair, poor or broken, or left empty.",
    "ck_asset_cost_not_negative": "A cost cannot be below zero.",
    "ck_asset_custodian_named": "A custodian and the custodian's name belong together.",
    "ck_asset_inventory_no_given": "An asset needs an inventory number.",
    "ck_asset_not_its_own_part": "An asset cannot be a part of itself.",
    "ck_asset_place_named": "A place and the place's code belong together.",
    "ck_asset_repair_cost_not_negative": "A cost cannot be below zero.",
    "ck_asset_repair_days_in_order": "A repair cannot end before it began.",
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
    "ck_custody_answer_answer": "An answer is confirmed or disputed.",
    "ck_custody_answer_dispute_explained": "Say what is wrong.",
    "ck_entity_code_given": "An entity needs a code.",
    "ck_entity_dates_in_order": "The last day cannot be before the first.",
    "ck_handover_giver_named": "A giver and the giver's name belong together.",
    "ck_handover_issued_to": "Assets are issued to a person or to a place.",
    "ck_handover_item_from_state": "This is no state that an asset can be in.",
    "ck_handover_item_to_state": "This is no state that an asset can be in.",
    "ck_handover_items_counted": "A handover has at least one asset.",
    "ck_handover_kind": "Assets are issued, returned, handed over or lent.",
    "ck_handover_loan_due": "A loan, and only a loan, has a day to come back.",
    "ck_handover_person_takes": "A person must take the assets.",
    "ck_handover_place_named": "A place and the place's code belong together.",
    "ck_handover_returned_to": "Assets are returned to a place.",
    "ck_handover_reverses_one": "What is reversed must be named.",
    "ck_handover_signed_by_somebody": "A signature names who signed.",
    "ck_handover_taker_named": "A taker and the taker's name belong together.",
    "ck_mail_absence_dates_in_order": "The last day cannot be before the first.",
    "ck_mail_absence_not_to_oneself": "Mail cannot be forwarded to the one who is away.",
    "ck_mail_event_move": "An item of mail cannot go this way from where it stands.",
    "ck_mail_event_off_the_round": "Only an item that is out for delivery is on a round.",
    "ck_mail_event_off_the_shelf": "An item that left the mailroom is on no shelf.",
    "ck_mail_event_out_on_a_round": "An item goes out only on a round.",
    "ck_mail_event_override_known": "Only an item that was received can be overridden.",
    "ck_mail_event_reason_given": "This needs a reason.",
    "ck_mail_event_shelf_named": "A shelf and its code belong together.",
    "ck_mail_event_state": "This is no state that mail can be in.",
    "ck_mail_event_undoes_one": "What is taken back must be named.",
    "ck_mail_event_what": "This is nothing that can be done with mail.",
    "ck_mail_group_name_given": "A group needs a name, such as Registry.",
    "ck_mail_item_accountable_by_itself": "Registered and insured mail is always accountable.",
    "ck_mail_item_addressee_named": "An addressee and the addressee's name belong together.",
    "ck_mail_item_item_class": "A class is ordinary, registered, insured, express or parcel.",
    "ck_mail_item_one_addressee": "An item is for a person or for a group, not for both.",
    "ck_mail_item_screening": "A screening was passed or failed, or is left empty.",
    "ck_mail_item_state": "This is no state that mail can be in.",
    "ck_mail_item_weight_positive": "A weight must be above zero.",
    "ck_mail_proof_how": "Mail is taken with a signature, a badge or a name.",
    "ck_mail_proof_taken_by_somebody": "Say who takes it.",
    "ck_mail_round_closed_by_somebody": "A closed round names who closed it.",
    "ck_mail_round_name_given": "A round needs a name, such as Round 2, north blocks.",
    "ck_notification_state": "A message is waiting, being sent, sent or failed.",
    "ck_person_dates_in_order": "The last day cannot be before the first.",
    "ck_person_name_given": "A person needs a family name.",
    "ck_place_area_positive": "An area must be above zero.",
    "ck_place_code_given": "A place needs a code.",
    "ck_place_kind": "This is no kind of place: it is a site, building, floor, room, shelf, bay, gate, store or yard.",
    "ck_place_not_inside_itself": "A place cannot be inside itself.",
    "ck_category_field_bounds_in_order": "The least number cannot be above the most.",
    "ck_category_field_bounds_of_number": "Only a number has a least and a most.",
    "ck_category_field_key_given": "A field needs a name.",
    "ck_category_field_kind": "A field is a text, a number, a date, yes or no, or a choice.",
    "ck_category_field_label_given": "A field needs a name.",
    "ck_category_field_unit_of_number": "Only a number has a unit.",
    "ck_property_category_life_positive": "A useful life cannot be below zero months.",
    "ck_service_done_cost_not_negative": "A cost cannot be below zero.",
    "ck_service_plan_name_given": "Say what is to be done, such as: Change oil and filters.",
    "ck_service_plan_rhythm": "A service comes every 1 to 240 months.",
    "ck_tag_prints_counted": "A number of prints cannot be below zero.",
    "handover_full": "A handover is written once: nothing can be added to it.",
    "handover_reversed_once": "This handover has been reversed already.",
    "handover_signed_once": "A handover is signed once and for all.",
    "mail_event_taken_back": "Only the last thing done with an item can be taken back, unless somebody signed for it.",
    "mail_item_follows_events": "An item of mail stands where its events say: add an event instead.",
    "mail_item_stands_otherwise": "This item was moved in the meantime. Look at it anew.",
    "mail_round_aboard": "Mail is still aboard: account for it before the round is closed.",
    "mail_round_closed": "This round is closed: nothing on it can be changed any more.",
    "mail_signature_needed": "An accountable item is delivered only to somebody who signs or shows a badge.",
    "place_no_cycle": "A place cannot be inside itself.",
    "service_done_frozen": "A service that was done stays as it was noted. Take it back, and note it anew.",
    "uq_account_login": "Another account has this login.",
    "uq_asset_entity_id_inventory_no": "This entity already has an asset with that inventory number.",
    "uq_asset_repair_asset_id": "This asset is under repair already.",
    "uq_campaign_count_undoes_id": "This scan was taken back already.",
    "uq_campaign_reference": "Another campaign has this reference.",
    "uq_category_field_category_id_key": "This category has a field of that name already, perhaps a retired one.",
    "uq_dated_setting_name_scope_valid_from": "This setting already has a value from that day on.",
    "uq_entity_code": "Another entity has this code.",
    "uq_entity_id_code": "This entity is there already.",
    "uq_handover_item_handover_id_asset_id": "This asset is on the handover already.",
    "uq_handover_reference": "Another handover has this reference.",
    "uq_handover_reverses_id": "This handover has been reversed already.",
    "uq_mail_group_name_entity_id": "This entity already has a group of that name.",
    "uq_mail_item_number": "Another item of mail has this number.",
    "uq_mail_round_number": "Another round has this number.",
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
    "fk_booking_cell_booking_id": ("This booking is not there.", "What has been recorded cannot be deleted."),
    "fk_booking_cell_cell_id": ("This cell is no longer there.", "Bookings name this cell and it is kept with them."),
    "fk_booking_entity": ("This entity is no longer there.", "This entity has bookings."),
    "fk_booking_layout_of_space": ("This space has no such layout.", "Bookings still have this layout."),
    "fk_booking_series_id": ("This series is no longer there.", "This series has bookings and is kept with them."),
    "fk_booking_space_id": ("This space is no longer there.", "This space has bookings and is kept with them."),
    "fk_booking_unit_booking_id": ("This booking is not there.", "What has been recorded cannot be deleted."),
    "fk_booking_unit_unit_id": ("This team or set is no longer there.", "Bookings still use this team or set."),
    "fk_cell_closure_cell_id": ("This cell is no longer there.", "Closures still name this cell."),
    "fk_conference_cell_place_id": ("This place is no longer there.", "A cell of the conference desk is here."),
    "fk_conference_space_building_id": ("This building is no longer there.", "Conference spaces are in this building."),
    "fk_site_ceiling_building_id": ("This building is no longer there.", "A ceiling of people names this building."),
    "fk_space_cell_cell_id": ("This cell is no longer there.", "Spaces still consist of this cell."),
    "fk_space_cell_space_id": ("This space is no longer there.", "This space still has cells."),
    "fk_space_layout_space_id": ("This space is no longer there.", "This space still has layouts."),
    "fk_disposal_case_entity_id": ("This entity is no longer there.", "This entity has disposal cases."),
    "fk_disposal_decision_case_id": ("This disposal case is not there.", "What has been recorded cannot be deleted."),
    "fk_disposal_item_asset_id": ("This asset is no longer there.", "This asset is in a disposal case."),
    "fk_disposal_item_case_id": ("This disposal case is not there.", "What has been recorded cannot be deleted."),
    "fk_gate_event_line_id": ("This line is not on the pass.", "What has been recorded cannot be deleted."),
    "fk_gate_line_asset_id": ("This asset is no longer there.", "This asset is on a gate pass and is kept with it."),
    "fk_gate_line_pass_id": ("This pass is not there.", "What has been recorded cannot be deleted."),
    "fk_gate_pass_person_id": ("This person is no longer there.", "This person has gate passes and is kept with them."),
    "fk_value_policy_category_id": ("This category is no longer there.", "Policies of value still name this category."),
    "fk_value_policy_entity_id": ("This entity is no longer there.", "Policies of value still name this entity."),
    "fk_asset_repair_asset_id": ("This asset is no longer there.", "This asset has repairs and is kept with them."),
    "fk_category_field_category_id": ("This category is no longer there.", "This category has fields of its own."),
    "fk_service_done_asset_id": ("This asset is no longer there.", "This asset was serviced and is kept with it."),
    "fk_service_done_plan_id": ("This service plan is not there.", "What has been recorded cannot be deleted."),
    "fk_service_plan_asset_id": (
        "This asset is no longer there.",
        "This asset has service plans and is kept with them.",
    ),
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
    "fk_custody_answer_asset_id": ("This asset is no longer there.", "A custodian has said something of this asset."),
    "fk_custody_answer_person_id": ("This person is no longer there.", "This person has answered for assets."),
    "fk_handover_giver_id": ("This person is no longer there.", "This person has handed over assets."),
    "fk_handover_item_asset_id": ("This asset is no longer there.", "This asset has changed hands and is kept so."),
    "fk_handover_item_handover_id": ("This handover is not there.", "What has been recorded cannot be deleted."),
    "fk_handover_place_id": ("This place is no longer there.", "Assets were handed over to this place."),
    "fk_handover_reverses_id": ("This handover is not there.", "What has been recorded cannot be deleted."),
    "fk_handover_taker_id": ("This person is no longer there.", "This person has taken assets."),
    "fk_mail_absence_forward_to_id": ("This person is no longer there.", "Mail is still forwarded to this person."),
    "fk_mail_absence_person_id": ("This person is no longer there.", "An absence of this person is noted."),
    "fk_mail_event_item_id": ("This item is not there.", "This item has a history and is kept with it."),
    "fk_mail_event_proof_id": ("This proof is not there.", "What has been recorded cannot be deleted."),
    "fk_mail_event_round_id": ("This round is not there.", "Mail was on this round: it is kept with it."),
    "fk_mail_event_shelf_id": ("This shelf is no longer there.", "Mail has been on this shelf and names it."),
    "fk_mail_group_entity_id": ("This entity is no longer there.", "This entity still has groups of addressees."),
    "fk_mail_group_place_id": ("This place is no longer there.", "Mail for a group is still brought to this place."),
    "fk_mail_item_entity": ("This entity is no longer there.", "Mail came in for this entity and names it."),
    "fk_mail_item_group_id": ("This group is no longer there.", "Mail came in for this group and names it."),
    "fk_mail_item_person_id": ("This person is no longer there.", "Mail came in for this person and names them."),
    "fk_mail_item_place_id": ("This place is no longer there.", "Mail is still to be brought to this place."),
    "fk_mail_item_round_id": ("This round is not there.", "Mail is still on this round."),
    "fk_mail_item_shelf_id": ("This shelf is no longer there.", "There is still mail on this shelf."),
    "fk_mail_proof_person_id": ("This person is no longer there.", "This person took mail and is named as proof."),
    "fk_mail_stop_place_id": ("This place is no longer there.", "Rounds still stop at this place."),
    "fk_mail_stop_round_id": ("This round is not there.", "This round has stops and is kept with them."),
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
