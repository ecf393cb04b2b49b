"""The telephone: who may do what there, what is kept where, when people answer and how long customers wait."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.phone.permissions import PERMISSIONS
from stacks.team import Team
from tests.synth.conftest import Assembly, Synthesise, templates
from tests.synth.telephone import CONNECT, INSTANCE, one, phone

EXISTING = "arn:aws:connect:us-east-1:123456789012:instance/00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def existing(synthesise: Synthesise) -> Assembly:
    """What is synthesised for an instance that is there already."""
    return synthesise({"phone.instance_arn": EXISTING, "phone.capture_certificate": "tests/synth/capture.pem"})


# -- the instance and what it keeps ----------------------------------------------------------------


def test_the_instance_takes_and_makes_calls_analyses_them_and_logs_its_flows(assembly: Assembly) -> None:
    instance = one(assembly, "Instance")
    on = {"InboundCalls", "OutboundCalls", "ContactLens", "ContactflowLogs", "EarlyMedia", "AutoResolveBestVoices"}
    assert instance.properties["Attributes"] == dict.fromkeys(on, True)
    assert instance.properties["IdentityManagementType"] == "CONNECT_MANAGED"
    assert instance.deletion == "Retain"


def test_its_name_is_the_environments_and_the_accounts(assembly: Assembly, synthesise: Synthesise) -> None:
    assert one(assembly, "Instance").properties["InstanceAlias"] == {
        "Fn::Join": ["", ["throughline-dev-", {"Ref": "AWS::AccountId"}]]
    }
    named = synthesise({"phone.instance_alias": "meridian-test"})
    assert one(named, "Instance").properties["InstanceAlias"] == "meridian-test"
    key = named.one("Phone", "AWS::KMS::Key").properties["KeyPolicy"]["Statement"]
    assert any(":log-group:/aws/connect/meridian-test" in str(it.get("Condition")) for it in key)


def test_everything_that_is_recorded_lies_in_one_bucket_under_the_telephones_key(assembly: Assembly) -> None:
    key = assembly.one("Phone", "AWS::KMS::Key")
    assert key.properties["EnableKeyRotation"] is True
    bucket = assembly.one("Phone", "AWS::S3::Bucket")
    kept = {it.properties["ResourceType"]: it.properties for it in phone(assembly, "InstanceStorageConfig")}
    assert set(kept) == {"CALL_RECORDINGS", "CHAT_TRANSCRIPTS", "SCHEDULED_REPORTS", "CONTACT_EVALUATIONS"}
    for config in kept.values():
        assert config["InstanceArn"] == INSTANCE
        assert config["S3Config"]["BucketName"] == {"Ref": bucket.id}
        assert config["S3Config"]["EncryptionConfig"] == {
            "EncryptionType": "KMS",
            "KeyId": {"Fn::GetAtt": [key.id, "Arn"]},
        }
    assert len({config["S3Config"]["BucketPrefix"] for config in kept.values()}) == 4
    (rule,) = bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {"Fn::GetAtt": [key.id, "Arn"]}


def test_recordings_are_closed_to_the_public_and_gone_when_the_setting_says(
    assembly: Assembly, synthesise: Synthesise
) -> None:
    for each, days in ((assembly, 365), (synthesise({"phone.recordings_days": "30"}), 30)):
        bucket = each.one("Phone", "AWS::S3::Bucket").properties
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert [it["ExpirationInDays"] for it in bucket["LifecycleConfiguration"]["Rules"]] == [days]
        assert "VersioningConfiguration" not in bucket, "what was to be gone must be gone"


def test_flow_logs_lie_under_the_telephones_key_and_end(assembly: Assembly) -> None:
    named = [it for it in assembly.resources("Phone", "AWS::Logs::LogGroup") if "LogGroupName" in it.properties]
    (group,) = named
    key = assembly.one("Phone", "AWS::KMS::Key")
    assert group.properties["LogGroupName"]["Fn::Join"][1][0] == "/aws/connect/throughline-dev-"
    assert group.properties["KmsKeyId"] == {"Fn::GetAtt": [key.id, "Arn"]}
    assert group.properties["RetentionInDays"] == 90
    template = templates(assembly)["Phone"]["Resources"]
    assert group.id in template["Instance"]["DependsOn"], "else Connect makes one without a key and without an end"


def test_an_instance_that_is_there_already_keeps_its_storage_and_its_users(existing: Assembly) -> None:
    for kind in ("Instance", "InstanceStorageConfig", "User"):
        assert phone(existing, kind) == []
    assert existing.resources("Phone", "AWS::S3::Bucket") == []
    for resource in existing.resources("Phone"):
        if resource.type.startswith(CONNECT):
            there = resource.properties.get("InstanceArn", resource.properties.get("InstanceId"))
            assert there == EXISTING, resource.id
    permissions = existing.resources("Phone", "AWS::Lambda::Permission")
    connects = [it.properties for it in permissions if it.properties["Principal"] == "connect.amazonaws.com"]
    assert {it["SourceArn"] for it in connects} == {EXISTING} and len(connects) == len(permissions) - 2
    (rule,) = existing.resources("Phone", "AWS::Events::Rule")
    assert rule.properties["EventPattern"]["detail"]["instanceArn"] == [EXISTING]


# -- names -----------------------------------------------------------------------------------------


def test_whatever_has_a_name_in_the_instance_bears_the_environments(full: Assembly) -> None:
    names = {"SecurityProfile": "SecurityProfileName"}
    unnamed = {"Instance", "InstanceStorageConfig", "IntegrationAssociation", "PhoneNumber", "SecurityKey", "User"}
    found = 0
    for resource in full.resources("Phone"):
        kind = resource.type.removeprefix(CONNECT)
        if resource.type.startswith(CONNECT) and kind not in unnamed:
            assert resource.properties[names.get(kind, "Name")].startswith("throughline-dev-"), resource.id
            found += 1
    assert found > 25


# -- hours, queues, routing ------------------------------------------------------------------------


def test_people_answer_when_the_dialogue_says_so(assembly: Assembly) -> None:
    hours = one(assembly, "HoursOfOperation").properties
    assert hours["TimeZone"] == "America/New_York"
    spans = {it["Day"]: (it["StartTime"]["Hours"], it["EndTime"]["Hours"]) for it in hours["Config"]}
    assert spans == dict.fromkeys(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"), (8, 20)) | {
        "SATURDAY": (9, 17)
    }
    assert "HoursOfOperationOverrides" not in hours


def test_other_hours_take_the_place_of_the_dialogues(synthesise: Synthesise) -> None:
    given = "{time_zone: Europe/London, weekdays: 09:00-17:30, sunday: 10:00-12:00}"
    hours = one(synthesise({"phone.hours": given}), "HoursOfOperation").properties
    assert hours["TimeZone"] == "Europe/London"
    assert [it["Day"] for it in hours["Config"]][-2:] == ["FRIDAY", "SUNDAY"]
    assert hours["Config"][0]["EndTime"] == {"Hours": 17, "Minutes": 30}


def test_a_holiday_closes_the_whole_day_and_opens_the_hours_by_which_flows_know_it(full: Assembly) -> None:
    by_id = {it.id: it.properties for it in phone(full, "HoursOfOperation")}
    assert by_id["Holidays"]["Config"] == []
    for id, kind in (("Hours", "CLOSED"), ("Holidays", "OPEN")):
        first, second = by_id[id]["HoursOfOperationOverrides"]
        assert [it["OverrideType"] for it in (first, second)] == [kind, kind]
        assert (first["EffectiveFrom"], first["EffectiveTill"]) == ("2026-12-25", "2026-12-25")
        (span,) = first["OverrideConfig"]
        assert span["Day"] == "FRIDAY"
        assert (span["StartTime"], span["EndTime"]) == ({"Hours": 0, "Minutes": 0}, {"Hours": 23, "Minutes": 59})


def test_each_queue_of_the_dialogue_is_there_and_full_when_the_setting_says(assembly: Assembly, full: Assembly) -> None:
    for each, cards in ((assembly, 20), (full, 40)):
        queues = {it.properties["Name"]: it.properties for it in phone(each, "Queue")}
        named = {"everyday": 20, "cards": cards, "protection": 20}
        assert {name: it["MaxContacts"] for name, it in queues.items()} == {
            f"throughline-dev-{name}": most for name, most in named.items()
        }
        for queue in queues.values():
            assert queue["HoursOfOperationArn"] == {"Fn::GetAtt": ["Hours", "HoursOfOperationArn"]}
            whisper = queue["OutboundCallerConfig"]["OutboundFlowArn"]
            assert whisper == {"Fn::GetAtt": ["CallbackWhisperFlow", "ContactFlowArn"]}


def test_calls_back_show_the_claimed_number(assembly: Assembly, full: Assembly) -> None:
    for queue in phone(full, "Queue"):
        shown = queue.properties["OutboundCallerConfig"]["OutboundCallerIdNumberArn"]
        assert shown == {"Fn::GetAtt": ["Number", "PhoneNumberArn"]}
    for queue in phone(assembly, "Queue"):
        assert "OutboundCallerIdNumberArn" not in queue.properties["OutboundCallerConfig"]


def test_those_who_answer_take_from_every_queue_and_others_from_none(assembly: Assembly) -> None:
    by_id = {it.id: it.properties for it in phone(assembly, "RoutingProfile")}
    taken = {
        (it["QueueReference"]["QueueArn"]["Fn::GetAtt"][0], it["QueueReference"]["Channel"])
        for it in by_id["Answering"]["QueueConfigs"]
    }
    queues = {it.id for it in phone(assembly, "Queue")}
    assert taken == {(queue, channel) for queue in queues for channel in ("VOICE", "CHAT", "TASK")}
    assert "QueueConfigs" not in by_id["Watching"]


def test_a_setting_about_a_queue_that_there_is_not_is_refused_with_a_guess(tmp_path: Any, composer: Any) -> None:
    composed = composer.compose(tmp_path, {"phone.queues": "{card: 3}"})
    assert "telephone.yaml has no queue `card`. Did you mean `cards`?" in composed.failed


# -- who may do what -------------------------------------------------------------------------------

READS_OTHERS = ("ContactSearch", "CallRecordings", "ContactTranscripts", "AccessMetrics", "Users", "ManagerListenIn")
GIVES_AWAY = ("Download", "Export", "Schedule", "Delete", "Remove", "Release", "Publish", "Purge")


def profiles(assembly: Assembly) -> dict[str, list[str]]:
    return {
        it.properties["SecurityProfileName"].removeprefix("throughline-dev-"): it.properties["Permissions"]
        for it in phone(assembly, "SecurityProfile")
    }


def test_each_team_has_a_profile_of_exactly_what_the_table_says(assembly: Assembly) -> None:
    assert profiles(assembly) == {team: [str(it) for it in granted] for team, granted in PERMISSIONS.items()}
    assert set(PERMISSIONS) == set(Team)


def test_an_agent_sees_nobodys_contacts_but_their_own_and_dials_nobody(assembly: Assembly) -> None:
    agent = profiles(assembly)["agent"]
    assert "BasicAgentAccess" in agent and "CustomViews.Access" in agent
    assert not [it for it in agent if it.startswith(READS_OTHERS)]
    assert "OutboundCallAccess" not in agent


def test_nobody_can_take_anything_away_from_there_or_undo_what_is_deployed(assembly: Assembly) -> None:
    for team, granted in profiles(assembly).items():
        assert not [it for it in granted if any(word in it for word in GIVES_AWAY)], team
        deployed = ("ContactFlows", "Queues", "RoutingPolicies", "SecurityProfiles", "Users", "PhoneNumbers", "Rules")
        changing = [it for it in granted if it.startswith(deployed) and it.endswith((".Create", ".Edit"))]
        assert changing == [], team


def test_only_a_supervisor_hears_others_and_only_the_auditor_reads_who_changed_what(assembly: Assembly) -> None:
    def having(permission: str) -> set[str]:
        return {team for team, granted in profiles(assembly).items() if permission in granted}

    for permission in ("ManagerListenIn", "ManagerBargeIn", "CallRecordings.Unredacted.Access", "ContactSearch.View"):
        assert having(permission) == {"supervisor"}
    for permission in ("HistoricalChanges.View", "Users.View"):
        assert having(permission) == {"auditor"}
    assert having("BasicAgentAccess") == {"agent", "supervisor"}


def test_an_analyst_judges_without_seeing_whose_a_conversation_is(assembly: Assembly) -> None:
    analyst = profiles(assembly)["analyst"]
    assert not [it for it in analyst if it.startswith(("Contact", "CallRecordings", "RealtimeContactLens"))]


def test_a_user_has_the_profile_of_their_team_and_a_password_that_no_template_has(full: Assembly) -> None:
    users = {it.properties["Username"]: it.properties for it in phone(full, "User")}
    assert set(users) == {"ada@example.com", "bob@example.com", "cy@example.com"}
    teams = {"ada@example.com": "Supervisor", "bob@example.com": "Agent", "cy@example.com": "Auditor"}
    for email, team in teams.items():
        assert users[email]["SecurityProfileArns"] == [{"Fn::GetAtt": [f"{team}Profile", "SecurityProfileArn"]}]
        routed = "Watching" if team == "Auditor" else "Answering"
        assert users[email]["RoutingProfileArn"] == {"Fn::GetAtt": [routed, "RoutingProfileArn"]}
        assert "{{resolve:secretsmanager:" in json.dumps(users[email]["Password"])
        assert {"Key": "throughline-team", "Value": f"throughline-dev-{team.lower()}"} in users[email]["Tags"]
    secrets = [it.properties for it in full.resources("Phone", "AWS::SecretsManager::Secret")]
    drawn = [it for it in secrets if "GenerateSecretString" in it]
    assert len(drawn) == 3 and all(it["GenerateSecretString"]["RequireEachIncludedType"] for it in drawn)


# -- falling sentiment -----------------------------------------------------------------------------


def test_a_customer_who_sounds_negative_for_a_minute_alerts_the_supervisors(assembly: Assembly) -> None:
    rule = one(assembly, "Rule").properties
    assert rule["TriggerEventSource"] == {"EventSourceName": "OnRealTimeCallAnalysisAvailable"}
    assert rule["PublishStatus"] == "PUBLISHED"
    function = json.loads(rule["Function"])["RuleFunction"]
    assert function["Operator"] == "AND"
    (condition,) = function["Operands"]
    assert condition["ComparisonValue"] == "$.ContactLens.RealTimeCall.Sentiment.State"
    assert (condition["Operator"], condition["Operands"], condition["Negate"]) == ("EQUALS", ["NEGATIVE"], False)
    filters = {it["Type"]: it["Data"] for it in condition["FilterClause"]["Filters"]}
    assert filters == {"ParticipantRole": "CUSTOMER", "RealTimeCallContactPeriodSeconds": {"Past": 60}}
    (mail,) = rule["Actions"]["SendNotificationActions"]
    assert mail["Recipient"] == {"UserTags": {"throughline-team": "throughline-dev-supervisor"}}
    injected = [word for word in mail["Content"].split() if word.startswith("$.")]
    assert injected == ["$.ContactLens.RealTimeCall.ContactId"], "a mail names no customer"
    assert rule["Actions"]["AssignContactCategoryActions"] == [{}]
