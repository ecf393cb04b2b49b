"""Each of the doctor's checks: there, not there, and what lies between."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from deployment import Environment
from deployment.doctor import CHECKS, Finding, State
from deployment.doctor.account import Account
from deployment.doctor.examination import made
from deployment.environment import AlexaChannel, AlexaVendor, LexChannel, Running
from tests.unit.deployment.doctor_account import (
    REGION,
    STACKS,
    VALUE,
    WHEN,
    Answer,
    Aws,
    quota,
    refused,
    resource,
    stack,
    target,
)

DEV = Environment()
VENDOR = AlexaChannel(skill_id="amzn1.ask.skill.x", vendor=AlexaVendor("M1", "login-with-amazon"))
BY_NAME = {check.name: check for check in CHECKS}
ASKING = [check.name for check in CHECKS if check.look]


def found(
    name: str, answers: Mapping[str, Answer] | None = None, environment: Environment = DEV, region: str = REGION
) -> Finding:
    where = target(environment, region)
    return made(BY_NAME[name], Account(Aws(answers), region, where.planned.stacks), where)


def deployed(*resources: dict[str, Any], status: str = "UPDATE_COMPLETE") -> dict[str, Answer]:
    """This environment's bot stack with the resources."""
    return {
        "cloudformation:ListStacks": {"StackSummaries": [stack(STACKS[0], status), stack("somebody-else", status)]},
        "cloudformation:ListStackResources": {"StackResourceSummaries": list(resources)},
    }


@pytest.mark.parametrize("name", [check.name for check in CHECKS])
def test_in_a_ready_account_nothing_is_missing(name: str) -> None:
    finding = found(name)
    assert finding.name == name
    assert finding.state in ((State.LATER,) if BY_NAME[name].later else (State.OK, State.WARNING))
    assert finding.told


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_a_check_that_is_denied_names_the_permission(name: str, code: str) -> None:
    environment = dataclasses.replace(DEV, alexa=VENDOR, running=Running(reserved_concurrency={"lex_turn": 5}))
    check = BY_NAME[name]
    for call in check.calls:
        answers = deployed(resource("AWS::Lex::Bot", "B234567890"), resource("AWS::Lambda::Function", "f"))
        finding = found(
            name,
            {
                **answers,
                "servicequotas:GetServiceQuota": refused("NoSuchResourceException"),
                call.action: refused(code),
            },
            environment,
        )
        if name == "services":
            assert finding.state is State.OK and "endpoint data" in finding.told
        else:
            assert finding.state is (State.LATER if check.later else State.UNKNOWN)
            assert call.action in finding.mend and "--policy" in finding.mend
        assert call.action in finding.told
        assert "sam" not in finding.told + finding.mend


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (refused("ThrottlingException"), "throttled"),
        (refused("TooManyRequestsException"), "throttled"),
        (ConnectTimeoutError(endpoint_url="https://x"), "no answer from"),
        (ReadTimeoutError(endpoint_url="https://x"), "no answer from"),
        (EndpointConnectionError(endpoint_url="https://x"), "no answer from"),
        (refused("ExpiredTokenException"), "expired"),
        (refused("OptInRequired"), "not enabled"),
        (refused("AccessDenied", "with an explicit deny in a service control policy"), "denies"),
        (refused("Novelty"), "Novelty"),
    ],
)
def test_a_check_without_an_answer_says_why_and_is_no_failure_of_the_doctor(
    name: str, error: Answer, told: str
) -> None:
    check = BY_NAME[name]
    environment = dataclasses.replace(DEV, alexa=VENDOR)
    finding = made(check, Account(Aws(default=error), REGION, STACKS), target(environment))
    assert told in finding.told and (finding.mend or name == "services")
    assert finding.state is (State.OK if name == "services" else State.LATER if check.later else State.UNKNOWN)


def test_an_account_without_bootstrap_is_told_how_to_get_it() -> None:
    finding = found("CDK bootstrap", {"ssm:GetParameter": refused("ParameterNotFound")})
    assert finding.state is State.MISSING
    assert f"bootstrap aws://123456789012/{REGION}" in finding.mend


@pytest.mark.parametrize(("version", "state"), [("5", State.MISSING), ("6", State.OK), ("odd", State.UNKNOWN)])
def test_the_bootstrap_must_be_as_new_as_the_assembly_wants(version: str, state: State) -> None:
    assert found("CDK bootstrap", {"ssm:GetParameter": {"Parameter": {"Value": version}}}).state is state


