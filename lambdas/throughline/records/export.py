"""What a company holds about a customer, gathered for them: one document with plain words as keys.

It holds everything that is theirs: facts with their history, ways to reach them with the raw address, every turn of
every strand, and open tasks, told in the customer's own time zone and the dialogue's own words. Legal holds, code
challenges and the desk's audit are not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final, Protocol

from throughline.customers.addresses import WRITTEN_TO
from throughline.customers.profile import facts
from throughline.customers.store import Link, Stored
from throughline.dialogue.state import decode
from throughline.records import export_page
from throughline.records import export_words as wording
from throughline.records.export_words import Moment, Terms, way
from throughline.records.marks import Mark
from throughline.records.retention import DAY, LIVES_ON, Retention, rows
from throughline.records.strands import ExportRow, Keeping, Strands
from throughline.records.transcript import StrandFact, StrandTurn, in_time

Document = dict[str, Any]
"""JSON; its keys are words that a person reads."""
Words = Callable[[Mapping[str, Any]], str]
"""What was answered, in words, from a turn's record."""

UNFINISHED: Final = 0
"""An `ExportRow.expires` while the files are being written: the row comes first, so that no file is ever lost."""


class ExportShelf(Protocol):
    """Where exports lie. All may raise StoreError."""

    def put(self, id: str, name: str, text: str, content_type: str) -> None:
        """Put one file of an export there."""

    def remove(self, id: str) -> None:
        """Remove an export with all its files."""

    def link(self, id: str, seconds: int) -> str:
        """A URL that opens the export's page for that long. Asks nobody."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything of one customer, as it is kept."""

    stored: Stored
    reaches: Mapping[str, str]
    """Raw address by link id, where it is kept."""
    turns: list[StrandTurn]
    facts: list[StrandFact]


class Exports:
    """Makes exports."""

    def __init__(
        self,
        strands: Strands,
        keeping: Keeping,
        shelf: ExportShelf,
        words: Words,
        *,
        clock: Callable[[], float],
        retention: Retention = Retention(),  # noqa: B008 - frozen, so sharing it is safe
        terms: Callable[[], Terms] | None = None,
    ) -> None:
        """`terms`: what intents and slots are called; without them they go by their names."""
        self._strands = strands
        self._keeping = keeping
        self._shelf = shelf
        self._words = words
        self._clock = clock
        self._retention = retention
        self._terms = terms

    def run(self, customer: str, mark: Mark) -> None:
        """Make the export that the mark asks for, if the customer is still there. Raises StoreError."""
        stored = self._keeping.conversation(customer)
        if stored is None or not stored.links:
            return
        before = self._keeping.export(customer)
        if before is not None and before.id != mark.id:
            # The row is all that leads an erasure to the files: one row, one export.
            self._shelf.remove(before.id)
        made = self._clock()
        document = readable(
            gathered(stored, self._strands, self._keeping),
            made=made,
            words=self._words,
            retention=self._retention,
            terms=self._terms() if self._terms is not None else None,
        )
        self._keeping.write_export(customer, ExportRow(mark.id, made, UNFINISHED))
        self._shelf.put(mark.id, "data.json", export_page.as_json(document), "application/json; charset=utf-8")
        self._shelf.put(mark.id, "page.html", export_page.page(document), "text/html; charset=utf-8")
        self._keeping.write_export(customer, ExportRow(mark.id, made, int(made) + self._retention.exports * DAY))


def gathered(stored: Stored, strands: Strands, keeping: Keeping) -> Gathered:
    """Read everything of the customer: a query for each strand, a read for each address. Raises StoreError."""
    turns = in_time(*(strands.turns(link) for link in stored.links))
    history = sorted((fact for link in stored.links for fact in strands.facts(link)), key=lambda fact: fact.at)
    return Gathered(stored, reaches_of(stored, keeping), turns, history)


def reaches_of(stored: Stored, keeping: Keeping) -> Mapping[str, str]:
    """The raw addresses that are kept and still lead to this customer, by link. Raises StoreError."""
    found: dict[str, str] = {}
    for link in stored.links.values():
        edge = keeping.edge(link.address) if link.address else None
        if edge is not None and (edge.customer, edge.link) == (stored.customer, link.id) and edge.reach:
            found[link.id] = edge.reach
    return found


def readable(
    all_of: Gathered, *, made: float, words: Words, retention: Retention, terms: Terms | None = None
) -> Document:
    """The document."""
    stored = all_of.stored
    state = decode(stored.state)
    known = facts(stored.profile)
    zone = wording.zone_of(known)
    return {
        "about this file": "Everything that is kept about you here, in your words and ours. Secrets such as card "
        "numbers were masked when you said them and are not kept.",
        "made on": Moment(made, zone),
        "times": wording.zone_words(zone),
        "your customer number": stored.customer,
        "what we know about you": [
            {"what": wording.fact(fact.kind, fact.key), "value": wording.value(fact.kind, fact.value),
             "since": Moment(fact.at, zone), "said by": wording.who(fact.by),
             "came through": way(stored.links.get(fact.link))}
            for fact in known
        ],
        "what was noted over time": [
            {"when": Moment(fact.at, zone), "what": wording.fact(fact.kind, fact.key),
             "value": wording.value(fact.kind, fact.value) or "(taken back)", "said by": wording.who(fact.by),
             "came through": way(stored.links.get(fact.link))}
            for fact in all_of.facts
        ],
        "ways to reach you": [
            _way_row(link, all_of.reaches.get(link.id, ""), zone) for link in stored.links.values()
        ],
        "tasks you have not finished": [
            {"task": wording.understood(frame.intent, terms), "begun": Moment(frame.opened_at, zone),
             "so far": wording.slots(frame, terms)}
            for frame in (*state.frames, *state.aside)
        ],
        "what we said to each other": [_turn_row(turn, stored, words, zone, terms) for turn in all_of.turns],
        "how long it is kept": [{"what": r.kind, "how long": r.kept, "why": r.because} for r in rows(retention)],
        "what stays for a while if you have it erased": [
            {"what": r.kind, "how long": r.kept, "why": r.because} for r in LIVES_ON
        ],
    }  # fmt: skip


def _way_row(link: Link, reach: str, zone: tzinfo) -> Document:
    row: Document = {"kind": way(link)}
    if reach and link.kind in WRITTEN_TO:  # a sign-in's is a made-up id that says nothing to a person
        row["address"] = reach
    row |= {
        "since": Moment(link.at, zone),
        "how it was proved": wording.proof(link.evidence),
        "how sure we are": wording.sure(link.assurance),
    }
    if link.shared:
        row["note"] = "several people use it"
    if link.closed:
        row["note"] = "you no longer come by it"
    return row


def _turn_row(turn: StrandTurn, stored: Stored, words: Words, zone: tzinfo, terms: Terms | None) -> Document:
    said = turn.document()
    heard = [one[0] for one in said.get("heard", []) if isinstance(one, list) and one]
    row: Document = {
        "when": Moment(turn.at, zone),
        "where": wording.channel(str(said.get("channel", ""))),
        "came through": way(stored.links.get(turn.link)),
        "you said": str(said.get("said", "")),
        "understood as": wording.understood(str(heard[0]), terms) if heard else "",
        "we answered": words(said),
    }
    if said.get("sentiment"):
        row["how it sounded"] = str(said["sentiment"]).lower()
    return row
