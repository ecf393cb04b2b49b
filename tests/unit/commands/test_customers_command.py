"""The operator's command: signed by whoever is signed in, and its answer passed on as it is."""

from __future__ import annotations

import argparse
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from commands import customers
from commands import main as whole_command
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
        (
            "note c-1 --kind consent --key text.offers --value given",
            {"customer": "c-1", "fact": {"kind": "consent", "key": "text.offers", "value": "given"}},
        ),
        (
            "note c-1 --kind name --take-back --link l-1",
            {"customer": "c-1", "fact": {"kind": "name", "key": "", "value": ""}, "link": "l-1"},
        ),
        ("audit --day 2026-01-01 --person kim", {"day": "2026-01-01", "person": "kim"}),
        ("replay-tombstones", {}),
        ("finish-erasures", {}),
        ("conflicts --most 5", {"most": 5}),
        ("look c-1 --link l --session s", {"customer": "c-1", "link": "l", "session": "s"}),
    ],
)
def test_what_is_said_is_what_is_sent(door: Door, words: str, body: dict[str, Any]) -> None:
    first, *rest = words.split()
    assert main(["customers", first, *rest, "--endpoint", door.url]) == 0
    assert door.bodies == [{"act": first, "why": ""} | body]


def test_a_refusal_is_passed_on(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.status, door.answer = 403, b'{"error": "merge is not for the team agent"}'
    assert main(["customers", "merge", "c-1", "--other", "c-2", "--endpoint", door.url]) == 1
    told = capsys.readouterr()
    assert "not for the team" in told.out and "Choose its profile" in told.err


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


def test_every_act_of_the_matrix_is_told_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        whole_command(["customers", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    for act in ACTS.values():
        assert f"{act.name} {act.what} ({', '.join(sorted(act.teams))})" in told


def test_the_whole_command_line_has_it(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    assert whole_command(["customers", "hold", "c-1", "--why", "case 4711", "--endpoint", door.url]) == 0
    assert json.loads(capsys.readouterr().out) == {"hold": "in force"}


ONE = '{"addresses": [{"kind": "phone", "value": "+12025550143"}]}'
MADE, KNOWN = (200, {"introduction": "made", "customer": "c-1"}), (200, {"introduction": "known", "customer": "c-1"})


@dataclass
class Desk:
    """Answers in turn, the last one for ever, and keeps what it was asked."""

    answers: list[tuple[int, Any]]
    asked: list[dict[str, Any]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def __call__(self, request: dict[str, Any]) -> tuple[int, Any]:
        self.asked.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def introduce(self, *lines: str) -> customers.Introduced:
        return customers.introduce(lines, "our records", self, self.pauses.append)


def test_each_line_is_introduced_and_the_report_has_what_came_of_it() -> None:
    clash = (409, {"error": "two", "conflicts": ["k1"], "customers": ["c-1", "c-2"]})
    added = (200, {"introduction": "added", "left": [{"fact": "name", "because": "said otherwise"}]})
    desk = Desk([MADE, KNOWN, clash, added, (400, {"error": "address 1: that is no phone"}), MADE])
    done = desk.introduce(ONE, ONE, "", ONE, ONE, ONE, "{", ONE)
    assert (done.made, done.added, done.known, done.status) == (2, 1, 1, 1)
    assert done.conflicts == [{"line": 4, "customers": ["c-1", "c-2"], "conflicts": ["k1"]}]
    assert done.left == [{"line": 5, "fact": "name", "because": "said otherwise"}]
    assert [bad["line"] for bad in done.bad] == [6, 7] and "no phone" in done.bad[0]["why"]
    assert desk.asked[0] == {"act": "introduce", "why": "our records", **json.loads(ONE)}


@pytest.mark.parametrize(
    "line",
    [
        "[]", "5", "{", '"x"', "{}", '{"facts": []}', "+12025550143",
        '{"addresses": [], "act": "erase", "customer": "c-1"}', '{"addresses": [], "why": "no reason"}',
        json.dumps({"addresses": [], "facts": ["x" * 20_000]}),
    ],
)  # fmt: skip
def test_a_line_that_is_no_customer_is_not_sent_and_not_repeated(line: str) -> None:
    desk = Desk([MADE])
    done = desk.introduce(line, ONE)
    assert (done.made, done.status, len(desk.asked)) == (1, 1, 1)
    assert done.bad[0]["line"] == 1 and done.bad[0]["why"] and "0143" not in done.bad[0]["why"]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_is_waited_for(status: int) -> None:
    desk = Desk([(status, {"message": "no"}), (status, {"message": "no"}), MADE])
    assert desk.introduce(ONE).made == 1 and len(desk.pauses) == 2
    done = Desk([(status, {"message": "no"})]).introduce(ONE, ONE)
    assert [bad["line"] for bad in done.bad] == [1, 2] and "try again" in done.bad[0]["why"]


def test_who_may_not_is_told_once() -> None:
    desk = Desk([MADE, (403, {"message": "Forbidden"})])
    done = desk.introduce(ONE, ONE, ONE)
    assert (done.made, done.status, len(desk.asked)) == (1, 1, 2)
    assert done.stopped["line"] == 2 and "matrix" in done.stopped["why"]


def test_a_desk_that_is_lost_on_the_way_stops_it_and_says_how_to_go_on() -> None:
    def lost(request: dict[str, Any]) -> tuple[int, Any]:
        raise customers.CannotAsk("The desk can't be reached (TimeoutError): check its URL, then try again.")

    done = customers.introduce([ONE, ONE], "w", lost)
    assert done.stopped["line"] == 1 and "run the file again" in done.stopped["why"] and done.status == 1


def test_a_file_is_introduced_line_by_line(door: Door, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    door.answer = b'{"introduction": "made"}'
    file = tmp_path / "people.jsonl"
    file.write_text(f"\ufeff{ONE}\r\n{ONE}\r\n", "utf-8")
    words = ["customers", "introduce", "--file", str(file), "--why", "w", "--endpoint", door.url]
    assert main(words) == 0
    assert len(door.bodies) == 2 and door.bodies[0]["act"] == "introduce"
    assert json.loads(capsys.readouterr().out) == {
        "made": 2, "added": 0, "known": 0, "conflicts": [], "bad": [], "left": [],
    }  # fmt: skip


def test_people_are_read_from_standard_input(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(ONE))
    assert main(["customers", "introduce", "--file", "-", "--why", "w", "--endpoint", door.url]) == 0
    assert len(door.bodies) == 1


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_said(
    door: Door, tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.jsonl"
    if content is not None:
        file.write_bytes(content)
    assert main(["customers", "introduce", "--file", str(file), "--why", "w", "--endpoint", door.url]) == 2
    assert "UTF-8" in capsys.readouterr().err and not door.bodies
