"""Speaking in a contact: its tokens are sealed at rest, and a connection that has run out is made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from throughline.relay.book import Book, Relay, changed
from throughline.relay.chat import LONGEST, ChatOver, Chats, Message
from throughline.relay.tokens import Tokens

SOON: Final = 60.0
"""Seconds before its end from which a connection is not trusted."""
_T = TypeVar("_T")


class Speaking:
    """Speaks, reads and leaves, as the customer."""

    def __init__(self, book: Book, chats: Chats, tokens: Tokens, clock: Callable[[], float]) -> None:
        """Nothing is connected yet."""
        self._book = book
        self._chats = chats
        self._tokens = tokens
        self._clock = clock

    def sealed(self, token: str, relay: str) -> str:
        """A token as it may be kept."""
        return self._tokens.seal(token, relay=relay)

    def connected(self, relay: Relay) -> Relay:
        """The relay with a new connection, kept. Raises ChatOver, ChatUnavailable, StoreError."""
        made = self._chats.connect(self._tokens.open(relay.participant, relay=relay.id))
        sealed, now = self.sealed(made.token, relay.id), self._clock()
        kept = changed(
            self._book, relay.id, lambda one: replace(one, connection=sealed, connected_until=made.until), now
        )  # fmt: skip
        return kept if kept is not None else replace(relay, connection=sealed, connected_until=made.until)

    def say(self, relay: Relay, text: str, *, key: str, begun: bool = False) -> None:
        """Say it, in as many messages as it takes, all but the first one if the contact has `begun` with that.

        Raises ChatOver, ChatUnavailable, StoreError.
        """
        pieces = [text[at : at + LONGEST] for at in range(0, len(text), LONGEST)]

        def said(connection: str) -> None:
            for number, piece in list(enumerate(pieces))[int(begun) :]:
                self._chats.say(connection, piece, key=f"{key}.{number}")

        self._by(relay, said)

    def read(self, relay: Relay) -> tuple[Message, ...]:
        """The transcript's end, with all that was not told. Raises ChatOver, ChatUnavailable, StoreError."""
        return self._by(relay, lambda connection: self._chats.read(connection, relay.was_told))

    def leave(self, relay: Relay) -> None:
        """Leave the contact, which ends it. Raises ChatUnavailable, StoreError."""
        try:
            self._by(relay, self._chats.leave)
        except ChatOver:
            return

    def _by(self, relay: Relay, done: Callable[[str], _T]) -> _T:
        """By the connection that is kept, or by a new one: who is refused may have been away for too long."""
        if relay.connection and relay.connected_until > self._clock() + SOON:
            try:
                return done(self._tokens.open(relay.connection, relay=relay.id))
            except ChatOver:
                pass
        relay = self.connected(relay)
        return done(self._tokens.open(relay.connection, relay=relay.id))
