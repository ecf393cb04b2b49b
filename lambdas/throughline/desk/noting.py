"""A fact of the profile, noted or taken back by a person at the desk, under their name and as said on some link.

Nothing of what was known before is told: who notes a name does not learn which one was there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from throughline.customers import profile
from throughline.customers.profile import FactRefused
from throughline.customers.store import AddressTaken, Conflict, Link, Stored
from throughline.desk.office import Answer, Case, NotThere, Office, Wrong, stored_of
from throughline.dialogue.changes import Noted

TRIES: Final = 3
"""Races against the customer's own turns that an act may lose before the person is asked to try again."""
_NAMES: Final = {"kind", "key", "value"}
_FACT: Final = 'a fact is {"kind": …, "key": … (for a trait or a consent), "value": …}; an empty value takes it back'


def note(office: Office, case: Case) -> Answer:
    """The fact holds from now on, or no longer, through the link that is named, or the best proved one."""
    fact = noted_in(case.request.get("fact"), '"fact"')
    for left in reversed(range(TRIES)):
        try:
            return _noted(office, case, fact)
        except (Conflict, AddressTaken):
            if not left:
                raise
    raise AssertionError("the last try returns or raises")


def _noted(office: Office, case: Case, fact: Noted) -> Answer:
    stored, link = stored_of(office, case), case.request.get("link")
    held = _named(stored, link) if link is not None else strongest(stored)
    if held is None:
        raise Wrong("every link of the customer's is closed, so nothing can be said through one: look at the links")
    text = kept(stored.profile, fact, link=held.id, at=case.now, by=case.person.id, what='"fact"')
    if text != stored.profile:
        office.store.save(replace(stored, profile=text), case.now)
    path = path_of(fact)
    return {"customer": stored.customer, "link": held.id, "noted" if fact.value.strip() else "taken back": path}


def noted_in(row: object, what: str) -> Noted:
    """The fact in a piece of JSON; `what` names it in an error. Raises Wrong, which never holds the value."""
    if not isinstance(row, Mapping):
        raise Wrong(f"{what}: {_FACT}")
    kind, key, value = row.get("kind"), row.get("key", ""), row.get("value")
    if not (isinstance(kind, str) and isinstance(key, str) and isinstance(value, str)) or row.keys() - _NAMES:
        raise Wrong(f"{what}: {_FACT}")
    return Noted(kind, key, value)


def kept(text: str, fact: Noted, *, link: str, at: float, by: str, what: str) -> str:
    """The profile with the fact in it. Raises Wrong with the rule that the fact breaks, and never its value."""
    try:
        return profile.noted(text, fact, link=link, at=at, by=by)
    except FactRefused as problem:
        raise Wrong(f"{what}: {problem}") from None


def path_of(fact: Noted) -> str:
    """What the fact is called: its kind, and its key if it has one."""
    return f"{fact.kind}.{fact.key}" if fact.key else fact.kind


def strongest(stored: Stored) -> Link | None:
    """The customer's best proved open link, one of theirs alone before one that is shared; None if all are closed."""
    ways = (link for link in stored.links.values() if not link.closed)
    return max(ways, key=lambda link: (not link.shared, link.assurance, link.at, link.id), default=None)


def _named(stored: Stored, link: object) -> Link:
    held = stored.links.get(link) if isinstance(link, str) else None
    if held is None:
        raise NotThere("the customer has no such link: look at the links")
    if held.closed:
        raise Wrong("that link is closed, so nothing is said through it any more: name an open one, or none")
    return held
