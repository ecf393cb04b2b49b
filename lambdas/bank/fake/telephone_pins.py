"""The stand-in's telephone PINs: everybody has one, made of who they are, so that no list of them lies anywhere."""

from __future__ import annotations

import hmac
from hashlib import sha256

from throughline.dialogue.action import Sealed


class FakeTelephonePins:
    """Knows whether a PIN is a customer's; satisfies `throughline.affairs.pins.PinCheck`."""

    def check(self, customer: str, pin: Sealed) -> bool:
        """See `PinCheck.check`."""
        return hmac.compare_digest(pin_of(customer).encode(), pin.reveal().encode())


def pin_of(customer: str) -> str:
    """The PIN that an invented customer has: six digits."""
    return f"{int(sha256(f'telephone pin of {customer}'.encode()).hexdigest(), 16) % 1_000_000:06d}"
