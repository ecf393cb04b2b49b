"""The speaker, a trained ear, the real adapter and the real engine: whole conversations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from rehearsal.recogniser import Recogniser, from_alexa
from rehearsal.speaker import Speaker
from tests.unit.rehearsal.speaker.library_skill import INTERACTION_MODEL, SKILL, LibrarySkill

Json = dict[str, Any]


@pytest.fixture(scope="module")
def ear() -> Recogniser:
    return Recogniser.train(from_alexa(INTERACTION_MODEL), today=lambda: date(2026, 11, 22))


@pytest.fixture
def skill() -> Iterator[LibrarySkill]:
    skill = LibrarySkill()
    yield skill
    assert skill.failures == []


@pytest.fixture
def speaker(skill: LibrarySkill, ear: Recogniser) -> Speaker:
    return new_speaker(skill, ear)


def new_speaker(skill: LibrarySkill, ear: Recogniser) -> Speaker:
    return Speaker(
        INTERACTION_MODEL, SKILL, skill, ear=ear, user_id="amzn1.ask.account.READER",
        device_id="amzn1.ask.device.SHELF", locale="en_US", clock=lambda: skill.now, new_id=skill.id,
    )  # fmt: skip


def hear(speaker: Speaker, *texts: str) -> list[str]:
    return [speaker.say(text).speech for text in texts]


def test_a_reservation_from_the_first_word_to_the_deed(speaker: Speaker, skill: LibrarySkill) -> None:
    said = hear(speaker, "Alexa, open lantern library", "I want to reserve a book", "the desk", "north", "two")
    assert "Reserve.pickup.ask" in said[1]
    assert "Reserve.branch.ask" in said[2]
    assert "Reserve.copies.ask" in said[3]
    assert "Reserve.confirm the book the desk the north 2" in said[4]
    assert skill.reserved == {}
    done = speaker.say("yes")
    assert done.request["request"]["intent"]["confirmationStatus"] == "CONFIRMED"
    assert "Reserve.done" in done.speech
    assert list(skill.reserved.values()) == [{"item": "book", "pickup": "desk", "branch": "north", "copies": "2"}]


def test_a_lost_answer_and_its_retry_reserve_once(speaker: Speaker, skill: LibrarySkill) -> None:
    hear(speaker, "ask lantern library to reserve 2 films", "post")
    first = speaker.say("yes")
    again = speaker.replay()
    assert again.speech == first.speech and again.request == first.request
    assert len(skill.reserved) == 1


def test_a_denial_reserves_nothing(speaker: Speaker, skill: LibrarySkill) -> None:
    hear(speaker, "ask lantern library to reserve 2 films", "post", "no")
    assert skill.reserved == {}


def test_a_question_in_the_middle_is_answered_and_the_dialog_goes_on(speaker: Speaker, skill: LibrarySkill) -> None:
    hear(speaker, "open lantern library", "please reserve a map")
    digression = speaker.say("when are you open")
    assert digression.request["request"]["intent"]["name"] == "Hours"
    assert "Hours.answer" in digression.speech and digression.open
    assert "Reserve.copies.ask" in speaker.say("post").speech
    hear(speaker, "one", "yes")
    assert [each["item"] for each in skill.reserved.values()] == ["map"]


def test_help_leaves_the_question_open(speaker: Speaker) -> None:
    hear(speaker, "open lantern library", "please reserve a map")
    helped = speaker.say("help")
    assert helped.open and helped.reprompt
    assert helped.request["request"]["intent"]["name"] == "AMAZON.HelpIntent"


@pytest.mark.parametrize("word", ["stop", "cancel"])
def test_stop_and_cancel_leave_the_skill(speaker: Speaker, word: str) -> None:
    hear(speaker, "open lantern library", "please reserve a map")
    assert not speaker.say(word).open


def test_a_silent_customer_is_asked_once_more_and_the_end_is_heard_by_nobody(speaker: Speaker) -> None:
    hear(speaker, "open lantern library", "please reserve a map")
    again = speaker.silence()
    assert again.open and again.speech
    ended = speaker.silence()
    assert ended.request["request"]["reason"] == "EXCEEDED_MAX_REPROMPTS" and ended.speech == ""


def test_a_session_that_ended_in_the_middle_is_resumed_on_request(speaker: Speaker, skill: LibrarySkill) -> None:
    hear(speaker, "open lantern library", "please reserve a map")
    speaker.exit()
    offer = speaker.say("open lantern library")
    assert offer.open and "doing Reserve" in offer.speech
    hear(speaker, "yes", "post", "one", "yes")
    assert [each["item"] for each in skill.reserved.values()] == ["map"]


def test_a_restart_of_the_speaker_goes_on_in_the_middle(speaker: Speaker, skill: LibrarySkill, ear: Recogniser) -> None:
    hear(speaker, "ask lantern library to reserve 2 films", "post")
    state = json.loads(json.dumps(speaker.dump()))
    restarted = new_speaker(skill, ear)
    restarted.restore(state)
    assert "Reserve.done" in restarted.say("yes").speech
    assert len(skill.reserved) == 1


@pytest.mark.parametrize(
    "text", ["🙂", "שלום לכם", "<speak>hi</speak>", "\u200b\u200bmap", "a" * 5_000, "' OR 1=1 --", "?"]
)
def test_strange_words_get_a_valid_answer(speaker: Speaker, text: str) -> None:
    hear(speaker, "open lantern library", "please reserve a map")
    assert speaker.say(text).speech
