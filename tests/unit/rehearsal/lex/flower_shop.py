"""A small flower shop: a template with its bots, a recogniser of a few sentences, a scripted code hook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from rehearsal.lex.ear import Hints
from rehearsal.lex.service import Lex
from rehearsal.lex.session import SessionKey
from rehearsal.lex.template import read_bots

Event = dict[str, Any]


def said(text: str) -> dict[str, Any]:
    return {"Message": {"PlainTextMessage": {"Value": text}}}


def prompt(text: str, retries: int = 0) -> dict[str, Any]:
    return {"MaxRetries": retries, "MessageGroupsList": [said(text)]}


def slot(name: str, kind: str, question: str | None, retries: int = 0, **more: Any) -> dict[str, Any]:
    setting: dict[str, Any] = {"SlotConstraint": "Required" if question else "Optional"}
    if question:
        setting["PromptSpecification"] = prompt(question, retries)
    return {"Name": name, "SlotTypeName": kind, "ValueElicitationSetting": {**setting, **more}}


ORDER = {
    "Name": "OrderFlowers",
    "SampleUtterances": [{"Utterance": "order {Flower}"}],
    "DialogCodeHook": {"Enabled": True},
    "FulfillmentCodeHook": {"Enabled": True},
    "SlotPriorities": [{"Priority": 1, "SlotName": "Flower"}, {"Priority": 2, "SlotName": "Day"}],
    "Slots": [
        slot("Day", "AMAZON.Date", "For which day?", 1),
        slot("Flower", "Flower", "Which flowers?", 1),
        slot("Note", "AMAZON.FreeFormInput", None),
    ],
    "IntentConfirmationSetting": {
        "PromptSpecification": prompt("{Flower} on {Day}, is that right?"),
        "DeclinationResponse": {"MessageGroupsList": [said("Nothing was ordered.")]},
    },
    "OutputContexts": [{"Name": "ordered", "TimeToLiveInSeconds": 60, "TurnsToLive": 2}],
}
TRACK: dict[str, Any] = {
    "Name": "TrackOrder",
    "SampleUtterances": [{"Utterance": "where is my order"}],
    "Slots": [slot("Number", "AMAZON.Number", "What is the number, [customer]?", 2)],
    "IntentClosingSetting": {"ClosingResponse": {"MessageGroupsList": [said("Order {Number} is on its way.")]}},
}
THANKS = {"Name": "Thanks", "InputContexts": [{"Name": "ordered"}]}
FALLBACK: dict[str, Any] = {"Name": "FallbackIntent", "ParentIntentSignature": "AMAZON.FallbackIntent"}


def template() -> dict[str, Any]:
    """The shop's bot with the aliases live and guest, and the hookless bot Listener with the alias ear."""
    turn_arn = {"Fn::GetAtt": ["TurnFunction", "Arn"]}
    return {
        "Resources": {
            "TurnFunction": {"Type": "AWS::Lambda::Function", "Properties": {}},
            "TurnVersion": {
                "Type": "AWS::Lambda::Version",
                "Properties": {"FunctionName": {"Ref": "TurnFunction"}},
            },
            "TurnLive": {
                "Type": "AWS::Lambda::Alias",
                "Properties": {
                    "FunctionName": {"Ref": "TurnFunction"},
                    "FunctionVersion": {"Fn::GetAtt": ["TurnVersion", "Version"]},
                    "Name": "live",
                },
            },
            "Shop": {
                "Type": "AWS::Lex::Bot",
                "Properties": {
                    "Name": "FlowerShop",
                    "IdleSessionTTLInSeconds": 300,
                    "BotLocales": [
                        {
                            "LocaleId": "en_US",
                            "NluConfidenceThreshold": 0.4,
                            "Intents": [
                                deepcopy(ORDER),
                                deepcopy(TRACK),
                                THANKS,
                                {**FALLBACK, "DialogCodeHook": {"Enabled": True}},
                            ],
                            "SlotTypes": [
                                {
                                    "Name": "Flower",
                                    "ValueSelectionSetting": {"ResolutionStrategy": "TOP_RESOLUTION"},
                                    "SlotTypeValues": [
                                        {
                                            "SampleValue": {"Value": "roses"},
                                            "Synonyms": [{"Value": "red ones"}],
                                        }
                                    ],
                                }
                            ],
                        },
                        {"LocaleId": "es_US", "NluConfidenceThreshold": 0.4, "Intents": [FALLBACK]},
                    ],
                },
            },
            "ShopVersion": {"Type": "AWS::Lex::BotVersion", "Properties": {"BotId": {"Ref": "Shop"}}},
            "ShopLive": _alias("live", turn_arn),
            "ShopGuest": _alias("guest", {"Ref": "TurnLive"}),
            "Listener": {
                "Type": "AWS::Lex::Bot",
                "Properties": {
                    "Name": "Listener",
                    "BotLocales": [
                        {
                            "LocaleId": "en_US",
                            "Intents": [
                                {"Name": "OrderFlowers", "Slots": [slot("Flower", "Flower", None)]},
                                FALLBACK,
                            ],
                        }
                    ],
                },
            },
            "ListenerEar": {
                "Type": "AWS::Lex::BotAlias",
                "Properties": {"BotId": {"Fn::GetAtt": ["Listener", "Id"]}, "BotAliasName": "ear"},
            },
        }
    }


