"""The property desk on the office's server, each in their own name and with their own role there: clerk, supervisor,
a custodian who may only look on and say what they hold, and somebody of another desk."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import psycopg
import pytest

from cbo_desk.attachments import attach, attachments_of
from cbo_desk.compound import open_office
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.people import EntityForm, PersonForm, add_account, add_entity, add_person, turn_on_accounts
from cbo_desk.permissions import Role
from cbo_desk.places import PlaceForm, add_place
from cbo_desk.property import AssetForm, AssetList, State, add_category, asset_card, change_state, receive_assets
from cbo_desk.property.bulk_edit import edit_assets
from cbo_desk.property.custody import Kind, OwnList, answer_custody, hand_over_assets, sign_handover
from cbo_desk.property.custody import Order as Handing
from cbo_desk.property.custody.sheets import clearance_sheet, handover_sheet
from cbo_desk.property.disposal import (
    Decided,
    DecisionForm,
    FinalForm,
    How,
    complete_case,
    open_case,
    record_decision,
    submit_case,
)
from cbo_desk.property.fields import FieldForm, define_field
from cbo_desk.property.gate import PassForm, Personal, issue_pass, let_in, let_out, pass_card
from cbo_desk.property.maintenance import PlanForm, WorkForm, plan_service, record_service
from cbo_desk.property.value import PolicyForm, set_value_policy, valuation
from cbo_desk.property.verification import Scope, close_campaign, count_item, open_campaign, open_room
from cbo_desk.property.verification.report import report_rows
from tests.server.conftest import CLERKS, SECRET, other_compound

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")

FACTS = (
    "asset_event", "campaign_item", "campaign_count", "handover_item", "custody_answer", "gate_event",
    "disposal_decision",
)  # fmt: skip


@pytest.fixture
def compound(served):
    """A compound of this desk alone on the same server: how somebody reaches it."""
    with other_compound(served, "desk") as address:
        yield address


@pytest.fixture
def people(compound):
    """Offices of ada the administrator, bea a clerk, sue a supervisor, cato a custodian and sam of the mail desk."""
    with ExitStack() as stack:

        def enter(login, password=CLERKS):
            office = open_office(compound(login, password))
            stack.callback(office.close)
            return office

        ada = enter("ada", SECRET)
        ada.write(turn_on_accounts, "ada", "Ada Otieno", SECRET)
        unit = ada.write(add_entity, EntityForm("PDX", "Property desk")).ids[0]
        holder = ada.write(add_person, PersonForm("Custos", "Cato", unit, "PDX-1")).ids[0]
        look = {"people": Role.VIEWER, "places": Role.VIEWER, "tags": Role.CLERK}
        for login, roles, person in (
            ("bea", look | {"property": Role.CLERK}, None),
            ("sue", look | {"property": Role.SUPERVISOR}, None),
            ("cato", look | {"property": Role.VIEWER}, holder),
            ("sam", {"people": Role.VIEWER, "mail": Role.CLERK}, None),
        ):
            ada.write(add_account, login, login.title(), roles, CLERKS, person)
        yield {"ada": ada, **{login: enter(login) for login in ("bea", "sue", "cato", "sam")}}, unit, holder


def day():
    """The day at the site, by the clock that the server is held to: a night may fall while this goes on."""
    return local(clock()).date()


def test_everybody_does_their_part_and_no_more(served, people):
    offices, unit, holder = people
    ada, bea, sue, cato, sam = (offices[name] for name in ("ada", "bea", "sue", "cato", "sam"))
    site = ada.write(add_place, PlaceForm("SITE", "site", "Site")).ids[0]
    block = ada.write(add_place, PlaceForm("M", "building", "Block M"), site).ids[0]
    room, store = (ada.write(add_place, PlaceForm(kind, kind, kind), block).ids[0] for kind in ("room", "store"))

    def only_of(supervisor, command, *args):
        with pytest.raises(Refusal, match="needs the role supervisor on the Property desk"):
            bea.write(command, *args)
        return supervisor.write(command, *args)

    # The register, with a field of its category, a photo, many at once; each is undone as it was done.
    category = only_of(sue, add_category, "PDX", "Of the desk", 60).ids[0]
    only_of(sue, define_field, FieldForm(category, "Memory"))
    form = AssetForm(unit, "x", "Laptop", category, cost_cents=168_400, acquired_on=day(), place_id=store)
    ids = bea.write(receive_assets, form, [f"PDX-{n}" for n in range(6)]).ids
    done = bea.write(edit_assets, ids, {"custom.memory": "16 GB", "fund": "32FUA"})
    assert bea.read(asset_card, ids[0]).form.custom == {"memory": "16 GB"}
    assert bea.write(done.undo.command, *done.undo.args).ids
    done = bea.write(attach, "property.asset", ids[0], "invoice.txt", b"An invoice")
    off = bea.write(done.undo.command, *done.undo.args)
    bea.write(off.undo.command, *off.undo.args)
    assert [row.name for row in cato.read(attachments_of, "property.asset", ids[0])] == ["invoice.txt"]
    # Hands: issued and signed for, lent, extended, undone; the custodian says what is true.
    issued = bea.write(hand_over_assets, ids[:3], Handing(Kind.ISSUE, holder))
    bea.write(sign_handover, issued.handover_id, "Custos, Cato", [[[0, 0, 0], [9, 9, 9], [20, 3, 12]]])
    with pytest.raises(Refusal, match="was signed by"):
        bea.write(sign_handover, issued.handover_id, "Another", [], True)
    assert bea.read(handover_sheet, issued.handover_id).signed_by == "Custos, Cato"
    lent = bea.write(hand_over_assets, ids[3:4], Handing(Kind.LEND, holder, due_on=day() + timedelta(days=9)))
    longer = bea.write(hand_over_assets, ids[3:4], Handing(Kind.EXTEND, holder, due_on=day() + timedelta(days=20)))
    for made in (longer, lent):
        bea.write(made.undo.command, *made.undo.args)
    assert cato.read(OwnList(person_id=holder).count) == 3
    cato.write(answer_custody, ids[:2], True)
    cato.write(answer_custody, ids[2:3], False, "It is in the repair shop.")
    with pytest.raises(Refusal, match="is not in your hands"):
        cato.write(answer_custody, ids[4:5], True)
    with pytest.raises(Refusal, match="needs the role clerk on the Property desk"):
        cato.write(hand_over_assets, ids[:1], Handing(Kind.RETURN, place_id=store))
    assert [line.inventory_no for line in bea.read(clearance_sheet, holder).lines] == ["PDX-0", "PDX-1", "PDX-2"]
    # The gate.
    passed = PassForm(
        ids[:1], day() + timedelta(days=1), day() + timedelta(days=3), holder, personal=(Personal("Guitar"),)
    )
    ident = bea.write(issue_pass, passed).ids[0]
    out = bea.write(let_out, ident, "property.asset", ids[0])
    bea.write(out.undo.command, *out.undo.args)
    bea.write(let_out, ident, "property.asset", ids[0])
    bea.write(let_in, ident, "property.asset", ids[0])
    assert cato.read(pass_card, ident).out == 0
    # A count that only a supervisor opens and closes.
    campaign = only_of(sue, open_campaign, "PDX count", Scope(entity_ids=(unit,))).ids[0]
    bea.write(open_room, campaign, room)
    for ident in ids[:5]:
        found = bea.write(count_item, campaign, room, "", ident)
    bea.write(found.undo.command, *found.undo.args)
    bea.write(count_item, campaign, room, "", ids[4])
    only_of(sue, close_campaign, campaign)
    assert len(cato.read(report_rows, campaign)) == 6
    assert bea.read(asset_card, ids[0]).form.place_id == room
    with pytest.raises(Refusal, match="was closed by sue"):
        bea.write(open_room, campaign, room)
    # Repair, service, value, disposal.
    bea.write(change_state, ids[1:2], State.UNDER_REPAIR, "Hinge")
    bea.write(change_state, ids[1:2], State.IN_SERVICE)
    plan = bea.write(plan_service, ids[1:2], PlanForm("Clean fans", day(), 6)).ids[0]
    noted = bea.write(record_service, plan, day(), WorkForm("Mantrac", 4_550))
    bea.write(noted.undo.command, *noted.undo.args)
    only_of(sue, set_value_policy, PolicyForm(day(), category_id=category, life_months=48, source="Test"))
    assert cato.read(valuation, day())
    case = bea.write(open_case, unit, "Worn out", ids[4:5]).ids[0]
    bea.write(submit_case, case)
    with pytest.raises(Refusal, match="needs the review body's decision first"):
        sue.write(complete_case, case, FinalForm(How.SCRAPPED, day(), "", "C-1"))
    only_of(sue, record_decision, case, DecisionForm(Decided.APPROVED, "Board", "LPSB/1", day()))
    only_of(sue, complete_case, case, FinalForm(How.SCRAPPED, day(), "", "C-1"))
    assert bea.read(asset_card, ids[4]).state is State.DISPOSED
    # Of another desk: nothing of it is told.
    for query in (AssetList().count, OwnList(person_id=holder).count):
        with pytest.raises(Refusal, match="You may not look at"):
            sam.read(query)
    for query, *args in ((asset_card, ids[0]), (pass_card, 1), (report_rows, campaign), (valuation, day())):
        with pytest.raises(Refusal, match="You may not look at"):
            sam.read(query, *args)
    # With a tool of their own and all the rights that they have there, nobody takes a fact back.
    for login in ("bea", "sue"):
        with served.connect(login, CLERKS, dbname="desk") as own:
            for table in FACTS:
                for attack in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id" if table != "campaign_item" else
                               "UPDATE campaign_item SET place_code = ''", f"TRUNCATE {table} CASCADE"):  # fmt: skip
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        own.execute(attack)
            for attack in (f"UPDATE campaign SET closed_at = NULL WHERE id = {campaign}",
                           f"UPDATE asset SET state = 'in_service' WHERE id = {ids[4]}"):  # fmt: skip
                with pytest.raises(psycopg.IntegrityError):
                    own.execute(attack)
