"""Acts that change: links and merges, exports, erasures and holds."""

from __future__ import annotations

from throughline.customers import linking
from throughline.customers.store import Conflict, Link, Stored
from throughline.desk.office import Answer, Case, NotThere, Office, Wrong, free, stored_of
from throughline.records import marks
from throughline.records.marks import ERASE, EXPORT, OPERATOR
from throughline.records.strands import Hold


def unlink(office: Office, case: Case) -> Answer:
    """How "gone": they no longer come by it. How "wrong": it never was theirs, and what came through it leaves."""
    stored = stored_of(office, case)
    link, how = case.text("link", "which one, see the act links"), case.text("how", '"gone" or "wrong"')
    held = stored.links.get(link)
    if held is None:
        raise NotThere("the customer has no such link")
    if how == "gone":
        relinking = linking.close(stored, link)
    elif how == "wrong":
        free(office, stored.customer, *marks.homes_of([held], stored.customer))
        home = office.store.by_customer(held.home, case.now) if held.home else None
        owner = _led_to(office, held, case.now) if held.shared else None
        relinking = linking.leave(stored, {link}, home=home, by=case.person.id, owner=owner)
    else:
        raise Wrong('"how" is "gone" or "wrong"')
    # Whom the address leads to has forgotten something, and is nobody's business here.
    parted = office.store.relink(relinking, case.now)[:2]
    return {"customers": [one.customer for one in parted]}


def merge(office: Office, case: Case) -> Answer:
    """Both are one from now on; the answer's act undoes it."""
    other = case.text("other", "id of the customer who is the same person")
    a, b = stored_of(office, case), stored_of(office, case, other)
    if a.customer == b.customer:
        raise Wrong("both are the same already")
    free(office, a.customer, b.customer, *_homes(a), *_homes(b))
    office.store.relink(linking.merge(a, b, act=case.id, by=case.person.id, supervised=True), case.now)
    return {"customer": a.customer, "undo": case.id}


def split(office: Office, case: Case) -> Answer:
    """A merge is undone: all that came by the act goes back."""
    stored = stored_of(office, case)
    undo = case.text("undo", "the act that the merge was told as; see the act links")
    free(office, stored.customer, *_homes(stored))
    homes = {where: office.store.by_customer(where, case.now) for where in linking.homes_of(stored, undo)}
    there = {where: home for where, home in homes.items() if home is not None}
    written = office.store.relink(linking.split(stored, undo, there, by=case.person.id), case.now)
    return {"customers": [one.customer for one in written]}


def resolve(office: Office, case: Case) -> Answer:
    """A conflict was looked at; merge before, if both are one."""
    sort = f"conflict#{case.text('conflict', 'its id, see the act links')}"
    conflicts = office.keeping.belongings(case.customer).conflicts
    if sort not in conflicts:
        raise NotThere("the customer has no such conflict")
    office.keeping.delete_conflict(case.customer, conflicts[sort], sort)
    return {"resolved": sort.partition("#")[2]}


def export(office: Office, case: Case) -> Answer:
    """The link to a copy of all data if there is one, else it is being made: ask again in a minute."""
    stored = stored_of(office, case)
    if case.request.get("fresh") is not True and (url := office.custody.ready(stored.customer, case.now)):
        return {"export": "ready", "link": url}
    _announced(office, stored, EXPORT, case)
    return {"export": "being made"}


def erase(office: Office, case: Case) -> Answer:
    """The customer is forgotten from now on; what is kept of them goes within minutes."""
    stored = stored_of(office, case)
    if office.custody.held_since(stored.customer, *_homes(stored)) is not None:
        office.custody.postpone(stored, case.now, OPERATOR)
        return {"erasure": "held", "means": "it begins when the legal hold is released"}
    _announced(office, stored, ERASE, case)
    return {"erasure": "begun"}


def hold(office: Office, case: Case) -> Answer:
    """Nothing of the customer's is erased or expires until it is released."""
    stored_of(office, case)
    before = office.keeping.hold(case.customer)
    if before is not None and before.holds:
        return {"hold": "was in force already"}
    strands = before.strands if before is not None else ()
    office.keeping.write_hold(Hold(case.customer, case.person.id, case.why, case.now, strands=strands))
    return {"hold": "in force"}


def release(office: Office, case: Case) -> Answer:
    """The hold ends; an erasure that waited for it begins."""
    waiting = bool(office.keeping.wanted_erasure(case.customer) or office.keeping.waiting(case.customer))
    if not office.keeping.release(case.customer, case.now):
        raise NotThere("no hold is in force")
    return {"hold": "released", "erasure": "begins now" if waiting else "none waited"}


def replay(office: Office, case: Case) -> Answer:
    """Whoever was erased is erased again, in the background; the trail tells what came of it."""
    office.replay(case.person.id, False)
    return {"replay": "begun"}


def finish(office: Office, case: Case) -> Answer:
    """Erasures that failed so often that they were given up are done to their end, in the background."""
    office.replay(case.person.id, True)
    return {"erasures": "being finished"}


def _led_to(office: Office, link: Link, now: float) -> Stored | None:
    """Whom the link's address leads to."""
    edge = office.store.edge_of(link.address, now) if link.address else None
    return office.store.by_customer(edge.customer, now) if edge is not None else None


def _homes(stored: Stored) -> tuple[str, ...]:
    return marks.homes_of(stored.links.values(), stored.customer)


def _announced(office: Office, stored: Stored, job: str, case: Case) -> None:
    if not office.keeping.write_mark(stored, marks.marked(stored, job, at=case.now, by=OPERATOR)):
        raise Conflict(stored)
