"""The event that Lex V2 sends to a code hook (Amazon Lex V2 developer guide, Lambda input event format)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rehearsal.lex.definition import Alias, Bot
from rehearsal.lex.sentiment import sentiment_json
from rehearsal.lex.session import Reading, SessionKey
from rehearsal.lex.values import (
    DialogAction,
    IntentState,
    Json,
    SessionState,
    action_json,
    intent_json,
    session_state_json,
    slots_json,
)

PLAIN_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the customer said, typed or keyed."""

    text: str
    """The transcript; empty for silence."""
    mode: str = "Text"
    """Text, Speech or DTMF."""
    content_type: str = PLAIN_TEXT
    """What the answer is wanted as: text/plain or audio/…."""
    confidence: float | None = None
    """Of the transcription, 0 to 1; speech only."""
    request_attributes: Mapping[str, str] = field(default_factory=dict)
    """From the client, e.g. x-amz-lex:channels:platform."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What Lex would do by itself."""

    action: DialogAction
    """Its next step."""
    intent: IntentState
    """The intent as it would stand then."""
    attempt: str = "Initial"
    """Initial or Retry1 to Retry5: which wording of the question."""


def hook_event(
    *,
    source: str,
    bot: Bot,
    alias: Alias,
    key: SessionKey,
    utterance: Utterance,
    readings: tuple[Reading, ...],
    state: SessionState,
    request_id: str,
    proposal: Proposal | None,
    label: str | None,
) -> Json:
    """The event. `source` is DialogCodeHook or FulfillmentCodeHook; `state` has the intent as it is now."""
    event: Json = {
        "messageVersion": "1.0",
        "invocationSource": source,
        "inputMode": utterance.mode,
        "responseContentType": utterance.content_type,
        "sessionId": key.session_id,
        "inputTranscript": utterance.text,
        "bot": {
            "id": bot.id,
            "name": bot.name,
            "localeId": key.locale_id,
            "version": alias.version,
            "aliasId": alias.id,
            "aliasName": alias.name,
        },
        "interpretations": [_interpretation(reading) for reading in readings],
        "sessionState": {**session_state_json(state), "originatingRequestId": request_id},
        "requestAttributes": dict(utterance.request_attributes),
        "transcriptions": _transcriptions(utterance, readings),
    }
    if label is not None:
        event["invocationLabel"] = label
    if proposal is not None:
        event["proposedNextState"] = {
            "dialogAction": action_json(proposal.action),
            "intent": intent_json(proposal.intent),
            "prompt": {"attempt": proposal.attempt},
        }
    return event


def _interpretation(reading: Reading) -> Json:
    data: Json = {"intent": intent_json(reading.intent), "interpretationSource": "Lex"}
    if reading.confidence is not None:
        data["nluConfidence"] = reading.confidence
    if reading.sentiment is not None:
        data["sentimentResponse"] = sentiment_json(reading.sentiment)
    return data


def _transcriptions(utterance: Utterance, readings: tuple[Reading, ...]) -> list[Json]:
    if not utterance.text:
        return []
    filled = {name: slot for name, slot in readings[0].intent.slots.items() if slot} if readings else {}
    data: Json = {
        "transcription": utterance.text,
        "resolvedContext": {"intent": readings[0].intent.name} if readings else {},
        "resolvedSlots": slots_json(filled),
    }
    if utterance.confidence is not None:
        data["transcriptionConfidence"] = utterance.confidence
    return [data]
