"""Sends a code within the allowances: what every own action that sends one does the same way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from throughline.affairs.countries import HOME, texted
from throughline.affairs.delivery import Deliveries, Message, Undelivered, Wording
from throughline.affairs.guessing import Guessing
from throughline.affairs.origins import Origin
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.allowances import (
    ANYBODY,
    DAY,
    HOUR,
    MINUTE,
    Allowance,
    Allowances,
    Asks,
    Crowd,
    GuessLimits,
    Limited,
    SendLimits,
)
from throughline.customers.codes import Asker, Codes, Purpose, Standing, Verdict
from throughline.dialogue.action import Assurance, Call, Failed, Invalid, Outcome, Refused
from throughline.errors import EventError, StoreError
from throughline.privacy.sealed import Sealed

CODE: Final = "code"
"""The slot that an answer with a code is asked for in."""
_BY_SLOT: Final = {AddressKind.PHONE: "phone_number", AddressKind.EMAIL: "email_address"}
_HOME: Final = {"US": ("1", "1"), "CA": ("1", "1"), "GB": ("44", "0"), "AU": ("61", "0"), "ES": ("34", "")}
"""A locale's country to its calling code and what is dialled before a number within it (ITU-T E.164, list of
national prefixes); elsewhere a number needs its plus."""
_NAMED: Final = {"phone": AddressKind.PHONE, "text": AddressKind.PHONE, "email": AddressKind.EMAIL}
_WAYS: Final = ("code_by", "contact_way")

Note = Callable[[str], None]
"""Hears the name of an exhausted allowance or of a failure, for the log; never anything personal."""


def unheard(name: str) -> None:
    """A `Note` for whom it may not concern."""
    del name


def asker(call: Call) -> Asker | None:
    """Who asks; None where the channel has no session that a code could be bound to."""
    return Asker(call.customer, call.session) if call.customer and call.session else None


def way(call: Call) -> AddressKind | None:
    """How the customer wants the code, if they said so."""
    return next((_NAMED[value] for slot in _WAYS if (value := call.slots.get(slot, "")) in _NAMED), None)


def address_given(call: Call) -> Address | Invalid | None:
    """The address in the call's slots; Invalid if it is none, None if there is none of the kind wanted."""
    wanted = way(call)
    for kind, slot in _BY_SLOT.items():
        value = call.slots.get(slot, "")
        if value and wanted in (None, kind):
            try:
                return Address(kind, _international(value, call.locale) if kind is AddressKind.PHONE else value)
            except EventError:
                return Invalid(slot, "unusable")
    return None


def _international(number: str, locale: str) -> str:
    """A telephone number with its country, which people leave out at home; as it is where we can't tell."""
    code, trunk = _HOME.get(locale[-2:].upper(), ("", ""))
    digits = "".join(sign for sign in number if sign.isdecimal())
    if not code or number.lstrip().startswith("+") or digits.startswith("00"):
        return number
    return f"+{code}{digits.removeprefix(trunk)}"


def _right(call: Call) -> Asks:
    return Asks.PROVED if call.assurance >= Assurance.LINKED else Asks.CLAIMED


def unsaid(verdict: Verdict) -> Outcome | None:
    """What the customer hears of an answer that wasn't right; None if it was."""
    match verdict.standing:
        case Standing.RIGHT:
            return None
        case Standing.WRONG:
            return Invalid(CODE, "wrong")
        case Standing.EXPIRED:
            return Refused("expired")
        case Standing.SPENT:
            return Refused("too_many_tries")


