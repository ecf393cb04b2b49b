"""The customers of a rehearsal: invented people whose devices are linked, before anything was said.

In production links are made by evidence; here they are simply there, with the evidence and the time that they would
have, as for a customer of some years.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from throughline.customers import profile
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import Keys
from throughline.customers.pointer import Pointer, mint
from throughline.customers.rules import derived
from throughline.customers.store import CustomerStore, Link, Stored
from throughline.dialogue.changes import Noted
from throughline.dialogue.engine import hand_back
from throughline.dialogue.model import Model
from throughline.dialogue.state import Proof, decode, encode
from throughline.turn import Assurance, Capabilities, InputMode, Turn

DAY: Final = 86_400.0
EVIDENCE: Mapping[AddressKind, tuple[str, float]] = {
    AddressKind.PHONE: ("code", 90 * DAY),
    AddressKind.EMAIL: ("code", 120 * DAY),
    AddressKind.ALEXA: ("account link", 60 * DAY),
    AddressKind.WEB: ("code", 30 * DAY),
    AddressKind.LOGIN: ("login", 120 * DAY),
}
"""What proved that an address is a customer's, and how many seconds ago."""


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
    email: str
    """Their mailbox; .example is nobody's."""
    strange: bool = False
    """Whether their devices are nobody's: nothing was linked before the rehearsal."""
    borrows: str = ""
    """Whose telephone it is that they use, if it isn't theirs: then no link leads from it to them."""

    @classmethod
    def called(cls, name: str) -> Person:
        """A person whose addresses follow from the name."""
        slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
        number = sum(ord(c) for c in slug) % 90 + 10
        return cls(
            name, f"browser-{slug}", f"amzn1.ask.account.{slug.upper()}", f"+1212555{'01'}{number:02d}",
            f"{slug}@post.example",
        )  # fmt: skip

    def at_strange_devices(self, mark: str) -> Person:
        """The same person, phone and mailbox in hand, at a browser and a speaker that nobody knows."""
        return replace(self, browser=f"{self.browser}-{mark}", speaker=f"{self.speaker}-{mark.upper()}", strange=True)

    def sharing_the_phone_of(self, other: Person) -> Person:
        """The same person, who calls and writes from the other's number: a family's phone."""
        return replace(self, phone=other.phone, borrows=other.name)

    def addresses(self) -> Mapping[AddressKind, Address]:
        """Those of their addresses that are linked to them, by kind."""
        owned = {
            AddressKind.WEB: self.browser,
            AddressKind.ALEXA: self.speaker,
            AddressKind.PHONE: self.phone,
            AddressKind.EMAIL: self.email,
        }
        left_out = {AddressKind.PHONE} if self.borrows else set()
        return {kind: Address(kind, value) for kind, value in owned.items() if kind not in left_out}

    @property
    def new_email(self) -> str:
        """A further mailbox of theirs, which is linked to nobody."""
        return f"new-{self.email}"

    @property
    def home(self) -> Address:
        """The address by which the rehearsal finds them again: who signs nothing in has their mailbox."""
        return Address(AddressKind.EMAIL, self.email)


def enrol(person: Person, store: CustomerStore, keys: Keys, now: float, *, subject: str = "") -> Stored:
    """The person as one customer with all their devices linked, by name; if they are one already, nothing changes.

    `subject` is their sign-in's, where the rehearsal has a user pool.
    """
    stored, _ = store.by_address(person.home, now)
    if stored.version or person.strange:
        return stored
    addresses = dict(person.addresses())
    if subject:
        addresses[AddressKind.LOGIN] = Address(AddressKind.LOGIN, subject)
    made = [_proved(stored, address, keys, now) for address in addresses.values()]
    named = profile.noted(
        stored.profile, Noted("name", "", person.name), link=made[0].id, at=made[0].at, by="business"
    )  # fmt: skip
    return store.save(replace(stored, links={link.id: link for link in made}, profile=named), now)


def signed_up(stored: Stored, subject: str, store: CustomerStore, keys: Keys, now: float) -> Stored:
    """The customer with a further sign-in."""
    link = _proved(stored, Address(AddressKind.LOGIN, subject), keys, now)
    return store.save(replace(stored, links={**stored.links, link.id: link}), now)


def _proved(stored: Stored, address: Address, keys: Keys, now: float) -> Link:
    """A link as it would be if the address had been proved when people of some years proved theirs."""
    evidence, ago = EVIDENCE[address.kind]
    hashed = address.hashed(keys.address_keys())
    return Link(
        derived("l", stored.customer, hashed), 1, Assurance.LINKED, evidence, now - ago, hashed,
        kind=address.kind.value, by="customer", reach=address.reach,
    )  # fmt: skip


def link_of(stored: Stored, kind: AddressKind) -> Link:
    """The customer's first open link of that kind. Raises LookupError if there is none."""
    found = next((one for one in stored.links.values() if one.kind == kind.value and not one.closed), None)
    if found is None:
        raise LookupError(f"the customer has no {kind.value} that they come by")
    return found


def phone_pointer(stored: Stored, contact: str, assurance: Assurance, keys: Keys, now: float) -> str:
    """What the contact flow's data dip would put into the session: the customer, for this contact alone.

    `assurance` is what the flow established of the caller; a caller id alone is a claim.
    """
    link = link_of(stored, AddressKind.PHONE)
    pointer = Pointer(stored.customer, link.id, link.epoch)
    return mint(pointer, contact=contact, assurance=assurance, expires=now + 3600, keys=keys.pointer_keys())


def proved_in(stored: Stored, session: str, how: str, store: CustomerStore, now: float) -> Stored:
    """The customer after they proved themselves by their phone: for this session alone and for some minutes."""
    link, state = link_of(stored, AddressKind.PHONE), decode(stored.state)
    others = tuple(one for one in state.proofs if (one.link, one.session) != (link.id, session))
    proofs = (*others, Proof(link.id, session, now, how))
    return store.save(replace(stored, state=encode(replace(state, proofs=proofs))), now)


def handed_back_by_hand(model: Model, store: CustomerStore, stored: Stored, now: float) -> Stored:
    """The customer after the person who had the conversation has finished, where no channel tells us so here."""
    state = decode(stored.state)
    if state.person is None:
        return stored
    turn = Turn(
        id=f"hand-back-{uuid.uuid4().hex}", at=now, channel="agent", session=state.person.session,
        locale=model.default_locale, mode=InputMode.TAP, assurance=Assurance.VERIFIED,
        can=Capabilities(voice=False, screen=True, transfer=True, secrets=True),
    )  # fmt: skip
    return store.save(replace(stored, state=encode(hand_back(model, state, turn).state)), now)
