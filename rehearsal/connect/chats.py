"""Amazon Connect's chats over the rehearsal's contact centre: begun, spoken in, streamed, read and left, by tokens.

API references of Amazon Connect (StartChatContact, StartContactStreaming, StopContact) and of its Participant Service.
Not documented, and chosen here: a transcript from a start position on has the message there, too; whoever has left, or
whose chat is over, is denied everything.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Final, Protocol

from rehearsal.connect.chat import PLAIN, RECEIPTS, TYPING, Chat, Entry, Gone, seen_by_customer
from rehearsal.connect.errors import ConnectError, NoSuchResource
from rehearsal.connect.inputs import HangUp, Typed
from rehearsal.connect.routing import HELD_PHASES
from rehearsal.connect.staged import StagedCentre

PERIOD: Final = 86_400.0
"""Seconds that a connection token is good for."""
LARGEST: Final[Mapping[str, int]] = {
    PLAIN: 1_024, "text/markdown": 1_024, "application/json": 12_000,
    "application/vnd.amazonaws.connect.message.interactive.response": 12_288,
}  # fmt: skip
"""Characters of a message, by its type (API reference, SendMessage)."""
PAGE: Final = 15
"""Entries of a transcript that are read where no number is asked for."""
KEPT: Final = 500
"""Chats that are over and remembered."""


class Refused(Exception):
    """An error as the service answers it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class Watching(Protocol):
    """Who is told what happens in chats."""

    def may_publish(self, topic: str) -> str:
        """Why Amazon Connect can't publish to the topic; empty if it can."""

    def entered(self, topic: str, chat: str, entry: Entry) -> None:
        """A streamed chat has a new entry."""

    def gone(self, chat: str, gone: Gone) -> None:
        """A contact is over."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What StartChatContact answers."""

    contact: str
    participant: str
    token: str


@dataclass(slots=True)
class _Kept:
    """A chat with what clients hold of it."""

    chat: Chat
    begun: Begun
    types: frozenset[str]
    topics: dict[str, str] = field(default_factory=dict)
    """Topic to the streaming's id."""
    told: int = 0
    """Entries of which the watching was told."""
    gone: int = 0
    sent: dict[str, Entry] = field(default_factory=dict)
    """By client token."""


