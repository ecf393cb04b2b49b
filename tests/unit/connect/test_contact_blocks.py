from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from rehearsal.connect.events import HookSet, LoggingChanged, Noted, RecordingChanged, Spoke
from rehearsal.connect.stand_ins import OpenLines
from tests.unit.connect.line import Line, action, flow, say

ERROR = {"NoMatchingError": "error"}


def ran(block: str, parameters: Mapping[str, object], said: str = "", errors: Sequence[str] = (), **more: Any) -> Line:
    taken = {error: error for error in errors} | ERROR
    it = action("block", block, parameters, "ok", errors=taken)
    return Line(flow(it, say("ok", said), say("error"), *map(say, errors)), **more).begin()


def test_attributes() -> None:
    line = ran(
        "UpdateContactAttributes", {"Attributes": {"who": "$.CustomerEndpoint.Address", "n": 5}}, "$.Attributes.n"
    )
    assert line.data.attributes == {"who": "+15555550101", "n": "5"} and line.said == ["5"]
    big = ran("UpdateContactAttributes", {"Attributes": {"a": "x" * 33_000}})
    assert big.said == ["error"] and big.data.attributes == {}


def test_flow_attributes_end_with_the_flow() -> None:
    given: dict[str, object] = {"FlowAttributes": {"a": {"Value": "$.Channel"}, "String": {"b": "2"}, "c": "3"}}
    line = ran("UpdateFlowAttributes", given, "$.FlowAttributes.a $.FlowAttributes.b $.FlowAttributes.c")
    assert line.said == ["VOICE 2 3"]
    setting = action("set", "UpdateFlowAttributes", given, "go")
    going = action("go", "TransferToFlow", {"ContactFlowId": "other"})
    other = flow(say("there", "[$.FlowAttributes.a]"), name="other")
    assert Line(flow(setting, going), other).begin().said == ["[]"]


