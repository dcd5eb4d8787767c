"""What a database's own words mean to a person: its rules as refusals, its failures as trouble."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    TimeoutError,
)

from cbo_desk.errors import Away, NotLetIn, OtherCertificate, PasswordAsked, Refusal, Trouble

SENTENCES = {
    "ck_booking_terms_booths_not_negative": "A number of booths is 0 or more.",
    "ck_booking_terms_other_time": "Another time is allowed on no day, on the same day, or in the same week.",
    "ck_phase_seats_capacity_not_negative": "A layout seats 0 people or more; 0 takes it away.",
    "ck_phase_seats_kind_given": "Name the layout whose seats the phase changes.",
    "ck_phase_seats_minutes_not_negative": "Set-up and clear-down take 0 minutes or more.",
    "ck_project_phase_actual_in_order": "A phase ends on or after the day on which it began.",
    "ck_project_phase_begun_before_over": "A phase that has not begun cannot be over.",
    "ck_project_phase_code_given": "Give the phase a code.",
    "ck_project_phase_contract_in_order": "The last day on which a phase may begin comes after the first one.",
    "ck_project_phase_contract_whole": "Give both days between which the phase may begin, or neither.",
    "ck_project_phase_forecast_in_order": "The forecast ends on or after the day on which it begins.",
    "ck_project_phase_forecast_whole": "Give both days of the forecast, or neither.",
    "ck_project_phase_name_given": "Give the phase a name.",
    "ck_project_phase_planned_in_order": "The plan ends on or after the day on which it begins.",
    "ck_relocation_move_decision": "A move is proposed, accepted, declined or has no place.",
    "ck_relocation_plan_first": "A plan keeps times or rooms first.",
    "phase_bookings_left": "Bookings are left that this phase displaces. Relocate them first.",
    "phase_not_closed": "A phase is effective only once its rooms are closed for as long as it lasts.",
    "phase_under_way": "This phase is under way: its rooms, and what it closed, stay as they are until it is over.",
    "uq_phase_seats_phase_id": "This phase changes that layout already.",
    "uq_project_phase_code": "There is a phase with this code already.",
    "ck_mail_bag_carried_by_somebody": "Say who or what carries the bag.",
    "ck_mail_bag_case_closed_with_outcome": "Say how the case ended.",
    "ck_mail_bag_case_what": "A case is about a seal or about a count.",
    "ck_mail_bag_certified_by_somebody": "A certified bag names the pouch officer.",
    "ck_mail_bag_certified_first": "A bag is certified before it is sealed.",
    "ck_mail_bag_confirmed_after_the_way": "A bag is confirmed when it has arrived.",
    "ck_mail_bag_confirmed_by_somebody": "A confirmed bag names who confirmed it.",
    "ck_mail_bag_direction": "A bag goes out or comes in.",
    "ck_mail_bag_limits_positive": "The limits of a bag are above zero.",
    "ck_mail_bag_line_found": "A package is here, missing or extra.",
    "ck_mail_bag_line_reference_given": "A package in a bag has a number.",
    "ck_mail_bag_line_weight_positive": "A weight is more than nothing.",
    "ck_mail_bag_seal_found": "A seal is intact, broken, missing or another one.",
    "ck_mail_bag_seal_looked_at": "Say how the seal of the bag arrived.",
    "ck_mail_bag_sealed_first": "A bag is sealed before it is dispatched.",
    "ck_mail_bag_sealed_with_a_seal": "Scan or type the number of the seal.",
    "ck_mail_carrier_name_given": "A carrier needs a name.",
    "ck_mail_manifest_closed_by_somebody": "A closed manifest names who closed it.",
    "ck_mail_manifest_collected_by_signature": "Whoever collects a manifest signs for it.",
    "ck_mail_manifest_collected_when_closed": "Close the manifest before it is collected.",
    "ck_mail_outgoing_carrier_with_price": "A carrier is chosen with its price.",
    "ck_mail_outgoing_carrier_with_rate": "A carrier is chosen with a row of its rate card.",
    "ck_mail_outgoing_declared_not_negative": "A declared value cannot be below zero.",
    "ck_mail_outgoing_event_in_a_bag": "What is in a bag names it, and nothing else does.",
    "ck_mail_outgoing_event_move": "The item cannot go from where it stands to there.",
    "ck_mail_outgoing_event_on_a_manifest": "What is on a manifest names it, and nothing else does.",
    "ck_mail_outgoing_event_reason_given": "Say why.",
    "ck_mail_outgoing_item_class": "Mail is ordinary, registered, insured, express or a parcel.",
    "ck_mail_outgoing_pouch_has_no_carrier": "What goes by pouch has no other carrier.",
    "ck_mail_outgoing_recipient_given": "Say whom it is for.",
    "ck_mail_outgoing_state": "This is no state that outgoing mail can be in.",
    "ck_mail_outgoing_way": "Mail goes out by a carrier or by pouch.",
    "ck_mail_outgoing_weight_positive": "A weight is more than nothing.",
    "ck_mail_pouch_destination_named": "A destination of the pouch has a code and a name.",
    "ck_mail_rate_currency": "A currency has three capital letters, such as USD.",
    "ck_mail_rate_insurance_in_dollars": "Insurance is in US dollars: a rate in another currency insures nothing.",
    "ck_mail_rate_insurance_not_negative": "Insurance cannot be below zero.",
    "ck_mail_rate_item_class": "Mail is ordinary, registered, insured, express or a parcel.",
    "ck_mail_rate_price_not_negative": "A price cannot be below zero.",
    "ck_mail_rate_source_given": "Say where this price comes from.",
    "ck_mail_rate_weight_positive": "A weight is more than nothing.",
    "mail_bag_arrived": "This bag has arrived: how it was found stands as it was written down.",
    "mail_bag_case_closed": "This case is closed and stands as it is.",
    "mail_bag_case_needed": "Open a case first: the seal or the count is not as the way bill says.",
    "ck_mail_secret_kind": "What is need-to-know belongs to a package of the pouch.",
    "pk_mail_secret": "What is in this package is written down already.",
    "mail_secret_stands": "What is in a package stands as it was told once the package is packed.",
    "mail_bag_certified": "This bag is certified: nothing goes in or out of it. Take the certificate back first.",
    "mail_bag_confirmed": "This bag is confirmed: nothing about it can be changed any more.",
    "mail_bag_dispatched": "This bag has been dispatched.",
    "mail_bag_empty": "There is nothing in this bag.",
    "mail_bag_full": "This bag is full: the package would put it over its weight limit. Take another bag.",
    "mail_bag_line_is_an_item": "What goes into a bag was handed in for the pouch and waits here, as it was weighed.",
    "mail_bag_line_packed": "This is still in the bag. Take it out first.",
    "mail_bag_line_stands": "What is in a bag stands as it was written down.",
    "mail_bag_not_confirmed": "The bag this is in has not been confirmed.",
    "mail_bag_not_dispatched": "The bag this is in has not been dispatched.",
    "mail_bag_package_weight": "This package is over the weight that the pouch carries in one piece.",
    "mail_bag_sealed": "This bag is sealed: nothing about it can be changed any more.",
    "mail_bag_stands": "Number, destination and limits of a bag stand as they were when it was opened.",
    "mail_bag_uncounted": "Not everything on the way bill has been counted.",
    "mail_manifest_closed": "This manifest is closed: nothing about it can be changed any more.",
    "mail_manifest_empty": "There is nothing on this manifest.",
    "mail_manifest_line_listed": "This is still on the manifest. Take it off first.",
    "mail_manifest_line_stands": "A line of a manifest stands as it was written down.",
    "mail_manifest_not_collected": "The carrier has not signed for this manifest.",
    "mail_manifest_other_carrier": "What goes on a manifest waits here for its carrier, as it was weighed and priced.",
    "mail_manifest_renumbered": "Number and carrier of a manifest stand as they are.",
    "mail_outgoing_frozen": "This is on a manifest or in a bag, and stands as it was written down there.",
    "mail_outgoing_not_listed": "This is not on the manifest.",
    "mail_outgoing_not_packed": "This is not in the bag.",
    "mail_rate_used": "Mail went out at this price, so it stands. Let another one count from a later day.",
    "pk_mail_manifest_line": "This item is on a manifest already. An item belongs to one.",
    "uq_mail_bag_case_number": "Another case has this number.",
    "uq_mail_bag_line_outgoing_id": "This is in a bag already.",
    "uq_mail_bag_line_reference": "This number is on the way bill already.",
    "uq_mail_bag_number": "Another bag has this number.",
    "uq_mail_carrier_name": "Another carrier has this name.",
    "uq_mail_manifest_number": "Another manifest has this number.",
    "uq_mail_outgoing_number": "Another item has this number.",
    "uq_mail_pouch_destination_code": "Another destination has this code.",
    "uq_mail_rate_row": "There is a price of that day already. Change it, or choose another day.",
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
    "booking_over_parking": "There would be more cars than there are parking places. Choose another time.",
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
    "ck_site_ceiling_kind": "A ceiling is one of people at once, of people through the gates in an hour, or of cars.",
    "ck_space_layout_capacity_positive": "A layout seats one person at least.",
    "ck_space_layout_dates_in_order": "The last day comes after the first.",
    "ck_space_layout_kind_given": "Say what kind of layout it is.",
    "ck_space_layout_minutes_not_negative": "Minutes for set-up and clear-down cannot be below zero.",
    "ex_booking_cell_no_overlap": "Another booking has this space at that time. Choose another space or time.",
    "ex_booking_unit_no_overlap": "Another booking has this team or set at that time. Choose another one.",
    "site_ceiling_exceeded": "Bookings that are there already exceed this ceiling. Move some of them first.",
    "space_building_booked": "There are bookings in this space, so it stays in its building. Make another space.",
    "booking_visitors_of_people": "The visitors are some of the people who come: none at least, and not more than all.",
    "space_building_by_door": "A space is in the building around its door. Give it another door.",
    "space_cells_booked": "There are bookings in this space, so it keeps its parts. Make another space.",
    "space_layout_booked": "Bookings with this layout would lose their seats. Move them first.",
    "notification_frozen": "A message that is queued keeps its words. Write another one.",
    "notification_sent_once": "This message has been sent already.",
    "uq_rank_order_valid_from": "There is an order of ranks from that day on already. Choose another day.",
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
    "campaign_closed": "This count is closed: nothing in it can be changed any more.",
    "campaign_count_undone_once": "This scan was taken back already, or belongs to another room or count.",
    "campaign_frozen": "The list of this count is frozen.",
    "campaign_room_closed": "This room is closed in this count: nothing in it can be changed any more.",
    "ck_campaign_closed_by_somebody": "A closed count names who closed it.",
    "ck_campaign_count_condition": "A condition is new, good, fair, poor or broken, or left empty.",
    "ck_campaign_count_undoes_one": "What is taken back must be named.",
    "ck_campaign_count_what": "This is nothing that a count can say of an asset.",
    "ck_campaign_name_given": "A count needs a name, such as Count 2026.",
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
    "ck_handover_kind": "Assets are issued, returned, handed over or lent, and loans extended.",
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
    "ck_taken_deed_id_whole": "A deed that is kept has an id of 32 letters.",
    "ck_taken_deed_outcome": "A kept deed was done or dropped.",
    "pk_taken_deed": "This deed was taken already.",
    "audit_entry_forged": "An entry of the audit names the person who is at work, and nobody else.",
    "audit_entry_other_hash": "The server reckons another hash of this entry of the audit. Nothing was saved; tell IT.",
    "audit_entry_other_time": "An entry of the audit is of the moment it is written in. Nothing was saved; try again.",
    "audit_entry_out_of_turn": "An entry of the audit follows the newest one. Nothing was saved; try again.",
    "audit_head_follows_entries": "The head of the audit names its newest entry.",
    "handover_full": "A handover is written once: nothing can be added to it.",
    "handover_reversed_once": "This handover has been reversed already.",
    "handover_signed_once": "A handover is signed once and for all.",
    "loan_stretched_onwards": "A loan is extended for who has it, from the day it is due back to a later one.",
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
    "uq_campaign_reference": "Another count has this reference.",
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
    "ck_approval_step_seq_positive": "Steps are counted from 1.",
    "ck_approval_step_title_given": "Say whose word this step needs.",
    "ck_driver_classes_given": "Say which classes of vehicle this driver may drive.",
    "ck_driver_pattern_break_not_negative": "A break cannot be below zero minutes.",
    "ck_driver_pattern_dates_in_order": "The last day comes after the first.",
    "ck_driver_pattern_minutes": "A shift lies between 00:00 and 24:00.",
    "ck_driver_pattern_weekdays_given": "Say on which days the driver is on duty.",
    "ck_driver_time_kind": "A driver's time is a shift, leave, illness or training.",
    "ck_driver_time_starts_before_ends": "A time ends after it starts.",
    "ck_fuel_fill_cents_not_negative": "A cost cannot be below zero.",
    "ck_fuel_fill_millilitres_positive": "Say how much was filled.",
    "ck_fuel_fill_source": "Fuel comes by ticket or from stock.",
    "ck_incident_kind": "This is no kind of incident.",
    "ck_incident_what_given": "Say what happened.",
    "ck_odometer_reading_km_not_negative": "An odometer shows zero or more.",
    "ck_odometer_reading_source": "This is no occasion on which an odometer is read.",
    "ck_request_decision_reason_given": "Say why the request is declined.",
    "ck_request_decision_what": "A request is approved or declined.",
    "ck_shuttle_code_given": "Give the shuttle a code.",
    "ck_shuttle_dates_in_order": "The last day comes after the first.",
    "ck_shuttle_seat_name_given": "Say who travels.",
    "ck_shuttle_seat_seat_positive": "Seats are counted from 1.",
    "ck_shuttle_seats_positive": "A shuttle has one seat at least.",
    "ck_shuttle_stop_minute": "A stop lies between 00:00 and 23:59.",
    "ck_shuttle_weekdays_given": "Say on which days the shuttle runs.",
    "ck_transport_paper_dates_in_order": "A paper runs out after it begins.",
    "ck_transport_paper_kind": "This is no paper that a vehicle or a driver has.",
    "ck_transport_paper_one_holder": "A paper is one vehicle's or one driver's.",
    "ck_travel_band_minute": "A band begins between 00:00 and 23:59.",
    "ck_travel_band_speed_positive": "A speed is one kilometre an hour or more.",
    "ck_travel_time_metres_not_negative": "A distance cannot be below zero.",
    "ck_travel_time_seconds_not_negative": "A travel time cannot be below zero.",
    "ck_travel_time_source": "This is no source that a travel time can have.",
    "ck_travel_time_trips_not_negative": "A travel time is learnt from some trips, never from fewer than none.",
    "ck_trip_departed": "A trip is on the road when it has departed.",
    "ck_trip_event_what": "This is nothing that happens to a trip.",
    "ck_trip_passenger_name_given": "Say who travels.",
    "ck_trip_private_km_not_negative": "Private kilometres cannot be below zero.",
    "ck_trip_request_day_of_shuttle": "A shuttle's request has its day.",
    "ck_trip_request_drop_after_pickup": "The drop-off comes after the pick-up.",
    "ck_trip_request_people_positive": "Say how many travel: one at least.",
    "ck_trip_request_priority": "A priority is a number from 1 to 5.",
    "ck_trip_request_purpose_given": "Say what the trip is for.",
    "ck_trip_request_requester_given": "Say who asks for the trip.",
    "ck_trip_request_return_after_pickup": "The way back starts after the pick-up.",
    "ck_trip_request_return_time": "Say when the way back starts.",
    "ck_trip_request_room_not_negative": "Wheelchairs and luggage cannot be below zero.",
    "ck_trip_request_state": "This is no state that a request can be in.",
    "ck_trip_request_trip_while_planned": "Somebody else planned or cancelled this request. Look at it anew.",
    "ck_trip_request_way_back": "This is no way back that a request can have.",
    "ck_trip_request_wheelchairs_of_people": "There are more wheelchairs than people.",
    "ck_trip_request_window_in_order": "The latest pick-up comes after the earliest.",
    "ck_trip_returned_after": "A trip returns after it departed.",
    "ck_trip_returned": "A trip is done when it has returned.",
    "ck_trip_starts_before_ends": "A trip ends after it starts.",
    "ck_trip_state": "This is no state that a trip can be in.",
    "ck_trip_stop_kind": "At a stop somebody gets in or out.",
    "ck_trip_stop_leg": "A stop is on the way out or on the way back.",
    "ck_vehicle_cost_not_negative": "A cost cannot be below zero.",
    "ck_vehicle_fuel": "This is no fuel that a vehicle can have.",
    "ck_vehicle_outage_reason_given": "Say why the vehicle cannot be used.",
    "ck_vehicle_outage_starts_before_ends": "An outage ends after it starts.",
    "ck_vehicle_plate_given": "Give the vehicle its plate.",
    "ck_vehicle_room_not_negative": "Places, luggage and tank cannot be below zero.",
    "ck_vehicle_seats_positive": "A vehicle takes one passenger at least.",
    "ck_vehicle_service_cents_not_negative": "A cost cannot be below zero.",
    "ck_vehicle_service_days_positive": "The days between services are one or more.",
    "ck_vehicle_service_kind": "This is no kind of upkeep.",
    "ck_vehicle_service_km_positive": "The kilometres between services are one or more.",
    "ck_zone_code_given": "Give the zone a code.",
    "ck_zone_latitude": "A latitude lies between -90 and 90 degrees.",
    "ck_zone_longitude": "A longitude lies between -180 and 180 degrees.",
    "ex_trip_driver_no_overlap": "This driver has another trip at that time. Choose another one.",
    "ex_trip_vehicle_no_overlap": "This vehicle has another trip at that time. Choose another one.",
    "odometer_backwards": "The odometer would go backwards. Read it again, or say why it does.",
    "shuttle_full": "Every seat of this shuttle is taken on that day.",
    "shuttle_seats_given": "More seats than that are given already.",
    "trip_carries_requests": "Take the requests off this trip first.",
    "trip_is_loaded": "This trip carries mail. Let that go with another trip first: its card says what.",
    "trip_load_stands": "What went with a trip stands as it is written.",
    "trip_load_trip_over": "This trip is over: nothing can be put on it or taken off it any more.",
    "uq_trip_load_once": "This goes with another trip already.",
    "ck_trip_load_kind": "A bag, a manifest or a round goes with a trip.",
    "ck_trip_load_named": "What goes with a trip has a number, and somebody who put it there.",
    "ck_trip_load_off_by_somebody_who_said_why": "Whoever takes something off a trip says why.",
    "trip_done_stays": "This trip is over, so its vehicle, driver and start stay as they are.",
    "trip_driver_gone": "This driver no longer drives for us. Choose another one.",
    "trip_driver_licence": "This driver has no licence of the class that the vehicle takes. Choose another driver.",
    "trip_driver_paper": "A paper of this driver is missing or has run out on that day. Choose another driver.",
    "trip_over_seats": "More people or wheelchairs travel than this vehicle takes. Choose a larger one.",
    "trip_renumbered": "The reference of a trip stays as it is.",
    "trip_request_renumbered": "The reference of a request stays as it is.",
    "trip_request_trip_cancelled": "This trip was cancelled a moment ago. Choose another one.",
    "trip_stop_of_request": "This request is not on that trip.",
    "trip_vehicle_gone": "This vehicle has left the fleet. Choose another one.",
    "trip_vehicle_paper": "A paper of this vehicle is missing or has run out on that day. Choose another vehicle.",
    "uq_approval_step_entity_id_seq": "This step of the approval chain is there already.",
    "uq_driver_person_id": "This person is a driver already.",
    "uq_fuel_fill_cancels_id": "This fill is cancelled already.",
    "uq_incident_reference": "This incident is there already.",
    "uq_shuttle_code": "Another shuttle has this code.",
    "uq_shuttle_seat_shuttle_id_day_seat": "Somebody else was given this seat a moment ago. Try again.",
    "uq_travel_band_code": "Another band of the day has this code.",
    "uq_travel_band_from_minute": "Another band of the day begins at this minute.",
    "uq_trip_reference": "This trip is there already.",
    "uq_trip_request_outward_id": "This request has its way back already.",
    "uq_trip_request_reference": "This request is there already.",
    "uq_trip_request_shuttle_id_service_day": "This shuttle is on the list of that day already.",
    "uq_trip_stop_trip_id_request_id_leg_kind": "This stop is on the trip already.",
    "uq_vehicle_plate": "Another vehicle has this plate.",
    "uq_zone_code": "Another zone has this code.",
}

# What a foreign key says when the other end is missing, and when the other end is to be deleted while it is needed.
REFERENCES = {
    "fk_booking_terms_booking_id": ("This booking is not there.", "What has been recorded cannot be deleted."),
    "fk_notification_file_notification_id": ("This message is not there.", "Papers go along with this message."),
    "fk_phase_cell_cell_id": ("This cell is no longer there.", "A phase closes this cell."),
    "fk_phase_cell_phase_id": ("This phase is no longer there.", "This phase closes rooms. Take them out first."),
    "fk_phase_closure_closure_id": ("This closure is no longer there.", "This closure belongs to a phase."),
    "fk_phase_closure_phase_id": ("This phase is no longer there.", "This phase has closed rooms."),
    "fk_phase_seats_phase_id": ("This phase is no longer there.", "This phase changes seats. Take them out first."),
    "fk_phase_seats_space_id": ("This space is no longer there.", "A phase changes the seats of this space."),
    "fk_relocation_move_booking_id": ("This booking is not there.", "What has been recorded cannot be deleted."),
    "fk_relocation_move_plan_id": ("This plan is no longer there.", "This plan has moves and is kept with them."),
    "fk_relocation_plan_phase_id": ("This phase is no longer there.", "There are plans for this phase."),
    "fk_mail_bag_case_bag_id": ("This bag is not there.", "This bag has a case and is kept with it."),
    "fk_mail_bag_destination_id": ("This destination is no longer there.", "Bags name this destination."),
    "fk_mail_bag_line_bag_id": ("This bag is not there.", "There are packages in this bag."),
    "fk_mail_bag_line_item_id": ("This item is not there.", "What has been recorded cannot be deleted."),
    "fk_mail_bag_line_outgoing_id": ("This item is not there.", "This item is in a bag."),
    "fk_mail_manifest_carrier_id": ("This carrier is no longer there.", "Manifests name this carrier."),
    "fk_mail_manifest_line_manifest_id": ("This manifest is not there.", "There are items on this manifest."),
    "fk_mail_manifest_line_outgoing_id": ("This item is not there.", "This item is on a manifest."),
    "fk_mail_manifest_proof_id": ("This proof is not there.", "What has been recorded cannot be deleted."),
    "fk_mail_outgoing_bag_id": ("This bag is not there.", "There are packages in this bag."),
    "fk_mail_outgoing_carrier_id": ("This carrier is no longer there.", "Mail goes out with this carrier."),
    "fk_mail_outgoing_entity": ("This entity is no longer there.", "This entity has mail that goes out."),
    "fk_mail_outgoing_event_bag_id": ("This bag is not there.", "What has been recorded cannot be deleted."),
    "fk_mail_outgoing_event_item_id": ("This item is not there.", "What has been recorded cannot be deleted."),
    "fk_mail_outgoing_event_manifest_id": ("This manifest is not there.", "What has been recorded cannot be deleted."),
    "fk_mail_outgoing_event_proof_id": ("This proof is not there.", "What has been recorded cannot be deleted."),
    "fk_mail_outgoing_manifest_id": ("This manifest is not there.", "There are items on this manifest."),
    "fk_mail_outgoing_rate_id": ("This price is no longer there.", "Mail goes out at this price."),
    "fk_mail_rate_carrier_id": ("This carrier is no longer there.", "This carrier has prices."),
    "fk_booking_cell_booking_id": ("This booking is not there.", "What has been recorded cannot be deleted."),
    "fk_booking_cell_cell_id": ("This cell is no longer there.", "Bookings name this cell and it is kept with them."),
    "fk_booking_entity": ("This entity is no longer there.", "This entity has bookings."),
    "fk_booking_layout_of_space": ("This space has no such layout.", "Bookings still have this layout."),
    "fk_booking_series_id": ("This series is no longer there.", "This series has bookings and is kept with them."),
    "fk_booking_space_id": ("This space is no longer there.", "This space has bookings and is kept with them."),
    "fk_booking_unit_booking_id": ("This booking is not there.", "What has been recorded cannot be deleted."),
    "fk_booking_unit_unit_id": ("This team or set is no longer there.", "Bookings still use this team or set."),
    "fk_cell_closure_cell_id": ("This cell is no longer there.", "Closures still name this cell."),
    "fk_charge_entity_id": ("This entity is no longer there.", "This entity has charges on record."),
    "fk_conference_cell_place_id": ("This place is no longer there.", "A cell of the conference desk is here."),
    "fk_conference_space_building_id": ("This building is no longer there.", "Conference spaces are in this building."),
    "fk_site_ceiling_building_id": ("This building is no longer there.", "A ceiling of people names this building."),
    "fk_space_cell_cell_id": ("This cell is no longer there.", "Spaces still consist of this cell."),
    "fk_space_cell_space_id": ("This space is no longer there.", "This space still has cells."),
    "fk_space_door_place_id": ("This place is no longer there.", "The door of a space is here."),
    "fk_space_door_space_id": ("This space is no longer there.", "This space still has a door."),
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
    "fk_campaign_count_room": ("This room is not in the count.", "This room was counted and is kept with it."),
    "fk_campaign_count_undoes_id": ("This scan is not there.", "What has been recorded cannot be deleted."),
    "fk_campaign_item_asset_id": ("This asset is no longer there.", "A count's list names this asset."),
    "fk_campaign_item_room": ("This room is not in the count.", "A count's list names this room."),
    "fk_campaign_room_campaign_id": ("This count is not there.", "This count has rooms and is kept with them."),
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
    "fk_approval_step_entity_id": ("This entity is no longer there.", "This entity has an approval chain."),
    "fk_driver_pattern_driver_id": ("This driver is no longer there.", "This driver has duty hours on record."),
    "fk_driver_person": ("This person is no longer there.", "This person is a driver. Retire the driver first."),
    "fk_driver_time_driver_id": ("This driver is no longer there.", "This driver has times on record."),
    "fk_fuel_fill_cancels_id": ("This fill is no longer there.", "This fill was cancelled and is kept."),
    "fk_fuel_fill_reading_id": ("This reading is no longer there.", "Fuel is on record with this reading."),
    "fk_fuel_fill_vehicle_id": ("This vehicle is no longer there.", "This vehicle has fuel on record."),
    "fk_incident_driver_id": ("This driver is no longer there.", "This driver has incidents on record."),
    "fk_incident_trip_id": ("This trip is no longer there.", "This trip has incidents on record."),
    "fk_incident_vehicle_id": ("This vehicle is no longer there.", "This vehicle has incidents on record."),
    "fk_odometer_reading_trip_id": ("This trip is no longer there.", "This trip has readings on record."),
    "fk_odometer_reading_vehicle_id": ("This vehicle is no longer there.", "This vehicle has readings on record."),
    "fk_request_decision_request_id": ("This request is no longer there.", "This request has decisions on record."),
    "fk_shuttle_entity_id": ("This entity is no longer there.", "A shuttle runs for this entity."),
    "fk_shuttle_seat_entity_id": ("This entity is no longer there.", "This entity has seats on a shuttle."),
    "fk_shuttle_seat_person_id": ("This person is no longer there.", "This person has a seat on a shuttle."),
    "fk_shuttle_seat_shuttle_id": ("This shuttle is no longer there.", "Seats are given on this shuttle."),
    "fk_shuttle_stop_shuttle_id": ("This shuttle is no longer there.", "This shuttle has a timetable."),
    "fk_shuttle_stop_zone_id": ("This zone is no longer there.", "A shuttle stops in this zone."),
    "fk_transport_paper_driver_id": ("This driver is no longer there.", "This driver has papers on record."),
    "fk_transport_paper_vehicle_id": ("This vehicle is no longer there.", "This vehicle has papers on record."),
    "fk_travel_time_band_id": ("This band of the day is no longer there.", "Travel times are kept for this band."),
    "fk_travel_time_from_zone_id": ("This zone is no longer there.", "Travel times start from this zone."),
    "fk_travel_time_to_zone_id": ("This zone is no longer there.", "Travel times lead to this zone."),
    "fk_trip_driver_id": ("This driver is no longer there.", "This driver has trips and is kept with them."),
    "fk_trip_event_request_id": ("This request is no longer there.", "This request has a history and is kept."),
    "fk_trip_event_trip_id": ("This trip is no longer there.", "This trip has a history and is kept."),
    "fk_trip_passenger_request_id": ("This request is no longer there.", "This request names passengers."),
    "fk_trip_request_entity": ("This entity is no longer there.", "This entity has requests for trips."),
    "fk_trip_request_from_zone_id": ("This zone is no longer there.", "Requests start in this zone."),
    "fk_trip_request_outward_id": ("This request is no longer there.", "This request has a way back."),
    "fk_trip_request_requester_id": ("This person is no longer there.", "This person has asked for trips."),
    "fk_trip_request_shuttle_id": ("This shuttle is no longer there.", "This shuttle has run and is kept."),
    "fk_trip_request_to_zone_id": ("This zone is no longer there.", "Requests lead to this zone."),
    "fk_trip_load_trip_id": ("This trip is no longer there.", "This trip carries mail."),
    "fk_trip_request_trip_id": ("This trip is no longer there.", "This trip carries requests."),
    "fk_trip_stop_request_id": ("This request is no longer there.", "This request is on a trip."),
    "fk_trip_stop_trip_id": ("This trip is no longer there.", "This trip has stops."),
    "fk_trip_stop_zone_id": ("This zone is no longer there.", "Trips stop in this zone."),
    "fk_trip_vehicle_id": ("This vehicle is no longer there.", "This vehicle has trips and is kept with them."),
    "fk_vehicle_home_zone_id": ("This zone is no longer there.", "Vehicles are at home in this zone."),
    "fk_vehicle_outage_vehicle_id": ("This vehicle is no longer there.", "This vehicle has outages on record."),
    "fk_vehicle_service_reading_id": ("This reading is no longer there.", "Upkeep is on record with this reading."),
    "fk_vehicle_service_vehicle_id": ("This vehicle is no longer there.", "This vehicle has upkeep on record."),
}

# By SQLSTATE, or its class of two characters.
_STATES = {
    "22003": Refusal("A number is too large."),
    "22": Refusal("A value holds a character or a date that the database cannot keep."),
    "25006": Trouble("The database may only be read."),
    "40001": Trouble("Others were changing the same records at the same moment."),
    "40P01": Trouble("Others were changing the same records at the same moment."),
    "42501": Trouble("The server does not allow this account to do that. Ask the server's administrator."),
    "53100": Trouble("The server's disk is full: tell its administrator."),
    "53300": Trouble("The server has no free connection."),
    "54000": Refusal("A text is too long to be kept in a list. Shorten it, and put the rest into the notes."),
    "55P03": Trouble("Another workstation holds these records."),
    "57014": Trouble("The server took too long and was stopped."),
    "57": Trouble("The server is shutting down or starting."),
}

_WORDS = {
    "too many clients": "The server has no free connection.",
    "too many connections": "The server has no free connection.",
    "connection slots": "The server has no free connection.",
    "readonly": "The database file may not be written.",
    "read-only": "The database may not be written.",
    "disk is full": "The disk is full.",
    "disk i/o error": "The disk cannot be read or written.",
    "no space left": "The server's disk is full: tell its administrator.",
    "locked": "Another program holds the database.",
    "unable to open": "The database file cannot be opened.",
    "not a database": "This file is not a CBO Desk database.",
    "malformed": "The database file is damaged. Restore the last backup.",
    "password authentication": "The server refuses your password, which may have run out: sign in anew.",
    "not permitted to log in": "Your account on this server was disabled. Ask an administrator.",
    "certificate": "The server does not show the certificate that this workstation trusts. Ask an administrator.",
    "pg_hba": "The server lets nobody in from this computer's address. Ask an administrator.",
    "timeout": "The server did not answer in time.",
}
_THERE = (
    "authentication", "not permitted to log in", "certificate", "too many clients", "too many connections",
    "connection slots", "pg_hba",
)  # fmt: skip
"""Words of a server that is there, and takes nobody in just now."""
_TOO_LONG = ("too big", "too large")


def state_of(error: DBAPIError) -> str:
    """The SQLSTATE of a server's error; empty where there is none."""
    return str(getattr(error.orig, "sqlstate", "") or "")


