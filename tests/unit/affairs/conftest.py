"""What the tests of the own actions share."""

from __future__ import annotations

import pytest

from tests.unit.affairs.clerk import Clerk


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()
