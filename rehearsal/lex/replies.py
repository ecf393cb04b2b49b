"""Sessions as clients see them, each part checked against the service's shape before it leaves."""

from __future__ import annotations

from rehearsal.lex.dialogue import Outcome
from rehearsal.lex.protocol import check_reply
from rehearsal.lex.session import Session, SessionKey, reading_json
from rehearsal.lex.shapes import shape_named
from rehearsal.lex.values import Json, message_json, session_state_json


def state_json(session: Session, now: float) -> Json:
    """The session's state in the SessionState shape."""
    state = session_state_json(session.state(now))
    if session.request_id:
        state["originatingRequestId"] = session.request_id
    check_reply(state, shape_named("SessionState"), "sessionState")
    return state


def interpretations_json(session: Session) -> list[Json]:
    """The latest interpretations in the Interpretations shape."""
    data = [reading_json(reading) for reading in session.readings]
    check_reply(data, shape_named("Interpretations"), "interpretations")
    return data


def messages_json(session: Session) -> list[Json]:
    """The latest messages in the Messages shape."""
    data = [message_json(message) for message in session.messages]
    check_reply(data, shape_named("Messages"), "messages")
    return data


def text_reply(key: SessionKey, outcome: Outcome, now: float) -> Json:
    """A turn's reply in the RecognizeTextResponse shape."""
    session = outcome.session
    reply: Json = {
        "sessionId": key.session_id,
        "sessionState": state_json(session, now),
        "interpretations": interpretations_json(session),
        "requestAttributes": dict(outcome.request_attributes),
    }
    if session.messages:
        reply["messages"] = messages_json(session)
    return reply
