from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.imports import Rows
from cbo_desk.property import AssetList, State, asset_card, figures
from cbo_desk.property.disposal import open_case
from cbo_desk.property.import_fields import FIELDS, AssetLookup, numbered
from cbo_desk.property.importing import import_assets
from cbo_desk.search import find
from cbo_desk.tabular import Choices, check, open_table, suggest_mapping
from cbo_desk.tags import queues
from db.people import Entity
from db.property import Asset, Category
from tests.disposing import dispose
from tests.writing import insert, rows

REGISTER = (
    "Asset Nr;Agency;Item description;S/N;Location;Acq. date;Cost;User\r"
    "UNIC-021140;UNEP;Tablet, Galaxy Tab;R52W70KX;M-2I4;11.06.2026;598,00;\r"
    "UNIC-021141;UNEP;Tablet, Galaxy Tab;R52W70LB;M-214;11.06.2026;598,00;Lindqvist, Erik\r"
    "UNIC-019004;UNEP;Cold box, 22 litres;;S1;31.06.2026;340,00;\r"
    "UNIC-019005;WFP;Bo\u00eete \u00e0 froid;;S1;30.06.2026;1.340,50;\r"
    ";WFP;Projector;X8QF2100;S1;14.05.2026;612,00;\r"
    "UNIC-021107;UNEP;Laptop;5.1E+14;S1;03.06.2026;1.120,00;Nobody Known\r"
)


def preview(office, text, choices=None, encoding="mac_roman"):
    table = open_table(text.encode(encoding))
    lookup = AssetLookup(office)
    mapping = suggest_mapping(table.names, FIELDS)
    return check(table, mapping, FIELDS, choices or Choices(), lookup, rules=lookup.rule)


def bring(office, found):
    return office.write(import_assets, Rows("register.csv", found.ready))


def test_a_dirty_register_is_previewed_fault_by_fault(office, compound):
    found = preview(office, REGISTER)
    assert (found.counts.create, found.counts.refused) == (2, 4)
    said = {(fault.row, fault.column): fault.what_to_do for fault in found.faults()}
    assert said[2, "Location"] == "No place has the code M-2I4. Is it M-214?"
    assert said[4, "Acq. date"].startswith("June has 30 days")
    assert said[6, "Asset Nr"] == "A new asset needs an inventory number."
    assert "spoilt" in said[7, "S/N"]
    assert said[7, "User"].startswith("Nobody is called Nobody Known")
    assert office.read(figures).total == 0


def test_a_mended_row_goes_in_with_the_good_ones(office, compound):
    found = preview(office, REGISTER)
    fault = next(fault for fault in found.faults() if fault.row == 2)
    found.mend(2, "Location", fault.mend.value)
    changes = bring(office, found)
    assert changes.said == "register.csv: 3 assets created, 0 updated."
    [hit] = office.read(find, "UNIC-019005")
    card = office.read(asset_card, hit.record_id)
    assert (card.form.description, card.form.cost_cents, card.entity) == ("Bo\u00eete \u00e0 froid", 134_050, "WFP")
    assert card.form.acquired_on == date(2026, 6, 30)
    assert [event.said for event in card.events] == ["Imported from register.csv, row 5."]
    assert office.read(queues, "property.asset").never_printed == 3
    held = office.read(find, "r52w70lb")[0].record_id
    assert office.read(asset_card, held).custodian == "Lindqvist, Erik"


def test_the_same_file_twice_changes_nothing(office, compound):
    bring(office, preview(office, REGISTER))
    before = rows(office, select(Asset.id, Asset.version, Asset.changed_at))
    again = preview(office, REGISTER)
    assert (again.counts.create, again.counts.update, again.counts.unchanged) == (0, 0, 2)
    bring(office, again)
    assert rows(office, select(Asset.id, Asset.version, Asset.changed_at)) == before


def test_an_update_changes_only_what_differs(office, compound):
    bring(office, preview(office, REGISTER))
    text = "Asset Nr,Agency,Location,Remarks\nUNIC-019005,WFP,M-118,new shelf\nUNIC-021141,UNEP,M-214,\n"
    found = preview(office, text, encoding="utf-8")
    assert (found.counts.update, found.counts.unchanged) == (1, 1)
    assert [(c.field, str(c.before), str(c.after)) for c in found.changes(2)] == [
        ("place", "S1", "M-118"),
        ("notes", "None", "new shelf"),
    ]
    bring(office, found)
    hit = office.read(find, "UNIC-019005")[0]
    card = office.read(asset_card, hit.record_id)
    assert (card.place, card.form.notes, card.form.cost_cents) == ("M-118", "new shelf", 134_050)
    assert card.events[0].said == "Changed by register.csv: place, notes."
    assert card.version == 2


def test_create_and_update_are_separate_choices(office, compound):
    bring(office, preview(office, REGISTER))
    text = "Asset Nr,Agency,Description\nUNIC-019005,WFP,Renamed\nUNIC-000001,WFP,New\n"
    created = preview(office, text, Choices(create=True, update=False), "utf-8")
    assert (created.counts.create, created.counts.update) == (1, 0)
    updated = preview(office, text, Choices(create=False, update=True), "utf-8")
    assert (updated.counts.create, updated.counts.update) == (0, 1)


