"""What the DynamoDB store must make of a table that fails: lost answers, throttling, foreign items."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, NoCredentialsError

from tests.unit.customers.rig import NOW, PHONE, met
from tests.unit.customers.tables import TableRig, lost_answer
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.store import Conflict
from throughline.errors import StoreError, StoreUnavailable


def refusal(code: str, status: int = 400) -> ClientError:
    return client_error({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}})


def client_error(response: Any) -> ClientError:
    return ClientError(response, "AnyOperation")


def name(failure: Exception) -> str:
    return failure.response["Error"]["Code"] if isinstance(failure, ClientError) else type(failure).__name__


PASSING = [
    refusal("ProvisionedThroughputExceededException"),
    refusal("ThrottlingException"),
    refusal("InternalServerError", 500),
    refusal("Unheard", 503),
    refusal("TransactionConflictException"),
    ConnectTimeoutError(endpoint_url="http://127.0.0.1"),
    EndpointConnectionError(endpoint_url="http://127.0.0.1"),
    lost_answer(),
]


class FailureContract:
    """Inherit from it and give a fixture `rig`."""

    def test_a_write_whose_answer_was_lost_is_known_by_its_nonce(self, rig: TableRig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        rig.counted()
        rig.flaky.after.append(lost_answer())
        again = store.save(replace(saved, state='"once"'), NOW)
        assert rig.counted() == (0, 2)
        assert again.version == 2
        assert store.by_pointer(pointer, NOW) == again

    def test_a_first_contact_whose_answer_was_lost_counts_as_done(self, rig: TableRig) -> None:
        store = rig.store()
        fresh, link = store.by_address(PHONE, NOW)
        rig.flaky.after.append(lost_answer())
        saved = store.save(fresh, NOW)
        assert store.by_address(PHONE, NOW) == (saved, link)
        assert saved.version == 1

    def test_a_lost_answer_overtaken_by_another_turn_is_a_conflict(self, rig: TableRig) -> None:
        store = rig.store()
        saved, pointer = met(store)

        def another() -> None:
            stored = store.by_pointer(pointer, NOW)
            assert stored is not None
            assert stored.state == '"mine"'
            store.save(replace(stored, state='"both"'), NOW)

        rig.flaky.after.append(lost_answer())
        rig.flaky.meanwhile.append(another)
        with pytest.raises(Conflict) as conflict:
            store.save(replace(saved, state='"mine"'), NOW)
        assert conflict.value.fresh.state == '"both"'

    @pytest.mark.parametrize("failure", PASSING, ids=name)
    def test_a_passing_failure_is_tried_once_more(self, rig: TableRig, failure: Exception) -> None:
        store = rig.store()
        saved, pointer = met(store)
        rig.flaky.before.append(failure)
        assert store.by_pointer(pointer, NOW) == saved
        rig.flaky.before.append(failure)
        assert store.save(saved, NOW).version == 2

    @pytest.mark.parametrize("failure", PASSING, ids=name)
    def test_a_lasting_failure_makes_the_store_unavailable(self, rig: TableRig, failure: Exception) -> None:
        store = rig.store()
        saved, pointer = met(store)
        rig.flaky.before += [failure, failure]
        with pytest.raises(StoreUnavailable):
            store.by_pointer(pointer, NOW)
        rig.flaky.before += [failure, failure]
        with pytest.raises(StoreUnavailable):
            store.save(saved, NOW)

    @pytest.mark.parametrize("failure", [refusal("AccessDeniedException"), NoCredentialsError()], ids=name)
    def test_a_mistake_in_the_set_up_is_not_tried_again(self, rig: TableRig, failure: Exception) -> None:
        store = rig.store()
        _, pointer = met(store)
        rig.flaky.before.append(failure)
        with pytest.raises(StoreError) as error:
            store.by_pointer(pointer, NOW)
        assert not isinstance(error.value, StoreUnavailable)

    def test_a_transaction_that_met_another_is_tried_again(self, rig: TableRig) -> None:
        store = rig.store()
        fresh, _ = store.by_address(PHONE, NOW)
        met_another = client_error(
            {
                "Error": {"Code": "TransactionCanceledException"},
                "CancellationReasons": [{"Code": "TransactionConflict"}, {"Code": "None"}],
            }
        )
        rig.flaky.before.append(met_another)
        assert store.save(fresh, NOW).version == 1

    def test_a_conversation_removed_while_a_turn_ran_is_not_brought_back(self, rig: TableRig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        key = {"pk": {"S": f"C#{saved.customer}"}, "sk": {"S": "conversation"}}
        rig.client.delete_item(TableName=rig.table, Key=key)
        with pytest.raises(StoreUnavailable, match="begin anew"):
            store.save(saved, NOW)
        assert store.by_pointer(pointer, NOW) is None

    def test_an_item_of_another_schema_is_named_as_such(self, rig: TableRig) -> None:
        store = rig.store()
        saved, pointer = met(store)
        item = {"pk": {"S": f"C#{saved.customer}"}, "sk": {"S": "conversation"}, "version": {"N": "1"}}
        rig.client.put_item(TableName=rig.table, Item=item)
        with pytest.raises(StoreError, match="schema"):
            store.by_pointer(pointer, NOW)

    def test_an_address_stands_in_its_edge_alone_and_only_if_it_is_written_to(self, rig: TableRig) -> None:
        met(rig.store())
        met(rig.store(), Address(AddressKind.ALEXA, "amzn1.ask.account.5550143"))
        items = rig.client.scan(TableName=rig.table)["Items"]
        reached = [item.pop("reach") for item in items if "reach" in item]
        assert reached == [{"S": "+12025550143"}]
        assert "5550143" not in str(items)
