"""What a customer keyed into the flow's encrypted input, opened, and checked as far as its kind goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from throughline.captures.vault import Vault
from throughline.privacy.payment_card import Flaw, as_said, keyed_card
from throughline.privacy.sealed import Sealed

VALUE, EXPIRY, SECURITY_CODE = "value", "expiry", "security_code"
PARTS: Final = frozenset({VALUE, EXPIRY, SECURITY_CODE})
"""The flow's parameters that are ciphertexts."""
TIMEOUT: Final = "Timeout"
"""What the flow stores in the place of keys that did not come (Amazon Connect Administrator Guide, "Flow block: Store
customer input")."""
PERSON: Final = "0"
"""Keyed alone, a person is wanted: at all times, so here too."""
CARD: Final = "card_number"


@dataclass(frozen=True, slots=True)
class Keyed:
    """What came of a capture. Nothing is set but `secret` or `flaw` if keys came, and nothing at all if none did."""

    secret: Sealed | None = None
    flaw: str = ""
    """Why it can't be right: the code of an intent's `refused` prompt."""
    person: bool = False
    """The customer wants a person."""


NOTHING: Final = Keyed()


def keyed_in(kind: str, parts: Mapping[str, Sealed], vault: Vault, now: float) -> Keyed:
    """Open what was captured of that kind of secret (a slot's `sensitive`), at `now` (epoch seconds).

    A card is three parts, of which the later ones may be missing where the customer stopped; all else is one. What is
    sealed of a card is text that `payment_card.said_card` reads. Raises NotOpened, StoreUnavailable.
    """
    wanted = (VALUE, EXPIRY, SECURITY_CODE) if kind == CARD else (VALUE,)
    found: list[str] = []
    for name in wanted:
        part = parts.get(name)
        cipher = part.reveal() if part is not None else ""
        keys = "" if cipher in ("", TIMEOUT) else vault.open(cipher).reveal().strip("#")
        if keys == PERSON:
            return Keyed(person=True)
        if keys in ("", TIMEOUT):
            return NOTHING
        found.append(keys)
    if kind != CARD:
        return Keyed(Sealed(found[0]))
    number, expiry, code = found
    card = keyed_card(number, expiry, code, now)
    return Keyed(flaw=card.value) if isinstance(card, Flaw) else Keyed(Sealed(as_said(number, expiry, code)))
