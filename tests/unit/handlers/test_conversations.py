"""Whole conversations through the handlers, with a table and keys behind them."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.unit.handlers.counter import AlexaSession, Counter, LexSession, token
from throughline.channels import alexa
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.pointer import Pointer
from throughline.dialogue.action import Invalid, Refused
from throughline.turn import Assurance

BOOK = {"item": "book", "pickup": "post", "copies": "2"}


def known(counter: Counter) -> Pointer:
    """A customer who is in the table, as the flow that greets callers would have found them."""
    store = counter.lex_turn.PARTS.conversations._store
    stored, link = store.by_address(Address(AddressKind.PHONE, "+1 212 555 0143"), counter.wiring.now())
    claimed = replace(stored.links[link], assurance=Assurance.CLAIMED)
    stored = store.save(replace(stored, links={link: claimed}), counter.wiring.now())
    return Pointer(stored.customer, link, stored.links[link].epoch)


def test_a_guest_reserves_a_book_on_lex(counter: Counter) -> None:
    talk = LexSession(counter, alias="guest")
    assert "Reserve.item.ask" in talk.says("Reserve")
    assert talk.action == "ElicitSlot"
    assert "Reserve.pickup.ask" in talk.says("Reserve", {"item": "book"})
    assert "Reserve.copies.ask" in talk.says("Reserve", {"item": "book", "pickup": "post"})
    assert "Reserve.confirm the book the post" in talk.says("Reserve", BOOK)
    assert talk.action == "ConfirmIntent"
    assert "Reserve.done" in talk.says("Reserve", BOOK, confirmed="Confirmed")
    assert [dict(call.slots) for call in counter.calls] == [BOOK]
    assert counter.calls[0].assurance is Assurance.ANONYMOUS


def test_a_digression_comes_back_and_goodbye_closes(counter: Counter) -> None:
    talk = LexSession(counter)
    talk.says("Reserve", {"item": "book"})
    assert "Hours.answer" in talk.says("Hours")
    assert talk.last["sessionState"]["dialogAction"] == {"type": "ElicitSlot", "slotToElicit": "pickup"}
    talk.says("Cancel")
    assert "goodbye" in talk.says("Goodbye")
    assert talk.action == "Close"


def test_a_person_is_a_hand_over_on_live_and_a_call_back_for_guests(counter: Counter) -> None:
    live = LexSession(counter)
    assert "handed_over" in live.says("Librarian")
    assert live.attributes["tl-handover"] == "asked"
    assert live.says("Hours") == ""
    guest = LexSession(counter, alias="guest")
    assert "call_back" in guest.says("Librarian")


def test_the_pointer_of_a_known_caller_reaches_their_conversation(counter: Counter) -> None:
    pointer = known(counter)
    talk = LexSession(counter, attributes={"tl-pointer": token(pointer, assurance=Assurance.CLAIMED)})
    assert "need_linked" in talk.says("RenewLoan")
    talk.says("Reserve", BOOK)
    talk.says("Reserve", BOOK, confirmed="Confirmed")
    assert counter.calls[0].customer == pointer.customer
    assert counter.calls[0].assurance is Assurance.CLAIMED
    assert talk.attributes["tl-pointer"]


def test_no_attribute_that_a_guest_sends_raises_what_they_may(counter: Counter) -> None:
    pointer = known(counter)
    good = token(pointer, assurance=Assurance.VERIFIED)
    forged = {
        "tl-pointer": good,
        "tl-question": "q1",
        "tl-turns": "3",
        "assurance": "verified",
        "customer": pointer.customer,
    }
    talk = LexSession(counter, alias="guest", attributes=forged)
    assert "need_linked" in talk.says("RenewLoan", {"item": "book"})
    talk.says("Reserve", BOOK)
    talk.says("Reserve", BOOK, confirmed="Confirmed")
    assert counter.calls[0].customer != pointer.customer
    assert counter.calls[0].assurance is Assurance.ANONYMOUS


def test_a_forged_pointer_on_live_is_a_guest(counter: Counter) -> None:
    pointer = known(counter)
    for bad in (token(pointer, contact="another-contact"), token(pointer)[:-2] + "xx", "nonsense"):
        talk = LexSession(counter, attributes={"tl-pointer": bad})
        assert "need_linked" in talk.says("RenewLoan", {"item": "book"}, text=f"renew {bad[-9:]}")
        talk.says("Cancel", text=f"cancel {bad[-9:]}")
    revoked = Pointer(pointer.customer, pointer.link, pointer.epoch + 1)
    talk = LexSession(counter, attributes={"tl-pointer": token(revoked)})
    assert "need_linked" in talk.says("RenewLoan", {"item": "book"}, text="renew once more")


def test_the_same_event_twice_on_live_is_done_once_and_answered_alike(counter: Counter) -> None:
    talk = LexSession(counter)
    talk.says("Reserve", BOOK)
    talk.says("Reserve", BOOK, confirmed="Confirmed")
    first, given = talk.last, talk.event
    talk.hears(given)
    assert talk.last == first
    assert len(counter.calls) == 1


def test_what_the_business_refuses_is_told(counter: Counter) -> None:
    talk = LexSession(counter, alias="guest")
    talk.says("Reserve", BOOK)
    counter.do = lambda call: Refused("no")
    assert "Reserve.refused.no" in talk.says("Reserve", BOOK, confirmed="Confirmed")
    talk.says("Reserve", BOOK)
    counter.do = lambda call: Invalid("copies", "no")
    assert "Reserve.copies.ask" in talk.says("Reserve", BOOK, confirmed="Confirmed")
    assert talk.action == "ElicitSlot"


def test_a_speaker_reserves_a_book(counter: Counter) -> None:
    talk = AlexaSession(counter)
    assert "welcome" in talk.opens()
    assert "Reserve.item.ask" in talk.says("Reserve")
    assert talk.last["response"]["directives"][0]["slotToElicit"] == "item"
    assert "Reserve.confirm" in talk.says("Reserve", {"item": "the book", "pickup": "post", "copies": "2"})
    assert talk.last["response"]["directives"][0]["type"] == "Dialog.ConfirmIntent"
    assert "Reserve.done" in talk.says("Reserve", BOOK, status="CONFIRMED")
    assert "goodbye" in talk.says("AMAZON.StopIntent")
    assert [dict(call.slots) for call in counter.calls] == [BOOK]


def test_a_speaker_offers_to_go_on_and_yes_goes_on(counter: Counter) -> None:
    first = AlexaSession(counter)
    first.opens()
    first.says("Reserve", {"item": "book"})
    again = AlexaSession(counter)
    again.count = 50
    given = {**first.event, "session": {**first.event["session"], "sessionId": "amzn1.echo-api.session.s2"}}
    given["request"] = {"type": "LaunchRequest", "locale": "en-US"}
    assert "resume_offer" in again.hears(given)
    given = {
        **given,
        "request": {"type": "IntentRequest", "locale": "en-US", "intent": {"name": "AMAZON.YesIntent"}},
    }
    assert "Reserve.pickup.ask" in again.hears(given)


def test_a_repeated_request_is_done_once_and_answered_alike(counter: Counter) -> None:
    talk = AlexaSession(counter)
    talk.says("Reserve", BOOK)
    talk.says("Reserve", BOOK, status="CONFIRMED")
    again = counter.alexa(talk.event)
    assert again["response"] == talk.last["response"]
    assert len(counter.calls) == 1


def test_another_users_attributes_lead_to_nobody_elses_conversation(counter: Counter) -> None:
    talk = AlexaSession(counter)
    talk.says("Reserve", {"item": "book"})
    thief = AlexaSession(counter, user="amzn1.ask.account.SOMEBODYELSE")
    thief.count = 70
    thief.attributes = talk.attributes
    thief.says("Reserve", BOOK)
    thief.says("Reserve", BOOK, status="CONFIRMED")
    mine = [item for item in counter.items() if item["sk"]["S"] == "conversation"]
    assert len(mine) == 2
    pointer = talk.attributes[alexa.POINTER]
    assert counter.calls[0].customer not in pointer


def test_a_session_with_its_pointer_costs_one_read_and_one_write(counter: Counter) -> None:
    from throughline.customers.client import count_calls

    talk = AlexaSession(counter)
    talk.opens()
    calls = count_calls(counter.alexa_turn.PARTS.conversations._store._client)
    talk.says("Hours")
    assert (calls.reads, calls.writes) == (1, 1)


def test_every_turn_is_one_log_line_with_its_id_and_the_trace(counter: Counter) -> None:
    AlexaSession(counter).says("Hours")
    lines = [json.loads(line) for line in counter.log().splitlines()]
    [turn] = [line["turn"] for line in lines if "_aws" in line]
    assert turn["id"] == "amzn1.echo-api.request.1"
    assert turn["trace"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert turn["heard"] == "Hours" and turn["prompts"] == "Hours.answer phrases.anything_else"
    [metrics] = [line for line in lines if "_aws" in line]
    assert metrics["TurnTime"] > 0 and metrics["channel"] == "alexa"