def lacking(*services: str) -> dict[str, Answer]:
    def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
        absent = [name for name in request["Names"] if name.rpartition("/")[2] in services]
        return {"InvalidParameters": absent} if absent else {"Parameters": []}

    return {"ssm:GetParameters": answer}


def test_a_service_that_neither_list_has_is_missing() -> None:
    finding = found("services", lacking("lexv2-models", "lex-runtime"), region="eu-west-3")
    assert finding.state is State.MISSING
    assert "lacks lex-runtime, lexv2-models" in finding.told
    assert "eu-west-2" in finding.mend and "eu-west-3" not in finding.mend


def test_a_service_that_only_one_list_has_is_a_warning() -> None:
    assert found("services", lacking("lexv2-models")).state is State.WARNING


def test_where_lex_is_the_sdk_knows_without_an_account() -> None:
    for region, state in (("eu-west-2", State.OK), ("eu-west-3", State.MISSING), ("eu-wset-1", State.MISSING)):
        offline = BY_NAME["services"].offline
        assert offline and offline(target(region=region)).state is state


def test_a_region_without_connect_does_for_whoever_leaves_the_telephone_out() -> None:
    offline = BY_NAME["services"].offline
    assert offline is not None
    finding = offline(target(region="eu-west-1"))
    assert finding.state is State.MISSING and "lacks connect" in finding.told
    assert "phone.enabled: false" in finding.mend and "us-west-2" in finding.mend
    silent = dataclasses.replace(DEV, phone=dataclasses.replace(DEV.phone, enabled=False))
    assert offline(target(silent, region="eu-west-1")).state is State.OK


def test_sentiment_wants_a_region_with_comprehend() -> None:
    silent = dataclasses.replace(DEV, lex=LexChannel(sentiment=False))
    answers = lacking("comprehend")
    assert "comprehend" in found("services", answers, region="af-south-1").told
    assert found("services", answers, silent, region="af-south-1").state is State.OK


def test_a_resource_of_a_service_that_nobody_knows_is_said() -> None:
    where = target()
    odd = dataclasses.replace(where.planned, resources={"AWS::Teleport::Gate": 1})
    finding = made(BY_NAME["services"], Account(Aws(), REGION, STACKS), dataclasses.replace(where, planned=odd))
    assert finding.state is State.WARNING and "teleport" in finding.told


def test_a_runtime_that_the_sdk_does_not_know_is_unknown() -> None:
    where = target()
    new = dataclasses.replace(where, planned=dataclasses.replace(where.planned, runtimes=("python9.9 on arm64",)))
    assert made(BY_NAME["Lambda runtime"], Account(Aws(), REGION, STACKS), new).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("CREATE_COMPLETE", State.OK),
        ("UPDATE_COMPLETE", State.OK),
        ("REVIEW_IN_PROGRESS", State.OK),
        ("ROLLBACK_COMPLETE", State.WARNING),
        ("UPDATE_ROLLBACK_COMPLETE", State.WARNING),
        ("UPDATE_IN_PROGRESS", State.MISSING),
        ("UPDATE_ROLLBACK_FAILED", State.MISSING),
        ("DELETE_FAILED", State.MISSING),
    ],
)
def test_a_stack_that_is_there_is_told_with_its_state(status: str, state: State) -> None:
    finding = found("stacks of this environment", deployed(status=status))
    assert finding.state is state
    assert f"{STACKS[0]} {status}" in finding.told and "somebody-else" not in finding.told


def test_a_stack_of_another_environment_is_none_of_this_ones() -> None:
    theirs = {"cloudformation:ListStacks": {"StackSummaries": [stack("throughline-dev-2-bot", "DELETE_FAILED")]}}
    assert "none yet" in found("stacks of this environment", theirs).told


def test_a_bot_of_our_name_that_is_not_ours_is_in_the_way() -> None:
    there: dict[str, Answer] = {
        "lex:ListBots": {"botSummaries": [{"botId": "B234567890", "botName": "throughline-dev"}]}
    }
    assert found("bots' names", there).state is State.MISSING
    assert found("bots' names", {**there, **deployed(resource("AWS::Lex::Bot", "B234567890"))}).state is State.OK


@pytest.mark.parametrize(
    ("name", "action", "rows", "field", "adds"),
    [
        ("Lex bots", "lex:ListBots", [{"botId": "B234567890", "botName": "x"}], "botSummaries", 2),
        ("DynamoDB tables", "dynamodb:ListTables", ["some-table"], "TableNames", 4),
    ],
)
def test_a_full_account_has_no_room(name: str, action: str, rows: list[Any], field: str, adds: int) -> None:
    full = found(name, {action: {field: rows * 99}})
    assert full.state is State.MISSING and f"99 of 100 (applied here); the deploy adds {adds}" in full.told
    assert "request-service-quota-increase" in full.mend and "--desired-value 200" in full.mend
    assert found(name, {action: {field: rows * (100 - adds)}}).state is State.OK


