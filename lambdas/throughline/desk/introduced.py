"""What an introduction says: the addresses and facts of one customer, read from JSON and held against the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from throughline.customers.addresses import Address, AddressKind
from throughline.desk.noting import noted_in
from throughline.desk.office import Wrong
from throughline.dialogue.changes import Noted
from throughline.errors import EventError

MOST_ADDRESSES: Final = 20
MOST_FACTS: Final = 100
INTRODUCED: Final = (
    AddressKind.PHONE, AddressKind.EMAIL, AddressKind.LOGIN, AddressKind.MESSENGER, AddressKind.ALEXA,
)  # fmt: skip
"""Kinds that a business may have on record; the others are devices and calls, which only tell of themselves."""
_NAMES: Final = {"kind", "value", "proved_at"}
_EARLIEST: Final = 0.0


@dataclass(frozen=True, slots=True)
class Introduced:
    """An address that the business knows to be this customer's."""

    address: Address
    at: float
    """When that was proved, in epoch seconds."""
    dated: bool
    """The introduction says when; else it is the time of the introduction."""


def addresses_in(request: Mapping[str, Any], now: float) -> tuple[Introduced, ...]:
    """The addresses, each once, at its last proof. Raises Wrong with a number, and never an address."""
    rows = request.get("addresses")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ADDRESSES:
        raise Wrong(f'"addresses" is a list of 1 to {MOST_ADDRESSES}: [{{"kind": …, "value": …, "proved_at": …}}, …]')
    found: dict[Address, Introduced] = {}
    for number, row in enumerate(rows, 1):
        one = _address(row, f"address {number}", now)
        before = found.get(one.address)
        if before is None or (one.dated, one.at) > (before.dated, before.at):
            found[one.address] = one
    return tuple(found.values())


def facts_in(request: Mapping[str, Any]) -> tuple[Noted, ...]:
    """The facts. Raises Wrong with a number, and never a value."""
    rows = request.get("facts", [])
    if not isinstance(rows, list) or len(rows) > MOST_FACTS:
        raise Wrong(f'"facts" is a list of at most {MOST_FACTS}: [{{"kind": …, "value": …}}, …]')
    facts = tuple(noted_in(row, f"fact {number}") for number, row in enumerate(rows, 1))
    for number, fact in enumerate(facts, 1):
        if not fact.value.strip():
            raise Wrong(f"fact {number}: it has no value; the act note takes a fact back")
    return facts


def _address(row: object, what: str, now: float) -> Introduced:
    if not isinstance(row, Mapping) or row.keys() - _NAMES:
        raise Wrong(f'{what}: it is {{"kind": …, "value": …}}, with "proved_at" if it was proved before today')
    kind, value = row.get("kind"), row.get("value")
    if not isinstance(kind, str) or kind not in INTRODUCED or not isinstance(value, str):
        raise Wrong(f"{what}: its kind is one of {', '.join(INTRODUCED)}, and its value a text")
    try:
        address = Address(AddressKind(kind), value)
    except EventError:
        form = {
            "phone": ": write a plus, the country code and the number",
            "email": ": write it as name@example.com",
        }.get(kind, "")
        raise Wrong(f"{what}: that is no {kind}{form}") from None
    proved = row.get("proved_at")
    return Introduced(address, now if proved is None else _moment(proved, what, now), proved is not None)


def _moment(told: object, what: str, now: float) -> float:
    """Epoch seconds of a number of them, or of an ISO 8601 date or time, which is UTC unless it says otherwise."""
    at = None
    if isinstance(told, str):
        try:
            read = datetime.fromisoformat(told)
            at = (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            at = None
    elif isinstance(told, int | float) and not isinstance(told, bool):
        at = float(told)
    if at is None or not _EARLIEST <= at <= now:
        raise Wrong(
            f'{what}: "proved_at" is a date or a time that has been, such as 2026-01-31 or 2026-01-31T09:30:00Z'
        )
    return at
