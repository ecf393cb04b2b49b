"""Conflicts are noted at both customers, once."""

from __future__ import annotations

from typing import Any

from throughline.customers.conflicts import Dispute, MemoryConflicts
from throughline.customers.dynamo_conflicts import DynamoConflicts

FIRST = Dispute("ca", "cb", "a1.hash", 2_000_000_000.0)
AGAIN = Dispute("cb", "ca", "a1.hash", 2_000_000_060.0)


class Table:
    """Takes transactions of puts, as DynamoDB does."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Any] = {}

    def transact_write_items(self, *, TransactItems: list[Any]) -> None:  # noqa: N803 - the API's name
        for one in TransactItems:
            item = one["Put"]["Item"]
            self.items[item["pk"]["S"], item["sk"]["S"]] = item


def test_a_conflict_stands_at_both_and_a_further_try_is_the_same_one() -> None:
    table = Table()
    conflicts = DynamoConflicts(table, "customers")  # type: ignore[arg-type]  # only this operation is called
    conflicts.note(FIRST)
    conflicts.note(AGAIN)
    assert {pk for pk, _ in table.items} == {"C#ca", "C#cb", "K#open"}
    assert len(table.items) == 3
    assert {item["other"]["S"] for item in table.items.values()} == {"ca", "cb"}


def test_another_address_is_another_conflict() -> None:
    conflicts = MemoryConflicts()
    conflicts.note(FIRST)
    conflicts.note(AGAIN)
    conflicts.note(Dispute("ca", "cb", "a1.other", 2_000_000_000.0))
    assert len(conflicts.noted) == 2
