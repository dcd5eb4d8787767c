"""The form in which facts are sealed: which tables, which columns, and a text a row on which both engines agree.

A deed's entry in the audit carries a seal of every fact that the deed added (docs/decisions/0020). A seal is a SHA-256
over the row's own text: its columns by name in the order of the alphabet as JSON without blanks, what is NULL left out,
instants in UTC to the microsecond, days as ISO writes them, yes and no as 1 and 0, plain values as PostgreSQL writes
them, files by their own SHA-256.

**These forms are frozen as a landed migration is:** what was sealed must be found the same for ever. A column that is
added later is nullable and takes its place here, since NULL is left out; one that is renamed keeps its old name here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

MOST = 1000
"""Rows that one seal covers at most: so narrow is the place that can be named where a short mark happens to agree."""
SHORT = 4
"""Letters of each row's own SHA-256 that a seal over several keeps, to name the row among them that differs."""


@dataclass(frozen=True)
class Form:
    """How the rows of a table are sealed: their key, and the columns by what they hold."""

    key: str
    numbers: str = ""
    texts: str = ""
    instants: str = ""
    dates: str = ""
    flags: str = ""
    json: str = ""
    bytes: str = ""
    # By what rows are read in the order in which deeds added them, where the key does not tell.
    order: str = ""
    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns of the key."""
        return tuple(self.key.split())

    @cached_property
    def kinds(self) -> dict[str, str]:
        """What each column holds, in the order in which a row's text tells them."""
        those = ("numbers", "texts", "instants", "dates", "flags", "json", "bytes")
        return dict(sorted((column, kind) for kind in those for column in getattr(self, kind).split()))

    @property
    def told(self) -> bool:
        """Whether the key is a text, which says nothing of the row before."""
        return self.kinds[self.keys[0]] == "texts"

    @property
    def since(self) -> str:
        """The column whose newest value tells which rows stood before the first seal."""
        return self.order or self.keys[0]

    def shown(self, row: Sequence[Any]) -> Any:
        """A key as a seal names it: the value alone, or all of its values."""
        return row[0] if len(self.keys) == 1 else list(row)


FORMS = {
    "asset_event": Form(
        "id", numbers="id asset_id", instants="at", texts="by what state place_code custodian_name said"
    ),
    "campaign_count": Form(
        "id", numbers="id campaign_id room_id asset_id before_id reprint_id undoes_id", instants="at",
        texts="by workstation what condition text note listed_code", flags="by_number",
    ),
    "campaign_item": Form(
        "campaign_id asset_id", numbers="campaign_id asset_id room_id",
        texts="inventory_no description entity_code category place_code custodian_name state condition",
    ),
    "charge": Form(
        "id", numbers="id entity_id subject_id quantity_milli rate_e4 amount_cents reverses_id", instants="made_at",
        texts="made_by entity_code desk subject_kind subject what unit rate_row rate_source currency reason",
        dates="charged_on",
    ),
    "custody_answer": Form(
        "id", numbers="id asset_id person_id", instants="at", texts="by answer note inventory_no"
    ),
    "disposal_decision": Form(
        "id", numbers="id case_id last_item_id", texts="decision body minutes remarks by", dates="decided_on",
        instants="at",
    ),
    "fuel_fill": Form(
        "id", numbers="id vehicle_id millilitres cents reading_id cancels_id", instants="at", flags="full",
        texts="source ticket by",
    ),
    "gate_event": Form("id", numbers="id line_id", texts="what by workstation", instants="at"),
    "handover_item": Form(
        "id", numbers="id handover_id asset_id from_person_id from_place_id to_person_id to_place_id",
        texts="inventory_no description serial entity_code condition tag_code from_state from_name from_place "
        "to_state to_name to_place", dates="from_since from_due_on to_since to_due_on",
    ),
    "mail_event": Form(
        "id", numbers="id item_id shelf_id round_id proof_id undoes_id", instants="at",
        texts="by workstation what before state from_hand to_hand shelf_code reason note",
    ),
    "mail_outgoing_event": Form(
        "id", numbers="id item_id manifest_id bag_id proof_id", instants="at",
        texts="by workstation what before state from_hand to_hand reason",
    ),
    "mail_proof": Form(
        "id", numbers="id person_id", instants="at", texts="by workstation how taken_by", json="strokes"
    ),
    "notification_file": Form("id", numbers="id notification_id", texts="name media_type", bytes="content"),
    "odometer_reading": Form(
        "id", numbers="id vehicle_id km trip_id", instants="at", texts="source explained by"
    ),
    "print_job": Form("id", numbers="id pages tags", instants="at", texts="by stock output"),
    "printed_tag": Form("job_id page cell", numbers="job_id page cell tag_id"),
    "request_decision": Form("id", numbers="id request_id seq", texts="title what note by", instants="at"),
    "taken_deed": Form(
        "id", numbers="record_id", texts="id kind digest outcome record_kind said by workstation",
        instants="happened_at taken_at", order="taken_at",
    ),
    "trip_event": Form("id", numbers="id trip_id request_id", texts="what by note", instants="at"),
    "vehicle_service": Form("id", numbers="id vehicle_id reading_id cents", texts="kind note by", dates="done_on"),
}  # fmt: skip
"""Every table of facts that is sealed, by name. A test holds them against the tables that are only ever added to."""
APART = {
    "audit_entry": "it is the chain itself",
    "audit_touch": "it is read from the entries, to find those of a record",
}
"""Tables that are only ever added to and yet not sealed, with the reason."""


