"""What a capture comes to: a secret, a flaw, silence, or the wish for a person."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from throughline.captures.keyed_in import NOTHING, Keyed, keyed_in
from throughline.captures.vault import FakeVault, NotOpened
from throughline.privacy.payment_card import PaymentCard, said_card
from throughline.privacy.sealed import Sealed

NOW = 1_795_000_000.0
PAN = "4111111111111111"
VAULT = FakeVault(
    {"pan": PAN, "exp": "1230", "cvv": "123", "off": "4111111111111112", "0": "0", "#": "#", "pin": "7306"}
)


def parts(**given: str) -> Mapping[str, Sealed]:
    return {name: Sealed(value) for name, value in given.items()}


def test_a_good_card_is_sealed_in_one() -> None:
    keyed = keyed_in("card_number", parts(value="pan", expiry="exp", security_code="cvv"), VAULT, NOW)
    assert keyed.secret is not None and not keyed.flaw and not keyed.person
    assert said_card(keyed.secret.reveal(), NOW) == PaymentCard(PAN, 12, 2030, "123")


@pytest.mark.parametrize(
    ("given", "flaw"),
    [
        ({"value": "off", "expiry": "exp", "security_code": "cvv"}, "bad_number"),
        ({"value": "pan", "expiry": "cvv", "security_code": "cvv"}, "bad_expiry"),
        ({"value": "pan", "expiry": "exp", "security_code": "pan"}, "bad_code"),
    ],
)
def test_what_cannot_be_right_is_named_and_dropped(given: dict[str, str], flaw: str) -> None:
    assert keyed_in("card_number", parts(**given), VAULT, NOW) == Keyed(flaw=flaw)


@pytest.mark.parametrize("missing", ["", "Timeout", "#"])
@pytest.mark.parametrize("part", ["value", "expiry", "security_code"])
def test_a_part_that_did_not_come_is_silence(part: str, missing: str) -> None:
    given = {"value": "pan", "expiry": "exp", "security_code": "cvv"} | {part: missing}
    assert keyed_in("card_number", parts(**given), VAULT, NOW) == NOTHING


def test_no_parameters_at_all_are_silence() -> None:
    assert keyed_in("pin", {}, VAULT, NOW) == NOTHING


def test_zero_alone_calls_a_person_at_any_part() -> None:
    assert keyed_in("pin", parts(value="0"), VAULT, NOW).person
    assert keyed_in("card_number", parts(value="pan", expiry="0"), VAULT, NOW).person


def test_a_pin_is_sealed_as_it_is() -> None:
    keyed = keyed_in("pin", parts(value="pin"), VAULT, NOW)
    assert keyed.secret is not None and keyed.secret.reveal() == "7306"


def test_digits_in_the_clear_are_never_taken_for_a_secret() -> None:
    with pytest.raises(NotOpened):
        keyed_in("card_number", parts(value=PAN, expiry="1230", security_code="123"), VAULT, NOW)
