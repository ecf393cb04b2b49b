"""The web chat: its messages to a `Turn`, a `Reply` to what the page shows.

A message: `{"id", "session", "locale", "text" | "tap": {"intent", "slot", "value"} | "opens": true,
"question", "sent_at", "attachments": how many files came with it}`; no file is ever taken. The page's device is proved
by its transport, never by the message. An answer: `{"lines": [text], "choices": [{"label", "tap"}], "question",
"awaits", "handover", "relayed"}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from throughline.channels.capabilities import EAR, WAYS
from throughline.channels.shapes import count, identifier, number, string
from throughline.conversation import Exchange
from throughline.dialogue.model import Model
from throughline.errors import EventError
from throughline.privacy.masking import mask
from throughline.rendering import label, shown
from throughline.turn import Heard, InputMode, Turn

LONGEST: Final = 2_000
CHANNEL: Final = "web"


def to_turn(message: object, *, at: float) -> Turn:
    """The turn. Raises EventError if the message has no id or no session, or says nothing."""
    if not isinstance(message, dict):
        raise EventError("a chat message is a JSON object")
    turn_id, session = _id(message.get("id")), _id(message.get("session"))
    if not turn_id or not session:
        raise EventError("a chat message has an id and a session")
    text, tap, opens = message.get("text"), message.get("tap"), message.get("opens") is True
    files = count(message.get("attachments"))
    if not (isinstance(text, str) or isinstance(tap, dict) or opens or files):
        raise EventError("a chat message has a text or a tap, brings a file, or opens the chat")
    masked = mask("" if isinstance(tap, dict) else string(text))
    return Turn(
        id=f"web-{turn_id}",
        at=at,
        channel=CHANNEL,
        session=f"web:{session}",
        locale=string(message.get("locale"), 20),
        mode=InputMode.TAP if isinstance(tap, dict) else InputMode.TEXT,
        can=WAYS[EAR].back,
        heard=(_tapped(tap),) if isinstance(tap, dict) else (),
        text=masked.text[:LONGEST],
        sealed=masked.sealed,
        answers=string(message.get("question"))[:40],
        sent_at=number(message.get("sent_at")),
        opens=opens,
        attachments=files,
    )


def to_answer(exchange: Exchange, model: Model) -> dict[str, Any]:
    """What the page shows."""
    reply, locale = exchange.reply, exchange.turn.locale
    return {
        "lines": list(shown(model, reply, locale)),
        "choices": [
            {
                "label": label(model, choice, locale),
                "tap": {"intent": choice.intent, "slot": choice.slot, "value": choice.value},
            }
            for choice in reply.choices
        ],
        "question": reply.question,
        "awaits": reply.awaits.value,
        "handover": reply.handover.reason if reply.handover is not None else None,
        "relayed": reply.relayed,
        "step_up": reply.step_up.name.lower() if reply.step_up is not None else None,
    }


def _tapped(tap: Mapping[str, Any]) -> Heard:
    # A page sends names, but whoever writes a message of their own may put anything there, and readings are kept.
    intent, slot, value = (mask(string(tap.get(name))).text[:200] for name in ("intent", "slot", "value"))
    return Heard(intent[:100], None, {slot: value} if slot else {})


def _id(value: object) -> str:
    """An id that a page chose; one with a secret in it stands under its hash, like others that are no ids."""
    found = identifier(value)
    return identifier(f"{found} ") if mask(found).found else found
