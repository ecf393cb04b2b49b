"""A restart in the middle, and any conversation at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.speaker import StateFault
from tests.unit.rehearsal.speaker.cafe import Cafe, Word, answers, confirms, elicits, farewell, order

SCRIPT = [elicits("cups", order(drink="tea")), confirms(order(drink="tea", cups="2")), answers(), farewell()]
WORDS = [
    "open corner café",
    "ask corner café for a shot",
    "2",
    "yes",
    "no",
    "mumble",
    "stop",
    "exit",
    "a shot",
    "",
]


def cafe_with_words() -> Cafe:
    cafe = Cafe()
    cafe.knows("a shot", "Order", drink=Word("shot", "espresso", ("espresso",)))
    return cafe


def restarted(cafe: Cafe) -> None:
    state = json.loads(json.dumps(cafe.speaker.dump()))
    cafe.speaker = cafe.new_speaker()
    cafe.speaker.restore(state)


def test_a_restart_in_the_middle_of_a_dialog_changes_nothing() -> None:
    cafe = cafe_with_words()
    cafe.speaker.link_account("token-1")
    cafe.opens(elicits("cups", order(drink="tea")))
    cafe.speaker.silence()
    restarted(cafe)
    assert cafe.speaker.open
    request = cafe.speaker.say("2").request
    assert request["request"]["intent"]["slots"]["drink"]["value"] == "tea"
    assert request["session"]["attributes"] == {"question": "q1"}
    assert request["session"]["user"]["accessToken"] == "token-1"


def test_a_restart_remembers_the_reprompt_and_the_last_request() -> None:
    cafe = cafe_with_words()
    cafe.opens()
    cafe.speaker.silence()
    restarted(cafe)
    cafe.speaker.replay()
    assert cafe.requests[0] == cafe.requests[1]
    cafe.speaker.silence()
    restarted(cafe)
    assert cafe.speaker.silence().request["request"]["reason"] == "EXCEEDED_MAX_REPROMPTS"


@pytest.mark.parametrize(
    "state",
    [
        {}, {"schema": 2}, {"schema": 1}, {"schema": 1, "session": 3, "token": "", "last": ""},
        {"schema": 1, "session": None, "token": None, "last": ""},
        {"schema": 1, "session": {"id": "x", "at": 0, "attributes": []}, "token": "", "last": ""},
    ],
)  # fmt: skip
def test_what_is_no_state_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises(StateFault, match="start anew"):
        Cafe().speaker.restore(state)


Steps = st.lists(
    st.tuples(st.sampled_from([*WORDS, "(silence)", "(wait)", "(replay)"]), st.sampled_from(SCRIPT)),
    max_size=12,
)


def played(steps: list[tuple[str, Any]], *, restarts: bool) -> Cafe:
    cafe = cafe_with_words()
    for said, answer in steps:
        cafe.script = [] if said in ("exit", "(wait)") else [answer]
        if said == "(wait)":
            cafe.now += 400
            cafe.speaker.expire()
        elif said == "(silence)":
            cafe.script = []
            cafe.speaker.silence()
        elif said == "(replay)":
            if not cafe.requests or cafe.requests[-1]["request"]["type"] == "SessionEndedRequest":
                continue
            cafe.speaker.replay()
        elif cafe.speaker.open and said in (*WORDS[:2], ""):
            cafe.script = []
            cafe.speaker.say(said)
        else:
            cafe.speaker.say(said)
        if restarts:
            restarted(cafe)
    return cafe


@given(Steps)
def test_any_conversation_makes_requests_that_hang_together(steps: list[tuple[str, Any]]) -> None:
    cafe = played(steps, restarts=False)
    seen: set[str] = set()
    once = {request["request"]["requestId"]: request for request in cafe.requests}  # replays are the same
    for request in once.values():
        session, inner = request["session"], request["request"]
        assert session["new"] == (session["sessionId"] not in seen)
        seen.add(session["sessionId"])
        if inner["type"] == "IntentRequest" and "dialogState" in inner:
            assert inner["intent"]["name"] == "Order"
            assert set(inner["intent"]["slots"]) == {"drink", "cups", "note"}
        if inner["type"] == "SessionEndedRequest":
            assert inner["reason"] in ("USER_INITIATED", "EXCEEDED_MAX_REPROMPTS")


@given(Steps)
def test_restarts_between_all_steps_change_no_request(steps: list[tuple[str, Any]]) -> None:
    assert played(steps, restarts=False).requests == played(steps, restarts=True).requests
