"""The rehearsal's own way in for speech and telephone keys: what Amazon Connect would stream to Lex.

No part of AWS's protocol. The machine behind it is the same; only the event's input mode, transcriptions and
response content type differ. Keys follow the session attributes that Connect and Lex document for them:
`x-amz-lex:dtmf:{end-character,deletion-character,max-length}:<intent or *>:<slot or *>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.lex.errors import ValidationFailed
from rehearsal.lex.event import Utterance
from rehearsal.lex.replies import text_reply
from rehearsal.lex.service import Lex
from rehearsal.lex.session import Session, SessionKey
from rehearsal.lex.shapes import shape_named, summary, violations
from rehearsal.lex.values import Json, SessionState

SPOKEN = "audio/pcm"
PHONE = {"x-amz-lex:channels:platform": "Connect"}
"""Request attribute that Lex sets for a bot inside a contact flow."""
MOST_KEYS = 1024
"""Lex's default for max-length."""
USUAL_CONFIDENCE = 0.93


@dataclass(frozen=True, slots=True)
class Door:
    """Speech and keys for the bots of one service."""

    lex: Lex
    """The service."""

    def say(
        self,
        bot_id: str,
        alias_id: str,
        locale_id: str,
        session_id: str,
        text: str,
        *,
        mode: str = "Speech",
        confidence: float = USUAL_CONFIDENCE,
        session_attributes: Mapping[str, str] | None = None,
        request_attributes: Mapping[str, str] = PHONE,
        content_type: str = SPOKEN,
    ) -> Json:
        """One turn by voice or keys; the reply has the shape of RecognizeText's.

        `mode` is Speech or DTMF. An empty text is silence. `session_attributes` are what a contact flow's Lex
        block hands over; given, they replace the session's. Raises the errors that the wire answers with.
        """
        key = SessionKey(bot_id, alias_id, locale_id, session_id)
        given = SessionState(attributes=session_attributes)
        self.lex.place(key)
        _check(session_id, "SessionId", "sessionId")
        if session_attributes is not None:
            _check(dict(session_attributes), "StringMap", "sessionAttributes")
        match mode:
            case "Speech":
                pass
            case "DTMF":
                text = self._keyed(key, text, session_attributes)
            case _:
                raise ValidationFailed(f"mode must be Speech or DTMF, not {mode}")
        if text:
            _check(text, "Text", "text")
        heard = confidence if mode == "Speech" and text else None
        utterance = Utterance(text, mode, content_type, heard, dict(request_attributes))
        return text_reply(key, self.lex.recognise(key, utterance, given), self.lex.clock())

    def _keyed(self, key: SessionKey, keys: str, given: Mapping[str, str] | None) -> str:
        if not re.fullmatch(r"[0-9A-D#*]*", keys):
            raise ValidationFailed("keys must be of 0-9, A-D, # and *")
        bot, _, _ = self.lex.place(key)
        session = self.lex.store.read(key, bot.session_seconds) or Session()
        return pressed(keys, session, session.attributes if given is None else given)


def pressed(keys: str, session: Session, attributes: Mapping[str, str]) -> str:
    """What Lex takes of the keys: up to the end character, after the last deletion, at most max-length."""
    intent = session.intent.name if session.intent else "*"
    slot = (session.action.slot if session.action else None) or "*"

    def setting(name: str, default: str) -> str:
        places = ((intent, slot), (intent, "*"), ("*", "*"))
        found = (attributes.get(f"x-amz-lex:dtmf:{name}:{one}:{other}") for one, other in places)
        return next((value for value in found if value is not None), default)

    end, deletion = setting("end-character", "#"), setting("deletion-character", "*")
    longest = setting("max-length", str(MOST_KEYS))
    limit = int(longest) if longest.isdecimal() else MOST_KEYS
    taken = ""
    for pressed_key in keys:
        if pressed_key == end:
            break
        taken = "" if pressed_key == deletion else taken + pressed_key
        if len(taken) >= limit:
            break
    return taken


def _check(value: object, shape: str, place: str) -> None:
    found = violations(value, shape_named(shape), place)
    if found:
        raise ValidationFailed(summary(found))
