"""The contact centre's own flows: nothing is found in them, and they say and do what they promise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

import compiler
from telephony import contact_centre
from telephony.checking import FlowsRefused, check, require
from telephony.flow import Flow, FlowProblem
from telephony.language import FlowType
from tests.unit.telephony.centre import DIALOGUE, INSTANCE, Telephones, places

TYPES = {
    "agent_whisper": FlowType.AGENT_WHISPER,
    "customer_whisper": FlowType.CUSTOMER_WHISPER,
    "callback_whisper": FlowType.OUTBOUND_WHISPER,
    "customer_queue": FlowType.CUSTOMER_QUEUE,
}
BARE = {"holidays": "", "task_template": "", "capture_key": "", "capture_certificate": "", "music": ""}


def foreign(words: Telephones) -> Telephones:
    """The same words as a second language."""
    shape = words[0]._shape
    return (*words, compiler.Telephone(shape, locale="es_US", business="Meridian", voice="Lupe", engine="neural"))


def spoken(flow: Flow, id_: str) -> str:
    action = flow.action(id_)
    assert action is not None
    return str(action.parameters.get("SSML") or action.parameters["Text"])


def test_nothing_is_found_in_our_flows(flows: Mapping[str, Flow]) -> None:
    assert {name: check(flow) for name, flow in flows.items()} == dict.fromkeys(flows, ())


@pytest.mark.parametrize("settings", [BARE, {**BARE, "holidays": "arn:h"}, {"music": ""}])
def test_nothing_is_found_in_them_with_less_configured(words: Telephones, settings: dict[str, str]) -> None:
    require(contact_centre.flows(words, places(words, **settings)))


def test_nothing_is_found_in_two_languages(words: Telephones) -> None:
    both = foreign(words)
    made = {flow.name: flow for flow in contact_centre.flows(both, places(both))}
    require(made.values())
    assert len(made) == 2 * len(contact_centre.FLOWS)
    menu = spoken(made["inbound"], "choose language")
    assert 'xml:lang="es-US"' in menu and "press 2" in menu
    assert made["inbound-es_US"].action("choose language") is None
    chosen = made["inbound"].action("inbound in es_US")
    assert chosen is not None
    assert chosen.parameters["ContactFlowId"] == f"{INSTANCE}/contact-flow/inbound-es_US"


def test_each_flow_is_of_its_kind(flows: Mapping[str, Flow]) -> None:
    assert {name: flow.type for name, flow in flows.items()} == {
        name: TYPES.get(name, FlowType.CONTACT_FLOW) for name in contact_centre.FLOWS
    }


def test_a_flow_needs_only_those_that_were_made_before_it(words: Telephones) -> None:
    known = places(words)
    made: dict[str, str] = {}
    for name in contact_centre.names(words):
        flow = contact_centre.build(name, words, replace(known, flows=dict(made)))
        made[flow.name] = known.flows[name]
    assert set(made) == set(known.flows)


def test_a_missing_place_is_named(words: Telephones) -> None:
    with pytest.raises(FlowProblem, match="no flow 'hand_over'"):
        contact_centre.build("conversation", words, replace(places(words), flows={}))
    with pytest.raises(FlowProblem, match="no flow 'musak'"):
        contact_centre.build("musak", words, places(words))


def test_a_model_without_a_telephone_has_no_flows() -> None:
    source = compiler.load(DIALOGUE.parent / "tests" / "models" / "ferry")
    with pytest.raises(FlowProblem, match=r"no telephone\.yaml"):
        contact_centre.telephones(source)


def test_without_a_capture_key_nothing_is_captured(words: Telephones) -> None:
    flow = contact_centre.build("conversation", words, places(words, **BARE))
    content = json.dumps(flow.content())
    assert "InputEncryption" not in content and "tl-captures" not in content and "secret_turn" not in content


def test_lex_is_told_what_can_be_captured_on_the_telephone_and_nothing_in_a_chat(flows: Mapping[str, Flow]) -> None:
    given = {}
    for id_ in ("talk", "talk on", "chat", "chat again"):
        action = flows["conversation"].action(id_)
        assert action is not None
        attributes = action.parameters["LexSessionAttributes"]
        assert isinstance(attributes, dict)
        given[id_] = attributes.get("tl-captures")
    assert given == {
        "talk": "card pin telephone_pin",
        "talk on": "card pin telephone_pin",
        "chat": None,
        "chat again": None,
    }


def test_a_pointer_travels_and_never_a_profile(flows: Mapping[str, Flow]) -> None:
    kept = {
        name
        for flow in flows.values()
        for action in flow.actions
        if action.type == "UpdateContactAttributes" and isinstance(action.parameters["Attributes"], dict)
        for name in action.parameters["Attributes"]
    }
    assert kept == {
        "pointer", "assurance", "known", "tier", "recording", "locale", "language", "question", "intent", "reason",
        "callback_number", "home", "relayed",
    }  # fmt: skip


def test_every_function_is_called_within_its_time(flows: Mapping[str, Flow]) -> None:
    limits = {
        (str(action.parameters["LambdaFunctionARN"]).rsplit(":", 1)[1], action.parameters["InvocationTimeLimitSeconds"])
        for flow in flows.values()
        for action in flow.actions
        if action.type == "InvokeLambdaFunction"
    }
    assert limits == {
        ("contact_data", "2"), ("secret_turn", "8"), ("agent_screen", "8"), ("disposition", "8"), ("callback", "8"),
    }  # fmt: skip


def test_errors_are_said_where_nothing_interrupts_and_questions_where_a_key_does(flows: Mapping[str, Flow]) -> None:
    conversation, inbound = flows["conversation"], flows["inbound"]
    for flow, id_ in ((inbound, "explain"), (conversation, "sorry"), (conversation, "card value again")):
        action = flow.action(id_)
        assert action is not None and action.type == "MessageParticipant"
    for flow, id_ in ((inbound, "ask recording"), (conversation, "quiet"), (conversation, "card value")):
        action = flow.action(id_)
        assert action is not None and action.type == "GetParticipantInput"


def test_a_number_is_read_digit_by_digit(flows: Mapping[str, Flow]) -> None:
    assert '<say-as interpret-as="telephone">$.Attributes.callback_number</say-as>' in spoken(
        flows["hand_over"], "confirm number"
    )


def test_intents_go_to_the_queue_that_the_author_named(flows: Mapping[str, Flow]) -> None:
    action = flows["hand_over"].action("intent")
    assert action is not None
    chosen = {condition.operands[0]: condition.next for condition in action.conditions}
    assert chosen["ReportLostCard"] == "queue cards"
    assert chosen["ReportFraud"] == "queue protection"
    assert action.next == "queue everyday"


def test_flows_that_may_not_be_deployed_are_refused_by_name(flows: Mapping[str, Flow]) -> None:
    broken = replace(flows["disconnect"], start="nowhere")
    with pytest.raises(FlowsRefused, match="disconnect: unresolved-transition: the flow"):
        require([broken])
