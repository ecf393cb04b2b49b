"""The model as the engine reads it: the JSON of `throughline.dialogue.model.Model.from_json`.

Nothing here reads `utterances`: only recognisers learn those, so that a change of one leaves these bytes,
and with them the functions, as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.canonical import fingerprint
from compiler.corrections import correction, labels
from compiler.neutral import LABELS, Kind, built_in, declared_kind, kind
from compiler.prompts import Prompt
from compiler.shapes import SlotShape
from compiler.source import AuthoredIntent, Edition, Source, spaced
from throughline.dialogue.model import SCHEMA, Base, SlotType
from throughline.dialogue.values import fold

ALEXA_INTENTS = {
    "help": "AMAZON.HelpIntent",
    "repeat": "AMAZON.RepeatIntent",
    "cancel": "AMAZON.CancelIntent",
    "start_over": "AMAZON.StartOverIntent",
    "go_back": "AMAZON.PreviousIntent",
    "yes": "AMAZON.YesIntent",
    "no": "AMAZON.NoIntent",
    "goodbye": "AMAZON.StopIntent",
    "greeting": "AMAZON.NavigateHomeIntent",
    "fallback": "AMAZON.FallbackIntent",
}
"""Universal roles and Alexa's built-in intents for them."""
LEX_FALLBACK = "FallbackIntent"
_PLAIN = SlotType("", Base.TEXT)


def compile_runtime(source: Source) -> dict[str, Any]:
    """The JSON of the runtime model. `version` is the hash of everything else in it."""
    default = source.default
    bank = default.bank
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "name": bank.name,
        "default_locale": source.default_locale,
        "menu": list(bank.menu),
        "limits": bank.limits.model_dump(),
        "intents": _intents(default),
        "slot_types": _slot_types(default),
        "platform_intents": _platform_intents(default),
        "locales": {locale: _words(edition) for locale, edition in source.editions.items()},
    }
    if bank.hours is not None:
        content["hours"] = bank.hours.model_dump(exclude_none=True)
    return {"schema": SCHEMA, "version": fingerprint(content), **content}


def _intents(edition: Edition) -> dict[str, Any]:
    generated = correction(edition)
    found = {name: _intent(intent) for name, intent in edition.intents.items()}
    found[generated.name] = {
        "role": "correct",
        "slots": [{"name": name, "type": type_name, "required": False} for name, type_name in generated.types.items()],
    }
    return dict(sorted(found.items()))


def _intent(intent: AuthoredIntent) -> dict[str, Any]:
    shape = intent.shape
    found: dict[str, Any] = {"role": shape.role, "assurance": shape.assurance}
    if shape.was:
        found["was"] = list(shape.was)
    if shape.slots:
        found["slots"] = [_slot(name, slot) for name, slot in shape.slots.items()]
    if shape.action:
        found |= {
            "action": shape.action,
            "irreversible": shape.irreversible,
            "confirms": shape.confirm is not None,
        }
    if shape.begin:
        found["begin"] = shape.begin
    if shape.protective:
        found["protective"] = True
    if shape.results:
        found["results"] = dict(shape.results)
    return found


def _slot(name: str, slot: SlotShape) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "type": slot.type}
    if not slot.required:
        found["required"] = False
    if slot.when:
        found["when"] = {other: list(values) for other, values in slot.when.items()}
    for key in ("differs_from", "least", "most", "sensitive"):
        value = getattr(slot, key)
        if value is not None:
            found[key] = value
    return found


def _slot_types(edition: Edition) -> dict[str, Any]:
    kinds = {name: declared_kind(name, shape) for name, shape in edition.slot_types.items()}
    kinds |= {base.value: Kind(base.value, base) for base in Base if built_in(base.value)}
    names = labels(edition)
    if names:
        kinds[LABELS] = Kind(LABELS, Base.CHOICE, tuple(names))
    return {name: _slot_type(found) for name, found in sorted(kinds.items())}


def _slot_type(found: Kind) -> dict[str, Any]:
    written: dict[str, Any] = {"base": found.base.value}
    if found.values:
        written["values"] = list(found.values)
    if found.shortest != _PLAIN.shortest:
        written["shortest"] = found.shortest
    if found.longest != _PLAIN.longest:
        written["longest"] = found.longest
    return written


