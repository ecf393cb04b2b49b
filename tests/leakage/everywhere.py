"""All that a rehearsal keeps: every place in which something that was said could have been left.

Left out, and said so: Secrets Manager (it holds keys), the recorder of raw events (what the customer's own device sent,
in the memory of the page), and what a platform keeps or gives back of what it heard (Lex's session and its readings:
see the README's table of platforms' copies). The inboxes are searched, too: codes are there, and nothing else may be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rehearsal.world import World

KEPT_LINES = 10**6


def listen(world: World) -> None:
    """From now on, keep all the log's lines: the rehearsal itself keeps only the newest."""
    world.functions.logs = type(world.functions.logs)(world.functions.logs, maxlen=KEPT_LINES)


def places(world: World) -> Iterator[tuple[str, str]]:
    """Each place by name, and what is in it as text."""
    if world.records is not None:
        world.records.drain()
    for name in world.cloud.dynamodb.list_tables()["TableNames"]:
        yield f"table {name}", _text(list(items(world, name)))
        arn = world.cloud.dynamodb.describe_table(TableName=name)["Table"].get("LatestStreamArn")
        if arn:
            yield f"stream of {name}", _text(list(stream(world, arn)))
    s3 = world.cloud.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
            for entry in page.get("Contents", ()):
                body = s3.get_object(Bucket=bucket["Name"], Key=entry["Key"])["Body"].read()
                yield f"object {entry['Key']}", entry["Key"] + body.decode("utf-8", "replace")
    yield "logs and metrics", "\n".join(world.functions.logs)
    yield "environments", _text([spec.environment for spec in world.assembly.functions])
    yield "timeline", _text(world.timeline.dump())
    yield "figures", _text(world.figures.dump())
    yield "inboxes", _text(world.post.dump())
    if world.records is not None:
        yield "dead letters", _text(list(world.records.delivery.failed))
    yield "what was asked of AWS", _text([str(asked) for asked in world.asked()])


def items(world: World, table: str) -> Iterator[dict[str, Any]]:
    """All of a table."""
    for page in world.cloud.dynamodb.get_paginator("scan").paginate(TableName=table):
        yield from page["Items"]


def stream(world: World, arn: str) -> Iterator[dict[str, Any]]:
    """All records of a stream."""
    client = world.cloud.client("dynamodbstreams")
    shard = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    begun = client.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    iterator = begun["ShardIterator"]
    while True:
        got = client.get_records(ShardIterator=iterator, Limit=1000)
        yield from (record["dynamodb"] for record in got["Records"])
        iterator = got["NextShardIterator"]
        if len(got["Records"]) < 1000:
            return


def _text(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, default=str, sort_keys=True)
