"""Did it get in? What is compared before and after an attempt, and what is looked for in between."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.world import World
from tests.spoofing.victim import Victim, seen
from throughline.dialogue.model import STEP_UP
from throughline.dialogue.state import Proof, decode
from throughline.turn import Assurance


@dataclass(frozen=True, slots=True)
class Portrait:
    """All of a customer that nobody else may change."""

    ledger: str
    links: frozenset[tuple[str, int, str, str, float, bool, bool]]
    profile: str
    frames: Mapping[str, tuple[str, str, str]]
    """By id: intent, values, and the link that it was begun through."""
    touched: Mapping[str, float]
    """By id: when she last worked on it."""
    proofs: frozenset[Proof]
    mark: str
    edges: tuple[str, ...]
    """Where her number, mailbox, browser and speaker lead."""

    @classmethod
    def of(cls, victim: Victim) -> Portrait:
        """As she is now."""
        world, stored = victim.world, victim.stored()
        state = decode(stored.state)
        hers = [one for one in state.frames if not one.unproved]  # what another attempt only asked for isn't
        edges = []
        for address in victim.person.addresses().values():
            edge = world.store.edge_of(address, world.clock())
            edges.append(f"{address.kind}:{edge.customer if edge else ''}")
        return cls(
            ledger=json.dumps(world.ledger(victim.customer), sort_keys=True),
            links=frozenset(
                (one.id, one.epoch, one.assurance.name, one.evidence, one.at, one.shared, one.closed)
                for one in stored.links.values()
            ),
            profile=stored.profile,
            frames={one.id: (one.intent, json.dumps(dict(one.slots)), one.link) for one in hers},
            touched={one.id: one.touched_at for one in hers},
            proofs=frozenset(state.proofs),
            mark=stored.mark,
            edges=tuple(edges),
        )


@dataclass(slots=True)
class Oracle:
    """Watches one attempt."""

    world: World
    victim: Victim
    inside: bool = False
    """Whether the attempt is made in her own session: then only deeds count."""
    told: list[str] = field(default_factory=list)
    """Everything that the attacker got to see."""
    found: list[str] = field(default_factory=list)
    """What the attack itself saw that nobody should."""
    hers: set[str] = field(default_factory=set)
    """Turns that she made herself meanwhile."""
    before: Portrait | None = None
    began: int = 0

    def begin(self) -> None:
        """From here on, all that changes counts."""
        self.before = Portrait.of(self.victim)
        self.began = len(self.world.timeline.turns())

    def pause(self) -> None:
        """She does something herself: until `resume`, changes are hers."""
        self.found.extend(self._changed())
        self.before = None

    def resume(self) -> None:
        """See `pause`."""
        self.before = Portrait.of(self.victim)

    def verdict(self) -> list[str]:
        """Why it got in; empty if it didn't."""
        return [*self.found, *self._changed(), *([] if self.inside else [*self.heard(), *self._believed()])]

    def turns(self) -> list[dict[str, Any]]:
        """What was said since it began, by anybody but her."""
        return [turn for turn in self.world.timeline.turns()[self.began :] if turn["id"] not in self.hers]

    def heard(self) -> Iterator[str]:
        """What of hers he was told."""
        for what in sorted({what for text in self.told for what in seen(text, self.victim.markers)}):
            yield f"was told {what}"

    def _believed(self) -> Iterator[str]:
        links = set(self.victim.stored().links)
        for turn in self.turns():
            level = Assurance.named(turn["assurance"])
            if level >= Assurance.LINKED and (turn["link"] in links or turn["customer"] == self.victim.customer):
                yield f"was taken for her: {level.name.lower()} on {turn['channel']}"

    def _changed(self) -> Iterator[str]:
        if self.before is None:
            raise RuntimeError("the oracle was not begun")
        before, after = self.before, Portrait.of(self.victim)
        if before.ledger != after.ledger:
            yield "her ledger changed"
        if before.links != after.links:
            yield "her links changed"
        if before.profile != after.profile:
            yield "her profile changed"
        if not self.inside:
            yield from self._tasks(before, after)
        if before.mark != after.mark:
            yield "a job on her data was begun"
        if before.edges != after.edges:
            yield "her addresses lead elsewhere"
        if not self.inside and not after.proofs <= before.proofs:
            yield "a session that isn't hers was proved to be hers"

    def _tasks(self, before: Portrait, after: Portrait) -> Iterator[str]:
        """What became of what she was doing: it may end by its age, and by nothing that he does."""
        oldest = self.world.clock() - self.world.model.limits.resume_hours * 3600
        intents = self.world.model.intents
        for id, frame in before.frames.items():
            if intents[frame[0]].role in STEP_UP:
                continue  # No task: a code that was tried is asked for anew.
            now_is = after.frames.get(id)
            if now_is is not None and now_is != frame:
                yield "what she was doing changed"
            if now_is is None and before.touched[id] > oldest:
                yield "her task went to somebody else" if self._elsewhere(frame) else "what she was doing is gone"

    def _elsewhere(self, task: tuple[str, str, str]) -> bool:
        """Whether somebody who came since then is in the middle of that very task."""
        world = self.world
        there = {str(turn["customer"]) for turn in self.turns()} - {self.victim.customer, ""}
        found = (world.store.by_customer(customer, world.clock()) for customer in there)
        frames = [one for stored in found if stored is not None for one in decode(stored.state).frames]
        return any((one.intent, json.dumps(dict(one.slots))) == task[:2] for one in frames)
