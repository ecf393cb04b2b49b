"""Lex V2's code hook: its event to a `Turn`, a `Reply` to its response.

Two aliases lead here. On `live` only Connect (and our own roles) may converse, and the session attributes
carry a pointer, an expiring MAC over the contact and the link; on `guest` anybody may, so nothing inbound
is believed and everybody is anonymous. The engine never delegates: every reply says what Lex does next.

Shapes and limits: Amazon Lex V2 developer guide, "Lambda function input and response"; botocore
lexv2-runtime.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from throughline.channels import contacts
from throughline.channels.capabilities import (
    LEX_GUEST,
    LEX_KEYS,
    LEX_SPEECH,
    LEX_TEXT,
    WAYS,
    capture_name,
    captured_kinds,
)
from throughline.channels.contacts import live_session, pointed, pointer_now
from throughline.channels.lex_messages import messages, plain_message, plain_texts
from throughline.channels.readings import lex_slots, readings
from throughline.channels.shapes import LONGEST, identifier, mapping, mappings, string
from throughline.conversation import Exchange, Sender
from throughline.customers.keys import KeyRing
from throughline.dialogue.model import Model
from throughline.errors import EventError
from throughline.privacy.masking import Masked, mask
from throughline.reply import Awaits, Reply
from throughline.turn import Capabilities, InputMode, Turn

LIVE: Final = contacts.LIVE
GUEST: Final = "guest"
"""All that is kept of a guest's session: their conversation is found by it, and their client may have chosen it."""
POINTER, QUESTION, COUNT, CAPTURES = "tl-pointer", "tl-question", "tl-turns", "tl-captures"
HANDOVER, INTENT, NEXT = "tl-handover", "tl-intent", "tl-next"
"""Session attributes of ours. Connect's flow writes the pointer, the question and what it can capture (names of
`capabilities.CAPTURES`, on voice alone); it compares what is next ("capture:<name>") and why a person is needed."""
DELETION: Final = "x-amz-lex:dtmf:deletion-character:*:*"
"""Lex deletes what was keyed at a star unless told otherwise; ours is a keyed amount's decimal point, and no
telephone has a D."""
OURS = frozenset({POINTER, QUESTION, COUNT, CAPTURES, HANDOVER, INTENT, NEXT})
ROOM: Final = 24_000
"""Bytes of a whole response: Lex takes 25 KB (developer guide, quotas)."""
ATTRIBUTES: Final = 12_000
"""Bytes of session attributes that are handed back: Lex keeps 12 KB (developer guide, quotas)."""
CHANNEL: Final = "lex"
FALLBACK: Final = "FallbackIntent"
_NAME: Final = re.compile(r"([0-9A-Za-z][_-]?){1,100}\Z")
_CONTEXT: Final = re.compile(r"([A-Za-z0-9]_?){1,100}\Z")


@dataclass(frozen=True, slots=True)
class HookEvent:
    """What this adapter needs of the event, whatever else is in it."""

    session: str
    alias: str
    locale: str
    mode: str
    transcript: Masked
    """What was said, typed or keyed: masked, and sealed where there was something to mask."""
    attributes: Mapping[str, str]
    intent: str
    """The best reading's intent, as Lex calls it: a Close must name one that the bot version knows."""
    known_slots: Mapping[str, frozenset[str]]
    """Intent to the slots that this version of the bot has, as far as the event tells: Lex lists them all."""
    contexts: tuple[Mapping[str, Any], ...]
    """Lex's active contexts, to be handed back unchanged."""
    interpretations: object
    request: str
    """Lex's id of the request that began it, of unproven meaning; empty if absent."""


def parse(event: object) -> HookEvent:
    """Check the event. Raises EventError if there is nothing to answer: no session or no bot."""
    if not isinstance(event, dict):
        raise EventError("a Lex event is a JSON object")
    session, bot = identifier(event.get("sessionId")), event.get("bot")
    if not session or not isinstance(bot, dict):
        raise EventError("a Lex event has a sessionId and a bot")
    state = mapping(event.get("sessionState"))
    interpretations = event.get("interpretations")
    found = [mapping(entry.get("intent")) for entry in mappings(interpretations)]
    named = [intent for intent in (*found, mapping(state.get("intent"))) if _is_name(intent.get("name"))]
    return HookEvent(
        session=session,
        alias=identifier(bot.get("aliasName")),
        locale=string(bot.get("localeId"), 20),
        mode=string(event.get("inputMode"), 20) or "Text",
        transcript=mask(string(event.get("inputTranscript"))),
        attributes=_attributes(state),
        intent=named[0]["name"] if named else FALLBACK,
        known_slots={
            intent["name"]: frozenset(intent["slots"])
            for intent in reversed(named)
            if isinstance(intent.get("slots"), dict) and intent["slots"]
        },
        contexts=tuple(entry for entry in mappings(state.get("activeContexts")) if _is_context(entry))[:20],
        interpretations=interpretations,
        request=string(state.get("originatingRequestId"), 200),
    )


