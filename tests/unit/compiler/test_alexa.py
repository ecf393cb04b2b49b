"""The Alexa interaction model, against what the Alexa Skills Kit's documentation asks for."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import compiler

Json = dict[str, Any]
NAME = re.compile(r"[A-Za-z_]+")
BUILT_IN_TYPES = {
    "AMAZON.NUMBER", "AMAZON.DATE", "AMAZON.TIME", "AMAZON.PhoneNumber", "AMAZON.SearchQuery",
    "AMAZON.FirstName", "AMAZON.US_CITY", "AMAZON.FOUR_DIGIT_NUMBER",
}  # fmt: skip
REQUIRED = {
    "AMAZON.CancelIntent", "AMAZON.HelpIntent", "AMAZON.StopIntent", "AMAZON.NavigateHomeIntent",
    "AMAZON.FallbackIntent",
}  # fmt: skip


def faults(document: Json) -> list[str]:
    """What Alexa would refuse."""
    found: list[str] = []
    model = document["interactionModel"]
    language, dialog, prompts = model["languageModel"], model["dialog"], model["prompts"]
    types = {entry["name"] for entry in language["types"]}
    intents = {entry["name"]: entry for entry in language["intents"]}
    if len(intents) != len(language["intents"]):
        found.append("two intents of one name")
    if not re.fullmatch(r"[a-z'. ]{2,50}", language["invocationName"]):
        found.append("invocation name")
    found += [f"{name} missing" for name in REQUIRED - set(intents)]
    said: dict[str, str] = {}
    for name, intent in intents.items():
        if not (NAME.fullmatch(name) or re.fullmatch(r"AMAZON\.[A-Za-z]+Intent", name)):
            found.append(f"{name}: name")
        slots = {slot["name"]: slot["type"] for slot in intent.get("slots", [])}
        found += [f"{name}.{s}: name" for s in slots if not NAME.fullmatch(s)]
        found += [f"{name}.{s}: type {t}" for s, t in slots.items() if t not in types | BUILT_IN_TYPES]
        for sample in intent["samples"]:
            found += [f"{name}: {fault} in {sample!r}" for fault in sample_faults(sample, slots)]
            if said.setdefault(sample.casefold(), name) != name:
                found.append(f"{name}: {sample!r} is {said[sample.casefold()]}'s, too")
        for slot in intent.get("slots", []):
            for sample in slot.get("samples", []):
                if re.findall(r"\{(\w+)\}", sample) != [slot["name"]]:
                    found.append(f"{name}.{slot['name']}: sample {sample!r}")
        if name == "AMAZON.FallbackIntent" and intent["samples"]:
            found.append("fallback with samples")
    for entry in language["types"]:
        words = [w for v in entry["values"] for w in (v["name"]["value"], *v["name"].get("synonyms", []))]
        folded = [word.casefold() for word in words]
        if len(set(folded)) != len(folded) or not NAME.fullmatch(entry["name"]):
            found.append(f"type {entry['name']}")
        found += [f"{entry['name']}: {word!r}" for word in words if not 1 <= len(word) <= 140]
        found += [f"{entry['name']}: id" for v in entry["values"] if not re.fullmatch(r"[a-z0-9_]+", v["id"])]
    ids = {prompt["id"]: prompt["variations"] for prompt in prompts}
    if len(ids) != len(prompts):
        found.append("two prompts of one id")
    used: set[str] = set()
    if dialog["delegationStrategy"] != "SKILL_RESPONSE":
        found.append("Alexa would ask by itself")
    for entry in dialog["intents"]:
        found += dialog_faults(entry, intents, ids, used)
    found += [f"prompt {prompt} unused" for prompt in set(ids) - used]
    return found


def sample_faults(sample: str, slots: dict[str, str]) -> list[str]:
    found = []
    names = re.findall(r"\{(.*?)\}", sample)
    bare = re.sub(r"\{.*?\}", "", sample)
    if re.search(r"\d", bare):
        found.append("a digit")
    if re.search(r"[^\w\s'.\-]", bare):
        found.append("punctuation")
    if any(name not in slots for name in names):
        found.append("an unknown slot")
    if len(set(names)) != len(names):
        found.append("a slot twice")
    if re.search(r"\S\{|\}\S", sample):
        found.append("a slot without space")
    if any(slots.get(name) == "AMAZON.SearchQuery" for name in names) and (len(names) > 1 or not bare.strip()):
        found.append("free text beside another slot or alone")
    return found


def dialog_faults(entry: Json, intents: Json, ids: Json, used: set[str]) -> list[str]:
    name = entry["name"]
    declared = {slot["name"]: slot["type"] for slot in intents[name].get("slots", [])}
    found = [] if {s["name"]: s["type"] for s in entry["slots"]} == declared else [f"{name}: other slots"]
    asked = [(entry["confirmationRequired"], entry["prompts"].get("confirmation"))]
    asked += [(slot["elicitationRequired"], slot["prompts"].get("elicitation")) for slot in entry["slots"]]
    for required, prompt in asked:
        if prompt is None:
            found += [f"{name}: no prompt"] if required else []
            continue
        used.add(prompt)
        for variation in ids.get(prompt, [{"type": "", "value": ""}]):
            text = variation["value"]
            if any(slot not in declared for slot in re.findall(r"\{(.*?)\}", text)) or not text:
                found.append(f"{name}: prompt {text!r}")
            if ("<" in text) != (variation["type"] == "SSML") or len(text) > 7_999:
                found.append(f"{name}: prompt {text!r}")
    if not any(required for required, _ in asked):
        found.append(f"{name}: a dialog without a rule")
    return found


def test_alexa_would_accept_the_model(any_source: compiler.Source) -> None:
    assert faults(compiler.alexa_model(any_source, "en_US")) == []


def test_the_validator_itself_finds_faults(source: compiler.Source) -> None:
    model = json.loads(json.dumps(compiler.alexa_model(source, "en_US")))
    model["interactionModel"]["languageModel"]["intents"][0]["samples"] += ["book 2 seats", "to{route}"]
    model["interactionModel"]["dialog"]["intents"][0]["prompts"] = {}
    assert len(faults(model)) >= 3


def test_every_task_that_asks_or_confirms_is_in_the_dialog_model(any_source: compiler.Source) -> None:
    dialog = compiler.alexa_model(any_source, "en_US")["interactionModel"]["dialog"]["intents"]
    entries = {entry["name"]: entry for entry in dialog}
    for name, intent in any_source.default.intents.items():
        if intent.shape.role != "task":
            continue
        asked = {s for s, slot in intent.asked.items() if slot.required}
        if asked or intent.shape.confirm:
            assert asked <= {slot["name"] for slot in entries[name]["slots"]}
            assert entries[name]["confirmationRequired"] is (intent.shape.confirm is not None)
            assert entries[name]["delegationStrategy"] == "SKILL_RESPONSE"


def test_alexa_is_never_told_a_secret(any_source: compiler.Source) -> None:
    model = compiler.alexa_model(any_source, "en_US")["interactionModel"]["languageModel"]
    for intent in model["intents"]:
        authored = any_source.default.intents.get(intent["name"])
        secrets = {n for n, s in authored.shape.slots.items() if s.sensitive} if authored else set()
        assert not secrets & {slot["name"] for slot in intent.get("slots", [])}


def test_value_ids_and_synonyms_are_recovered_from_the_skill(any_source: compiler.Source) -> None:
    runtime = compiler.compile_runtime(any_source)["locales"]["en_US"]["values"]
    for entry in compiler.alexa_model(any_source, "en_US")["interactionModel"]["languageModel"]["types"]:
        recovered = {
            value["id"]: [value["name"]["value"], *value["name"].get("synonyms", [])] for value in entry["values"]
        }
        assert recovered == runtime[entry["name"]]


def test_an_answer_may_come_with_the_words_that_usually_lead_to_it(source: compiler.Source) -> None:
    language = compiler.alexa_model(source, "en_US")["interactionModel"]["languageModel"]
    intents = {intent["name"]: intent for intent in language["intents"]}
    samples = {slot["name"]: slot.get("samples") for slot in intents["BookCrossing"]["slots"]}
    assert samples["sailing_date"] == ["{sailing_date}", "on {sailing_date}"]
    money = {slot["name"]: slot.get("samples") for slot in intents["ClaimRefund"]["slots"]}
    assert money["amount"] == ["{amount}", "{amount} dollars"]


def test_a_locale_that_is_not_there_is_refused(source: compiler.Source) -> None:
    with pytest.raises(KeyError):
        compiler.alexa_model(source, "de_DE")


def test_the_manifest_names_the_function_and_three_examples(source: compiler.Source) -> None:
    arn = "arn:aws:lambda:us-east-1:111122223333:function:alexa"
    manifest = compiler.alexa_manifest(source, endpoint=arn)["manifest"]
    assert manifest["apis"]["custom"]["endpoint"] == {"uri": arn}
    examples = manifest["publishingInformation"]["locales"]["en-US"]["examplePhrases"]
    assert examples[0] == "Alexa, open skerry ferries"
    assert len(examples) == 3
