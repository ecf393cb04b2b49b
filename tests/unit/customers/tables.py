"""Stores over a DynamoDB of some sort, made and watched for the contract."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import ReadTimeoutError

from tests.unit.customers.rig import KEYS, Rig
from throughline.customers.client import Calls
from throughline.customers.dynamo import DynamoStore
from throughline.customers.keys import FixedKeys
from throughline.customers.store import CustomerStore
from throughline.customers.table import BILLING_MODE, PARTITION_KEY, SORT_KEY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def make_table(client: DynamoDBClient) -> str:
    """A customer table as the stack makes it, under a name of its own."""
    name = f"customers-{uuid4().hex}"
    create_table(client, name)
    return name


def create_table(client: DynamoDBClient, name: str) -> None:
    """A customer table as the stack makes it, under that name."""
    client.create_table(
        TableName=name,
        BillingMode=BILLING_MODE,
        KeySchema=[
            {"AttributeName": PARTITION_KEY, "KeyType": "HASH"},
            {"AttributeName": SORT_KEY, "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": PARTITION_KEY, "AttributeType": "S"},
            {"AttributeName": SORT_KEY, "AttributeType": "S"},
        ],
    )


@dataclass
class Flaky:
    """A client whose next requests fail as told: before they are sent, or after they arrived."""

    client: DynamoDBClient
    turnstile: AbstractContextManager[object] = field(default_factory=nullcontext)
    """Entered by one request at a time where the emulator is not safe for threads."""
    before: list[Exception] = field(default_factory=list)
    """Raised instead of sending, one a request."""
    after: list[Exception] = field(default_factory=list)
    """Raised instead of giving the answer, one a request."""
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """Done after a request arrived, before its answer is given (or lost)."""

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.client, name)

        def call(**request: Any) -> Any:
            if self.before:
                raise self.before.pop(0)
            with self.turnstile:
                answer = method(**request)
            failure = self.after.pop(0) if self.after else None
            if self.meanwhile:
                self.meanwhile.pop(0)()
            if failure is not None:
                raise failure
            return answer

        return call


def lost_answer() -> Exception:
    """What botocore raises when no answer came in time."""
    return ReadTimeoutError(endpoint_url="http://127.0.0.1")


class TableRig(Rig):
    """Stores over one fresh table."""

    def __init__(self, client: DynamoDBClient, calls: Calls, *, threadsafe: bool = True) -> None:
        """`calls` counts for `client`, which many rigs may share, one after the other."""
        self.client = client
        self.table = make_table(client)
        self.flaky = Flaky(client, nullcontext() if threadsafe else threading.Lock())
        self.calls = calls
        calls.operations.clear()

    def store(self, keys: FixedKeys = KEYS) -> CustomerStore:
        return DynamoStore(self.flaky, self.table, keys)  # type: ignore[arg-type]  # Flaky passes all through

    def counted(self) -> tuple[int, int]:
        seen = (self.calls.reads, self.calls.writes)
        self.calls.operations.clear()
        return seen
