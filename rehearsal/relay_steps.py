"""The steps of a rehearsal file in which an agent talks to a customer on a text channel.

    stream: shuffled              # of the whole file: how what agents do is told (doubled, lossy or steady, too)
    steps:
      - agent_says: good morning  # the agent who has the conversation writes, or several messages at once;
                                  # nobody needs to be there: somebody is signed in and takes it
      - agent_reads: [my bill]    # what the customer wrote is at the agent's desk by then: in this order, each once
      - agent_sends_file: true
      - agent_transfers: payments # to another queue, where whoever is free takes it
      - agent_ends: true
      - arrives: [good morning]   # what the customer then gets outside of a turn: each once, in this order; what
                                  # else comes between is not looked at
      - attaches: 1               # so many files go along with what the customer says

Of the telephone's keys, those that arrange the contact centre (`at`, `holiday`, `agents`, `waiting`) may be used, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from rehearsal.people import Person
from rehearsal.relays import FILE, MOMENT, PATIENCE, NobodyThere, Relays
from rehearsal.told import Told
from rehearsal.world import World

KEYS: Final = frozenset({"agent_says", "agent_ends", "agent_sends_file", "agent_transfers", "agent_reads", "arrives"})
ARRANGES: Final = frozenset({"at", "holiday", "agents", "waiting"})
"""Keys of the telephone's that need no call."""


class NotTold(AssertionError):
    """What an agent did was otherwise than the file says, or came otherwise."""


def refused(entry: Mapping[str, Any]) -> str:
    """What is wrong with a step's keys; empty if nothing is."""
    for name in ("agent_ends", "agent_sends_file"):
        if entry.get(name, True) is not True:
            return f"`{name}` is true, or is not there"
    if not isinstance(entry.get("agent_transfers", ""), str):
        return "`agent_transfers` names a queue"
    for name in ("agent_says", "agent_reads", "arrives"):
        told = entry.get(name, ["words"])
        listed = told if isinstance(told, list) else [told]
        if not listed or not all(isinstance(one, str) and one.strip() for one in listed):
            return f"`{name}` is a text or a list of texts"
    files = entry.get("attaches", 1)
    if isinstance(files, bool) or not isinstance(files, int) or not 1 <= files <= 10:
        return "`attaches` is a number of files from 1 to 10"
    return ""


def act(world: World, person: Person, wanted: Mapping[str, Any]) -> Told | None:
    """What the agent does; what they have read, where that is looked at. Raises NotTold."""
    if not set(wanted) - {"arrives"}:
        return None
    relays = _relays(world)
    try:
        chat, agent = relays.agent_at(lambda: world.customer(person).links)
    except NobodyThere as nobody:
        raise NotTold(str(nobody)) from nobody
    read = _reads(relays, chat, listed(wanted["agent_reads"])) if "agent_reads" in wanted else None
    for words in listed(wanted.get("agent_says")):
        relays.line.centre.say(agent, chat, words)
    if wanted.get("agent_sends_file"):
        relays.chats.attach(chat, FILE)
    if "agent_transfers" in wanted:
        queue = relays.line.centre.queue_named(wanted["agent_transfers"])
        relays.line.centre.transfer(agent, chat, queue=queue)
        relays.line.centre.complete(agent, chat)
    if wanted.get("agent_ends"):
        relays.finish(chat, agent)
        if not relays.until(lambda: not world.with_person(person)):
            raise NotTold("the agent has ended it, and the conversation did not come back")
    return read


def arrives(world: World, collect: Callable[[], Sequence[str]], wanted: Sequence[str]) -> Told:
    """What came to the customer. Raises NotTold unless each of these did, once and in this order."""
    relays = _relays(world)
    came: list[str] = []
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and not _in_order(came, wanted):
        relays.bring()
        came += collect()
        time.sleep(MOMENT)
    relays.settle()  # what comes twice comes after it came once
    came += collect()
    if not _in_order(came, wanted):
        raise NotTold(f"what came is not {list(wanted)}, in this order: {came}")
    for one in wanted:
        if sum(_flat(one) in _flat(text) for text in came) != list(wanted).count(one):
            raise NotTold(f"{one!r} came more than once: {came}")
    return Told(tuple(came))


def _reads(relays: Relays, chat: str, wanted: Sequence[str]) -> Told:
    """What the customer wrote, as it is at the desk. Raises NotTold unless each of these is, once and in this order."""

    def lines() -> list[str]:
        kept = relays.line.centre.contact(chat).records.transcript
        return [one.removeprefix("customer: ") for one in kept if one.startswith("customer: ")]

    relays.until(lambda: _in_order(lines(), wanted))
    read = lines()
    if not _in_order(read, wanted):
        raise NotTold(f"what the agent read is not {list(wanted)}, in this order: {read}")
    for one in wanted:
        if sum(_flat(one) in _flat(text) for text in read) != list(wanted).count(one):
            raise NotTold(f"{one!r} was passed on more than once: {read}")
    return Told(tuple(read))


def listed(told: object) -> list[str]:
    """A text or texts, as a list."""
    return [] if told is None else [str(one) for one in told] if isinstance(told, list) else [str(told)]


def _relays(world: World) -> Relays:
    if world.relays is None or world.relays.changes is None:
        raise NotTold("the templates have no relay")
    return world.relays


def _in_order(came: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether each is in what came, after the one before it, be it in the same message."""
    told, place = _flat(" ".join(came)), 0
    for one in map(_flat, wanted):
        found = told.find(one, place)
        if found < 0:
            return False
        place = found + len(one)
    return True


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()
