"""Who is spoken to, when a session begins and how it ends."""

from __future__ import annotations

import json

import pytest

from rehearsal.speaker import ModelFault, NothingToReplay
from tests.unit.rehearsal.speaker.cafe import (
    MODEL,
    NOON,
    SKILL,
    Cafe,
    Word,
    answers,
    elicits,
    farewell,
    order,
)


@pytest.fixture
def cafe() -> Cafe:
    return Cafe()


@pytest.mark.parametrize(
    "text",
    [
        "open corner café", "Alexa, open Corner Café.", "launch corner café please", "corner café",
        "start Corner  Café!", "talk to corner café", "alexa ask corner café", "OPEN CORNER CAFÉ",
    ],
)  # fmt: skip
def test_the_skill_is_launched_by_its_name(cafe: Cafe, text: str) -> None:
    spoken = cafe.speaker.say(text)
    assert spoken.request["request"]["type"] == "LaunchRequest"
    assert spoken.request["session"]["new"] is True
    assert "intent" not in spoken.request["request"]
    assert spoken.speech == "Hello. What would you like?"
    assert spoken.reprompt == "Are you there?"
    assert spoken.open and cafe.speaker.open


@pytest.mark.parametrize("text", ["what do you have", "open the door", "open corner", "yes", "stop", "", "Alexa"])
def test_what_is_not_said_to_the_skill_does_not_reach_it(cafe: Cafe, text: str) -> None:
    spoken = cafe.speaker.say(text)
    assert spoken.not_for_us and not spoken.open and not spoken.speech
    assert cafe.requests == []


@pytest.mark.parametrize(
    "text",
    [
        "ask corner café what do you have", "Alexa, tell corner café to what do you have",
        "ask corner café, what do you have", "open corner café and what do you have",
        "what do you have from corner café",
    ],
)  # fmt: skip
def test_a_request_in_the_same_breath_opens_the_session_with_an_intent(cafe: Cafe, text: str) -> None:
    cafe.knows("what do you have", "Menu")
    spoken = cafe.speaker.say(text)
    assert spoken.request["request"]["intent"] == {"name": "Menu", "confirmationStatus": "NONE"}
    assert spoken.request["session"]["new"] is True
    assert "dialogState" not in spoken.request["request"]


def test_a_request_in_the_same_breath_that_is_not_understood_launches(cafe: Cafe) -> None:
    assert cafe.says("ask corner café to mumble")["type"] == "LaunchRequest"


def test_help_in_the_same_breath_is_the_built_in_intent(cafe: Cafe) -> None:
    assert cafe.says("ask corner café for help")["intent"]["name"] == "AMAZON.HelpIntent"


def test_the_envelope_is_alexas(cafe: Cafe) -> None:
    request = cafe.opens().request
    person = {"userId": "amzn1.ask.account.GUEST"}
    assert request["version"] == "1.0"
    assert request["session"] == {
        "new": True,
        "sessionId": "amzn1.echo-api.session.id-1",
        "application": {"applicationId": SKILL},
        "attributes": {},
        "user": person,
    }
    system = request["context"]["System"]
    assert system["application"] == {"applicationId": SKILL}
    assert system["user"] == person
    assert system["device"] == {"deviceId": "amzn1.ask.device.KITCHEN", "supportedInterfaces": {}}
    assert system["apiEndpoint"].startswith("https://") and system["apiAccessToken"]
    assert request["request"]["requestId"] == "amzn1.echo-api.request.id-2"
    assert request["request"]["timestamp"] == "2026-11-22T12:00:00Z"
    assert request["request"]["locale"] == "en-US"


def test_attributes_are_echoed_within_the_session_and_forgotten_after_it(cafe: Cafe) -> None:
    cafe.opens()
    inside = cafe.speaker.say("mumble").request["session"]
    assert inside["attributes"] == {"question": "q1"} and inside["new"] is False
    assert inside["sessionId"] == cafe.requests[0]["session"]["sessionId"]
    cafe.says("mumble", farewell())
    again = cafe.opens().request["session"]
    assert again["attributes"] == {} and again["new"] is True
    assert again["sessionId"] != inside["sessionId"]


