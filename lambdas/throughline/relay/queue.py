"""What a person says, on its way to the customer: in order, each thing once, whatever the stream does.

Every relay has a queue, and a lease on it. Who gets the lease tells what waits and what the transcript has besides; who
doesn't has left what they brought, and the holder finds it before letting go. A holder that dies leaves a lease that
runs out.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, Protocol

from throughline.customers.store import CustomerStore
from throughline.dialogue.model import Model
from throughline.dialogue.state import decode
from throughline.errors import StoreError, StoreUnavailable
from throughline.relay.book import TOLD, Book, Relay, changed
from throughline.relay.chat import ChatOver, ChatUnavailable, Kind, Message, Role
from throughline.relay.outlets import Outlet
from throughline.relay.said import erasing
from throughline.relay.speaking import Speaking
from throughline.rendering import shown
from throughline.reply import Line, Reply, Typed
from throughline.telling import Telling
from throughline.turn import InputMode, Turn

LEASE: Final = 30.0
"""Seconds; longer than the function that works may run."""
LONGEST_KEPT: Final = 4_000
"""Characters of one message that are told and kept."""
STRAGGLING: Final = 1.5
"""Seconds in which the last words of a chat that has ended are still waited for."""
MOST_WAITING: Final = 20
"""Messages that wait at most, so that the item stays below 400 KB: the transcript has the others."""
NEWS_SECONDS: Final = 600.0
"""How long it may take until the table's stream tells where a link went that is not with its customer any more."""
STREAM: Final = "stream"
"""Who works on behalf of the table's stream: one at a time, so that its retry takes up what died under it."""


class Observer(Protocol):
    """Hears of what went wrong, without a word of anybody's."""

    def trouble(self, kind: str, error: BaseException) -> None:
        """`kind` failed."""


class Standing(StrEnum):
    """How a relay stands to its conversation."""

    HERE = "here"
    """A person has it, in that session, by a link that is open."""
    ELSEWHERE = "elsewhere"
    """Its link is not with the customer; whoever has it by now, the table's stream will tell."""
    PARTED = "parted"
    """No person has it any more, or nothing may be told by the link."""


