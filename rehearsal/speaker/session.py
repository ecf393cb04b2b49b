"""What the speaker remembers between two utterances, and that as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rehearsal.speaker.answers import Checked, Speech
from rehearsal.speaker.faults import StateFault
from rehearsal.speaker.question import Question
from rehearsal.speaker.slots import Json

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Session:
    """An open session."""

    id: str
    """amzn1.echo-api.session.<uuid>."""
    at: float
    """When the skill last answered or the customer was last silent, in epoch seconds."""
    attributes: Json = field(default_factory=dict)
    """What the skill gave with its last response."""
    question: Question | None = None
    """The open question of a dialog."""
    reprompt: Speech = field(default_factory=Speech)
    """Said after the first silence."""
    reprompted: bool = False
    """Whether it was said already."""


@dataclass(frozen=True, slots=True)
class State:
    """All that outlives a restart."""

    session: Session | None = None
    """None when nobody talks to the skill."""
    token: str = ""
    """Of the linked account; empty while none is linked."""
    last: str = ""
    """The last request as it was sent, in JSON."""


def after(state: State, session_id: str, answer: Checked, question: Question | None, now: float) -> State:
    """The state once the skill answered."""
    if not answer.open:
        return replace(state, session=None)
    session = Session(session_id, now, answer.attributes, question, answer.reprompt)
    return replace(state, session=session)


def dumped(state: State) -> Json:
    """The state as JSON."""
    return {"schema": SCHEMA, **asdict(state)}


def loaded(given: Mapping[str, Any]) -> State:
    """The state that was dumped. Raises StateFault for anything else."""
    try:
        if given["schema"] != SCHEMA:
            raise StateFault(f"the speaker's state has schema {given['schema']!r}, not {SCHEMA}: start anew")
        session = given["session"]
        return State(None if session is None else _session(session), _text(given["token"]), _text(given["last"]))
    except (KeyError, TypeError) as error:
        raise StateFault(f"this is no state of a speaker ({error!r}): start anew") from error


def _session(given: Mapping[str, Any]) -> Session:
    asked = given["question"]
    question = None
    if asked is not None:
        question = Question(_text(asked["type"]), _object(asked["intent"]), _text(asked["slot"]))
    return Session(
        id=_text(given["id"]),
        at=float(given["at"]),
        attributes=_object(given["attributes"]),
        question=question,
        reprompt=Speech(_text(given["reprompt"]["text"]), _text(given["reprompt"]["ssml"])),
        reprompted=bool(given["reprompted"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value
