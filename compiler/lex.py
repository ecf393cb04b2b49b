"""The Lex V2 bot, as properties of AWS::Lex::Bot (camelCase, as CDK's `CfnBot` takes them).

Two bots come from one model. The one with hooks is for clients that Lex drives: every intent, the
fallback included, calls the function first and after each answer, and since the function always names
the next step, one utterance makes one call. The one without (`ear`) only recognises: every slot is
optional, nothing is called.

Lex V2 developer guide: a confirmation that a function asks for at run time must be active in the bot
("Confirmation"); the fallback intent has no utterances, slots or confirmation ("AMAZON.FallbackIntent");
free text may not stand in utterances ("AMAZON.FreeFormInput").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compiler.corrections import correction
from compiler.neutral import LEX_ALPHANUMERIC, LEX_FREE_TEXT, Kind
from compiler.prompts import PARAMETER, Prompt
from compiler.runtime import LEX_FALLBACK, slot_kind, values
from compiler.shapes import SlotShape
from compiler.source import AuthoredIntent, Edition, Source, spaced
from throughline.dialogue.model import Base

FALLBACK_SIGNATURE = "AMAZON.FallbackIntent"
MESSAGE_LENGTH = 1_000
"""Characters of a designed message (Lex V2 API, PlainTextMessage)."""
_VARIATIONS = 2
_RETRIES = 5
"""As many as Lex allows: the function counts misses, and Lex must not give up before it does."""
_IDLE_SECONDS = (60, 86_400)
_HOOK: Mapping[str, Any] = {"dialogAction": {"type": "InvokeDialogCodeHook"}}
_END: Mapping[str, Any] = {"dialogAction": {"type": "EndConversation"}}


def lex_bot(source: Source, *, hooks: bool) -> dict[str, Any]:
    """Properties of AWS::Lex::Bot but for Name and RoleArn: `botLocales` and the like.

    With `hooks` the bot that calls a function at every step, without them the one that only recognises.
    """
    shortest, longest = _IDLE_SECONDS
    idle = source.default.bank.limits.idle_minutes * 60
    return {
        # CDK passes this one on untyped, so its key is CloudFormation's own.
        "dataPrivacy": {"ChildDirected": False},
        "idleSessionTtlInSeconds": max(shortest, min(longest, idle)),
        "autoBuildBotLocales": True,
        "botLocales": [_locale(edition, hooks) for edition in source.editions.values()],
    }


def _locale(edition: Edition, hooks: bool) -> dict[str, Any]:
    voice = edition.bank.locales[edition.locale]
    return {
        "localeId": edition.locale,
        "nluConfidenceThreshold": edition.bank.understands,
        "voiceSettings": {"voiceId": voice.voice, "engine": voice.engine},
        "slotTypes": list(_slot_types(edition)),
        "intents": [_intent(edition, intent, hooks) for intent in edition.intents.values()]
        + [_correction(edition, hooks)],
    }


def _slot_types(edition: Edition) -> Iterator[dict[str, Any]]:
    used = {slot.type for intent in edition.intents.values() for slot in intent.shape.slots.values()}
    used |= set(correction(edition).types.values())
    words = values(edition)
    for name in sorted(used):
        found = slot_kind(edition, name)
        if found.base is Base.CHOICE:
            yield {
                "name": name,
                "valueSelectionSetting": {"resolutionStrategy": "TOP_RESOLUTION"},
                "slotTypeValues": [_value(said) for said in words[name].values()],
            }
        elif found.base is Base.DIGITS:
            yield {
                "name": name,
                "parentSlotTypeSignature": LEX_ALPHANUMERIC,
                "valueSelectionSetting": {
                    "resolutionStrategy": "ORIGINAL_VALUE",
                    "regexFilter": {"pattern": _digits(found)},
                },
            }


def _digits(found: Kind) -> str:
    length = str(found.shortest) if found.shortest == found.longest else f"{found.shortest},{found.longest}"
    return f"[0-9]{{{length}}}"


def _value(said: Iterable[str]) -> dict[str, Any]:
    name, *synonyms = said
    value: dict[str, Any] = {"sampleValue": {"value": name}}
    if synonyms:
        value["synonyms"] = [{"value": synonym} for synonym in synonyms]
    return value


def _intent(edition: Edition, intent: AuthoredIntent, hooks: bool) -> dict[str, Any]:
    shape = intent.shape
    fallback = shape.role == "fallback"
    found: dict[str, Any] = {"name": LEX_FALLBACK if fallback else shape.intent, "description": shape.is_}
    if fallback:
        return found | {"parentIntentSignature": FALLBACK_SIGNATURE} | _hooks(edition, hooks)
    found["sampleUtterances"] = _samples(edition, intent)
    slots = [_slot(edition, intent, name, slot, hooks) for name, slot in shape.slots.items()]
    found |= _with_slots(slots)
    if shape.confirm is not None:
        found["intentConfirmationSetting"] = _confirmation(edition, shape.confirm, hooks)
    return found | _hooks(edition, hooks)


def _correction(edition: Edition, hooks: bool) -> dict[str, Any]:
    generated = correction(edition)
    slots = [
        _written_slot(edition, name, type_name, f"{spaced(name).capitalize()}?", hooks, required=False)
        for name, type_name in generated.types.items()
    ]
    found = {
        "name": generated.name,
        "description": "A value changed without naming the task.",
        "sampleUtterances": [{"utterance": utterance.text} for utterance in generated.utterances],
    }
    return found | _with_slots(slots) | _hooks(edition, hooks)


def _samples(edition: Edition, intent: AuthoredIntent) -> list[dict[str, str]]:
    free = {n for n, s in intent.shape.slots.items() if slot_kind(edition, s.type).lex == LEX_FREE_TEXT}
    return [{"utterance": text} for text in intent.samples if not free & set(PARAMETER.findall(text))]


def _with_slots(slots: list[dict[str, Any]]) -> dict[str, Any]:
    if not slots:
        return {}
    order = [{"priority": i + 1, "slotName": slot["name"]} for i, slot in enumerate(slots)]
    return {"slots": slots, "slotPriorities": order}


def _slot(edition: Edition, intent: AuthoredIntent, name: str, slot: SlotShape, hooks: bool) -> dict[str, Any]:
    ask: Prompt | str = slot.ask or f"{(slot.label or spaced(name)).capitalize()}?"
    required = slot.required and not slot.when and not slot.sensitive and intent.works
    found = _written_slot(edition, name, slot.type, ask, hooks, required=required)
    if slot.sensitive:
        found["obfuscationSetting"] = {"obfuscationSettingType": "DefaultObfuscation"}
    return found


def _written_slot(
    edition: Edition, name: str, type_name: str, ask: Prompt | str, hooks: bool, *, required: bool
) -> dict[str, Any]:
    elicitation: dict[str, Any] = {
        "slotConstraint": "Required" if required and hooks else "Optional",
        "promptSpecification": _prompt(ask),
    }
    if hooks:
        elicitation["slotCaptureSetting"] = {
            "captureNextStep": _HOOK,
            "failureNextStep": _HOOK,
            "codeHook": _call(edition),
            "elicitationCodeHook": {"enableCodeHookInvocation": True},
        }
    return {
        "name": name,
        "slotTypeName": slot_kind(edition, type_name).lex,
        "valueElicitationSetting": elicitation,
    }


def _confirmation(edition: Edition, confirm: Prompt, hooks: bool) -> dict[str, Any]:
    setting: dict[str, Any] = {"promptSpecification": _prompt(confirm), "isActive": True}
    if hooks:
        setting |= {
            "confirmationNextStep": _HOOK,
            "declinationNextStep": _HOOK,
            "failureNextStep": _HOOK,
            "codeHook": _call(edition),
            "elicitationCodeHook": {"enableCodeHookInvocation": True},
        }
    return setting


def _hooks(edition: Edition, hooks: bool) -> dict[str, Any]:
    if not hooks:
        return {"dialogCodeHook": {"enabled": False}, "fulfillmentCodeHook": {"enabled": False}}
    trouble = _messages(edition.phrases["trouble"])
    return {
        "dialogCodeHook": {"enabled": True},
        "fulfillmentCodeHook": {
            "enabled": True,
            "isActive": True,
            "postFulfillmentStatusSpecification": {
                "failureResponse": trouble,
                "failureNextStep": _END,
                "timeoutResponse": trouble,
                "timeoutNextStep": _END,
            },
        },
        "initialResponseSetting": {"nextStep": _HOOK, "codeHook": _call(edition)},
    }


def _call(edition: Edition) -> dict[str, Any]:
    """Call the function; should it fail, say so and leave, so that a contact flow can go on to a person."""
    trouble = _messages(edition.phrases["trouble"])
    return {
        "enableCodeHookInvocation": True,
        "isActive": True,
        "postCodeHookSpecification": {
            "successNextStep": _END,
            "failureResponse": trouble,
            "failureNextStep": _END,
            "timeoutResponse": trouble,
            "timeoutNextStep": _END,
        },
    }


def _prompt(prompt: Prompt | str) -> dict[str, Any]:
    return {**_messages(prompt), "maxRetries": _RETRIES, "allowInterrupt": True}


def _messages(prompt: Prompt | str) -> dict[str, Any]:
    first, *others = (prompt,) if isinstance(prompt, str) else prompt.shown
    group: dict[str, Any] = {"message": _message(first)}
    if others:
        group["variations"] = [_message(text) for text in others[:_VARIATIONS]]
    return {"messageGroupsList": [group]}


def _message(text: str) -> dict[str, Any]:
    return {"plainTextMessage": {"value": text}}
