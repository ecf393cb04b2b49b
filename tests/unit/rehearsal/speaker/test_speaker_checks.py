"""What the service refuses of a skill, and that it is refused loudly."""

from __future__ import annotations

import json
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.speaker import SkillFault
from rehearsal.speaker.ssml import read_ssml
from tests.unit.rehearsal.speaker.cafe import Cafe, answers, elicits, farewell, order

Json = dict[str, Any]


def changed(**response: Any) -> Json:
    """An open answer with members replaced; None removes one."""
    answer = answers()
    answer["response"] = {k: v for k, v in {**answer["response"], **response}.items() if v is not None}
    return answer


def ssml(text: str) -> Json:
    return {"type": "SSML", "ssml": text}


def directive(kind: str, intent: Any, **more: Any) -> Json:
    return answers(directives=[{"type": kind, "updatedIntent": intent, **more}])


def elicit(intent: Any, slot: Any = "cups") -> Json:
    return directive("Dialog.ElicitSlot", intent, slotToElicit=slot)


STRANGE_SLOT = {**order(), "slots": {"sugar": {"name": "sugar"}}}
FAULTS: dict[str, tuple[object, str]] = {
    "nothing": (None, "no JSON object"),
    "a list": ([], "no JSON object"),
    "not JSON": ({"version": {1, 2}}, "is no JSON"),
    "not a number": ({"version": float("nan")}, "is no JSON"),
    "half a character": (answers("\ud800"), "is no JSON"),
    "another version": ({**answers(), "version": "2.0"}, "version is '2.0'"),
    "no version": ({"response": {}}, "version is None"),
    "no response": ({"version": "1.0"}, "no member `response`"),
    "a strange member": ({**answers(), "extra": 1}, "unknown members: extra"),
    "a strange response member": (changed(sound="ding"), "unknown members: sound"),
    "attributes that are none": ({**answers(), "sessionAttributes": []}, "sessionAttributes"),
    "too big": ({**answers(), "sessionAttributes": {"x": "é" * 61_500}}, "bytes"),
    "no speech": (changed(outputSpeech=None), "outputSpeech is missing"),
    "speech of another type": (changed(outputSpeech={"type": "Morse", "text": "."}), "'Morse'"),
    "speech without text": (changed(outputSpeech={"type": "SSML", "text": "hi"}), "has no ssml"),
    "empty speech": (changed(outputSpeech=ssml("<speak> </speak>")), "says nothing"),
    "broken markup": (changed(outputSpeech=ssml("<speak>fish & chips</speak>")), "not well-formed"),
    "unclosed markup": (changed(outputSpeech=ssml("<speak><p>hi</speak>")), "not well-formed"),
    "no markup": (changed(outputSpeech=ssml("hello")), "not well-formed"),
    "other markup": (changed(outputSpeech=ssml("<p>hello</p>")), "begins with <p>"),
    "unknown markup": (changed(outputSpeech=ssml("<speak><b>hi</b></speak>")), "<b>"),
    "an entity bomb": (
        changed(outputSpeech=ssml('<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>')), "document type",
    ),
    "long speech": (answers("a" * 8_000), "8,015 characters"),
    "no reprompt": (changed(reprompt=None), "without a reprompt"),
    "an empty reprompt": (changed(reprompt={"outputSpeech": ssml("<speak/>")}), "reprompt says nothing"),
    "a broken reprompt": (changed(reprompt={"outputSpeech": ssml("<speak>")}), "reprompt is not well-formed"),
    "no word about the end": (changed(shouldEndSession=None), "shouldEndSession is None"),
    "a wordy end": (changed(shouldEndSession="false"), "shouldEndSession is 'false'"),
    "a card of another type": (answers(card={"type": "Golden"}), "'Golden'"),
    "a card of no type": (answers(card={"type": []}), "type []"),
    "a card without content": (answers(card={"type": "Simple", "title": "Hi"}), "lacks content"),
    "a card with too much": (answers(card={"type": "LinkAccount", "title": "Hi"}), "title"),
    "a long card": (answers(card={"type": "Simple", "title": "Hi", "content": "a" * 7_999}), "8,001"),
    "a plain picture": (
        answers(card={"type": "Standard", "title": "a", "text": "b",
                      "image": {"smallImageUrl": "http://pictures.example/a.png"}}), "https",
    ),
    "no list of directives": (changed(directives={"type": "x"}), "no list"),
    "delegation": (answers(directives=[{"type": "Dialog.Delegate"}]), "Dialog.Delegate"),
    "an unknown directive": (answers(directives=[{"type": "AudioPlayer.Play"}]), "AudioPlayer.Play"),
    "two questions": (answers(directives=2 * elicit(order())["response"]["directives"]), "more than one"),
    "a question at the end": (
        {**farewell(), "response": {**farewell()["response"], "directives": [{"type": "x"}]}},
        "ends the session",
    ),
    "no intent to go on with": (elicit(None), "no updatedIntent"),
    "an unknown intent": (elicit({**order(), "name": "Ghost"}), "'Ghost'"),
    "a built-in intent": (elicit({"name": "AMAZON.HelpIntent"}), "built-in"),
    "an intent without a dialog": (elicit({"name": "Menu"}), "not in the dialog model"),
    "a strange slot": (elicit(STRANGE_SLOT), "no slot sugar"),
    "a strange slot asked for": (elicit(order(), "sugar"), "'sugar'"),
    "no slot asked for": (elicit(order(), None), "no slotToElicit"),
    "a slot under another name": (elicit({**order(), "slots": {"cups": {"name": "drink"}}}), "own name"),
    "a slot with a number": (elicit({**order(), "slots": {"cups": {"name": "cups", "value": 2}}}), "no text"),
    "slots that are none": (elicit({**order(), "slots": ["cups"]}), "no JSON object"),
    "a strange status": (elicit(order("MAYBE")), "'MAYBE'"),
    "a strange slot status": (
        elicit({**order(), "slots": {"cups": {"name": "cups", "confirmationStatus": "OK"}}}), "'OK'",
    ),
    "nothing to confirm": (directive("Dialog.ConfirmSlot", order(), slotToConfirm="cups"), "no value"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_what_the_service_refuses_is_named(answer: object, said: str) -> None:
    cafe = Cafe()
    with pytest.raises(SkillFault) as fault:
        cafe.opens(answer)
    assert said in str(fault.value)
    assert not cafe.speaker.open
    told = cafe.requests[-1]["request"]
    assert told["type"] == "SessionEndedRequest" and told["reason"] == "ERROR"
    assert told["error"] == {"type": "INVALID_RESPONSE", "message": str(fault.value)}


def test_the_longest_speech_and_card_are_taken() -> None:
    longest = "a" * (7_999 - len("<speak></speak>"))
    card = {"type": "Simple", "title": "Hi", "content": "a" * 7_998}
    spoken = Cafe().opens(answers(longest, card=card))
    assert spoken.speech == longest and spoken.card == card


@pytest.mark.parametrize(
    "card",
    [{"type": "LinkAccount"}, {"type": "AskForPermissionsConsent", "permissions": ["alexa::name:read"]}],
)
def test_cards_that_ask_for_something_are_taken(card: Json) -> None:
    assert Cafe().opens(answers(card=card)).card == card


@pytest.mark.parametrize("member", ["outputSpeech", "card", "reprompt", "directives"])
def test_an_ended_session_takes_no_response(member: str) -> None:
    cafe = Cafe()
    cafe.opens()
    cafe.script.append({"version": "1.0", "response": {member: {}}})
    with pytest.raises(SkillFault, match=member):
        cafe.speaker.exit()
    assert len(cafe.requests) == 2 and not cafe.speaker.open


def test_a_skill_that_fails_is_a_fault_with_its_cause() -> None:
    cafe = Cafe()
    with pytest.raises(SkillFault, match="PermissionError: not this skill's") as fault:
        cafe.opens(PermissionError("not this skill's"))
    assert isinstance(fault.value.__cause__, PermissionError)


def test_a_skill_that_fails_twice_says_so_in_one_fault() -> None:
    with pytest.raises(SkillFault) as fault:
        Cafe().opens(KeyError("first"), KeyError("second"))
    assert "first" in str(fault.value) and "second" in fault.value.__notes__[0]


def test_a_slow_skill_is_a_fault() -> None:
    cafe = Cafe(takes=8.5)
    with pytest.raises(SkillFault, match=r"8\.5 s"):
        cafe.opens()


def test_the_session_can_be_opened_again_after_a_fault() -> None:
    cafe = Cafe()
    with pytest.raises(SkillFault):
        cafe.opens(None)
    assert cafe.opens(elicits("cups", order())).open


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<speak>Card <say-as interpret-as="digits">1234</say-as>.</speak>', "Card 1234."),
        ("<speak>One<break time='1s'/>two</speak>", "One two"),
        ('<speak>The <sub alias="Federal Reserve">Fed</sub> says</speak>', "The Federal Reserve says"),
        ("<speak><p>One</p><p>two &amp; three</p></speak>", "One two & three"),
        ('<speak><amazon:effect name="whispered">hush</amazon:effect></speak>', "hush"),
    ],
)
def test_markup_reads_as_text(markup: str, text: str) -> None:
    assert read_ssml(markup, "speech") == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_escaped_words_are_always_spoken_as_they_are(text: str) -> None:
    markup = f"<speak>{escape(text)}</speak>"
    try:
        ET.fromstring(markup)
    except ET.ParseError:
        with pytest.raises(SkillFault):
            read_ssml(markup, "speech")
    else:
        assert read_ssml(markup, "speech") == " ".join(text.split())


MEMBERS = st.sampled_from(
    "version response outputSpeech type ssml reprompt directives updatedIntent name slots cups card "
    "shouldEndSession sessionAttributes slotToElicit".split()
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=4),
    max_leaves=20,
)


@given(st.sampled_from(["response", "outputSpeech", "reprompt", "card", "directives", "updatedIntent"]), ANYTHING)
def test_any_answer_is_taken_or_refused_but_never_breaks_the_speaker(where: str, what: Any) -> None:
    cafe = Cafe()
    answer = elicit(order())
    if where == "response":
        answer["response"] = what
    elif where == "updatedIntent":
        answer["response"]["directives"][0]["updatedIntent"] = what
    else:
        answer["response"][where] = what
    try:
        assert cafe.opens(answer).open == cafe.speaker.open
    except SkillFault:
        assert not cafe.speaker.open
    json.dumps(cafe.speaker.dump())
