"""Between text channels and agents: what calls the relay, what it may do, and what its messages lie under."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from rehearsal.filters import matches
from tests.synth.conftest import Assembly, Resource, Synthesise, templates
from tests.synth.telephone import INSTANCE, actions, may, statements
from throughline.channels import texting, web
from throughline.relay.book import KEPT
from throughline.relay.dynamo_book import RELAY_PREFIX
from throughline.relay.events import ENDED, JOINED
from throughline.relay.queue import LEASE
from throughline.relay.relaying import GIVE_UP

EXISTING = "arn:aws:connect:us-east-1:123456789012:instance/00000000-0000-4000-8000-000000000000"
CHATTY = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


def function(assembly: Assembly) -> Resource:
    return assembly.one("Phone", "AWS::Lambda::Function", Handler="relay.handler")


def topic(assembly: Assembly) -> Resource:
    return assembly.one("Phone", "AWS::SNS::Topic")


def live(assembly: Assembly) -> dict[str, str]:
    (alias,) = [it for it in assembly.resources("Phone", "AWS::Lambda::Alias") if it.id.startswith("RelayLive")]
    return {"Ref": alias.id}


def mapping(assembly: Assembly) -> Mapping[str, Any]:
    return assembly.one("Phone", "AWS::Lambda::EventSourceMapping").properties


def granted(assembly: Assembly, action: str) -> list[dict[str, Any]]:
    return [it for it in statements(assembly, "relay") if action in actions(it)]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# -- what calls it ---------------------------------------------------------------------------------


def record(sort: str = "conversation", **images: str) -> dict[str, Any]:
    """A change in the customers' table; `images` are who has the conversation before and after."""
    told = {name: {"person": {"S": value}, "state": {"S": "{}"}} for name, value in images.items()}
    return {"dynamodb": {"Keys": {"pk": {"S": "C#c1"}, "sk": {"S": sort}}, "NewImage": {"state": {"S": "{}"}}, **told}}


def test_a_conversation_calls_it_while_a_person_has_it_and_as_it_is_handed_back(assembly: Assembly) -> None:
    patterns = [it["Pattern"] for it in mapping(assembly)["FilterCriteria"]["Filters"]]
    for scheme in (web.CHANNEL, texting.CHANNEL):
        for images in ({"NewImage": scheme}, {"OldImage": scheme}, {"NewImage": scheme, "OldImage": scheme}):
            assert matches(record(**images), patterns)
    assert not matches(record(), patterns), "a turn that no person is to answer costs nothing more"
    for other in ("live", "lex", "amzn1.echo-api.session", ""):
        assert not matches(record(NewImage=other, OldImage=other), patterns), "Amazon Connect has these itself"
    assert not matches(record("went#l1", NewImage="web"), patterns)


