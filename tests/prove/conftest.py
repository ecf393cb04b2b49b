"""The long proofs: the same properties as everywhere, at lengths that no quick run affords. `make prove`."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.unit.dialogue.walks", "tests.unit.path.exchanges")

from tests.integration.conftest import dynamodb_endpoint, invented_credentials  # noqa: E402

__all__ = ["dynamodb_endpoint", "invented_credentials"]