def test_data_tags_voice_routing_and_logging() -> None:
    data = ran(
        "UpdateContactData",
        {"Name": "n $.Channel", "LanguageCode": "de-DE", "CustomerId": "c", "References": {"u": "x"}},
    )
    assert (data.data.name, data.data.language, data.data.customer_id) == ("n VOICE", "de-DE", "c")
    assert data.data.references == {"u": "x"}
    tags = ran("TagContact", {"Tags": {"a": "$.Channel"}}, "$.Tags.a")
    assert tags.said == ["VOICE"]
    both = Line(
        flow(
            action("t", "TagContact", {"Tags": {"a": "1", "b": "2"}}, "u"),
            action("u", "UnTagContact", {"TagKeys": ["a"]}),
        )
    ).begin()
    assert both.data.tags == {"b": "2"}
    voice = ran("UpdateContactTextToSpeechVoice", {"TextToSpeechVoice": "Vicki", "TextToSpeechEngine": "Neural"})
    assert voice.data.voice == "Vicki"
    assert ran("UpdateContactTextToSpeechVoice", {}).said == ["error"]
    assert ran("UpdateContactRoutingBehavior", {"QueuePriority": "2"}).data.priority == 2
    assert ran("UpdateContactRoutingBehavior", {"QueueTimeAdjustmentSeconds": "60"}).data.ahead == 60
    assert ran("UpdateRoutingCriteria", {"RoutingCriteria": {"Steps": []}}).said == ["ok"]
    assert ran("UpdateRoutingCriteria", {}).said == ["error"]
    log = ran("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "hello")
    assert log.of(LoggingChanged) == [LoggingChanged(True)]
    assert [it["ContactFlowModuleType"] for it in log.contact.records.log] == [
        "UpdateFlowLoggingBehavior", "MessageParticipant", "DisconnectParticipant",
    ]  # fmt: skip


def test_hooks_are_set_by_name() -> None:
    line = ran("UpdateContactEventHooks", {"EventHooks": {"AgentWhisper": "arn:w"}})
    assert line.of(HookSet) == [HookSet("AgentWhisper", "arn:w")] and line.said == ["ok"]
    assert ran("UpdateContactEventHooks", {"EventHooks": {"Teatime": "arn:w"}}).said == ["error"]
    assert ran("UpdateContactEventHooks", {}).said == ["error"]
    hold = ran("UpdateContactEventHooks", {"EventHooks": {"CustomerHold": "arn:w"}}, channel="CHAT")
    assert hold.said == ["error"]


@pytest.mark.parametrize(
    ("given", "customer", "refused", "branch"),
    [
        ("$.CustomerEndpoint.Address", "+15555550101", (), "ok"),
        ("$.CustomerEndpoint.Address", "anonymous", (), "InvalidCallbackNumber"),
        ("+15555550101", "+15555550101", (), "InvalidCallbackNumber"),
        ("$.Nothing.there", "+15555550101", (), "InvalidCallbackNumber"),
        ("$.CustomerEndpoint.Address", "+15555550101", ("+15555550101",), "CallbackNumberNotDialable"),
    ],
)
def test_callback_numbers(given: str, customer: str, refused: tuple[str, ...], branch: str) -> None:
    line = ran(
        "UpdateContactCallbackNumber",
        {"CallbackNumber": given},
        errors=["InvalidCallbackNumber", "CallbackNumberNotDialable"],
        customer=customer,
        lines=OpenLines(refused=frozenset(refused)),
    )
    assert line.said == [branch]


RECORDED = {"VoiceBehavior": {
    "VoiceRecordingBehavior": {"RecordedParticipants": ["Agent"], "IVRRecordingBehavior": "Enabled"},
    "VoiceAnalyticsBehavior": {"Enabled": "True"},
}}  # fmt: skip


def test_recording() -> None:
    old = {
        "RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]},
        "AnalyticsBehavior": {"Enabled": "True"},
    }
    assert ran("UpdateContactRecordingBehavior", old).of(RecordingChanged) == [
        RecordingChanged(("Agent", "Customer"), False, True)
    ]
    on = ran("UpdateContactRecordingAndAnalyticsBehavior", RECORDED)
    assert on.of(RecordingChanged) == [RecordingChanged(("Agent",), True, True)]
    assert on.contact.records.tape == ["system: ok"]
    analytics = ran("UpdateContactRecordingAndAnalyticsBehavior", {"VoiceBehavior": {"VoiceAnalyticsBehavior": {}}})
    assert analytics.of(RecordingChanged) == [RecordingChanged((), False, False)]
    errors = ["ChannelMismatch", "InFlightRedactionConfigurationFailed"]
    name = "UpdateContactRecordingAndAnalyticsBehavior"
    assert ran(name, RECORDED, errors=errors, channel="CHAT").said == ["ChannelMismatch"]
    chat: dict[str, Any] = {"ChatBehavior": {"ChatAnalyticsBehavior": {"Enabled": "True"}}}
    assert ran(name, chat, errors=errors, channel="CHAT").data.analytics
    assert ran(name, chat, errors=errors).said == ["ChannelMismatch"]
    chat["ChatBehavior"]["ChatAnalyticsBehavior"]["InFlightChatRedactionConfiguration"] = {"Enabled": "True"}
    assert ran(name, chat, errors=errors, channel="CHAT").said == ["InFlightRedactionConfigurationFailed"]


@pytest.mark.parametrize(
    ("block", "parameters", "works", "elsewhere"),
    [
        ("UpdateContactMediaStreamingBehavior", {"MediaStreamingState": "Enabled"}, "VOICE", "error"),
        ("UpdateContactMediaProcessing", {"ChatProcessor": {"LambdaProcessorARN": "f"}}, "CHAT", "ChannelMismatch"),
        ("CreatePersistentContactAssociation", {"SourceContactId": "x"}, "CHAT", "error"),
        ("UpdatePreviousContactParticipantState", {"PreviousContactParticipantState": "OffHold"}, "VOICE", "error"),
    ],
)
def test_blocks_of_one_channel(block: str, parameters: dict[str, object], works: str, elsewhere: str) -> None:
    other = "CHAT" if works == "VOICE" else "VOICE"
    assert ran(block, parameters, channel=works).of(Noted)
    assert ran(block, parameters, errors=["ChannelMismatch"], channel=other).said == [elsewhere]


def test_noted_blocks() -> None:
    assert ran("UpdatePreviousContactParticipantState", {"PreviousContactParticipantState": "Asleep"}).said == ["error"]
    assert ran("ResumeContact", {}).said == ["ok"]
    wisdom = ran("CreateWisdomSession", {"WisdomAssistantArn": "arn:aws:wisdom:r:a:assistant/x"})
    assert ":session/x/" in wisdom.data.wisdom
    assert ran("CreateWisdomSession", {}).said == ["error"]


@pytest.mark.parametrize(
    ("parameters", "channel", "said"),
    [
        ({"Text": "Hi $.Channel"}, "VOICE", [("Hi VOICE", "text"), ("ok", "text")]),
        ({"SSML": "<speak>$.Channel</speak>"}, "VOICE", [("<speak>VOICE</speak>", "ssml"), ("ok", "text")]),
        ({"PromptId": "p"}, "VOICE", [("p", "prompt"), ("ok", "text")]),
        ({"Media": {"Uri": "s3://b/k", "SourceType": "S3"}}, "VOICE", [("s3://b/k", "media"), ("ok", "text")]),
        ({"Text": "Hi"}, "CHAT", [("Hi", "text"), ("ok", "text")]),
        ({"Text": "x" * 2000}, "CHAT", [("x" * 1024, "text"), ("ok", "text")]),
        ({"SSML": "<speak/>"}, "CHAT", [("error", "text")]),
        ({"PromptId": "p"}, "CHAT", [("error", "text")]),
        ({}, "VOICE", [("error", "text")]),
        ({"Text": "Hi"}, "TASK", []),
    ],
)
def test_prompts(parameters: dict[str, object], channel: str, said: list[tuple[str, str]]) -> None:
    line = ran("MessageParticipant", parameters, channel=channel)
    assert [(it.content, it.kind) for it in line.of(Spoke)] == said
    assert not any(it.barge_in for it in line.of(Spoke))


class Book:
    """Profiles by hand."""

    def __init__(self, *found: Mapping[str, str]) -> None:
        self.found, self.kept = found, list[tuple[str, Mapping[str, str]]]()

    def find(self, kind: str, request: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        return self.found

    def keep(self, kind: str, request: Mapping[str, str]) -> Mapping[str, str]:
        self.kept.append((kind, request))
        return {**request, "ProfileId": "p-1"}


def test_profiles_and_cases() -> None:
    errors = ["NoneFoundError", "MultipleFoundError", "NoneFound", "MultipleFound"]
    one: dict[str, Any] = {"profiles": Book({"FirstName": "Ann"})}
    assert ran("GetCustomerProfile", {}, "$.Customer.FirstName", errors, **one).said == ["Ann"]
    assert ran("GetCase", {"CustomerId": "c"}, "$.Case.FirstName", errors, **one).said == ["Ann"]
    assert ran("GetCustomerProfile", {}, "", errors, profiles=Book()).said == ["NoneFoundError"]
    assert ran("GetCase", {}, "", errors, profiles=Book()).said == ["NoneFound"]
    assert ran("GetCustomerProfile", {}, "", errors, profiles=Book({}, {})).said == ["MultipleFoundError"]
    assert ran("GetCustomerProfileObject", {}, "", errors, profiles=Book({}, {})).said == ["ok"]
    assert ran("GetCustomerProfile", {}, "", errors).said == ["error"]
    book = Book()
    made = ran(
        "CreateCustomerProfile",
        {"ProfileRequestData": {"FirstName": "$.Channel"}},
        "$.Customer.ProfileId",
        profiles=book,
    )
    assert made.said == ["p-1"] and book.kept == [("profile", {"FirstName": "VOICE"})]
    assert ran("UpdateCase", {"CaseId": "c"}).said == ["error"]
