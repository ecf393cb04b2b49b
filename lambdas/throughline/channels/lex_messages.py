"""A reply's lines and choices as Lex's messages, within its limits.

Limits: botocore lexv2-runtime (10 messages of 1,024 characters, cards of 5 buttons, texts and values of 50).
"""

from __future__ import annotations

from typing import Any, Final

from throughline.channels.fitting import packed, pieces, units, unmarked
from throughline.dialogue.model import Model
from throughline.rendering import label, said_line, shown, spoken
from throughline.reply import Reply
from throughline.turn import Turn

LONGEST: Final = 1024
MOST_MESSAGES, MOST_BUTTONS, BUTTON, TITLE = 10, 5, 50, 250
_SPEAK: Final = len("<speak></speak>")
_MARKUP: Final = str.maketrans("<>", "\u2039\u203a")
"""Some Lex clients render a message as HTML, and a customer's own words may be repeated in it."""


def messages(model: Model, reply: Reply, turn: Turn) -> list[dict[str, Any]]:
    """What is said, or shown with its buttons; empty only while a person has the conversation.

    What doesn't fit into one message goes on in the next; buttons give way to words.
    """
    if turn.can.voice:
        return _spoken(model, reply, turn.locale)
    texts = plain_texts(model, reply, turn.locale)
    cards = _cards(model, reply, turn.locale)[: MOST_MESSAGES - len(texts)]
    return [*(plain_message(text) for text in texts), *cards]


def plain_texts(model: Model, reply: Reply, locale: str) -> list[str]:
    """What a screen shows, in texts that Lex takes."""
    lines = [line.translate(_MARKUP) for line in shown(model, reply, locale)]
    texts = [piece for line in lines for piece in pieces(line, LONGEST)]
    return texts if len(texts) < MOST_MESSAGES else packed(texts, "\n", LONGEST)[:MOST_MESSAGES]


def plain_message(content: str) -> dict[str, Any]:
    """One message of plain text."""
    return {"contentType": "PlainText", "content": content}


def _spoken(model: Model, reply: Reply, locale: str) -> list[dict[str, Any]]:
    said = [ssml for line in reply.lines if (ssml := said_line(model, line, locale))]
    if not said and not reply.relayed:
        said = [spoken(model, Reply(()), locale)]
    room = LONGEST - _SPEAK
    parts: list[str] = []
    for ssml in said:
        parts.extend([ssml] if units(ssml) <= room else pieces(unmarked(ssml), room))
    return [
        {"contentType": "SSML", "content": f"<speak>{part}</speak>"}
        for part in packed(parts, " ", room)[:MOST_MESSAGES]
    ]


def _cards(model: Model, reply: Reply, locale: str) -> list[dict[str, Any]]:
    labels = [pieces(label(model, choice, locale), BUTTON)[0] for choice in reply.choices]
    labels = [text for text in labels if text.strip()]
    return [
        {
            "contentType": "ImageResponseCard",
            "imageResponseCard": {
                "title": pieces(model.name, TITLE)[0],
                "buttons": [{"text": text, "value": text} for text in labels[start : start + MOST_BUTTONS]],
            },
        }
        for start in range(0, len(labels), MOST_BUTTONS)
    ]
