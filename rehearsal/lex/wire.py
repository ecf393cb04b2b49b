"""Lex Runtime V2 on the wire: RecognizeText, RecognizeUtterance with text, and the session operations.

An unmodified AWS SDK with its endpoint overridden talks to `LexWire.handle`; signatures are not checked.
What a laptop cannot do is refused in so many words: audio in or out, and StartConversation's event stream.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from rehearsal.lex.errors import LexError, StandInFault, UnreadableBody, ValidationFailed
from rehearsal.lex.event import PLAIN_TEXT, Utterance
from rehearsal.lex.faults import Faults
from rehearsal.lex.http import Request, Response, for_browsers, preflight
from rehearsal.lex.protocol import (
    output_headers,
    packed,
    read_input,
    route_of,
    routes,
    unpacked,
    write_error,
    write_output,
)
from rehearsal.lex.replies import interpretations_json, messages_json, state_json, text_reply
from rehearsal.lex.service import NOTHING, Lex
from rehearsal.lex.session import SessionKey
from rehearsal.lex.shapes import pruned, shape_named, summary, violations
from rehearsal.lex.values import Json, SessionState, read_message, read_session_state

log = logging.getLogger(__name__)

NO_AUDIO = (
    "This rehearsal neither hears nor speaks audio over the Lex protocol: send and ask for "
    f"{PLAIN_TEXT}, or use the rehearsal's own door for speech and keys."
)
NO_STREAM = (
    "StartConversation needs an HTTP/2 event stream, which this rehearsal does not offer: use RecognizeText, "
    "RecognizeUtterance with text, or the rehearsal's own door for speech and keys."
)


class LexWire:
    """The service's HTTP face. `handle` is thread-safe and keeps nothing itself."""

    def __init__(self, lex: Lex, faults: Faults | None = None) -> None:
        self.lex = lex
        self.faults = faults or Faults(clock=lex.clock)
        self._routes = routes()
        self._exposed = output_headers()
        self._operations: dict[str, Callable[[SessionKey, Json], Json]] = {
            "RecognizeText": self._recognize_text,
            "RecognizeUtterance": self._recognize_utterance,
            "PutSession": self._put_session,
            "GetSession": self._get_session,
            "DeleteSession": self._delete_session,
            "StartConversation": self._start_conversation,
        }

    def speaks(self, request: Request) -> bool:
        """Whether the request is for this service, so that a port can be shared with others."""
        path = request.path.split("?", 1)[0]
        return any(route.pattern.fullmatch(path) for route in self._routes)

    def handle(self, request: Request) -> Response:
        """Answers one request; never raises. A bug of the stand-in is logged and answered with status 500."""
        if request.method == "OPTIONS":
            return preflight(request)
        request_id = self.lex.new_id()
        try:
            response = self._answer(request, request_id)
        except LexError as error:
            response = write_error(error, request_id)
        except Exception as error:
            log.exception("the Lex stand-in failed at %s %s", request.method, request.path)
            fault = StandInFault(f"The Lex stand-in has a bug; see its log ({type(error).__name__}).")
            response = write_error(fault, request_id)
        return for_browsers(request, response, self._exposed)

    def _answer(self, request: Request, request_id: str) -> Response:
        operation, labels = route_of(request, self._routes)
        self.faults.before()
        members = dict(labels) if operation.has_event_stream_input else read_input(operation, labels, request)
        key = SessionKey(members["botId"], members["botAliasId"], members["localeId"], members["sessionId"])
        return write_output(operation, self._operations[operation.name](key, members), request_id)

    def _recognize_text(self, key: SessionKey, members: Json) -> Json:
        utterance = Utterance(members["text"], request_attributes=members.get("requestAttributes") or {})
        given = read_session_state(members["sessionState"]) if "sessionState" in members else NOTHING
        outcome = self.lex.recognise(key, utterance, given)
        return text_reply(key, outcome, self.lex.clock())

    def _recognize_utterance(self, key: SessionKey, members: Json) -> Json:
        content_type = members["requestContentType"].replace(" ", "").casefold()
        if content_type.startswith("audio/"):
            raise ValidationFailed(NO_AUDIO)
        if not content_type.startswith("text/plain"):
            raise ValidationFailed(f"Content-Type must be audio or {PLAIN_TEXT}.")
        _refuse_audio(members.get("responseContentType"))
        text = _text(members.get("inputStream") or b"")
        attributes = _packed_member(members, "requestAttributes", "StringMap") or {}
        state = _packed_member(members, "sessionState", "SessionState")
        given = NOTHING if state is None else read_session_state(state)
        outcome = self.lex.recognise(key, Utterance(text, request_attributes=attributes), given)
        session, now = outcome.session, self.lex.clock()
        reply: Json = {
            "inputMode": "Text",
            "contentType": PLAIN_TEXT,
            "inputTranscript": packed(text),
            "sessionState": packed(state_json(session, now)),
            "interpretations": packed(interpretations_json(session)),
            "requestAttributes": packed(dict(outcome.request_attributes)),
            "sessionId": key.session_id,
        }
        if session.messages:
            reply["messages"] = packed(messages_json(session))
        return reply

    def _put_session(self, key: SessionKey, members: Json) -> Json:
        _refuse_audio(members.get("responseContentType"))
        given: SessionState = read_session_state(members["sessionState"])
        messages = tuple(read_message(each) for each in members.get("messages") or ())
        silence = Utterance("", request_attributes=members.get("requestAttributes") or {})
        outcome = self.lex.put(key, given, messages, silence)
        reply: Json = {
            "contentType": PLAIN_TEXT,
            "sessionState": packed(state_json(outcome.session, self.lex.clock())),
            "requestAttributes": packed(dict(outcome.request_attributes)),
            "sessionId": key.session_id,
        }
        if outcome.session.messages:
            reply["messages"] = packed(messages_json(outcome.session))
        return reply

    def _get_session(self, key: SessionKey, members: Json) -> Json:
        session = self.lex.get(key)
        reply: Json = {
            "sessionId": key.session_id,
            "sessionState": state_json(session, self.lex.clock()),
            "interpretations": interpretations_json(session),
        }
        if session.messages:
            reply["messages"] = messages_json(session)
        return reply

    def _delete_session(self, key: SessionKey, members: Json) -> Json:
        self.lex.delete(key)
        return {name: members[name] for name in ("botId", "botAliasId", "localeId", "sessionId")}

    def _start_conversation(self, key: SessionKey, members: Json) -> Json:
        raise ValidationFailed(NO_STREAM)


def _refuse_audio(content_type: str | None) -> None:
    if content_type is None:
        return
    wanted = content_type.replace(" ", "").casefold()
    if wanted.startswith("audio/"):
        raise ValidationFailed(NO_AUDIO)
    if not wanted.startswith("text/plain"):
        raise ValidationFailed(f"The response content type must be {PLAIN_TEXT} or audio.")


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise UnreadableBody("The input text is not UTF-8.") from error
    found = violations(text, shape_named("Text"), "inputStream")
    if found:
        raise ValidationFailed(summary(found))
    return text


def _packed_member(members: Json, name: str, shape: str) -> Json | None:
    if not members.get(name):
        return None
    value = unpacked(members[name], name)
    found = violations(value, shape_named(shape), name)
    if any(each.of_type for each in found):
        raise UnreadableBody("; ".join(str(each) for each in found if each.of_type))
    if found:
        raise ValidationFailed(summary(found))
    return dict(pruned(value, shape_named(shape)))
