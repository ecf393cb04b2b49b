"""The relay: whoever asked for a person on a text channel speaks with one in a chat contact, and comes back.

Outward it follows the customers' table's stream, whose order is each customer's own: a hand-over begins a contact, each
turn that is a person's to answer goes into it, and once no person has the conversation the contact is left. Inward each
thing that the contact's own stream tells goes into the relay's queue (`Queue`).

All of it may be done again: contacts, messages and turns have keys of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from throughline.customers.keys import Keys
from throughline.customers.pointer import Pointer, mint
from throughline.customers.profile import in_force
from throughline.customers.store import CustomerStore, Link, Stored
from throughline.dialogue.model import Model
from throughline.dialogue.state import WithPerson, decode
from throughline.errors import StoreError
from throughline.records.following import ConversationChanged
from throughline.relay.book import Book, Relay, changed, relay_id
from throughline.relay.chat import LONGEST, ChatOver, Chats, ChatUnavailable, Kind, Message
from throughline.relay.outlets import Outlet
from throughline.relay.queue import STREAM, Observer, Queue
from throughline.relay.said import Said, erasing, said_in
from throughline.relay.speaking import Speaking
from throughline.relay.tokens import Tokens
from throughline.rendering import shown
from throughline.reply import Line, Reply
from throughline.telling import Telling
from throughline.turn import Assurance

GIVE_UP: Final = 60.0
"""Seconds after a hand-over from which nobody is looked for any more: the customer waits."""
POINTER_SECONDS: Final = 24 * 3600.0
"""How long the contact may look its customer up."""


class Relaying:
    """Joins conversations and contacts."""

    def __init__(
        self,
        *,
        book: Book,
        chats: Chats,
        tokens: Tokens,
        outlets: Mapping[str, Outlet],
        store: CustomerStore,
        keys: Keys,
        model: Model,
        clock: Callable[[], float],
        observer: Observer,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`outlets`: by what a session of their channel is called before its ":"."""
        self._book, self._chats, self._outlets, self._store = book, chats, outlets, store
        self._keys, self._model, self._clock, self._observer = keys, model, clock, observer
        self._speaking = Speaking(book, chats, tokens, clock)
        self._queue = Queue(
            book, self._speaking, Telling(model, store), store, outlets, model, clock, observer, pause
        )  # fmt: skip

    def follow(self, change: ConversationChanged) -> str:
        """What follows from a change of a conversation, and in words what it was.

        Raises ChatUnavailable and StoreError (Damaged among them): the same change is to be followed again.
        """
        before, now = self._person(change.old), self._person(change.new)
        done: list[str] = []
        if before is not None and (now is None or _key(now) != _key(before)):
            done.append(self._left(change, before))
        if now is not None and change.new is not None:
            done.append(self._gone_on(change.old, change.new, now))
        return " ".join(filter(None, done)) or "nothing"

    def heard(self, contact: str, message: Message) -> str:
        """Something was told in the contact that a chat began with. Raises StoreError: it is to be told again."""
        if message.kind is Kind.OTHER:
            return "ignored"
        relay = self._of(contact)
        return self._queue.take(relay.id, message) if relay is not None else "nobody's"

    def ended(self, contact: str) -> str:
        """A contact is said to have ended, or to go on as another. Raises StoreError."""
        relay = self._of(contact)
        return self._queue.work(relay.id) if relay is not None else "nobody's"

    def _of(self, contact: str) -> Relay | None:
        relay = self._book.of_contact(contact)
        return relay if relay is not None and relay.contact == contact and relay.open else None

    def _person(self, stored: Stored | None) -> WithPerson | None:
        """The person who has the conversation, on a channel that is relayed."""
        person = decode(stored.state).person if stored is not None else None
        return person if person is not None and person.session.partition(":")[0] in self._outlets else None

    def _gone_on(self, old: Stored | None, new: Stored, person: WithPerson) -> str:
        held = new.links.get(person.link)
        relay, done = self._book.get(_key(person)), ""
        if held is None or held.closed:
            return self._queue.work(relay.id, holder=STREAM) if relay is not None and relay.open else ""
        said = said_in(old, new, person)
        known = relay is not None and relay.open and (relay.customer, relay.link) == (new.customer, held.id)
        if not known and not self._still(new.customer, person):
            return ""  # an old change, seen again
        if relay is None or (relay.open and not relay.connection):
            try:
                relay, done = self._begun(relay, new, held, person, said), "begun"
            except (ChatUnavailable, ChatOver, StoreError) as error:
                # A chat that is over as soon as it is begun will not be another one the next time.
                if not isinstance(error, ChatOver) and self._clock() - person.since < GIVE_UP:
                    raise
                self._observer.trouble("unreachable", error)
                self._give_up(new, person, said)
                return "unreachable"
        elif not relay.open:
            # The contact was left while nobody knew where the conversation is.
            self._queue.bring_back(replace(relay, customer=new.customer, link=held.id), "person_gone")
            return "brought back"
        elif (relay.customer, relay.link) != (new.customer, held.id):
            # Links move between customers, and who speaks with a person through one moves along.
            relay, done = self._moved(relay, new.customer, held.id), "moved"
            if relay is not None and relay.waiting:
                self._queue.work(relay.id, holder=STREAM)
        if relay is None or not relay.open or said is None or not said.relayed:
            return done
        return f"{done} {self._passed_on(relay, said)}".strip()

    def _begun(
        self, relay: Relay | None, stored: Stored, held: Link, person: WithPerson, said: Said | None
    ) -> Relay:  # fmt: skip
        now = self._clock()
        if relay is None:
            relay = self._relay(stored, held, person, said)
            started = self._chats.start(
                key=relay.id,
                attributes=self._attributes(relay, stored, held, person),
                first=self._first(relay, said),
            )
            sealed = self._speaking.sealed(started.participant, relay.id)
            relay = self._book.put(replace(relay, contact=started.contact, participant=sealed), now)
        self._chats.stream(relay.contact, key=relay.id)
        relay = self._speaking.connected(relay)
        if said is not None and not said.relayed:
            self._speaking.say(relay, said.text, key=said.turn, begun=True)
        return relay

    def _relay(self, stored: Stored, held: Link, person: WithPerson, said: Said | None) -> Relay:
        locale = in_force(stored.profile).get("locale")
        known = locale is not None and locale.value in self._model.locales
        return Relay(
            id=_key(person), session=person.session, since=person.since, customer=stored.customer, link=held.id,
            channel=person.session.partition(":")[0],
            locale=locale.value if locale is not None and known else self._model.default_locale,
            assurance=int(said.assurance if said is not None else min(held.assurance, Assurance.CLAIMED)),
            contact="", participant="",
        )  # fmt: skip

    def _attributes(self, relay: Relay, stored: Stored, held: Link, person: WithPerson) -> dict[str, str]:
        """What the flow is told: a pointer, and why; no profile and no address."""
        doing = next((one.intent for one in reversed(decode(stored.state).frames)), "")
        pointer = mint(
            Pointer(stored.customer, held.id, held.epoch), contact=relay.id, assurance=relay.sure,
            expires=self._clock() + POINTER_SECONDS, keys=self._keys.pointer_keys(),
        )  # fmt: skip
        told = {"pointer": pointer, "relay": relay.id, "reason": person.reason, "intent": doing}
        language = relay.locale.replace("_", "-")
        assurance = Assurance(relay.assurance).name.lower()
        return {**told, "assurance": assurance, "locale": relay.locale, "language": language}

    def _first(self, relay: Relay, said: Said | None) -> str:
        """The customer's first message in the contact: what they said last, since a chat can't begin with nothing."""
        return (said.text if said is not None and said.text else self._words("asked_for_person", relay.locale))[
            :LONGEST
        ]

    def _give_up(self, stored: Stored, person: WithPerson, said: Said | None) -> None:
        """Nobody can be reached: the assistant says so, and goes on. Raises StoreError."""
        held = stored.links[person.link]
        relay = self._book.get(_key(person)) or self._relay(stored, held, person, said)
        self._queue.bring_back(relay, "nobody_there")
        if relay.version:
            changed(self._book, relay.id, lambda one: replace(one, open=False), self._clock())

    def _passed_on(self, relay: Relay, said: Said) -> str:
        try:
            if said.text:
                self._speaking.say(relay, said.text, key=said.turn)
            if said.files:
                self._speaking.say(relay, self._words("file_from_customer", relay.locale), key=f"{said.turn}.file")
        except ChatOver:
            return self._queue.work(relay.id, over=True, holder=STREAM)
        # What the contact's stream lost comes with this.
        self._queue.work(relay.id, holder=STREAM)
        return "said"

    def _left(self, change: ConversationChanged, person: WithPerson) -> str:
        """No person has this customer's conversation any more: handed back, too long ago, moved on, or forgotten."""
        relay = self._book.get(_key(person))
        if relay is None or relay.customer != change.customer:
            return ""
        new = change.new
        forgotten = new is None or erasing(new)
        if new is not None and not forgotten and relay.link not in new.links:
            return ""  # whoever has the link by now has the person, too
        if forgotten:
            if relay.open:
                self._speaking.leave(relay)
            self._book.remove(relay)
            return "forgotten"
        # Whoever brought the assistant back is about to say so; if they died over it, their retry does, or this.
        return self._queue.work(relay.id, holder=STREAM) if relay.open else ""

    def _moved(self, relay: Relay, customer: str, link: str) -> Relay | None:
        def moved(one: Relay) -> Relay:
            return replace(one, customer=customer, link=link)

        return changed(self._book, relay.id, moved, self._clock())

    def _still(self, customer: str, person: WithPerson) -> bool:
        """Whether that person has this customer's conversation now, as far as the table knows."""
        stored = self._store.by_customer(customer, self._clock())
        there = self._person(stored)
        return there is not None and _key(there) == _key(person)

    def _words(self, phrase: str, locale: str) -> str:
        return " ".join(shown(self._model, Reply((Line(f"phrases.{phrase}"),)), locale))


def _key(person: WithPerson) -> str:
    return relay_id(person.session, person.since)
