"""Clients of the handlers: they keep a session as Lex, Alexa and a chat page do, and build events from it.

An event is built (`event`) apart from its being sent, so that only our own code is timed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from bench.script import CLOSE, CONFIRM, CONVERSATION, HOURS_APART, SECONDS_APART, SLOT, Said
from throughline.dialogue.model import Model

CONTACT: Final = "7f3b1f2e-6d0c-4a53-9f0e-5b1d2c3a4e5f"
SKILL: Final = "amzn1.ask.skill.3f6e1f7a-1111-4222-8333-444455556666"
USER: Final = "amzn1.ask.account.BENCHUSER1"
FALLBACK: Final = "FallbackIntent"

Json = dict[str, Any]


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.time = 1_795_000_000.0

    def __call__(self) -> float:
        return self.time


class ConversationBroke(RuntimeError):
    """A turn of the script was not answered as it should be: the bench would measure something else."""


class Caller(Protocol):
    """Somebody in the middle of a conversation."""

    def begin(self) -> None:
        """A new session, as after hours of silence."""

    def event(self, said: Said) -> Json:
        """What the platform sends for this utterance."""

    def hear(self, answer: Mapping[str, Any]) -> None:
        """Keep of the answer what the platform keeps."""

    def asked(self, answer: Mapping[str, Any]) -> str:
        """What the answer asks for, as `Said.asks` puts it; SLOT where it doesn't say which."""


def converse(clock: Clock, caller: Caller) -> Iterator[Said]:
    """The script's turns one after the other, in a new session, at the pace of people."""
    clock.time += HOURS_APART * 3600
    caller.begin()
    for said in CONVERSATION:
        clock.time += SECONDS_APART
        yield said


def heard(caller: Caller, said: Said, answer: Mapping[str, Any]) -> None:
    """Hand the answer to the caller. Raises ConversationBroke if it isn't the one that the script expects."""
    asked = caller.asked(answer)
    if asked != (SLOT if asked == SLOT and said.slot_asked else said.asks):
        raise ConversationBroke(f'"{said.text}" was to be answered by asking {said.asks!r}, not {asked!r}: {answer}')
    caller.hear(answer)


class LexCaller:
    """A Lex V2 session on one alias; `pointer` is the attribute by which Connect says who calls."""

    def __init__(self, model: Model, *, alias: str, pointer: str = "") -> None:
        self._model = model
        self._alias = alias
        self._pointer = pointer
        self._count = 0
        self.begin()

    def begin(self) -> None:
        """A new session of the same contact."""
        self._attributes = {"tl-pointer": self._pointer} if self._pointer else {}
        self._filled: Json = {}

    def event(self, said: Said) -> Json:
        """The code hook's input."""
        self._count += 1
        best = self._intent(said.intent, said)
        readings = [{"intent": best, "nluConfidence": {"score": 0.91}, "interpretationSource": "Lex"}]
        readings += [
            {
                "intent": self._intent(name, None),
                "nluConfidence": {"score": 0.44 - 0.1 * rank},
                "interpretationSource": "Lex",
            }
            for rank, name in enumerate(said.also)
        ]
        if said.intent != "Fallback":
            readings.append({"intent": self._intent("Fallback", None), "interpretationSource": "Lex"})
        else:
            del readings[0]["nluConfidence"]
        return {
            "messageVersion": "1.0",
            "invocationSource": "DialogCodeHook",
            "inputMode": "Text",
            "responseContentType": "text/plain; charset=utf-8",
            "sessionId": CONTACT,
            "inputTranscript": said.text,
            "invocationLabel": "Turn",
            "bot": {
                "id": "BENCHBOT01", "name": "throughline", "localeId": self._model.default_locale,
                "version": "3", "aliasId": "BENCHALIAS", "aliasName": self._alias,
            },
            "interpretations": readings,
            "proposedNextState": {
                "dialogAction": {"type": "ElicitIntent", "slotToElicit": None},
                "intent": None,
                "prompt": {"attempt": "Initial"},
            },
            "requestAttributes": {"x-amz-lex:channels:platform": "Connect"},
            "sessionState": {
                "sessionAttributes": dict(self._attributes),
                "activeContexts": [],
                "runtimeHints": {"slotHints": {}},
                "intent": best,
                "originatingRequestId": f"0d1c2b3a-1111-4222-8333-{self._count:012d}",
            },
            "transcriptions": [{"transcription": said.text, "transcriptionConfidence": 0.97}],
        }  # fmt: skip

    def hear(self, answer: Mapping[str, Any]) -> None:
        """Session attributes and the intent in progress stay."""
        state = answer["sessionState"]
        self._attributes = dict(state.get("sessionAttributes", {}))
        intent = state.get("intent") or {}
        self._filled = {intent["name"]: intent.get("slots", {})} if intent.get("name") else {}

    def asked(self, answer: Mapping[str, Any]) -> str:
        """By the dialogue action."""
        action = answer["sessionState"]["dialogAction"]
        said = {"ConfirmIntent": CONFIRM, "Close": CLOSE}.get(action["type"], "")
        return said or str(action.get("slotToElicit", ""))

    def _intent(self, name: str, said: Said | None) -> Json:
        known = self._model.intents[name]
        slots: Json = {slot.name: None for slot in known.slots if not slot.sensitive}
        if said is not None:
            slots.update({n: v for n, v in self._filled.get(name, {}).items() if n in slots})
            for slot, (words, value) in said.slots.items():
                slots[slot] = {
                    "shape": "Scalar",
                    "value": {"originalValue": words, "interpretedValue": value, "resolvedValues": [value]},
                }
        return {
            "name": FALLBACK if name == "Fallback" else name,
            "state": "InProgress",
            "confirmationState": "Confirmed" if said is not None and said.confirmed else "None",
            "slots": slots,
        }