def test_attributes_that_the_skill_does_not_repeat_are_gone(cafe: Cafe) -> None:
    cafe.opens()
    silent_about_them = answers()
    del silent_about_them["sessionAttributes"]
    cafe.says("mumble", silent_about_them)
    assert cafe.speaker.say("mumble").request["session"]["attributes"] == {}


def test_the_skill_closes_the_session(cafe: Cafe) -> None:
    cafe.opens()
    cafe.script.append(farewell())
    spoken = cafe.speaker.say("mumble")
    assert spoken.speech == "Goodbye." and not spoken.open and not cafe.speaker.open
    assert cafe.speaker.say("mumble").not_for_us


@pytest.mark.parametrize(
    ("text", "intent"),
    [("stop", "AMAZON.StopIntent"), ("Alexa, stop!", "AMAZON.StopIntent"), ("cancel", "AMAZON.CancelIntent"),
     ("Help.", "AMAZON.HelpIntent")],
)  # fmt: skip
def test_universal_words_are_never_an_answer(cafe: Cafe, text: str, intent: str) -> None:
    cafe.opens(elicits("note", order()))
    request = cafe.says(text, farewell())
    assert request["intent"] == {"name": intent, "confirmationStatus": "NONE"}
    assert "dialogState" not in request


@pytest.mark.parametrize("text", ["exit", "Quit."])
def test_a_hard_exit_only_tells_the_skill(cafe: Cafe, text: str) -> None:
    cafe.opens()
    spoken = cafe.speaker.say(text)
    assert spoken.request["request"]["type"] == "SessionEndedRequest"
    assert spoken.request["request"]["reason"] == "USER_INITIATED"
    assert spoken.request["session"]["attributes"] == {"question": "q1"}
    assert spoken.speech == "" and not spoken.open


def test_exit_is_the_skills_where_it_is_a_sample_of_its_own() -> None:
    cafe = Cafe()
    stop = next(
        each
        for each in cafe.model["interactionModel"]["languageModel"]["intents"]
        if each["name"] == "AMAZON.StopIntent"
    )
    stop["samples"] = ["exit"]
    cafe.speaker = cafe.new_speaker()
    cafe.knows("exit", "AMAZON.StopIntent")
    cafe.opens()
    assert cafe.says("exit", farewell())["intent"]["name"] == "AMAZON.StopIntent"


def test_exit_without_a_session_does_nothing(cafe: Cafe) -> None:
    assert cafe.speaker.exit().request == {} and cafe.requests == []


def test_silence_is_reprompted_once_and_then_the_session_is_over(cafe: Cafe) -> None:
    cafe.opens()
    first = cafe.speaker.silence()
    assert first.speech == "Are you there?" and first.open and first.request == {}
    assert first.ssml == "<speak>Are you there?</speak>"
    second = cafe.speaker.silence()
    assert second.request["request"]["reason"] == "EXCEEDED_MAX_REPROMPTS"
    assert second.speech == "" and not second.open
    assert cafe.speaker.silence().request == {} and len(cafe.requests) == 2


def test_a_word_after_the_reprompt_earns_another_one(cafe: Cafe) -> None:
    cafe.opens()
    cafe.speaker.silence()
    cafe.speaker.say("mumble")
    assert cafe.speaker.silence().open


def test_the_wake_word_alone_is_silence(cafe: Cafe) -> None:
    cafe.opens()
    assert cafe.speaker.say("Alexa ...").speech == "Are you there?"


def test_a_session_expires(cafe: Cafe) -> None:
    cafe.opens()
    cafe.now += 301
    assert not cafe.speaker.open
    spoken = cafe.speaker.say("mumble")
    assert spoken.not_for_us and spoken.earlier is not None
    assert spoken.earlier.request["request"]["reason"] == "EXCEEDED_MAX_REPROMPTS"
    assert cafe.speaker.expire() is None


def test_a_session_in_use_does_not_expire(cafe: Cafe) -> None:
    cafe.opens()
    for _ in range(5):
        cafe.now += 299
        assert cafe.speaker.say("mumble").open


