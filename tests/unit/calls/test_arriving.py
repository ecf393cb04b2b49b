"""The data dip: whom the number claims, what the flow may know of them, and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.captures.call import CONTACT, NUMBER, Call, Shop
from tests.unit.path.caller import KEYS
from throughline.calls.arriving import UNKNOWN, arrived
from throughline.channels import connect
from throughline.customers.pointer import mint, read
from throughline.customers.profile import noted
from throughline.customers.store import Conflict, Stored
from throughline.dialogue.changes import Noted
from throughline.dialogue.state import decode, encode
from throughline.errors import StoreUnavailable
from throughline.turn import Assurance


def asked(shop: Shop, parameters: dict[str, str] | None = None, **data: Any) -> dict[str, str]:
    contact = {
        "ContactId": CONTACT,
        "Channel": "VOICE",
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": NUMBER},
    }
    event = {"Details": {"Parameters": parameters or {}, "ContactData": contact | data}}
    return arrived(connect.parse(event), shop.store, KEYS.pointer_keys(), shop.model, shop.now)


def known(shop: Shop, assurance: Assurance, **facts: str) -> Stored:
    shop.enrol(NUMBER, assurance)
    stored, link = shop.store.by_address(connect.parse(_call()).number, shop.now)  # type: ignore[arg-type]
    profile = stored.profile
    for path, value in facts.items():
        kind, _, key = path.partition("__")
        profile = noted(profile, Noted(kind, key.replace("__", "."), value), link=link, at=shop.now, by="customer")
    return shop.store.save(replace(stored, profile=profile), shop.now)


def _call() -> dict[str, Any]:
    return {
        "Details": {
            "ContactData": {
                "ContactId": CONTACT,
                "Channel": "VOICE",
                "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": NUMBER},
            }
        }
    }


def test_a_stranger_is_kept_under_the_number_so_that_their_call_is_one_conversation(shop: Shop) -> None:
    told = asked(shop)
    assert (told["assurance"], told["known"], told["tier"], told["recording"]) == (
        "anonymous",
        "false",
        "standard",
        "unknown",
    )
    pointer, assurance = read(told["pointer"], contact=CONTACT, now=shop.now, keys=KEYS.pointer_keys())
    assert assurance is Assurance.ANONYMOUS
    assert shop.store.by_pointer(pointer, shop.now) is not None


def test_a_number_is_a_claim_and_no_more_however_well_it_is_proved(shop: Shop) -> None:
    known(shop, Assurance.VERIFIED, name="Ada", locale="en_US")
    told = asked(shop)
    assert told["assurance"] == "claimed" and told["known"] == "true" and told["language"] == "en-US"
    assert "Ada" not in repr(told)
    _, assurance = read(told["pointer"], contact=CONTACT, now=shop.now, keys=KEYS.pointer_keys())
    assert assurance is Assurance.CLAIMED


def test_a_known_caller_costs_two_reads_and_no_write(shop: Shop) -> None:
    known(shop, Assurance.VERIFIED)
    operations = shop.store.operations
    reads, writes = operations.reads, operations.writes
    asked(shop)
    assert (operations.reads - reads, operations.writes - writes) == (2, 0)


def test_the_same_event_again_gives_the_same_answer(shop: Shop) -> None:
    assert asked(shop) == asked(shop)
    known(shop, Assurance.VERIFIED)
    assert asked(shop) == asked(shop)


def test_a_valued_customer_waits_less(shop: Shop) -> None:
    known(shop, Assurance.VERIFIED, trait__value="high")
    assert asked(shop)["tier"] == "priority"


@pytest.mark.parametrize(("value", "told"), [("withdrawn", "denied"), ("given", "unknown")])
def test_a_refused_recording_is_honoured_for_whoever_calls_and_a_consent_is_the_provens(
    shop: Shop, value: str, told: str
) -> None:
    known(shop, Assurance.VERIFIED, consent__voice__recording=value)
    assert asked(shop)["recording"] == told


def test_who_comes_by_a_pointer_worth_more_has_given_their_consent(shop: Shop) -> None:
    stored = known(shop, Assurance.VERIFIED, consent__voice__recording="given")
    pointer = asked(shop)["pointer"]
    held, _ = read(pointer, contact=CONTACT, now=shop.now, keys=KEYS.pointer_keys())
    proved = mint(held, contact=CONTACT, assurance=Assurance.LINKED, expires=shop.now + 9, keys=KEYS.pointer_keys())
    told = asked(shop, {"pointer": proved})
    assert told["recording"] == "granted" and told["pointer"] == proved and stored.customer == held.customer


def test_a_transferred_contact_gets_a_pointer_of_its_own_worth_no_pin(shop: Shop) -> None:
    known(shop, Assurance.VERIFIED)
    held, _ = read(asked(shop)["pointer"], contact=CONTACT, now=shop.now, keys=KEYS.pointer_keys())
    pin = mint(held, contact=CONTACT, assurance=Assurance.VERIFIED, expires=shop.now + 9, keys=KEYS.pointer_keys())
    told = asked(shop, {"pointer": pin}, ContactId="after-the-transfer", InitialContactId=CONTACT)
    again, assurance = read(told["pointer"], contact="after-the-transfer", now=shop.now, keys=KEYS.pointer_keys())
    assert again == held and assurance is Assurance.LINKED


def test_a_chat_without_a_pointer_and_a_withheld_number_are_strangers(shop: Shop) -> None:
    assert asked(shop, Channel="CHAT") == UNKNOWN
    assert asked(shop, CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "anonymous"}) == UNKNOWN
    assert asked(shop, {"pointer": "forged"}, Channel="CHAT") == UNKNOWN


def test_two_first_events_at_once_make_one_customer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    save = shop.store.save

    def late(stored: Stored, now: float) -> Stored:
        raise Conflict(save(stored, now))

    monkeypatch.setattr(shop.store, "save", late)
    assert read(asked(shop)["pointer"], contact=CONTACT, now=shop.now, keys=KEYS.pointer_keys())


def test_a_store_in_trouble_is_the_handlers_to_answer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object) -> Stored:
        raise StoreUnavailable("away")

    monkeypatch.setattr(shop.store, "by_address", broken)
    with pytest.raises(StoreUnavailable):
        asked(shop)


def test_a_conversation_that_a_person_has_is_told(shop: Shop) -> None:
    call = Call(shop)
    call.says("SpeakToAgent")
    assert asked(shop)["person"] == "true"


def test_a_call_that_no_person_took_is_the_assistants_again(shop: Shop) -> None:
    call = Call(shop)
    token = asked(shop)["pointer"]
    call.says("SpeakToAgent")
    assert asked(shop, {"pointer": token})["person"] == "true"
    assert asked(shop, {"pointer": token, "back": "true"})["person"] == "false"


def test_another_contact_does_not_take_the_conversation_from_a_person(shop: Shop) -> None:
    Call(shop).says("SpeakToAgent")
    asked(shop, {"back": "true"}, ContactId="another-contact")
    assert asked(shop)["person"] == "true"


def test_who_rings_anew_is_with_no_person_of_an_earlier_call(shop: Shop) -> None:
    Call(shop).says("SpeakToAgent")
    assert asked(shop, ContactId="another-contact")["person"] == "false"


def test_who_is_with_a_person_in_a_chat_is_put_through_when_they_ring(shop: Shop) -> None:
    Call(shop).says("SpeakToAgent")
    stored, _ = shop.store.by_address(connect.parse(_call()).number, shop.now)  # type: ignore[arg-type]
    state = decode(stored.state)
    assert state.person is not None
    elsewhere = replace(state, person=replace(state.person, session="web:of-a-page"))
    shop.store.save(replace(stored, state=encode(elsewhere)), shop.now)
    assert asked(shop, ContactId="another-contact")["person"] == "true"
