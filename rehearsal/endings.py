"""Where a rehearsed conversation ended: the part of its state that must be the same on every way.

Ids, times and sessions are left out, and so is what the reference bank invented for the customer: only what
the conversation changed is told. Days are written as days of the rehearsal's calendar.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bank.fake import invented
from rehearsal.people import Person
from rehearsal.recogniser.dates import date_at
from rehearsal.world import World
from throughline.customers.profile import in_force
from throughline.dialogue.state import decode

RECEIVED = "received from "
"""How the reference bank's book calls the other half of a movement between the customer's own accounts."""


def end_state(world: World, person: Person) -> dict[str, Any]:
    """Where it ended, in the shape of a rehearsal file's `ends`."""
    stored = world.customer(person)
    state = decode(stored.state)
    events = [event for turn in world.timeline.turns(stored.links) for event in turn["events"]]
    return {
        "frames": [{"intent": frame.intent, "slots": dict(frame.slots)} for frame in state.frames],
        "asks": state.question.asked.value if state.question is not None else "",
        "done": [detail for name, detail in events if name == "done"],
        "refused": [detail for name, detail in events if name == "refused"],
        "person": state.person is not None,
        "consents": {
            path.partition(".")[2]: fact.value
            for path, fact in in_force(stored.profile).items()
            if path.startswith("consent.")
        },
        "bank": _bank(stored.customer, world.ledger(stored.customer)),
    }


def expected_end(ends: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The end that a file names, with what it leaves out filled in and its `<days>` made days."""
    named = dated(ends, today)
    return {
        "frames": [
            {"intent": frame["intent"], "slots": {k: str(v) for k, v in frame.get("slots", {}).items()}}
            for frame in named.get("frames", ())
        ],
        "asks": named.get("asks", ""),
        "done": list(named.get("done", ())),
        "refused": list(named.get("refused", ())),
        "person": bool(named.get("person", False)),
        "consents": dict(named.get("consents", {})),
        "bank": dict(named.get("bank", {})),
    }


def kept(world: World, person: Person) -> str:
    """Everything that is stored of the customer: conversation, turns and the back end's book, as text."""
    stored = world.customer(person)
    told = [stored.state, stored.profile, world.timeline.turns(stored.links), world.ledger(stored.customer)]
    return json.dumps(told, ensure_ascii=False)


def day(words: str, today: date) -> date:
    """The day that is called so on `today`, like "next tuesday". Raises ValueError if it is none."""
    said = words.casefold().split()
    found = date_at(said, 0, today) if said else None
    if found is None or found[0] != len(said) or len(found[1]) != len("2026-01-01"):
        raise ValueError(f"<{words}> is no day: write it like <tomorrow> or <next tuesday>")
    return date.fromisoformat(found[1])


def dated(value: Any, today: date) -> Any:  # any YAML
    """The value with every text `<day>` in it replaced by the ISO day."""
    if isinstance(value, str) and value.startswith("<") and value.endswith(">"):
        return day(value[1:-1], today).isoformat()
    if isinstance(value, Mapping):
        return {name: dated(item, today) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [dated(item, today) for item in value]
    return value


def _bank(customer: str, found: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the back end did for the customer; kinds of which there is nothing are left out."""
    if found is None:
        return {}
    before = invented.customer(customer)
    cards = found["cards"].items()
    kinds = {
        "moved": [
            f"{amount} {account}: {text}"
            for _, account, text, amount in reversed(found["moves"])
            if not text.startswith(RECEIVED)
        ],
        "applications": [
            product for number, (product, _) in found["applications"].items() if number not in before.applications
        ],
        "appointments": [[*one] for one in found["appointments"]],
        "cases": found["cases"],
        "blocked": sorted(name for name, (_, blocked, _, _) in cards if blocked),
        "frozen": sorted(found["frozen"]),
        "replaced": sorted(name for name, (_, _, arrival, _) in cards if arrival),
        "pins": sorted(name for name, (_, _, _, pin_set) in cards if pin_set),
        "points_used": before.points - found["points"],
        "limit": found["limit"] if Decimal(found["limit"]) != before.limit else "",
        "wishes": sorted(found["wishes"]),
    }
    return {name: value for name, value in kinds.items() if value}
