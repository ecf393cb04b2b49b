"""AWS's rest-json protocol for one service, derived from botocore's model of it: routes, locations, errors.

Requests are read and replies written by the shapes alone, so a new member of the service needs no code here.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from botocore.model import OperationModel, Shape, StructureShape

from rehearsal.lex.errors import BodyTooLarge, LexError, NotFound, UnreadableBody, ValidationFailed
from rehearsal.lex.http import Request, Response
from rehearsal.lex.shapes import pruned, service_model, summary, violations
from rehearsal.lex.values import Json

LARGEST_BODY = 1024 * 1024
"""Bytes; the stand-in's own bound (no text request comes near it)."""
LARGEST_MEMBER = 256 * 1024
"""Bytes of a decompressed header member; the stand-in's own bound."""


class UnshapedReply(Exception):
    """The stand-in was about to send what the service could not: a bug of the stand-in."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation's address."""

    operation: OperationModel
    """As botocore describes it."""
    pattern: re.Pattern[str]
    """Of the raw path, with a group for each label."""


@lru_cache(maxsize=1)
def routes() -> tuple[Route, ...]:
    """All operations of the service."""
    service = service_model()
    found = []
    for name in service.operation_names:
        operation = service.operation_model(name)
        template = re.escape(operation.http["requestUri"])
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", template)
        found.append(Route(operation, re.compile(pattern)))
    return tuple(found)


def route_of(request: Request, known: tuple[Route, ...]) -> tuple[OperationModel, dict[str, str]]:
    """The operation that the request addresses and the labels of its path; raises NotFound."""
    path = request.path.split("?", 1)[0]
    for route in known:
        match = route.pattern.fullmatch(path)
        if match and route.operation.http["method"] == request.method:
            return route.operation, {name: unquote(value) for name, value in match.groupdict().items()}
    raise NotFound(f"Lex Runtime V2 has no operation at {request.method} {path[:200]}")


def read_input(operation: OperationModel, labels: Mapping[str, str], request: Request) -> Json:
    """The operation's input, checked; raises UnreadableBody, BodyTooLarge or ValidationFailed."""
    if len(request.body) > LARGEST_BODY:
        raise BodyTooLarge(f"The request body is larger than {LARGEST_BODY} bytes.")
    shape = operation.input_shape
    assert shape is not None
    payload = shape.serialization.get("payload")
    members: Json = {} if payload else _json_members(request.body)
    if payload:
        members[payload] = request.body
    for name, member in shape.members.items():
        match member.serialization.get("location"):
            case "uri":
                members[name] = labels[member.serialization["name"]]
            case "header":
                members[name] = request.headers.get(member.serialization["name"].lower())
    try:
        found = violations(members, shape)
    except RecursionError as error:
        raise UnreadableBody("The request body is nested too deeply.") from error
    if any(each.of_type for each in found):
        raise UnreadableBody("; ".join(str(each) for each in found if each.of_type))
    if found:
        raise ValidationFailed(summary(found))
    return dict(pruned(members, shape))


def write_output(operation: OperationModel, members: Json, request_id: str) -> Response:
    """The reply, checked against its shape; raises UnshapedReply."""
    shape = operation.output_shape
    assert shape is not None
    check_reply(members, shape, operation.name)
    headers = {"x-amzn-RequestId": request_id}
    payload = shape.serialization.get("payload")
    body: Json = {}
    for name, value in members.items():
        serialization = shape.members[name].serialization
        if serialization.get("location") == "header":
            headers[serialization["name"]] = str(value)
        elif name != payload:
            body[name] = value
    if payload:
        return Response(200, headers, members.get(payload) or b"")
    return Response(200, {"Content-Type": "application/json", **headers}, json.dumps(body).encode())


def write_error(error: LexError, request_id: str) -> Response:
    """The error as rest-json carries it."""
    headers = {
        "Content-Type": "application/json",
        "x-amzn-RequestId": request_id,
        "x-amzn-ErrorType": error.code,
    }
    return Response(error.status, headers, json.dumps({"message": error.message}).encode())


def check_reply(value: Any, shape: Shape, place: str) -> None:
    """Raises UnshapedReply if `value` is not what `shape` allows."""
    found = violations(value, shape, place, closed=True)
    if found:
        raise UnshapedReply(summary(found))


@lru_cache(maxsize=1)
def output_headers() -> tuple[str, ...]:
    """Every header that carries a part of a reply or tells of an error."""
    service = service_model()
    names = {"x-amzn-RequestId", "x-amzn-ErrorType"}
    for name in service.operation_names:
        shape = service.operation_model(name).output_shape
        assert isinstance(shape, StructureShape)
        names |= {
            member.serialization["name"]
            for member in shape.members.values()
            if member.serialization.get("location") == "header"
        }
    return tuple(sorted(names))


def packed(value: Any) -> str:
    """JSON, gzip-compressed and base64-encoded, as Lex puts structures into headers. Stable."""
    return base64.b64encode(gzip.compress(json.dumps(value).encode(), mtime=0)).decode()


def unpacked(text: str, member: str) -> Any:
    """What `packed` packed; raises ValidationFailed naming `member`."""
    try:
        raw = base64.b64decode(text, validate=True)
        reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        plain = reader.decompress(raw, LARGEST_MEMBER)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise ValidationFailed(f"{member} must be JSON, gzip-compressed, then base64-encoded.") from error
    if not reader.eof:
        raise ValidationFailed(f"{member} is cut short or larger than {LARGEST_MEMBER} bytes.")
    return read_json(plain)


def read_json(raw: bytes) -> Any:
    """JSON text; raises UnreadableBody for anything that is not JSON in UTF-8."""
    try:
        value = json.loads(raw.decode(), parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate is no character
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"The request is not valid JSON in UTF-8: {error}") from error
    return value


def _json_members(body: bytes) -> Json:
    value = read_json(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise UnreadableBody("The request body must be a JSON object.")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
