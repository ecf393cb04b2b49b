"""The customers of a rehearsal: an invented person whose devices are linked, before anything was said.

In production links are made by evidence; here they are simply there, as for a customer of some years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import Keys
from throughline.customers.pointer import Pointer, mint
from throughline.customers.store import CustomerStore, Link, Stored
from throughline.turn import Assurance

EVIDENCE = "rehearsal"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with devices. Invented."""

    name: str
    """What the page calls them."""
    browser: str
    """Id of their web device."""
    speaker: str
    """Their skill-scoped Alexa user id."""
    phone: str
    """Their number; 555-01xx are nobody's."""

    @classmethod
    def called(cls, name: str) -> Person:
        """A person whose addresses follow from the name."""
        slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
        number = sum(ord(c) for c in slug) % 90 + 10
        return cls(name, f"browser-{slug}", f"amzn1.ask.account.{slug.upper()}", f"+1212555{'01'}{number:02d}")

    def addresses(self) -> Mapping[str, Address]:
        """Their addresses by device."""
        return {
            "web": Address(AddressKind.WEB, self.browser),
            "speaker": Address(AddressKind.ALEXA, self.speaker),
            "phone": Address(AddressKind.PHONE, self.phone),
        }


def enrol(person: Person, store: CustomerStore, keys: Keys, now: float) -> Stored:
    """The person as one customer with all their devices linked; if they are one already, nothing changes."""
    stored, _ = store.by_address(person.addresses()["web"], now)
    if stored.version:
        return stored
    links: dict[str, Link] = {}
    for device, address in person.addresses().items():
        assurance = Assurance.LINKED if device == "speaker" else Assurance.VERIFIED
        links[device] = Link(device, 1, assurance, EVIDENCE, now, address.hashed(keys.address_keys()))
    return store.save(replace(stored, links=links), now)


def phone_pointer(stored: Stored, contact: str, assurance: Assurance, keys: Keys, now: float) -> str:
    """What the contact flow's data dip would put into the session: the customer, for this contact alone."""
    link = stored.links["phone"]
    pointer = Pointer(stored.customer, link.id, link.epoch)
    return mint(pointer, contact=contact, assurance=assurance, expires=now + 3600, keys=keys.pointer_keys())
