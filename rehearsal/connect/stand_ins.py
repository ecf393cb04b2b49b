"""Simple services for flows that come with none.

A function that fails, a bot that takes an intent's name, an open contact centre.
"""

from __future__ import annotations

import base64
import random
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rehearsal.connect.errors import NoSuchResource, QueueFull
from rehearsal.connect.ports import (
    Callback,
    LambdaAnswer,
    LambdaFailed,
    LexAnswer,
    LexFailed,
    LexInput,
    LexMessage,
    Metrics,
    Services,
    Ticket,
)

_INTENT: Final = re.compile(r"[A-Za-z][\w\-.]*")
"""Letters, digits, hyphens and underscores (lexv2-models Name), and the dots of built-in intents."""

CROWD: Final = 200
"""Contacts that wait where all queues are full: so many that no limit of a flow is above them or their waits."""
_IDS: Final[Mapping[str, Mapping[str, str]]] = {"profile": {"ProfileId": "profile-1"}, "case": {"case_id": "case-1"}}


@dataclass(slots=True)
class AnsweringLambdas:
    """Functions that answer what they were given to answer; any other fails, or answers an empty object."""

    answers: Mapping[str, object] = field(default_factory=dict)
    """By ARN or by the function's name."""
    otherwise: object = None
    """The answer of every other function; None lets it fail."""
    seconds: float = 0.1
    """How long each takes."""

    def invoke(self, arn: str, event: Mapping[str, object], seconds: float) -> LambdaAnswer:
        """See Lambdas."""
        name = arn.partition(":function:")[2].partition(":")[0]
        for key in (arn, name):
            if key in self.answers:
                return LambdaAnswer(self.answers[key], self.seconds)
        if self.otherwise is None:
            raise LambdaFailed("nobody gave this function an answer", self.seconds)
        return LambdaAnswer(self.otherwise, self.seconds)


@dataclass(slots=True)
class NamingLex:
    """A bot that understands the names of intents, closes at once, and asks again after anything else.

    After two turns that it did not understand it closes with FallbackIntent.
    """

    intents: frozenset[str] = frozenset()
    """The names that it knows; empty for any single word."""
    replies: Mapping[str, LexAnswer] = field(default_factory=dict)
    """Answers to exactly these words, first of all."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Session attributes that it adds when it closes."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slots that it has filled when it closes."""
    failing: bool = False
    """Whether it can't be reached."""
    _misses: dict[str, int] = field(default_factory=dict)

    def say(
        self, alias: str, session: str, turn: LexInput, attributes: Mapping[str, str], channel: str, language: str
    ) -> LexAnswer:
        """See Lex."""
        if self.failing:
            raise LexFailed("the bot can't be reached")
        heard = (turn.text or turn.keys).strip()
        if heard in self.replies:
            return self.replies[heard]
        if heard and (heard in self.intents or (not self.intents and _INTENT.fullmatch(heard))):
            self._misses.pop(session, None)
            said = {**attributes, **self.attributes}
            return LexAnswer(True, heard, "Fulfilled", slots=dict(self.slots), attributes=said)
        misses = self._misses[session] = self._misses.get(session, 0) + 1
        if misses > 1:
            del self._misses[session]
            return LexAnswer(True, "FallbackIntent", "Failed", attributes={**attributes, **self.attributes})
        again = (LexMessage("Sorry, what can I do for you?"),)
        return LexAnswer(False, "", "InProgress", again, attributes=dict(attributes))


class MaskingVault:
    """Stands in for encryption where no key is at hand: what it gives holds no digit of what it was given."""

    def encrypt(self, key_id: str, certificate: str, digits: str) -> str:
        """See Vault."""
        return base64.b64encode(f"sealed for {key_id}: {len(digits)} keys".encode()).decode()


