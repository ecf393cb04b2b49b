from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.connect.agents import Slot
from rehearsal.connect.centre import Centre
from rehearsal.connect.errors import ConnectError, Misplaced, NoSuchResource, QueueFull
from rehearsal.connect.events import Connected, Dequeued, Ended, Queued, Whispered
from rehearsal.connect.flows import Flows
from rehearsal.connect.inputs import HangUp, Said, Silence, Typed
from rehearsal.connect.layout import AgentSpec, Holiday, HoursSpec, Layout, Opening, ProfileSpec, QueueSpec, Routed
from rehearsal.connect.mood import Rule
from rehearsal.connect.stand_ins import OpenLines, stand_ins
from tests.unit.connect.line import action, flow, say

WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
HOURS = HoursSpec("arn:hours", "Week", "Europe/Berlin", tuple(Opening(it, time(9), time(17)) for it in WEEK),
                  (Holiday("Feast", date(2026, 11, 24), date(2026, 11, 24)),))  # fmt: skip
MONDAY_NOON = 1795431600.0
"""2026-11-23T11:00Z, a Monday; noon in Berlin."""
LAYOUT = Layout(
    (HOURS,),
    (QueueSpec("arn:i/queue/bills", "bills", "arn:hours", 2, "out"), QueueSpec("arn:i/queue/cards", "cards")),
    (
        ProfileSpec("arn:p1", "both", (
            Routed("arn:i/queue/bills", "VOICE", 1), Routed("arn:i/queue/cards", "VOICE", 2),
            Routed("arn:i/queue/bills", "CHAT", 1),
        )),
        ProfileSpec("arn:p2", "late", (
            Routed("arn:i/queue/bills", "VOICE", 1, 30.0), Routed("arn:i/queue/cards", "VOICE", 1),
        )),
    ),
    (AgentSpec("arn:i/agent/kim", "kim", "arn:p1", "desk"), AgentSpec("arn:i/agent/lee", "lee", "arn:p2", "desk")),
)  # fmt: skip


class Time:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = MONDAY_NOON

    def __call__(self) -> float:
        return self.now


def queued(name: str, queue: str) -> Any:
    errors = {"QueueAtCapacity": "full", "NoMatchingError": "error"}
    either = {"True": "go", "False": "closed"}
    return flow(
        action("hook", "UpdateContactEventHooks", {"EventHooks": {"AgentWhisper": "whisper"}}, "target"),
        action("target", "UpdateContactTargetQueue", {"QueueId": queue}, "open", errors={"NoMatchingError": "error"}),
        action("open", "CheckHoursOfOperation", {}, "", either, {"NoMatchingError": "error"}),
        action("go", "TransferContactToQueue", {}, "", errors=errors),
        say("full"), say("closed"), say("error"), name=name,
    )  # fmt: skip


def asked(number: str, attempts: str = "2") -> Any:
    errors = {"NoMatchingError": "error"}
    call = {"QueueId": "bills", "InitialCallDelaySeconds": "60", "MaximumConnectionAttempts": attempts,
            "RetryDelaySeconds": "600"}  # fmt: skip
    return flow(action("call", "CreateCallbackContact", call, errors=errors), say("error"), name=number)


def centre(clock: Time, *, outcomes: dict[str, str] | None = None, mood: Callable[[str], str] | None = None) -> Centre:
    over = action("over", "EndFlowExecution", then="")
    flows = Flows(
        [
            queued("bills", "bills"), queued("cards", "cards"), asked("callback"),
            flow(say("tell", "$.Queue.Name", "over"), over, name="whisper"),
            flow(say("tell", "You asked us to call.", "over"), over, name="out"),
            flow(say("survey", "Goodbye from the survey."), name="survey"),
        ]
    )  # fmt: skip
    services = replace(stand_ins(), clock=clock, lines=OpenLines(outcomes or {}))
    return Centre(LAYOUT, flows, services, mood=mood, rule=Rule(2))


