"""The contract's assertions explain themselves, wherever it runs."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    "tests.unit.customers.turns_contract",
    "tests.unit.customers.addresses_contract",
    "tests.unit.customers.relinking_contract",
    "tests.unit.customers.rig",
    "tests.unit.customers.failures",
    "tests.unit.customers.ledger",
)