@dataclass(slots=True)
class OpenCentre:
    """Queues, hours and calls back without agents: any queue exists and has room, unless it is said to be full."""

    is_open: bool = True
    """Every hours of operation's answer."""
    full: bool = False
    """Whether no queue has room."""
    named_open: bool | None = None
    """The answer of hours that a block names, where it differs from a queue's own: holidays, for one."""
    available: int = 0
    """Agents that are free, in every queue's metrics."""
    queue_name: str = ""
    """Every queue's name; empty for what its id ends with."""
    spare: str = ""
    """A queue that is there and has room in any case."""
    failing: bool = False
    """Whether no other queue, and no hours, are to be found."""
    places: list[str] = field(default_factory=list)
    """Contacts that wait."""
    asked: list[Callback] = field(default_factory=list)
    """Calls back."""

    def join(self, ticket: Ticket) -> int:
        """See Queues."""
        self._find(ticket.queue)
        if self.full and ticket.queue != self.spare:
            raise QueueFull(f"{ticket.queue} is full")
        self.leave(ticket.contact)
        self.places.append(ticket.contact)
        return len(self.places)

    def leave(self, contact: str) -> None:
        """See Queues."""
        if contact in self.places:
            self.places.remove(contact)

    def position(self, contact: str) -> int:
        """See Queues."""
        return self.places.index(contact) + 1 if contact in self.places else 0

    def metrics(self, queue: str, channel: str) -> Metrics:
        """See Queues."""
        self._find(queue)
        name = self.queue_name or queue.rpartition("/")[2] or queue
        free = self.available
        waiting = len(self.places) + (CROWD if self.full else 0)
        return Metrics(queue, name, waiting, 30.0 * waiting, free, free, free)

    def open(self, hours: str) -> bool:
        """See Hours."""
        self._find(hours)
        return self.is_open if self.named_open is None else self.named_open

    def open_queue(self, queue: str) -> bool:
        """See Hours."""
        self._find(queue)
        return self.is_open

    def _find(self, what: str) -> None:
        if self.failing and what != self.spare:
            raise NoSuchResource(f"{what} is not to be found")

    def ask(self, callback: Callback) -> None:
        """See Callbacks."""
        self.asked.append(callback)


@dataclass(slots=True)
class OpenLines:
    """A network on which every number answers, unless it was said how."""

    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Number to outcome."""
    refused: frozenset[str] = frozenset()
    """Numbers that the instance may not call."""
    otherwise: str = "answered"
    """What becomes of every other call."""

    def dialable(self, number: str) -> bool:
        """See Lines."""
        return number not in self.refused

    def call(self, number: str, seconds: float) -> str:
        """See Lines."""
        return self.outcomes.get(number, self.otherwise)


class NoProfiles:
    """Customer Profiles and Cases in an instance that has not enabled them."""

    def find(self, kind: str, request: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        """See Profiles."""
        raise NoSuchResource(f"{kind}: neither Customer Profiles nor Cases is enabled")

    def keep(self, kind: str, request: Mapping[str, str]) -> Mapping[str, str]:
        """See Profiles."""
        raise NoSuchResource(f"{kind}: neither Customer Profiles nor Cases is enabled")


@dataclass(frozen=True, slots=True)
class SomeProfiles:
    """Profiles and cases of which every search finds the same number."""

    found: int
    """How many."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What each of them holds."""

    def find(self, kind: str, request: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        """See Profiles."""
        return [{**_IDS.get(kind, {}), **self.values}] * self.found

    def keep(self, kind: str, request: Mapping[str, str]) -> Mapping[str, str]:
        """See Profiles."""
        return {**_IDS.get(kind, {}), **request}


def stand_ins(
    lambdas: AnsweringLambdas | None = None,
    lex: NamingLex | None = None,
    centre: OpenCentre | None = None,
    seed: int = 0,
) -> Services:
    """Services for a foreign flow; the same seed gives the same ids and chances."""
    dice = random.Random(seed)
    place = centre or OpenCentre()
    return Services(
        lambdas=lambdas or AnsweringLambdas(),
        lex=lex or NamingLex(),
        vault=MaskingVault(),
        queues=place,
        hours=place,
        lines=OpenLines(),
        callbacks=place,
        profiles=NoProfiles(),
        clock=lambda: 1_700_000_000.0,
        new_id=lambda: str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        chance=lambda: dice.randint(1, 100),
    )
