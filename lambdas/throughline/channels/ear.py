"""Asking Lex what was meant: how text channels are understood without Lex holding their conversation.

Each question goes to the hookless bot `ear` under a session of its own, with the dialogue state that *we*
hold; only the interpretations are read. When Lex throttles or fails, buttons still work (they need no
recogniser) and so do the model's keywords: words that mean an intent by themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from throughline.channels.fitting import pieces
from throughline.channels.readings import lex_slots, readings
from throughline.dialogue.model import Model
from throughline.dialogue.state import Asked, State
from throughline.dialogue.values import fold
from throughline.errors import RecogniserUnavailable
from throughline.turn import Heard, Turn

LONGEST = 1024
"""Characters of text that RecognizeText takes (botocore lexv2-runtime)."""


class RecognizeText(Protocol):
    """The one call of Amazon Lex that is needed; raises RecogniserUnavailable."""

    def recognize_text(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """RecognizeText's answer to its request, both as botocore shapes them."""


class Ear:
    """Understands text by the bot `ear`."""

    def __init__(self, lex: RecognizeText, *, bot: str, alias: str) -> None:
        self._lex = lex
        self._bot = bot
        self._alias = alias

    def hear(self, model: Model, state: State, turn: Turn) -> tuple[Heard, ...]:
        """Readings of the turn's text, best first; by keywords alone where Lex doesn't answer.

        Raises RecogniserUnavailable where Lex doesn't answer and the text is no keyword.

        The answer to a question for a secret never goes to Lex.
        """
        if not turn.text.strip():
            return ()
        question = state.question
        if question is not None and question.secret and question.session == turn.session:
            return keywords(model, turn)
        try:
            answer = self._lex.recognize_text(self._request(model, state, turn))
        except RecogniserUnavailable:
            found = keywords(model, turn)
            if not found:
                raise
            return found
        return readings(answer.get("interpretations"))

    def _request(self, model: Model, state: State, turn: Turn) -> dict[str, Any]:
        request: dict[str, Any] = {
            "botId": self._bot,
            "botAliasId": self._alias,
            "localeId": turn.locale if turn.locale in model.locales else model.default_locale,
            "sessionId": _session(turn),
            "text": pieces(turn.text, LONGEST)[0],
        }
        question = state.question
        frame = next((f for f in state.frames if question is not None and f.id == question.frame), None)
        if question is None or frame is None or question.asked is not Asked.SLOT:
            return request
        if question.session != turn.session:
            return request
        request["sessionState"] = {
            "dialogAction": {"type": "ElicitSlot", "slotToElicit": question.slot},
            "intent": {"name": frame.intent, "state": "InProgress", "slots": lex_slots(frame.slots)},
        }
        return request


def _session(turn: Turn) -> str:
    """A session that Lex has never seen, though clients may choose the ids of others, or send one twice."""
    return hashlib.sha256(f"{turn.session}\0{turn.id}\0{turn.at!r}".encode()).hexdigest()[:40]


def keywords(model: Model, turn: Turn) -> tuple[Heard, ...]:
    """What the text means as one of the keywords, word for word."""
    intent = model.words(turn.locale).keywords.get(fold(turn.text))
    return (Heard(intent),) if intent is not None else ()
