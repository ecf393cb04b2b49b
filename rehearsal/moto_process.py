"""moto as a process of its own, on a free port of 127.0.0.1: prints its URL, ends when standard input does.

A process and not a thread: moto keeps one world for all of a process, and shares its interpreter's time. The
door that checks functions' permissions is in the same process, so that it costs no further way.
"""

from __future__ import annotations

import copy
import logging
import sys
from threading import Thread

from moto.dynamodb.models.table import StreamShard
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from rehearsal.permissions.door import Door, GuardedApplication


def _copy_of_a_stream(shard: StreamShard, memo: dict[int, object]) -> StreamShard:
    """Moto copies a table with its whole stream before every transaction; records never change, their list does."""
    copied: StreamShard = object.__new__(StreamShard)
    memo[id(shard)] = copied
    copied.__dict__.update(vars(shard), table=copy.deepcopy(shard.table, memo), items=list(shard.items))
    return copied


def main() -> None:
    """Serve until standard input ends."""
    StreamShard.__deepcopy__ = _copy_of_a_stream  # type: ignore[attr-defined]  # moto has no hook for it
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = GuardedApplication(DomainDispatcherApplication(create_backend_app), Door())
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
