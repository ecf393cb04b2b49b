"""A small café: its interaction model, an ear that knows a few sentences, a skill with a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from rehearsal.speaker import Speaker, Spoken

Json = dict[str, Any]
SKILL = "amzn1.ask.skill.5e0a51c3-cafe"
FALLBACK = "AMAZON.FallbackIntent"
NOON = 1_795_348_800.0  # 2026-11-22T12:00:00Z


def prompts(name: str) -> Json:
    return {"elicitation": f"Elicit.{name}"}


def dialog_slot(name: str, kind: str, *, required: bool = True, confirmed: bool = False) -> Json:
    return {
        "name": name,
        "type": kind,
        "elicitationRequired": required,
        "confirmationRequired": confirmed,
        "prompts": prompts(name),
    }


MODEL: Json = {
    "interactionModel": {
        "languageModel": {
            "invocationName": "corner café",
            "intents": [
                {
                    "name": "Order",
                    "slots": [
                        {"name": "drink", "type": "drink"},
                        {"name": "cups", "type": "AMAZON.NUMBER"},
                        {"name": "note", "type": "AMAZON.SearchQuery"},
                    ],
                    "samples": ["order {cups} {drink}"],
                },
                {
                    "name": "Book",
                    "slots": [
                        {"name": "day", "type": "AMAZON.DATE"},
                        {"name": "hour", "type": "AMAZON.TIME"},
                    ],
                    "samples": ["book a table"],
                },
                {"name": "Menu", "samples": ["what do you have"]},
                {
                    "name": "Call",
                    "slots": [
                        {"name": "phone", "type": "AMAZON.PhoneNumber"},
                        {"name": "code", "type": "AMAZON.FOUR_DIGIT_NUMBER"},
                        {"name": "long", "type": "AMAZON.DURATION"},
                        {"name": "name", "type": "AMAZON.FirstName"},
                    ],
                    "samples": ["call me"],
                },
                *(
                    {"name": f"AMAZON.{name}Intent", "samples": []}
                    for name in ("Help", "Stop", "Cancel", "Fallback", "Yes", "No")
                ),
            ],
            "types": [
                {
                    "name": "drink",
                    "values": [
                        {"id": "ESP", "name": {"value": "espresso", "synonyms": ["short black", "shot"]}},
                        {"id": "TEA", "name": {"value": "tea", "synonyms": ["black"]}},
                        {"name": {"value": "filter coffee", "synonyms": ["black"]}},
                    ],
                }
            ],
        },
        "dialog": {
            "delegationStrategy": "SKILL_RESPONSE",
            "intents": [
                {
                    "name": "Order",
                    "confirmationRequired": True,
                    "prompts": {},
                    "slots": [
                        dialog_slot("drink", "drink"),
                        dialog_slot("cups", "AMAZON.NUMBER"),
                        dialog_slot("note", "AMAZON.SearchQuery", required=False),
                    ],
                },
                {
                    "name": "Book",
                    "confirmationRequired": False,
                    "prompts": {},
                    "slots": [
                        dialog_slot("day", "AMAZON.DATE", confirmed=True),
                        dialog_slot("hour", "AMAZON.TIME", required=False),
                    ],
                },
            ],
        },
        "prompts": [],
    }
}


@dataclass(frozen=True)
class Word:
    original: str
    interpreted: str
    resolved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    intent: str
    slots: Mapping[str, Word | None] = field(default_factory=dict)


@dataclass
class CafeEar:
    """Knows sentences by heart; in answer to a question every word is the slot's value."""

    sentences: dict[str, Reading] = field(default_factory=dict)
    asked: list[tuple[str, tuple[str, str] | None, bool]] = field(default_factory=list)

    def recognise(
        self, text: str, *, eliciting: tuple[str, str] | None = None, confirming: bool = False
    ) -> Sequence[Reading]:
        self.asked.append((text, eliciting, confirming))
        known = self.sentences.get(text)
        if known is not None:
            return [known, Reading(FALLBACK)]
        if eliciting is not None and text != "mumble":
            return [Reading(eliciting[0], {eliciting[1]: Word(text, text)})]
        return [Reading(FALLBACK), Reading("Menu")]


def answers(speech: str = "Hello. What would you like?", **response: Any) -> Json:
    """A response that keeps the session open."""
    said = {"outputSpeech": {"type": "SSML", "ssml": f"<speak>{speech}</speak>"}}
    again = {"outputSpeech": {"type": "PlainText", "text": "Are you there?"}}
    return {
        "version": "1.0",
        "sessionAttributes": {"question": "q1"},
        "response": {**said, "reprompt": again, "shouldEndSession": False, **response},
    }


def farewell(speech: str = "Goodbye.") -> Json:
    said = {"outputSpeech": {"type": "SSML", "ssml": f"<speak>{speech}</speak>"}, "shouldEndSession": True}
    return {"version": "1.0", "sessionAttributes": {}, "response": said}


def order(status: str = "NONE", **values: str) -> Json:
    slots: Json = {}
    for name in ("drink", "cups", "note"):
        slots[name] = {"name": name, "confirmationStatus": "NONE"}
        if name in values:
            slots[name]["value"] = values[name]
    return {"name": "Order", "confirmationStatus": status, "slots": slots}


def elicits(slot: str, intent: Json | None) -> Json:
    updated = {} if intent is None else {"updatedIntent": intent}
    return answers(f"The {slot}?", directives=[{"type": "Dialog.ElicitSlot", "slotToElicit": slot, **updated}])


def confirms(intent: Json) -> Json:
    return answers("Shall I?", directives=[{"type": "Dialog.ConfirmIntent", "updatedIntent": intent}])


NOTHING: Json = {"version": "1.0", "response": {}}


@dataclass
class Cafe:
    """A speaker in front of a skill that plays back a script, an open question by default."""

    script: list[object] = field(default_factory=list)
    ear: CafeEar = field(default_factory=CafeEar)
    model: Json = field(default_factory=lambda: deepcopy(MODEL))
    now: float = NOON
    requests: list[Json] = field(default_factory=list)
    takes: float = 0.0
    count: int = 0
    locale: str = "en_US"

    def __post_init__(self) -> None:
        self.speaker = self.new_speaker()

    def new_speaker(self) -> Speaker:
        return Speaker(
            self.model, SKILL, self.skill, ear=self.ear, user_id="amzn1.ask.account.GUEST",
            device_id="amzn1.ask.device.KITCHEN", locale=self.locale, clock=lambda: self.now, new_id=self.id,
        )  # fmt: skip

    def id(self) -> str:
        self.count += 1
        return f"id-{self.count}"

    def skill(self, request: Json) -> Any:
        self.requests.append(request)
        self.now += self.takes
        ended = request["request"]["type"] == "SessionEndedRequest"
        answer = self.script.pop(0) if self.script else NOTHING if ended else answers()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def knows(self, text: str, intent: str, **slots: Word) -> None:
        self.ear.sentences[text] = Reading(intent, slots)

    def opens(self, *script: object) -> Spoken:
        self.script += script
        return self.speaker.say("open corner café")

    def says(self, text: str, *script: object) -> Json:
        """The request that the words made."""
        self.script += script
        request: Json = self.speaker.say(text).request["request"]
        return request
