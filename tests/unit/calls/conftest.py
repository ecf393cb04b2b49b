"""One shop a test."""

from __future__ import annotations

import pytest

from tests.unit.captures.call import Shop


@pytest.fixture
def shop() -> Shop:
    """The store and all behind it."""
    return Shop()