class Chats:
    """All chats that were begun by the API; safe for threads."""

    def __init__(
        self,
        centre: StagedCentre,
        instance: str,
        watching: Watching,
        *,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        agents: Mapping[str, str],
    ) -> None:
        """`instance` is an ARN, `clock` the rehearsal's time, `agents` what agents are called, by ARN."""
        self._centre, self._instance, self._watching = centre, instance, watching
        self._clock, self._new_id, self._agents = clock, new_id, agents
        self.period = PERIOD
        self._chats: dict[str, _Kept] = {}
        self._by_client: dict[str, str] = {}
        self._participants: dict[str, str] = {}
        self._connections: dict[str, tuple[str, float]] = {}
        self._lock = RLock()

    @property
    def instance(self) -> str:
        """The instance's id."""
        return self._instance.rpartition("/")[2]

    # Amazon Connect

    def start(
        self, flow: str, name: str, *, attributes: Mapping[str, str], first: str, types: frozenset[str], client: str
    ) -> Begun:
        """A chat begins in a flow (an id); the same one for the same client's token. Raises Refused."""
        with self._lock:
            known = self._by_client.get(client) if client else None
            if known is not None:
                return self._chats[known].begun
            try:
                contact = self._centre.start(
                    f"{self._instance}/contact-flow/{flow}", customer=f"chat-{self._new_id()}", channel="CHAT",
                    attributes=attributes, instance=self._instance,
                )  # fmt: skip
            except LookupError as unknown:
                raise Refused("ResourceNotFoundException", str(unknown), 404) from None
            begun = Begun(contact, self._new_id(), secrets.token_urlsafe(96))
            kept = _Kept(Chat(contact, begun.participant, name, self._clock, self._new_id), begun, types | {PLAIN})
            if first:
                kept.chat.said(first)
                self._centre.written(contact, first)
            self._chats[contact], self._participants[begun.token] = kept, contact
            if client:
                self._by_client[client] = contact
            self._follow(kept)
            self._forget()
            return begun

    def stream(self, contact: str, topic: str) -> str:
        """From now on, have what happens in the chat published to a topic; the streaming's id. Raises Refused."""
        with self._lock:
            kept = self._chats.get(contact)
            if kept is None or self._follow(kept).over:
                raise Refused("ResourceNotFoundException", "the contact is not known, or has ended", 404)
            why = self._watching.may_publish(topic)
            if why:
                raise Refused("InvalidRequestException", f"the streaming endpoint can't be published to: {why}")
            return kept.topics.setdefault(topic, self._new_id())

    def stop(self, contact: str) -> None:
        """The chat ends, whoever talks. Raises Refused."""
        with self._lock:
            kept = self._chats.get(contact)
            if kept is None or self._follow(kept).over:
                raise Refused("ContactNotFoundException", "there is no active contact of that id", 410)
            self._centre.take(contact, HangUp())
            self._follow(kept)

    # The participant's side

    def connect(self, participant: str, *, joins: bool) -> tuple[str, float]:
        """A connection for a participant's token, and until when. Raises Refused."""
        with self._lock:
            kept = self._chats.get(self._participants.get(participant, ""))
            if kept is None or self._follow(kept).over:
                raise _denied("the participant's token is none, or its chat is over")
            token, until = secrets.token_urlsafe(96), self._clock() + self.period
            self._connections[token] = (kept.chat.id, until)
            if joins:
                kept.chat.customer_joined()
                self._tell(kept)
            return token, until

    def say(self, connection: str, content: str, content_type: str, client: str) -> Entry:
        """The customer writes; once for the same client's token. Raises Refused."""
        with self._lock:
            kept = self._there(connection)
            if content_type not in kept.types or content_type not in LARGEST:
                raise Refused("ValidationException", f"the content type {content_type} is not one of this chat")
            if not content or len(content) > LARGEST[content_type]:
                raise Refused("ValidationException", f"the content has 1 to {LARGEST[content_type]} characters")
            if client and client in kept.sent:
                return kept.sent[client]
            entry = kept.chat.said(content, content_type)
            if client:
                kept.sent[client] = entry
            self._centre.take(kept.chat.id, Typed(content))
            self._follow(kept)
            return entry

    def signal(self, connection: str, content_type: str, content: str) -> Entry:
        """The customer types, or has got a message. Raises Refused."""
        with self._lock:
            kept = self._there(connection)
            if content_type != TYPING and content_type not in RECEIPTS:
                raise Refused("ValidationException", f"the event {content_type} is not for a customer's side")
            if bool(content) is not (content_type in RECEIPTS):
                raise Refused("ValidationException", "a receipt has a content, and nothing else has")
            entry = kept.chat.signalled(content_type, content)
            self._tell(kept)
            return entry

    def transcript(self, connection: str) -> tuple[str, tuple[Entry, ...]]:
        """The chat's id, and what the customer's side may read of it, oldest first. Raises Refused."""
        with self._lock:
            kept = self._there(connection)
            return kept.chat.id, tuple(seen_by_customer(kept.chat.entries))

    def leave(self, connection: str) -> None:
        """The customer's side disconnects, which ends the chat. Raises Refused."""
        with self._lock:
            kept = self._there(connection)
            self._centre.take(kept.chat.id, HangUp())
            self._follow(kept)

    # The rehearsal's

    def follow(self) -> None:
        """Take in what happened in the centre meanwhile."""
        with self._lock:
            for kept in list(self._chats.values()):
                if not kept.chat.over:
                    self._follow(kept)

    def chat(self, contact: str) -> Chat:
        """A chat as it is, to be read. Raises NoSuchResource."""
        with self._lock:
            if contact not in self._chats:
                raise NoSuchResource(f"no chat {contact}")
            return self._follow(self._chats[contact])

    def open(self) -> tuple[str, ...]:
        """Ids of the chats that are not over, oldest first."""
        with self._lock:
            return tuple(id for id, kept in self._chats.items() if not self._follow(kept).over)

    def attach(self, contact: str, name: str) -> None:
        """The agent who has the chat sends a file."""
        with self._lock:
            kept = self._chats.get(contact)
            if kept is None or not self._follow(kept).agent:
                raise NoSuchResource(f"no agent has the chat {contact}, or it was not begun by a text channel")
            kept.chat.attached(name, self._agents)
            self._tell(kept)

    def expire(self) -> None:
        """No connection token is good any more; participants' tokens are."""
        with self._lock:
            self._connections = {token: (chat, self._clock() - 1) for token, (chat, _) in self._connections.items()}

    def _there(self, connection: str) -> _Kept:
        chat, until = self._connections.get(connection, ("", 0.0))
        kept = self._chats.get(chat)
        if kept is None or until <= self._clock() or self._follow(kept).over:
            raise _denied("the connection's token is none or has expired, or its chat is over")
        return kept

    def _follow(self, kept: _Kept) -> Chat:
        chat = kept.chat
        if not chat.over:
            try:
                contact = self._centre.contact(chat.id)
                events = self._centre.events(chat.id, chat.seen)
                chat.follow(events, self._agents, talking=contact.phase in HELD_PHASES)
            except ConnectError:
                chat.end("gone", self._agents)  # the centre was closed
            self._tell(kept)
        return chat

    def _tell(self, kept: _Kept) -> None:
        chat = kept.chat
        for entry in chat.entries[kept.told :]:
            for topic in kept.topics:
                self._watching.entered(topic, chat.id, entry)
        for one in chat.gone[kept.gone :]:
            self._watching.gone(chat.id, one)
        kept.told, kept.gone = len(chat.entries), len(chat.gone)

    def _forget(self) -> None:
        while len(self._chats) > KEPT:
            oldest = next((id for id, kept in self._chats.items() if kept.chat.over), "")
            if not oldest:
                return
            del self._chats[oldest]
            self._by_client = {client: chat for client, chat in self._by_client.items() if chat != oldest}


def _denied(why: str) -> Refused:
    return Refused("AccessDeniedException", why, 403)
