"""The fake keeps the same contract as the real store."""

from __future__ import annotations

import pytest

from tests.unit.customers.contract import StoreContract
from tests.unit.customers.rig import KEYS, Rig
from throughline.customers.keys import FixedKeys
from throughline.customers.memory import MemoryStore
from throughline.customers.store import CustomerStore


class MemoryRig(Rig):
    """Stores that share one memory."""

    def __init__(self) -> None:
        self.first = MemoryStore(KEYS)

    def store(self, keys: FixedKeys = KEYS) -> CustomerStore:
        return self.first.with_keys(keys)

    def counted(self) -> tuple[int, int]:
        operations = self.first.operations
        seen = (operations.reads, operations.writes)
        operations.reads = operations.writes = 0
        return seen


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def rig(self) -> Rig:
        return MemoryRig()
