"""Lex V2's code hook: its event to a `Turn`, a `Reply` to its response.

Two aliases lead here. On `live` only Connect (and our own roles) may converse, and the session attributes
carry a pointer, an expiring MAC over the contact and the link; on `guest` anybody may, so nothing inbound
is believed and everybody is anonymous. The engine never delegates: every reply says what Lex does next.

Shapes and limits: Amazon Lex V2 developer guide, "Lambda function input and response"; botocore
lexv2-runtime (10 messages of 1,024 characters, cards of 5 buttons, texts and values of 50 characters).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from throughline.channels.capabilities import LEX_GUEST, LEX_KEYS, LEX_SPEECH, LEX_TEXT, WAYS
from throughline.channels.readings import lex_slots, readings
from throughline.conversation import Exchange, Sender
from throughline.customers.keys import KeyRing
from throughline.customers.pointer import read as read_pointer
from throughline.dialogue.model import Model
from throughline.errors import EventError, PointerError
from throughline.privacy.masking import mask
from throughline.rendering import label, plain, shown, spoken
from throughline.reply import Awaits, Reply
from throughline.turn import Assurance, InputMode, Turn

LIVE: Final = "live"
POINTER, QUESTION, COUNT, HANDOVER = "tl-pointer", "tl-question", "tl-turns", "tl-handover"
"""Session attributes of ours. Connect's flow writes the first and compares the last."""
OURS = frozenset({POINTER, QUESTION, COUNT, HANDOVER})
LONGEST, MOST_MESSAGES, MOST_BUTTONS, BUTTON = 1024, 10, 5, 50
CHANNEL = "lex"


@dataclass(frozen=True, slots=True)
class HookEvent:
    """What this adapter needs of the event, whatever else is in it."""

    session: str
    alias: str
    locale: str
    mode: str
    transcript: str
    attributes: Mapping[str, str]
    intent: str
    """The best reading's intent, as Lex calls it: a Close must name one that the bot version knows."""
    known_slots: Mapping[str, frozenset[str]]
    """Intent to the slots that this version of the bot has, as far as the event tells."""
    state: Mapping[str, Any]
    """Lex's session state, for what must be handed back unchanged."""
    interpretations: object
    request: str
    """Lex's id of the request that began it, of unproven meaning; empty if absent."""


def parse(event: object) -> HookEvent:
    """Check the event. Raises EventError if there is nothing to answer: no session or no bot."""
    if not isinstance(event, dict):
        raise EventError("a Lex event is a JSON object")
    session, bot = event.get("sessionId"), event.get("bot")
    if not isinstance(session, str) or not session or not isinstance(bot, dict):
        raise EventError("a Lex event has a sessionId and a bot")
    state = event.get("sessionState")
    state = state if isinstance(state, dict) else {}
    attributes = state.get("sessionAttributes")
    interpretations = event.get("interpretations")
    found = [entry["intent"] for entry in _dicts(interpretations) if isinstance(entry.get("intent"), dict)]
    names = [intent["name"] for intent in found if isinstance(intent.get("name"), str)]
    current = state.get("intent")
    named = current.get("name") if isinstance(current, dict) else None
    return HookEvent(
        session=session[:100],
        alias=str(bot.get("aliasName") or ""),
        locale=str(bot.get("localeId") or ""),
        mode=str(event.get("inputMode") or "Text"),
        transcript=_text(event.get("inputTranscript")),
        attributes={
            k: v
            for k, v in (attributes.items() if isinstance(attributes, dict) else ())
            if isinstance(k, str) and isinstance(v, str)
        },
        intent=names[0] if names else (named if isinstance(named, str) else "FallbackIntent"),
        known_slots={
            intent["name"]: frozenset(intent["slots"])
            for intent in found
            if isinstance(intent.get("name"), str) and isinstance(intent.get("slots"), dict)
        },
        state=state,
        interpretations=interpretations,
        request=_text(state.get("originatingRequestId")),
    )


def to_turn(event: HookEvent, *, at: float, fresh_id: str, keys: KeyRing | None) -> tuple[Turn, Sender]:
    """The turn and who claims to speak. `keys` verify pointers; None believes none."""
    live = event.alias == LIVE
    way = _way(event, live=live)
    masked = mask(event.transcript)
    keyed = event.mode == "DTMF"
    mode = InputMode.KEYS if keyed else InputMode.SPEECH if event.mode == "Speech" else InputMode.TEXT
    turn = Turn(
        id=_turn_id(event) if live else fresh_id,
        at=at,
        channel=CHANNEL,
        session=f"{event.alias}:{event.session}",
        locale=event.locale,
        mode=mode if event.transcript.strip() else InputMode.SILENCE,
        can=WAYS[way].back,
        heard=() if keyed else readings(event.interpretations),
        text="" if keyed else masked.text,
        sealed=masked.sealed,
        keys="".join(c for c in event.transcript if c in "0123456789*#") if keyed else "",
        answers=event.attributes.get(QUESTION, "")[:40] if live else "",
    )
    return turn, _sender(event, at, keys if live else None)


