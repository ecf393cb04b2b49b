"""The sessions of Lex: what is remembered between turns, how long, and that a session has one turn at a
time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rehearsal.lex.errors import Conflict
from rehearsal.lex.sentiment import Sentiment, read_sentiment, sentiment_json
from rehearsal.lex.values import (
    ActiveContext,
    DialogAction,
    IntentState,
    Json,
    Message,
    SessionState,
    action_json,
    intent_json,
    message_json,
    read_action,
    read_intent,
    read_message,
)

Clock = Callable[[], float]
SHORTEST_CONTEXT = 5
"""Seconds; the least that the ActiveContext shape can say."""


@dataclass(frozen=True, slots=True)
class SessionKey:
    """What tells one session from another."""

    bot_id: str
    """Bot."""
    alias_id: str
    """Alias."""
    locale_id: str
    """Locale."""
    session_id: str
    """The client's own id."""


@dataclass(frozen=True, slots=True)
class LiveContext:
    """An active context with the moment of its end."""

    name: str
    """As intents name it."""
    ends_at: float
    """Epoch seconds."""
    turns: int
    """Turns left."""
    attributes: Mapping[str, str]
    """Its parameters."""

    @classmethod
    def begun(cls, context: ActiveContext, now: float) -> LiveContext:
        """The context as set at `now`."""
        return cls(context.name, now + context.seconds, context.turns, dict(context.attributes))

    def at(self, now: float) -> ActiveContext:
        """What a client is told of it at `now`."""
        seconds = max(SHORTEST_CONTEXT, int(self.ends_at - now))
        return ActiveContext(self.name, seconds, self.turns, self.attributes)


@dataclass(frozen=True, slots=True)
class Reading:
    """One interpretation as sessions keep it and clients see it."""

    intent: IntentState
    """With its slots."""
    confidence: float | None = None
    """None for the fallback intent and for answers that needed no recognition."""
    sentiment: Sentiment | None = None
    """Where the alias detects sentiment."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session after its latest turn."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    """Session attributes."""
    contexts: tuple[LiveContext, ...] = ()
    """Active contexts."""
    intent: IntentState | None = None
    """The intent under way or closed last."""
    action: DialogAction | None = None
    """What the bot did last; decides how the next utterance is heard."""
    hints: Json | None = None
    """Runtime hints, as they came."""
    readings: tuple[Reading, ...] = ()
    """Interpretations of the latest utterance."""
    messages: tuple[Message, ...] = ()
    """What the customer was told last."""
    failures: int = 0
    """Answers in a row to the open question that could not be understood."""
    request_id: str = ""
    """originatingRequestId of the latest turn."""
    touched: float = 0.0
    """Epoch seconds of the latest turn."""

    def state(self, now: float) -> SessionState:
        """What a client or a code hook is told of it at `now`."""
        return SessionState(
            attributes=self.attributes,
            contexts=tuple(context.at(now) for context in self.contexts if context.ends_at > now),
            intent=self.intent,
            action=self.action,
            hints=self.hints,
        )


def reading_json(reading: Reading) -> Json:
    """The Interpretation shape of `reading`."""
    data: Json = {"intent": intent_json(reading.intent), "interpretationSource": "Lex"}
    if reading.confidence is not None:
        data["nluConfidence"] = {"score": reading.confidence}
    if reading.sentiment is not None:
        data["sentimentResponse"] = sentiment_json(reading.sentiment)
    return data


class SessionStore:
    """Sessions in memory. A turn holds its session alone; an idle one is forgotten after its time to live."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: dict[SessionKey, Session] = {}
        self._busy: set[SessionKey] = set()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, key: SessionKey) -> Iterator[None]:
        """Holds the session for one turn; raises Conflict if another turn holds it."""
        with self._lock:
            if key in self._busy:
                raise Conflict("Another request is being processed for this session. Wait for its response.")
            self._busy.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(key)

    def read(self, key: SessionKey, idle_seconds: int) -> Session | None:
        """The session, or None if there is none or it idled `idle_seconds` or longer."""
        with self._lock:
            session = self._sessions.get(key)
            if session is not None and self._clock() - session.touched >= idle_seconds:
                del self._sessions[key]
                return None
            return session

    def write(self, key: SessionKey, session: Session) -> None:
        """Keeps the session and starts its idle time anew."""
        with self._lock:
            self._sessions[key] = replace(session, touched=self._clock())

    def drop(self, key: SessionKey) -> bool:
        """Forgets the session; False if there was none."""
        with self._lock:
            return self._sessions.pop(key, None) is not None

    def dump(self) -> list[Json]:
        """All sessions as JSON, for a rehearsal that outlives its process."""
        with self._lock:
            return [{"key": asdict(key), "session": _dumped(each)} for key, each in self._sessions.items()]

    def load(self, dumped: list[Json]) -> None:
        """Takes back what `dump` gave; sessions that idled too long are forgotten when they are read."""
        with self._lock:
            for each in dumped:
                self._sessions[SessionKey(**each["key"])] = _loaded(each["session"])


def _dumped(session: Session) -> Json:
    return {
        "attributes": dict(session.attributes),
        "contexts": [asdict(context) for context in session.contexts],
        "intent": intent_json(session.intent) if session.intent else None,
        "action": action_json(session.action) if session.action else None,
        "hints": session.hints,
        "readings": [reading_json(reading) for reading in session.readings],
        "messages": [message_json(message) for message in session.messages],
        "failures": session.failures,
        "request_id": session.request_id,
        "touched": session.touched,
    }


def _loaded(data: Mapping[str, Any]) -> Session:
    return Session(
        attributes=data["attributes"],
        contexts=tuple(LiveContext(**context) for context in data["contexts"]),
        intent=read_intent(data["intent"]) if data["intent"] else None,
        action=read_action(data["action"]) if data["action"] else None,
        hints=data["hints"],
        readings=tuple(_loaded_reading(reading) for reading in data["readings"]),
        messages=tuple(read_message(message) for message in data["messages"]),
        failures=data["failures"],
        request_id=data["request_id"],
        touched=data["touched"],
    )


def _loaded_reading(data: Json) -> Reading:
    sentiment = data.get("sentimentResponse")
    return Reading(
        intent=read_intent(data["intent"]),
        confidence=(data.get("nluConfidence") or {}).get("score"),
        sentiment=read_sentiment(sentiment) if sentiment else None,
    )
