"""A caller: dials the number of the synthesised flows, answers what they ask, and speaks or keys the rest.

How sure the bank is of them when the call begins is the rehearsal's to say (`assurance`): a caller's number proves a
claim and no more, so the rest is put beside it as a PIN or another system would have proved it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rehearsal.connect.events import AskedFor, Ended, Event, Heard, Party, Spoke, Whispered
from rehearsal.connect.inputs import HangUp, Input, Keys, Said, Silence, Typed
from rehearsal.connect.state import Phase
from rehearsal.people import Person, phone_pointer, proved_in
from rehearsal.telephone import Telephone
from rehearsal.told import CantCarry, Told
from rehearsal.world import World
from throughline.channels.capabilities import LEX_KEYS, LEX_SPEECH
from throughline.channels.lex import LIVE
from throughline.customers.addresses import Address, AddressKind
from throughline.rendering import plain
from throughline.turn import Assurance

AGREED: Final = "1"
"""What is keyed where the flow asks whether it may record."""
POINTER: Final = "pointer"
"""The contact attribute that holds it."""


@dataclass(slots=True)
class Caller:
    """A telephone in somebody's hand: by voice, or by keys alone."""

    world: World
    person: Person | None
    assurance: Assurance
    way: str = LEX_SPEECH
    contact: str = ""
    asked: AskedFor | None = field(default=None)
    """What the call waits for."""

    def open(self) -> Told:
        """See `Device.open`."""
        return self.key("") if self.way == LEX_KEYS else self.say("hello")

    def say(self, text: str) -> Told:
        """See `Device.say`. Where a secret is asked for, its digits are keyed, and ended by a hash."""
        self._there()
        if self.asked is not None and self.asked.encrypted:
            return self.key("".join(sign for sign in text if sign.isdecimal()))
        if self.way == LEX_KEYS:
            raise CantCarry("only what can be keyed")
        chat = self._line.centre.contact(self.contact).data.channel == "CHAT"
        return self._take(Typed(text) if chat else Said(text))

    def key(self, digits: str) -> Told:
        """See `Device.key`."""
        self._there()
        at_once = self.asked is not None and self.asked.kind == "key"
        return self._take(Keys(digits if at_once else f"{digits}#") if digits else Silence())

    def silence(self) -> Told:
        """See `Device.silence`."""
        self._there()
        return self._take(Silence())

    def again(self) -> Told:
        """See `Device.again`: it is Lex that calls the function twice."""
        answer = self.world.lex_again()
        return Told(tuple(plain(str(m["content"])) for m in answer.get("messages", ()) if "content" in m))

    def leave(self) -> None:
        """See `Device.leave`."""
        if self.contact and self._contact_is_there():
            self._line.centre.take(self.contact, HangUp())
        self.contact, self.asked = "", None

    def sign_in(self) -> None:
        """See `Device.sign_in`."""
        raise CantCarry("nobody signs in by telephone")

    def dial(self, *, channel: str = "VOICE", withheld: bool = False) -> Told:
        """Begin a call or a chat by hand: nothing is keyed yet, and the number proves what it proves."""
        self.leave()
        if self.person is not None:
            self.world.customer(self.person)
        self.contact = self._line.dial(self.person, channel, withheld=withheld)
        return self.heard(self._line.centre.events(self.contact))

    def leave_while_keying(self, digits: str) -> None:
        """Some keys, not ended by a hash; then the call is over."""
        self._take(Keys(digits))
        self.leave()

    @property
    def _line(self) -> Telephone:
        if self.world.line is None:
            raise CantCarry("the templates have no telephone")
        return self.world.line

    def _contact_is_there(self) -> bool:
        return self._line.centre.contact(self.contact).phase is not Phase.OVER

    def _there(self) -> None:
        """Have a call: dial if there is none, and answer whether it may be recorded."""
        if self.contact and self._contact_is_there():
            return
        if self.person is not None:
            self.world.customer(self.person)
        self.contact = self._line.dial(self.person)
        self.heard(self._line.centre.events(self.contact))
        self._prove()  # before the flow hands the pointer on to Lex
        if self.asked is not None and self.asked.kind == "key":
            self.heard(self._line.centre.take(self.contact, Keys(AGREED)))

    def _prove(self) -> None:
        """The call's pointer, as sure as the rehearsal says."""
        person, world = self.person, self.world
        if person is None or self.assurance <= Assurance.CLAIMED:
            return
        own = world.customer(person)
        there, _ = world.store.by_address(Address(AddressKind.PHONE, person.phone), world.clock())
        stored = there if there.version else own  # a number leads to whoever it is known to be of
        if self.assurance is Assurance.VERIFIED:
            stored = proved_in(stored, f"{LIVE}:{self.contact}", "pin", world.store, world.clock())
        data = self._line.centre.contact(self.contact).data
        data.attributes[POINTER] = phone_pointer(stored, self.contact, self.assurance, world.keys, world.clock())

    def _take(self, given: Input) -> Told:
        return self.heard(self._line.centre.take(self.contact, given))

    def heard(self, events: Sequence[Event]) -> Told:
        """What the customer heard of these events; what the call waits for is taken from them."""
        asked = [event for event in events if isinstance(event, AskedFor)]
        self.asked = asked[-1] if asked else None
        said = tuple(it for event in events if (it := _audible(event)))
        return Told(said, not any(isinstance(event, Ended) for event in events))


def _audible(event: Event) -> str:
    """What the customer hears of it."""
    match event:
        case Spoke(content, _, _, Party.CUSTOMER) | Whispered(Party.CUSTOMER, content, _):
            return plain(content)
        case Heard(Party.AGENT, words):
            return words
    return ""
