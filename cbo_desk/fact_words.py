"""What people call a fact: the kind of it, and the one that a key names, by the number of what it belongs to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

# Kind of fact; what people call the one whose key is :a (and :b, :c); the statement that answers the places in it.
KINDS = {
    "asset_event": (
        "An event of a thing",
        "Event {1} of {0}",
        "SELECT a.inventory_no, (SELECT count(*) FROM asset_event AS e WHERE e.asset_id = f.asset_id AND e.id <= f.id) "
        "FROM asset_event AS f JOIN asset AS a ON a.id = f.asset_id WHERE f.id = :a",
    ),
    "campaign_count": (
        "A scan of a count",
        "Scan {1} of {0}",
        "SELECT c.reference, "
        "(SELECT count(*) FROM campaign_count AS e WHERE e.campaign_id = f.campaign_id AND e.id <= f.id) "
        "FROM campaign_count AS f JOIN campaign AS c ON c.id = f.campaign_id WHERE f.id = :a",
    ),
    "campaign_item": (
        "A thing that a count expects",
        "{1} as {0} expects it",
        "SELECT c.reference, f.inventory_no FROM campaign_item AS f JOIN campaign AS c ON c.id = f.campaign_id "
        "WHERE f.campaign_id = :a AND f.asset_id = :b",
    ),
    "charge": (
        "A charge",
        "The charge of {0} to {1} ({2})",
        "SELECT f.subject, f.entity_code, f.what FROM charge AS f WHERE f.id = :a",
    ),
    "custody_answer": (
        "A custodian's answer",
        "The answer about {0} by {1}",
        "SELECT f.inventory_no, f.by FROM custody_answer AS f WHERE f.id = :a",
    ),
    "disposal_decision": (
        "A decision of the review body",
        "The decision about {0}",
        "SELECT c.reference FROM disposal_decision AS f JOIN disposal_case AS c ON c.id = f.case_id WHERE f.id = :a",
    ),
    "fuel_fill": (
        "A filling of fuel",
        "Filling {1} of {0}",
        "SELECT v.plate, "
        "(SELECT count(*) FROM fuel_fill AS e WHERE e.vehicle_id = f.vehicle_id AND e.id <= f.id) "
        "FROM fuel_fill AS f JOIN vehicle AS v ON v.id = f.vehicle_id WHERE f.id = :a",
    ),
    "gate_event": (
        "A step at the gate",
        "A step at the gate of {1} on {0}",
        "SELECT p.reference, l.description FROM gate_event AS f JOIN gate_line AS l ON l.id = f.line_id "
        "JOIN gate_pass AS p ON p.id = l.pass_id WHERE f.id = :a",
    ),
    "handover_item": (
        "A line of a handover",
        "{1} on {0}",
        "SELECT h.reference, f.inventory_no FROM handover_item AS f JOIN handover AS h ON h.id = f.handover_id "
        "WHERE f.id = :a",
    ),
    "mail_event": (
        "A step of mail",
        "Step {1} of {0}",
        "SELECT i.number, (SELECT count(*) FROM mail_event AS e WHERE e.item_id = f.item_id AND e.id <= f.id) "
        "FROM mail_event AS f JOIN mail_item AS i ON i.id = f.item_id WHERE f.id = :a",
    ),
    "mail_outgoing_event": (
        "A step of outgoing mail",
        "Step {1} of {0}",
        "SELECT i.number, (SELECT count(*) FROM mail_outgoing_event AS e WHERE e.item_id = f.item_id AND e.id <= f.id) "
        "FROM mail_outgoing_event AS f JOIN mail_outgoing AS i ON i.id = f.item_id WHERE f.id = :a",
    ),
    "mail_proof": (
        "A proof of delivery",
        "The proof of delivery that {0} gave for {1}",
        "SELECT f.taken_by, coalesce((SELECT min(i.number) FROM mail_event AS e JOIN mail_item AS i "
        "ON i.id = e.item_id WHERE e.proof_id = f.id), "
        "(SELECT min(o.number) FROM mail_outgoing_event AS e JOIN mail_outgoing AS o "
        "ON o.id = e.item_id WHERE e.proof_id = f.id), (SELECT min(m.number) FROM mail_manifest AS m "
        "WHERE m.proof_id = f.id), 'nothing') FROM mail_proof AS f WHERE f.id = :a",
    ),
    "notification_file": (
        "A paper of a message",
        "{0} of the message “{1}”",
        "SELECT f.name, n.subject FROM notification_file AS f JOIN notification AS n ON n.id = f.notification_id "
        "WHERE f.id = :a",
    ),
    "odometer_reading": (
        "A reading of an odometer",
        "Reading {1} of {0}",
        "SELECT v.plate, "
        "(SELECT count(*) FROM odometer_reading AS e WHERE e.vehicle_id = f.vehicle_id AND e.id <= f.id) "
        "FROM odometer_reading AS f JOIN vehicle AS v ON v.id = f.vehicle_id WHERE f.id = :a",
    ),
    "print_job": ("A print of tags", "Print {0} of tags", "SELECT f.id FROM print_job AS f WHERE f.id = :a"),
    "printed_tag": (
        "A printed tag",
        "Tag {1} of page {0} of print {2}",
        "SELECT f.page, f.cell, f.job_id FROM printed_tag AS f WHERE f.job_id = :a AND f.page = :b AND f.cell = :c",
    ),
    "request_decision": (
        "A decision about a request",
        "The decision about {0} by {1}",
        "SELECT r.reference, f.by FROM request_decision AS f JOIN trip_request AS r ON r.id = f.request_id "
        "WHERE f.id = :a",
    ),
    "taken_deed": (
        "A deed that was kept while the server was away",
        "What {1} kept at {2} while the server was away ({0})",
        "SELECT f.said, f.by, f.workstation FROM taken_deed AS f WHERE f.id = :a",
    ),
    "trip_event": (
        "An event of a trip",
        "Event {1} of {0}",
        "SELECT t.reference, (SELECT count(*) FROM trip_event AS e WHERE e.trip_id = f.trip_id AND e.id <= f.id) "
        "FROM trip_event AS f JOIN trip AS t ON t.id = f.trip_id WHERE f.id = :a",
    ),
    "vehicle_service": (
        "A service of a vehicle",
        "Service {1} of {0}",
        "SELECT v.plate, "
        "(SELECT count(*) FROM vehicle_service AS e WHERE e.vehicle_id = f.vehicle_id AND e.id <= f.id) "
        "FROM vehicle_service AS f JOIN vehicle AS v ON v.id = f.vehicle_id WHERE f.id = :a",
    ),
}


def kind_of(table: str) -> str:
    """What people call a fact of this table."""
    return KINDS[table][0]


def name_of(connection: Connection, table: str, key: tuple[Any, ...]) -> str:
    """What people call one fact; its kind and key where what it belongs to is gone."""
    kind, words, statement = KINDS[table]
    row = connection.execute(text(statement), dict(zip("abc", key, strict=False))).one_or_none()
    return words.format(*row) if row is not None else f"{kind} ({', '.join(map(str, key))})"
