"""Members of the staff who between them do every act of the desk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rehearsal.people import Person
from rehearsal.ways import LexText
from rehearsal.world import World
from throughline.desk.matrix import ACTS, Team, may
from throughline.turn import Assurance

from .customers import a_dispute, enrolled, fetched, follow, told

WHY = "a customer asked for it"


@dataclass(slots=True)
class Desk:
    """The desk's door, and which acts went through it."""

    world: World
    done: set[str]

    def ask(self, act: str, status: int = 200, **request: Any) -> Mapping[str, Any]:
        """Do the act as the first team that may; the answer."""
        team = next(team for team in Team if may(team, act))
        got, answer = self.world.desk(team.value, f"{team.value}-1", {"act": act, "why": WHY, **request})
        assert got == status, (act, got, answer)
        self.done.add(act)
        return answer

    def about(self, act: str, person: Person, **request: Any) -> Mapping[str, Any]:
        """The same, about a customer whom an address leads to."""
        return self.ask(act, address={"kind": "email", "value": person.email}, **request)


def staff(world: World) -> None:
    """Every act, in an order in which each has something to do."""
    desk = Desk(world, set())
    one, other = enrolled(world, "One"), enrolled(world, "Another")
    for person in (one, other):
        told(
            LexText(world, person, Assurance.VERIFIED),
            "what's my checking balance",
            "turn on payment alerts",
            "by text",
        )
    a_dispute(world, one, other)
    follow(world)
    seeing(desk, one)
    joining(desk, one, other)
    keeping(desk, one, other)
    introducing(desk)
    assert desk.done == set(ACTS), f"not done: {set(ACTS) - desk.done}"


def seeing(desk: Desk, person: Person) -> None:
    """What shows, and the trail of it."""
    desk.about("look", person)
    newest = desk.world.timeline.turns(desk.world.customer(person).links)[-1]
    assert desk.about("timeline", person, link=newest["link"], session=newest["session"])["turns"]
    assert desk.ask("conflicts")["conflicts"]
    desk.ask("transcripts", most=5)
    entries = desk.ask("audit", day=datetime.fromtimestamp(desk.world.clock(), UTC).date().isoformat())["entries"]
    assert {"look", "timeline", "transcripts"} <= {entry["act"] for entry in entries}


def joining(desk: Desk, one: Person, other: Person) -> None:
    """A conflict is closed, two customers become one and two again, and links leave."""
    ways = desk.about("links", one)
    desk.about("resolve", one, conflict=ways["conflicts"][0]["id"])
    merged = desk.about("merge", one, other=desk.about("links", other)["customer"])
    desk.about("split", one, undo=merged["undo"])
    by_kind = {link["kind"]: link["id"] for link in desk.about("links", one)["links"]}
    desk.about("unlink", one, link=by_kind["alexa"], how="gone")
    desk.about("unlink", one, link=by_kind["web"], how="wrong")
    desk.about("note", one, fact={"kind": "name", "value": "Robin"})


def keeping(desk: Desk, one: Person, other: Person) -> None:
    """A copy is made and fetched; a hold keeps what was to be erased, and its end lets go of it."""
    customer = str(desk.about("links", one)["customer"])
    desk.about("export", one)
    follow(desk.world)
    assert "<" in fetched(str(desk.about("export", one)["link"]))
    desk.about("hold", one)
    follow(desk.world)
    desk.about("erase", one)
    assert desk.world.store.by_customer(customer, desk.world.clock()) is not None
    desk.about("release", one)
    follow(desk.world)
    assert desk.world.store.by_customer(customer, desk.world.clock()) is None
    desk.about("erase", other)
    follow(desk.world)
    desk.ask("replay-tombstones")
    desk.ask("finish-erasures")


def introducing(desk: Desk) -> None:
    """Somebody new, and somebody whose addresses lead to two who are each known for certain."""
    mark = uuid.uuid4().hex[:8]
    address = {"kind": "email", "value": f"{mark}@post.example", "proved_at": "2026-01-31"}
    desk.ask("introduce", addresses=[address], facts=[{"kind": "name", "value": "Alex"}])
    two = [{"kind": "email", "value": enrolled(desk.world, name).email} for name in ("First", "Second")]
    desk.ask("introduce", 409, addresses=two)