def _platform_intents(edition: Edition) -> dict[str, str]:
    found: dict[str, str] = {}
    for role, platform in ALEXA_INTENTS.items():
        intent = edition.by_role(role)
        if intent is not None:
            found[platform] = intent.name
    fallback = edition.by_role("fallback")
    if fallback is not None:
        found[LEX_FALLBACK] = fallback.name
    return dict(sorted(found.items()))


def _words(edition: Edition) -> dict[str, Any]:
    prompts = {key: {"say": list(p.said), "show": list(p.shown)} for key, p in prompt_ids(edition)}
    voice = edition.bank.locales.get(edition.locale)
    return {
        "prompts": dict(sorted(prompts.items())),
        "values": values(edition),
        "labels": dict(sorted(_labels(edition).items())),
        "keywords": dict(sorted(_keywords(edition).items())),
        "currency": voice.currency if voice else "USD",
    }


def prompt_ids(edition: Edition) -> Iterator[tuple[str, Prompt]]:
    """Every prompt under its id."""
    for name, intent in edition.intents.items():
        shape = intent.shape
        single = {
            "answer": shape.answer,
            "confirm": shape.confirm,
            "begun": shape.begun,
            "done": shape.done,
            "item": shape.item,
            "help": shape.help,
        }
        single |= shape.variants
        single |= {f"refused.{code}": prompt for code, prompt in shape.refused.items()}
        single |= {f"confirm.again.{i}": prompt for i, prompt in enumerate(shape.confirm_again or ())}
        for slot_name, slot in shape.slots.items():
            single |= {f"{slot_name}.ask": slot.ask, f"{slot_name}.help": slot.help}
            single |= {f"{slot_name}.again.{i}": prompt for i, prompt in enumerate(slot.again or ())}
        yield from ((f"{name}.{key}", prompt) for key, prompt in single.items() if prompt is not None)
    for phrase, prompt in edition.phrases.items():
        yield f"phrases.{phrase}", prompt
    for phrase, prompts in edition.tiered.items():
        yield from ((f"phrases.{phrase}.{i}", prompt) for i, prompt in enumerate(prompts))


def values(edition: Edition) -> dict[str, dict[str, list[str]]]:
    """Choice type to value id to its names, the first one first; yes and no by the locale's own words."""
    found = {
        name: {value_id: [value.name, *value.synonyms] for value_id, value in (shape.values or {}).items()}
        for name, shape in edition.slot_types.items()
        if shape.values is not None
    }
    names = labels(edition)
    if names:
        found[LABELS] = {name: list(said) for name, said in names.items()}
    found["yes_no"] = {role: _yes_or_no(edition, role) for role in ("yes", "no")}
    return dict(sorted(found.items()))


def _yes_or_no(edition: Edition, role: str) -> list[str]:
    said = {fold(edition.phrases[role].shown[0]): fold(edition.phrases[role].shown[0])}
    intent = edition.by_role(role)
    for text in intent.shape.keywords if intent else ():
        said.setdefault(fold(text), text)
    return list(said.values())


def _labels(edition: Edition) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, intent in edition.intents.items():
        shape = intent.shape
        found[name] = shape.label or spaced(name)
        found[f"{name}.doing"] = shape.doing or shape.label or spaced(name)
        for slot_name, slot in shape.slots.items():
            found[f"{name}.{slot_name}"] = slot.label or spaced(slot_name)
    generated = correction(edition)
    found |= {generated.name: spaced(generated.name), f"{generated.name}.doing": spaced(generated.name)}
    found |= {f"{generated.name}.{slot}": spaced(slot) for slot in generated.types}
    return found


def _keywords(edition: Edition) -> dict[str, str]:
    return {fold(text): name for name, intent in edition.intents.items() for text in intent.shape.keywords}


def slot_kind(edition: Edition, type_name: str) -> Kind:
    """The kind of a slot's type, generated ones included. Raises KeyError for an unknown name."""
    if type_name == LABELS:
        return Kind(LABELS, Base.CHOICE, tuple(labels(edition)))
    found = kind(edition, type_name)
    if found is None:
        raise KeyError(type_name)
    return found
