"""A table's stream, read once for all who follow it: each look costs the stand-in as much as a turn does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

Change = dict[str, Any]
"""A record as GetRecords gives it."""
READ_AT_ONCE: Final = 1_000
"""Records that one read gives at most (botocore dynamodbstreams: GetRecords)."""


class TableStream:
    """Everything that was written to one table, in order; to be asked from any thread."""

    def __init__(self, streams: Any, arn: str) -> None:  # botocore makes its clients' types at run time
        """`streams` is a dynamodbstreams client, `arn` the stream's."""
        self.arn = arn
        self._client = streams
        self._followers: list[deque[Change]] = []
        self._lock = Lock()
        shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
        first = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        self._iterator: str = first["ShardIterator"]

    def follow(self) -> Callable[[], list[Change]]:
        """What gives a follower all that it was not given yet, beginning with what is written from now on."""
        mine: deque[Change] = deque()
        with self._lock:
            self._read()
            self._followers.append(mine)

        def take() -> list[Change]:
            with self._lock:
                self._read()
                given = list(mine)
                mine.clear()
            return given

        return take

    def _read(self) -> None:
        while True:
            got = self._client.get_records(ShardIterator=self._iterator, Limit=READ_AT_ONCE)
            self._iterator = got["NextShardIterator"]
            for follower in self._followers:
                follower.extend(got["Records"])
            if len(got["Records"]) < READ_AT_ONCE:
                return
