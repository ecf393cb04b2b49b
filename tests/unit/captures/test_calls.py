"""Secrets by keys that nobody can read on the way: a card, a PIN, and the PIN that proves who calls."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from bank.fake.gateway import FAILS
from bank.fake.telephone_pins import pin_of
from tests.unit.captures.call import CONTACT, Call, Shop
from tests.unit.path.caller import KEYS
from throughline.calls.capturing import otherwise
from throughline.captures.vault import NotOpened
from throughline.channels import connect
from throughline.customers.pointer import read
from throughline.turn import Assurance

PAN, EXPIRY, CVV = "4111111111111111", "1230", "123"
BAD_PAN, DECLINED, EMPTY = "4111111111111112", "4000000000000002", "4000000000009995"


def paying(shop: Shop | None = None, **given: Any) -> Call:
    """A call that has come to the card."""
    call = Call(shop or Shop(), **given)
    call.says("PayByCard", {"biller": "power", "amount": "80"})
    call.says("Yes")
    return call


def pin_call(shop: Shop | None = None, **given: Any) -> Call:
    """A verified customer's call that has come to the new PIN."""
    call = Call(shop or Shop(), **given)
    verify(call)
    call.says("ChangePin", {"card": "debit"})
    call.says("Yes")
    return call


def verify(call: Call) -> None:
    """As if the customer had proved it in this contact."""
    held, _ = read(call.attributes["tl-pointer"], contact=call.contact, now=call.shop.now, keys=KEYS.pointer_keys())
    stored = call.shop.store.by_customer(held.customer, call.shop.now)
    assert stored is not None
    link = replace(stored.links[held.link], assurance=Assurance.VERIFIED)
    call.shop.store.save(replace(stored, links={held.link: link}), call.shop.now)
    token = connect_token(call, Assurance.VERIFIED)
    call.begin(token, "")


def connect_token(call: Call, assurance: Assurance) -> str:
    from throughline.customers.pointer import mint

    held, _ = read(call.attributes["tl-pointer"], contact=call.contact, now=call.shop.now, keys=KEYS.pointer_keys())
    expires = call.shop.now + 9_999
    return mint(held, contact=call.contact, assurance=assurance, expires=expires, keys=KEYS.pointer_keys())


def test_a_card_is_asked_for_by_a_capture_and_lex_never_hears_it() -> None:
    call = Call(Shop())
    call.says("PayByCard", {"biller": "power", "amount": "80"})
    assert call.next == ""
    action = call.says("Yes")
    assert action == {"type": "Close"}
    assert call.next == "capture:card" and call.attributes["tl-intent"] == "PayByCard"
    assert call.attributes["tl-question"].endswith(":card_number")


def test_a_good_card_pays_and_the_dialogue_goes_on_in_lex() -> None:
    call = paying()
    answer = call.capture("card", PAN, EXPIRY, CVV)
    assert answer["next"] == "" and "confirmation number" in answer["say"]
    assert "$80" in answer["say"] and answer["say"].startswith("<speak>")
    assert call.says("No") == {"type": "Close"}
    assert "tl-handover" not in call.attributes and call.next == ""


def test_only_a_token_is_kept_and_no_digit_of_the_card() -> None:
    call = paying()
    call.capture("card", PAN, EXPIRY, CVV)
    left = call.shop.left()
    assert "tok_" in left
    assert not any(secret in left for secret in (PAN, PAN[-4:], EXPIRY, "12/30"))


@pytest.mark.parametrize(
    ("keys", "hears"),
    [
        ((BAD_PAN, EXPIRY, CVV), "card number"),
        ((PAN, "1325", CVV), "expiry"),
        ((PAN, "0120", CVV), "expired"),
        ((PAN, EXPIRY, "1"), "security code"),
        ((DECLINED, EXPIRY, CVV), "turned the payment down"),
        ((EMPTY, EXPIRY, CVV), "enough"),
    ],
)
def test_a_card_that_cannot_pay_is_explained_and_another_one_is_captured(keys: tuple[str, ...], hears: str) -> None:
    call = paying()
    answer = call.capture("card", *keys)
    assert hears in answer["say"] and answer["next"] == "capture:card"
    assert "confirmation number" in call.capture("card", PAN, EXPIRY, CVV)["say"]


