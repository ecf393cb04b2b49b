"""Values the way people say them, and nothing internal ever."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.channels.lantern import LINES, ODD, lantern
from throughline.dialogue.model import Prompt
from throughline.rendering import label, plain, said_line, shown, spoken, well_formed
from throughline.reply import Choice, Line, Param, Reply, Typed

ECHO = replace(
    lantern(),
    locales={
        "en_US": replace(
            lantern().locales["en_US"],
            prompts={
                "Echo.say": Prompt(("{value}",), ("{value}",)),
                "Echo.item": Prompt(("{what} for {price}",), ("{what}: {price}",)),
                "Bare.say": Prompt(("{value}",), ("{value}",)),
                "Echo.more": Prompt(("one", "two", "three"), ("1", "2")),
                "Echo.nothing": Prompt((), ()),
                "phrases.trouble": Prompt(("Sorry.",), ("Sorry!",)),
                "phrases.yes": Prompt(("yes",), ("yes",)),
            },
        )
    },
)


def both(kind: str, value: str) -> tuple[str, str]:
    line = Line("Echo.say", {"value": Typed(kind, value)})
    return said_line(ECHO, line, "en_US"), "\n".join(shown(ECHO, Reply((line,)), "en_US"))


@pytest.mark.parametrize(
    ("kind", "value", "say", "show"),
    [
        ("money", "12.50", "$12.50", "$12.50"),
        ("money", "1200.00", "$1,200", "$1,200.00"),
        ("money", "-3", "-$3", "-$3.00"),
        ("date", "2026-11-27", "Friday, November 27", "Fri, Nov 27, 2026"),
        ("time", "00:05", "12:05 AM", "12:05 AM"),
        ("time", "13:30", "1:30 PM", "1:30 PM"),
        ("digits", "0712", '<say-as interpret-as="digits">0712</say-as>', "0712"),
        ("number", "3", "3", "3"),
        ("choice:item", "map", "the map", "the map"),
        ("label:PayFee", "PayFee", "do PayFee", "do PayFee"),
        ("doing:PayFee", "PayFee", "doing PayFee", "doing PayFee"),
        ("slot:PayFee.amount", "amount", "amount", "amount"),
        ("phrase", "yes", "yes", "yes"),
        ("text", "a < b & c", "a &lt; b &amp; c", "a < b & c"),
    ],
)
def test_a_value_is_said_and_shown(kind: str, value: str, say: str, show: str) -> None:
    assert both(kind, value) == (say, show)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("money", "NaN"), ("money", "sNaN"), ("money", "Infinity"), ("money", "lots"),
        ("date", "2026-02-30"),
        ("date", "soon"), ("time", "25:00"), ("time", "noon"), ("choice:item", "opera"), ("choice:none", "x"),
        ("label:Gone", "Gone"), ("doing:Gone", "Gone"), ("slot:Gone.gone", "gone"), ("phrase", "gone"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_said_gives_way_to_the_apology_and_shows_nothing_internal(kind: str, value: str) -> None:
    assert both(kind, value) == ("", "Sorry!")


def test_records_are_said_and_shown_by_their_item_prompt() -> None:
    records: Param = tuple(
        {"what": Typed("text", w), "price": Typed("money", p)} for w, p in (("tea", "2"), ("a<b", "3.5"))
    )
    line = Line("Echo.say", {"value": records})
    assert said_line(ECHO, line, "en_US") == "tea for $2. a&lt;b for $3.50"
    assert shown(ECHO, Reply((line,)), "en_US") == ("• tea: $2.00\n• a<b: $3.50",)
    assert said_line(ECHO, replace(line, prompt="Bare.say"), "en_US") == "tea, $2, a&lt;b, $3.50"


def test_what_is_missing_is_left_out() -> None:
    for prompt in ("Echo.say", "Echo.nothing", "Gone.gone", ""):
        assert said_line(ECHO, Line(prompt), "en_US") == ""
        assert spoken(ECHO, Reply((Line(prompt),)), "en_US") == "Sorry."
        assert shown(ECHO, Reply((Line(prompt), Line("Echo.more"))), "en_US") == ("1",)
    assert shown(ECHO, Reply((), relayed=True), "en_US") == ()
    assert spoken(ECHO, Reply((), relayed=True), "en_US") == ""


def test_an_unknown_locale_is_answered_in_the_default_one() -> None:
    assert shown(ECHO, Reply((Line("Echo.more"),)), "tlh_XX") == ("1",)


def test_variations_are_taken_in_turn() -> None:
    assert [said_line(ECHO, Line("Echo.more", {}, n), "en_US") for n in range(4)] == [
        "one",
        "two",
        "three",
        "one",
    ]


def test_a_value_is_never_read_as_a_prompt() -> None:
    assert both("text", "{value} {note}") == ("{value} {note}", "{value} {note}")


def test_labels_begin_with_a_capital() -> None:
    assert label(ECHO, Choice(Typed("choice:item", "map"), "Reserve"), "en_US") == "The map"
    assert label(ECHO, Choice(Typed("choice:item", "gone"), "Reserve"), "en_US") == ""


def test_plain_takes_tags_away_and_signs_back() -> None:
    assert plain('say <say-as interpret-as="digits">12</say-as><break/> a &lt;b&gt; &amp;lt; &apos;c&#x27;') == (
        "say 12 a <b> &lt; 'c'"
    )


@settings(max_examples=200, deadline=None)
@given(line=LINES)
def test_speech_is_always_well_formed(line: Line) -> None:
    ssml = said_line(lantern(), line, "en_US")
    assert well_formed(ssml)
    ET.fromstring(f"<speak>{ssml}</speak>")


@settings(max_examples=200, deadline=None)
@given(value=ODD, kind=st.sampled_from(["text", "digits"]))
def test_what_was_said_is_said_again_to_the_letter(value: str, kind: str) -> None:
    ssml, _ = both(kind, value)
    said = ET.fromstring(f"<speak>{ssml}</speak>")
    assert [part.tag for part in said] in ([], ["say-as"])