def test_what_fails_is_tried_for_longer_than_a_customer_waits_for_a_person(assembly: Assembly) -> None:
    follows = mapping(assembly)
    assert follows["FunctionName"] == live(assembly)
    assert follows["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert follows["BisectBatchOnFunctionError"] is True
    assert GIVE_UP < follows["MaximumRecordAgeInSeconds"] <= 3600
    assert follows["MaximumRetryAttempts"] >= 10
    assert follows["StartingPosition"] == "TRIM_HORIZON"
    queue = assembly.one("Phone", "AWS::SQS::Queue")
    assert follows["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": [queue.id, "Arn"]}
    invoked = assembly.one("Phone", "AWS::Lambda::EventInvokeConfig").properties
    assert "DestinationConfig" not in invoked, "what an agent wrote is kept in no queue"
    assert invoked["MaximumRetryAttempts"] == 2 and invoked["Qualifier"] == "live"


def test_it_runs_for_less_than_its_lease_on_a_relay(assembly: Assembly) -> None:
    assert function(assembly).properties["Timeout"] < LEASE


def test_the_topic_calls_it_with_what_a_customer_may_see_of_others(assembly: Assembly) -> None:
    subscription = assembly.one("Phone", "AWS::SNS::Subscription").properties
    assert subscription["Protocol"] == "lambda" and "RawMessageDelivery" not in subscription
    assert subscription["TopicArn"] == {"Ref": topic(assembly).id}
    assert subscription["Endpoint"] == live(assembly)
    policy = json.dumps(subscription["FilterPolicy"])

    def passes(**attributes: str) -> bool:
        return matches({"MessageVisibility": "ALL", **attributes}, (policy,))

    for role in ("AGENT", "SYSTEM", "CUSTOM_BOT"):
        assert passes(ParticipantRole=role, Type="MESSAGE", ContentType="text/plain")
        assert not passes(ParticipantRole=role, Type="MESSAGE", ContentType="text/plain", MessageVisibility="AGENT")
    assert passes(ParticipantRole="AGENT", Type="ATTACHMENT", ContentType="application/pdf")
    assert not passes(ParticipantRole="CUSTOMER", Type="MESSAGE", ContentType="text/plain"), "they know what they said"
    assert passes(ParticipantRole="AGENT", Type="EVENT", ContentType=JOINED)
    assert passes(Type="EVENT", ContentType=ENDED), "nobody's, so that it has no role"
    for silent in ("typing", "participant.left", "message.read", "message.delivered"):
        event = f"application/vnd.amazonaws.connect.event.{silent}"
        assert not passes(ParticipantRole="AGENT", Type="EVENT", ContentType=event)


def test_the_end_of_a_chat_calls_it_by_the_instances_own_events(assembly: Assembly) -> None:
    rule = assembly.one("Phone", "AWS::Events::Rule").properties
    assert rule.get("State", "ENABLED") == "ENABLED"
    assert [it["Arn"] for it in rule["Targets"]] == [live(assembly)]
    assert rule["EventPattern"] == {
        "source": ["aws.connect"],
        "detail-type": ["Amazon Connect Contact Event"],
        "detail": {"eventType": ["DISCONNECTED"], "channel": ["CHAT"], "instanceArn": [INSTANCE]},
    }


def test_only_the_topic_and_the_rule_may_call_it_and_by_its_alias(assembly: Assembly) -> None:
    template = templates(assembly)["Phone"]["Resources"]
    permissions = {
        it.properties["Principal"]: it
        for it in assembly.resources("Phone", "AWS::Lambda::Permission")
        if "Relay" in json.dumps(it.properties["FunctionName"])
    }
    rule = assembly.one("Phone", "AWS::Events::Rule")
    assert {principal: it.properties["SourceArn"] for principal, it in permissions.items()} == {
        "sns.amazonaws.com": {"Ref": topic(assembly).id},
        "events.amazonaws.com": {"Fn::GetAtt": [rule.id, "Arn"]},
    }
    for it in permissions.values():
        assert it.properties["FunctionName"] == live(assembly)
        assert it.properties["Action"] == "lambda:InvokeFunction"
    subscription = assembly.one("Phone", "AWS::SNS::Subscription")
    assert permissions["sns.amazonaws.com"].id in listed(template[subscription.id]["DependsOn"])


# -- what its messages lie under -------------------------------------------------------------------


@pytest.mark.parametrize("context", [{}, {"phone.instance_arn": EXISTING}])
def test_the_instance_alone_may_publish_and_nobody_without_tls(
    synthesise: Synthesise, context: dict[str, object]
) -> None:
    made = synthesise(context)
    instance: Any = EXISTING if context else INSTANCE
    (policy,) = [it.properties for it in made.resources("Phone", "AWS::SNS::TopicPolicy")]
    ours = {"Ref": topic(made).id}
    assert policy["Topics"] == [ours]
    allowed: list[dict[str, Any]] = []
    denied: list[dict[str, Any]] = []
    for statement in policy["PolicyDocument"]["Statement"]:
        assert statement["Resource"] == ours
        (allowed if statement["Effect"] == "Allow" else denied).append(statement)
    (publishes,) = allowed
    assert publishes["Principal"] == {"Service": "connect.amazonaws.com"}
    assert publishes["Action"] == "sns:Publish"
    assert publishes["Condition"]["StringEquals"] == CHATTY
    assert [*publishes["Condition"]["ArnLike"].values()] == [instance]
    (plain,) = denied
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}} and plain["Principal"] == "*"


