"""Messages of ours land in the conversation that is there, whichever way they go out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.dialogue.library import library
from tests.unit.path.caller import NOW, PAY, Caller, Till
from tests.unit.path.test_belonging import Racing
from throughline.customers import linking
from throughline.customers.pointer import Pointer
from throughline.dialogue.state import State, WithPerson, decode
from throughline.exchange import Exchange
from throughline.reply import Line, Typed
from throughline.telling import Telling
from throughline.turn import Assurance, Turn

DONE = Line("PayFee.done", {"amount": Typed("money", "12.50")})


def at_the_desk() -> tuple[Caller, Pointer]:
    """Somebody in the middle of a payment."""
    caller = Caller(Racing(), Till().actions())
    caller.enrol()
    caller.hears("PayFee", PAY)
    assert caller.last is not None
    assert caller.last.pointer is not None
    return caller, caller.last.pointer


def telling(caller: Caller) -> Telling:
    return Telling(library(), caller.store)


def message(caller: Caller, link: str, id: str = "out-1") -> Turn:
    return replace(caller.turn(), id=id, link=link, channel="sms", session="sms:hash")


def test_a_message_of_ours_is_kept_and_the_open_question_stays_open() -> None:
    caller, pointer = at_the_desk()
    sent = telling(caller).tell(pointer.customer, message(caller, pointer.link), (DONE,), needs=Assurance.LINKED)
    assert sent is not None
    stored = caller.store.by_customer(pointer.customer, NOW)
    assert stored is not None
    assert '"sent":true' in stored.turn
    assert decode(stored.state).question is not None
    assert "PayFee.done" in caller.hears("Yes")


def test_the_same_message_is_kept_once() -> None:
    caller, pointer = at_the_desk()
    for again in (False, True):
        sent = telling(caller).tell(pointer.customer, message(caller, pointer.link), (DONE,), needs=Assurance.LINKED)
        assert sent is not None
        assert sent.repeated is again


def test_nothing_goes_out_by_a_link_that_is_not_theirs() -> None:
    caller, pointer = at_the_desk()
    assert telling(caller).tell(pointer.customer, message(caller, "another"), (DONE,), needs=Assurance.LINKED) is None
    assert telling(caller).tell("nobody", message(caller, pointer.link), (DONE,), needs=Assurance.LINKED) is None


def test_a_turn_at_the_same_time_is_not_lost() -> None:
    caller, pointer = at_the_desk()
    store = caller.store
    assert isinstance(store, Racing)
    store.between.append(lambda: caller.hears("Yes"))
    sent = telling(caller).tell(pointer.customer, message(caller, pointer.link), (DONE,), needs=Assurance.LINKED)
    assert sent is not None
    stored = store.by_customer(pointer.customer, NOW)
    assert stored is not None
    kept = {answered.turn for answered in decode(stored.state).recent}
    assert caller.last is not None
    assert {"out-1", caller.last.turn.id} <= kept


# -- the end of a person's part -----------------------------------------------------------------


def with_a_person() -> tuple[Caller, Pointer, WithPerson]:
    """Somebody who asked for a person in the middle of a payment, and has one."""
    caller, _ = at_the_desk()
    caller.hears("Librarian")
    assert caller.last is not None
    assert caller.last.pointer is not None
    person = state_of(caller, caller.last.pointer).person
    assert person is not None
    return caller, caller.last.pointer, person


def state_of(caller: Caller, pointer: Pointer) -> State:
    stored = caller.store.by_customer(pointer.customer, NOW)
    assert stored is not None
    return decode(stored.state)


def back(caller: Caller, pointer: Pointer, person: WithPerson, **given: Any) -> Exchange | None:
    """The person has finished."""
    turn = replace(caller.turn(), id="back-1", link=pointer.link, session=person.session, assurance=Assurance.LINKED)
    told = {"since": person.since, "phrase": "person_gone", **given}
    return telling(caller).hand_back(pointer.customer, turn, **told)


def prompts(exchange: Exchange | None) -> list[str]:
    assert exchange is not None
    return [line.prompt for line in exchange.reply.lines]


@pytest.mark.parametrize("phrase", ["person_gone", "nobody_there"])
def test_the_assistant_takes_the_conversation_up_again_and_says_so(phrase: str) -> None:
    caller, pointer, person = with_a_person()
    sent = back(caller, pointer, person, phrase=phrase)
    assert prompts(sent)[0] == f"phrases.{phrase}"
    assert state_of(caller, pointer).person is None
    stored = caller.store.by_customer(pointer.customer, NOW)
    assert stored is not None
    assert '"sent":true' in stored.turn


def test_the_open_task_goes_on_after_the_person() -> None:
    caller, pointer, person = with_a_person()
    open_task = state_of(caller, pointer).frames[-1]
    back(caller, pointer, person)
    kept = state_of(caller, pointer)
    assert kept.frames[-1].slots == open_task.slots
    assert kept.question is not None
    assert "PayFee" in caller.hears("Yes")


def test_the_assistant_comes_back_once_and_says_the_same_the_second_time() -> None:
    caller, pointer, person = with_a_person()
    first = back(caller, pointer, person)
    kept = caller.store.by_customer(pointer.customer, NOW)
    again = back(caller, pointer, person)
    assert first is not None and again is not None
    assert (first.repeated, again.repeated) == (False, True)
    assert prompts(again) == prompts(first)
    assert caller.store.by_customer(pointer.customer, NOW) == kept


def test_an_old_end_does_not_take_a_later_person_away() -> None:
    caller, pointer, person = with_a_person()
    assert back(caller, pointer, person, since=person.since - 1) is None
    assert back(caller, pointer, replace(person, session="web:another")) is None
    assert state_of(caller, pointer).person == person


def test_nobody_hears_of_the_end_by_a_link_that_is_not_theirs() -> None:
    caller, pointer, person = with_a_person()
    assert back(caller, replace(pointer, link="another"), person) is None
    assert back(caller, replace(pointer, customer="nobody"), person) is None
    stored = caller.store.by_customer(pointer.customer, NOW)
    assert stored is not None
    caller.store.relink(linking.close(stored, pointer.link), NOW)
    assert back(caller, pointer, person) is None


def test_a_turn_at_the_time_of_the_end_is_not_lost() -> None:
    caller, pointer, person = with_a_person()
    store = caller.store
    assert isinstance(store, Racing)
    store.between.append(lambda: caller.hears("Yes"))
    assert prompts(back(caller, pointer, person))[0] == "phrases.person_gone"
    state = state_of(caller, pointer)
    assert state.person is None
    assert caller.last is not None and caller.last.reply.relayed, "the person had it still"
    assert "back-1" in {one.turn for one in state.recent}