class Queue:
    """Works off the queues of relays."""

    def __init__(
        self,
        book: Book,
        speaking: Speaking,
        telling: Telling,
        store: CustomerStore,
        outlets: Mapping[str, Outlet],
        model: Model,
        clock: Callable[[], float],
        observer: Observer,
        pause: Callable[[float], None],
    ) -> None:
        """`outlets` by channel; `pause` lets so many seconds go by."""
        self._pause = pause
        self._book, self._speaking, self._telling, self._store = book, speaking, telling, store
        self._outlets, self._model, self._clock, self._observer = outlets, model, clock, observer

    def take(self, id: str, message: Message) -> str:
        """Put it into the queue and work. Raises StoreError: it is to be told again."""
        full = False

        def waiting(relay: Relay) -> Relay:
            nonlocal full
            known = relay.was_told(message) or any(one.id == message.id for one in relay.waiting)
            full = not known and len(relay.waiting) >= MOST_WAITING
            if known or full:
                return relay
            return replace(relay, waiting=(*relay.waiting, replace(message, text=message.text[:LONGEST_KEPT])))

        changed(self._book, id, waiting, self._clock())
        done = self.work(id)
        if full:
            # The transcript had it, or else nobody has it yet.
            relay = self._book.get(id)
            if relay is not None and relay.open and not relay.was_told(message):
                raise StoreUnavailable("the queue is full: tell it again once it has been worked off")
        return done

    def work(self, id: str, *, over: bool = False, holder: str = "") -> str:
        """Tell what is to be told; `over`: the contact has ended, whatever its transcript says.

        In a word what came of it: "told", "ended", "parted", "held" (by another), "closed". Raises StoreError.
        """
        relay = self._leased(id, holder or secrets.token_hex(8))
        if relay is None:
            return "held"
        if not relay.open:
            return "closed"
        try:
            return self._worked_off(relay, over=over)
        except (StoreError, ChatUnavailable):
            self._let_go(relay)
            raise

    def _worked_off(self, relay: Relay, *, over: bool) -> str:
        waited = False
        while True:
            standing = self._standing(relay)
            if standing is Standing.ELSEWHERE and relay.holder == STREAM:
                self._let_go(relay)  # not to hold up the stream, which brings the news
                return "elsewhere"
            if standing is Standing.ELSEWHERE and not self._waited_long(relay):
                raise StoreUnavailable("the link is with another customer by now: ask again once it is known with whom")
            if standing is not Standing.HERE:
                # What the assistant said as it came back may still be on its way.
                self._speaking.leave(relay)
                self.bring_back(relay, "person_gone" if relay.joined else "nobody_there")
                self._closed(relay)
                return "parted"
            batch, unread = self._batch(relay)
            for message in batch:
                if message.kind is not Kind.ENDED:
                    self._tell(relay, message)
                    relay = self._noted(relay, message)
            if unread or over or any(message.kind is Kind.ENDED for message in batch):
                if unread and not waited:
                    # The transcript is closed, and what was said last may be told after the end.
                    waited = True
                    self._pause(STRAGGLING)
                    relay = self._book.get(relay.id) or relay
                    continue
                self.bring_back(relay, "person_gone" if relay.joined else "nobody_there")
                self._closed(relay)
                return "ended"
            if self._released(relay, batch):
                return "told"
            relay = self._book.get(relay.id) or relay

    def bring_back(self, relay: Relay, phrase: str) -> None:
        """The assistant has the conversation again, and says so. Raises StoreError."""
        outlet, turn = self._outlets[relay.channel], self._turn(relay, f"back-{relay.id}")
        exchange = self._telling.hand_back(relay.customer, turn, since=relay.since, phrase=phrase)
        if exchange is not None:
            outlet.deliver(exchange)

    def _leased(self, id: str, holder: str) -> Relay | None:
        now = self._clock()

        def leased(relay: Relay) -> Relay:
            if not relay.open or (relay.holder not in ("", holder) and relay.held_until > now):
                return relay
            return replace(relay, holder=holder, held_until=now + LEASE)

        relay = changed(self._book, id, leased, now)
        if relay is None or not relay.open:
            return replace(relay, open=False) if relay is not None else None
        return relay if relay.holder == holder else None

    def _let_go(self, relay: Relay) -> None:
        """Whoever comes next needn't wait for the lease to run out; if this fails, too, it does run out."""

        def free(one: Relay) -> Relay:
            return replace(one, holder="", held_until=0.0) if one.holder == relay.holder else one

        try:
            changed(self._book, relay.id, free, self._clock())
        except StoreError as error:
            self._observer.trouble("lease", error)

    def _standing(self, relay: Relay) -> Standing:
        """Whether the conversation still is with this person, and the link the customer's."""
        stored = self._store.by_customer(relay.customer, self._clock())
        if stored is None or erasing(stored):
            return Standing.PARTED
        held, person = stored.links.get(relay.link), decode(stored.state).person
        if held is None:
            return Standing.ELSEWHERE
        if held.closed or person is None or (person.session, person.since) != (relay.session, relay.since):
            return Standing.PARTED
        return Standing.HERE

    def _waited_long(self, relay: Relay) -> bool:
        return any(self._clock() - one.at > NEWS_SECONDS for one in relay.waiting)

    def _batch(self, relay: Relay) -> tuple[list[Message], bool]:
        """What is to be told, in order, and whether the contact is over. Where the transcript can't be read, what the
        stream told is all there is.
        """
        read: tuple[Message, ...] = ()
        over = False
        try:
            read = self._speaking.read(relay)
        except ChatOver:
            over = True
        except ChatUnavailable as error:
            self._observer.trouble("transcript", error)
        known = {one.id: one for one in (*relay.waiting, *read) if one.kind is not Kind.OTHER}
        return sorted((one for one in known.values() if not relay.was_told(one)), key=lambda one: one.place), over

    def _tell(self, relay: Relay, message: Message) -> None:
        line = Line("phrases.person_says", {"words": Typed("text", message.text[:LONGEST_KEPT])})
        if message.kind is Kind.JOINED:
            line = Line("phrases.person_here")
        if message.kind is Kind.FILE:
            line = Line("phrases.file_from_person")
            self._decline(relay, message)
        turn = self._turn(relay, f"agent-{message.id}")
        exchange = self._telling.tell(relay.customer, turn, (line,), needs=relay.sure)
        if exchange is not None:
            self._outlets[relay.channel].deliver(exchange)

    def _decline(self, relay: Relay, message: Message) -> None:
        words = " ".join(shown(self._model, Reply((Line("phrases.file_not_delivered"),)), relay.locale))
        try:
            self._speaking.say(relay, words, key=f"file-{message.id}")
        except (ChatOver, ChatUnavailable) as error:
            self._observer.trouble("declining", error)  # the customer hears of it all the same

    def _noted(self, relay: Relay, message: Message) -> Relay:
        now = self._clock()

        def told(one: Relay) -> Relay:
            places = sorted((*one.told, message.place))[-TOLD:]
            rest = tuple(other for other in one.waiting if other.id != message.id)
            joined = one.joined or message.role is Role.AGENT
            return replace(one, told=tuple(places), waiting=rest, joined=joined, held_until=now + LEASE)

        after = changed(self._book, relay.id, told, now)
        if after is None or after.holder != relay.holder:
            raise StoreUnavailable("somebody else works on this relay by now")
        return after

    def _released(self, relay: Relay, batch: list[Message]) -> bool:
        """Let go of the lease; False if something new waits."""
        done = {one.id for one in batch}
        new: list[Message] = []

        def released(one: Relay) -> Relay:
            new[:] = [other for other in one.waiting if other.id not in done and not one.was_told(other)]
            return one if new else replace(one, holder="", held_until=0.0, waiting=())

        changed(self._book, relay.id, released, self._clock())
        return not new

    def _closed(self, relay: Relay) -> None:
        def closed(one: Relay) -> Relay:
            return replace(one, open=False, waiting=(), holder="", held_until=0.0)

        changed(self._book, relay.id, closed, self._clock())

    def _turn(self, relay: Relay, id: str) -> Turn:
        return Turn(
            id=id, at=self._clock(), channel=relay.channel, session=relay.session, locale=relay.locale,
            mode=InputMode.TEXT, can=self._outlets[relay.channel].can, assurance=relay.sure, link=relay.link,
        )  # fmt: skip