def test_the_topic_lies_under_the_telephones_key_which_connect_uses_for_this_accounts_instances(
    assembly: Assembly,
) -> None:
    key = assembly.one("Phone", "AWS::KMS::Key")
    assert topic(assembly).properties["KmsMasterKeyId"] == {"Fn::GetAtt": [key.id, "Arn"]}
    connects = [
        it for it in key.properties["KeyPolicy"]["Statement"] if it["Principal"] == {"Service": "connect.amazonaws.com"}
    ]
    (statement,) = connects
    assert set(actions(statement)) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    assert statement["Condition"]["StringEquals"] == CHATTY
    (sources,) = statement["Condition"]["ArnLike"].values()
    # The instance's own log lies under the key, so that the key must be there before there is an instance to name.
    text = json.dumps(sources)
    assert ":connect:" in text and '{"Ref": "AWS::AccountId"}' in text and ':instance/*"' in text


def test_tokens_are_sealed_under_that_key_for_a_relay_and_for_nothing_else(assembly: Assembly) -> None:
    key = assembly.one("Phone", "AWS::KMS::Key")
    arn = {"Fn::GetAtt": [key.id, "Arn"]}
    assert function(assembly).properties["Environment"]["Variables"]["TOKENS_KEY"] == arn
    (statement,) = granted(assembly, "kms:Encrypt")
    assert (statement["Resource"], set(actions(statement))) == (arn, {"kms:Encrypt", "kms:Decrypt"})
    condition = json.dumps(statement["Condition"])
    assert "kms:EncryptionContext:relay" in condition, "what Amazon Connect stores under the key has another context"
    assert [it for it in statements(assembly, "relay") if it["Resource"] == arn] == [statement]


# -- what it may do --------------------------------------------------------------------------------


def test_it_begins_chats_in_its_own_flow_and_streams_those_of_the_instance(assembly: Assembly) -> None:
    assert may(assembly, "relay", "connect:") == {"connect:StartChatContact", "connect:StartContactStreaming"}
    (starts,), (streams,) = (granted(assembly, f"connect:{it}") for it in ("StartChatContact", "StartContactStreaming"))
    assert starts["Resource"] == {"Fn::GetAtt": ["RelayFlow", "ContactFlowArn"]}
    assert streams["Resource"] == INSTANCE
    told = function(assembly).properties["Environment"]["Variables"]
    assert (told["FLOW"], told["INSTANCE"], told["TOPIC"]) == (
        starts["Resource"], INSTANCE, {"Ref": topic(assembly).id},
    )  # fmt: skip


def test_it_speaks_by_tokens_and_needs_no_leave_for_that(assembly: Assembly) -> None:
    assert not may(assembly, "relay", "execute-api:") and not may(assembly, "relay", "connectparticipant:")


def test_it_writes_conversations_relays_and_what_waits_for_a_page_and_deletes_relays_alone(assembly: Assembly) -> None:
    leading = {
        action: sorted(listed(it["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]))
        for it in statements(assembly, "relay")
        for action in actions(it)
        if "dynamodb:LeadingKeys" in json.dumps(it.get("Condition", {}))
    }
    assert leading == {
        "dynamodb:PutItem": sorted(["C#*", "O#*", f"{RELAY_PREFIX}*"]),
        "dynamodb:UpdateItem": ["A#*"],
        "dynamodb:DeleteItem": [f"{RELAY_PREFIX}*"],
    }
    streams = {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"}
    assert may(assembly, "relay", "dynamodb:") == {"dynamodb:GetItem"} | streams | set(leading)
    assert not may(assembly, "relay", "s3:") and not may(assembly, "relay", "ses:")


def test_it_texts_from_what_codes_are_texted_from(assembly: Assembly, full: Assembly) -> None:
    assert may(assembly, "relay", "sms-voice:") == set()
    assert may(full, "relay", "sms-voice:") == {"sms-voice:SendTextMessage"}
    (statement,) = granted(full, "sms-voice:SendTextMessage")
    sender = "phone-0123456789abcdef0123456789abcdef"
    assert json.dumps(statement["Resource"]).endswith(f':phone-number/{sender}"]]}}')
    assert function(full).properties["Environment"]["Variables"]["SMS_FROM"] == sender


def test_what_is_kept_of_a_relay_outlives_the_longest_chat() -> None:
    from throughline.relay.connect_chats import MINUTES

    assert KEPT > MINUTES * 60


def test_without_a_telephone_there_is_no_relay(synthesise: Synthesise) -> None:
    without = synthesise({"phone.enabled": "false"})
    assert not [it for _, it in without.functions() if it.properties["Handler"] == "relay.handler"]
    assert "sns.amazonaws.com" not in json.dumps(templates(without))