def test_what_is_deployed_already_is_not_added_again() -> None:
    bots = [{"botId": "B234567890", "botName": "x"}] * 100
    ours = deployed(resource("AWS::Lex::Bot", "B234567890"), resource("AWS::Lex::Bot", "B234567891"))
    assert found("Lex bots", {"lex:ListBots": {"botSummaries": bots}, **ours}).state is State.OK


def test_stacks_count_against_their_quota() -> None:
    there = {"cloudformation:ListStacks": {"StackSummaries": [stack(f"s{n}", "CREATE_COMPLETE") for n in range(97)]}}
    finding = found("CloudFormation stacks", there)
    assert finding.state is State.MISSING and "97 of 100" in finding.told and "adds 10" in finding.told


def test_keys_of_awss_own_are_listed_too_so_too_many_is_only_a_warning() -> None:
    assert found("KMS keys", {"kms:ListKeys": {"Keys": [{"KeyId": "k"}] * 100}}).state is State.WARNING


def test_a_quota_that_is_not_applied_is_the_default_and_else_the_documented_one() -> None:
    none = refused("NoSuchResourceException")
    default = found("Lex bots", {"servicequotas:GetServiceQuota": none})
    assert "of 100 (AWS's default)" in default.told
    documented = found(
        "DynamoDB tables", {"servicequotas:GetServiceQuota": none, "servicequotas:GetAWSDefaultServiceQuota": none}
    )
    assert "of 2,500 (the documented default)" in documented.told


def test_all_pages_are_counted() -> None:
    def pages(request: Mapping[str, Any]) -> Mapping[str, Any]:
        page = int(request.get("ExclusiveStartTableName", "page-0").partition("-")[2])
        more = {"LastEvaluatedTableName": f"page-{page + 1}"} if page < 2 else {}
        return {"TableNames": ["table-a", "table-b"], **more}

    assert "6 of 100" in found("DynamoDB tables", {"dynamodb:ListTables": pages}).told


def test_pages_without_end_are_given_up() -> None:
    endless: Answer = {"TableNames": ["table"], "LastEvaluatedTableName": "table"}
    assert found("DynamoDB tables", {"dynamodb:ListTables": endless}).state is State.UNKNOWN


def limits(total: int, unreserved: int) -> dict[str, Answer]:
    limit = {"ConcurrentExecutions": total, "UnreservedConcurrentExecutions": unreserved}
    return {"lambda:GetAccountSettings": {"AccountLimit": limit}}


@pytest.mark.parametrize(
    ("total", "unreserved", "reserve", "state"),
    [
        (1000, 1000, 900, State.OK),
        (1000, 1000, 901, State.MISSING),
        (1000, 150, 51, State.MISSING),
        (1000, 150, 0, State.OK),
        (10, 10, 0, State.WARNING),
        (10, 10, 1, State.MISSING),
    ],
)
def test_a_hundred_instances_stay_unreserved(total: int, unreserved: int, reserve: int, state: State) -> None:
    wanted = {"lex_turn": reserve} if reserve else {}
    environment = dataclasses.replace(DEV, running=Running(reserved_concurrency=wanted))
    finding = found("Lambda concurrency", limits(total, unreserved), environment)
    assert finding.state is state
    assert ("L-B99A9384" in finding.mend) == (state is not State.OK)


def test_what_our_functions_hold_already_is_not_asked_for_twice() -> None:
    environment = dataclasses.replace(DEV, running=Running(reserved_concurrency={"lex_turn": 400}))
    held = {**limits(1000, 450), "lambda:GetFunctionConcurrency": {"ReservedConcurrentExecutions": 400}}
    assert found("Lambda concurrency", held, environment).state is State.MISSING
    ours = deployed(resource("AWS::Lambda::Function", "throughline-dev-bot-lex"))
    assert found("Lambda concurrency", {**held, **ours}, environment).state is State.OK


@pytest.mark.parametrize(("count", "state"), [(90, State.OK), (91, State.WARNING), (100, State.MISSING)])
def test_versions_of_a_bot_run_out(count: int, state: State) -> None:
    version = {"botVersion": "1", "creationDateTime": WHEN}
    answers = {
        **deployed(resource("AWS::Lex::Bot", "B234567890")),
        "lex:ListBotVersions": {"botVersionSummaries": [version] * count},
    }
    assert found("versions of the bots", answers).state is state


