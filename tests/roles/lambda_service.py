"""Lambda's Invoke, as far as one function of ours asks it of another: the real handler runs, behind the door."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from rehearsal.functions import Functions
from rehearsal.lex.http import Request, Response
from rehearsal.lex.server import LexServer
from rehearsal.permissions.door import guarded
from rehearsal.world import World

INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")


@contextmanager
def lambda_service(world: World, functions: Functions) -> Iterator[str]:
    """Where the functions find it; it decides by the world's roles, and notes what was asked with what they ask of Lex.

    An asynchronous invocation (API reference, "Invoke", InvocationType Event) is answered 202 and nothing else.
    """
    by_alias = {alias: function for function, alias in world.roles.aliases.items()}

    def handle(request: Request) -> Response:
        called = INVOKE.fullmatch(request.path.split("?", 1)[0])
        function = by_alias.get(unquote(called[1])) if called else None
        if function is None or request.headers.get("x-amz-invocation-type") != "Event":
            return Response(404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, b"{}")
        functions.invoke(function, json.loads(request.body))
        return Response(202)

    with LexServer(guarded(world.lex_door, handle)) as server:
        yield server.url