@pytest.mark.parametrize("keys", [(BAD_PAN, EXPIRY, CVV), (DECLINED, EXPIRY, CVV), ("Timeout",), ("",)])
def test_after_three_tries_a_person_helps(keys: tuple[str, ...]) -> None:
    call, found = paying(), []
    for _ in range(6):
        found.append(call.capture("card", *keys)["next"])
        if found[-1].startswith("handover:"):
            break
    assert found[-1] in ("handover:misses", "handover:silence")
    assert len(found) <= 4 and set(found[:-1]) == {"capture:card"}


def test_a_flawed_card_costs_no_announcement_and_no_call_of_the_bank() -> None:
    call = paying()
    writes = call.shop.store.operations.writes
    call.capture("card", BAD_PAN, EXPIRY, CVV)
    assert call.shop.store.operations.writes == writes + 1
    assert "card-payment" not in repr(call.shop.ledger._documents)


def test_zero_alone_calls_a_person_in_the_middle_of_a_capture() -> None:
    answer = paying().capture("card", PAN, "0")
    assert answer["next"] == "handover:asked" and answer["intent"] == "PayByCard"


def test_an_event_that_is_delivered_again_pays_once_and_says_the_same() -> None:
    call = paying()
    flow = call.flow()
    first = call.capture("card", PAN, EXPIRY, CVV)
    call.keyed, call.attributes["tl-question"] = 0, flow["question"]
    parameters = {"kind": "card", "value": f"cipher-{CONTACT}-1", "expiry": f"cipher-{CONTACT}-2"}
    parameters["security_code"] = f"cipher-{CONTACT}-3"
    again = call.deliver(call.event(parameters | flow))
    assert again == first
    assert sum("card-payment" in place for place in call.shop.ledger._documents) == 1


def test_the_same_question_asked_again_is_another_one_to_a_repeat() -> None:
    call = paying()
    first = call.attributes["tl-question"]
    call.capture("card", "Timeout")
    assert call.attributes["tl-question"] != first
    assert "confirmation number" in call.capture("card", PAN, EXPIRY, CVV)["say"]


def test_what_was_captured_for_another_question_is_dropped() -> None:
    call = paying()
    answer = call.capture("pin", "7306")
    assert answer["next"] == "capture:card" and "tok_" not in call.shop.left()


def test_a_card_that_is_spoken_instead_is_no_answer() -> None:
    call = paying()
    call.says("Fallback", text=f"{PAN} twelve thirty one two three")
    assert call.next == "capture:card" and "tok_" not in call.shop.left() and PAN not in call.shop.left()


def test_help_and_a_person_are_there_while_a_card_is_awaited() -> None:
    call = paying()
    call.says("Help")
    assert "long one on the card" in call.told[-1] and call.next == "capture:card"
    call.says("SpeakToAgent")
    assert call.attributes["tl-handover"] == "asked" and call.attributes["tl-intent"] == "PayByCard"


def test_a_hang_up_at_the_card_leaves_the_task_to_be_gone_on_with() -> None:
    shop = Shop()
    paying(shop)
    again = Call(shop, contact="second-contact")
    again.says("Greeting")
    assert "paying a bill by card" in again.told[-1]
    again.says("Yes")
    again.says("Yes")
    assert again.next == "capture:card"
    assert "confirmation number" in again.capture("card", PAN, EXPIRY, CVV)["say"]


def test_where_nothing_can_be_captured_the_customer_hears_where_it_is_safe() -> None:
    call = paying(captures="")
    assert call.next == "" and "secret number" in call.told[-1]


def test_a_guests_word_about_captures_counts_for_nothing() -> None:
    from throughline.channels import lex

    given = {
        "sessionId": "s-1",
        "inputMode": "Speech",
        "inputTranscript": "hi",
        "bot": {"aliasName": "guest", "localeId": "en_US"},
        "sessionState": {"sessionAttributes": {"tl-captures": "card pin"}},
    }
    turn, _ = lex.to_turn(lex.parse(given), at=1.0, fresh_id="f", keys=None)
    assert not turn.can.captures
    typed = {**given, "inputMode": "Text", "bot": {"aliasName": "live", "localeId": "en_US"}}
    assert not lex.to_turn(lex.parse(typed), at=1.0, fresh_id="f", keys=None)[0].can.captures


