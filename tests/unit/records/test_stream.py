"""Stream records as the table writes them; what is damaged is told, and stops nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from throughline.records.dynamo_stream import changed, sequence_of
from throughline.records.following import ConversationChanged, HoldChanged
from throughline.records.transcript import Damaged

CONVERSATION = {
    "pk": {"S": "C#c1"}, "sk": {"S": "conversation"}, "version": {"N": "2"}, "nonce": {"S": "n"},
    "expires": {"N": "9"}, "links": {"S": '{"l1":[1,2,"code",5.0,"a1.h",9,"phone"]}'}, "state": {"S": ""},
    "turn": {"S": ""}, "mark": {"S": "m"},
}  # fmt: skip


def told(sort: str, new: Any = None, old: Any = None, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "ApproximateCreationDateTime": 1_700_000_000,
        "Keys": {"pk": {"S": "C#c1"}, "sk": {"S": sort}},
        "SequenceNumber": "111",
    }
    body |= {name: image for name, image in (("NewImage", new), ("OldImage", old)) if image is not None}
    return {"eventName": "MODIFY", "dynamodb": body} | more


def test_a_conversations_images_are_read() -> None:
    found = changed(told("conversation", CONVERSATION, CONVERSATION))
    assert isinstance(found, ConversationChanged)
    assert found.new is not None and found.new.mark == "m" and found.new.links["l1"].kind == "phone"
    assert found.old is not None and found.at == 1_700_000_000 and not found.expired


def test_what_the_sweeper_removes_is_told_apart() -> None:
    sweeper = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    found = changed(told("conversation", None, CONVERSATION, userIdentity=sweeper))
    assert isinstance(found, ConversationChanged) and found.new is None and found.expired


def test_a_hold_is_read_and_its_removal_is_nothing() -> None:
    hold = {"by": {"S": "p"}, "why": {"S": "w"}, "at": {"N": "5"}, "released": {"N": "6"}}
    found = changed(told("hold", hold))
    assert isinstance(found, HoldChanged) and not found.hold.holds
    assert changed(told("hold", None, hold)) is None


@pytest.mark.parametrize("sort", ["export", "erasure-wanted", "conflict#1", "link"])
def test_what_is_no_conversation_needs_nothing(sort: str) -> None:
    assert changed(told(sort, {"x": {"S": "y"}})) is None


@pytest.mark.parametrize("broken", ["links", "version", "state", "nonce", "expires"])
def test_a_damaged_image_is_told_and_quotes_nothing(broken: str) -> None:
    image = {**CONVERSATION, broken: {"S": "secret {"}}
    if broken == "state" or broken == "nonce":
        del image[broken]
    with pytest.raises(Damaged) as problem:
        changed(told("conversation", image))
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize("record", [{}, {"dynamodb": None}, {"dynamodb": {"Keys": {}}}, {"dynamodb": []}])
def test_a_record_of_another_form_is_damaged(record: Any) -> None:
    with pytest.raises(Damaged):
        changed(record)
    assert sequence_of(record) == ""
