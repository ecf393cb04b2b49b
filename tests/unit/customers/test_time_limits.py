"""A table that hangs costs a turn no more than its share of the channel's patience."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.customers.rig import KEYS, NOW
from throughline.customers import client, dynamo_calls
from throughline.customers.dynamo import DynamoStore
from throughline.customers.pointer import Pointer
from throughline.errors import StoreUnavailable


@pytest.fixture
def black_hole() -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes every connection and says nothing."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", taken
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in taken:
            connection.close()


def test_one_request_ends_within_two_and_a_half_seconds() -> None:
    longest_try = client.CONNECT_SECONDS + client.READ_SECONDS
    assert max(dynamo_calls.BUDGET, longest_try) + max(dynamo_calls.PAUSE) + longest_try <= 3.0
    assert 2 * client.READ_SECONDS + max(dynamo_calls.PAUSE) <= 2.5


def test_the_clients_own_retries_are_off() -> None:
    config: Any = client.dynamodb_client("eu-west-1").meta.config
    assert config.retries["total_max_attempts"] == 1
    assert (config.connect_timeout, config.read_timeout) == (client.CONNECT_SECONDS, client.READ_SECONDS)


def test_a_table_that_hangs_is_unavailable_after_two_tries(
    black_hole: tuple[str, list[socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    endpoint, taken = black_hole
    store = DynamoStore(client.dynamodb_client("eu-west-1", endpoint), "customers", KEYS)
    with pytest.raises(StoreUnavailable, match="ReadTimeoutError"):
        store.by_pointer(Pointer("c1", "l1", 1), NOW)
    assert len(taken) == 2


def test_a_table_that_is_not_there_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        store = DynamoStore(client.dynamodb_client("eu-west-1", endpoint), "customers", KEYS)
        with pytest.raises(StoreUnavailable, match="EndpointConnectionError"):
            store.by_pointer(Pointer("c1", "l1", 1), NOW)
