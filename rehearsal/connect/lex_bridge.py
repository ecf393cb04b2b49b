"""Connect's side of the rehearsal's Lex: a flow's turns go to the same service as everybody else's.

The session is the contact's id and the locale the contact's language, as Connect does it. Chat turns come as text
with the platform "Connect Chat", calls as speech or keys with the platform "Connect".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from rehearsal.connect.ports import LexAnswer, LexFailed, LexInput, LexMessage
from rehearsal.lex.doors import Door
from rehearsal.lex.errors import LexError
from rehearsal.lex.event import Utterance
from rehearsal.lex.replies import text_reply
from rehearsal.lex.service import Lex
from rehearsal.lex.session import SessionKey
from rehearsal.lex.values import SessionState

CHAT: Final = {"x-amz-lex:channels:platform": "Connect Chat"}
_KINDS: Final = {"PlainText": "text", "CustomPayload": "text", "SSML": "ssml"}


class RehearsedLex:
    """The port Lex, played by the rehearsal's Lex service."""

    def __init__(self, lex: Lex) -> None:
        """`lex` has the bots of the templates."""
        self._lex = lex

    def say(
        self, alias: str, session: str, turn: LexInput, attributes: Mapping[str, str], channel: str, language: str
    ) -> LexAnswer:
        """See the port. Raises LexFailed for any error of the service and for an alias that is no ARN of one."""
        _, _, place = alias.partition(":bot-alias/")
        bot, _, id = place.partition("/")
        if not bot or not id:
            raise LexFailed(f"{alias} is no bot alias of Lex V2")
        key = SessionKey(bot, id, language.replace("-", "_"), session)
        try:
            if channel == "CHAT":
                utterance = Utterance(turn.text, request_attributes=CHAT)
                given = SessionState(attributes=dict(attributes))
                reply = text_reply(key, self._lex.recognise(key, utterance, given), self._lex.clock())
            else:
                mode = "DTMF" if turn.keys else "Speech"
                reply = Door(self._lex).say(
                    bot, id, key.locale_id, session, turn.keys or turn.text, mode=mode, session_attributes=attributes
                )
        except LexError as failure:
            raise LexFailed(f"{failure.code}: {failure.message}") from failure
        return _answer(reply)


def _answer(reply: Mapping[str, Any]) -> LexAnswer:
    """A RecognizeText response as the port's value."""
    state = reply["sessionState"]
    intent = state.get("intent") or {}
    slots = {
        name: str(slot["value"]["interpretedValue"])
        for name, slot in (intent.get("slots") or {}).items()
        if slot and (slot.get("value") or {}).get("interpretedValue") is not None
    }
    best: Mapping[str, Any] = next(iter(reply.get("interpretations") or ()), {})
    return LexAnswer(
        closed=(state.get("dialogAction") or {}).get("type") == "Close",
        intent=str(intent.get("name") or ""),
        state=str(intent.get("state") or ""),
        messages=tuple(_message(it) for it in reply.get("messages") or ()),
        slots=slots,
        attributes=dict(state.get("sessionAttributes") or {}),
        sentiment=str((best.get("sentimentResponse") or {}).get("sentiment") or ""),
        confidence=(best.get("nluConfidence") or {}).get("score"),
    )


def _message(message: Mapping[str, Any]) -> LexMessage:
    kind = _KINDS.get(str(message["contentType"]))
    if kind is None:
        return LexMessage(json.dumps(message["imageResponseCard"], ensure_ascii=False), "card")
    return LexMessage(str(message["content"]), kind)