class Sending:
    """Counts, makes, keeps and hands over codes."""

    def __init__(
        self,
        codes: Codes,
        allowances: Allowances,
        deliveries: Deliveries,
        wording: Wording,
        *,
        origin: Origin,
        countries: Collection[str] = HOME,
        limits: SendLimits = SendLimits(),  # noqa: B008 - frozen, so sharing it is safe
        guesses: GuessLimits = GuessLimits(),  # noqa: B008 - the same
        note: Note = unheard,
    ) -> None:
        """`origin` tells where a request came from; without one, guests share a small allowance among themselves.

        `countries` are those whose numbers may be texted, as `countries.texted` has them.
        """
        self._codes = codes
        self.note = note
        self._countries = tuple(countries)
        self._guessing = Guessing(allowances, guesses)
        self._allowances = allowances
        self._limited = Limited(allowances)
        self._deliveries = deliveries
        self._wording = wording
        self._limits = limits
        self._origin = origin

    def carries(self, to: Address) -> bool:
        """Whether a code can be sent to that address from here: some way leads there, and into that country."""
        abroad = to.kind is AddressKind.PHONE and not texted(to.value, self._countries)
        return to.kind in self._deliveries and not abroad

    @property
    def reaches(self) -> frozenset[str]:
        """Kinds of address that a code can be sent to, as links name them."""
        return frozenset(kind.value for kind in self._deliveries)

    def refused(self, call: Call, to: Address, customer: str) -> bool:
        """Spend all that a code to an address of the customer's own takes; whether it was not to be had.

        Raises StoreError.
        """
        return self._refused(_right(call), call, to, customer)

    def refused_connecting(self, call: Call, to: Address, customer: str) -> bool:
        """The same of an address that the customer wants to connect. Raises StoreError."""
        return self._refused(Asks.CONNECTS, call, to, customer)

    def refused_source(self, call: Call) -> bool:
        """What identifying somebody takes of who asks, and altogether; nothing of it is anybody else's.

        Every identification is counted, not only those that come to nothing: a count of these would tell
        which they were. Raises StoreError.
        """
        asks, origin, crowd = Asks.IDENTIFIES, self._origin(), self._crowd(call, Purpose.IDENTIFY)
        if self._noted(self._guessing.used_up(crowd, origin, call.now)):
            return True
        narrow = [self._source(asks, call)] if call.link else []
        if origin:
            narrow.append(Allowance(f"{asks}.origin", origin, self._limits.origin_hour, HOUR))
        overall = Allowance(f"{asks}.overall", ANYBODY, self._limits.identified_minute, MINUTE)
        if crowd is Crowd.GUESTS:
            overall = Allowance(f"{asks}.{crowd}", ANYBODY, self._limits.guests_minute, MINUTE)
        return self._noted(self._limited.exhausted(narrow, (overall,), call.now))

    def refused_destination(self, call: Call, to: Address, customer: str) -> bool:
        """What identifying somebody takes of the address and whose it is. Raises StoreError."""
        return self._noted(self._allowances.spend(self._towards(Asks.IDENTIFIES, to, customer), call.now))

    def begin(self, call: Call, who: Asker, purpose: Purpose, about: str, to: str = "") -> Sealed:
        """A new code, kept in its place; `to` is the link whose address it goes to. Raises StoreError."""
        return self._codes.begin(who, purpose, about, call.link, call.now, to)

    def check(self, call: Call, who: Asker, purpose: Purpose) -> Verdict:
        """What came of the call's answer, wrong ones counted. Raises StoreError, and then nothing is known of it."""
        verdict = self._codes.check(who, purpose, call.turn, call.secret, call.now)
        verdict, used_up = self._guessing.counted(verdict, self._crowd(call, purpose), self._origin(), call.now)
        self._noted(used_up)
        return verdict

    def deliver(self, call: Call, to: Address, code: Sealed) -> None:
        """Hand it to the carrier. Raises Undelivered, and at once for an address that nothing is sent to from here."""
        if not self.carries(to):
            raise Undelivered("nothing is sent to that kind of address, or into that country: see codes.countries")
        message: Message = self._wording(code, call.locale)
        self._deliveries[to.kind].deliver(to, message)

    def tried(self, act: Callable[[], Outcome]) -> Outcome:
        """What `act` came to. A carrier's refusal and a failure of the store are noted, and told as they are."""
        try:
            return act()
        except Undelivered:
            self.note("undelivered")
            return Refused("undelivered")
        except StoreError as error:
            self.note(type(error).__name__)
            return Failed()

    def _crowd(self, call: Call, purpose: Purpose) -> Crowd:
        if purpose is Purpose.CHANNEL:
            return Crowd.CONNECTING
        if call.assurance >= Assurance.LINKED:
            return Crowd.CUSTOMERS
        return Crowd.GUESTS if call.guest and not self._origin() else Crowd.CALLERS

    def _refused(self, asks: Asks, call: Call, to: Address, customer: str) -> bool:
        purpose = Purpose.CHANNEL if asks is Asks.CONNECTS else Purpose.PROVE
        if self._noted(self._guessing.used_up(self._crowd(call, purpose), self._origin(), call.now)):
            return True
        narrow = (*self._towards(asks, to, customer), self._source(asks, call))
        # Its own by right, too: or else forged callers, sixty a minute, would take everybody's codes away.
        overall = [Allowance(f"{asks}.overall", ANYBODY, self._limits.overall_minute, MINUTE)]
        if asks is Asks.CONNECTS:
            overall.append(Allowance(f"{asks}.overall", ANYBODY, self._limits.connected_day, DAY))
        return self._noted(self._limited.exhausted(narrow, overall, call.now))

    def _towards(self, asks: Asks, to: Address, customer: str) -> tuple[Allowance, ...]:
        most, place = self._limits, f"{to.kind}\0{to.value}"
        customer_most, place_most = (
            (most.customer_hour, most.customer_day),
            (most.destination_hour, most.destination_day),
        )
        if asks in (Asks.CONNECTS, Asks.IDENTIFIES):
            place_most = (most.named_hour, most.named_day)
        if asks is Asks.IDENTIFIES:
            customer_most = place_most
        return (
            Allowance(f"{asks}.customer", customer, customer_most[0], HOUR),
            Allowance(f"{asks}.customer", customer, customer_most[1], DAY),
            Allowance(f"{asks}.destination", place, place_most[0], HOUR),
            Allowance(f"{asks}.destination", place, place_most[1], DAY),
        )

    def _source(self, asks: Asks, call: Call) -> Allowance:
        """The link that they came through: a device that we issued, a number, a sign-in.

        A guest's is their session's, so it bounds only those who keep to one: see `Origin`.
        """
        return Allowance(f"{asks}.source", call.link, self._limits.source_hour, HOUR)

    def _noted(self, exhausted: str) -> bool:
        if exhausted:
            self.note(exhausted)
        return bool(exhausted)
