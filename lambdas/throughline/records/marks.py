"""A job that a conversation's `mark` announces: written with the turn, done behind the table's stream.

At rest: {"at": seconds, "by": kind of person, "id": …, "job": "erase" or "export", "links": {id: address hash}}, and
"homes": [customer ids] if links came from others, "had": [more] if yet others had them, "logins": [link ids] of
sign-ins that are theirs alone. The links stand in the mark
since an erasure takes them out of the conversation at once: from that write on no pointer and no address leads to the
customer.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from throughline.customers.addresses import AddressKind
from throughline.customers.store import Link, Stored

ERASE: Final = "erase"
EXPORT: Final = "export"
CUSTOMER: Final = "customer"
OPERATOR: Final = "operator"
MADE_SECONDS: Final = 10 * 60
"""An export that isn't there by then is asked for anew: what makes it has five minutes, and tries again."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be done for one customer."""

    job: str
    """ERASE or EXPORT."""
    id: str
    """Names this job; unguessable, since an export's place is named after it."""
    at: float
    """When it was asked for, in epoch seconds. An erasure takes what is not newer than that."""
    by: str
    """CUSTOMER or OPERATOR: who asked, in kind."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Every link by id, with its address' keyed hash (empty for a guest's)."""
    homes: tuple[str, ...] = ()
    """The customers whom the links came from: what is left under their ids was this person's, too."""
    had: tuple[str, ...] = ()
    """All other customers who ever had one of the links, and keep where it is."""
    logins: tuple[str, ...] = ()
    """The links that are sign-ins of theirs alone: the accounts go with an erasure."""


def marked(stored: Stored, job: str, *, at: float, by: str = CUSTOMER, id: str = "") -> Stored:
    """`stored` with the job announced; save it as any turn. An erasure empties everything else at once.

    A customer whose erasure is announced already stays as they are: the first cut-off and its links hold. So does one
    whose export is being made: a second would take the first one's place, whose link may be on its way by then.
    """
    before = read(stored.mark)
    if before is not None and before.job == ERASE:
        return stored
    if before is not None and before.job == job and at - before.at < MADE_SECONDS:
        return stored
    links = {one.id: one.address for one in stored.links.values()}
    homes = homes_of(stored.links.values(), stored.customer)
    had = {one for link in stored.links.values() for one in link.had} - {stored.customer, *homes}
    logins = tuple(sorted(one.id for one in stored.links.values() if _own_login(one)))
    text = write(Mark(job, id or secrets.token_urlsafe(24), at, by, links, homes, tuple(sorted(had)), logins))
    return replace(stored, mark=text, links={}, state="", profile="") if job == ERASE else replace(stored, mark=text)


def write(mark: Mark) -> str:
    """The mark as JSON; equal marks are equal texts."""
    document: dict[str, Any] = {
        "job": mark.job, "id": mark.id, "at": mark.at, "by": mark.by, "links": dict(mark.links),
    }  # fmt: skip
    if mark.homes:
        document["homes"] = list(mark.homes)
    if mark.had:
        document["had"] = list(mark.had)
    if mark.logins:
        document["logins"] = list(mark.logins)
    return json.dumps(document, separators=(",", ":"), sort_keys=True)


def read(text: str) -> Mark | None:
    """The mark from its text; None if there is none. Raises ValueError if it can't be read."""
    if not text:
        return None
    try:
        document = json.loads(text)
        links = {str(key): str(value) for key, value in document["links"].items()}
        homes, had, logins = (tuple(map(str, document.get(name, ()))) for name in ("homes", "had", "logins"))
        at = float(document["at"])
        mark = Mark(str(document["job"]), str(document["id"]), at, str(document["by"]), links, homes, had, logins)
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"a mark lacks something: {type(problem).__name__}") from None
    if mark.job not in (ERASE, EXPORT) or not mark.id:
        raise ValueError("a mark announces no job that is known here")
    return mark


def homes_of(links: Iterable[Link], customer: str) -> tuple[str, ...]:
    """The customers whom these links came from, the last and all before; never `customer`, whose they are."""
    found = {home for link in links for home in (link.home, *(step.home for step in link.came))}
    return tuple(sorted(found - {"", customer}))


def _own_login(link: Link) -> bool:
    return link.kind == AddressKind.LOGIN and bool(link.address) and not (link.shared or link.closed)