def test_alexa_calls_functions_in_four_regions_only() -> None:
    assert found("Alexa's regions", region="eu-central-1").state is State.MISSING
    off = dataclasses.replace(DEV, alexa=AlexaChannel(enabled=False))
    for name in ("Alexa's regions", "Alexa skill id", "Alexa vendor login"):
        assert found(name, environment=off, region="eu-central-1").state is State.OK


def test_a_skill_id_is_the_second_step() -> None:
    assert found("Alexa skill id").state is State.WARNING
    assert found("Alexa skill id", environment=dataclasses.replace(DEV, alexa=VENDOR)).state is State.OK


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (refused("ResourceNotFoundException"), "there is no secret login-with-amazon"),
        ({"Name": "x", "DeletedDate": WHEN, "VersionIdsToStages": VALUE}, "scheduled for deletion"),
        ({"Name": "x"}, "no value yet"),
    ],
)
def test_a_vendors_login_that_cannot_be_used_is_missing(answer: Answer, told: str) -> None:
    environment = dataclasses.replace(DEV, alexa=VENDOR)
    finding = found("Alexa vendor login", {"secretsmanager:DescribeSecret": answer}, environment)
    assert finding.state is State.MISSING and told in finding.told and "refresh_token" in finding.mend


def test_a_vendors_login_that_is_there_is_named_and_not_read() -> None:
    finding = found("Alexa vendor login", environment=dataclasses.replace(DEV, alexa=VENDOR))
    assert finding.state is State.OK and "login-with-amazon" in finding.told


@pytest.mark.parametrize(
    ("name", "answers", "told"),
    [
        ("e-mail (SES)", {"ses:GetAccount": {"ProductionAccessEnabled": False}}, "in the sandbox"),
        ("e-mail (SES)", {"ses:GetAccount": {"ProductionAccessEnabled": True}}, "switched off"),
        ("SMS", {"sms-voice:DescribeAccountAttributes": {"AccountAttributes": []}}, "in the sandbox"),
        ("SMS", {}, "0 numbers for SMS, 0 of them two-way"),
        (
            "Messenger",
            {"secretsmanager:DescribeSecret": refused("ResourceNotFoundException")},
            "throughline-dev-meta-app",
        ),
    ],
)
def test_what_later_channels_lack_is_told_and_fails_nothing(name: str, answers: dict[str, Answer], told: str) -> None:
    finding = found(name, answers)
    assert finding.state is State.LATER and told in finding.told


def test_a_two_way_number_is_counted_and_never_told() -> None:
    number = {
        "PhoneNumberArn": "arn:aws:sms-voice:eu-west-1:123456789012:phone-number/x",
        "PhoneNumber": "+12065550100",
        "Status": "ACTIVE",
        "IsoCountryCode": "US",
        "MessageType": "TRANSACTIONAL",
        "NumberCapabilities": ["SMS"],
        "NumberType": "SIMULATOR",
        "MonthlyLeasingPrice": "1",
        "TwoWayEnabled": True,
        "SelfManagedOptOutsEnabled": False,
        "OptOutListName": "Default",
        "DeletionProtectionEnabled": False,
        "CreatedTimestamp": WHEN,
    }
    finding = found("SMS", {"sms-voice:DescribePhoneNumbers": {"PhoneNumbers": [number]}})
    assert "1 number for SMS, 1 of them two-way" in finding.told
    assert finding.mend == "" and "5550100" not in finding.told


@pytest.mark.parametrize(("planned", "state"), [(1, State.MISSING), (0, State.OK)])
def test_an_account_that_has_its_instances_already_uses_one_of_them(planned: int, state: State) -> None:
    full: dict[str, Answer] = {
        "connect:ListInstances": {"InstanceSummaryList": [{}] * 2},
        "servicequotas:GetServiceQuota": quota(2),
    }
    where = target(DEV)
    resources = {**where.planned.resources, "AWS::Connect::Instance": planned}
    where = dataclasses.replace(where, planned=dataclasses.replace(where.planned, resources=resources))
    finding = made(BY_NAME["Connect instances"], Account(Aws(full), REGION, where.planned.stacks), where)
    assert finding.state is state and f"2 of 2 (applied here); the deploy adds {planned}" in finding.told
    assert ("phone.instance_arn" in finding.mend) is bool(planned)
