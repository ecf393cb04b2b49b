"""moto as a process of its own, on a free port of 127.0.0.1: prints its URL, ends when standard input does.

A process and not a thread: moto keeps one world for all of a process, and shares its interpreter's time.
"""

from __future__ import annotations

import copy
import logging
import sys

from moto.dynamodb.models.table import StreamShard
from moto.server import ThreadedMotoServer


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
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(f"http://{host}:{port}", flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
