"""One DynamoDB Local for the whole run (with pytest-xdist, for each worker that comes to need it)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite(
    "tests.unit.customers.turns_contract",
    "tests.unit.customers.addresses_contract",
    "tests.unit.customers.relinking_contract",
    "tests.unit.customers.rig",
    "tests.unit.customers.failures",
    "tests.unit.customers.ledger",
)

from tests.integration.dynamodb_local import running  # noqa: E402


@pytest.fixture(scope="session")
def dynamodb_endpoint() -> Iterator[str]:
    """URL of a DynamoDB Local that is ready."""
    with running() as endpoint:
        yield endpoint


@pytest.fixture(scope="session", autouse=True)
def invented_credentials() -> Iterator[None]:
    """DynamoDB Local takes any credentials, but a client won't sign without some."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "invented")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "invented")
        environment.delenv("AWS_SESSION_TOKEN", raising=False)
        environment.delenv("AWS_PROFILE", raising=False)
        yield
