"""Port 8701: AWS's own protocols. Lex Runtime V2, carriers of codes and chats are answered here, all else is moto's."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from rehearsal.lex.http import Request, Response
from rehearsal.moto_paths import CLOCK, WRITTEN
from rehearsal.permissions.door import CONTROL
from rehearsal.post import PostWire
from rehearsal.relays import ChatDoor

_OWN = (CONTROL, CLOCK, WRITTEN, "/moto-api")
"""Where the stand-ins themselves are governed: no AWS service answers there, and a web page could ask."""
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host", "te", "upgrade"})


def gateway(
    lex: Callable[[Request], Response], post: PostWire, chats: ChatDoor, other: str
) -> Callable[[Request], Response]:
    """A handler that gives Lex its paths, messages to `post`, chats to `chats`, all else to the server at `other`."""
    place = urlsplit(other)

    def handle(request: Request) -> Response:
        if request.path.startswith("/bots/") or request.method == "OPTIONS":
            return lex(request)
        if post.speaks(request):
            return post.handle(request)
        if chats.speaks(request):
            return chats.handle(request)
        if unquote(urlsplit(request.path).path).startswith(_OWN):
            return Response(404, {"Content-Type": "text/plain"}, b"no AWS service answers here")
        return _passed_on(request, place.hostname or "127.0.0.1", place.port or 80)

    return handle


def _passed_on(request: Request, host: str, port: int) -> Response:
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
        connection.request(request.method, request.path, body=request.body, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        kept = {n: v for n, v in answer.getheaders() if n.lower() not in _HOP_BY_HOP}
        return Response(answer.status, kept, body)
    except OSError:
        return Response(503, {"Content-Type": "text/plain"}, b"the stand-in for this service does not answer")
    finally:
        connection.close()