def test_a_new_pin_is_set_by_telephone() -> None:
    call = pin_call()
    assert call.next == "capture:pin"
    assert "too easy" in call.capture("pin", "1234")["say"]
    answer = call.capture("pin", "7306")
    assert answer["next"] == "" and "new PIN" in answer["say"]
    assert "7306" not in call.shop.left() and "1234" not in call.shop.left().replace("1234-", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((PAN, EXPIRY, CVV), ("5555555555554444", "0729", "987")),
        ((BAD_PAN, EXPIRY, CVV), ("5555555555554445", "1131", "4321")),
    ],
)
def test_two_calls_that_differ_only_in_the_card_leave_the_same_behind(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    left = []
    for keys in (one, other):
        call = paying()
        answer = call.capture("card", *keys)
        left.append((call.shop.left(), answer, call.shop.troubles.told, call.told))
    assert left[0] == left[1]


def test_of_many_random_payments_no_card_is_found_anywhere() -> None:
    chance = random.Random(5)
    for number in range(60):
        shop = Shop(failure_rate=0.3, chance=chance.random)
        call = paying(shop, contact=f"contact-{number}")
        said = []
        for _ in range(4):
            keys = chance.choice(((PAN, EXPIRY, CVV), (BAD_PAN, EXPIRY, CVV), (DECLINED, EXPIRY, CVV), ("Timeout",)))
            answer = call.capture("card", *keys)
            said.append(answer)
            if answer["next"] != "capture:card":
                break
        left = shop.left() + repr(said) + repr(call.told) + repr(shop.troubles.told)
        assert not any(secret in left for secret in (PAN, BAD_PAN, DECLINED, "12/30"))


def test_a_gateway_in_trouble_is_told_and_tried_again() -> None:
    answer = paying().capture("card", FAILS, EXPIRY, CVV)
    assert answer["next"] in ("", "capture:card") and "wrong on our side" in answer["say"]


def test_what_cannot_be_opened_ends_with_a_person_and_keeps_the_call() -> None:
    call = paying()
    event = call.event({"kind": "card", "value": PAN, "expiry": EXPIRY, "security_code": CVV} | call.flow())
    with pytest.raises(NotOpened):
        call.deliver(event)
    answer = otherwise(event, call.shop.model)
    assert answer["next"] == "handover:failed" and answer["say"]
    assert answer["pointer"] == call.attributes["tl-pointer"]
    assert PAN not in repr(answer)
    assert otherwise(None, call.shop.model)["next"] == "handover:failed"


# -- the PIN that proves who calls ------------------------------------------------------------------


def pinned(shop: Shop | None = None) -> tuple[Call, str]:
    """A claimed caller who wants their balance where a telephone PIN can be keyed in, and that PIN."""
    call = Call(shop or Shop(), captures="card pin telephone_pin")
    held, _ = read(call.data["pointer"], contact=CONTACT, now=call.shop.now, keys=KEYS.pointer_keys())
    call.says("CheckBalance", {"account": "checking"})
    return call, pin_of(held.customer)


def test_a_telephone_pin_proves_who_calls_and_the_task_goes_on() -> None:
    call, pin = pinned()
    assert call.next == "capture:telephone_pin"
    answer = call.capture("telephone_pin", pin)
    assert answer["next"] == "" and "$" in answer["say"]
    assert answer["pointer"] == call.data["pointer"]
    call.says("RecentTransactions", {"account": "checking"})
    assert call.next == "" and "$" in call.told[-1]
    call.shop.now += call.shop.model.limits.verified_minutes * 60
    call.says("CheckBalance", {"account": "checking"})
    assert call.next == "capture:telephone_pin"
    assert pin not in call.shop.left()


def test_a_wrong_pin_is_asked_for_again_and_then_another_way_is_found() -> None:
    call, pin = pinned()
    found = [call.capture("telephone_pin", "999999" if pin != "999999" else "111111")["next"] for _ in range(3)]
    assert found[:2] == ["capture:telephone_pin"] * 2
    assert found[2] != "capture:telephone_pin"


def test_no_pin_keyed_offers_a_code_instead() -> None:
    call, _ = pinned()
    assert call.capture("telephone_pin", "Timeout")["next"] == ""


def test_without_a_pointer_no_pin_is_asked_the_business() -> None:
    call, pin = pinned()
    call.attributes["tl-pointer"] = "forged"
    answer = call.capture("telephone_pin", pin)
    assert "$" not in answer["say"]


def test_the_parameters_are_sealed_before_anything_is_looked_at() -> None:
    call = paying()
    event = call.event({"kind": "card", "value": PAN} | call.flow())
    assert PAN not in repr(call.shop.capturing.parse(event))
    assert connect.capture_kind(call.shop.capturing.parse(event)) == "card_number"
