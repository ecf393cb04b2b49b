"""How the rehearsal brings a stream to its function: what Lambda's event source mapping would do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.filters import FilterError, matches
from rehearsal.functions import FunctionFailed
from rehearsal.stream import Delivery, Mapped, Record, mappings


def record(number: int, sk: str = "conversation") -> Record:
    return {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": str(number), "Keys": {"sk": {"S": sk}}}}


class Reader:
    """A function that takes records; `poison` ones make it fail."""

    def __init__(self, poison: set[str] | None = None, *, partial: bool = False, heals_after: int = 10**6) -> None:
        self.taken: list[str] = []
        self.batches: list[list[str]] = []
        self._poison, self._partial, self._heals_after = poison or set(), partial, heals_after

    def __call__(self, function: str, event: Any) -> Any:
        numbers = [one["dynamodb"]["SequenceNumber"] for one in event["Records"]]
        self.batches.append(numbers)
        sick = len(self.batches) <= self._heals_after
        bad = [number for number in numbers if sick and number in self._poison]
        if bad and not self._partial:
            raise FunctionFailed("ValueError", "bad record")
        self.taken += numbers[: numbers.index(bad[0])] if bad else numbers
        return {"batchItemFailures": [{"itemIdentifier": number} for number in bad]} if self._partial else None


def deliver(invoke: Callable[[str, object], Any], count: int, **settings: Any) -> Delivery:
    delivery = Delivery(Mapped("records", "customers", **settings), invoke, pause=lambda _: None)
    delivery.bring([record(number) for number in range(count)])
    return delivery


def test_records_come_in_order_and_in_batches() -> None:
    reader = Reader()
    delivery = deliver(reader, 5, batch=2)
    assert reader.batches == [["0", "1"], ["2", "3"], ["4"]]
    assert delivery.delivered == 5 and not delivery.failed


def test_a_failed_batch_is_brought_again_until_it_is_taken() -> None:
    reader = Reader({"1"}, heals_after=3)
    delivery = deliver(reader, 2, retries=5)
    assert reader.taken == ["0", "1"] and delivery.tried_again == 3 and not delivery.failed


def test_bisecting_leaves_only_the_bad_record_behind() -> None:
    reader = Reader({"5"})
    delivery = deliver(reader, 8, retries=2, bisects=True)
    assert sorted(reader.taken, key=int) == ["0", "1", "2", "3", "4", "6", "7"]
    [told] = delivery.failed
    assert told.startswith("1 records, 5 to 5")


def test_a_reported_record_and_all_after_it_come_again_and_none_before_it() -> None:
    reader = Reader({"2"}, partial=True, heals_after=1)
    deliver(reader, 4, retries=3, partial=True)
    assert reader.batches == [["0", "1", "2", "3"], ["2", "3"]]
    assert reader.taken == ["0", "1", "2", "3"]


def test_what_fails_for_good_goes_to_the_dead_letters_without_what_was_in_it() -> None:
    reader = Reader({"0"}, partial=True)
    delivery = deliver(reader, 1, retries=2, partial=True)
    assert len(reader.batches) == 3
    assert [*delivery.failed] == ["1 records, 0 to 0: the function reported the records as failed"]


@pytest.mark.parametrize("answer", [{"batchItemFailures": [{"itemIdentifier": ""}]}, {"batchItemFailures": [{}]}, "x"])
def test_an_answer_that_makes_no_sense_fails_the_whole_batch(answer: object) -> None:
    delivery = deliver(lambda *_: answer, 3, retries=0, partial=True)
    assert delivery.delivered == 0 and delivery.failed


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_an_empty_answer_takes_the_whole_batch(answer: object) -> None:
    assert deliver(lambda *_: answer, 3, partial=True).delivered == 3


def test_the_filter_keeps_from_the_function_what_it_did_not_ask_for() -> None:
    reader = Reader()
    pattern = '{"dynamodb":{"Keys":{"sk":{"S":["conversation","hold"]}}}}'
    delivery = Delivery(Mapped("records", "customers", patterns=(pattern,)), reader, pause=lambda _: None)
    delivery.bring([record(1), record(2, "turn#1"), record(3, "hold")])
    assert reader.taken == ["1", "3"]


def test_filter_rules() -> None:
    said = {"a": {"b": "turn#1"}}
    assert matches(said, ['{"a":{"b":[{"prefix":"turn#"}]}}'])
    assert not matches(said, ['{"a":{"b":[{"anything-but":["turn#1"]}]}}'])
    assert matches(said, ['{"a":{"c":[{"exists":false}]}}'])
    with pytest.raises(FilterError, match="numeric"):
        matches(said, ['{"a":{"b":[{"numeric":[">",1]}]}}'])


def test_a_template_without_a_mapping_has_no_stream_to_bring() -> None:
    from rehearsal.resources import Resources

    assert list(mappings(Resources({"S": {"Resources": {}}}))) == []
