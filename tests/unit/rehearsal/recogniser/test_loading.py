from __future__ import annotations

import pytest

from rehearsal.recogniser import ListedValue, Slot, from_alexa, from_lex
from rehearsal.recogniser.from_lex import LocaleMissing
from rehearsal.recogniser.kinds import Kind

LEX = {
    "Name": "shop",
    "BotLocales": [
        {
            "LocaleId": "en_US",
            "NluConfidenceThreshold": 0.55,
            "Intents": [
                {
                    "Name": "OrderFlowers",
                    "SampleUtterances": [{"Utterance": "order {count} {flower}"}],
                    "Slots": [
                        {"Name": "count", "SlotTypeName": "AMAZON.Number"},
                        {"Name": "flower", "SlotTypeName": "Flower"},
                        {"Name": "voucher", "SlotTypeName": "Voucher"},
                    ],
                    "SlotPriorities": [
                        {"SlotName": "flower", "Priority": 1},
                        {"SlotName": "count", "Priority": 2},
                        {"SlotName": "voucher", "Priority": 3},
                    ],
                },
                {"Name": "Assist", "ParentIntentSignature": "AMAZON.HelpIntent"},
                {"Name": "NotUnderstood", "ParentIntentSignature": "AMAZON.FallbackIntent"},
            ],
            "SlotTypes": [
                {
                    "Name": "Flower",
                    "SlotTypeValues": [
                        {"SampleValue": {"Value": "rose"}, "Synonyms": [{"Value": "roses"}]},
                        {"SampleValue": {"Value": "tulip"}},
                    ],
                    "ValueSelectionSetting": {"ResolutionStrategy": "TOP_RESOLUTION"},
                },
                {
                    "Name": "Voucher",
                    "ParentSlotTypeSignature": "AMAZON.AlphaNumeric",
                    "ValueSelectionSetting": {
                        "ResolutionStrategy": "ORIGINAL_VALUE",
                        "RegexFilter": {"Pattern": "[A-Z]{2}[0-9]{4}"},
                    },
                },
            ],
        }
    ],
}
ALEXA = {
    "interactionModel": {
        "languageModel": {
            "invocationName": "my shop",
            "intents": [
                {
                    "name": "OrderFlowers",
                    "samples": ["order {count} {flower}"],
                    "slots": [
                        {"name": "count", "type": "AMAZON.NUMBER"},
                        {"name": "flower", "type": "Flower"},
                    ],
                },
                {"name": "AMAZON.HelpIntent", "samples": ["what do you sell"]},
                {"name": "AMAZON.StopIntent", "samples": []},
                {"name": "AMAZON.FallbackIntent", "samples": []},
            ],
            "types": [{"name": "Flower", "values": [{"id": "r", "name": {"value": "rose", "synonyms": ["roses"]}}]}],
        }
    }
}


def test_a_lex_locale_becomes_a_grammar_with_slots_in_the_order_they_are_asked() -> None:
    grammar = from_lex(LEX, "en_US")
    order = grammar.intent("OrderFlowers")
    assert order is not None
    assert [slot.name for slot in order.slots] == ["flower", "count", "voucher"]
    assert grammar.threshold == 0.55
    assert grammar.fallback == "NotUnderstood"
    assert grammar.intent("NotUnderstood") is None
    assert grammar.slot_types["Flower"].values == (ListedValue("rose", ("roses",)), ListedValue("tulip"))
    assert grammar.slot_types["Flower"].resolve
    assert not grammar.slot_types["Flower"].accepts_others
    assert grammar.slot_types["Voucher"].kind is Kind.ALPHANUMERIC
    assert grammar.slot_types["Voucher"].pattern == "[A-Z]{2}[0-9]{4}"
    assert grammar.slot_types["AMAZON.Number"].kind is Kind.NUMBER


def test_a_built_in_intent_without_samples_understands_the_usual_words() -> None:
    assist = from_lex(LEX, "en_US").intent("Assist")
    assert assist is not None
    assert "help" in assist.samples


def test_a_missing_locale_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(LocaleMissing, match="choose one of en_US"):
        from_lex(LEX, "es_US")


def test_an_alexa_model_becomes_a_grammar() -> None:
    grammar = from_alexa(ALEXA)
    assert grammar.fallback == "AMAZON.FallbackIntent"
    assert [intent.name for intent in grammar.intents] == [
        "OrderFlowers",
        "AMAZON.HelpIntent",
        "AMAZON.StopIntent",
    ]
    assert grammar.intents[0].slots[1] == Slot("flower", "Flower")
    assert "what do you sell" in grammar.intents[1].samples
    assert "stop" in grammar.intents[2].samples
    assert grammar.slot_types["AMAZON.NUMBER"].kind is Kind.NUMBER
    assert grammar.slot_types["Flower"].accepts_others


def test_the_inside_of_an_alexa_model_is_accepted_as_well() -> None:
    assert from_alexa(ALEXA["interactionModel"]) == from_alexa(ALEXA)


def test_the_digest_tells_grammars_apart() -> None:
    assert from_lex(LEX, "en_US").digest() == from_lex(LEX, "en_US").digest()
    assert from_lex(LEX, "en_US").digest() != from_alexa(ALEXA).digest()


def test_keys_as_the_cdk_spells_them_are_read_as_well() -> None:
    def lowered(value: object) -> object:
        if isinstance(value, dict):
            return {key[0].lower() + key[1:]: lowered(inner) for key, inner in value.items()}
        return [lowered(inner) for inner in value] if isinstance(value, list) else value

    definition = lowered(LEX)
    assert isinstance(definition, dict)
    assert from_lex(definition, "en_US") == from_lex(LEX, "en_US")
