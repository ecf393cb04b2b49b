"""The DynamoDB client of the stores: lean to make, quick to give up, and countable.

Made by botocore itself: boto3 adds its resource layer's imports, a sixth of the whole start, to the same
client. Responses come as DynamoDB's own JSON types.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import botocore
import botocore.session
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CONNECT_SECONDS: Final = 0.5
READ_SECONDS: Final = 0.9
"""A healthy table answers within some 10 ms; one that hangs costs two such waits and a pause."""

_ENDPOINT_RULES: Final = "endpoint-rule-set-1"
USER_AGENT: Final = f"throughline botocore/{botocore.__version__}"


def dynamodb_client(
    region: str | None = None,
    endpoint: str | None = None,
    *,
    connections: int = 10,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
) -> DynamoDBClient:
    """A low-level client; region and credentials from the environment unless given.

    It retries nothing: the stores do, once and knowingly (a write that was retried unseen may find itself
    refused by its own first try). `endpoint` is for a local DynamoDB; `connections` is how many
    threads may call at once; longer waits are for tests that crowd an emulator.
    """
    config = Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"total_max_attempts": 1, "mode": "standard"},
        parameter_validation=False,
        tcp_keepalive=True,
        # Botocore composes its own, of some thirty parts, twice a request: a seventh of a request's CPU.
        user_agent=USER_AGENT,
        max_pool_connections=connections,
    )
    session = botocore.session.get_session()
    session.register_component("data_loader", _DynamoDBAlone())
    client = session.create_client("dynamodb", region_name=region, endpoint_url=endpoint, config=config)
    # One attempt is all there is; the machinery that would say so costs a fiftieth of a request's CPU.
    client.meta.events.unregister("needs-retry.dynamodb", unique_id="retry-config-dynamodb")
    return cast("DynamoDBClient", client)


class _DynamoDBAlone(Loader):
    """A loader that spares the client what DynamoDB has no need of.

    botocore looks into the folders of all its services before it loads one: a twentieth of a function's start.
    And it works the service's endpoint rules out anew for every request: a twentieth of a request's CPU.
    Without rules it takes the region's plain endpoint; FIPS and account endpoints, which need them, are not used.
    """

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """The service's model; raises UnknownServiceError for its endpoint rules."""
        if type_name == _ENDPOINT_RULES:
            raise UnknownServiceError(service_name=service_name, known_service_names="")
        return super().load_service_model(service_name, type_name, api_version)

    def list_available_services(self, type_name: str) -> list[str]:
        """The one service that this loader is asked for."""
        del type_name
        return ["dynamodb"]


@dataclass(slots=True)
class Calls:
    """What a client has asked of DynamoDB since `count_calls`."""

    operations: Counter[str] = field(default_factory=Counter)
    """HTTP requests sent by operation name ("GetItem"), retries included."""
    capacity: float = 0.0
    """Capacity units consumed, if they were asked for."""

    @property
    def reads(self) -> int:
        """Requests that only read."""
        return sum(n for name, n in self.operations.items() if name in _READS)

    @property
    def writes(self) -> int:
        """Requests that write."""
        return sum(n for name, n in self.operations.items() if name not in _READS)


_READS: Final = frozenset({"GetItem", "BatchGetItem", "Query"})


def count_calls(client: DynamoDBClient, *, capacity: bool = False) -> Calls:
    """Count this client's requests from now on, for tests and the bench.

    With `capacity`, every request also asks for its consumed capacity, which makes it a little larger.
    """
    calls = Calls()

    def sent(operation_name: str, **_: object) -> None:
        calls.operations[operation_name] += 1

    def ask(params: dict[str, object], **_: object) -> None:
        params.setdefault("ReturnConsumedCapacity", "TOTAL")

    def answered(parsed: dict[str, Any], **_: object) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        for one in consumed if isinstance(consumed, list) else [consumed]:
            calls.capacity += float(one.get("CapacityUnits", 0.0))

    events = client.meta.events
    events.register("request-created.dynamodb.*", sent)
    if capacity:
        events.register("provide-client-params.dynamodb.*", ask)
        events.register("after-call.dynamodb.*", answered)
    return calls
