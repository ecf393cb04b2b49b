"""The contract's assertions explain themselves, wherever it runs."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    "tests.unit.customers.contract", "tests.unit.customers.failures", "tests.unit.customers.ledger"
)
