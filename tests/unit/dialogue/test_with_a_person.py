"""While a person has the conversation, files that come, and how the assistant comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline.dialogue.engine import decide, hand_back
from throughline.dialogue.state import Frame, State, WithPerson, decode, encode, person_scheme
from throughline.turn import Assurance, Capabilities, Heard, InputMode, Turn

from .library import library

CAN = Capabilities(voice=False, screen=True, transfer=True, secrets=True)
SESSIONS = st.sampled_from(["web:s1", "sms:a.b", "live:c1", "lex:guest:x", "messenger:1"])
ODD = st.text(max_size=12) | st.sampled_from(['"h":[1,"web:x"', 'a","h":[2,"sms:', '\\"h\\":[', "h", "\n", "]"])


def turn(id: str, **given: object) -> Turn:
    base = Turn(
        id=id, at=1000.0, channel="web", session="web:s1", locale="en_US", mode=InputMode.TEXT, can=CAN,
        assurance=Assurance.VERIFIED, link="l1",
    )  # fmt: skip
    return replace(base, **given)  # type: ignore[arg-type]


def lines(state: State, one: Turn) -> tuple[State, list[str], tuple[str, ...]]:
    step = decide(library(), state, one)
    assert step.reply is not None
    return step.state, [line.prompt for line in step.reply.lines], tuple(event.name for event in step.events)


def test_a_file_alone_asks_the_open_question_again_and_is_no_miss() -> None:
    state, _, _ = lines(State(), turn("t1", heard=(Heard("PayFee", 0.9),)))
    for number in range(6):
        state, said, events = lines(state, turn(f"f{number}", attachments=1))
        assert said == ["phrases.no_files", "PayFee.amount.ask"]
        assert "not_understood" not in events
    assert state.person is None
    assert not state.frames[-1].misses


def test_what_is_written_beside_a_file_counts_as_usual() -> None:
    _, said, _ = lines(State(), turn("t1", attachments=2, heard=(Heard("Hours", 0.9),), text="hours"))
    assert said[:2] == ["phrases.no_files", "Hours.answer"]


def test_with_a_person_the_words_are_relayed_and_the_file_is_declined() -> None:
    state = State(person=WithPerson(990.0, "web:s1", "asked", "l1"))
    step = decide(library(), state, turn("t1", text="see this", attachments=1))
    assert step.reply is not None and step.reply.relayed
    assert [line.prompt for line in step.reply.lines] == ["phrases.no_files"]
    assert {event.name for event in step.events} == {"file_declined", "relayed"}


@pytest.mark.parametrize("phrase", ["person_gone", "nobody_there"])
def test_the_assistant_comes_back_with_a_word_of_why(phrase: str) -> None:
    state = State(person=WithPerson(990.0, "web:s1", "asked", "l1"))
    step = hand_back(library(), state, turn("back"), phrase)
    assert step.state.person is None and step.reply is not None
    assert step.reply.lines[0].prompt == f"phrases.{phrase}"


def test_coming_back_does_nothing_by_itself_though_all_was_said() -> None:
    ready = Frame("f1", "RenewLoan", 980.0, 985.0, "web:s1", "l1", "v1", slots={"item": "book", "until": "1970-01-20"})
    state = State(frames=(ready,), person=WithPerson(990.0, "web:s1", "failed", "l1"))
    step = hand_back(library(), state, turn("back"))
    assert step.deed is None and step.reply is not None
    assert [line.prompt for line in step.reply.lines] == ["phrases.person_gone", "phrases.resume_offer"]


@settings(max_examples=200, deadline=None)
@given(st.none() | SESSIONS, ODD, ODD, ODD, st.floats(0, 2e9))
def test_whose_a_conversation_is_can_be_told_without_reading_it(
    session: str | None, reason: str, value: str, link: str, since: float
) -> None:
    frame = Frame("f1", "PayFee", 1.0, 2.0, value, link, "v1", slots={"h": reason, value: value}, misses={"h": (1, 0)})
    person = WithPerson(since, session, reason, link) if session is not None else None
    text = encode(State(sequence=3, frames=(frame,), person=person, aside=(frame,)))
    there = decode(text).person
    assert person_scheme(text) == (there.session.partition(":")[0] if there is not None else "")
