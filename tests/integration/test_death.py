"""A process dies between any two steps of a transfer: money moves once or not at all, and the customer hears which."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.dying_teller import TRANSFER, enrol, says, teller, turn
from tests.unit.customers.ledger import make_ledger_table
from tests.unit.customers.tables import make_table
from tests.unit.path.caller import NOW
from throughline.customers.client import dynamodb_client
from throughline.turn import Heard

ROOT = Path(__file__).resolve().parents[2]


def transfers(endpoint: str, ledger: str) -> list[str]:
    client = dynamodb_client("us-east-1", endpoint, connect_seconds=10, read_seconds=20)
    items = client.scan(TableName=ledger)["Items"]
    moves = [move for item in items for move in json.loads(item["document"]["S"])["moves"]]
    return [move[3] for move in moves if move[1] == "checking"]


@pytest.mark.parametrize("point", [0, 1, 2, 3, 4, 5])
def test_a_killed_process_moves_money_once_or_not_at_all(dynamodb_endpoint: str, point: int) -> None:
    client = dynamodb_client("us-east-1", dynamodb_endpoint, connect_seconds=10, read_seconds=20)
    table, ledger = make_table(client), make_ledger_table(client)
    path, model, troubles = teller(dynamodb_endpoint, table, ledger, point=-1)
    enrol(path)
    asked = says(path, model, turn(1, NOW, Heard("TransferMoney", 0.9, TRANSFER)))
    assert "$25.00" in asked

    dying = subprocess.run(
        [sys.executable, "-m", "tests.integration.dying_teller", dynamodb_endpoint, table, ledger, str(point)],
        cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'lambdas'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    assert dying.returncode == 9, dying.stderr[-2000:]
    assert dying.stdout == ""
    moved = transfers(dynamodb_endpoint, ledger)
    assert moved == (["25.00"] if point >= 3 else [])

    heard = says(path, model, turn(2, NOW + 60, Heard("Yes", 0.9)))
    if point == 0:
        assert transfers(dynamodb_endpoint, ledger) == ["25.00"], "nothing was announced: this yes is the first"
        return
    assert transfers(dynamodb_endpoint, ledger) == moved, "settling moves nothing"
    done = model.locales["en_US"].prompts["TransferMoney.done"].show
    told_done = any(line.split("{")[0].strip() in heard for line in done)
    assert told_done == bool(moved), heard
    assert troubles.told == []
