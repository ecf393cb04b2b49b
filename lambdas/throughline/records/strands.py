"""The two ports of what is kept behind the stream: strands, and what a customer has besides the conversation.

All may raise StoreError and StoreUnavailable. Everything is safe to do again. Times are epoch seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from throughline.customers.store import Edge, Stored
from throughline.records.transcript import StrandFact, StrandTurn


@dataclass(frozen=True, slots=True)
class Kept:
    """An item of a strand, as an eraser sees it."""

    sort: str
    """Its sort key."""
    session: str = ""
    """The channel's session, of a turn: its code challenge goes with it."""
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """What went from a strand lately, and must not come back with a change that is told late."""

    erased: float | None = None
    """The cut-off up to which it was erased."""
    along: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    """Sessions whose turns went along to another link: which, and up to when they had been said."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: nothing of this customer's may be erased or expire."""

    customer: str
    by: str
    """The person at the desk who placed it."""
    why: str
    at: float
    released: float | None = None
    """When it ended; a released hold stays as a record until the customer is erased."""
    strands: tuple[str, ...] = ()
    """Strands whose conversation was forgotten under the hold: their only trace."""

    @property
    def holds(self) -> bool:
        """Whether it is in force."""
        return self.released is None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export that was made, and where."""

    id: str
    at: float
    expires: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything in a customer's partition but the conversation and the hold."""

    export: ExportRow | None = None
    conflicts: Mapping[str, str] = field(default_factory=dict)
    """Sort key of each conflict, and the other customer in it."""
    went: Mapping[str, str] = field(default_factory=dict)
    """Each link that was the customer's before it moved, and who has it now."""
    others: tuple[str, ...] = ()
    """Sort keys of the rest."""


class Strands(Protocol):
    """What came through each link."""

    def write_turn(self, turn: StrandTurn) -> None:
        """Keep a turn at its place."""

    def write_facts(self, facts: Sequence[StrandFact]) -> None:
        """Keep lines of the facts' history."""

    def gone(self, link: str) -> Gone:
        """What went from the strand lately."""

    def write_erased(self, link: str, at: float, expires: int) -> None:
        """Set the cut-off, unless a later one is there."""

    def write_along(self, link: str, session: str, other: str, at: float, expires: int) -> None:
        """Note that the session's turns up to then are of the link `other`."""

    def turns(self, link: str) -> Iterator[StrandTurn]:
        """All turns, oldest first."""

    def facts(self, link: str) -> Iterator[StrandFact]:
        """The facts' history, oldest first."""

    def kept(self, link: str, until: float | None = None, *, most: int = 500) -> list[Kept]:
        """The first items (turns, facts, then what waits to be fetched) not newer than `until`; None: all there are,
        whatever `most` says.
        """

    def delete(self, link: str, sorts: Sequence[str]) -> None:
        """Delete those items; all of them are gone when it returns."""

    def sample(self, most: int) -> list[StrandTurn]:
        """Some turns, of strands drawn by chance: neighbours of one strand come together."""

    def set_expiry(self, link: str, sort: str, expires: int | None) -> None:
        """Let an item that exists expire then, or never."""


class Keeping(Protocol):
    """What a customer has besides strands."""

    def conversation(self, customer: str) -> Stored | None:
        """The conversation as it is kept, expired or marked or not."""

    def edge(self, address: str) -> Edge | None:
        """Where the address with that keyed hash leads."""

    def delete_edge(self, address: str, customer: str, link: str) -> bool:
        """Delete the edge if it still leads there; whether it was."""

    def delete_conversation(self, customer: str, *, mark: str = "", nonce: str = "") -> bool:
        """Delete it if it still has this mark, or this nonce; whether it had."""

    def write_mark(self, seen: Stored, new: Stored) -> bool:
        """Write `new`'s links, state, profile and mark over `seen`; False if that isn't what is there any more.

        For an erasure that a person began, and for households, which forget who was erased.
        """

    def hold(self, customer: str) -> Hold | None:
        """The customer's hold, in force or released."""

    def write_hold(self, hold: Hold) -> None:
        """Place a hold, over a released one too."""

    def release(self, customer: str, at: float) -> bool:
        """End the hold; False if none is in force."""

    def note_strands(self, customer: str, links: Sequence[str]) -> None:
        """Keep the strands' ids with the hold, once."""

    def write_held(self, stored: Stored, reaches: Mapping[str, str]) -> None:
        """Keep the conversation as it is where nothing expires; of the raw addresses (by link) the first ones stay."""

    def want_erasure(self, customer: str, mark: str) -> None:
        """Keep the wish to be erased until the hold ends; the first one holds."""

    def wanted_erasure(self, customer: str) -> str:
        """The wish's mark; "" if there is none."""

    def note_waiting(self, held: str, customer: str) -> None:
        """Keep at who is held that this customer's erasure waits for the hold's end, too."""

    def waiting(self, held: str) -> tuple[str, ...]:
        """The customers whose erasures wait so."""

    def stop_waiting(self, held: str, customer: str) -> None:
        """That customer's erasure no longer waits for this hold."""

    def delete_conflict(self, customer: str, other: str, sort: str) -> None:
        """Delete the conflict with that sort key at both, and from the open ones."""

    def belongings(self, customer: str) -> Belongings:
        """All other items of the customer's."""

    def delete_item(self, customer: str, sort: str) -> None:
        """Delete one of those items."""

    def delete_challenges(self, customer: str, sessions: Sequence[str]) -> None:
        """Delete the code challenges of those sessions."""

    def forget_went(self, customers: Collection[str], links: Collection[str]) -> None:
        """None of these customers keeps any more where one of these links is."""

    def export(self, customer: str) -> ExportRow | None:
        """The last export that was made, whether or not it is still there."""

    def write_export(self, customer: str, export: ExportRow) -> None:
        """Keep that an export was made, instead of the one before."""
