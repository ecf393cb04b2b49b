"""The Alexa interaction model of one locale.

The dialog model has every task with a required slot or a confirmation, with its prompts, because the
Dialog directives only work for intents and slots that stand there (Alexa Skills Kit, "Dialog interface
reference"); SKILL_RESPONSE keeps Alexa from asking by itself. Secrets are no part of it: Alexa is never
told one.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from compiler.corrections import correction
from compiler.neutral import ALEXA_FREE_TEXT
from compiler.prompts import PARAMETER, TAG, Prompt
from compiler.runtime import ALEXA_INTENTS, slot_kind, values
from compiler.source import AuthoredIntent, Edition, Source
from compiler.voices import alexa_locale
from throughline.dialogue.model import Base

STRATEGY = "SKILL_RESPONSE"
_CURRENCIES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("en", "USD"): ("dollars",),
    ("en", "GBP"): ("pounds",),
    ("en", "EUR"): ("euros",),
    ("es", "USD"): ("dólares",),
    ("es", "EUR"): ("euros",),
}
_OFTEN = 2


def alexa_model(source: Source, locale: str) -> dict[str, Any]:
    """The interaction model (Alexa Skills Kit, "Interaction model schemas") of one of the source's locales.

    Raises KeyError for a locale that the source doesn't have or that Alexa doesn't speak.
    """
    edition = source.editions[locale]
    if alexa_locale(locale) is None:
        raise KeyError(locale)
    prompts: list[dict[str, Any]] = []
    dialog = [_dialog(edition, intent, prompts) for intent in edition.intents.values() if _has_dialog(intent)]
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": edition.bank.invocation,
                "intents": [_intent(edition, i) for i in edition.intents.values()] + [_correction(edition)],
                "types": _types(edition),
            },
            "dialog": {"delegationStrategy": STRATEGY, "intents": dialog},
            "prompts": prompts,
        }
    }


def _intent(edition: Edition, intent: AuthoredIntent) -> dict[str, Any]:
    shape = intent.shape
    slots = [
        {
            "name": name,
            "type": slot_kind(edition, slot.type).alexa(edition.locale),
            **_slot_samples(edition, intent, name),
        }
        for name, slot in intent.asked.items()
    ]
    name = ALEXA_INTENTS.get(shape.role, shape.intent)
    return {"name": name, **({"slots": slots} if slots else {}), "samples": list(intent.samples)}


def _correction(edition: Edition) -> dict[str, Any]:
    generated = correction(edition)
    platform = {
        name: slot_kind(edition, type_name).alexa(edition.locale) for name, type_name in generated.types.items()
    }
    samples: dict[str, str] = {}
    for utterance in generated.utterances:
        if _takes(utterance.text, platform):
            # Several kinds of value are one type to Alexa, and the same sample twice would be refused.
            heard = PARAMETER.sub(lambda slot: "{" + platform[slot[1]] + "}", utterance.text)
            samples.setdefault(heard, utterance.text)
    spoken = {name for text in samples.values() for name in PARAMETER.findall(text)}
    return {
        "name": generated.name,
        "slots": [{"name": n, "type": type_name} for n, type_name in platform.items() if n in spoken],
        "samples": list(samples.values()),
    }


def _takes(text: str, types: Mapping[str, str]) -> bool:
    """Free text would swallow every sentence that begins like a correction, and Alexa has no other type for some."""
    return all(types[name] != ALEXA_FREE_TEXT for name in PARAMETER.findall(text))


def _slot_samples(edition: Edition, intent: AuthoredIntent, name: str) -> dict[str, Any]:
    """Answers to the slot's own question: the bare value, and with the words that usually come before it."""
    if not intent.works or intent.shape.slots[name].ask is None:
        return {}
    slot = "{" + name + "}"
    samples = [slot, *(f"{word} {slot}" for word in _words_before(intent, name))]
    if slot_kind(edition, intent.shape.slots[name].type).base is Base.MONEY:
        language, currency = edition.locale.split("_")[0], edition.bank.locales[edition.locale].currency
        samples += [f"{slot} {unit}" for unit in _CURRENCIES.get((language, currency), ())]
    return {"samples": samples}


def _words_before(intent: AuthoredIntent, name: str) -> list[str]:
    before: dict[str, Counter[str]] = {slot: Counter() for slot in intent.shape.slots}
    for text in intent.shape.utterances:
        words = text.split()
        for previous, word in itertools.pairwise(words[1:]):
            if word[1:-1] in before and word[0] == "{" and "{" not in previous:
                before[word[1:-1]][previous] += 1
    others = {word for slot, counts in before.items() if slot != name for word in counts}
    return sorted(word for word, times in before[name].items() if times >= _OFTEN and word not in others)


def _types(edition: Edition) -> list[dict[str, Any]]:
    used = {slot.type for intent in edition.intents.values() for slot in intent.asked.values()}
    used |= set(correction(edition).types.values())
    custom = {slot_kind(edition, name).alexa(edition.locale) for name in used}
    words = values(edition)
    return [
        {"name": name, "values": [_value(value_id, said) for value_id, said in words[name].items()]}
        for name in sorted(custom)
        if name in words
    ]


def _value(value_id: str, said: Iterable[str]) -> dict[str, Any]:
    name, *synonyms = said
    return {"id": value_id, "name": {"value": name, **({"synonyms": synonyms} if synonyms else {})}}


def _has_dialog(intent: AuthoredIntent) -> bool:
    asks = any(slot.required and slot.ask is not None for slot in intent.asked.values())
    return intent.works and (asks or intent.shape.confirm is not None)


def _dialog(edition: Edition, intent: AuthoredIntent, prompts: list[dict[str, Any]]) -> dict[str, Any]:
    shape = intent.shape
    slots: list[dict[str, Any]] = []
    for name, slot in intent.asked.items():
        asked: dict[str, str] = {}
        if slot.ask is not None:
            asked["elicitation"] = _prompt(f"Elicit.Slot.{shape.intent}.{name}", slot.ask, prompts)
        slots.append(
            {
                "name": name,
                "type": slot_kind(edition, slot.type).alexa(edition.locale),
                "elicitationRequired": slot.required and not slot.when and slot.ask is not None,
                "confirmationRequired": False,
                "prompts": asked,
            }
        )
    confirmed: dict[str, str] = {}
    if shape.confirm is not None:
        confirmed["confirmation"] = _prompt(f"Confirm.Intent.{shape.intent}", shape.confirm, prompts)
    return {
        "name": shape.intent,
        "delegationStrategy": STRATEGY,
        "confirmationRequired": shape.confirm is not None,
        "prompts": confirmed,
        "slots": slots,
    }


def _prompt(prompt_id: str, prompt: Prompt, prompts: list[dict[str, Any]]) -> str:
    prompts.append({"id": prompt_id, "variations": [_variation(text) for text in prompt.said]})
    return prompt_id


def _variation(text: str) -> dict[str, str]:
    if TAG.search(text):
        return {"type": "SSML", "value": f"<speak>{text}</speak>"}
    return {"type": "PlainText", "value": text}