def is_away(error: DBAPIError) -> bool:
    """Whether an error says that a server cannot be reached, went, or is not there yet."""
    if not type(error.orig).__module__.startswith("psycopg"):
        return False
    state = state_of(error)
    if state:
        return state.startswith("08") or state in ("57P01", "57P02", "57P03")
    unsaid = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    return unsaid and not any(words in str(error.orig) for words in _THERE)


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
    if is_away(error):
        return Away(f"The office server is away. {outcome}")
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


def cannot_open(url: URL, error: DBAPIError) -> Exception:
    """The bad news that a database cannot be opened: what its engine's words mean to whoever wants to."""
    said = str(error.orig).lower()
    if url.get_backend_name() != "sqlite":
        return _cannot_reach(url, said)
    name = Path(url.database or "").name
    if "not a database" in said:
        return Refusal(f"{name} is not a CBO Desk database.")
    if "malformed" in said:
        return Trouble(f"{name} is damaged. Restore the last backup.")
    return Trouble(f"{name} cannot be opened or written. Look at the folder's permissions and the disk's space.")


def _cannot_reach(address: URL, said: str) -> Exception:
    """What a server's words mean that does not let this workstation in."""
    if "pg_hba" in said:  # first, for its words name the encryption, too
        return Refusal(
            f"The server {address.host} lets nobody in from this computer's address, or not without encryption. Ask "
            "who keeps it to allow it in pg_hba.conf."
        )
    if "gss" in said or "sspi" in said or "kerberos" in said:
        return Refusal(
            "The server asks for your Kerberos ticket, which is missing or has run out. Sign in to this computer anew, "
            "or run kinit, then try again."
        )
    if "certificate" in said or "support ssl" in said:  # a line that breaks while TLS begins names SSL, too
        return OtherCertificate(
            f"The server {address.host} does not show the certificate that this workstation trusts. Look at this "
            "computer's clock, and join anew with the fingerprint that your administrator gives you."
        )
    if "not permitted to log in" in said:
        return Refusal("Your account on this server was disabled. Ask an administrator.")
    if "no password supplied" in said:
        return PasswordAsked("The server asks for your password.")
    if "password" in said or "authentication failed" in said:
        # A server says the same of a wrong password and of one whose day has passed.
        told = "The server refuses this name or password. A password may also have run out: an administrator gives a "
        return NotLetIn(told + "new one.")
    if "does not exist" in said:
        return Refusal(f"The server has no database called {address.database}.")
    if any(words in said for words in ("too many clients", "connection slots", "too many connections")):
        return Trouble(
            f"Too many workstations are connected to the server {address.host} at once. Tell its administrator."
        )
    if any(words in said for words in ("starting up", "shutting down", "in recovery mode")):
        return Trouble(f"The server {address.host} is being started or stopped. Wait a moment.")
    return Trouble(f"The server {address.host} does not answer. Is it on, and is this workstation on the network?")


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
