"""How a code gets to its address: the port that carriers implement, and a fake that only remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from throughline.customers.addresses import Address, AddressKind
from throughline.errors import ThroughlineError
from throughline.privacy.sealed import Sealed


class Undelivered(ThroughlineError):
    """The carrier did not take the message: offer another address or a person. Names neither text nor address."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. A carrier that knows no subject leaves it out."""

    subject: str
    """Never holds the code: subjects show on locked screens."""
    text: Sealed
    """Plain text with the code in it."""


class CodeDelivery(Protocol):
    """Carries messages to one kind of address."""

    def deliver(self, address: Address, message: Message) -> None:
        """Hand it to the carrier, which may still lose it. Raises Undelivered."""


class Wording(Protocol):
    """Puts a code into words."""

    def __call__(self, code: Sealed, locale: str) -> Message:
        """The message that carries the code, in that locale."""


Deliveries = Mapping[AddressKind, CodeDelivery]
"""The carriers that this deployment has."""


class FakeDelivery:
    """Remembers what it was given; refuses while `broken`."""

    def __init__(self) -> None:
        self.delivered: list[tuple[Address, Message]] = []
        self.broken = False

    def deliver(self, address: Address, message: Message) -> None:
        """See `CodeDelivery.deliver`."""
        if self.broken:
            raise Undelivered("the fake carrier was told to refuse")
        self.delivered.append((address, message))