def to_response(event: HookEvent, exchange: Exchange, model: Model) -> dict[str, Any]:
    """What Lex is to do and say."""
    reply, turn = exchange.reply, exchange.turn
    messages = _messages(model, reply, turn)
    action, intent = _action(event, reply)
    attributes = {k: v for k, v in event.attributes.items() if k not in OURS}
    if event.alias == LIVE:
        attributes |= {k: v for k, v in event.attributes.items() if k == POINTER}
        attributes[QUESTION] = reply.question
        attributes[COUNT] = str(_count(event) + 1)
    if reply.handover is not None:
        attributes[HANDOVER] = reply.handover.reason
    state: dict[str, Any] = {"sessionAttributes": attributes, "dialogAction": action}
    if intent is not None:
        state["intent"] = intent
    contexts = event.state.get("activeContexts")
    if isinstance(contexts, list):
        state["activeContexts"] = contexts
    return {"sessionState": state, "messages": messages} if messages else {"sessionState": state}


def apology(model: Model, event: object) -> dict[str, Any]:
    """A polite response to an event from which no turn could be made."""
    bot = event.get("bot") if isinstance(event, dict) else None
    locale = bot.get("localeId") if isinstance(bot, dict) else None
    text = shown(model, Reply(()), locale if isinstance(locale, str) else model.default_locale)[0]
    return {
        "sessionState": {"dialogAction": {"type": "ElicitIntent"}},
        "messages": [{"contentType": "PlainText", "content": text[:LONGEST]}],
    }


def _way(event: HookEvent, *, live: bool) -> str:
    if event.mode == "DTMF":
        return LEX_KEYS
    if event.mode == "Speech":
        return LEX_SPEECH
    return LEX_TEXT if live else LEX_GUEST


def _sender(event: HookEvent, at: float, keys: KeyRing | None) -> Sender:
    guest = Sender(Assurance.ANONYMOUS, session=f"lex:{event.alias}:{event.session}")
    token = event.attributes.get(POINTER, "")
    if keys is None or not token:
        return guest
    try:
        pointer, assurance = read_pointer(token, contact=event.session, now=at, keys=keys)
    except PointerError:
        return guest
    return replace(guest, transport=assurance, pointer=pointer)


def _turn_id(event: HookEvent) -> str:
    """Lex proves no turn id: the session, our own count in its attributes and the words are the best there is."""
    parts = (event.session, str(_count(event)), event.mode, event.transcript, event.request)
    return "lex-" + hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:24]


def _count(event: HookEvent) -> int:
    count = event.attributes.get(COUNT, "")
    return int(count) if count.isascii() and count.isdigit() and len(count) < 8 else 0


def _action(event: HookEvent, reply: Reply) -> tuple[dict[str, Any], dict[str, Any] | None]:
    lacks = reply.intent in event.known_slots and reply.slot not in event.known_slots[reply.intent]
    if reply.awaits is Awaits.SLOT and not lacks:
        return {"type": "ElicitSlot", "slotToElicit": reply.slot}, _intent(reply.intent, reply)
    if reply.awaits is Awaits.CONFIRM:
        return {"type": "ConfirmIntent"}, _intent(reply.intent, reply)
    if reply.awaits is Awaits.NOTHING:
        return {"type": "Close"}, {"name": event.intent, "state": "Fulfilled", "confirmationState": "None"}
    return {"type": "ElicitIntent"}, None


def _intent(name: str, reply: Reply) -> dict[str, Any]:
    return {"name": name, "state": "InProgress", "confirmationState": "None", "slots": lex_slots(reply.slots)}


def _messages(model: Model, reply: Reply, turn: Turn) -> list[dict[str, Any]]:
    if turn.can.voice:
        return _spoken(model, reply, turn.locale)
    texts = [text[:LONGEST] for text in shown(model, reply, turn.locale)]
    cards = _cards(model, reply, turn.locale)[: MOST_MESSAGES - 1]
    room = MOST_MESSAGES - len(cards)
    if len(texts) > room:
        texts = [*texts[: room - 1], "\n".join(texts[room - 1 :])[:LONGEST]]
    return [*({"contentType": "PlainText", "content": text} for text in texts), *cards]


def _spoken(model: Model, reply: Reply, locale: str) -> list[dict[str, Any]]:
    parts: list[str] = []
    for line in reply.lines or ((),) if not reply.relayed else ():
        text = spoken(model, replace(reply, lines=(line,) if line else ()), locale)
        if len(text) > LONGEST - 15:
            text = _cut(plain(text))
        if parts and len(parts[-1]) + len(text) + 16 <= LONGEST:
            parts[-1] = f"{parts[-1]} {text}"
        else:
            parts.append(text)
    return [{"contentType": "SSML", "content": f"<speak>{part}</speak>"} for part in parts[:MOST_MESSAGES]]


def _cut(text: str) -> str:
    """Text short enough for one message, without the signs that SSML would have to escape."""
    return text.replace("&", " ").replace("<", " ").replace(">", " ")[: LONGEST - 15]


def _cards(model: Model, reply: Reply, locale: str) -> list[dict[str, Any]]:
    labels = [label(model, choice, locale)[:BUTTON] for choice in reply.choices]
    labels = [text for text in labels if text]
    return [
        {
            "contentType": "ImageResponseCard",
            "imageResponseCard": {
                "title": model.name[:250],
                "buttons": [{"text": text, "value": text} for text in labels[start : start + MOST_BUTTONS]],
            },
        }
        for start in range(0, len(labels), MOST_BUTTONS)
    ]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dicts(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
