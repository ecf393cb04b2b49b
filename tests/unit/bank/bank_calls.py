"""Calls as the engine would make them, and a core banking system without faults to make them on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bank.actions import actions
from bank.fake import FakeCore
from bank.fake.gateway import FakeCardGateway
from bank.ledger import MemoryLedger
from throughline.dialogue.action import Actions, Assurance, Call, Sealed

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC).timestamp()
"""A Friday."""
DAY = 24 * 3600.0


def call(
    slots: Mapping[str, str] | None = None,
    *,
    key: str = "k1",
    customer: str = "cust-1",
    now: float = NOW,
    secret: str | None = None,
    assurance: Assurance = Assurance.VERIFIED,
) -> Call:
    """A call with a second to go, verified unless said otherwise."""
    return Call(
        intent="Any",
        slots=slots or {},
        customer=customer,
        assurance=assurance,
        key=key,
        now=now,
        deadline=now + 1,
        locale="en_US",
        secret=None if secret is None else Sealed(secret),
    )


def calm_bank() -> tuple[Actions, FakeCore, MemoryLedger]:
    """The actions over a fresh core without latency or faults, the core, and its ledger."""
    ledger = MemoryLedger()
    core = FakeCore(ledger)
    return actions(core, FakeCardGateway(ledger)), core, ledger
