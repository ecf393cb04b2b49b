"""The desk: one door for every act, which asks who, whether they may, and why, and writes it down before it tells.

A request is JSON: {"act": name, "why": words, "customer": id or "address": {"kind": …, "value": …}, …}. The answer is a
status and JSON. 400: something is missing; 403: not for this team; 404: nothing is kept; 409: somebody else wrote
first, two known customers are in conflict, or a legal hold forbids it; 503: the trail or the table doesn't answer, and
nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from throughline.customers.addresses import Address, AddressKind
from throughline.customers.linking import StrongConflict, Unjoinable
from throughline.customers.store import AddressTaken, Conflict
from throughline.desk import audit, introducing, looking, mending, noting
from throughline.desk.audit import Entry
from throughline.desk.matrix import ACTS, may
from throughline.desk.office import Answer, Case, Clash, Held, NotThere, Office, Wrong
from throughline.desk.person import Person
from throughline.dialogue.parting import Busy
from throughline.errors import EventError, StoreError
from throughline.privacy.masking import mask

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OURS: Final = re.compile(r"[cgh][a-z2-7]{26}")
"""Ids as `rules.derived` makes them: in these no digits are anybody's number."""
Deed = Callable[[Office, Case], Answer]

_DEEDS: Final[Mapping[str, Deed]] = {
    "look": looking.look,
    "timeline": looking.timeline,
    "links": looking.links,
    "transcripts": looking.transcripts,
    "audit": looking.audit,
    "unlink": mending.unlink,
    "merge": mending.merge,
    "split": mending.split,
    "resolve": mending.resolve,
    "conflicts": looking.conflicts,
    "export": mending.export,
    "erase": mending.erase,
    "hold": mending.hold,
    "release": mending.release,
    "replay-tombstones": mending.replay,
    "finish-erasures": mending.finish,
    "note": noting.note,
    "introduce": introducing.introduce,
}
ABOUT_NOBODY: Final = frozenset(
    {"transcripts", "audit", "replay-tombstones", "finish-erasures", "introduce", "conflicts"}
)
"""Acts that are about no customer in particular, or about one who is found by what is done."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the desk answers."""

    status: int
    body: Answer


class Desk:
    """Does what persons ask."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def answer(self, person: Person, request: Mapping[str, Any]) -> Said:
        """Do one act. Raises nothing of its own accord."""
        act = ACTS.get(str(request.get("act", "")))
        if act is None:
            return Said(400, {"error": f"there is no such act: use one of {', '.join(ACTS)}"})
        why = audit.reason(request.get("why"))
        entry_id, now = audit.new_id(), self._office.clock()
        allowed = may(person.team, act.name)
        if allowed and act.personal and not why:
            return Said(400, {"error": "say why: personal data is shown for a reason"})
        try:
            customer = self._customer(request, now) if allowed and act.name not in ABOUT_NOBODY else ""
            begun = Entry(
                now, entry_id, person.id, person.team.value, act.name, customer, why, "begun" if allowed else "refused"
            )
            self._office.audit.append(begun)
        except Wrong as problem:
            return Said(400, {"error": str(problem)})
        except NotThere as problem:
            return Said(404, {"error": str(problem)})
        except StoreError:
            return Said(503, {"error": "the trail can't be written, so nothing is told: try again"})
        if not allowed:
            return Said(403, {"error": f"{act.name} is not for the team {person.team.value}"})
        said = self._done(act.name, Case(person, customer, why, now, entry_id, request))
        found = customer or (_found(said) if act.name == "introduce" else "")
        ended = Entry(
            self._office.clock(), entry_id, person.id, person.team.value, act.name, found, why, _outcome(said)
        )
        try:
            self._office.audit.append(ended)
        except StoreError:
            note = " What you asked for may have been done." if act.changes else ""
            return Said(503, {"error": f"the trail can't be finished, so nothing is told.{note}"})
        return said

    def _done(self, act: str, case: Case) -> Said:
        try:
            return Said(200, _DEEDS[act](self._office, case))
        except Wrong as problem:
            return Said(400, {"error": str(problem)})
        except NotThere as problem:
            return Said(404, {"error": str(problem)})
        except Held as held:
            return Said(409, {"error": str(held), "held": list(held.customers)})
        except Clash as clash:
            both = {"conflicts": list(clash.conflicts), "customers": list(clash.customers)}
            return Said(409, {"error": str(clash)} | both)
        except (Conflict, AddressTaken):
            return Said(409, {"error": "the customer was just written by somebody else: try again"})
        except (StrongConflict, Unjoinable, Busy) as problem:
            return Said(409, {"error": str(problem) or "that can't be joined now: try again later"})
        except StoreError as problem:
            return Said(503, {"error": str(problem)})

    def _customer(self, request: Mapping[str, Any], now: float) -> str:
        """The customer's id, from the request's id or address. Raises Wrong, NotThere, StoreError."""
        customer, address = request.get("customer"), request.get("address")
        if isinstance(customer, str) and _ID.fullmatch(customer):
            if not _OURS.fullmatch(customer) and mask(customer).text != customer:
                # It would stand in the trail for good.
                raise Wrong("that is no customer's id: it looks like a number that is nobody's business here")
            return customer
        if not isinstance(address, Mapping):
            raise Wrong('name the customer: "customer": id, or "address": {"kind": …, "value": …}')
        try:
            wanted = Address(AddressKind(str(address.get("kind", ""))), str(address.get("value", "")))
        except (ValueError, EventError):
            raise Wrong(f"that is no address: its kind is one of {', '.join(AddressKind)}") from None
        stored, _ = self._office.store.by_address(wanted, now)
        if not stored.version:
            # Whose it was before is no answer: a number that was given up is somebody else's one day.
            raise NotThere("that address leads to nobody now; name whoever had it before by their id")
        return stored.customer


def _outcome(said: Said) -> str:
    return "told" if said.status == 200 else f"failed: {said.status}"


def _found(said: Said) -> str:
    """The customer whom an introduction turned out to be about; of two in conflict the first."""
    return str(said.body.get("customer") or next(iter(said.body.get("customers", ())), ""))
