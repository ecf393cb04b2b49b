from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rehearsal.lex.http import Request, Response
from rehearsal.timeline import Recorder


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def recorder_at() -> tuple[Recorder, Hands]:
    hands = Hands()
    return Recorder(hands), hands


def note(recorder: Recorder, hands: Hands, source: str, request: object, *, began: float, ended: float) -> None:
    hands.at = ended
    recorder.note(source, request, {"ok": True}, (ended - began) * 1000)


def sources(recorder: Recorder, turn: Mapping[str, Any]) -> list[str]:
    return [event["source"] for event in recorder.behind(turn)]


def chat(turn: str) -> dict[str, Any]:
    return {"message": {"id": turn}}


def test_a_chat_turn_has_its_message_and_what_lex_was_asked_meanwhile() -> None:
    recorder, hands = recorder_at()
    note(recorder, hands, "Lex RecognizeText", {"body": {}}, began=10.02, ended=10.03)
    note(recorder, hands, "web chat", chat("a"), began=10.0, ended=10.1)
    assert sources(recorder, {"id": "web-a", "at": 10.01}) == ["web chat", "Lex RecognizeText"]


def test_another_persons_turn_at_the_same_moment_is_left_out() -> None:
    recorder, hands = recorder_at()
    note(recorder, hands, "web chat", chat("a"), began=10.0, ended=10.1)
    note(recorder, hands, "web chat", chat("b"), began=10.01, ended=10.09)
    note(recorder, hands, "Alexa → alexa_turn", {"request": {"requestId": "c"}}, began=10.02, ended=10.08)
    assert sources(recorder, {"id": "web-a", "at": 10.03}) == ["web chat"]
    assert sources(recorder, {"id": "c", "at": 10.03}) == ["Alexa → alexa_turn"]


def test_a_lex_turn_is_found_by_its_moment() -> None:
    recorder, hands = recorder_at()
    note(recorder, hands, "Lex → lex_turn", {"bot": {}}, began=10.01, ended=10.05)
    note(recorder, hands, "Connect → Lex (Speech)", {"text": "hello"}, began=10.0, ended=10.06)
    note(recorder, hands, "Lex → lex_turn", {"bot": {}}, began=11.01, ended=11.05)
    assert sources(recorder, {"id": "lex-1", "at": 10.02}) == ["Connect → Lex (Speech)", "Lex → lex_turn"]


def test_a_forgotten_turn_has_no_events() -> None:
    recorder, hands = recorder_at()
    note(recorder, hands, "web chat", chat("a"), began=10.0, ended=10.1)
    assert recorder.behind({"id": "web-z", "at": 900.0}) == []


def test_overhearing_lex_changes_no_answer_and_survives_a_broken_body() -> None:
    recorder, _ = recorder_at()
    answer = Response(200, {}, b'{"sessionId": "s"}')
    handle = recorder.overhearing(lambda _: answer)
    path = "/bots/B/botAliases/A/botLocales/en_US/sessions/s/text"
    assert handle(Request("POST", path, {}, json.dumps({"text": "hi"}).encode())) is answer
    assert handle(Request("POST", path, {}, b"\xff{")) is answer
    assert handle(Request("GET", path.removesuffix("/text"))) is answer
    heard, broken = recorder.since(0)
    assert heard["request"] == {"path": path, "body": {"text": "hi"}}
    assert heard["answer"] == {"sessionId": "s"}
    assert isinstance(broken["request"]["body"], str)
