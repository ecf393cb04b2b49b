"""Messages of ours land in the conversation that is there, whichever way they go out."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.dialogue.library import library
from tests.unit.path.caller import NOW, PAY, Caller, Till
from tests.unit.path.test_belonging import Racing
from throughline.customers.pointer import Pointer
from throughline.dialogue.state import decode
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
