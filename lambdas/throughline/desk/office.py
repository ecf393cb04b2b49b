"""What the acts work with: the stores behind the desk, and one case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from throughline.customers.store import CustomerStore, Stored
from throughline.desk.audit import Audit
from throughline.desk.disputes import Disputes
from throughline.desk.person import Person
from throughline.dialogue.model import Model
from throughline.records.custody import Custody
from throughline.records.strands import Keeping, Strands

Answer = dict[str, Any]
"""JSON."""


class Wrong(ValueError):
    """The request lacks something; the message says what. 400."""


class NotThere(LookupError):
    """Nothing is kept of what was asked for. 404."""


class Clash(Exception):
    """Two customers who are both known for certain are in conflict, which is noted. Nothing was changed. 409."""

    def __init__(self, words: str, conflicts: tuple[str, ...], customers: tuple[str, ...]) -> None:
        super().__init__(words)
        self.conflicts = conflicts
        """Their ids, as `links` tells them at each of the two."""
        self.customers = customers


class Held(Exception):
    """A legal hold forbids what was asked for. Nothing was changed. 409."""

    def __init__(self, customers: tuple[str, ...]) -> None:
        super().__init__("a legal hold is in force, so nothing of theirs moves: an operator releases it first")
        self.customers = customers
        """Who is held."""


@dataclass(frozen=True, slots=True)
class Office:
    """Everything behind the desk."""

    store: CustomerStore
    strands: Strands
    keeping: Keeping
    audit: Audit
    custody: Custody
    words: Callable[[Mapping[str, Any]], str]
    """What was answered, in words, from a turn's record."""
    replay: Callable[[str, bool], None]
    """Start the tombstones' replay for the person with that id: all, or, if true, only those that are unfinished.
    Raises StoreError."""
    clock: Callable[[], float]
    model: Model | None = None
    disputes: Disputes | None = None
    """Conflicts; without them no conflict can be noted, and the links tell of one without its time."""


@dataclass(frozen=True, slots=True)
class Case:
    """One act, allowed and written down."""

    person: Person
    customer: str
    """Empty for an act about nobody in particular."""
    why: str
    now: float
    id: str
    """The audit entry's; also the id of a merge."""
    request: Mapping[str, Any]

    def text(self, name: str, hint: str) -> str:
        """A text of the request. Raises Wrong with the hint."""
        found = self.request.get(name)
        if not isinstance(found, str) or not found:
            raise Wrong(f'"{name}" is missing: {hint}')
        return found

    def number(self, name: str, otherwise: int, most: int) -> int:
        """A whole number of the request, from 1 to `most`. Raises Wrong."""
        found = self.request.get(name, otherwise)
        if not isinstance(found, int) or isinstance(found, bool) or not 1 <= found <= most:
            raise Wrong(f'"{name}" is a whole number from 1 to {most}')
        return found


def stored_of(office: Office, case: Case, customer: str = "") -> Stored:
    """The conversation of the case's customer, or of another. Raises NotThere, StoreError."""
    stored = office.store.by_customer(customer or case.customer, case.now)
    if stored is None or not stored.links:
        raise NotThere("nothing is kept of that customer")
    return stored


def free(office: Office, *customers: str) -> None:
    """Nothing, if no legal hold is in force on any of them. Raises Held, StoreError."""
    held = tuple(one for one in dict.fromkeys(customers) if one and office.custody.held_since(one) is not None)
    if held:
        raise Held(held)
