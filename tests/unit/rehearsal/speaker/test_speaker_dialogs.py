"""Slots elicited, intents and slots confirmed, and how slots are written."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rehearsal.speaker.cafe import SKILL, Cafe, Reading, Word, answers, confirms, elicits, order

Json = dict[str, Any]
BOOKING = {
    "name": "Book",
    "confirmationStatus": "NONE",
    "slots": {"day": {"name": "day", "value": "2026-11-25", "confirmationStatus": "NONE"}},
}


@pytest.fixture
def cafe() -> Cafe:
    cafe = Cafe()
    cafe.knows("a shot", "Order", drink=Word("shot", "espresso", ("espresso",)))
    cafe.knows("what do you have", "Menu")
    return cafe


def test_an_intent_with_a_dialog_starts_it_with_every_slot_present(cafe: Cafe) -> None:
    cafe.opens()
    request = cafe.says("a shot")
    assert request["dialogState"] == "STARTED"
    match = {
        "resolutionsPerAuthority": [
            {
                "authority": f"amzn1.er-authority.echo-sdk.{SKILL}.drink",
                "status": {"code": "ER_SUCCESS_MATCH"},
                "values": [{"value": {"name": "espresso", "id": "ESP"}}],
            }
        ]
    }
    assert request["intent"] == {
        "name": "Order",
        "confirmationStatus": "NONE",
        "slots": {
            "drink": {
                "name": "drink",
                "value": "shot",
                "resolutions": match,
                "confirmationStatus": "NONE",
                "source": "USER",
                "slotValue": {"type": "Simple", "value": "shot", "resolutions": match},
            },
            "cups": {"name": "cups", "confirmationStatus": "NONE"},
            "note": {"name": "note", "confirmationStatus": "NONE"},
        },
    }


def resolutions(cafe: Cafe, word: Word) -> Json:
    cafe.knows("order", "Order", drink=word)
    cafe.opens()
    slot = cafe.says("order")["intent"]["slots"]["drink"]
    assert slot["slotValue"]["resolutions"] == slot["resolutions"]
    (authority,) = slot["resolutions"]["resolutionsPerAuthority"]
    found: Json = authority
    return found


def test_a_word_outside_the_list_is_no_match_but_kept(cafe: Cafe) -> None:
    authority = resolutions(cafe, Word("lemonade", "lemonade"))
    assert authority["status"] == {"code": "ER_SUCCESS_NO_MATCH"} and "values" not in authority
    assert cafe.requests[-1]["request"]["intent"]["slots"]["drink"]["value"] == "lemonade"


def test_a_word_for_two_values_resolves_to_both_and_a_missing_id_is_made_up(cafe: Cafe) -> None:
    tea, coffee = resolutions(cafe, Word("Black", "tea", ("tea",)))["values"]
    assert tea["value"] == {"name": "tea", "id": "TEA"}
    assert coffee["value"]["name"] == "filter coffee"
    assert len(coffee["value"]["id"]) == 32 and set(coffee["value"]["id"]) <= set("0123456789abcdef")


def test_what_the_ear_takes_for_a_value_is_a_match_too(cafe: Cafe) -> None:
    authority = resolutions(cafe, Word("expresso", "espresso", ("espresso",)))
    assert [each["value"]["id"] for each in authority["values"]] == ["ESP"]


@pytest.mark.parametrize(
    ("intent", "slot", "heard", "value"),
    [
        ("Order", "cups", "2", "2"), ("Order", "cups", "2.00", "2"), ("Order", "cups", "2.50", "?"),
        ("Order", "cups", "banana", "?"), ("Order", "cups", "-3", "-3"),
        ("Order", "note", "no sugar", "no sugar"),
        ("Book", "day", "2026-11-25", "2026-11-25"), ("Book", "day", "2026-W48", "2026-W48"),
        ("Book", "day", "someday", "?"), ("Book", "hour", "15:30", "15:30"), ("Book", "hour", "EV", "EV"),
        ("Book", "hour", "half", "?"), ("Call", "phone", "206-555-0142", "2065550142"),
        ("Call", "phone", "mine", "?"), ("Call", "code", "0042", "0042"), ("Call", "code", "42", "?"),
        ("Call", "long", "PT10M", "PT10M"), ("Call", "long", "P", "?"), ("Call", "name", "Ana", "Ana"),
    ],
)  # fmt: skip
def test_built_in_types_carry_values_or_a_question_mark(
    cafe: Cafe, intent: str, slot: str, heard: str, value: str
) -> None:
    cafe.knows("it", intent, **{slot: Word(heard, heard, (heard,))})
    cafe.opens()
    written = cafe.says("it")["intent"]["slots"][slot]
    assert written["value"] == value and "resolutions" not in written
    assert written["slotValue"] == {"type": "Simple", "value": value}


def test_an_elicited_slot_joins_those_that_the_skill_holds(cafe: Cafe) -> None:
    cafe.opens(elicits("cups", order(drink="espresso")))
    request = cafe.says("2")
    assert cafe.ear.asked[-1] == ("2", ("Order", "cups"), False)
    assert request["dialogState"] == "IN_PROGRESS"  # the order is not confirmed
    slots = request["intent"]["slots"]
    assert slots["cups"]["value"] == "2" and slots["cups"]["source"] == "USER"
    assert slots["drink"] == {
        "name": "drink",
        "value": "espresso",
        "confirmationStatus": "NONE",
        "slotValue": {"type": "Simple", "value": "espresso"},
    }
    assert slots["note"] == {"name": "note", "confirmationStatus": "NONE"}


def test_more_than_was_asked_for_is_taken(cafe: Cafe) -> None:
    cafe.knows("two teas", "Order", drink=Word("tea", "tea"), cups=Word("two", "2"))
    cafe.opens(elicits("cups", order(drink="espresso")))
    slots = cafe.says("two teas")["intent"]["slots"]
    assert (slots["drink"]["value"], slots["cups"]["value"]) == ("tea", "2")


def test_without_an_updated_intent_the_requests_own_goes_on(cafe: Cafe) -> None:
    cafe.opens()
    cafe.says("a shot", elicits("cups", None))
    slots = cafe.says("2")["intent"]["slots"]
    assert slots["drink"]["resolutions"] and slots["cups"]["value"] == "2"


def test_a_slot_may_be_elicited_for_another_intent_than_the_requests(cafe: Cafe) -> None:
    cafe.opens()
    cafe.says("what do you have", elicits("drink", order(cups="3")))
    request = cafe.says("tea")
    assert request["intent"]["name"] == "Order" and request["intent"]["slots"]["cups"]["value"] == "3"


def test_another_intent_leaves_the_dialog(cafe: Cafe) -> None:
    cafe.opens(elicits("cups", order(drink="espresso")))
    request = cafe.says("what do you have")
    assert request["intent"] == {"name": "Menu", "confirmationStatus": "NONE"}
    cafe.says("mumble")
    assert cafe.ear.asked[-1] == ("mumble", None, False)  # the later answer asked nothing


def test_an_answer_that_fits_nothing_is_the_fallback(cafe: Cafe) -> None:
    cafe.opens(elicits("cups", order(drink="espresso")))
    request = cafe.says("mumble")
    assert request["intent"] == {"name": "AMAZON.FallbackIntent", "confirmationStatus": "NONE"}
    assert "dialogState" not in request


@pytest.mark.parametrize(("text", "status"), [("yes please", "CONFIRMED"), ("no", "DENIED")])
def test_yes_and_no_settle_the_intent(cafe: Cafe, text: str, status: str) -> None:
    cafe.opens(confirms(order(drink="espresso", cups="2")))
    request = cafe.says(text)
    assert request["intent"]["confirmationStatus"] == status
    assert request["intent"]["name"] == "Order" and request["dialogState"] == "COMPLETED"
    assert request["intent"]["slots"]["cups"]["value"] == "2"


def test_a_confirmation_without_all_that_is_required_is_still_in_progress(cafe: Cafe) -> None:
    cafe.opens(confirms(order(drink="espresso")))
    assert cafe.says("yes")["dialogState"] == "IN_PROGRESS"


def test_other_words_to_a_confirmation_are_their_own_intents(cafe: Cafe) -> None:
    cafe.opens(confirms(order(drink="espresso", cups="2")))
    request = cafe.says("what do you have")
    assert cafe.ear.asked[-1] == ("what do you have", None, True)
    assert request["intent"]["name"] == "Menu"


def test_a_new_value_said_to_a_confirmation_confirms_nothing(cafe: Cafe) -> None:
    cafe.opens(confirms(order(drink="tea", cups="2")))
    intent = cafe.says("a shot")["intent"]
    assert intent["confirmationStatus"] == "NONE"
    assert (intent["slots"]["drink"]["value"], intent["slots"]["cups"]["value"]) == ("shot", "2")


def test_yes_without_a_confirmation_is_the_built_in_intent(cafe: Cafe) -> None:
    cafe.knows("yes", "AMAZON.YesIntent")
    cafe.opens()
    assert cafe.says("yes")["intent"]["name"] == "AMAZON.YesIntent"


@pytest.mark.parametrize(
    ("text", "status", "state"), [("yes", "CONFIRMED", "COMPLETED"), ("no", "DENIED", "IN_PROGRESS")]
)
def test_a_slot_is_confirmed(cafe: Cafe, text: str, status: str, state: str) -> None:
    directive = {"type": "Dialog.ConfirmSlot", "slotToConfirm": "day", "updatedIntent": BOOKING}
    cafe.opens(answers("Wednesday?", directives=[directive]))
    request = cafe.says(text)
    assert request["intent"]["confirmationStatus"] == "NONE"
    assert request["intent"]["slots"]["day"]["confirmationStatus"] == status
    assert request["intent"]["slots"]["day"]["value"] == "2026-11-25"
    assert request["dialogState"] == state


def test_an_intent_that_the_model_does_not_have_is_not_heard(cafe: Cafe) -> None:
    cafe.ear.sentences["hm"] = Reading("Ghost")
    cafe.opens()
    assert cafe.says("hm")["intent"]["name"] == "AMAZON.FallbackIntent"


@pytest.mark.parametrize(
    ("said", "meant"), [("206 555 0142", "+12065550142"), ("two oh six five five five ...", "2065550142")]
)
def test_a_phone_number_gets_no_country_code(cafe: Cafe, said: str, meant: str) -> None:
    cafe.knows("it", "Call", phone=Word(said, meant, (meant,)))
    cafe.opens()
    assert cafe.says("it")["intent"]["slots"]["phone"]["value"] == "2065550142"