def _alias(name: str, function: dict[str, Any]) -> dict[str, Any]:
    hook = {"LambdaCodeHook": {"CodeHookInterfaceVersion": "1.0", "LambdaArn": function}}
    setting = {"Enabled": True, "CodeHookSpecification": hook}
    return {
        "Type": "AWS::Lex::BotAlias",
        "Properties": {
            "BotId": {"Ref": "Shop"},
            "BotAliasName": name,
            "BotVersion": {"Fn::GetAtt": ["ShopVersion", "BotVersion"]},
            "SentimentAnalysisSettings": {"DetectSentiment": name == "live"},
            "BotAliasLocaleSettings": [{"LocaleId": "en_US", "BotAliasLocaleSetting": setting}],
        },
    }


@dataclass(frozen=True)
class Value:
    original: str
    interpreted: str
    resolved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    intent: str
    confidence: float | None
    slots: Mapping[str, Value | None] = field(default_factory=dict)


ROSES = Value("red ones", "roses", ("roses",))
FRIDAY = Value("friday", "2026-11-27", ("2026-11-27",))
SENTENCES: dict[str, tuple[Understood, ...]] = {
    "order flowers": (Understood("OrderFlowers", 0.9), Understood("TrackOrder", 0.2)),
    "order roses": (Understood("OrderFlowers", 0.9, {"Flower": ROSES, "Day": None}),),
    "order roses for friday": (Understood("OrderFlowers", 0.95, {"Flower": ROSES, "Day": FRIDAY}),),
    "where is my order": (Understood("TrackOrder", 0.8),),
    "thanks": (Understood("Thanks", 0.9), Understood("TrackOrder", 0.5)),
    "hmm order": (Understood("OrderFlowers", 0.3),),
}
ANSWERS = {
    "Flower": {"roses": ROSES, "red ones": ROSES},
    "Day": {"friday": FRIDAY, "on friday": FRIDAY, "5": FRIDAY},
    "Number": {"42": Value("42", "42", ("42",))},
    "Note": {"with love": Value("with love", "with love")},
}


class FixedEar:
    """Knows the sentences above; remembers how it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, str] | None, bool, Hints]] = []

    def recognise(
        self,
        text: str,
        *,
        eliciting: tuple[str, str] | None = None,
        confirming: bool = False,
        within: str | None = None,
        hints: Hints = MappingProxyType({}),
    ) -> Sequence[Understood]:
        self.asked.append((text, eliciting, confirming, hints))
        if eliciting and (value := ANSWERS.get(eliciting[1], {}).get(text)):
            return (Understood(eliciting[0], 0.9, {eliciting[1]: value}),)
        if confirming and text == "no, on friday":
            return (Understood("OrderFlowers", 0.7, {"Day": FRIDAY}),)
        return SENTENCES.get(text, (Understood("FallbackIntent", None),))


def agreed(text: str) -> bool | None:
    words = text.casefold().strip(" !.").replace(",", "")
    return {"yes": True, "yes please": True, "no": False, "no thanks": False}.get(words)


Script = Callable[[Event], object]


class ScriptedHook:
    """Answers by its script (delegating at first); remembers the events."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.functions: list[str] = []
        self.script: Script = delegate

    def __call__(self, logical_id: str, event: Event, /) -> object:
        self.functions.append(logical_id)
        self.events.append(event)
        return self.script(event)


def delegate(event: Event) -> object:
    if event["invocationSource"] == "FulfillmentCodeHook":
        return close(event)
    return {"sessionState": {**event["sessionState"], "dialogAction": {"type": "Delegate"}}}


def close(event: Event, text: str = "Your flowers are on their way.", state: str = "Fulfilled") -> Event:
    intent = {**event["sessionState"]["intent"], "state": state}
    return {
        "sessionState": {**event["sessionState"], "dialogAction": {"type": "Close"}, "intent": intent},
        "messages": [{"contentType": "PlainText", "content": text}],
    }


def answering(action: dict[str, Any], *texts: str, **state: Any) -> Script:
    """A script that returns the event's intent with this dialogue action, these messages, this state."""

    def script(event: Event) -> object:
        return {
            "sessionState": {"intent": event["sessionState"]["intent"], "dialogAction": action, **state},
            "messages": [{"contentType": "PlainText", "content": text} for text in texts],
        }

    return script


class HandClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds


class Shop:
    """The service of the shop's bots, with everything a test wants to touch."""

    def __init__(self, definition: dict[str, Any] | None = None) -> None:
        self.ear = FixedEar()
        self.hook = ScriptedHook()
        self.clock = HandClock()
        self.ids = 0
        bots = read_bots(definition or template())
        self.bot, self.listener = bots
        self.live = self.bot.alias_named("live")
        self.guest = self.bot.alias_named("guest")
        self.lex = Lex.of(
            bots,
            lambda bot, locale: self.ear,
            agreed,
            self.hook,
            clock=self.clock,
            new_id=self.next_id,
            hook_seconds=10,
        )

    def next_id(self) -> str:
        self.ids += 1
        return f"00000000-0000-4000-8000-{self.ids:012}"

    def key(self, alias: str = "live", session: str = "someone") -> SessionKey:
        return SessionKey(self.bot.id, self.bot.alias_named(alias).id, "en_US", session)
