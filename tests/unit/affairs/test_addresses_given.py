"""Telephone numbers as people give them, with and without their country."""

from __future__ import annotations

import pytest

from tests.unit.affairs.clerk import NOW
from throughline.affairs.sending import address_given
from throughline.customers.addresses import Address, AddressKind
from throughline.dialogue.action import Assurance, Call, Invalid


def given(locale: str, **slots: str) -> Address | Invalid | None:
    call = Call("Any", slots, "c-pat", Assurance.CLAIMED, "k", NOW, NOW + 4, locale)
    return address_given(call)


@pytest.mark.parametrize(
    ("locale", "number", "meant"),
    [
        ("en_US", "2025550143", "+12025550143"),
        ("en_US", "(202) 555-0143", "+12025550143"),
        ("en_US", "12025550143", "+12025550143"),
        ("en_US", "+442079460143", "+442079460143"),
        ("en_US", "00442079460143", "+442079460143"),
        ("en_GB", "02079460143", "+442079460143"),
        ("es_ES", "912345678", "+34912345678"),
    ],
)
def test_a_number_is_completed_by_the_country_it_is_said_in(locale: str, number: str, meant: str) -> None:
    assert given(locale, phone_number=number) == Address(AddressKind.PHONE, meant)


def test_where_the_country_is_not_known_a_number_needs_its_plus() -> None:
    assert given("en_XX", phone_number="2025550143") == Invalid("phone_number", "unusable")
    assert given("", phone_number="+12025550143") == Address(AddressKind.PHONE, "+12025550143")


def test_the_way_that_was_chosen_says_which_address_counts() -> None:
    both = {"phone_number": "+12025550143", "email_address": "Pat@Example.com"}
    mail = Address(AddressKind.EMAIL, "pat@example.com")
    assert given("en_US", **both, code_by="email") == given("en_US", **both, contact_way="email") == mail
    assert given("en_US", **both, contact_way="text") == Address(AddressKind.PHONE, "+12025550143")
    assert given("en_US", contact_way="alexa") is None
