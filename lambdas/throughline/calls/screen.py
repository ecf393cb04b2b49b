"""What an agent sees of whom they speak with: the profile at what this contact has proved, the task, the last turns.

Each look is written into the trail under the agent's name before anything is told; if it can't be, nothing is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from throughline.calls.caller import Caller, caller_of
from throughline.calls.latest import LatestTurns, Words
from throughline.channels.connect import ContactEvent, answer
from throughline.customers.dip import dip
from throughline.customers.keys import KeyRing
from throughline.customers.store import CustomerStore
from throughline.desk.audit import Audit, Entry, new_id, without_addresses
from throughline.dialogue.model import Model
from throughline.errors import EventError
from throughline.records.transcript import Damaged, StrandTurn, turn_in
from throughline.turn import Assurance

MOST_TURNS: Final = 12
MOST_LINKS: Final = 8
"""Links whose strands are read: those lately used."""
LARGEST_VIEW: Final = 12_000
"""Bytes of the view's own data: a view takes 16 KB with its attributes (Administrator Guide, "Show view")."""
LONGEST_SAID: Final = 300
TEAM: Final = "agent"
NOBODY: Final = {
    "name": "", "assurance": "anonymous", "known": "false", "doing": "", "details": "", "pending": "",
    "reason": "", "sentiment": "", "language": "", "turns": "[]", "view": "{}", "found": "false",
}  # fmt: skip
"""The screen of a caller of whom nothing is known, or can be told."""


def agent_in(event: ContactEvent) -> str:
    """The agent's name, as the flow gives it. Raises EventError without one."""
    agent = " ".join(event.parameters.get("agent", "").split())[:100]
    if not agent:
        raise EventError("who looks is written down: give the agent's name")
    return agent


def screen(
    event: ContactEvent,
    store: CustomerStore,
    turns: LatestTurns,
    audit: Audit,
    keys: KeyRing,
    model: Model,
    words: Words,
    now: float,
) -> dict[str, str]:
    """The screen's texts, flat; `view` is all of them as JSON for the View. Raises EventError, StoreError."""
    agent = agent_in(event)
    caller = caller_of(event, store, keys, now, model.limits)
    if caller is None:
        return answer(NOBODY)
    audit.append(
        Entry(now, new_id(), agent, TEAM, "screen", caller.stored.customer, f"contact {event.contact}", "begun")
    )
    seen = dip(caller.stored, assurance=caller.assurance, now=now, model=model)
    doing = seen.doing[0] if seen.doing else None
    last = _last_turns(caller, turns)
    told = {
        "found": "true",
        "name": seen.profile.get("name", ""),
        "assurance": caller.assurance.name.lower(),
        "known": "true" if seen.known else "false",
        "doing": doing.label if doing is not None else "",
        "details": ", ".join(f"{name}: {value}" for name, value in doing.slots.items()) if doing is not None else "",
        "pending": seen.pending_intent,
        "reason": seen.person_reason,
        "sentiment": next((mood for turn in last if (mood := str(turn.document().get("sentiment", "")))), ""),
        "language": seen.profile.get("locale", "").replace("_", "-"),
    }
    rows = [_row(turn, words) for turn in last]
    while len(_view(told, rows)) > LARGEST_VIEW and rows:
        rows.pop()
    return answer({**told, "turns": json.dumps(rows, ensure_ascii=False), "view": _view(told, rows).decode()})


def _view(told: Mapping[str, str], rows: list[dict[str, str]]) -> bytes:
    return json.dumps({**told, "turns": rows}, ensure_ascii=False).encode()


def _last_turns(caller: Caller, turns: LatestTurns) -> list[StrandTurn]:
    """Of all channels, the newest first: those said at an assurance that the customer has now."""
    stored = caller.stored
    links = sorted(stored.links.values(), key=lambda link: link.at, reverse=True)
    chosen = dict.fromkeys([caller.link.id, *(link.id for link in links)][: MOST_LINKS + 1])
    found = {turn.sort: turn for link in chosen for turn in turns.latest(link, MOST_TURNS)}
    try:
        newest = turn_in(stored.turn)  # the stream may not have brought it yet
    except Damaged:
        newest = None
    if newest is not None:
        found[newest.sort] = newest
    allowed = [turn for turn in found.values() if _level(turn) <= caller.assurance]
    return sorted(allowed, key=lambda turn: (turn.at, turn.id), reverse=True)[:MOST_TURNS]


def _level(turn: StrandTurn) -> Assurance:
    try:
        return Assurance.named(str(turn.document().get("assurance", "")))
    except KeyError:
        return Assurance.VERIFIED


def _row(turn: StrandTurn, words: Words) -> dict[str, str]:
    record: Mapping[str, Any] = turn.document()
    return {
        "at": str(round(turn.at)),
        "channel": str(record.get("channel", "")),
        "said": without_addresses(str(record.get("said", "")))[:LONGEST_SAID],
        "answered": words(record)[:LONGEST_SAID],
    }