class AlexaCaller:
    """A speaker's session with the skill."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._names = {ours: theirs for theirs, ours in model.platform_intents.items() if theirs.startswith("AMAZON.")}
        self._count = 0
        self._sessions = 0
        self.begin()

    def begin(self) -> None:
        """The skill is opened anew."""
        self._sessions += 1
        self._attributes: Json = {}

    def event(self, said: Said) -> Json:
        """An IntentRequest as the service sends it."""
        self._count += 1
        slots = {slot.name: self._slot(slot.name, said) for slot in self._model.intents[said.intent].slots}
        user = {"userId": USER, "accessToken": "invented", "permissions": {}}
        return {
            "version": "1.0",
            "context": {
                "System": {
                    "application": {"applicationId": SKILL},
                    "user": user,
                    "device": {"deviceId": "amzn1.ask.device.D1", "supportedInterfaces": {}},
                    "apiEndpoint": "https://api.amazonalexa.com",
                    "apiAccessToken": "invented",
                },
                "Viewports": [],
                "AudioPlayer": {"playerActivity": "IDLE"},
            },
            "session": {
                "new": not self._attributes,
                "sessionId": f"amzn1.echo-api.session.s{self._sessions}",
                "application": {"applicationId": SKILL},
                "attributes": dict(self._attributes),
                "user": user,
            },
            "request": {
                "type": "IntentRequest",
                "requestId": f"amzn1.echo-api.request.{self._count}",
                "timestamp": "2026-11-22T10:00:00Z",
                "locale": self._model.default_locale.replace("_", "-"),
                "dialogState": "IN_PROGRESS",
                "intent": {
                    "name": self._names.get(said.intent, said.intent),
                    "confirmationStatus": "CONFIRMED" if said.confirmed else "NONE",
                    "slots": slots,
                },
            },
        }

    def hear(self, answer: Mapping[str, Any]) -> None:
        """Session attributes stay."""
        self._attributes = dict(answer.get("sessionAttributes", {}))

    def asked(self, answer: Mapping[str, Any]) -> str:
        """By the directive, and whether the session ends."""
        if answer["response"].get("shouldEndSession"):
            return CLOSE
        directive: Mapping[str, Any] = next(iter(answer["response"].get("directives", ())), {})
        return CONFIRM if directive.get("type") == "Dialog.ConfirmIntent" else str(directive.get("slotToElicit", ""))

    def _slot(self, name: str, said: Said) -> Json:
        empty: Json = {"name": name, "confirmationStatus": "NONE", "source": "USER"}
        if name not in said.slots:
            return empty
        words, value = said.slots[name]
        found = {
            "resolutionsPerAuthority": [
                {
                    "authority": f"amzn1.er-authority.echo-sdk.{SKILL}.{name}",
                    "status": {"code": "ER_SUCCESS_MATCH"},
                    "values": [{"value": {"name": words, "id": value}}],
                }
            ]
        }
        simple = {"type": "Simple", "value": words, "resolutions": found}
        return {**empty, "value": words, "resolutions": found, "slotValue": simple}


class ChatCaller:
    """A page of the web chat; what Lex's ear makes of the text comes beside the message, as `heard`."""

    def __init__(self, model: Model) -> None:
        self._lex = LexCaller(model, alias="ear")
        self._locale = model.default_locale
        self._count = 0
        self.begin()

    def begin(self) -> None:
        """The page is loaded anew."""
        self._question = ""

    def event(self, said: Said) -> Json:
        """The page's message; `heard` is RecognizeText's answer."""
        self._count += 1
        message = {
            "id": str(self._count),
            "session": CONTACT,
            "locale": self._locale,
            "text": said.text,
            "question": self._question,
        }
        return {"message": message, "heard": {"interpretations": self._lex.event(said)["interpretations"]}}

    def hear(self, answer: Mapping[str, Any]) -> None:
        """The page names the question that the next message answers."""
        self._question = answer["question"]

    def asked(self, answer: Mapping[str, Any]) -> str:
        """By what is awaited; a page isn't told which slot."""
        return {"slot": SLOT, "confirm": CONFIRM, "nothing": CLOSE}.get(answer["awaits"], "")
