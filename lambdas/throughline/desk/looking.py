"""Acts that show: what a customer is in the middle of, what was said, how they come by; samples; the trail."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from throughline.customers.addresses import WRITTEN_TO, AddressKind
from throughline.customers.assurance import assurance_of
from throughline.customers.dip import dip
from throughline.customers.households import PROVEN_BY_TRANSPORT
from throughline.customers.store import Came, Link, Stored
from throughline.desk.audit import without_addresses
from throughline.desk.matrix import Team
from throughline.desk.office import Answer, Case, NotThere, Office, Wrong, stored_of
from throughline.dialogue.model import Limits
from throughline.dialogue.replies import reply_in
from throughline.dialogue.state import decode
from throughline.errors import StoreError
from throughline.records.export_words import Moment
from throughline.records.transcript import StrandTurn, in_time
from throughline.turn import Assurance

MOST_TURNS: Final = 500
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def assurance_now(office: Office, stored: Stored, case: Case) -> Assurance:
    """What who is served has proved by now, through the link and in the session that the request names.

    The session's own last turn tells what its transport proved; a proof counts for `verified_minutes`. Without both
    names, and for a session that was never there, it is no more than a claim: what somebody proved elsewhere is not
    theirs who is on the line. Raises NotThere if the customer has no such link.
    """
    link, session = case.request.get("link"), case.request.get("session")
    if not (isinstance(link, str) and isinstance(session, str) and link and session):
        return Assurance.CLAIMED
    held = stored.links.get(link)
    if held is None:
        raise NotThere("the customer has no such link: look at the links")
    limits = office.model.limits if office.model is not None else Limits()
    lately = case.now - limits.verified_minutes * 60
    there = any(turn.at > lately for turn in _turns_in(office, stored, held.id, session))
    return assurance_of(
        Assurance.LINKED if there and held.kind in PROVEN_BY_TRANSPORT else Assurance.CLAIMED,
        held,
        decode(stored.state),
        session,
        steps_up=True,
        withdrawn=held.kind == AddressKind.ALEXA,  # whether its account is linked still, each request alone tells
        forgeable=held.kind == AddressKind.EMAIL,
        now=case.now,
        limits=limits,
    )


def _turns_in(office: Office, stored: Stored, link: str, session: str) -> Iterator[StrandTurn]:
    """Turns of that session, but what we sent of our own accord: nobody proves anything by that."""
    last = StrandTurn(link, "", 0.0, stored.turn)
    for turn in chain((last,), office.strands.turns(link)):
        record = turn.document()
        if record.get("session") == session and record.get("link") == link and record.get("sent") is not True:
            yield turn if turn is not last else replace(last, at=_at(record))


def _at(record: Mapping[str, Any]) -> float:
    at = record.get("at")
    return float(at) if isinstance(at, int | float) else 0.0


def look(office: Office, case: Case) -> Answer:
    """What they are in the middle of, at the assurance that they have proved."""
    stored = stored_of(office, case)
    seen = dip(stored, assurance=assurance_now(office, stored, case), now=case.now, model=office.model)
    found: Answer = json.loads(seen.as_json())
    return found


def timeline(office: Office, case: Case) -> Answer:
    """The last turns of all strands. An agent sees those said at an assurance that the customer has now."""
    stored = stored_of(office, case)
    most = case.number("most", 100, MOST_TURNS)
    turns = in_time(*(office.strands.turns(link) for link in stored.links))
    if case.person.team is not Team.SUPERVISOR:
        level = assurance_now(office, stored, case)
        turns = [turn for turn in turns if _level(turn) <= level]
    return {
        "customer": stored.customer,
        "turns": [
            {"when": Moment(turn.at), "link": turn.link, **_told(office, turn, "channel", "assurance")}
            for turn in turns[-most:]
        ],
        "of": len(turns),
    }


def links(office: Office, case: Case) -> Answer:
    """How they come by, each link with all its history, the last act last: a merge in it is undone by its act's id.

    Agents also see a glimpse of an address, to speak about it; none is shown whole.
    """
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
                "month": Moment(turns[0].at)[:7],
                "turns": [{"second": round(turn.at - turns[0].at), **_nobodys(turn)} for turn in turns],
            }
        )
    secrets.SystemRandom().shuffle(conversations)
    return {"conversations": conversations}


def conflicts(office: Office, case: Case) -> Answer:
    """The open conflicts, newest first: between whom, and when each was found last."""
    if office.disputes is None:
        raise StoreError("this desk has nowhere to read conflicts from")
    most = case.number("most", 100, MOST_TURNS)
    found = office.disputes.open(case.now)
    return {
        "conflicts": [{"id": one.id, "between": list(one.customers), "when": Moment(one.at)} for one in found[:most]],
        "of": len(found),
    }


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
                "when": Moment(entry.at), "id": entry.id, "person": entry.person, "team": entry.team, "act": entry.act,
                "customer": entry.customer, "why": entry.why, "outcome": entry.outcome,
            }
            for entry in office.audit.on(day)
            if customer in (None, entry.customer) and person in (None, entry.person)
        ],
    }  # fmt: skip


def _conflicts(office: Office, customer: str, now: float) -> list[Answer]:
    """The customer's open conflicts: with whom, and since when it was last found."""
    if office.disputes is not None:
        return [{"id": one.id, "with": one.other, "when": Moment(one.at)} for one in office.disputes.of(customer, now)]
    noted = office.keeping.belongings(customer).conflicts
    return [{"id": sort.partition("#")[2], "with": other} for sort, other in noted.items()]


def _level(turn: StrandTurn) -> Assurance:
    """What was proved where it was said; of what we sent of our own accord, what it needs."""
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
        "said": without_addresses(str(record.get("said", ""))),
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
        "evidence": link.evidence, "when": Moment(link.at), "by": link.by or "first contact",
    }  # fmt: skip
    row |= {name: value for name, value in (("home", link.home), ("act", link.act)) if value}
    if link.came:
        row["came"] = [_came(one) for one in link.came]
    row |= {name: True for name, value in (("shared", link.shared), ("closed", link.closed)) if value}
    shows = endings and link.kind in WRITTEN_TO  # a sign-in is no address that anybody speaks about
    edge = office.keeping.edge(link.address) if shows and link.address else None
    if edge is not None and edge.reach and (edge.customer, edge.link) == (stored.customer, link.id):
        row["address"] = _glimpse(link.kind, edge.reach)
    return row


def _came(came: Came) -> Answer:
    """Where a link was before, how well it was proved there, and the act that took it away: `split` undoes it."""
    row: Answer = {
        "from": came.home, "assurance": came.assurance.name.lower(), "evidence": came.evidence, "when": Moment(came.at),
    }  # fmt: skip
    return row | ({"act": came.act} if came.act else {})


def _glimpse(kind: str, reach: str) -> str:
    """What may be seen of an address: how a number ends, or how a mailbox begins and where it is.

    A name of one letter is not shown at all, since its first letter were the whole of it.
    """
    if kind != AddressKind.EMAIL:
        return f"…{reach[-2:]}"
    name, _, domain = reach.rpartition("@")
    return f"{name[0] if len(name) > 1 else ''}…@{domain}"
