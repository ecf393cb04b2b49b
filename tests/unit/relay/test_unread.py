"""Where the transcript can't be read, the stream is all there is: what it told reaches the customer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.unit.relay.desk import SECRET, Desk, with_agent
from tests.unit.relay.test_any_order import ACTS, Act, Delivery, Schedule
from throughline.errors import StoreUnavailable
from throughline.relay.chat import Kind, Message, Role
from throughline.relay.queue import LEASE, MOST_WAITING

UNREAD = ACTS.filter(lambda act: act.what not in ("hears", "deaf"))


class Unread(Schedule):
    """A schedule in which the transcript is never read."""

    def __init__(self) -> None:
        super().__init__()
        self.desk.chats.readable = False
        self.streamed: list[Message] = []

    def run(self, act: Act) -> None:
        super().run(act)
        if act.what in ("agent", "file", "joined") and act.times:
            self.streamed.append(self.written[-1])

    def to_the_end(self) -> None:
        """All that is on its way arrives; then the agent ends the chat, and the stream tells it."""
        desk = self.desk
        desk.book.before_put = lambda: None
        self.settle()
        self.pool += [Delivery(desk.enters(Kind.ENDED, role=Role.SYSTEM)), Delivery(None)]
        self.settle()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(UNREAD, max_size=25))
def test_what_the_stream_told_reaches_the_customer_though_no_transcript_is_read(acts: list[Act]) -> None:
    schedule = Unread()
    for act in acts:
        schedule.run(act)
    schedule.to_the_end()
    desk = schedule.desk
    told = [id for id in desk.store.told if id.startswith("agent-")]
    assert len(told) == len(set(told)), "never twice"
    assert sorted(told) == [f"agent-{message.id}" for message in schedule.streamed], "each that was told, and no other"
    assert set(told) <= {one.turn.id for one in desk.outlet.delivered}
    assert list(desk.chats.only.said.values()) == schedule.said or "file" in {act.what for act in acts}
    assert not desk.with_person and not desk.relay.open
    assert SECRET not in repr(desk.troubles.told)


def _held(desk: Desk, waiting: int) -> list[Message]:
    """Another worker holds the queue, and so many messages wait in it."""
    messages = [desk.enters(Kind.WORDS, f"w{number}") for number in range(waiting)]
    desk.book.put(
        replace(desk.relay, waiting=tuple(messages), holder="another", held_until=desk.now + LEASE), desk.now
    )  # fmt: skip
    return messages


def test_what_finds_the_queue_full_and_held_is_told_again() -> None:
    desk = with_agent()
    desk.chats.readable = False
    _held(desk, MOST_WAITING)
    message = desk.enters(Kind.WORDS, "one more")
    with pytest.raises(StoreUnavailable):
        desk.relaying.heard(desk.chats.only.id, message)
    desk.now += LEASE
    with pytest.raises(StoreUnavailable):
        desk.relaying.heard(desk.chats.only.id, message)
    desk.relaying.heard(desk.chats.only.id, message)
    assert desk.heard == [*(f"person_says w{number}" for number in range(MOST_WAITING)), "person_says one more"]


def test_a_full_queue_loses_nothing_that_the_transcript_has() -> None:
    desk = with_agent()
    _held(desk, MOST_WAITING)
    desk.now += LEASE
    desk.writes("one more")
    assert desk.heard[-1] == "person_says one more"
    assert len(desk.heard) == MOST_WAITING + 1


def test_what_waits_for_another_worker_is_not_told_again_by_the_stream() -> None:
    desk = with_agent()
    _held(desk, 1)
    assert desk.relaying.heard(desk.chats.only.id, desk.enters(Kind.WORDS, "two")) == "held"
    desk.now += LEASE
    desk.relaying.ended(desk.chats.only.id)
    assert desk.heard == ["person_says w0", "person_says two"]
