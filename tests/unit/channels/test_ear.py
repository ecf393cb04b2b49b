"""What Lex is asked on behalf of the text channels, and what it is never told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.channels.lantern import ODD, event, lantern
from tests.unit.channels.lex_rules import check_recognize_text
from tests.unit.dialogue.talker import Talker
from throughline.channels.ear import Ear
from throughline.dialogue.engine import secret_awaited
from throughline.dialogue.state import State
from throughline.errors import RecogniserUnavailable
from throughline.sealing import seal
from throughline.turn import Heard, Turn


@dataclass
class Lex:
    """Takes requests as Lex would, and answers as told."""

    answer: Mapping[str, Any] | None = None
    """None: it doesn't answer."""
    requests: list[Mapping[str, Any]] = field(default_factory=list)

    def recognize_text(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        check_recognize_text(request)
        self.requests.append(request)
        if self.answer is None:
            raise RecogniserUnavailable("throttled")
        return self.answer


def ear(lex: Lex) -> Ear:
    return Ear(lex, bot="EARBOT0001", alias="EARALIAS01")


def said(text: str, **changes: Any) -> Turn:
    return replace(Talker(lantern()).turn(text=text), **changes)


def test_readings_come_back_best_first() -> None:
    lex = Lex({"interpretations": event("lex", "text_full")["interpretations"]})
    heard = ear(lex).hear(lantern(), State(), said("reserve two maps"))
    assert [reading.intent for reading in heard] == ["Reserve", "RenewLoan", "FallbackIntent"]
    assert heard[0].slots == {"item": "map", "copies": "2"}
    assert lex.requests[0]["botId"] == "EARBOT0001"


def test_lex_is_told_what_was_asked_and_what_is_known() -> None:
    talker = Talker(lantern())
    talker.hears("Reserve", {"item": "map"})
    lex = Lex({})
    assert ear(lex).hear(lantern(), talker.state, said("at the desk")) == ()
    state = lex.requests[0]["sessionState"]
    assert state["dialogAction"] == {"type": "ElicitSlot", "slotToElicit": "pickup"}
    assert state["intent"]["slots"]["item"]["value"]["interpretedValue"] == "map"


def test_a_question_of_another_session_is_not_told() -> None:
    talker = Talker(lantern())
    talker.hears("Reserve", {"item": "map"})
    lex = Lex({})
    ear(lex).hear(lantern(), talker.state, said("at the desk", session="elsewhere"))
    assert "sessionState" not in lex.requests[0]


@settings(max_examples=80, deadline=None)
@given(text=ODD | st.text(min_size=900, max_size=1500), turn_id=ODD, locale=st.sampled_from(["en_US", "xx", ""]))
def test_lex_takes_every_request(text: str, turn_id: str, locale: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    lex = Lex({"interpretations": None})
    turn = said(clean, id=turn_id.encode("utf-8", "replace").decode(), locale=locale)
    assert ear(lex).hear(lantern(), State(), turn) == ()
    assert len(lex.requests) == (1 if clean.strip() else 0)


def test_each_question_has_a_session_that_lex_never_saw() -> None:
    lex = Lex({})
    turn = said("hello")
    for one in (turn, replace(turn, session="s2"), replace(turn, id="t9"), replace(turn, at=turn.at + 1)):
        ear(lex).hear(lantern(), State(), one)
    assert len({request["sessionId"] for request in lex.requests}) == 4


def test_the_answer_to_a_question_for_a_secret_never_reaches_lex() -> None:
    talker = Talker(lantern())
    talker.hears("SetPin", {"purse": "card"})
    reply = talker.hears("Yes")
    assert reply.slot == "new_pin"
    lex = Lex({})
    for text in ("4711", "my pin is 4711", "four seven one one"):
        turn = seal(said(text), secret_awaited(talker.model, talker.state, talker.session))
        ear(lex).hear(lantern(), talker.state, turn)
    assert lex.requests == []


def test_keywords_are_understood_when_lex_does_not_answer() -> None:
    assert ear(Lex()).hear(lantern(), State(), said("When are you OPEN?")) == (Heard("Hours"),)
    with pytest.raises(RecogniserUnavailable):
        ear(Lex()).hear(lantern(), State(), said("reserve two maps"))


@pytest.mark.parametrize("answer", [{}, {"interpretations": 3}, {"interpretations": [None, {}, {"intent": 3}]}])
def test_an_answer_of_another_shape_is_no_reading(answer: Mapping[str, Any]) -> None:
    assert ear(Lex(answer)).hear(lantern(), State(), said("hello")) == ()
