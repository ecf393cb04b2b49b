"""moto as a process of its own, on a free port of 127.0.0.1: prints its URL, ends when standard input does.

A process and not a thread: moto keeps one world for all of a process, and shares its interpreter's time. The
door that checks functions' permissions is in the same process, so that it costs no further way. What time it is
here can be moved on, since a sign-in bears its time.
"""

from __future__ import annotations

import copy
import logging
import sys
import time
from collections.abc import Callable, Iterable
from threading import Lock, Thread
from typing import Any

from moto.dynamodb.models.table import StreamShard
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from rehearsal.moto_clock import CLOCK
from rehearsal.permissions.door import Application, Door, GuardedApplication


def _copy_of_a_stream(shard: StreamShard, memo: dict[int, object]) -> StreamShard:
    """Moto copies a table with its whole stream before every transaction; records never change, their list does."""
    copied: StreamShard = object.__new__(StreamShard)
    memo[id(shard)] = copied
    copied.__dict__.update(vars(shard), table=copy.deepcopy(shard.table, memo), items=list(shard.items))
    return copied


class Moved:
    """An application whose process's time is moved on by a PUT of the seconds, and which does one thing at a time.

    moto copies a table before a transaction, and fails where somebody else writes meanwhile.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._one_at_a_time = Lock()
        self._ahead = 0.0
        laptop = time.time
        time.time = lambda: laptop() + self._ahead

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] != CLOCK:
            with self._one_at_a_time:
                return list(self._application(environ, start_response))
        self._ahead = float(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


def main() -> None:
    """Serve until standard input ends."""
    StreamShard.__deepcopy__ = _copy_of_a_stream  # type: ignore[attr-defined]  # moto has no hook for it
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = Moved(GuardedApplication(DomainDispatcherApplication(create_backend_app), Door()))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