def to_turn(event: HookEvent, *, at: float, fresh_id: str, keys: KeyRing | None) -> tuple[Turn, Sender]:
    """The turn and who claims to speak. `keys` verify pointers; None believes none.

    Keyed digits that are a secret by themselves (a card number) are no keys: they are sealed, and nothing
    is left for a slot.
    """
    live = event.alias == LIVE
    masked = event.transcript
    keyed = event.mode == "DTMF"
    mode = InputMode.KEYS if keyed else InputMode.SPEECH if event.mode == "Speech" else InputMode.TEXT
    turn = Turn(
        id=turn_id(event, fresh_id, keys),
        at=at,
        channel=CHANNEL,
        session=live_session(event.session) if live else GUEST,
        locale=event.locale,
        mode=mode if masked.text.strip() else InputMode.SILENCE,
        can=_can(event, live=live),
        heard=() if keyed else readings(event.interpretations, shown=masked.text if masked.found else None),
        text="" if keyed else masked.text[:LONGEST],
        sealed=masked.sealed,
        keys="".join(c for c in masked.text if c in "0123456789*#")[:LONGEST] if keyed and not masked.found else "",
        answers=event.attributes.get(QUESTION, "")[:40] if live else "",
    )
    return turn, _sender(event, at, keys if live else None)


def to_response(event: HookEvent, exchange: Exchange, model: Model, keys: KeyRing | None = None) -> dict[str, Any]:
    """What Lex is to do and say. With `keys` the session's pointer follows its customer, where that changed."""
    reply, turn = exchange.reply, exchange.turn
    action, intent = _action(event, reply, model)
    attributes = {k: v for k, v in event.attributes.items() if k not in OURS}
    if event.alias == LIVE:
        attributes |= _pointer(event, exchange, keys)
        attributes[QUESTION] = reply.question
        attributes[COUNT] = str(_count(event) + 1)
        attributes[DELETION] = "D"
        attributes |= {CAPTURES: event.attributes[CAPTURES]} if CAPTURES in event.attributes else {}
    if reply.handover is not None:
        attributes |= {HANDOVER: reply.handover.reason, INTENT: reply.handover.intent}
    if reply.capture:
        attributes |= {NEXT: f"capture:{capture_name(reply.capture)}", INTENT: reply.intent}
    state: dict[str, Any] = {"sessionAttributes": attributes, "dialogAction": action}
    if intent is not None:
        state["intent"] = intent
    if event.contexts:
        state["activeContexts"] = list(event.contexts)
    said = messages(model, reply, turn)
    return _within({"sessionState": state, "messages": said} if said else {"sessionState": state})


def _pointer(event: HookEvent, exchange: Exchange, keys: KeyRing | None) -> dict[str, str]:
    token = event.attributes.get(POINTER, "")
    return {POINTER: pointer_now(token, exchange, event.session, keys)} if token else {}


def apology(model: Model, event: object) -> dict[str, Any]:
    """A polite response to an event from which no turn could be made, or whose turn failed unforeseen.

    The session keeps its attributes: without the pointer, the rest of a call would be a stranger's.
    """
    event = mapping(event)
    locale = string(mapping(event.get("bot")).get("localeId"), 20) or model.default_locale
    attributes = _attributes(mapping(event.get("sessionState")))
    return {
        "sessionState": {"sessionAttributes": attributes, "dialogAction": {"type": "ElicitIntent"}},
        "messages": [plain_message(text) for text in plain_texts(model, Reply(()), locale)],
    }


def _attributes(state: Mapping[str, Any]) -> dict[str, str]:
    """The session's attributes. More than Lex can hold are not Lex's own: then only ours are taken."""
    found = {
        string(k): string(v, ATTRIBUTES)
        for k, v in mapping(state.get("sessionAttributes")).items()
        if isinstance(v, str)
    }
    small = 4 * sum(len(k) + len(v) + 2 for k, v in found.items()) <= ATTRIBUTES
    return found if small or _size(found) <= ATTRIBUTES else {k: v[:LONGEST] for k, v in found.items() if k in OURS}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.match(value) is not None


def _is_context(entry: Mapping[str, Any]) -> bool:
    """Whether Lex would take it back (botocore lexv2-runtime: ActiveContext)."""
    lives, attributes = mapping(entry.get("timeToLive")), entry.get("contextAttributes")
    seconds, turns = (lives.get(name) for name in ("timeToLiveInSeconds", "turnsToLive"))
    return (
        _CONTEXT.match(string(entry.get("name"))) is not None
        and isinstance(seconds, int)
        and 5 <= seconds <= 86_400
        and isinstance(turns, int)
        and turns is not True  # which is an int to Python
        and 1 <= turns <= 20
        and len(lives) == 2
        and isinstance(attributes, dict)
        and len(attributes) <= 10
        and all(v and string(k) == k and string(v, LONGEST) == v for k, v in attributes.items())
        and set(entry) <= {"name", "timeToLive", "contextAttributes"}
    )