def words_on_server(name: str, row: str) -> str:
    """PostgreSQL's expression for the text of a row of a table; `row` is what the table is called there."""
    parts = []
    for column, kind in FORMS[name].kinds.items():
        told = _ON_SERVER[kind].format(f'{row}."{column}"')
        parts.append(f"'\"{column}\":' || {told}")
    return "'{' || concat_ws(',', " + ", ".join(parts) + ") || '}'"


_ON_SERVER = {
    "numbers": "{}",
    "flags": "{}::int",
    "texts": "to_json({})::text",
    "instants": "'\"' || to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || '\"'",
    "dates": "'\"' || to_char({}, 'YYYY-MM-DD') || '\"'",
    "json": "to_json({}::text)::text",
    "bytes": "'\"' || encode(sha256({}), 'hex') || '\"'",
}


def reader(name: str) -> Callable[[Sequence[Any]], bytes]:
    """A function from a row as SQLite keeps it, in the order of the form's columns, to the SHA-256 of its text."""
    kinds = FORMS[name].kinds
    names = tuple(kinds)
    turned = [(place, _FROM_FILE[kind]) for place, kind in enumerate(kinds.values()) if kind in _FROM_FILE]
    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def read(row: Sequence[Any]) -> bytes:
        if turned:
            row = list(row)
            for place, turn in turned:
                if row[place] is not None:
                    row[place] = turn(row[place])
        told = write({column: value for column, value in zip(names, row, strict=True) if value is not None})
        return sha256(told.encode("utf-8", "surrogatepass")).digest()

    return read


_DIGITS = re.compile(r"[-\[\], 0-9.]*")


def plain_words(kept: Any) -> str:
    """A plain value that SQLite keeps as JSON, in the words in which PostgreSQL tells it."""
    told = kept.decode("utf-8", "surrogatepass") if isinstance(kept, bytes) else str(kept)
    if _DIGITS.fullmatch(told) and "-0" not in told:  # a signature's strokes, written as both write them
        return told
    try:
        return _told(json.loads(told, parse_float=Decimal))
    except ValueError:  # altered into what is no JSON at all: told as it is, it agrees with nothing
        return told


def _told(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (len(name.encode("utf-8", "surrogatepass")), name))
        return "{" + ", ".join(f"{json.dumps(name, ensure_ascii=False)}: {_told(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_told, value)) + "]"
    if isinstance(value, Decimal):
        return f"{abs(value) if value == 0 else value:f}"
    return json.dumps(value, ensure_ascii=False)


_FROM_FILE: dict[str, Callable[[Any], Any]] = {
    "json": plain_words,
    "bytes": lambda kept: sha256(kept if isinstance(kept, bytes) else str(kept).encode()).hexdigest(),
}


def instant(value: datetime) -> str:
    """An instant as a row's text tells it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
