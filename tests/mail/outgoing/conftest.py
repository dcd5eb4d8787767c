from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from cbo_desk.mail import outgoing, pouch
from cbo_desk.mail.outgoing import Handed, RateForm
from tests.conftest import MORNING
from tests.furnished import made_once
from tests.mail.conftest import fill
from tests.writing import insert

DAY = date(2026, 1, 1)
CUT_OFF = MORNING + timedelta(hours=6)
STROKES = (((0.0, 0.0, 0.0), (10.0, 5.0, 40.0)), ((3.0, 1.0, 90.0),))


def price(office, carrier, item_class, zone, up_to_g, cents, currency="USD", insured=0, bp=0, day=DAY):
    form = RateForm(carrier, item_class, zone, up_to_g, day, cents, currency, insured, bp, "rate card 2026")
    return office.write(outgoing.set_rate, form).ids[0]


@pytest.fixture
def desk(office):
    """Two carriers with their cards, two destinations of the pouch, two entities."""
    return stock(office)


@made_once
def stock(office):
    made = insert(office, fill)
    dhl = office.write(outgoing.set_carrier, "DHL Express", "950123456", "15:30").ids[0]
    posta = office.write(outgoing.set_carrier, "Posta Kenya", "", "16:00").ids[0]
    price(office, dhl, "express", "europe", 500, 4250, insured=100_000, bp=125)
    price(office, dhl, "express", "europe", 20_000, 18_990, insured=100_000, bp=125)
    price(office, dhl, "express", "africa", 500, 5_100)
    price(office, posta, "registered", "europe", 2_000, 185_000, "KES")
    price(office, posta, "express", "europe", 2_000, 320_000, "KES")
    gva = office.write(pouch.add_destination, "GVA", "UNOG Geneva").ids[0]
    nyc = office.write(pouch.add_destination, "NYC", "UNHQ New York").ids[0]
    return SimpleNamespace(
        unep=made.unep, wfp=made.wfp, people=made.people, places=made.places, dhl=dhl, posta=posta, gva=gva, nyc=nyc
    )


def handed(desk, **other):
    facts = {
        "entity_id": desk.unep, "recipient": "Permanent Mission of Norway", "country": "Switzerland",
        "item_class": "express", "weight_g": 320, "purpose": "official correspondence", "handed_by": "Erik Lindqvist",
    }  # fmt: skip
    return Handed(**{**facts, **other})


def hand_in(office, desk, carrier=None, **other):
    return office.write(outgoing.hand_in, handed(desk, **other), carrier).ids[0]


def for_pouch(office, desk, destination=None, **other):
    facts = {"recipient": "Chief, Registry", "contents": "signed agreements", "weight_g": 2400}
    form = handed(desk, **{**facts, **other})
    return office.write(outgoing.hand_in_for_pouch, destination or desk.gva, form).ids[0]


def bag(office, desk, destination=None):
    return office.write(pouch.open_bag, destination or desk.gva, CUT_OFF).ids[0]
