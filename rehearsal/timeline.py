"""What happened, for the page: the turns of every customer, read from the table's stream, and raw events."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from rehearsal.lex.http import Request, Response
from rehearsal.portrait import intent_label
from rehearsal.table_stream import TableStream
from throughline.dialogue.model import Model
from throughline.dialogue.replies import reply_in
from throughline.rendering import shown

KEPT = 2_000


@dataclass(slots=True)
class Recorder:
    """Raw events in the order they happened: what each service sent and got."""

    clock: Callable[[], float] = time.time
    """The rehearsal's, so that events can be laid beside turns."""
    events: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0
    lock: Lock = field(default_factory=Lock)

    def note(self, source: str, request: object, answer: object, milliseconds: float) -> None:
        """Keep one exchange between two services, which has just ended."""
        ended = self.clock()
        with self.lock:
            self.count += 1
            self.events.append(
                {
                    "n": self.count,
                    "source": source,
                    "request": request,
                    "answer": answer,
                    "ms": round(milliseconds, 1),
                    "began": ended - milliseconds / 1000,
                    "ended": ended,
                }
            )

    def since(self, number: int) -> list[dict[str, Any]]:
        """Events after the one with that number."""
        with self.lock:
            return [event for event in self.events if event["n"] > number]

    def overhearing(self, handle: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """The Lex service's `handle`, with each RecognizeText noted."""

        def heard(request: Request) -> Response:
            if not request.path.endswith("/text"):
                return handle(request)
            started = time.perf_counter()
            response = handle(request)
            took = (time.perf_counter() - started) * 1000
            asked = {"path": request.path, "body": _json_or_text(request.body)}
            self.note("Lex RecognizeText", asked, _json_or_text(response.body), took)
            return response

        return heard

    def behind(self, turn: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The events of one turn of the timeline, the first to begin first; none if they are forgotten.

        A turn is begun by its handler, so it lies within each exchange that led to it. Exchanges that name
        their turn are believed; another person's, at the very same moment, are so left out.
        """
        at, slack = float(turn["at"]), 0.005
        around = [
            event
            for event in self.since(0)
            if event["began"] - slack <= at <= event["ended"] + slack
            and _turn_named(event["request"]) in ("", turn["id"])
        ]
        if not around:
            return []
        first, last = min(event["began"] for event in around), max(event["ended"] for event in around)
        within = [event for event in self.since(0) if first <= event["began"] and event["ended"] <= last]
        mine = [event for event in within if event in around or not _turn_named(event["request"])]
        return sorted(mine, key=lambda event: event["began"])


def _json_or_text(body: bytes) -> Any:  # any JSON
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _turn_named(request: object) -> str:
    """The id of the turn that a raw request will become, where its channel has one: web chat, texts and Alexa."""
    if not isinstance(request, Mapping):
        return ""
    if "from" in request:
        return f"sms-{request.get('id')}"
    message, skill = request.get("message"), request.get("request")
    if isinstance(message, Mapping):
        return f"web-{message.get('id')}"
    return str(skill.get("requestId", "")) if isinstance(skill, Mapping) else ""


class Timeline:
    """Turns of all customers, from the customers' table's stream.

    From the stream and not from the strands that `records` writes of it: a rehearsal asks right after a turn.
    """

    def __init__(self, changes: TableStream, model: Model) -> None:
        self._take = changes.follow()
        self._model = model
        self._turns: list[dict[str, Any]] = []
        self._told: set[tuple[str, str]] = set()
        self._lock = Lock()

    def turns(self, links: Collection[str] | None = None) -> list[dict[str, Any]]:
        """Turns so far, oldest first; those alone that came through these links, whoever they belonged to then."""
        with self._lock:
            self._read()
            return [turn for turn in self._turns if links is None or turn["link"] in links]

    def dump(self) -> list[dict[str, Any]]:
        """All turns, for a snapshot."""
        return self.turns()

    def load(self, turns: list[dict[str, Any]]) -> None:
        """Turns of an earlier rehearsal come before this one's."""
        with self._lock:
            self._read()
            self._turns = [*turns]
            self._told.update((turn["link"], turn["id"]) for turn in turns)

    def _read(self) -> None:
        for record in self._take():
            told = record["dynamodb"].get("NewImage", {})
            # A conversation may be written for other reasons than a turn, and still holds its last one then.
            known = record["dynamodb"].get("OldImage", {}).get("turn") == told.get("turn")
            turn = None if known else self._turn(told)
            # Where a link moves, its new customer's record begins with the turn that the old one's ended with.
            if turn is not None and (turn["link"], turn["id"]) not in self._told:
                self._told.add((turn["link"], turn["id"]))
                self._turns.append(turn)
        del self._turns[: -KEPT * 2]

    def _turn(self, image: Mapping[str, Any]) -> dict[str, Any] | None:
        told = image.get("turn", {}).get("S", "")
        if not told:
            return None
        turn: dict[str, Any] = json.loads(told)
        turn["customer"] = image["pk"]["S"].partition("#")[2]
        reply = turn.pop("reply")
        turn["answered"] = list(shown(self._model, reply_in(reply), turn.get("locale", ""))) if reply else []
        turn["prompts"] = [line[0] for line in reply["l"]] if reply and "l" in reply else []
        turn["understood"] = [
            [intent_label(self._model, intent) or intent, confidence] for intent, confidence in turn["heard"]
        ]
        return turn if reply else None
