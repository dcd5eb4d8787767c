"""Nothing is overwritten that was not seen: every form and every command that changes what stands says how.

A form says which record it changes (`edited=`), or tells first what it replaces (`Replacing`), or stands here with the
reason why there is nothing of another's to lose. A command has the version that was read, or is compared by its form
(`Unchanged`, `Replacing`), or stands here with its reason. The forms themselves are walked at two windows in
`tests/ui/test_two_editors.py` and `tests/ui/test_two_administrators.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import cbo_desk
import ui

CHANGING = (
    "change", "choose", "describe", "edit", "extend", "keep", "mark", "measure", "move", "name", "number", "override",
    "rename", "replace", "save", "set", "shift", "update",
)  # fmt: skip
"""With these words begins a command that may put something in the place of what somebody else wrote."""

COMPARED = "its form compares with what it read"
DEED = "a deed: it says what becomes of things, each time on record, and refuses where they stand otherwise"
ADDS = "adds a row; what was said before stays on record"
COMMANDS = {
    "set_mail_server": COMPARED,
    "set_reports_server": COMPARED,
    "name_compound": COMPARED,
    "set_value": COMPARED,
    "set_label_wording": COMPARED,
    "save_stock": COMPARED,
    "set_roles": COMPARED,
    "set_chain": COMPARED,
    "set_terms": COMPARED,
    "set_times": COMPARED,
    "extend_pass": COMPARED,
    "set_value_policy": COMPARED,
    "set_rate": COMPARED,
    "set_pouch_limit": COMPARED,
    "set_rank_order": COMPARED,
    "keep_mapping": COMPARED,
    "set_ceiling": ADDS,
    "set_hours": ADDS,
    "change_capacity": "ends one row and adds the next; the second finds the first ended and is refused",
    "set_password": "nobody sees the old one, and the newest counts",
    "change_password": "one's own, and the old one is asked for",
    "set_map": "takes a whole drawing from a file, chosen to take the place of the one that is seen; one key undoes it",
    "set_carrier": "its form only adds; the name of another carrier is refused",
    "set_band": "no form orders it",
    "save_printer": "a measurement made just now, with its day and who made it; the newest is the true one",
    "mark_cells": "cells of a sheet that lies at one desk, each pressed by itself",
    "keep_seats": "adds seats; who has one keeps it",
    "keep_plan": "adds a proposal; the older ones stay",
    "keep_unknown_scan": "adds a scan",
    "choose_carrier": DEED,
    "number_outgoing": DEED,
    "override_state": DEED,
    "mark_missing": DEED,
    "mark_sent": DEED,
    "mark_failed": DEED,
    "move_assets": DEED,
    "change_state": DEED,
    "change_status": DEED,
    "move_load": DEED,
    "edit_assets": "shows what it would do to each before anything is written, and is undone as one",
    "extend_hold": "lets a hold last the usual days from now on, whatever it said before",
    "move_field": DEED,
    "move_trip_back": DEED,
    "replace_tag": DEED,
    "move_occurrences": "moves by minutes from where the series stands then, tells to where, and refuses every clash",
    "describe_count": "a further event; the first stays on record",
}

NEW = "makes something new"
STATE = "a deed that is refused where the record stands otherwise by then"
NOTHING = "writes nothing into the compound, or something of this workstation alone"
SHARED = "opens forms of deeds, whose commands are in the list above"
FORMS = {
    "conference/find_asking.py ask_fields": NOTHING,
    "conference/find_asking.py opened": NEW,
    "conference/forms.py ask_reason": STATE,
    "conference/forms.py shift_series": COMMANDS["move_occurrences"],
    "conference/forms.py opened": NEW,
    "conference/series.py ask_cancel": STATE,
    "conference/use.py _ask": NOTHING,
    "first_run/choosing.py start_empty": NEW,
    "kept/page.py change": NOTHING,
    "kept/page.py drop": STATE,
    "kept_views.py keep": NOTHING,
    "kit/list_views.py _ask": NOTHING,
    "loads.py ask_move": STATE,
    "mail/deeds.py hand_over": STATE,
    "mail/deeds.py _open": SHARED,
    "mail/outgoing/collecting.py ask_collect": STATE,
    "mail/outgoing/forms.py _hand_in": NEW,
    "mail/outgoing/forms.py _for_pouch": NEW,
    "mail/outgoing/forms.py _open": SHARED,
    "mail/outgoing/manifests.py _ask_open": NEW,
    "mail/outgoing/views.py _ask": NOTHING,
    "mail/pouch/forms.py _show": SHARED,
    "mail/rounds.py _by_vehicle": STATE,
    "mail/rounds.py _plan": NEW,
    "mail/shelving.py _type": STATE,
    "mail/views.py _ask": NOTHING,
    "property/bulk_edit.py _open": COMMANDS["edit_assets"],
    "property/counts/counter_deeds.py describe": COMMANDS["describe_count"],
    "property/counts/counter_deeds.py go_to_room": STATE,
    "property/counts/opening.py _ask": NEW,
    "property/custody/deeds.py _ask_person": STATE,
    "property/custody/own.py _ask_why": STATE,
    "property/deeds.py _open": SHARED,
    "property/disposal/forms.py _open_new": NEW,
    "property/disposal/forms.py add": STATE,
    "property/disposal/forms.py take_out": STATE,
    "property/disposal/forms.py decide": STATE,
    "property/disposal/forms.py complete": STATE,
    "property/filter_form.py _open": NOTHING,
    "property/forms.py _receive": NEW,
    "property/gate/forms.py _write": NEW,
    "property/gate/forms.py _open": STATE,
    "property/maintenance/forms.py ask_assets": NEW,
    "settings/backups.py ask": NOTHING,
    "settings/mail_forms.py ask_password": NOTHING,
    "settings/mail_forms.py try_it": NEW,
    "settings/person_menu.py change_password": COMMANDS["change_password"],
    "tags/forms.py measured_box": COMMANDS["save_printer"],
    "tags/forms.py zpl_box": NOTHING,
    "today/resolving.py ask": STATE,
    "transport/deeds.py _decline": STATE,
    "transport/hand.py _open": STATE,
    "transport/request_form.py _new": NEW,
    "transport/road_forms.py _depart": STATE,
    "transport/road_forms.py _come_back": STATE,
    "transport/road_forms.py incident": NEW,
    "transport/shuttles_page.py _new": NEW,
    "transport/shuttles_page.py _seats": NEW,
    "transport/times_page.py ask_server": "staff's and learnt times stay as they are",
    "transport/views.py _ask": NOTHING,
}


def sources(package, wanted: str) -> Iterator[tuple[str, ast.Module]]:
    root = Path(package.__file__).parent
    for file in sorted(root.rglob("*.py")):
        source = file.read_text("utf-8")
        if wanted in source:
            yield file.relative_to(root).as_posix(), ast.parse(source)


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def calls(node: ast.AST, name: str) -> list[ast.Call]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Call) and getattr(each.func, "id", "") == name]


def silent_forms(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """The functions that make a form, innermost, and whether they say nothing of what they change."""
    for node in functions(tree):
        made = calls(node, "FormBox")
        if not made or any(each is not node and calls(each, "FormBox") for each in functions(node)):
            continue
        says = any(word.arg == "edited" for call in made for word in call.keywords)
        yield node.name, not says and not calls(node, "Replacing") and not calls(node, "Unchanged")


def blind_commands(tree: ast.Module) -> Iterator[str]:
    """The commands that may put something in the place of something, and are not given the version that was read."""
    for node in functions(tree):
        marked = any(getattr(getattr(each, "func", None), "id", "") == "deed" for each in node.decorator_list)
        taken = {each.arg for each in node.args.args}
        if marked and node.name.split("_")[0] in CHANGING and not taken & {"version", "standing"}:
            yield node.name


def test_every_form_says_what_it_changes_or_why_there_is_nothing_to_lose():
    known = [(file, *each) for file, tree in sources(ui, "FormBox(") for each in silent_forms(tree)]
    silent = {f"{file} {name}" for file, name, is_silent in known if is_silent}
    assert silent == set(FORMS), "a form that says neither: give it `edited=`, or `Replacing`, or its reason here"
    assert len(known) > len(FORMS) + 20
    # The control.
    assert list(silent_forms(ast.parse("def ask():\n    FormBox('Rename', form, save, 'Save')"))) == [("ask", True)]
    assert list(silent_forms(ast.parse("def ask():\n    FormBox('x', form, save, 'x', edited=e)"))) == [("ask", False)]


def test_every_command_that_changes_what_stands_is_compared_or_says_why_not():
    found = {name for _file, tree in sources(cbo_desk, "@deed(") for name in blind_commands(tree)}
    assert found == set(COMMANDS), "a command that is not compared: give it a version, or its form, or its reason here"
    shown = "\n".join(file.read_text("utf-8") for file in Path(ui.__file__).parent.rglob("*.py"))
    for name in (name for name, why in COMMANDS.items() if why == COMPARED):
        ordered = rf"Unchanged\(\s*{name},|(replacing\.write\(\w*place, |order = \()(pouch\.)?{name}, "
        assert re.search(ordered, shown), name
    # The control.
    assert list(blind_commands(ast.parse("@deed('x.set_it', 'x')\ndef set_it(session, text): ..."))) == ["set_it"]
    assert not list(blind_commands(ast.parse("@deed('x.set_it', 'x')\ndef set_it(session, version): ...")))
