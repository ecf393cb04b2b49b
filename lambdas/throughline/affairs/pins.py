"""The telephone PIN: the business's own secret, keyed in on a call and checked without ever coming near Lex.

In the contact flow a "Store customer input" block takes the PIN, encrypts it with the flow's public key and puts it
into a contact attribute (Amazon Connect Administrator Guide, "Encrypt sensitive customer input"). A Lambda
function of the business's, which alone has the private key, decrypts it and calls `verified_pointer` with the
pointer that the call's data dip was given. It gets a pointer in its place that is worth `VERIFIED`, for this contact
and some minutes; the flow hands that to Lex as it did the first, and keeps the first for when it has expired.

So no transcript, no log and no recogniser holds a PIN, and there is no intent for it. Nothing is kept of it but, for
as long as the counters last, a keyed hash of the last try together with its turn: by it a function that is invoked
again for one try doesn't pay twice. Each try is paid for, in one conditional write, before the business is asked.

Whoever calls with a customer's forged number can use up that customer's tries of the hour: then, and wherever the
business doesn't answer, a code is the other way. They take none of her codes by that.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from throughline.affairs.sending import Note, unheard
from throughline.customers.allowances import (
    ANYBODY,
    DAY,
    HOUR,
    MINUTE,
    Allowance,
    Allowances,
    Limited,
    PinLimits,
)
from throughline.customers.codes import CodeKeys, Standing, Verdict, keyed
from throughline.customers.keys import KeyRing
from throughline.customers.pointer import Pointer, mint, read
from throughline.errors import ThroughlineError
from throughline.privacy.sealed import Sealed
from throughline.turn import Assurance

MINUTES: Final = 10
"""How long a pointer made by a PIN counts, unless told otherwise: as long as a proof by a code does."""
_PIN: Final = re.compile(r"[0-9]{4,12}\Z")
"""What is a PIN at all; how long theirs are is the business's to know."""


class Unavailable(ThroughlineError):
    """The business could not be asked about a PIN: offer a code or a person. Names neither PIN nor customer."""


class PinCheck(Protocol):
    """The business's own check."""

    def check(self, customer: str, pin: Sealed) -> bool:
        """Whether it is that customer's PIN; False, too, for one who has none or whom the business blocked.

        It keeps nothing of it, and takes as long either way. Raises Unavailable.
        """


class Pins:
    """Counts tries, and has them checked."""

    def __init__(
        self,
        allowances: Allowances,
        check: PinCheck,
        keys: CodeKeys,
        limits: PinLimits = PinLimits(),  # noqa: B008 - frozen, so sharing it is safe
        note: Note = unheard,
    ) -> None:
        self._limited = Limited(allowances)
        self._check = check
        self._keys = keys
        self._limits = limits
        self._note = note

    def prove(self, customer: str, link: str, session: str, pin: Sealed, turn: str, now: float) -> Verdict:
        """Whether who calls through `link` knows that customer's PIN: right (`about` is the customer), wrong or spent.

        `session` is the contact's id, `turn` names this try: invoked again with the same turn and PIN it pays
        nothing. What can be no PIN is wrong and costs no try. Once the tries are spent the business isn't asked
        any more. Raises StoreError and Unavailable, and then nothing is known of the PIN; ValueError without one of
        the ids.
        """
        if not (customer and link and session and turn):
            raise ValueError("a PIN is tried for a customer, through a link, in a session and a turn: name all four")
        digits = pin.reveal()
        if _PIN.match(digits) is None:
            return Verdict(Standing.WRONG)
        once = keyed(self._keys, "pin", customer, link, session, turn, digits)
        exhausted = self._limited.exhausted(self._narrow(customer, link), (self._overall(),), now, once)
        if exhausted:
            self._note(exhausted)
            return Verdict(Standing.SPENT)
        return Verdict(Standing.RIGHT, customer) if self._check.check(customer, pin) else Verdict(Standing.WRONG)

    def _narrow(self, customer: str, link: str) -> tuple[Allowance, ...]:
        most = self._limits
        return (
            Allowance("pin.customer", customer, most.customer_hour, HOUR),
            Allowance("pin.customer", customer, most.customer_day, DAY),
            Allowance("pin.source", link, most.source_hour, HOUR),
        )

    def _overall(self) -> Allowance:
        return Allowance("pin.overall", ANYBODY, self._limits.overall_minute, MINUTE)


def verified_pointer(
    pins: Pins,
    token: str,
    *,
    contact: str,
    pin: Sealed,
    turn: str,
    now: float,
    keys: KeyRing,
    seconds: float = MINUTES * 60,
) -> tuple[Verdict, str]:
    """What came of the PIN; and, if it was right, the pointer that takes the place of `token`, else "".

    `token` is the pointer that this contact was given, `contact` its id, which both pointers are bound to, `keys` the
    pointers' ring. The new one expires `seconds` after `now`: put `token` back then.

    Raises PointerError if `token` is not this contact's, and what `Pins.prove` raises.
    """
    pointer: Pointer
    pointer, _ = read(token, contact=contact, now=now, keys=keys)
    verdict = pins.prove(pointer.customer, pointer.link, contact, pin, turn, now)
    if verdict.standing is not Standing.RIGHT:
        return verdict, ""
    return verdict, mint(pointer, contact=contact, assurance=Assurance.VERIFIED, expires=now + seconds, keys=keys)


class FakePinCheck:
    """Knows the PINs that it was told, and remembers whom it was asked about; doesn't answer while `broken`."""

    def __init__(self, pins: dict[str, str] | None = None) -> None:
        self._pins = dict(pins or {})
        self.asked: list[str] = []
        self.broken = False

    def check(self, customer: str, pin: Sealed) -> bool:
        """See `PinCheck.check`."""
        self.asked.append(customer)
        if self.broken:
            raise Unavailable("the fake was told not to answer")
        return self._pins.get(customer) == pin.reveal()