def call(it: Centre, flow: str = "bills", **more: Any) -> str:
    return it.start(flow, customer="+15555550101", system="+15555550100", **more)


def kinds(it: Centre, contact: str, kind: type[Any]) -> list[Any]:
    return [one for one in it.events(contact) if isinstance(one, kind)]


def test_a_call_rings_at_a_free_agent_and_is_talked_to_until_it_is_finished_up() -> None:
    it = centre(Time())
    it.status("kim", "available")
    contact = call(it)
    assert it.view().agents[0].contacts == {contact: Slot.OFFERED}
    events = it.accept("kim", contact)
    assert [type(one) for one in events if isinstance(one, Whispered | Connected)] == [Whispered, Connected]
    it.take(contact, Said("Hello"))
    it.say("kim", contact, "Hello, this is Kim")
    it.hold("kim", contact)
    assert it.view().agents[0].contacts == {contact: Slot.HELD}
    it.resume("kim", contact)
    it.end("kim", contact)
    assert it.view().agents[0].contacts == {contact: Slot.AFTER}
    waiting = call(it)
    assert it.view().contacts[-1].position == 1
    done = it.complete("kim", contact, "solved", "was a bill")
    assert it.dispositions() == (done,) and (done.code, done.agent) == ("solved", "kim")
    assert it.view().agents[0].contacts == {waiting: Slot.OFFERED}


def test_queues_have_positions_capacity_and_a_longest_wait() -> None:
    clock = Time()
    it = centre(clock)
    first, second = call(it), call(it)
    assert [one.position for one in it.view().contacts] == [1, 2]
    assert kinds(it, second, Queued) == [Queued("arn:i/queue/bills", 2)]
    third = call(it)
    assert kinds(it, third, Ended)
    clock.now += 90
    bills = it.view().queues[0]
    assert (bills.waiting, bills.oldest, bills.online) == (2, 90.0, 0)
    it.take(first, HangUp())
    assert [one.position for one in it.view().contacts] == [1]
    assert it.metrics("bills", "CHAT").waiting == 0 and it.metrics("bills", "VOICE").waiting == 1
    with pytest.raises(NoSuchResource):
        it.metrics("nobody", "")
    with pytest.raises(NoSuchResource):
        it.take("nobody", HangUp())


def test_hours_and_holidays() -> None:
    clock = Time()
    it = centre(clock)
    assert it.open("Week") and it.open_queue("bills") and it.open_queue("cards") and it.open_queue("kim")
    for later in (6 * 3600, 86_400, -5 * 86_400 + 20 * 3600):
        clock.now = MONDAY_NOON + later
        assert not it.open("arn:hours")
    clock.now = MONDAY_NOON + 2 * 86_400
    assert it.open("arn:hours"), "on Wednesday it is open again"
    clock.now = MONDAY_NOON + 86_400
    contact = call(it)
    assert kinds(it, contact, Ended) and not kinds(it, contact, Queued)
    with pytest.raises(NoSuchResource):
        it.open("nothing")


def test_openings_over_midnight() -> None:
    night = HoursSpec("n", "n", "UTC", (Opening("MONDAY", time(22), time(6)),))
    start = MONDAY_NOON - 11 * 3600
    assert [night.open(start + hours * 3600) for hours in (21, 22, 25, 29, 30)] == [False, True, True, True, False]


def test_what_rings_in_vain_goes_to_another_and_counts_as_missed() -> None:
    clock = Time()
    it = centre(clock)
    it.status("kim", "available")
    it.status("lee", "available")
    contact = call(it)
    clock.now += 20
    view = it.view()
    assert view.agents[0].status == "missed" and view.agents[0].contacts == {}
    assert view.agents[1].contacts == {}, "lee gets these calls after half a minute only"
    clock.now += 10
    assert it.view().agents[1].contacts == {contact: Slot.OFFERED}
    it.reject("lee", contact)
    assert it.view().contacts[0].position == 1
    with pytest.raises(Misplaced):
        it.accept("lee", contact)


