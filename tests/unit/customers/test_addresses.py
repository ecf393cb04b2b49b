"""One address has one spelling and one hash; its value shows nowhere."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import KeyRing
from throughline.errors import EventError

ONE = KeyRing("a1", {"a1": b"an address key, long enough"})
TWO = KeyRing("a2", {"a1": b"an address key, long enough", "a2": b"the next address key, longer"})


@pytest.mark.parametrize(
    ("kind", "raw", "normal"),
    [
        (AddressKind.PHONE, "+12025550143", "+12025550143"),
        (AddressKind.PHONE, " +1 (202) 555-0143 ", "+12025550143"),
        (AddressKind.PHONE, "0044 20 7946 0958", "+442079460958"),
        (AddressKind.PHONE, "+1\u2011202.555/0143", "+12025550143"),
        (
            AddressKind.PHONE,
            "\uff0b\uff11\uff12\uff10\uff12\uff15\uff15\uff15\uff10\uff11\uff14\uff13",
            "+12025550143",
        ),
        (AddressKind.EMAIL, " Pat@Example.COM ", "pat@example.com"),
        (AddressKind.EMAIL, "pat+bank@example.com.", "pat+bank@example.com"),
        (AddressKind.EMAIL, "STRASSE@example.com", "strasse@example.com"),
        (AddressKind.EMAIL, "straße@example.com", "strasse@example.com"),
        (AddressKind.ALEXA, " amzn1.ask.account.AbC ", "amzn1.ask.account.AbC"),
    ],
)
def test_every_spelling_of_an_address_is_the_same(kind: AddressKind, raw: str, normal: str) -> None:
    assert Address(kind, raw) == Address(kind, normal)
    assert Address(kind, raw).value == normal


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (AddressKind.PHONE, ""),
        (AddressKind.PHONE, "withheld"),
        (AddressKind.PHONE, "2025550143"),
        (AddressKind.PHONE, "+0123456789"),
        (AddressKind.PHONE, "+1202555014312345678"),
        (AddressKind.PHONE, "+1202555\u0661\u0661\u0661\u0661"),
        (AddressKind.EMAIL, "pat"),
        (AddressKind.EMAIL, "pat@example@com"),
        (AddressKind.EMAIL, "Pat <pat@example.com>"),
        (AddressKind.EMAIL, "a@b\nbcc:c@d"),
        (AddressKind.EMAIL, "pat\ud800@example.com"),
        (AddressKind.WEB, ""),
        (AddressKind.WEB, "x" * 513),
        (AddressKind.APP, "two words"),
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(kind: AddressKind, raw: str) -> None:
    with pytest.raises(EventError) as error:
        Address(kind, raw)
    assert not raw or raw not in str(error.value)


@given(st.sampled_from(AddressKind), st.text())
def test_any_text_is_an_address_or_an_event_error(kind: AddressKind, raw: str) -> None:
    try:
        address = Address(kind, raw)
    except EventError:
        return
    assert Address(kind, address.value) == address


def test_its_value_is_never_printed() -> None:
    address = Address(AddressKind.PHONE, "+12025550143")
    shown = f"{address} {address!r} {[address]} {traceback.format_exception_only(ValueError(address))}"
    assert "0143" not in shown


def test_a_hash_tells_nothing_without_the_key_and_differs_by_kind_and_key() -> None:
    web, app = Address(AddressKind.WEB, "device-1"), Address(AddressKind.APP, "device-1")
    other = KeyRing("a1", {"a1": b"another key of the same name"})
    assert len({web.hashed(ONE), app.hashed(ONE), web.hashed(TWO), web.hashed(other)}) == 4


def test_the_current_keys_hash_comes_first_and_older_ones_stay_known() -> None:
    address = Address(AddressKind.EMAIL, "pat@example.com")
    assert address.hashes(TWO) == (address.hashed(TWO), address.hashed(ONE))
    assert address.hashed(TWO).startswith("a2.")
