"""Whatever is broken in our flows is caught, by the name of what is broken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pytest

from telephony.checking import CHECKS, check
from telephony.flow import Action, Condition, ErrorBranch, Flow
from telephony.language import ErrorType, FlowType
from tests.unit.telephony.mutating import (
    Change,
    added,
    at,
    becoming_log_on,
    doubled,
    error_to,
    inside,
    many,
    next_to,
    of_type,
    renamed,
    skipped,
    typed,
    when_to,
    with_parameters,
    without_error,
    without_parameter,
    without_when,
)

LONG = "<speak>" + "word " * 60 + "</speak>"


class Mutation(NamedTuple):
    what: str
    flow: str
    change: Change
    check: str
    """The name that it is caught by."""


NME, CAPACITY = ErrorType.NO_MATCHING_ERROR, ErrorType.QUEUE_AT_CAPACITY
SILENT = ErrorType.INPUT_TIME_LIMIT_EXCEEDED
MISMATCH = ErrorType.CHANNEL_MISMATCH
DIGITS = {"CustomValidation": {"MaximumLength": "0"}}
ORPHAN = Action("orphan", "MessageParticipant", {"Text": "Hi."}, "hang up", (), (ErrorBranch(NME, "hang up"),))

MUTATIONS = [
    # types and parameters
    Mutation("a type is misspelt", "inbound", typed("greet", "MessageParticipent"), "unknown-type"),
    Mutation("a type of another language", "conversation", typed("card value", "StoreUserInput"), "unknown-type"),
    Mutation("a service that has ended", "inbound", typed("log", "StartVoiceIdStream"), "ended-service"),
    Mutation("no words at all", "inbound", without_parameter("greet", "SSML"), "missing-parameter"),
    Mutation(
        "a function without its ARN", "inbound", without_parameter("look up", "LambdaFunctionARN"), "missing-parameter"
    ),
    Mutation(
        "no time limit for a key",
        "inbound",
        without_parameter("ask recording", "InputTimeLimitSeconds"),
        "missing-parameter",
    ),
    Mutation("no bot", "conversation", without_parameter("talk", "LexV2Bot"), "missing-parameter"),
    Mutation(
        "a certificate is forgotten",
        "conversation",
        inside("card value", "InputEncryption", Key=None),
        "missing-parameter",
    ),
    Mutation("a parameter of another block", "hand_over", with_parameters("enter", QueueId="q"), "unknown-parameter"),
    Mutation(
        "a nested parameter misspelt",
        "conversation",
        inside("card value", "DTMFConfiguration", FinishOnKey="#"),
        "unknown-parameter",
    ),
    Mutation("words both as text and as SSML", "inbound", with_parameters("greet", Text="Hello."), "bad-value"),
    Mutation("a word that is not one of two", "inbound", with_parameters("log", FlowLoggingBehavior="On"), "bad-value"),
    Mutation(
        "longer than a key is waited for",
        "inbound",
        with_parameters("ask recording", InputTimeLimitSeconds="300"),
        "bad-value",
    ),
    Mutation("no digits at all", "conversation", with_parameters("card value", InputValidation=DIGITS), "bad-value"),
    Mutation(
        "a number where a path belongs",
        "hand_over",
        with_parameters("set number", CallbackNumber="+12025550123"),
        "bad-value",
    ),
    Mutation(
        "two hooks in one block", "hand_over", inside("hook CustomerQueue", "EventHooks", CustomerHold="f"), "bad-value"
    ),
    Mutation(
        "a hook that does not exist",
        "hand_over",
        with_parameters("hook CustomerQueue", EventHooks={"Ringing": "f"}),
        "bad-value",
    ),
    Mutation(
        "a priority that is no number", "hand_over", with_parameters("goes first", QueuePriority="high"), "bad-value"
    ),
    Mutation("a loop too many", "inbound", with_parameters("ask once more", LoopCount="101"), "bad-value"),
    Mutation("a path to nowhere", "inbound", inside("keep", "Attributes", tier="$.Extrenal.tier"), "bad-path"),
    Mutation(
        "a tag that is not closed", "inbound", with_parameters("greet", SSML="<speak><p>Hello.</speak>"), "bad-ssml"
    ),
    Mutation(
        "a tag that a neural voice does not know",
        "inbound",
        with_parameters("greet", SSML="<speak><emphasis>Hi</emphasis></speak>"),
        "bad-ssml",
    ),
    Mutation("a prompt that nobody listens to", "inbound", with_parameters("greet", SSML=LONG), "prompt-too-long"),
    Mutation(
        "a question that nobody listens to", "conversation", with_parameters("quiet", SSML=LONG), "prompt-too-long"
    ),
    # branches
    Mutation("a failing function is not answered", "inbound", without_error("look up", NME), "missing-error-branch"),
    Mutation("a full queue is not answered", "hand_over", without_error("enter", CAPACITY), "missing-error-branch"),
    Mutation("the wrong channel is not answered", "inbound", without_error("record", MISMATCH), "missing-error-branch"),
    Mutation(
        "failing redaction is not answered",
        "inbound",
        without_error("analyse", ErrorType.IN_FLIGHT_REDACTION_FAILED),
        "missing-error-branch",
    ),
    Mutation("silence is not answered", "inbound", without_error("ask recording", SILENT), "missing-error-branch"),
    Mutation(
        "a number that can't be called",
        "hand_over",
        without_error("set number", ErrorType.CALLBACK_NUMBER_NOT_DIALABLE),
        "missing-error-branch",
    ),
    Mutation(
        "an error of another block",
        "inbound",
        at("look up", lambda a: replace(a, errors=(*a.errors, ErrorBranch("TimeLimitExceeded", "unknown")))),
        "unknown-error",
    ),
    Mutation("an error twice", "inbound", at("look up", lambda a: replace(a, errors=a.errors * 2)), "unknown-error"),
    Mutation(
        "a menu that compares by beginnings",
        "inbound",
        at("ask recording", lambda a: replace(a, conditions=(Condition("TextStartsWith", ("1",), "agree"),))),
        "unknown-condition-operator",
    ),
    Mutation(
        "a prompt with conditions",
        "inbound",
        at("greet", lambda a: replace(a, conditions=(Condition("Equals", ("1",), "look up"),))),
        "unknown-condition-operator",
    ),
    Mutation(
        "a key that no telephone has",
        "inbound",
        at("ask recording", lambda a: replace(a, conditions=(*a.conditions, Condition("Equals", ("12",), "agree")))),
        "unknown-condition",
    ),
    Mutation("open, but never closed", "hand_over", without_when("hours", "False"), "missing-condition"),
    Mutation("a loop that is never done", "conversation", without_when("failures", "DoneLooping"), "missing-condition"),
    Mutation(
        "a choice without a choice",
        "conversation",
        at("channel", lambda a: replace(a, conditions=())),
        "missing-condition",
    ),
    # transitions
    Mutation("two blocks of one name", "inbound", doubled("greet"), "duplicate-identifier"),
    Mutation("a name with a colon", "inbound", renamed("greet", "greet: hello"), "bad-identifier"),
    Mutation("a name too long", "inbound", renamed("greet", "greet " * 10), "bad-identifier"),
    Mutation("a name of JavaScript's", "inbound", renamed("greet", "constructor"), "bad-identifier"),
    Mutation("a transition to nothing", "conversation", next_to("sorry", "talk to nobody"), "unresolved-transition"),
    Mutation("an error to nothing", "hand_over", error_to("enter", CAPACITY, "overflow"), "unresolved-transition"),
    Mutation(
        "a start that is not there", "inbound", lambda flow: replace(flow, start="begin"), "unresolved-transition"
    ),
    Mutation("nothing after a prompt", "hand_over", next_to("say closed", None), "dead-end"),
    Mutation("something after hanging up", "inbound", next_to("hang up", "greet"), "after-the-end"),
    Mutation("a block that nothing leads to", "inbound", added(ORPHAN), "unreachable-action"),
    Mutation("recording is never stopped", "conversation", skipped("card ears off"), "recording-while-secret"),
    Mutation("only one end, which is gone", "disconnect", becoming_log_on("end", "channel"), "loop-without-customer"),
    Mutation("an endless song of prompts", "agent_whisper", becoming_log_on("end", "assurance"), "never-ends"),
    Mutation(
        "a failing bot is tried for ever", "conversation", error_to("talk", NME, "sorry"), "loop-without-customer"
    ),
    Mutation(
        "a silent caller is asked for ever",
        "inbound",
        error_to("ask recording", SILENT, "explain"),
        "loop-without-customer",
    ),
    Mutation(
        "a wrong number goes round",
        "hand_over",
        error_to("set number", ErrorType.INVALID_CALLBACK_NUMBER, "set number"),
        "loop-without-customer",
    ),
    Mutation("music that fails for ever", "customer_queue", error_to("wait", NME, "wait"), "loop-without-customer"),
    # limits
    Mutation("more actions than there may be", "inbound", many(250), "too-many-actions"),
    Mutation(
        "longer than Connect takes", "inbound", inside("keep", "Attributes", note="x" * 256_000), "content-too-long"
    ),
    Mutation(
        "a function with nine seconds",
        "conversation",
        with_parameters("card send", InvocationTimeLimitSeconds="9"),
        "lambda-time-limit",
    ),
    Mutation(
        "a function with no time at all",
        "inbound",
        with_parameters("look up", InvocationTimeLimitSeconds="0"),
        "lambda-time-limit",
    ),
    # secrets
    Mutation(
        "the log stays on",
        "conversation",
        with_parameters("card log off", FlowLoggingBehavior="Enabled"),
        "logging-while-secret",
    ),
    Mutation(
        "a way past turning the log off", "conversation", next_to("pin begins", "pin ears off"), "logging-while-secret"
    ),
    Mutation(
        "a second try with the log on",
        "conversation",
        when_to("answer", "capture:card", "card ears off"),
        "logging-while-secret",
    ),
    Mutation(
        "the log is on again between two secrets",
        "conversation",
        becoming_log_on("card value hold", "card expiry"),
        "logging-while-secret",
    ),
    Mutation(
        "only the automated part goes on being recorded",
        "conversation",
        with_parameters("pin ears off", VoiceBehavior={"VoiceRecordingBehavior": {"RecordedParticipants": []}}),
        "recording-while-secret",
    ),
    Mutation(
        "recording can't be stopped, and we go on",
        "conversation",
        error_to("card ears off", NME, "card value"),
        "recording-while-secret",
    ),
    Mutation("the log is never turned on again", "conversation", skipped("card log on"), "logging-left-off"),
    Mutation(
        "the log stays off when the caller gave up", "conversation", skipped("pin left log on"), "logging-left-off"
    ),
    Mutation(
        "digits are kept in the clear",
        "conversation",
        without_parameter("card value", "InputEncryption"),
        "secret-unencrypted",
    ),
    Mutation(
        "digits go into the contact's record",
        "conversation",
        inside("card keep", "Attributes", card="$.StoredCustomerInput"),
        "secret-kept",
    ),
    Mutation(
        "digits go there by a detour",
        "conversation",
        inside("card keep", "Attributes", card="$.FlowAttributes.value"),
        "secret-kept",
    ),
    # consent
    Mutation("recording begins unasked", "inbound", when_to("may ask", "CHAT", "record"), "recording-before-consent"),
    Mutation(
        "silence is taken for a yes", "inbound", error_to("ask recording", SILENT, "agree"), "recording-before-consent"
    ),
    Mutation("recording before the greeting", "inbound", next_to("log", "record"), "recording-before-consent"),
    Mutation(
        "a denial is taken for a yes",
        "inbound",
        when_to("consented", "denied", "agreed earlier"),
        "recording-before-consent",
    ),
    Mutation(
        "a chat is analysed without consent",
        "inbound",
        when_to("may ask", "CHAT", "analyse"),
        "recording-before-consent",
    ),
    Mutation(
        "recording comes back after a refusal",
        "conversation",
        at(
            "card agreed",
            lambda a: replace(
                a, next="card ears on", errors=(ErrorBranch(ErrorType.NO_MATCHING_CONDITION, "card ears on"),)
            ),
        ),
        "recording-before-consent",
    ),
    Mutation(
        "a callback is recorded whatever was said",
        "callback_whisper",
        error_to("recording", ErrorType.NO_MATCHING_CONDITION, "record"),
        "recording-before-consent",
    ),
    # customers
    Mutation("a transfer within a whisper", "hand_over", of_type(FlowType.AGENT_WHISPER), "wrong-flow-type"),
    Mutation("a looped prompt outside a queue", "customer_queue", of_type(FlowType.CONTACT_FLOW), "wrong-flow-type"),
    Mutation("a chat is asked for a key", "inbound", when_to("may ask", "CHAT", "ask recording"), "wrong-channel"),
    Mutation("a chat gets SSML", "inbound", when_to("channel", "CHAT", "greet"), "wrong-channel"),
    Mutation("a chat gets music", "customer_queue", when_to("channel", "CHAT", "wait"), "wrong-channel"),
    Mutation("a chat is to be called back", "hand_over", when_to("later", "CHAT", "book"), "wrong-channel"),
    Mutation("two functions without a word", "conversation", next_to("card forget", "card send"), "silence"),
    Mutation("no person any more", "conversation", becoming_log_on("person", "hang up"), "no-way-out"),
    Mutation("a failure that hangs up", "hand_over", error_to("enter", NME, "hang up"), "error-without-words"),
    Mutation(
        "a failed transfer that hangs up", "conversation", error_to("person", NME, "hang up"), "error-without-words"
    ),
]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.what)
def test_a_broken_flow_is_caught_by_name(mutation: Mutation, flows: Mapping[str, Flow]) -> None:
    whole = flows[mutation.flow]
    broken = mutation.change(whole)
    assert broken != whole
    found = {finding.check for finding in check(broken)}
    assert mutation.check in found, sorted(found)


def test_there_are_more_than_fifty_mutations_and_every_check_is_among_them() -> None:
    assert len({mutation.what for mutation in MUTATIONS}) == len(MUTATIONS) >= 50
    assert {mutation.check for mutation in MUTATIONS} == set(CHECKS)


def test_a_finding_says_where_and_what_to_do(flows: Mapping[str, Flow]) -> None:
    broken = without_error("look up", NME)(flows["inbound"])
    assert [str(finding) for finding in check(broken)] == [
        "missing-error-branch: look up: nothing answers NoMatchingError. Add a branch."
    ]


def test_our_flows_leave_room_within_the_limits(flows: Mapping[str, Flow]) -> None:
    for flow in flows.values():
        assert len(flow.actions) < 125
        assert len(json.dumps(flow.content())) < 128_000