def test_an_agent_takes_the_queue_that_the_profile_puts_first_and_one_call_at_a_time() -> None:
    it = centre(Time())
    cards, bills = call(it, "cards"), call(it)
    it.status("kim", "available")
    assert it.view().agents[0].contacts == {bills: Slot.OFFERED}
    it.take(bills, HangUp())
    assert it.view().agents[0].contacts == {cards: Slot.OFFERED}
    it.status("kim", "lunch")
    assert it.view().agents[0].contacts == {}


def test_chats_come_in_twos_and_not_during_calls() -> None:
    it = centre(Time())
    it.status("kim", "available")
    first, second = (call(it, channel="CHAT") for _ in range(2))
    voice = call(it, "cards")
    assert set(it.view().agents[0].contacts) == {first, second}
    it.accept("kim", first)
    it.take(first, Typed("Hello"))
    with pytest.raises(Misplaced):
        it.status("kim", "offline")
    assert it.contact(voice).phase == "queued"


def test_transfers_to_a_queue_an_agent_and_a_flow() -> None:
    it = centre(Time())
    it.status("kim", "available")
    contact = call(it)
    it.accept("kim", contact)
    for _ in range(2):
        call(it)
    with pytest.raises(QueueFull):
        it.transfer("kim", contact, queue="bills")
    assert it.contact(contact).phase == "talking"
    it.transfer("kim", contact, to="lee")
    assert it.view().agents[0].contacts == {contact: Slot.AFTER}
    it.status("lee", "available")
    assert it.view().agents[1].contacts == {contact: Slot.OFFERED}
    it.accept("lee", contact)
    assert it.contact(contact).data.agent and it.contact(contact).data.agent.username == "lee"  # type: ignore[union-attr]
    it.complete("kim", contact)
    it.transfer("lee", contact, flow="survey")
    assert kinds(it, contact, Ended)


def test_calls_back_enter_the_queue_when_they_are_due_and_are_dialled_on_acceptance() -> None:
    clock = Time()
    it = centre(clock)
    call(it, "callback", attributes={"reason": "bill"})
    waiting = it.view().callbacks
    assert [one.number for one in waiting] == ["+15555550101"]
    it.status("kim", "available")
    clock.now += 60
    view = it.view()
    assert view.callbacks == () and view.agents[0].contacts == {waiting[0].id: Slot.OFFERED}
    it.accept("kim", waiting[0].id)
    assert kinds(it, waiting[0].id, Whispered)[0].content == "You asked us to call."
    data = it.contact(waiting[0].id).data
    assert (data.initiation, data.attributes, data.customer) == ("CALLBACK", {"reason": "bill"}, "+15555550101")


def test_a_call_back_that_nobody_answers_is_tried_again_as_often_as_was_asked() -> None:
    clock = Time()
    it = centre(clock, outcomes={"+15555550101": "unanswered"})
    call(it, "callback")
    it.status("kim", "available")
    for wait in (60, 600):
        clock.now += wait
        (id,) = it.view().agents[0].contacts
        it.accept("kim", id)
        assert kinds(it, id, Ended) == [Ended("unanswered")]
        assert it.view().agents[0].contacts == {}
    clock.now += 6000
    assert it.view().agents[0].contacts == {} and it.view().callbacks == ()


def test_a_call_back_into_a_full_queue_is_tried_again() -> None:
    clock = Time()
    it = centre(clock)
    call(it, "callback")
    held = [call(it) for _ in range(2)]
    clock.now += 60
    assert len(it.view().callbacks) == 1
    it.take(held[0], HangUp())
    clock.now += 600
    assert it.view().callbacks == () and it.view().queues[0].waiting == 2


def test_a_customer_who_hangs_up_while_it_rings_is_gone_from_the_desk() -> None:
    it = centre(Time())
    it.status("kim", "available")
    contact = call(it)
    events = it.take(contact, HangUp())
    assert [one for one in events if isinstance(one, Dequeued)] and it.view().agents[0].contacts == {}
    assert it.take(contact, Silence()) == []


