"""Reads the grammar of one locale out of a Lex V2 bot, as CloudFormation defines it (AWS::Lex::Bot).

Templates spell keys like `BotLocales`, CDK and our compiler like `botLocales`: either is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rehearsal.recogniser.grammar import Grammar, Intent, ListedValue, Slot, SlotType
from rehearsal.recogniser.kinds import Kind, built_in_kind
from rehearsal.recogniser.universal_samples import UNIVERSAL_SAMPLES

FALLBACK_SIGNATURE = "AMAZON.FallbackIntent"
SAMPLELESS = frozenset({FALLBACK_SIGNATURE, "AMAZON.KendraSearchIntent", "AMAZON.QnAIntent"})


class LocaleMissing(LookupError):
    """The bot has no such locale; the message lists those that it has."""


def from_lex(bot_properties: Mapping[str, object], locale: str) -> Grammar:
    """The grammar of that locale of the bot; raises LocaleMissing."""
    properties = _map(_as_in_templates(bot_properties))
    locales = {str(entry.get("LocaleId", "")): entry for entry in _maps(properties.get("BotLocales"))}
    definition = locales.get(locale)
    if definition is None:
        raise LocaleMissing(f"the bot has no locale {locale}: choose one of {', '.join(sorted(locales))}")
    intents: list[Intent] = []
    fallback = "FallbackIntent"
    for entry in _maps(definition.get("Intents")):
        signature = str(entry.get("ParentIntentSignature") or "")
        if signature == FALLBACK_SIGNATURE:
            fallback = str(entry["Name"])
        if signature not in SAMPLELESS:
            intents.append(_intent(entry, signature))
    declared = {str(entry["Name"]): _slot_type(entry) for entry in _maps(definition.get("SlotTypes"))}
    threshold = definition.get("NluConfidenceThreshold")
    return Grammar(
        intents=tuple(intents),
        slot_types=declared | _built_in(intents, declared),
        threshold=float(threshold) if isinstance(threshold, int | float | str) else 0.4,
        fallback=fallback,
    )


def _intent(entry: Mapping[str, object], signature: str) -> Intent:
    samples = tuple(str(sample["Utterance"]) for sample in _maps(entry.get("SampleUtterances")))
    slots = [Slot(str(slot["Name"]), str(slot.get("SlotTypeName", ""))) for slot in _maps(entry.get("Slots"))]
    priority = {str(rank["SlotName"]): int(str(rank["Priority"])) for rank in _maps(entry.get("SlotPriorities"))}
    slots.sort(key=lambda slot: priority.get(slot.name, len(priority) + 1))
    return Intent(str(entry["Name"]), samples or UNIVERSAL_SAMPLES.get(signature, ()), tuple(slots))


def _slot_type(entry: Mapping[str, object]) -> SlotType:
    setting = _map(entry.get("ValueSelectionSetting"))
    strategy = str(setting.get("ResolutionStrategy", "ORIGINAL_VALUE"))
    pattern = _map(setting.get("RegexFilter")).get("Pattern")
    values = tuple(
        ListedValue(
            canonical=str(_map(value.get("SampleValue")).get("Value", "")),
            synonyms=tuple(str(synonym["Value"]) for synonym in _maps(value.get("Synonyms"))),
        )
        for value in _maps(entry.get("SlotTypeValues"))
    )
    kind = built_in_kind(str(entry.get("ParentSlotTypeSignature") or "")) or Kind.LISTED
    return SlotType(
        name=str(entry["Name"]),
        kind=kind,
        values=values,
        resolve=strategy == "TOP_RESOLUTION",
        accepts_others=kind is Kind.LISTED and strategy == "ORIGINAL_VALUE",
        pattern=str(pattern) if pattern else None,
    )


def _built_in(intents: Iterable[Intent], declared: Mapping[str, SlotType]) -> dict[str, SlotType]:
    names = {slot.type_name for intent in intents for slot in intent.slots} - set(declared)
    return {name: SlotType(name, built_in_kind(name) or Kind.PHRASE) for name in sorted(names)}


def _as_in_templates(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key)[:1].upper() + str(key)[1:]: _as_in_templates(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_in_templates(inner) for inner in value]
    return value


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _maps(value: object) -> Sequence[Mapping[str, object]]:
    if not isinstance(value, list | tuple):
        return ()
    return [entry for entry in value if isinstance(entry, Mapping)]
