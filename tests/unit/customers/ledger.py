"""What the reference bank's ledger must do on any DynamoDB."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

from bank_ledger import DynamoLedger
from tests.unit.customers.tables import Flaky, lost_answer
from throughline.customers.table import BILLING_MODE, LEDGER_PARTITION_KEY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def make_ledger_table(client: DynamoDBClient) -> str:
    """The bank's table as the stack makes it, under a name of its own."""
    name = f"ledger-{uuid4().hex}"
    client.create_table(
        TableName=name,
        BillingMode=BILLING_MODE,
        KeySchema=[{"AttributeName": LEDGER_PARTITION_KEY, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": LEDGER_PARTITION_KEY, "AttributeType": "S"}],
    )
    return name


class LedgerContract:
    """Inherit from it and give fixtures `client` and `table`."""

    def test_a_new_customer_has_no_document(self, client: DynamoDBClient, table: str) -> None:
        assert DynamoLedger(client, table).read("c1") is None

    def test_only_the_version_that_was_read_is_overwritten(self, client: DynamoDBClient, table: str) -> None:
        ledger = DynamoLedger(client, table)
        assert ledger.write("c1", '{"a":1}', 0)
        assert not ledger.write("c1", '{"a":1}', 0)
        assert ledger.read("c1") == ('{"a":1}', 1)
        assert ledger.write("c1", '{"a":2}', 1)
        assert not ledger.write("c1", '{"a":3}', 1)
        assert not ledger.write("c1", '{"a":3}', 7)
        assert not ledger.write("c2", '{"a":3}', 7)
        assert ledger.read("c1") == ('{"a":2}', 2)

    def test_a_write_whose_answer_was_lost_counts_once(self, client: DynamoDBClient, table: str) -> None:
        flaky = Flaky(client)
        ledger = DynamoLedger(flaky, table)  # type: ignore[arg-type]  # Flaky passes all through
        flaky.after.append(lost_answer())
        assert ledger.write("c1", "{}", 0)
        assert ledger.read("c1") == ("{}", 1)

    def test_of_two_alike_writes_at_once_one_is_told_that_it_lost(self, client: DynamoDBClient, table: str) -> None:
        ledger = DynamoLedger(client, table)
        first = DynamoLedger(client, table)
        assert first.write("c1", "{}", 0)
        with ThreadPoolExecutor(1) as pool:
            assert not pool.submit(ledger.write, "c1", "{}", 0).result()
