"""Whatever the stream, the workers and the ports do: each thing once, in order, and the assistant comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.unit.relay.desk import SECRET, Desk, Killed, with_agent
from throughline.customers import linking
from throughline.errors import StoreUnavailable
from throughline.relay.chat import ChatUnavailable, Kind, Message, Role

RETRY = 61.0
"""Seconds after which Lambda tries an asynchronous invocation again."""
FAILURES = (Killed, StoreUnavailable, ChatUnavailable)


@dataclass
class Delivery:
    """What is on its way to the function by the topic, or by a contact event (no message)."""

    message: Message | None
    due: float = 0.0


@dataclass(frozen=True)
class Act:
    """One step of a schedule."""

    what: str
    times: int = 1
    pick: int = 0
    fails_in: int = 0
    after: bool = False
    how: int = 0


ACTS = st.builds(
    Act,
    what=st.sampled_from(
        ["agent", "agent", "agent", "customer", "customer", "deliver", "deliver", "deliver", "follow", "follow",
         "follow", "file", "joined", "wait", "rival", "deaf", "hears", "moves"]
    ),
    times=st.integers(0, 3),
    pick=st.integers(0, 9),
    fails_in=st.sampled_from([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
    after=st.booleans(),
    how=st.integers(0, 2),
)  # fmt: skip


class Schedule:
    """Runs acts against a desk, and remembers what was meant to arrive."""

    def __init__(self) -> None:
        self.desk: Desk = with_agent()
        self.pool: list[Delivery] = []
        self.written: list[Message] = []
        self.said: list[str] = []
        self.nested = False

    def run(self, act: Act) -> None:
        desk, ports = self.desk, self.desk.ports
        if act.fails_in:
            ports.fail(act.fails_in, after=act.after, how=FAILURES[act.how])
        match act.what:
            case "agent" | "file" | "joined":
                kind = {"agent": Kind.WORDS, "file": Kind.FILE, "joined": Kind.JOINED}[act.what]
                message = desk.enters(kind, f"w{desk.entries}" if kind is Kind.WORDS else "")
                self.written.append(message)
                self.pool.extend(Delivery(message) for _ in range(act.times))
            case "customer":
                self.said.append(f"said {len(self.said)}")
                desk.says(self.said[-1])
            case "deliver":
                self.deliver(act.pick)
            case "follow":
                self.follow()
            case "wait":
                desk.now += 7 * act.times
            case "deaf":
                desk.chats.readable = False
            case "hears":
                desk.chats.readable = True
            case "moves":
                self.moves()
            case "rival":
                desk.book.before_put = self.rival
        ports.heal()

    def rival(self) -> None:
        """Somebody else's invocation runs between this one's read and its write."""
        self.desk.book.before_put = lambda: None
        if not self.nested and self.pool:
            self.nested = True
            failing, self.desk.ports.fails_at = self.desk.ports.fails_at, 0
            self.deliver(0)
            self.desk.ports.fails_at = failing
            self.nested = False

    def deliver(self, pick: int) -> None:
        due = [one for one in self.pool if one.due <= self.desk.now]
        if not due:
            return
        one = due[pick % len(due)]
        self.pool = [other for other in self.pool if other is not one]
        try:
            self.hand_over(one)
        except FAILURES:
            self.pool.append(Delivery(one.message, self.desk.now + RETRY))

    def hand_over(self, one: Delivery) -> None:
        relaying, contact = self.desk.relaying, next(iter(self.desk.chats.contacts))
        if one.message is not None:
            relaying.heard(contact, one.message)
        else:
            relaying.ended(contact)

    def follow(self) -> None:
        try:
            self.desk.follow()
        except FAILURES:
            self.desk.now += 1  # the batch stays where it is

    def moves(self) -> None:
        """The customer turns out to be another one."""
        desk = self.desk
        there = next((c for c in desk.store._conversations.values() if desk.customer_link in c.links), None)
        if there is None or desk.customer_moves:
            return
        desk.customer_moves = True
        other, _ = desk.store.by_address(desk.another_address, desk.now)
        other = desk.store.save(other, desk.now)
        desk.store.relink(linking.merge(other, there, act="act-1", by="agent"), desk.now)
        desk.customer.last = None

    def to_the_end(self) -> None:
        """Everything heals; the agent ends the chat; all that is on its way arrives."""
        desk = self.desk
        desk.book.before_put = lambda: None
        desk.chats.readable = True
        self.settle()
        if not desk.chats.only.over:
            # A last look while the chat is there: a customer's word, as it may be.
            self.said.append("last")
            desk.says("last")
            self.settle()
            self.pool += [Delivery(desk.enters(Kind.ENDED, role=Role.SYSTEM)), Delivery(None)]
        self.settle()

    def settle(self) -> None:
        desk = self.desk
        for _ in range(200):
            desk.now += RETRY / 2
            self.follow()
            if not self.pool and desk.followed == len(desk.store.changes):
                return
            self.deliver(0)
        raise AssertionError("it never comes to rest")


def check(schedule: Schedule) -> None:
    desk = schedule.desk
    assert not desk.with_person, "the assistant has the conversation again"
    assert not desk.relay.open
    contact = desk.chats.only
    assert contact.customer_said == ["I want a person", *(s for s in contact.said.values())]
    spoken = [text for text in contact.said.values() if text.startswith(("said", "last"))]
    assert spoken == schedule.said, "each turn once, in order"
    wanted = [f"agent-{message.id}" for message in schedule.written]
    told = [id for id in desk.store.told if id.startswith("agent-")]
    assert len(told) == len(set(told)), "never twice"
    assert sorted(told) == wanted, "each of them"
    shown = list(dict.fromkeys(one.turn.id for one in desk.outlet.delivered))
    reached = [id for id in shown if id.startswith("agent-")]
    assert sorted(reached) == wanted, "and each reached the page"
    if not any(kind == "transcript" for kind, _ in desk.troubles.told):
        assert told == reached == wanted, "in order, where the transcript could be read"
    assert sum(id.startswith("back-") for id in desk.store.told) == 1
    assert shown[-1].startswith("back-")
    kept = (
        repr(desk.store.changes) + repr(desk.troubles.told) + str([vars_of(one) for one in desk.book.relays.values()])
    )
    assert SECRET not in kept


def vars_of(relay: Any) -> list[str]:
    return [str(getattr(relay, name)) for name in relay.__slots__]


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(ACTS, max_size=25))
def test_each_thing_is_told_once_and_in_order_and_the_assistant_comes_back(acts: list[Act]) -> None:
    schedule = Schedule()
    for act in acts:
        schedule.run(act)
    schedule.to_the_end()
    check(schedule)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 40), st.booleans(), st.sampled_from(FAILURES))
def test_a_beginning_that_fails_anywhere_begins_one_contact(calls: int, after: bool, how: type[BaseException]) -> None:
    desk = Desk()
    desk.asks_for_person("help me")
    desk.ports.fail(calls, after=after, how=how)
    try:
        desk.follow()
    except FAILURES:
        desk.now += 1
    desk.ports.heal()
    desk.follow()
    assert desk.chats.only.first == "help me"
    assert desk.chats.only.streamed
    desk.writes("hello")
    assert desk.heard == ["person_says hello"]
