from __future__ import annotations

from datetime import date

import pytest

from rehearsal.recogniser import Grammar, Intent, ListedValue, Recogniser, Slot, SlotType
from rehearsal.recogniser.kinds import Kind

TYPES = {
    "code": SlotType("Code", Kind.ALPHANUMERIC, pattern="[A-Z]{2}[0-9]{4}"),
    "pin": SlotType("Pin", Kind.DIGITS, pattern="[0-9]{4}"),
    "colour": SlotType(
        "Colour",
        Kind.LISTED,
        (ListedValue("red"), ListedValue("blue", ("navy",))),
        resolve=False,
        accepts_others=True,
    ),
    "size": SlotType("Size", Kind.LISTED, (ListedValue("small", ("little",)), ListedValue("large"))),
}
BUILT_IN = {
    "phone": "AMAZON.PhoneNumber",
    "mail": "AMAZON.EmailAddress",
    "first": "AMAZON.FirstName",
    "last": "AMAZON.LastName",
    "city": "AMAZON.City",
    "country": "AMAZON.Country",
    "state": "AMAZON.State",
    "share": "AMAZON.Percentage",
    "sure": "AMAZON.Confirmation",
    "note": "AMAZON.FreeFormInput",
    "time": "AMAZON.Time",
    "span": "AMAZON.Duration",
    "query": "AMAZON.SearchQuery",
    "place": "AMAZON.Ordinal",
    "four": "AMAZON.FOUR_DIGIT_NUMBER",
    "shade": "AMAZON.Colour",
}
FORM = Intent(
    "FillForm",
    (
        "fill in the form",
        "call me at {phone}",
        "look for {query}",
        "my name is {first} {last}",
        "i live in {city}",
    ),
    tuple(Slot(name, name) for name in TYPES) + tuple(Slot(name, kind) for name, kind in BUILT_IN.items()),
)


@pytest.fixture(scope="module")
def form() -> Recogniser:
    other = Intent("CheckWeather", ("what is the weather", "will it rain", "is it sunny"))
    return Recogniser.train(Grammar((FORM, other), TYPES), today=lambda: date(2026, 11, 22))


@pytest.mark.parametrize(
    ("slot", "said", "meant"),
    [
        ("code", "ab1234", "ab1234"),
        ("code", "it's AB-1234", "AB1234"),
        ("code", "a b one two three four", "ab1234"),
        ("pin", "four eight two one", "4821"),
        ("pin", "double four twenty one please", "4421"),
        ("four", "4821", "4821"),
        ("phone", "(206) 555-0142", "+12065550142"),
        ("phone", "it is two oh six five five five oh one four two", "+12065550142"),
        ("phone", "+44 20 7946 0123", "+442079460123"),
        ("mail", "sam dot reed at example dot com", "sam.reed@example.com"),
        ("mail", "Sam@Example.com", "sam@example.com"),
        ("first", "my name is Ximena", "Ximena"),
        ("last", "O'Neill", "O'Neill"),
        ("city", "New York City", "New York City"),
        ("city", "in Tillamook", "Tillamook"),
        ("country", "the united kingdom", "United Kingdom"),
        ("state", "texas", "Texas"),
        ("share", "fifteen percent", "15%"),
        ("share", "10", "10%"),
        ("sure", "yep", "Yes"),
        ("sure", "i don't know", "Don't know"),
        ("time", "three", "15:00"),
        ("time", "at half past nine", "09:30"),
        ("span", "two weeks", "P2W"),
        ("place", "the second one", "2"),
        ("size", "the little one", "small"),
        ("size", "lrage", "large"),
        ("colour", "navy", "navy"),
        ("colour", "turquoise", "turquoise"),
        (
            "note",
            "The kettle broke, again; it is the third one.",
            "The kettle broke, again; it is the third one.",
        ),
    ],
)
def test_each_kind_of_slot_reads_its_answer(form: Recogniser, slot: str, said: str, meant: str) -> None:
    best = form.recognise(said, eliciting=("FillForm", slot))[0]
    assert best.intent == "FillForm"
    value = best.slots[slot]
    assert value is not None
    assert value.interpreted == meant


def test_a_value_that_the_pattern_refuses_is_not_taken(form: Recogniser) -> None:
    best = form.recognise("48210", eliciting=("FillForm", "pin"))
    assert all(entry.slots.get("pin") is None for entry in best)


def test_a_closed_list_refuses_other_words(form: Recogniser) -> None:
    best = form.recognise("gigantic", eliciting=("FillForm", "size"))
    assert all(entry.slots.get("size") is None for entry in best)


def test_an_open_list_tells_what_it_knows_from_what_it_took(form: Recogniser) -> None:
    known = form.recognise("navy", eliciting=("FillForm", "colour"))[0].slots["colour"]
    taken = form.recognise("turquoise", eliciting=("FillForm", "colour"))[0].slots["colour"]
    assert known is not None
    assert taken is not None
    assert (known.interpreted, known.resolved) == ("navy", ("blue",))
    assert (taken.interpreted, taken.resolved) == ("turquoise", ())


def test_open_slots_are_found_where_the_samples_have_them(form: Recogniser) -> None:
    slots = form.recognise("please look for a quiet place to read")[0].slots
    assert slots["query"] is not None
    assert slots["query"].interpreted == "a quiet place to read"
    name = form.recognise("my name is Ximena Delacroix")[0].slots
    assert name["first"] is not None
    assert name["last"] is not None
    assert (name["first"].interpreted, name["last"].interpreted) == ("Ximena", "Delacroix")


def test_a_question_for_free_text_still_lets_a_clear_other_intent_through(form: Recogniser) -> None:
    assert form.recognise("what is the weather", eliciting=("FillForm", "note"))[0].intent == "CheckWeather"
