"""The stand-in for DynamoDB: what reads a table's stream goes on reading whatever becomes of a transaction."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from rehearsal.assembly import REGION
from rehearsal.cloud import CREDENTIALS
from rehearsal.functions import ROOT


@pytest.fixture
def aws() -> Iterator[Any]:
    """Clients by service."""
    process = subprocess.Popen(
        [sys.executable, "-m", "rehearsal.moto_process"],
        cwd=ROOT, env={**os.environ, **CREDENTIALS}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    url = process.stdout.readline().strip()

    def client(service: str) -> Any:
        session = botocore.session.get_session()
        return session.create_client(
            service, region_name=REGION, endpoint_url=url,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )  # fmt: skip

    yield client
    process.stdin.close()
    process.wait(timeout=30)
    process.stdout.close()


def test_a_stream_is_read_on_over_a_transaction_that_failed(aws: Any) -> None:
    table, streams = aws("dynamodb"), aws("dynamodbstreams")
    table.create_table(
        TableName="told", BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )  # fmt: skip
    (stream,) = streams.list_streams(TableName="told")["Streams"]
    (shard,) = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
    where = {"StreamArn": stream["StreamArn"], "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    table.put_item(TableName="told", Item={"pk": {"S": "before"}})
    iterator = streams.get_shard_iterator(**where)["ShardIterator"]
    put = {"TableName": "told", "Item": {"pk": {"S": "within"}}}
    there = {"TableName": "told", "Key": {"pk": {"S": "nobody"}}, "ConditionExpression": "attribute_exists(pk)"}
    with pytest.raises(ClientError):
        table.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": there}])
    table.put_item(TableName="told", Item={"pk": {"S": "after"}})
    records = streams.get_records(ShardIterator=iterator)["Records"]
    assert [record["dynamodb"]["Keys"]["pk"]["S"] for record in records] == ["before", "after"]
    assert table.scan(TableName="told")["Count"] == 2


def test_a_transaction_that_failed_changed_nothing(aws: Any) -> None:
    table = aws("dynamodb")
    table.create_table(
        TableName="kept", BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )  # fmt: skip

    def item(partition: str, sort: str, **more: Any) -> dict[str, Any]:
        return {"pk": {"S": partition}, "sk": {"S": sort}, **more}

    for one in (item("a", "1", deep={"M": {"n": {"N": "1"}}}), item("a", "2"), item("b", "1"), item("c", "1")):
        table.put_item(TableName="kept", Item=one)
    before = table.scan(TableName="kept")["Items"]
    changes: list[dict[str, dict[str, Any]]] = [
        {"Update": {"Key": item("a", "1"), "UpdateExpression": "SET deep.n = :n, m = :n",
                    "ExpressionAttributeValues": {":n": {"N": "2"}}}},
        {"Delete": {"Key": item("a", "2")}},
        {"Put": {"Item": item("b", "2")}},
        {"Put": {"Item": item("d", "1")}},
    ]  # fmt: skip
    failing = {"ConditionCheck": {"Key": item("c", "9"), "ConditionExpression": "attribute_exists(pk)"}}

    def transact(*parts: dict[str, dict[str, Any]]) -> None:
        table.transact_write_items(
            TransactItems=[{kind: {"TableName": "kept", **op} for kind, op in part.items()} for part in parts]
        )

    with pytest.raises(ClientError):
        transact(*changes, failing)
    assert table.scan(TableName="kept")["Items"] == before
    transact(*changes)
    assert table.scan(TableName="kept")["Items"] == [
        item("a", "1", deep={"M": {"n": {"N": "2"}}}, m={"N": "2"}),
        item("b", "1"), item("b", "2"), item("c", "1"), item("d", "1"),
    ]  # fmt: skip
