from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.connect.events import AskedFor, Stored, Unheard
from rehearsal.connect.inputs import HangUp, Keys, Said, Silence, Tick
from tests.unit.connect.line import Line, action, flow, say

FAILING = {"NoMatchingError": "error"}


def menu(**more: Any) -> Line:
    errors = {"InputTimeLimitExceeded": "late", "NoMatchingCondition": "other", **FAILING}
    parameters = {"Text": "Press 1 or star.", "StoreInput": "False", "InputTimeLimitSeconds": "5"}
    it = action("menu", "GetParticipantInput", parameters, "", {"1": "one", "*": "star"}, errors)
    return Line(flow(it, *map(say, ("one", "star", "late", "other", "error"))), **more)


def store(
    dtmf: dict[str, str] | None = None,
    encrypted: bool = False,
    phone: dict[str, str] | None = None,
    limit: str = "6",
) -> Line:
    validation: dict[str, object] = {"CustomValidation": {"MaximumLength": limit}}
    parameters: dict[str, object] = {
        "Text": "Key it in.",
        "StoreInput": "True",
        "InputTimeLimitSeconds": "8",
        "InputValidation": {"PhoneNumberValidation": phone} if phone else validation,
        "DTMFConfiguration": dtmf or {},
    }
    if encrypted:
        parameters["InputEncryption"] = {"EncryptionKeyId": "key-1", "Key": "a certificate"}
    errors = {"InvalidPhoneNumber": "invalid", **FAILING}
    it = action("store", "GetParticipantInput", parameters, "kept", errors=errors)
    return Line(flow(it, say("kept", "Kept $.StoredCustomerInput"), say("invalid"), say("error")))


@pytest.mark.parametrize(
    ("inputs", "branch"),
    [
        ([Keys("1")], "one"),
        ([Keys("*")], "star"),
        ([Keys("12")], "one"),
        ([Keys("7")], "other"),
        ([Silence()], "late"),
        ([Tick(4), Tick(1)], "late"),
        ([Tick(4.9), Keys("1")], "one"),
        ([Keys(""), Said("hello"), Keys("1")], "one"),
    ],
)
def test_a_menu_takes_one_key(inputs: list[Any], branch: str) -> None:
    line = menu().begin(*inputs)
    assert line.said[1:] == [branch]
    assert line.ended and line.ended.why == "flow"


def test_a_menu_asks_with_barge_in_and_loses_what_nobody_listens_to() -> None:
    line = menu().begin(Said("one please"))
    assert line.of(AskedFor) == [AskedFor("key", 5, maximum=1)]
    assert line.of(Unheard) == [Unheard("words")]
    assert line.events[1].barge_in  # type: ignore[union-attr]  # the second event is the prompt's


def test_a_chat_takes_the_error_branch_of_keys() -> None:
    assert menu(channel="CHAT").begin().said == ["error"]


def test_a_limit_that_is_no_number_takes_the_error_branch() -> None:
    it = action("menu", "GetParticipantInput", {"InputTimeLimitSeconds": "soon"}, errors=FAILING)
    assert Line(flow(it, say("error"))).begin().said == ["error"]


@pytest.mark.parametrize(
    ("inputs", "dtmf", "kept"),
    [
        ([Keys("1234#")], {}, "1234"),
        ([Keys("12"), Keys("34"), Keys("#")], {}, "1234"),
        ([Keys("123456")], {}, "123456"),
        ([Keys("1234567")], {}, "123456"),
        ([Keys("12"), Silence()], {}, "12"),
        ([Keys("12"), Tick(4), Keys("3"), Tick(4.9), Keys("4#")], {}, "1234"),
        ([Keys("12"), Tick(3)], {"InterdigitTimeLimitSeconds": "3"}, "12"),
        ([Silence()], {}, "Timeout"),
        ([Tick(8)], {}, "Timeout"),
        ([Keys("#")], {}, ""),
        ([Keys("12*34#")], {}, "34"),
        ([Keys("12*"), Silence()], {}, "Timeout"),
        ([Keys("12*34#")], {"DisableCancelKey": "True"}, "12*34"),
        ([Keys("12#3**")], {"InputTerminationSequence": "**", "DisableCancelKey": "True"}, "12#3"),
        ([Keys("123456**")], {"InputTerminationSequence": "**"}, "123456"),
        ([Keys("12*"), Keys("*")], {"InputTerminationSequence": "**"}, "12"),
    ],
)
def test_stored_input(inputs: list[Any], dtmf: dict[str, str], kept: str) -> None:
    line = store(dtmf).begin(*inputs)
    assert line.data.stored == kept
    assert line.said[1:] == [f"Kept {kept}"]
    assert line.of(Stored)[0].timed_out == (kept == "Timeout")


def test_stored_input_that_is_cancelled_begins_anew_with_its_first_limit() -> None:
    line = store().begin(Keys("12*"), Tick(6))
    assert line.contact.waiting
    assert line.take(Tick(2)).data.stored == "Timeout"


def test_encrypted_input_is_ciphertext_and_a_timeout_is_not() -> None:
    line = store(encrypted=True).begin(Keys("1234#"))
    assert "1234" not in line.data.stored and line.of(Stored) == [Stored(True, False)]
    assert line.of(AskedFor)[0].encrypted
    assert store(encrypted=True).begin(Silence()).data.stored == "Timeout"


def test_encryption_without_a_key_takes_the_error_branch() -> None:
    parameters = {"StoreInput": "True", "InputEncryption": {"EncryptionKeyId": "key-1"}, "InputTimeLimitSeconds": "5"}
    line = Line(flow(action("s", "GetParticipantInput", parameters, errors=FAILING), say("error"))).begin()
    assert line.said == ["error"]


@pytest.mark.parametrize(
    ("phone", "keys", "said"),
    [
        ({"NumberFormat": "Local", "CountryCode": "US"}, "5555550123#", "Kept +15555550123"),
        ({"NumberFormat": "Local", "CountryCode": "US"}, "555#", "invalid"),
        ({"NumberFormat": "Local", "CountryCode": "GB"}, "02079460000#", "Kept +442079460000"),
        ({"NumberFormat": "E164"}, "15555550123#", "Kept +15555550123"),
        ({"NumberFormat": "E164"}, "0155#", "invalid"),
    ],
)
def test_telephone_numbers_are_checked(phone: dict[str, str], keys: str, said: str) -> None:
    assert store(phone=phone).begin(Keys(keys)).said[1:] == [said]


def test_logs_and_tapes_hold_keys_unless_they_are_switched_off() -> None:
    loud = store(encrypted=True)
    loud.data.logging = loud.data.automated_recorded = True
    loud.begin(Keys("12"), Keys("34#"))
    assert loud.contact.records.log[0]["Results"] == "1234#"
    assert loud.contact.records.tape[1:3] == ["customer: 12", "customer: 34#"]
    quiet = store(encrypted=True).begin(Keys("1234#"))
    assert quiet.contact.records.log == [] and quiet.contact.records.tape == []


@given(st.lists(st.text("0123456789*#", max_size=6).map(Keys) | st.just(Silence()), max_size=8))
def test_stored_input_never_grows_beyond_its_length(inputs: list[Any]) -> None:
    line = store(limit="4").begin(*inputs, HangUp())
    assert line.data.stored == "Timeout" or len(line.data.stored) <= 4
    assert line.ended
