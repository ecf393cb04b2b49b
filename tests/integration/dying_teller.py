"""A process that confirms one transfer and ends itself, without a word, between two of its steps.

    python -m tests.integration.dying_teller ENDPOINT TABLE LEDGER POINT

Points: 0 before the announcement is written, 1 after it, 2 before the money moves, 3 after it, 4 before the
outcome is written, 5 after it. Any other point: it lives, and prints what the customer hears.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import bank.actions
import compiler
from bank.fake.core import FakeCore
from bank.fake.gateway import FakeCardGateway
from bank_ledger import DynamoLedger
from tests.unit.path.caller import DESK, KEYS, NOW, Troubles
from throughline.conversation import Conversations, Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.client import dynamodb_client
from throughline.customers.dynamo import DynamoStore
from throughline.customers.store import Stored
from throughline.dialogue.action import Action, Call, Outcome
from throughline.dialogue.model import Model
from throughline.rendering import shown
from throughline.turn import Assurance, Heard, InputMode, Turn

DIALOGUE = Path(__file__).resolve().parents[2] / "dialogue"
ADDRESS = Address(AddressKind.WEB, "browser-1")
TRANSFER = {"amount": "25", "from_account": "checking", "to_account": "savings"}


class DyingStore(DynamoStore):
    """Ends the process around its saves."""

    point = -1
    saves = 0

    def save(self, stored: Stored, now: float) -> Stored:
        self.saves += 1
        before, after = {1: (0, 1), 2: (4, 5)}.get(self.saves, (-2, -2))
        _die_at(self.point, before)
        saved = super().save(stored, now)
        _die_at(self.point, after)
        return saved


def teller(endpoint: str, table: str, ledger: str, point: int) -> tuple[Conversations, Model, Troubles]:
    """The path over DynamoDB Local with the reference bank behind it, as one function would have it."""
    client = dynamodb_client("us-east-1", endpoint, connect_seconds=10, read_seconds=20)
    store = DyingStore(client, table, KEYS)
    store.point = point
    model = Model.from_json(compiler.compile_runtime(compiler.load(DIALOGUE)))
    actions = dict(
        bank.actions.actions(FakeCore(DynamoLedger(client, ledger)), FakeCardGateway(DynamoLedger(client, ledger)))
    )
    actions["transfer_money"] = _dying(actions["transfer_money"], point)
    troubles = Troubles()
    path = Conversations(model, store, actions, clock=lambda: NOW, observer=troubles, budget=60)
    return path, model, troubles


def turn(number: int, at: float, heard: Heard, answers: str = "") -> Turn:
    return Turn(
        id=f"t{number}", at=at, channel="desk", session="s1", locale="en_US", mode=InputMode.TEXT, can=DESK,
        heard=(heard,), answers=answers,
    )  # fmt: skip


def says(path: Conversations, model: Model, one: Turn) -> str:
    exchange = path.answer(one, Sender(Assurance.VERIFIED, address=ADDRESS))
    return " ".join(shown(model, exchange.reply, "en_US"))


def enrol(path: Conversations) -> None:
    store: Any = path._store
    stored, link = store.by_address(ADDRESS, NOW)
    store.save(replace(stored, links={link: replace(stored.links[link], assurance=Assurance.VERIFIED)}), NOW)
    store.saves = 0


def _dying(action: Action, point: int) -> Action:
    def run(call: Call) -> Outcome:
        _die_at(point, 2)
        outcome = action.run(call)
        _die_at(point, 3)
        return outcome

    return Action(run, action.settle)


def _die_at(point: int, here: int) -> None:
    if point == here:
        os._exit(9)


def main() -> None:
    """Say yes to the open confirmation."""
    endpoint, table, ledger, point = sys.argv[1:]
    path, model, _ = teller(endpoint, table, ledger, int(point))
    print(says(path, model, turn(2, NOW + 5, Heard("Yes", 0.9))))


if __name__ == "__main__":
    main()
