"""HTTP as plain values, and which browser pages may call: `handle(Request) -> Response` needs no server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

LOCAL_ORIGIN = re.compile(r"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
METHODS = "DELETE, GET, OPTIONS, POST, PUT"
DEFAULT_HEADERS = (
    "authorization, content-type, x-amz-date, x-amz-security-token, x-amz-content-sha256, x-amz-user-agent, "
    "amz-sdk-invocation-id, amz-sdk-request, response-content-type, responsecontenttype, "
    "x-amz-lex-session-state, x-amz-lex-request-attributes"
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came."""

    method: str
    """GET, POST, …"""
    path: str
    """The raw path, percent-encoded, query string included."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""
    """The whole body."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer."""

    status: int
    """HTTP status."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name."""
    body: bytes = b""
    """The whole body."""


def preflight(request: Request) -> Response:
    """The answer to a browser's OPTIONS: allowed for pages of this machine, bare for all others."""
    wanted = request.headers.get("access-control-request-headers", DEFAULT_HEADERS)
    headers = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": wanted,
        "Access-Control-Allow-Private-Network": "true",
        "Access-Control-Max-Age": "600",
    }
    allowed = headers if _is_local(request) else {}
    return for_browsers(request, Response(204, allowed), ())


def for_browsers(request: Request, response: Response, exposed: Iterable[str]) -> Response:
    """The response with the headers that let a page of this machine read it."""
    if not _is_local(request):
        return response
    headers = {
        **response.headers,
        "Access-Control-Allow-Origin": request.headers["origin"],
        "Vary": "Origin",
    }
    if names := ", ".join(exposed):
        headers["Access-Control-Expose-Headers"] = names
    return replace(response, headers=headers)


def _is_local(request: Request) -> bool:
    return LOCAL_ORIGIN.fullmatch(request.headers.get("origin", "")) is not None
