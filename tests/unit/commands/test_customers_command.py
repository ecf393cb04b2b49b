"""The operator's command: signed by whoever is signed in, and its answer passed on as it is."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from commands import customers
from throughline.desk.matrix import ACTS, markdown


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    customers.add(parser.add_subparsers())
    args = parser.parse_args(words)
    status: int = args.run(args)
    return status


@dataclass
class Door:
    """A desk that answers as told and keeps what it was sent."""

    url: str = ""
    status: int = 200
    answer: bytes = b'{"hold": "in force"}'
    bodies: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    found = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.signatures.append(self.headers.get("Authorization", ""))
            found.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(found.status)
            self.end_headers()
            self.wfile.write(found.answer)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "INVENTED")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/desk"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_act_is_asked_for_with_a_signature(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["customers", "hold", "c-1", "--why", "case 4711", "--endpoint", door.url, "--region", "eu-west-1"])
    assert status == 0
    assert door.bodies == [{"act": "hold", "why": "case 4711", "customer": "c-1"}]
    assert "Credential=INVENTED/" in door.signatures[0] and "/eu-west-1/execute-api/aws4_request" in door.signatures[0]
    assert json.loads(capsys.readouterr().out) == {"hold": "in force"}


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("links --phone +12025550143", {"address": {"kind": "phone", "value": "+12025550143"}}),
        ("unlink c-1 --link l --how wrong", {"customer": "c-1", "link": "l", "how": "wrong"}),
        ("merge c-1 --other c-2", {"customer": "c-1", "other": "c-2"}),
        ("split c-1 --undo a", {"customer": "c-1", "undo": "a"}),
        ("timeline c-1 --most 5", {"customer": "c-1", "most": 5}),
        ("export c-1 --fresh", {"customer": "c-1", "fresh": True}),
        ("audit --day 2026-01-01 --person kim", {"day": "2026-01-01", "person": "kim"}),
        ("replay-tombstones", {}),
    ],
)
def test_what_is_said_is_what_is_sent(door: Door, words: str, body: dict[str, Any]) -> None:
    first, *rest = words.split()
    assert main(["customers", first, *rest, "--endpoint", door.url]) == 0
    assert door.bodies == [{"act": first, "why": ""} | body]


def test_a_refusal_is_passed_on(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.status, door.answer = 403, b'{"error": "merge is not for the team agent"}'
    assert main(["customers", "merge", "c-1", "--other", "c-2", "--endpoint", door.url]) == 1
    assert "not for the team" in capsys.readouterr().out


def test_what_is_no_desk_is_said(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.answer = b"<html>"
    assert main(["customers", "look", "c-1", "--endpoint", door.url]) == 2
    assert "not the desk" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "word"), [("", "Which desk"), ("http://desk.example/desk", "https"), ("http://127.0.0.1:9/desk", "reached")]
)
def test_a_desk_that_cannot_be_asked_is_said(
    door: Door, url: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["customers", "look", "c-1", "--endpoint", url]) == 2
    assert word in capsys.readouterr().err
    assert not door.bodies


def test_the_matrix_is_printed_without_a_desk(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["customers", "matrix", "--markdown"]) == 0
    assert capsys.readouterr().out.strip() == markdown()
    assert main(["customers", "matrix"]) == 0
    printed = capsys.readouterr().out
    assert all(act in printed for act in ACTS)
