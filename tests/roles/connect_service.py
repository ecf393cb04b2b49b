"""Amazon Connect, as far as a function of ours asks it: which flow answers which number, behind the door."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

from rehearsal.lex.http import Request, Response
from rehearsal.lex.server import LexServer
from rehearsal.permissions.door import guarded
from rehearsal.world import World

ATTACHED = re.compile(r"/phone-number/([^/]+)/contact-flow")


@dataclass(slots=True)
class Switchboard:
    """What is attached."""

    url: str = ""
    flows: dict[str, str] = field(default_factory=dict)
    """ARN of a number to the flow's; both as they were given."""


@contextmanager
def connect_service(world: World) -> Iterator[Switchboard]:
    """Where the function finds it (API reference, "AssociatePhoneNumberContactFlow" and its counterpart)."""
    board = Switchboard()

    def handle(request: Request) -> Response:
        path, _, query = request.path.partition("?")
        asked = ATTACHED.fullmatch(path)
        if asked is None:
            return Response(404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, b"{}")
        number = unquote(asked[1])
        if request.method == "PUT":
            board.flows[number] = json.loads(request.body)["ContactFlowId"]
        else:
            assert parse_qs(query)["instanceId"]
            board.flows.pop(number, None)
        return Response(200)

    with LexServer(guarded(world.lex_door, handle)) as server:
        board.url = server.url
        yield board
