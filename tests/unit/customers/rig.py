"""Where the contract of the customer stores is tried: a place to keep customers, its keys, and somebody to meet."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import FixedKeys, KeyRing
from throughline.customers.pointer import Pointer
from throughline.customers.store import CustomerStore, Stored

NOW = 2_000_000_000.0
OLD_KEY, NEW_KEY = b"an old key, 16 bytes or more", b"a new key, 16 bytes or more"
POINTERS = KeyRing("p1", {"p1": b"a pointer key, long enough"})
KEYS = FixedKeys(KeyRing("a1", {"a1": OLD_KEY}), POINTERS)
ROTATED = FixedKeys(KeyRing("a2", {"a1": OLD_KEY, "a2": NEW_KEY}), POINTERS)
RETIRED = FixedKeys(KeyRing("a2", {"a2": NEW_KEY}), POINTERS)
PHONE = Address(AddressKind.PHONE, "+1 (202) 555-0143")
MAIL = Address(AddressKind.EMAIL, "pat@example.com")


class Rig(ABC):
    """A place to keep customers, seen from outside."""

    @abstractmethod
    def store(self, keys: FixedKeys = KEYS) -> CustomerStore:
        """A store over this place; several may be had."""

    @abstractmethod
    def counted(self) -> tuple[int, int]:
        """Requests that read and that wrote since it was last asked."""


def pointer_to(stored: Stored, link: str) -> Pointer:
    return Pointer(stored.customer, link, stored.links[link].epoch)


def met(store: CustomerStore, address: Address = PHONE, now: float = NOW) -> tuple[Stored, Pointer]:
    """A customer who has been here once."""
    fresh, link = store.by_address(address, now)
    stored = store.save(replace(fresh, state='{"n":1}', turn='{"t":1}'), now)
    return stored, pointer_to(stored, link)
