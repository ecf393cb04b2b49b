"""Acts that show: what a customer is in the middle of, what was said, how they come by; samples; the trail."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from throughline.customers.dip import dip
from throughline.customers.store import Link, Stored
from throughline.desk.matrix import Team
from throughline.desk.office import Answer, Case, Office, Wrong, stored_of
from throughline.dialogue.state import reply_in
from throughline.records.export import when
from throughline.records.transcript import StrandTurn, in_time
from throughline.turn import Assurance

FRESH_SECONDS: Final = 30 * 60
"""How long what a customer proved counts for the person who serves them."""
MOST_TURNS: Final = 500
_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+|\+?[0-9][0-9\s().-]{5,}[0-9]")
"""An e-mail address, or digits enough for a telephone number."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def assurance_now(stored: Stored, now: float) -> Assurance:
    """What the customer proved in the last turn, if that was lately; else no more than a claim."""
    try:
        record = json.loads(stored.turn or "{}")
        proved, at = Assurance.named(str(record["assurance"])), float(record["at"])
    except (ValueError, KeyError, TypeError):
        return Assurance.CLAIMED
    return proved if now - at <= FRESH_SECONDS else min(proved, Assurance.CLAIMED)


def look(office: Office, case: Case) -> Answer:
    """What they are in the middle of, at the assurance that they have proved."""
    stored = stored_of(office, case)
    seen = dip(stored, assurance=assurance_now(stored, case.now), now=case.now, model=office.model)
    found: Answer = json.loads(seen.as_json())
    return found


def timeline(office: Office, case: Case) -> Answer:
    """The last turns of all strands. An agent sees those said at an assurance that the customer has now."""
    stored = stored_of(office, case)
    most = case.number("most", 100, MOST_TURNS)
    turns = in_time(*(office.strands.turns(link) for link in stored.links))
    if case.person.team is not Team.SUPERVISOR:
        level = assurance_now(stored, case.now)
        turns = [turn for turn in turns if _level(turn) <= level]
    return {
        "customer": stored.customer,
        "turns": [
            {"when": when(turn.at), "link": turn.link, **_told(office, turn, "channel", "assurance")}
            for turn in turns[-most:]
        ],
        "of": len(turns),
    }


def links(office: Office, case: Case) -> Answer:
    """How they come by; agents also see how an address ends, to speak about it. No address is shown whole."""
    stored = stored_of(office, case)
    endings = case.person.team in (Team.AGENT, Team.SUPERVISOR)
    return {
        "customer": stored.customer,
        "links": [_link(office, stored, link, endings=endings) for link in stored.links.values()],
        "conflicts": _conflicts(office, stored.customer, case.now),
    } | ({} if endings else {"hold": office.custody.held_since(stored.customer) is not None})


def transcripts(office: Office, case: Case) -> Answer:
    """Turns drawn by chance, by conversation. Who they are of is a name made up for this one answer."""
    drawn = office.strands.sample(case.number("most", 50, MOST_TURNS))
    by_session: dict[tuple[str, str], list[StrandTurn]] = {}
    for turn in drawn:
        by_session.setdefault((turn.link, str(turn.document().get("session", ""))), []).append(turn)
    names: dict[str, str] = {}
    conversations: list[Answer] = []
    for (link, _), turns in by_session.items():
        turns.sort(key=lambda turn: turn.at)
        conversations.append(
            {
                "person": names.setdefault(link, secrets.token_hex(6)),
                "month": when(turns[0].at)[:7],
                "turns": [{"second": round(turn.at - turns[0].at), **_nobodys(turn)} for turn in turns],
            }
        )
    secrets.SystemRandom().shuffle(conversations)
    return {"conversations": conversations}


def audit(office: Office, case: Case) -> Answer:
    """The trail of a day, all of it or one customer's or one person's."""
    day = case.text("day", "which day, as yyyy-mm-dd")
    if not _DAY.fullmatch(day):
        raise Wrong('"day" is a date, yyyy-mm-dd')
    customer, person = case.request.get("customer"), case.request.get("person")
    return {
        "day": day,
        "entries": [
            {
                "when": when(entry.at), "id": entry.id, "person": entry.person, "team": entry.team, "act": entry.act,
                "customer": entry.customer, "why": entry.why, "outcome": entry.outcome,
            }
            for entry in office.audit.on(day)
            if customer in (None, entry.customer) and person in (None, entry.person)
        ],
    }  # fmt: skip


def _conflicts(office: Office, customer: str, now: float) -> list[Answer]:
    """The customer's open conflicts: with whom, and since when it was last found."""
    if office.disputes is not None:
        return [{"id": one.id, "with": one.other, "when": when(one.at)} for one in office.disputes.of(customer, now)]
    noted = office.keeping.belongings(customer).conflicts
    return [{"id": sort.partition("#")[2], "with": other} for sort, other in noted.items()]


def _level(turn: StrandTurn) -> Assurance:
    try:
        return Assurance.named(str(turn.document().get("assurance", "")))
    except KeyError:
        return Assurance.VERIFIED


def _told(office: Office, turn: StrandTurn, *also: str) -> Answer:
    record = turn.document()
    heard = [one[0] for one in record.get("heard", []) if isinstance(one, list) and one]
    told: dict[str, Any] = {name: record[name] for name in also if record.get(name)}
    return told | {
        "said": str(record.get("said", "")),
        "understood": str(heard[0]) if heard else "",
        "answered": office.words(record),
    }


def _nobodys(turn: StrandTurn) -> Answer:
    """A turn without whom it is of: addresses are taken out of the words, and answers told by their prompts' names,
    since the words of an answer may greet somebody by theirs.
    """
    record = turn.document()
    heard = [one[0] for one in record.get("heard", []) if isinstance(one, list) and one]
    told: dict[str, Any] = {name: record[name] for name in ("channel", "mode", "sentiment") if record.get(name)}
    return told | {
        "said": _ADDRESS.sub("[address]", str(record.get("said", ""))),
        "understood": str(heard[0]) if heard else "",
        "answered": _prompts(record),
    }


def _prompts(record: Mapping[str, Any]) -> list[str]:
    told = record.get("reply")
    if not isinstance(told, dict):
        return []
    try:
        return [line.prompt for line in reply_in(told).lines]
    except (LookupError, ValueError, TypeError, AttributeError):
        return []


def _link(office: Office, stored: Stored, link: Link, *, endings: bool) -> Answer:
    row: Answer = {
        "id": link.id, "kind": link.kind or "guest", "assurance": link.assurance.name.lower(),
        "evidence": link.evidence, "when": when(link.at), "by": link.by or "first contact",
    }  # fmt: skip
    row |= {name: value for name, value in (("home", link.home), ("act", link.act)) if value}
    row |= {name: True for name, value in (("shared", link.shared), ("closed", link.closed)) if value}
    edge = office.keeping.edge(link.address) if endings and link.address else None
    if edge is not None and edge.reach and (edge.customer, edge.link) == (stored.customer, link.id):
        row["ends"] = edge.reach[-2:] if link.kind == "phone" else edge.reach.partition("@")[2][-6:]
    return row
