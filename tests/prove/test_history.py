"""What a turn costs after ten thousand others, and how large the conversation gets."""

from __future__ import annotations

from tests.unit.customers.tables import make_table
from tests.unit.path.caller import KEYS, Caller, Till
from throughline.customers.client import count_calls, dynamodb_client
from throughline.customers.dynamo import DynamoStore


def test_the_ten_thousandth_turn_costs_what_the_tenth_did(dynamodb_endpoint: str) -> None:
    client = dynamodb_client("us-east-1", dynamodb_endpoint, connect_seconds=10, read_seconds=20)
    store = DynamoStore(client, make_table(client), KEYS)
    caller = Caller(store, Till().actions())
    caller.enrol()
    calls = count_calls(client, capacity=True)
    figures: dict[int, tuple[int, int, float, int]] = {}
    largest = 0
    for number in range(1, 10_002):
        before = calls.reads, calls.writes, calls.capacity
        said = "Hours" if number % 3 else "PayFee"
        caller.hears(said, {"amount": "5"} if number % 3 == 0 else None, after=7)
        size = len(store.by_address(caller.address, caller.now)[0].state) if number % 500 == 0 else 0
        largest = max(largest, size)
        if number in (10, 10_001):
            units = calls.capacity - before[2]
            figures[number] = (calls.reads - before[0], calls.writes - before[1], units, size)
    print(
        f"\nreads, writes, units at 10: {figures[10][:3]}, at 10,001: {figures[10_001][:3]}; largest state {largest} B"
    )
    assert figures[10][:2] == figures[10_001][:2] == (1, 1)
    assert largest < 64 * 1024
