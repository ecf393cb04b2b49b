"""A rotation adds a root and loses no address, wherever it is interrupted."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from throughline.customers.keys import parse_keys
from throughline.customers.rotating import Rotation
from throughline.customers.rotation import FOUND_FOR, KEPT, check, rotated
from throughline.errors import StoreError

ROOT = "an invented root of far more than thirty-two letters"
FIRST = json.dumps({"current": "1", "1": ROOT})
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


def after(rotations: int) -> list[str]:
    made = [FIRST]
    for number in range(rotations):
        made.append(rotated(made[-1], f"{ROOT} {number}"))
    return made


def test_a_root_is_read_by_everybody_before_it_is_current() -> None:
    first, second, third = (parse_keys(text).address for text in after(2))
    assert (first.current, second.current, third.current) == ("1", "1", "2")
    assert set(second.keys) == {"1", "2"} and set(third.keys) == {"1", "2", "3"}


@given(st.integers(1, 30))
def test_what_one_version_makes_the_versions_before_and_after_it_find(rotations: int) -> None:
    versions = [parse_keys(text).address for text in after(rotations)]
    for one, next_one in pairwise(versions):
        for maker, finder in ((one, next_one), (next_one, one)):
            assert finder.keys[maker.current] == maker.keys[maker.current]
        assert len(next_one.keys) <= KEPT


def test_the_oldest_root_goes_when_there_are_more_than_are_kept() -> None:
    last = json.loads(after(KEPT + 1)[-1])
    assert [name for name in last if name != "current"] == [str(number) for number in range(3, KEPT + 3)]


def test_an_address_is_found_for_as_many_rotations_as_is_said_and_no_more() -> None:
    versions = [parse_keys(text).address for text in after(3 * KEPT)]
    for number, one in enumerate(versions[: 2 * KEPT]):
        if versions[number + 1].current == one.current:
            continue  # heard from last right before another root became the current one
        there = [one.current in later.keys for later in versions[number:]]
        assert there.index(False) - 1 >= FOUND_FOR
    assert versions[9].current not in versions[9 + FOUND_FOR + 1].keys


def test_names_that_an_operator_chose_stay_and_numbers_go_on() -> None:
    made = json.loads(rotated(json.dumps({"current": "spring", "spring": ROOT, "7": ROOT + "7"}), ROOT + "8"))
    assert made == {"current": "7", "spring": ROOT, "7": ROOT + "7", "8": ROOT + "8"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"current": "3"}, "not known to running functions"),
        ({"1": ROOT + "x"}, "changes a root"),
        ({"2": None}, "current key"),
        ({"1": None}, "drops more|lacks the root"),
        ({"3": "short"}, "not of the form"),
    ],
)
def test_a_version_that_would_lose_addresses_is_refused(changed: dict[str, Any], told: str) -> None:
    *_, before, made = after(2)
    spoilt = {name: value for name, value in {**json.loads(made), **changed}.items() if value is not None}
    with pytest.raises(StoreError, match=told) as refused:
        check(before, json.dumps(spoilt))
    assert ROOT not in str(refused.value)


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        make: Any = boto3.client
        yield make("secretsmanager", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="a")


def secret(client: Any) -> str:
    arn: str = client.create_secret(Name="roots", SecretString=FIRST)["ARN"]
    return arn


def current(client: Any, arn: str) -> dict[str, str]:
    # By its stage: without one, moto gives the version that was current before stages were moved.
    found: dict[str, str] = json.loads(client.get_secret_value(SecretId=arn, VersionStage="AWSCURRENT")["SecretString"])
    return found


def test_all_four_steps_move_the_secret_on(client: Any) -> None:
    arn = secret(client)
    for number in (2, 3):
        rotation = Rotation(client, arn, str(uuid.uuid4()))
        for step in STEPS:
            rotation.step(step)
        assert [*current(client, arn)] == ["current", *map(str, range(1, number + 1))]
    assert current(client, arn)["current"] == "2"
    assert current(client, arn)["1"] == ROOT


@pytest.mark.parametrize("killed_after", range(len(STEPS) + 1))
@pytest.mark.parametrize("from_the_start", [True, False], ids=["from the start", "where it was"])
def test_a_rotation_that_dies_between_two_steps_and_is_repeated_adds_one_root(
    client: Any, killed_after: int, from_the_start: bool
) -> None:
    arn, token = secret(client), str(uuid.uuid4())
    for step in STEPS[:killed_after]:
        Rotation(client, arn, token).step(step)
    assert current(client, arn)["1"] == ROOT, "at every moment, addresses are found"
    for step in STEPS if from_the_start else STEPS[max(0, killed_after - 1) :]:
        Rotation(client, arn, token).step(step)
    assert [*current(client, arn)] == ["current", "1", "2"]
    assert current(client, arn)["1"] == ROOT


def test_a_pending_version_that_somebody_spoilt_is_not_made_current(client: Any) -> None:
    arn, token = secret(client), str(uuid.uuid4())
    spoilt = json.dumps({"current": "2", "2": ROOT + "2"})
    client.put_secret_value(SecretId=arn, ClientRequestToken=token, SecretString=spoilt, VersionStages=["AWSPENDING"])
    rotation = Rotation(client, arn, token)
    rotation.step("createSecret")
    with pytest.raises(StoreError):
        rotation.step("testSecret")
    assert current(client, arn) == json.loads(FIRST)


def test_an_unknown_step_is_refused(client: Any) -> None:
    with pytest.raises(StoreError, match="dropSecret"):
        Rotation(client, secret(client), "token").step("dropSecret")
