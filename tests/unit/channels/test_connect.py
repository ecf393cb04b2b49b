"""Connect's events are checked and masked, and answers are flat and small."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.channels.lantern import KEYS
from throughline.channels import connect
from throughline.channels.capabilities import CAPTURES, capture_name, captured_kinds
from throughline.customers.pointer import Pointer, mint
from throughline.errors import EventError
from throughline.turn import Assurance

NOW = 1_790_000_000.0
CONTACT = "7f3b1f2e-6d0c-4a53-9f0e-5b1d2c3a4e5f"


def event(parameters: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    """As the Administrator Guide shows it."""
    contact = {
        "Attributes": {},
        "Channel": "VOICE",
        "ContactId": CONTACT,
        "CustomerEndpoint": {"Address": "+12125550101", "Type": "TELEPHONE_NUMBER"},
        "InitialContactId": CONTACT,
        "LanguageCode": "en-US",
        "Queue": None,
        **data,
    }
    return {"Name": "ContactFlowEvent", "Details": {"Parameters": parameters or {}, "ContactData": contact}}


def test_an_event_tells_the_contact_who_calls_and_what_the_flow_says() -> None:
    found = connect.parse(event({"kind": "card"}, Queue={"Name": "cards"}))
    assert (found.contact, found.channel, found.locale, found.queue) == (CONTACT, "VOICE", "en_US", "cards")
    assert found.number is not None and found.number.value == "+12125550101"
    assert found.parameters == {"kind": "card"} and found.related == ()


@pytest.mark.parametrize("bad", [None, [], {}, {"Details": {}}, {"Details": {"ContactData": {"ContactId": ""}}}])
def test_without_a_contact_there_is_nothing_to_answer(bad: object) -> None:
    with pytest.raises(EventError):
        connect.parse(bad)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, JSON, JSON)
def test_whatever_is_in_the_event_it_is_read_or_refused(parameters: Any, endpoint: Any, data: Any) -> None:
    given_event = event(parameters, CustomerEndpoint=endpoint, Queue=data, LanguageCode=data, Channel=data)
    found = connect.parse(given_event, secret={"value"})
    assert found.contact == CONTACT


@pytest.mark.parametrize("address", ["anonymous", "", None, "+1", "sip:someone@example.com", 5])
def test_a_withheld_number_is_nobodys(address: object) -> None:
    found = connect.parse(event(CustomerEndpoint={"Address": address, "Type": "TELEPHONE_NUMBER"}))
    assert found.number is None


def test_in_a_chat_no_number_is_believed() -> None:
    assert connect.parse(event(Channel="CHAT")).number is None


def test_a_card_number_in_a_parameter_is_masked_and_a_ciphertext_is_sealed() -> None:
    found = connect.parse(event({"note": "paid with 4111 1111 1111 1111", "value": "c" * 9000}), secret={"value"})
    assert found.parameters == {"note": "paid with [card number]"}
    assert found.sealed["value"].reveal() == "c" * 9000
    assert "cccc" not in repr(found)


def test_too_much_is_cut_and_odd_names_are_left_out() -> None:
    found = connect.parse(event({"a b": "1", "note": "x" * 99_999, **{f"p{n}": "1" for n in range(99)}}))
    assert "a b" not in found.parameters
    assert len(found.parameters) <= connect.MOST_PARAMETERS
    assert len(found.parameters["note"]) == connect.LONGEST


def test_a_pointer_counts_for_its_contact_and_for_those_that_go_on_from_it() -> None:
    pointer = Pointer("cabc", "labc", 1)
    token = mint(pointer, contact=CONTACT, assurance=Assurance.CLAIMED, expires=NOW + 60, keys=KEYS.pointer)
    here = connect.parse(event({"pointer": token}))
    after = connect.parse(event({"pointer": token}, ContactId="another", InitialContactId=CONTACT))
    elsewhere = connect.parse(event({"pointer": token}, ContactId="another", InitialContactId="another"))
    assert connect.pointer_in(here, NOW, KEYS.pointer) == (pointer, Assurance.CLAIMED, CONTACT)
    assert connect.pointer_in(after, NOW, KEYS.pointer) == (pointer, Assurance.CLAIMED, CONTACT)
    assert connect.pointer_in(elsewhere, NOW, KEYS.pointer) is None
    assert connect.pointer_in(here, NOW + 61, KEYS.pointer) is None


def test_a_captures_turn_id_is_of_contact_and_question_and_of_nothing_that_was_keyed() -> None:
    def id_of(**parameters: str) -> str:
        return connect.turn_id(connect.parse(event(parameters), secret={"value"}), KEYS.pointer)

    assert id_of(question="q1:pin", value="one") == id_of(question="q1:pin", value="two")
    assert id_of(question="q1:pin") != id_of(question="q2:pin")


def test_a_capture_of_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(EventError):
        connect.capture_kind(connect.parse(event({"kind": "fingerprint"})))


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=20_000), max_size=6))
def test_an_answer_is_flat_and_fits_whatever_is_told(values: dict[str, str]) -> None:
    found = connect.answer(values)
    assert all(isinstance(value, str) for value in found.values())
    assert len(json.dumps(found).encode()) <= connect.MOST_BYTES


def test_what_is_said_is_speech_and_not_too_long() -> None:
    assert connect.speak("") == ""
    assert connect.speak("Hello.") == "<speak>Hello.</speak>"
    assert len(connect.speak("<emphasis>word</emphasis> " * 400)) < 3000


def test_names_of_captures_lead_to_their_kinds_and_back() -> None:
    assert captured_kinds("card pin nonsense") == {"card_number", "pin"}
    assert all(capture_name(kind) == name for name, kind in CAPTURES.items())
