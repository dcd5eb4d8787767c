"""Labels that say whom an item is for: GS1 transport elements and the transport envelope, whole and broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.mail import Label, read_label

GS, RS, EOT = "\x1d", "\x1e", "\x04"


def test_transport_elements_fill_the_addressee_in():
    text = (
        f"]C100340123450000000000{GS}4300United+Nations+Environment{GS}4301Elsa+Lindqvist{GS}4302UN+Avenue%2C+Gigiri"
        f"{GS}4305Nairobi{GS}4307KE{GS}4308%2B254207621234{GS}42000100{GS}43231{GS}3302001250"
    )
    label = read_label(text)
    assert label == Label(
        number="340123450000000000",
        carrier="SSCC",
        name="Elsa Lindqvist",
        company="United Nations Environment",
        address=("UN Avenue, Gigiri", "Nairobi"),
        postcode="00100",
        country="KE",
        phone="+254207621234",
        weight=12.5,
        signature=True,
    )
    assert label.addressee == "Elsa Lindqvist, United Nations Environment"


def test_bracketed_elements_are_the_same():
    label = read_label("(00)340123450000000000(4301)Elsa+Lindqvist(421)40400100(3401)000220")
    assert (label.number, label.name, label.postcode, label.country) == (
        "340123450000000000", "Elsa Lindqvist", "00100", "404",
    )  # fmt: skip
    assert label.weight == 9.979  # 22.0 lb · 0.45359237


def test_an_envelope_of_fedex():
    fields = ["0296813", "840", "019", "9865787888550201", "FDE", "123456789", "071", "", "1/2", "10.0LB", "N"]
    fields += ["1 UN Plaza", "Honolulu", "HI", "Elsa Lindqvist"]
    label = read_label(f"[)>{RS}01{GS}{GS.join(fields)}{RS}06{GS}10ZEI001{RS}{EOT}")
    assert label == Label(
        number="986578788855",
        carrier="FedEx",
        service="Express",
        name="Elsa Lindqvist",
        address=("1 UN Plaza", "Honolulu", "HI"),
        postcode="96813",
        country="840",
        weight=4.536,
        piece="1/2",
    )


def test_an_envelope_of_ups():
    fields = ["96841706672", "840", "001", "1Z5R89390357567127", "UPSN", "5R8939", "089", "", "1/1", "10.1", "Y"]
    label = read_label(f"[)>{RS}01{GS}{GS.join([*fields, '', '', 'UT'])}{RS}{EOT}")
    assert (label.number, label.carrier, label.service) == ("1Z5R89390357567127", "UPS", "Ground")
    assert (label.postcode, label.weight, label.address) == ("841706672", 4.581, ("UT",))
    # The postcode of Honolulu begins as the envelope's own mark does.
    assert read_label(f"[)>{RS}01{GS}96813{GS}840{GS}001{GS}1Z5R89390357567127{GS}UPSN{RS}").postcode == "96813"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RR473124829KE",
        "(8004)95060001ABC123",
        "(01)09506000134352",
        "[)>",
        f"[)>{RS}01{GS}96",
        "x" * 10_000,
        "\ud800",
    ],
)
def test_what_is_no_transport_label_says_nothing(text):
    assert read_label(text) is None


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet=f"0123456789{GS}{RS}AB%+()", max_size=80).map(lambda tail: f"]C1{tail}"),
        st.text(max_size=60).map(lambda tail: f"]C10034012345000000000043{tail}"),
        st.lists(st.text(max_size=12), max_size=20).map(lambda fields: f"[)>{RS}01{GS}96{GS.join(fields)}{RS}"),
        st.text(alphabet="0123456789³²٣", max_size=12).map(lambda digits: f"(00)340123450000000000(3302){digits}"),
    )
)
def test_nothing_upsets_it(text):
    label = read_label(text)
    if label is not None:
        words = (label.number, label.name, label.company, *label.address, label.postcode, label.country, label.phone)
        assert all(word.isprintable() for word in words)
        assert label.weight is None or label.weight >= 0
