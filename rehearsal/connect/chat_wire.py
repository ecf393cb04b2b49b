"""The wire of Amazon Connect's chats: `connect` as a system calls it, `connectparticipant` as a participant does.

An unmodified AWS SDK with its endpoint overridden talks to `ChatWire.handle`. Requests and answers are checked against
botocore's own service models (both REST-JSON); any other operation is refused by its name, never answered as if it
had worked. A participant shows a token and no signature; a system's calls are the permission door's to judge.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from rehearsal.connect.chat import Entry, moment
from rehearsal.connect.chats import PAGE, Chats, Refused
from rehearsal.lex.http import Request, Response
from rehearsal.lex.shapes import pruned, summary, violations

SYSTEM, PARTICIPANT = "connect", "connectparticipant"
PLAYED: Final = {
    SYSTEM: ("StartChatContact", "StartContactStreaming", "StopContact"),
    PARTICIPANT: (
        "CreateParticipantConnection", "DisconnectParticipant", "GetTranscript", "SendEvent", "SendMessage",
    ),
}  # fmt: skip
LARGEST_ATTRIBUTES: Final = 32_768
"""Bytes of all attributes (API reference, StartChatContact)."""
LONGEST_FIRST: Final = 1_024
"""Characters of a first message (API reference, ChatMessage)."""
_ATTRIBUTE: Final = re.compile(r"[A-Za-z0-9_-]+")
_INVALID: Final = {SYSTEM: "InvalidRequestException", PARTICIPANT: "ValidationException"}
_PATHS: Final = ("/contact/", "/participant/")


@dataclass(frozen=True, slots=True)
class ChatWire:
    """Both services' HTTP face."""

    chats: Chats

    def speaks(self, request: Request) -> bool:
        """Whether the request is for one of these services, so that a port can be shared."""
        return request.path.startswith(_PATHS)

    def handle(self, request: Request) -> Response:
        """Answer one request; what is wrong with it is said as the service says it."""
        path = request.path.split("?", 1)[0]
        try:
            found = _operations().get((request.method, path))
            if found is None:
                why = f"{request.method} {path} isn't played here: write it in rehearsal/connect/chat_wire.py"
                raise Refused("NotRehearsed", why, 501)
            service, operation = found
            told = _told(service, operation, request)
            answer = self._answers(operation.name)(told)
            broken = violations(answer, operation.output_shape, closed=True) if operation.output_shape else []
            if broken:
                raise RuntimeError(f"the stand-in's own answer breaks the model: {summary(broken)}")
            return Response(200, _headers(), json.dumps(answer).encode())
        except Refused as refused:
            body = json.dumps({"Message": str(refused), "message": str(refused)}).encode()
            return Response(refused.status, {**_headers(), "x-amzn-ErrorType": refused.code}, body)

    def _answers(self, operation: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        return {
            "StartChatContact": self._start,
            "StartContactStreaming": self._stream,
            "StopContact": self._stop,
            "CreateParticipantConnection": self._connect,
            "SendMessage": self._say,
            "SendEvent": self._signal,
            "GetTranscript": self._transcript,
            "DisconnectParticipant": self._leave,
        }[operation]

    def _start(self, told: Mapping[str, Any]) -> dict[str, Any]:
        self._here(told)
        for name in ("PersistentChat", "RelatedContactId", "ConnectionTypes", "ChatStreamingConfiguration"):
            if told.get(name):
                raise Refused("NotRehearsed", f"{name} isn't played here: write it in chat_wire.py", 501)
        attributes = told.get("Attributes", {})
        strange = [name for name in attributes if not _ATTRIBUTE.fullmatch(name)]
        if strange:
            raise Refused("InvalidRequestException", f"attributes have letters, digits, - and _ in them, not {strange}")
        if len(json.dumps(attributes, ensure_ascii=False).encode()) > LARGEST_ATTRIBUTES:
            raise Refused("InvalidRequestException", f"attributes have at most {LARGEST_ATTRIBUTES} bytes")
        first = told.get("InitialMessage", {})
        if len(first.get("Content", "")) > LONGEST_FIRST:
            raise Refused("InvalidRequestException", f"a first message has at most {LONGEST_FIRST} characters")
        begun = self.chats.start(
            told["ContactFlowId"], told["ParticipantDetails"]["DisplayName"], attributes=attributes,
            first=first.get("Content", ""), types=frozenset(told.get("SupportedMessagingContentTypes", ())),
            client=told.get("ClientToken", ""),
        )  # fmt: skip
        return {"ContactId": begun.contact, "ParticipantId": begun.participant, "ParticipantToken": begun.token}

    def _stream(self, told: Mapping[str, Any]) -> dict[str, Any]:
        self._here(told)
        topic = told["ChatStreamingConfiguration"]["StreamingEndpointArn"]
        return {"StreamingId": self.chats.stream(told["ContactId"], topic)}

    def _stop(self, told: Mapping[str, Any]) -> dict[str, Any]:
        self._here(told)
        self.chats.stop(told["ContactId"])
        return {}

    def _connect(self, told: Mapping[str, Any]) -> dict[str, Any]:
        types = told.get("Type", [])
        if types != ["CONNECTION_CREDENTIALS"]:
            raise Refused(
                "NotRehearsed", "only CONNECTION_CREDENTIALS are played here: a laptop has no web socket", 501
            )
        token, until = self.chats.connect(told["ParticipantToken"], joins=told.get("ConnectParticipant", False))
        return {"ConnectionCredentials": {"ConnectionToken": token, "Expiry": moment(until)}}

    def _say(self, told: Mapping[str, Any]) -> dict[str, Any]:
        entry = self.chats.say(
            told["ConnectionToken"], told["Content"], told["ContentType"], told.get("ClientToken", "")
        )
        return {"Id": entry.id, "AbsoluteTime": entry.at}

    def _signal(self, told: Mapping[str, Any]) -> dict[str, Any]:
        entry = self.chats.signal(told["ConnectionToken"], told["ContentType"], told.get("Content", ""))
        return {"Id": entry.id, "AbsoluteTime": entry.at}

    def _transcript(self, told: Mapping[str, Any]) -> dict[str, Any]:
        chat, entries = self.chats.transcript(told["ConnectionToken"])
        if told.get("ContactId", chat) != chat:
            raise Refused("NotRehearsed", "the transcript of a persistent chat isn't played here", 501)
        start = told.get("StartPosition") or {}
        page = told.get("MaxResults") or PAGE
        forward = told.get("ScanDirection", "FORWARD" if start else "BACKWARD") == "FORWARD"
        at = _place(entries, start, told.get("NextToken", ""), forward=forward)
        found = entries[at : at + page] if forward else entries[max(0, at - page) : at]
        after = at + len(found) if forward else at - len(found)
        more = after < len(entries) if forward else after > 0
        newest_first = told.get("SortOrder", "ASCENDING") == "DESCENDING"
        items = [entry.told() | {"ContactId": entry.contact} for entry in found]
        answer: dict[str, Any] = {"InitialContactId": chat, "Transcript": items[::-1] if newest_first else items}
        return answer | ({"NextToken": _packed(after)} if more else {})

    def _leave(self, told: Mapping[str, Any]) -> dict[str, Any]:
        self.chats.leave(told["ConnectionToken"])
        return {}

    def _here(self, told: Mapping[str, Any]) -> None:
        if told["InstanceId"] != self.chats.instance:
            why = f"there is no instance {told['InstanceId']} here: give its id, the last part of its ARN"
            raise Refused("ResourceNotFoundException", why, 404)


def _place(entries: tuple[Entry, ...], start: Mapping[str, Any], token: str, *, forward: bool) -> int:
    """Where a page begins (forwards) or ends (backwards). Raises Refused."""
    if token:
        return _unpacked(token)
    if len(start) > 1:
        raise Refused("ValidationException", "a start position has one of Id, AbsoluteTime and MostRecent")
    end = len(entries)
    if "MostRecent" in start:
        place = max(0, end - int(start["MostRecent"]))
    elif "AbsoluteTime" in start:
        place = next((at for at, it in enumerate(entries) if it.at >= start["AbsoluteTime"]), end)
    elif "Id" in start:
        place = next((at for at, it in enumerate(entries) if it.id == start["Id"]), -1)
        if place < 0:
            raise Refused("ValidationException", "no entry of the transcript has the id of the start position")
    else:
        return 0 if forward else end
    return place if forward else min(place + 1, end)


def _packed(place: int) -> str:
    return base64.urlsafe_b64encode(f"from {place}".encode()).decode()


def _unpacked(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("from "))
    except ValueError:
        raise Refused("ValidationException", "NextToken is none of ours") from None


def _told(service: str, operation: OperationModel, request: Request) -> Mapping[str, Any]:
    """The request's members, checked. Raises Refused."""
    shape = operation.input_shape
    try:
        told = json.loads(request.body or b"{}")
    except ValueError:
        told = None
    if not isinstance(told, dict) or shape is None:
        raise Refused(_INVALID[service], "the body is not a JSON object")
    for name, member in shape.members.items():
        if member.serialization.get("location") == "header":
            told[name] = request.headers.get(member.serialization["name"].lower())
            if not told[name]:
                raise Refused("AccessDeniedException", f"{member.serialization['name']} is missing", 403)
    found = violations(told, shape, closed=True)
    if found:
        raise Refused(_INVALID[service], summary(found))
    known: Mapping[str, Any] = pruned(told, shape)
    return known


@cache
def _operations() -> Mapping[tuple[str, str], tuple[str, OperationModel]]:
    """What is played, by method and path."""
    found = {}
    for service, names in PLAYED.items():
        model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
        for name in names:
            operation = model.operation_model(name)
            found[operation.http["method"], operation.http["requestUri"]] = (service, operation)
    return found


def _headers() -> dict[str, str]:
    return {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.uuid4())}