def test_a_register_that_moved_on_refuses_the_whole_import(office, compound):
    bring(office, preview(office, REGISTER))
    text = "Asset Nr,Agency,Description\nUNIC-019005,WFP,Renamed\nUNIC-000001,WFP,New\n"
    found = preview(office, text, encoding="utf-8")
    insert(office, lambda s: s.execute(Asset.__table__.update().values(inventory_no=Asset.inventory_no + "x")))
    with pytest.raises(Refusal, match="changed since the file was checked"):
        bring(office, found)
    assert office.read(figures).total == 2


def test_disposed_assets_are_refused_row_by_row(office, compound):
    bring(office, preview(office, REGISTER))
    insert(office, dispose)
    text = "Asset Nr,Agency,Description\nUNIC-019005,WFP,Renamed\nUNIC-000001,WFP,New\n"
    found = preview(office, text, encoding="utf-8")
    assert (found.counts.create, found.counts.refused) == (1, 1)
    assert "disposed of" in found.faults()[0].what_to_do


def open_case_with(office, number):
    hit = office.read(find, number)[0]
    entity = rows(office, select(Asset.entity_id).where(Asset.id == hit.record_id))[0][0]
    office.write(open_case, entity, "Worn out", [hit.record_id])
    return hit.record_id


def test_a_file_takes_nothing_out_of_an_open_case(office, compound):
    bring(office, preview(office, REGISTER))
    held = open_case_with(office, "UNIC-019005")
    text = "Asset Nr,Agency,Description,State\nUNIC-019005,WFP,Renamed,{}\nUNIC-021141,UNEP,Tablet,Lost\n"
    for word in ("In store", "Written off", "Lost"):
        found = preview(office, text.format(word), encoding="utf-8")
        assert (found.counts.update, found.counts.refused) == (1, 1)
        [fault] = found.faults()
        assert (fault.row, fault.column) == (2, "State")
        assert fault.what_to_do.startswith("This asset is in the disposal case DISP-0001. Complete or cancel the case")
    bring(office, found)
    assert office.read(asset_card, held).state is State.AWAITING_DISPOSAL
    assert office.read(asset_card, office.read(find, "UNIC-021141")[0].record_id).state is State.MISSING
    as_it_stands = preview(office, text.format("Awaiting disposal").replace(",Lost", ",Missing"), encoding="utf-8")
    assert as_it_stands.counts.refused == 0


def test_a_file_writes_nothing_off(office, compound):
    bring(office, preview(office, REGISTER))
    text = "Asset Nr,Agency,Description,State\nUNIC-019005,WFP,Box,Written off\nUNIC-021141,UNEP,Slate,In store\n"
    found = preview(office, text, encoding="utf-8")
    assert [(fault.row, fault.column) for fault in found.faults()] == [(2, "State")]
    assert found.faults()[0].what_to_do.startswith("A file cannot dispose of an asset. Open a disposal case with it")
    assert bring(office, found).said == "register.csv: 0 assets created, 1 updated."
    assert office.read(asset_card, office.read(find, "UNIC-019005")[0].record_id).state is State.IN_STORE


def test_categories_are_known_by_code_and_name(office, compound):
    insert(office, lambda s: s.add(Category(code="ICT", name="Computers and network")))
    text = (
        "Asset Nr,Agency,Description,Category\nA-1,WFP,One,ict\nA-2,WFP,Two,Computers and network\nA-3,WFP,Three,ICTT\n"
    )
    found = preview(office, text, encoding="utf-8")
    assert (found.counts.create, found.counts.refused) == (2, 1)
    assert found.faults()[0].what_to_do == "No category is called ICTT. Is it ICT?" or found.faults()[0].mend is None


def test_imported_assets_stand_in_the_list(office, compound):
    bring(office, preview(office, REGISTER))
    assert [line.row.inventory_no for line in office.read(AssetList(sort="inventory_no", descending=False).first)] == [
        "UNIC-019005",
        "UNIC-021141",
    ]


def test_rows_are_known_by_entity_and_number_together(office, compound):
    """The same number at another entity is another asset; on a server the plan stays small, however many are asked."""
    head = "Asset Nr;Agency;Item description;Location\r"
    brought = bring(office, preview(office, head + "A-1;UNEP;Desk;S1\rA-1;WFP;Chair;S1\rA-2;UNEP;Lamp;S1\r"))
    assert brought.said == "register.csv: 3 assets created, 0 updated."
    with Session(office.engine) as session:
        ids = dict(session.execute(select(Entity.code, Entity.id)).all())
        asked = [(ids["UNEP"], "A-2"), (ids["WFP"], "A-1"), (ids["WFP"], "A-2"), (ids["UNEP"], "no such")]
        found = session.execute(select(Asset.entity_code, Asset.inventory_no).where(numbered(asked))).all()
        assert sorted(map(tuple, found)) == [("UNEP", "A-2"), ("WFP", "A-1")]
        assert session.scalars(select(Asset.id).where(numbered([]))).all() == []
        if office.engine.dialect.name == "postgresql":
            many = [(entity, f"A-{n}") for n in range(150) for entity in ids.values()]
            pairs = tuple_(Asset.entity_id, Asset.inventory_no).in_(many)
            # The control: a list of pairs is planned as so many alternatives.
            assert planned(session, pairs).count("entity_id =") == len(many)
            assert planned(session, numbered(many)).count("entity_id =") <= len(ids)


def planned(session, condition):
    """What PostgreSQL means to do, as text."""
    said = select(Asset.id).where(condition).compile(session.connection(), compile_kwargs={"literal_binds": True})
    return "\n".join(session.connection().exec_driver_sql(f"EXPLAIN {said}").scalars())
