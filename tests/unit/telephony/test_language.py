"""The catalogue says what the flow language has, and where it says so."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import botocore
import pytest

from telephony.language import BLOCKS, STORED_INPUT, BlockSpec, ConditionStyle, ErrorType, FlowType, spec_of


@pytest.mark.parametrize("spec", BLOCKS.values(), ids=lambda spec: spec.type)
def test_every_block_names_its_page_and_makes_sense(spec: BlockSpec) -> None:
    assert spec.source.startswith("https://docs.aws.amazon.com/connect/latest/")
    assert BLOCKS[spec.type] is spec
    assert spec.flow_types and spec.channels and spec.title
    assert set(spec.errors).isdisjoint(spec.more_errors)
    assert len(spec.allowed) == len(spec.parameters)
    for group in (*spec.one_of, *spec.at_most_one):
        assert set(group) <= spec.allowed
    if spec.terminal:
        assert not spec.next and not spec.known_errors and spec.conditions.style is ConditionStyle.NONE


def test_the_kinds_of_flow_are_those_that_the_service_takes() -> None:
    folder = Path(botocore.__file__).parent / "data" / "connect"
    model = max(folder.glob("*/service-2.json.gz"))
    known = json.loads(gzip.decompress(model.read_bytes()))["shapes"]["ContactFlowType"]["enum"]
    assert [kind.value for kind in FlowType] == known


def test_storing_input_is_another_form_of_the_same_block() -> None:
    menu = spec_of("GetParticipantInput", {"StoreInput": "False"})
    assert menu is not None and menu.conditions.style is ConditionStyle.EQUALS
    assert spec_of("GetParticipantInput", {"StoreInput": "True"}) is STORED_INPUT
    assert STORED_INPUT.conditions.style is ConditionStyle.NONE
    assert ErrorType.INPUT_TIME_LIMIT_EXCEEDED not in STORED_INPUT.known_errors


def test_a_chat_s_analytics_can_fail_in_one_way_more() -> None:
    type_ = "UpdateContactRecordingAndAnalyticsBehavior"
    chat, voice = spec_of(type_, {"ChatBehavior": {}}), spec_of(type_, {"VoiceBehavior": {}})
    assert chat is not None and voice is not None
    assert set(chat.errors) - set(voice.errors) == {ErrorType.IN_FLIGHT_REDACTION_FAILED}


def test_what_the_language_does_not_have_has_no_spec() -> None:
    assert spec_of("StoreUserInput", {}) is None
