"""Where messages arrive: each person's phone and mailbox, in order; and how delivery can be made to fail."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any, Final

KEPT: Final = 2_000
_CODE: Final = re.compile(r"(?<![\d+])(\d{6})(?!\d)")
TEXT: Final = "text"
EMAIL: Final = "email"


class Undelivered(Exception):
    """The carrier takes nothing at the moment."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that arrived, or was sent from there."""

    id: str
    way: str
    """text or email."""
    to: str
    """A phone number in E.164, or a mail address in small letters."""
    sender: str
    text: str
    at: float
    """Epoch seconds, by the rehearsal's clock."""
    subject: str = ""

    @property
    def code(self) -> str:
        """The one-time code in it; empty if there is none."""
        found = _CODE.search(self.text)
        return found[1] if found else ""


@dataclass(slots=True)
class PostOffice:
    """Keeps what arrived; safe for threads."""

    clock: Callable[[], float]
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=KEPT))
    failing: set[str] = field(default_factory=set)
    """Ways on which nothing is taken: text, email."""
    lock: Lock = field(default_factory=Lock)

    def deliver(self, way: str, to: str, sender: str, text: str, *, id: str, subject: str = "") -> Message:
        """Put it where it goes. Raises Undelivered while that way is made to fail."""
        if way in self.failing:
            raise Undelivered(f"{way} is out of order in this rehearsal")
        message = Message(id, way, to.casefold(), sender, text, self.clock(), subject)
        with self.lock:
            self.messages.append(message)
        return message

    def at(self, *addresses: str) -> list[Message]:
        """What arrived at these addresses, the oldest first."""
        wanted = {address.casefold() for address in addresses}
        with self.lock:
            return [message for message in self.messages if message.to in wanted]

    def newest_code(self, *addresses: str, way: str = "") -> str:
        """The newest code at these addresses, on that way or on any; empty if none came."""
        found = [one for one in self.at(*addresses) if one.code and way in ("", one.way)]
        return found[-1].code if found else ""

    def fail(self, way: str, *, failing: bool = True) -> None:
        """From now on, let that way take nothing (or let it work again)."""
        if failing:
            self.failing.add(way)
        else:
            self.failing.discard(way)

    def dump(self) -> list[Mapping[str, Any]]:
        """Everything, for a snapshot."""
        with self.lock:
            return [asdict(message) for message in self.messages]

    def load(self, dumped: Iterable[Mapping[str, Any]]) -> None:
        """What an earlier rehearsal left."""
        with self.lock:
            self.messages.extend(Message(**one) for one in dumped)
