"""The one path over the store in memory."""

from __future__ import annotations

import pytest

from tests.unit.path.caller import KEYS
from tests.unit.path.exchanges import Costs, PathContract, Rig
from throughline.customers.memory import MemoryStore


@pytest.fixture
def rig() -> Rig:
    store = MemoryStore(KEYS)
    return Rig(store, lambda: Costs(store.operations.reads, store.operations.writes))


class TestOverMemory(PathContract):
    """Every promise."""