def test_opening_the_skill_anew_ends_the_open_session_first(cafe: Cafe) -> None:
    first = cafe.opens().request["session"]["sessionId"]
    spoken = cafe.opens()
    assert spoken.earlier is not None and spoken.earlier.request["request"]["reason"] == "USER_INITIATED"
    assert spoken.earlier.request["session"]["sessionId"] == first
    assert spoken.request["session"]["new"] is True and spoken.request["session"]["sessionId"] != first


def test_the_mere_name_is_a_word_like_others_while_a_session_is_open(cafe: Cafe) -> None:
    cafe.opens(elicits("note", order()))
    assert cafe.says("corner café")["intent"]["slots"]["note"]["value"] == "corner café"
    cafe.knows("a cup from corner café", "Menu")
    assert cafe.says("a cup from corner café")["intent"]["name"] == "Menu"


def test_an_account_is_linked_and_unlinked(cafe: Cafe) -> None:
    cafe.speaker.link_account("token-1")
    request = cafe.opens().request
    assert request["session"]["user"]["accessToken"] == "token-1"
    assert request["context"]["System"]["user"]["accessToken"] == "token-1"
    cafe.speaker.link_account("")
    assert "accessToken" not in cafe.speaker.say("mumble").request["session"]["user"]


def test_a_replay_is_the_last_request_byte_for_byte(cafe: Cafe) -> None:
    cafe.opens(elicits("note", order()))
    cafe.says("no sugar, señor", farewell())
    cafe.now += 60
    cafe.script.append(answers("What else?"))
    spoken = cafe.speaker.replay()
    assert json.dumps(cafe.requests[-1]) == json.dumps(cafe.requests[-2])
    assert spoken.request == cafe.requests[-1]
    assert spoken.speech == "What else?" and cafe.speaker.open  # the later answer takes the place of the lost one


def test_a_skill_that_changes_its_request_does_not_change_the_replay(cafe: Cafe) -> None:
    cafe.opens()
    cafe.requests[0]["request"]["requestId"] = "changed"
    assert cafe.speaker.replay().request["request"]["requestId"] == "amzn1.echo-api.request.id-2"


def test_nothing_can_be_replayed_before_anything_was_said(cafe: Cafe) -> None:
    with pytest.raises(NothingToReplay):
        cafe.speaker.replay()


def test_spanish_opens_a_skill_too() -> None:
    cafe = Cafe(locale="es_US")
    assert cafe.says("Alexa, abre corner café")["locale"] == "es-US"
    cafe.says("salir")
    cafe.ear.sentences = {}
    cafe.knows("quiero un espresso", "Order", drink=Word("espresso", "espresso", ("espresso",)))
    assert cafe.says("dile a corner café que quiero un espresso")["intent"]["name"] == "Order"


def test_a_language_without_phrases_is_named() -> None:
    with pytest.raises(ModelFault, match="de-DE"):
        Cafe(locale="de-DE")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda m: m["languageModel"].pop("invocationName"), "invocationName"),
        (lambda m: m["languageModel"]["intents"].pop(), "AMAZON.NoIntent|never"),
        (lambda m: m["languageModel"]["intents"].pop(7), "AMAZON.FallbackIntent"),
        (lambda m: m["languageModel"]["intents"].append({"name": "Menu"}), "Menu twice"),
        (lambda m: m["dialog"]["intents"].append({"name": "Ghost"}), "Ghost"),
        (lambda m: m["dialog"]["intents"].append({"name": "AMAZON.YesIntent"}), "built in"),
        (lambda m: m["dialog"]["intents"][0]["slots"][0].update(type="food"), "drink of Order"),
        (lambda m: m["languageModel"]["intents"][0]["slots"][0].pop("type"), "no type"),
        (lambda m: m["languageModel"]["types"][0]["values"][0].pop("name"), "without a name"),
    ],
)
def test_a_model_that_alexa_would_not_build_is_refused(damage: object, said: str) -> None:
    cafe = Cafe()
    assert callable(damage)
    damage(cafe.model["interactionModel"])
    if said.endswith("never"):
        cafe.new_speaker()  # Yes and No are not demanded
        return
    with pytest.raises(ModelFault, match=said):
        cafe.new_speaker()


def test_the_model_may_be_given_without_its_wrapper() -> None:
    assert Cafe(model=MODEL["interactionModel"], now=NOON).opens().open