def _size(part: object) -> int:
    return len(json.dumps(part, ensure_ascii=False).encode("utf-8", "replace"))


def _surely_small(response: Mapping[str, Any]) -> bool:
    """Whether a glance tells that it fits, as it mostly does: a sign takes six bytes of JSON at most."""
    state, said = response["sessionState"], response.get("messages", ())
    signs = sum(len(message.get("content", "")) for message in said)
    signs += sum(len(name) + len(value) for name, value in state["sessionAttributes"].items())
    signs += sum(
        3 * len(slot["value"]["interpretedValue"]) for slot in state.get("intent", {}).get("slots", {}).values()
    )
    return "activeContexts" not in state and len(said) <= 4 and 6 * signs <= ROOM - 10_000


def _within(response: dict[str, Any]) -> dict[str, Any]:
    """The response, within what Lex takes: buttons go first, then contexts, then the end of what is said."""
    if _surely_small(response) or _size(response) <= ROOM:
        return response
    said = [m for m in response.get("messages", ()) if m["contentType"] != "ImageResponseCard"]
    state = {k: v for k, v in response["sessionState"].items() if k != "activeContexts"}
    while len(said) > 1 and _size({"sessionState": state, "messages": said}) > ROOM:
        said.pop()
    return {"sessionState": state, "messages": said} if said else {"sessionState": state}


def _way(event: HookEvent, *, live: bool) -> str:
    if event.mode == "DTMF":
        return LEX_KEYS
    if event.mode == "Speech":
        return LEX_SPEECH
    return LEX_TEXT if live else LEX_GUEST


def _can(event: HookEvent, *, live: bool) -> Capabilities:
    """What can go back, with what this contact flow can capture: on `live` nobody else writes its attributes."""
    way = _way(event, live=live)
    back = WAYS[way].back
    if way not in (LEX_SPEECH, LEX_KEYS) or not live:
        return back
    captures = captured_kinds(event.attributes.get(CAPTURES, ""))
    return replace(back, captures=captures) if captures else back


def _sender(event: HookEvent, at: float, keys: KeyRing | None) -> Sender:
    token = event.attributes.get(POINTER, "")
    return pointed(token, event.session, f"lex:{event.alias}:{event.session}", at, keys)


def turn_id(event: HookEvent, fresh_id: str, keys: KeyRing | None) -> str:
    """Lex proves no turn id: the session, our count in its attributes and the words are the best there is.

    The masked words, under a key where there is one: an id is stored and logged, and a code, which is masked only
    where it was asked for, could be found again by trying all. Nobody is asked for one in a session without a pointer.
    What a guest's client sends is no evidence of anything, so their turns have fresh ids.
    """
    if event.alias != LIVE:
        return fresh_id
    # The flow comes back to Lex after a capture, and Lex may have forgotten our count by then.
    asked = event.attributes.get(QUESTION, "")
    parts = (event.session, str(_count(event)), asked, event.mode, event.transcript.text, event.request)
    key = keys.keys[keys.current] if keys is not None else bytes(32)
    return "lex-" + hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:24]


def _count(event: HookEvent) -> int:
    count = event.attributes.get(COUNT, "")
    return int(count) if count.isascii() and count.isdigit() and len(count) < 8 else 0


def _action(event: HookEvent, reply: Reply, model: Model) -> tuple[dict[str, Any], dict[str, Any] | None]:
    name = _name_there(event, reply.intent, model)
    known = event.known_slots.get(name)
    if reply.capture:  # the flow takes it: Lex must not hear it
        return {"type": "Close"}, {"name": event.intent, "state": "Fulfilled", "confirmationState": "None"}
    if reply.awaits is Awaits.SLOT and (known is None or reply.slot in known):
        return {"type": "ElicitSlot", "slotToElicit": reply.slot}, _intent(name, reply, known)
    if reply.awaits is Awaits.CONFIRM:
        return {"type": "ConfirmIntent"}, _intent(name, reply, known)
    if reply.awaits is Awaits.NOTHING:
        return {"type": "Close"}, {"name": event.intent, "state": "Fulfilled", "confirmationState": "None"}
    return {"type": "ElicitIntent"}, None


def _name_there(event: HookEvent, name: str, model: Model) -> str:
    """What this version of the bot calls an intent of ours: a former name, if the event shows that one."""
    intent = model.intent(name)
    if name in event.known_slots or intent is None:
        return name
    return next((old for old in intent.was if old in event.known_slots), name)


def _intent(name: str, reply: Reply, known: frozenset[str] | None) -> dict[str, Any]:
    """The intent in progress, with those of its values that this version of the bot has a slot for."""
    values = {slot: value for slot, value in reply.slots.items() if value and (known is None or slot in known)}
    return {"name": name, "state": "InProgress", "confirmationState": "None", "slots": lex_slots(values)}
