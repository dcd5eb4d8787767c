"""Two administrators change one setting at two windows, on both engines: nothing is overwritten that was not seen.

What is one row (the mail server, a name, a value) is put side by side as records are. What is a further row from a day
on, or under a name, is told first where one stands there already.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from cbo_desk.compound import compound_name, name_compound
from cbo_desk.conference import rank_orders, set_rank_order
from cbo_desk.conference.waitlist_order import SHIPPED
from cbo_desk.context import clock, local
from cbo_desk.dated import list_settings, set_value, values_said
from cbo_desk.errors import Conflict, Refusal
from cbo_desk.mail import pouch
from cbo_desk.mail.outgoing import RateForm, rate_card, set_carrier, set_rate
from cbo_desk.mail_server import MailServer, mail_server, set_mail_server
from cbo_desk.office import Office
from cbo_desk.people import turn_on_accounts
from cbo_desk.permissions import administrator
from cbo_desk.property.gate import PassForm, extend_pass, issue_pass, pass_card
from cbo_desk.property.value import PolicyForm, rates, set_value_policy, value_policies
from cbo_desk.property.value import set_rate as set_exchange_rate
from cbo_desk.replica import reports_server, set_reports_server
from cbo_desk.secret import Secret
from cbo_desk.tags import save_stock, set_label_wording
from cbo_desk.tags.supplies import WORDING, site_stocks
from cbo_desk.versions import Unchanged
from db.engine import open_engine
from tests.ui.places.conftest import Hands, furnish, open_window
from tests.ui.test_two_editors import box_of, heard, type_into
from ui.conference.standing import StandingForms
from ui.kit.dialogs import open_form
from ui.kit.drafts import Drafts
from ui.mail.outgoing.forms import OutgoingForms
from ui.mail.pouch.forms import PouchForms
from ui.property.gate.forms import GateForms
from ui.property.value.forms import ValueForms
from ui.settings.database import DatabasePanel
from ui.settings.dated import DatedPanel
from ui.settings.mail_forms import MailForms
from ui.tags.forms import stock_box, wording_box

__all__ = ["open_window"]

DAY = date(2031, 9, 8)
SETTING = "value_track_from"
STOCK = {
    "title": "Door tags", "maker": "Workshop", "kind": "sheet", "page": [210.0, 297.0], "label": [60.0, 30.0],
    "pitch": [65.0, 35.0], "origin": [10.0, 10.0], "columns": 2, "rows": 5, "corner": 0.0, "inset": 1.0, "dpi": 300,
}  # fmt: skip


@pytest.fixture
def pair(open_window, engine_url, tmp_path, qtbot):  # noqa: F811
    """Ada's and Ben's windows over one compound, and what is there to change."""
    engines = [open_engine(engine_url), open_engine(engine_url)]
    ada = Office(engines[0], administrator("ada", "Ada Otieno", "DESK-1"))
    ben = Office(engines[1], administrator("ben", "Ben Wafula", "DESK-2"))
    made = furnish(ada)
    ada.write(name_compound, "Gigiri")
    ada.write(set_mail_server, MailServer("smtp.example", 587, "starttls", "", "desk@example.org"))
    ada.write(save_stock, STOCK)
    gate = ada.write(issue_pass, PassForm((made.asset1,), DAY, DAY, bearer="Lind", purpose="x", destination="y"))
    ada.write(turn_on_accounts, "ben", "Ben Wafula", Secret("a different lantern"))
    carrier = ada.write(set_carrier, "DHL").ids[0]
    destination = ada.write(pouch.add_destination, "GVA", "UNOG Geneva").ids[0]
    hers, his = open_window(ada, "people"), open_window(ben, "people")
    his.bench.drafts = Drafts(tmp_path / "his")
    hers.runner._ear.stop()  # she hears of him when the test says so
    yield SimpleNamespace(
        hers=Hands(qtbot, hers), his=Hands(qtbot, his), gate=gate.ids[0], carrier=carrier, destination=destination,
    )  # fmt: skip
    ada.close()
    ben.close()


# --- what is one row: side by side


def server_form(window, _pair):
    forms = MailForms(window.bench, window)
    forms.server = window.office.read(mail_server)
    forms.set_up()


def database(method):
    def show(window, _pair):
        panel = DatabasePanel(window.bench, window.shell)
        hands = Hands(None, window)
        hands.until(lambda: panel._shown)
        panel._reports_server = window.office.read(reports_server)
        getattr(panel, method)()

    return show


def dated_form(window, _pair):
    line = next(each for each in window.office.read(list_settings) if each.declared.name == SETTING)
    DatedPanel(window.bench, window.shell)._change(line)


def wording_form(window, _pair):
    said = window.office.read(values_said, WORDING.name)
    open_form(window.shell, wording_box(window.bench, window, said))


def stock_form(window, _pair):
    [stock] = window.office.read(site_stocks)
    open_form(window.shell, stock_box(window.bench, window, stock, own=True))


def pass_form(window, pair):
    GateForms(window.bench, lambda _id: None, window).extend(window.office.read(pass_card, pair.gate))


def value_now(office):
    line = next(each for each in office.read(list_settings) if each.declared.name == SETTING)
    return line.current.value, line.current.source


# How a form is opened; the field that both change, with her words, his, and what he says at last; a field that only he
# changes; what is written by now; his last deed by another way, of which nobody has heard.
FORMS = {
    "mail server": (
        server_form, "host", ("hers.example", "his.example", "third.example"), ("sender", "his@example.org"),
        lambda office, _pair: (lambda now: (now.host, now.sender))(office.read(mail_server)),
        lambda words, _pair: (set_mail_server, MailServer(words, 587, "starttls", "", "his@example.org")),
    ),
    "compound": (
        database("_rename"), "name", ("Her words", "His title", "The third"), None,
        lambda office, _pair: (office.read(compound_name)[0],), lambda words, _pair: (name_compound, words),
    ),
    "reports server": (
        database("name_reports_server"), "to", ("localhost:1", "localhost:2", "localhost:3"), None,
        lambda office, _pair: (office.read(reports_server),), lambda words, _pair: (set_reports_server, words),
    ),
    "dated setting": (
        dated_form, "value", ("1,600", "1,700", "1,800"), ("source", "His order"),
        lambda office, _pair: (f"{value_now(office)[0]:,}", value_now(office)[1]),
        lambda words, _pair: (set_value, SETTING, local(clock()).date(), int(words.replace(",", "")), "", "His order"),
    ),
    "line on labels": (
        wording_form, "wording", ("Her words", "His title", "The third"), None,
        lambda office, _pair: (office.read(values_said, WORDING.name).values[0][1].value,),
        lambda words, _pair: (set_label_wording, words),
    ),
    "label stock": (
        stock_form, "title", ("Her words", "His title", "The third"), ("maker", "His maker"),
        lambda office, _pair: (lambda now: (now.title, now.maker))(office.read(site_stocks)[0]),
        lambda words, _pair: (save_stock, {**STOCK, "title": words, "maker": "His maker"}, "door-tags"),
    ),
    "gate pass": (
        pass_form, "return_on", ("10 Sep 2031", "11 Sep 2031", "12 Sep 2031"), None,
        lambda office, pair: (f"{office.read(pass_card, pair.gate).return_on:%-d %b %Y}",),
        lambda words, pair: (extend_pass, pair.gate, date(2031, 9, int(words[:2]))),
    ),
}  # fmt: skip


def meet(pair, show, field, said, theirs, now, deed):
    hers, his = pair.hers, pair.his
    mine, other, third = said
    show(hers.window, pair)
    box = box_of(hers)
    type_into(hers, field, mine)
    show(his.window, pair)
    type_into(his, field, other)
    if theirs is not None:
        type_into(his, *theirs)
    box_of(his).save()
    his.gone()
    assert now(his.window.office, pair)[0] == other
    # She saves before she has heard: refused, both stand side by side, and saving leads to the choice.
    box.save()
    hers.until(lambda: field in box.form.meeting.undecided())
    assert box.form.editors[field].words() == mine
    if theirs is not None:
        assert box.form.editors[theirs[0]].words() == theirs[1]
    note = box.form.meeting.notes[field]
    assert other in note.words.words()
    if len(box.form.editors) == 1:  # the box has grown by the choice: it is seen whole
        hers.until(lambda: note.visibleRegion().boundingRect().height() == note.height() > 0)
    box.save()
    hers.still()
    assert hers.window.shell._overlay is not None
    # He changes it once more: what she had chosen is asked anew, this time because the news reached her.
    box.form.meeting.notes[field].buttons[1].click()
    his.window.office.write(*deed(third, pair))
    heard(hers, lambda: field in box.form.meeting.undecided())
    assert third in box.form.meeting.notes[field].words.words()
    box.form.meeting.notes[field].buttons[1].click()
    box.save()
    hers.gone()
    assert now(hers.window.office, pair) == ((mine,) if theirs is None else (mine, theirs[1]))


def test_a_setting_that_two_change_is_put_side_by_side(pair):
    for name, form in FORMS.items():
        try:
            meet(pair, *form)
        except BaseException as error:
            error.add_note(f"the form of: {name}")
            raise
    # The new name stands above the sidebar of both.
    for hands in (pair.hers, pair.his):
        heard(hands, lambda hands=hands: hands.window.shell.sidebar.compound.text() == "Her words")
    # The control: the command without the comparison overwrites without a word, and so does no Undo.
    ada, ben = pair.hers.window.office, pair.his.window.office
    done = ada.write(name_compound, "Hers")
    ben.write(name_compound, "His")
    assert ada.read(compound_name)[0] == "His"
    with pytest.raises(Conflict):
        ada.write(Unchanged(name_compound, compound_name, (), ("Hers", False)), "Hers again")
    assert done.undo is None
    for command, args, others in (
        (set_mail_server, (None,), (MailServer("his.example", 587, "tls", "", "a@example.org"),)),
        (set_reports_server, ("hers:1",), ("his:1",)),
        (set_value, (SETTING, DAY, 5), (SETTING, DAY, 6)),
        (set_exchange_rate, ("KES", DAY, 7, "hers"), ("KES", DAY, 8, "his")),
        (set_rank_order, (DAY, SHIPPED), (DAY, SHIPPED[::-1])),
    ):
        ada.write(command, *args)
        undo = ada.write(command, *args).undo
        ben.write(command, *others)
        with pytest.raises(Refusal, match="changed"):
            ada.write(undo.command, *undo.args)


# --- what is a further row: told before it is replaced


def fill(hands, values):
    form = box_of(hands).form
    for name, value in values.items():
        form.editors[name].set_value(value)
    return box_of(hands)


# How a form is opened; what is filled in; the same deed of his with another figure; what she finds said of it; how many
# rows there are.
ROWS = {
    "rate of exchange": (
        lambda window, _pair: ValueForms(window.bench, window).rate(),
        lambda _pair: {"currency": "KES", "per_usd": Decimal(130), "valid_from": DAY, "source": "hers"},
        lambda figure, _pair: (set_exchange_rate, "KES", DAY, figure * 1_000_000, "his"),
        "1 USD is {figure}.0000 KES", lambda office, _pair: [each.rate.per_usd_micros for each in office.read(rates)],
        130_000_000,
    ),
    "policy of value": (
        lambda window, _pair: ValueForms(window.bench, window).policy(),
        lambda _pair: {"valid_from": DAY, "life_months": 48, "source": "hers"},
        lambda figure, _pair: (set_value_policy, PolicyForm(DAY, life_months=figure, source="his")),
        "straight line over {figure} months",
        lambda office, _pair: [each.form.life_months for each in office.read(value_policies)], 48,
    ),
    "carrier's price": (
        lambda window, _pair: OutgoingForms(window.bench, window).set_price(None),
        lambda pair: {"carrier_id": pair.carrier, "item_class": "ordinary", "zone": "europe", "up_to": Decimal(1),
                      "price": Decimal(9), "valid_from": DAY, "source": "hers"},
        lambda figure, pair: (
            set_rate, RateForm(pair.carrier, "ordinary", "europe", 1000, DAY, figure * 100, "USD", 0, 0, "his")
        ),
        "{figure}.00", lambda office, pair: [each.price_cents for each in office.read(rate_card, pair.carrier)], 900,
    ),
    "limit of the pouch": (
        lambda window, _pair: PouchForms(window.bench, window).set_limit(),
        lambda pair: {"destination": pair.destination, "kg": Decimal(20), "valid_from": DAY, "source": "hers"},
        lambda figure, pair: (pouch.set_pouch_limit, pair.destination, Decimal(figure), DAY, "his"),
        "{figure} kg", lambda office, _pair: [valid.value for _id, valid in office.read(
            values_said, "pouch_bag_most", "GVA").values], Decimal(20),
    ),
    "value from a later day": (
        dated_form, lambda _pair: {"value": 2000, "valid_from": DAY, "source": "hers"},
        lambda figure, _pair: (set_value, SETTING, DAY, figure, "", "his"), "{figure} USD",
        lambda office, _pair: [valid.value for _id, valid in office.read(values_said, SETTING).values], 2000,
    ),
    "order of ranks": (
        lambda window, _pair: StandingForms(window.bench, window).set_ranks(), lambda _pair: {"start": DAY},
        lambda figure, _pair: (set_rank_order, DAY, [*SHIPPED[figure % 3 + 1:], *SHIPPED[:figure % 3 + 1]]),
        "the order is already", lambda office, _pair: [ranks for first, ranks in office.read(rank_orders) if first],
        None,
    ),
}  # fmt: skip


def replace(pair, show, values, deed, told, rows, mine):
    hers, his = pair.hers, pair.his
    show(hers.window, pair)
    box = fill(hers, values(pair))
    # He was quicker, and is once more after she has read his first.
    for figure in (31, 32):
        his.window.office.write(*deed(figure, pair))
        stood = rows(hers.window.office, pair)
        box.save()
        words = told.format(figure=figure)
        hers.until(lambda words=words: words in " ".join(label.text() for label in box.form._faults.values()))
        assert rows(hers.window.office, pair) == stood
        assert len(stood) == 1
    box.save()
    hers.gone()
    [now] = rows(hers.window.office, pair)
    assert now != stood[0]
    assert mine is None or now == mine


def test_what_stands_from_a_day_on_is_told_before_it_is_replaced(pair):
    for name, form in ROWS.items():
        try:
            replace(pair, *form)
        except BaseException as error:
            error.add_note(f"the form of: {name}")
            raise
