"""A customer connects a phone or an e-mail address to their profile, or takes one off it.

Connecting takes a verified session and a code that was sent to the new address. Until the code is right, nothing
is told of whose the address may be; then, if it is somebody else's whom we know well, a person decides.
Other ways (an app, a speaker, a messenger) are connected by signing in there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from throughline.affairs.proving import Addresses, checked, where_it_went
from throughline.affairs.sending import Sending, address_given, asker
from throughline.customers.addresses import Address
from throughline.customers.codes import Asker, Purpose, Verdict
from throughline.customers.conflicts import Conflicts, Dispute
from throughline.customers.keys import KeyRing
from throughline.customers.linking import strong
from throughline.customers.own import OwnAction
from throughline.customers.store import Link, Stored
from throughline.dialogue.action import Assurance, Call, Done, Failed, Invalid, NeedsPerson, Outcome, Refused
from throughline.dialogue.changes import Linked, Unlinked
from throughline.errors import StoreError

_HOW: Final = "code"
_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "text": frozenset({"phone"}),
    "phone": frozenset({"phone"}),
    "email": frozenset({"email"}),
    "app": frozenset({"app", "push"}),
    "messenger": frozenset({"messenger"}),
    "alexa": frozenset({"alexa"}),
    "web": frozenset({"web"}),
}
"""What customers call a way to reach us, and the kinds of address that it is made of."""
_ELSEWHERE: Final = Done(variant="elsewhere")
_NOT_PROVED: Final = NeedsPerson("assurance")
CONFLICT: Final = "conflict"
"""Why a person is needed: somebody else is known by the address."""


class AddressKeys(Protocol):
    """Where the keys for addresses come from."""

    def address_keys(self) -> KeyRing:
        """Keys that addresses are hashed with. Raises StoreError."""


class LinkingChannels:
    """The own actions that change what addresses a customer comes by."""

    def __init__(self, sending: Sending, addresses: Addresses, keys: AddressKeys, conflicts: Conflicts) -> None:
        """`addresses` is the customer store; `keys` are the ones that it works with."""
        self._conflicts = conflicts
        self._sending = sending
        self._addresses = addresses
        self._keys = keys

    def actions(self) -> Mapping[str, OwnAction]:
        """By name."""
        return {"channel.send": self.send, "channel.check": self.check, "channel.remove": self.remove}

    def send(self, call: Call, stored: Stored) -> Outcome:
        """channel.send: a code to the new address."""
        who, to = asker(call), address_given(call)
        if call.assurance < Assurance.VERIFIED or who is None:
            return _NOT_PROVED
        if to is None:
            return _ELSEWHERE
        if isinstance(to, Invalid):
            return to
        if not self._sending.carries(to):
            return Refused("nowhere")
        return self._sending.tried(lambda: self._send(call, stored, who, to))

    def _send(self, call: Call, stored: Stored, who: Asker, to: Address) -> Outcome:
        hashes = to.hashes(self._keys.address_keys())
        if _proved_already(stored, hashes):
            return Refused("same")
        if self._sending.refused_connecting(call, to, stored.customer):
            return Refused("too_many")
        code = self._sending.begin(call, who, Purpose.CHANNEL, hashes[0])
        self._sending.deliver(call, to, code)
        return where_it_went(to, Assurance.ANONYMOUS)

    def check(self, call: Call, stored: Stored) -> Outcome:
        """channel.check: whether the code is right, and then whether the address is free."""
        to = address_given(call)
        if call.assurance < Assurance.VERIFIED:
            return _NOT_PROVED
        if to is None:
            return _ELSEWHERE
        if isinstance(to, Invalid):
            return to
        verdict = checked(self._sending, call, Purpose.CHANNEL)
        if not isinstance(verdict, Verdict):
            return verdict
        try:
            hashes = to.hashes(self._keys.address_keys())
            if verdict.about not in hashes:  # the address was changed after the code was sent to another
                return Refused("expired")
            if _proved_already(stored, hashes):
                return Refused("same")
            owner, _ = self._addresses.by_address(to, call.now)
            if owner.version and owner.customer != stored.customer and strong(owner):
                self._conflicts.note(Dispute(stored.customer, owner.customer, hashes[0], call.now))
                return NeedsPerson(CONFLICT)
        except StoreError as error:
            self._sending.note(type(error).__name__)
            return Failed()
        linked = Linked(to.kind.value, hashes[0], to.reach, _HOW)
        return Done(variant=to.kind.value, changes=(linked,))

    def remove(self, call: Call, stored: Stored) -> Outcome:
        """channel.remove: the customer doesn't come by that address any more."""
        if call.assurance < Assurance.VERIFIED:
            return _NOT_PROVED
        named = call.slots.get("contact_way") or call.slots.get("code_by", "")
        kinds = _KINDS.get(named, frozenset())
        links = [link for link in stored.links.values() if link.kind in kinds and not link.closed]
        given = address_given(call)
        if isinstance(given, Invalid):
            return given
        if given is not None:
            try:
                hashes = given.hashes(self._keys.address_keys())
            except StoreError as error:
                self._sending.note(type(error).__name__)
                return Failed()
            links = [link for link in links if link.address in hashes]
        others = [link for link in links if link.id != call.link]
        if not links:
            return Refused("none")
        if not others:
            return Refused("this_one")
        if len({link.kind for link in others}) < len(others):
            return Refused("which")
        return Done(changes=tuple(Unlinked(link.id) for link in others))


def _proved_already(stored: Stored, hashes: tuple[str, ...]) -> bool:
    """Whether the address is the customer's own, and proved to be: one that is only claimed may yet be proved."""
    return any(_proved(link) and link.address in hashes for link in stored.links.values())


def _proved(link: Link) -> bool:
    return not link.closed and not link.shared and link.assurance >= Assurance.LINKED
