"""Flows as pictures: readable words, places, and every branch."""

from __future__ import annotations

from rehearsal.connect.flows import read_flow
from rehearsal.flow_picture import picture

FLOW = {
    "Version": "2019-10-30",
    "StartAction": "greet",
    "Actions": [
        {
            "Identifier": "greet",
            "Type": "MessageParticipant",
            "Parameters": {"SSML": "<speak>Good <break time='1s'/>day</speak>"},
            "Transitions": {"NextAction": "ask", "Errors": [{"NextAction": "ask", "ErrorType": "NoMatchingError"}]},
        },
        {
            "Identifier": "ask",
            "Type": "Compare",
            "Parameters": {"ComparisonValue": "$.Attributes.tier"},
            "Transitions": {
                "NextAction": "end",
                "Conditions": [{"NextAction": "greet", "Condition": {"Operator": "Equals", "Operands": ["priority"]}}],
                "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingCondition"}],
            },
        },
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
        {"Identifier": "0a1b2c3d-lost", "Type": "SomethingNew", "Parameters": {}, "Transitions": {}},
    ],
}


def test_blocks_have_the_words_of_who_wrote_them_and_of_the_editor() -> None:
    drawn = picture(read_flow(FLOW, name="hello-there"), {}, {})
    greet, ask, _, lost = drawn.blocks
    assert drawn.title == "Hello there"
    assert (greet.title, greet.kind, greet.says) == ("Greet", "Play prompt", "Good day")
    assert (ask.kind, ask.says) == ("Check contact attributes", "Attributes, tier")
    assert lost.kind == "Something new"


def test_what_happens_otherwise_is_one_branch_and_no_fault() -> None:
    _, ask, _, _ = picture(read_flow(FLOW), {}, {}).blocks
    assert [(way.label, way.to, way.error) for way in ask.ways] == [
        ("priority", "greet", False),
        ("otherwise", "end", False),
    ]


def test_a_flow_without_places_is_laid_out_by_distance_with_nothing_on_top_of_anything() -> None:
    blocks = picture(read_flow(FLOW), {}, {}).blocks
    assert [block.x for block in blocks[:3]] == sorted(block.x for block in blocks[:3])
    assert len({(block.x, block.y) for block in blocks}) == len(blocks)


def test_places_of_the_editor_are_kept_if_every_block_has_one() -> None:
    places = {id: (40 * at, 10) for at, id in enumerate(("greet", "ask", "end", "0a1b2c3d-lost"))}
    assert [(block.x, block.y) for block in picture(read_flow(FLOW), places, {}).blocks] == list(places.values())