def test_supervisors_are_alerted_once_for_each_fall() -> None:
    it = centre(Time(), mood=lambda words: "NEGATIVE" if "bad" in words else "NEUTRAL")
    it.status("kim", "available")
    contact = call(it)
    it.accept("kim", contact)
    for words in ("bad", "fine", "bad", "bad", "bad", "fine", "bad", "bad"):
        it.take(contact, Said(words))
    view = it.view()
    assert [alert.agent for alert in view.alerts] == ["kim", "kim"]
    assert view.alerts[0].turns[-2:] == ("NEGATIVE", "NEGATIVE")
    assert len(view.contacts[0].sentiments) == 8 and view.contacts[0].agent == "kim"
    assert it.sounded(contact, "POSITIVE") is None


def test_many_threads_leave_the_centre_in_order() -> None:
    it = centre(Time())
    it.status("kim", "available")

    def caller(_: int) -> int:
        contact = call(it, "cards")
        it.take(contact, Said("Hello"))
        it.take(contact, HangUp())
        return len(kinds(it, contact, Ended))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(caller, range(40))) == [1] * 40
    assert it.view().queues[1].waiting == 0 and it.view().agents[0].contacts == {}


DEEDS: Mapping[str, Callable[[Centre, str, str], object]] = {
    "accept": lambda it, agent, contact: it.accept(agent, contact),
    "reject": lambda it, agent, contact: it.reject(agent, contact),
    "hold": lambda it, agent, contact: it.hold(agent, contact),
    "resume": lambda it, agent, contact: it.resume(agent, contact),
    "to queue": lambda it, agent, contact: it.transfer(agent, contact, queue="cards"),
    "to lee": lambda it, agent, contact: it.transfer(agent, contact, to="lee"),
    "to survey": lambda it, agent, contact: it.transfer(agent, contact, flow="survey"),
    "end": lambda it, agent, contact: it.end(agent, contact),
    "complete": lambda it, agent, contact: it.complete(agent, contact),
    "available": lambda it, agent, _: it.status(agent, "available"),
    "offline": lambda it, agent, _: it.status(agent, "offline"),
    "hang up": lambda it, _, contact: it.take(contact, HangUp()),
    "speak": lambda it, _, contact: it.take(contact, Said("Hello")),
}

AGENTS = st.sampled_from(["kim", "lee"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(AGENTS, st.sampled_from([*DEEDS, "call", "ask", "wait"]), st.integers(0, 3)), max_size=40))
def test_whatever_people_do_every_contact_is_in_one_place(deeds: list[tuple[str, str, int]]) -> None:
    clock = Time()
    it = centre(clock)
    contacts: list[str] = []
    for agent in ("kim", "lee"):
        it.status(agent, "available")
    for agent, deed, number in deeds:
        if deed in ("call", "ask"):
            contacts.append(call(it, "callback" if deed == "ask" else ["bills", "cards"][number % 2]))
        elif deed == "wait":
            clock.now += 15 * number
        elif contacts:
            with suppress(ConnectError):
                DEEDS[deed](it, agent, contacts[number % len(contacts)])
        view = it.view()
        contacts += [one.id for one in view.contacts if one.id not in contacts]
        busy = [id for one in view.agents for id, slot in one.contacts.items() if slot in (Slot.CONNECTED, Slot.HELD)]
        rings = [id for one in view.agents for id, slot in one.contacts.items() if slot is Slot.OFFERED]
        assert len(busy) == len(set(busy)) and len(rings) == len(set(rings))
        for one in view.contacts:
            assert (one.phase == "queued") == (one.position > 0)
            assert (one.phase in ("talking", "held")) == (one.id in busy)
            assert one.id not in rings or one.phase == "queued"
        assert all(len(kinds(it, id, Ended)) <= 1 for id in contacts)
