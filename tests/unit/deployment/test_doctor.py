"""The whole examination: who is asked, what is read, what is printed, and how it ends."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import NoCredentialsError, TokenRetrievalError
from botocore.stub import Stubber

from commands import main
from deployment import Environment
from deployment.doctor import CHECKS, Examination, State, botocore_clients, examine, policy, table
from deployment.doctor.account import Account
from deployment.doctor.call import CALLS, IDENTITY, LIVING, MAIL, QUOTA, Call
from deployment.doctor.examination import made
from deployment.doctor.plan import planned
from deployment.doctor.unanswered import Unanswered, Why
from deployment.environment import AlexaChannel, AlexaVendor, Running
from tests.unit.deployment.doctor_account import (
    OWN,
    REGION,
    STACKS,
    Answer,
    Aws,
    assumed,
    model,
    quota,
    refused,
    resource,
    stack,
    target,
)

DEV = Environment()
FULL = dataclasses.replace(
    DEV,
    account=OWN,
    region=REGION,
    running=Running(reserved_concurrency={"lex_turn": 5}),
    alexa=AlexaChannel(skill_id="amzn1.ask.skill.x", vendor=AlexaVendor("M1", "login-with-amazon")),
)
DEPLOYED: dict[str, Answer] = {
    "cloudformation:ListStacks": {"StackSummaries": [stack(name, "UPDATE_COMPLETE") for name in STACKS]},
    "cloudformation:ListStackResources": {
        "StackResourceSummaries": [resource("AWS::Lex::Bot", "B234567890"), resource("AWS::Lambda::Function", "f")]
    },
}


def examined(aws: Aws, environment: Environment = FULL, *, profile_region: str = "") -> Examination:
    return examine(environment, assumed(environment), aws, profile_region=profile_region)


def shown(examination: Examination, width: int = 100) -> str:
    return table(examination, width=width, coloured=False)


def test_a_ready_account_is_ready() -> None:
    examination = examined(Aws(DEPLOYED))
    assert {finding.state for finding in examination.findings} == {State.OK, State.LATER}
    assert examination.status == 0
    assert "Ready to deploy" in shown(examination)


def test_a_warning_does_not_fail() -> None:
    assert examined(Aws(), DEV, profile_region=REGION).status == 0


def test_something_missing_is_status_1() -> None:
    examination = examined(Aws({"ssm:GetParameter": refused("ParameterNotFound")}))
    assert examination.status == 1
    assert "Not ready" in shown(examination)


def test_something_unseen_is_status_2_and_the_others_are_seen() -> None:
    examination = examined(Aws({"lambda:GetAccountSettings": refused("AccessDeniedException")}))
    assert examination.status == 2
    assert [finding.name for finding in examination.of(State.UNKNOWN)] == ["Lambda concurrency"]


def test_later_channels_never_fail_a_run() -> None:
    denied = {call.action: refused("AccessDenied") for call in CALLS if call.signs_as in ("ses", "sms-voice")}
    examination = examined(Aws(denied))
    assert examination.status == 0
    assert len(examination.of(State.LATER)) == 3


def test_the_order_is_always_the_same() -> None:
    names = ["credentials", "region", *(check.name for check in CHECKS)]
    for _ in range(5):
        assert [finding.name for finding in examined(Aws()).findings] == names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NoCredentialsError(), "no credentials: nothing of the account was looked at"),
        (TokenRetrievalError(provider="sso", error_msg="expired"), "the credentials have expired"),
        (refused("ExpiredToken"), "the credentials have expired"),
        (refused("SignatureDoesNotMatch"), "does not recognise the credentials"),
    ],
)
def test_without_credentials_it_says_so_and_looks_at_what_it_can(error: Answer, told: str) -> None:
    aws = Aws({"sts:GetCallerIdentity": error})
    examination = examined(aws)
    assert {action for action, _ in aws.asked} == {IDENTITY.action}
    assert examination.status == 2
    offline = [
        "credentials",
        "region",
        "services",
        "Lambda runtime",
        "Alexa's regions",
        "Alexa skill id",
        "Alexa vendor login",
    ]
    assert [finding.name for finding in examination.findings] == offline
    assert told in examination.findings[0].told and "sign in" in examination.findings[0].mend
    text = shown(examination)
    assert "nobody signed in" in text and "Not looked at: CDK bootstrap, " in text and "Messenger." in text


def test_a_refusal_to_say_who_is_asking_is_unknown() -> None:
    examination = examined(Aws({"sts:GetCallerIdentity": refused("ThrottlingException")}))
    assert examination.findings[0].state is State.UNKNOWN and examination.status == 2


def test_the_wrong_account_is_not_looked_at() -> None:
    aws = Aws()
    examination = examined(aws, dataclasses.replace(FULL, account="210987654321"))
    assert {action for action, _ in aws.asked} == {IDENTITY.action}
    assert examination.status == 2
    assert "of account 123456789012; the settings want 210987654321" in examination.findings[0].told


def test_a_region_that_the_account_has_not_enabled_is_told_from_bad_credentials() -> None:
    class Elsewhere(Aws):
        def answer(self, call: Call, region: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
            if region == "af-south-1":
                raise refused("InvalidClientTokenId")
            return super().answer(call, region, request)

    examination = examined(Elsewhere(), dataclasses.replace(FULL, region="af-south-1"))
    assert "has not enabled that region" in examination.findings[0].told
    assert "enable-region --region-name af-south-1" in examination.findings[0].mend
    assert (
        "does not recognise"
        in examined(Aws({"sts:GetCallerIdentity": refused("InvalidClientTokenId")})).findings[0].told
    )


def test_without_a_region_only_the_identity_is_asked() -> None:
    aws = Aws()
    examination = examined(aws, DEV)
    assert aws.asked == [(IDENTITY.action, "us-east-1")]
    assert examination.findings[1].state is State.MISSING and examination.status == 2
    assert "(none named)" in shown(examination)


def test_the_settings_region_wins_over_the_profiles_and_both_are_told() -> None:
    aws = Aws()
    region = examined(aws, profile_region="us-east-1").findings[1]
    assert region.state is State.WARNING and REGION in region.told and "us-east-1" in region.told
    assert {where for _, where in aws.asked} == {REGION}
    assert "or the profile" in examined(Aws(), DEV, profile_region=REGION).findings[1].told


def test_every_check_asks_only_what_it_declares_and_every_call_is_asked_by_one() -> None:
    asked: set[str] = {IDENTITY.action}
    none = refused("NoSuchResourceException")
    for answers in (DEPLOYED, {**DEPLOYED, QUOTA.action: none}):
        for check in CHECKS:
            aws = Aws(answers)
            made(check, Account(aws, REGION, STACKS), target(FULL))
            mine = {action for action, _ in aws.asked}
            assert mine <= {call.action for call in check.calls}, check.name
            asked |= mine
    assert asked == {call.action for call in CALLS}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.action)
def test_every_call_reads_and_is_as_botocore_knows_it(call: Call) -> None:
    assert re.match("(Get|List|Describe)[A-Z]", call.operation)
    service = model(call.service)
    assert call.signs_as == service.signing_name
    operation = service.operation_model(call.operation)
    if call.items:
        assert operation.input_shape and operation.output_shape
        assert operation.output_shape.members[call.items].type_name == "list"
        assert call.token_in in operation.input_shape.members
        assert call.token_out in operation.output_shape.members


def test_a_secrets_value_is_never_asked_for() -> None:
    assert not [call for call in CALLS if call.operation == "GetSecretValue"]


def test_living_stacks_are_all_but_the_deleted() -> None:
    assert {*LIVING, "DELETE_COMPLETE"} == set(model("cloudformation").shape_for("StackStatus").enum)  # type: ignore[attr-defined] # a StringShape


def test_the_policy_names_exactly_the_calls() -> None:
    for environment in (DEV, FULL):
        document = policy(environment)
        statements = [one for one in document["Statement"] if isinstance(one, dict)]
        actions = [action for one in statements for action in one["Action"]]
        assert sorted(actions) == sorted(call.action for call in CALLS)
        assert not [action for action in actions if "*" in action]
        assert all(one["Effect"] == "Allow" for one in statements)
        assert all(re.fullmatch("[A-Za-z0-9]+", one["Sid"]) for one in statements)


def test_the_policy_is_narrowed_by_the_settings() -> None:
    text = json.dumps(policy(FULL))
    assert f"arn:aws:secretsmanager:{REGION}:{OWN}:secret:login-with-amazon-??????" in text
    assert f"arn:aws:cloudformation:{REGION}:{OWN}:stack/throughline-dev-*" in text


def test_nothing_of_the_account_but_its_id_is_told() -> None:
    for answers in ({}, DEPLOYED, {call.action: refused("AccessDenied") for call in CALLS if call is not IDENTITY}):
        text = shown(examined(Aws(answers)))
        assert "AIDAEXAMPLE" not in text and "user/sam" not in text and "arn:" not in text


@pytest.mark.parametrize("width", [20, 72, 120])
def test_lines_fit_and_commands_stay_whole(width: int) -> None:
    sandbox: Answer = {"ProductionAccessEnabled": False}
    answers = {"ssm:GetParameter": refused("ParameterNotFound"), "ses:GetAccount": sandbox}
    text = shown(examined(Aws(answers)), width)
    tolerated = width if width > 72 else 120
    assert max(len(line) for line in text.splitlines()) <= tolerated
    assert "docs.aws.amazon.com/ses/latest/dg/request-production-access.html" in text


def test_colours_are_for_terminals() -> None:
    examination = examined(Aws())
    assert "\x1b[" not in shown(examination)
    coloured = table(examination, width=100, coloured=True)
    assert re.sub("\x1b\\[[0-9]+m", "", coloured) == shown(examination)


def test_a_real_client_is_understood() -> None:
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI")
    client = botocore_clients(session)("service-quotas", REGION)
    account = Account(lambda service, region: client, REGION, ())
    request = {"ServiceCode": "lex", "QuotaCode": "L-36FA8BD2"}
    with Stubber(client) as stub:
        stub.add_response("get_service_quota", quota(100), request)
        assert account.ask(QUOTA, **request)["Quota"]["Value"] == 100
        stub.add_client_error("get_service_quota", "TooManyRequestsException", expected_params=request)
        with pytest.raises(Unanswered) as caught:
            account.ask(QUOTA, **request)
    assert caught.value.why is Why.THROTTLED


def test_a_closed_port_is_no_answer(unused_tcp_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", unused_tcp_endpoint)
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI")
    with pytest.raises(Unanswered) as caught:
        Account(botocore_clients(session), REGION, ()).ask(MAIL)
    assert caught.value.why is Why.SILENT


@pytest.fixture
def unused_tcp_endpoint() -> str:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def write_assembly(folder: Path, prefix: str) -> Path:
    bootstrap = {
        "requiresBootstrapStackVersion": 21,
        "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/mine/version",
    }
    properties = {"stackName": f"{prefix}-bot", "templateFile": "Bot.template.json", **bootstrap}
    artifacts = {"Bot": {"type": "aws:cloudformation:stack", "properties": properties}, "Tree": {"type": "cdk:tree"}}
    function = {"Runtime": "python3.13", "Architectures": ["arm64"]}
    resources = {
        "Main": {"Type": "AWS::Lex::Bot", "Properties": {"Name": prefix}},
        "Turn": {"Type": "AWS::Lambda::Function", "Properties": function},
    }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    (folder / "Bot.template.json").write_text(json.dumps({"Resources": resources}))
    return folder


def test_an_assembly_is_read(tmp_path: Path) -> None:
    found = planned(write_assembly(tmp_path, "throughline-dev"), DEV)
    assert found.read and found.stacks == ("throughline-dev-bot",) and found.bots == ("throughline-dev",)
    assert found.resources == {"AWS::Lex::Bot": 1, "AWS::Lambda::Function": 1}
    assert found.bootstrap_version == 21 and found.bootstrap_parameter == "/cdk-bootstrap/mine/version"
    assert found.runtimes == ("python3.13 on arm64",)


def test_an_assembly_of_another_environment_or_a_broken_one_is_not_used(tmp_path: Path) -> None:
    other = planned(write_assembly(tmp_path, "throughline-dev-2"), DEV)
    assert not other.read and "another environment (throughline-dev-2-bot)" in other.source
    for broken in ("", "[]", "{}", '{"artifacts": {"Bot": 1}}', '{"artifacts": {}}'):
        (tmp_path / "manifest.json").write_text(broken)
        found = planned(tmp_path, DEV)
        assert not found.read and found.stacks == STACKS
    assert "make synth ENVIRONMENT=dev" in planned(tmp_path / "nowhere", DEV).source


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine where nobody ever signed in to AWS."""
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_DEFAULT_REGION",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_REGION", REGION)


@pytest.mark.usefixtures("nobody")
def test_the_command_without_credentials_is_honest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 2
    told = " ".join(capsys.readouterr().out.split())
    assert "no credentials: nothing of the account was looked at" in told and f"region {REGION}" in told


@pytest.mark.usefixtures("nobody")
def test_the_command_prints_the_policy_without_looking(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--policy"]) == 0
    assert json.loads(capsys.readouterr().out)["Version"] == "2012-10-17"


@pytest.mark.usefixtures("nobody")
def test_the_command_knows_a_wrong_profile_and_wrong_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--profile", "nobodys"]) == 2
    assert "no such AWS profile" in capsys.readouterr().err
    assert main(["doctor", "-c", "kept.backup_days=99"]) == 2
    assert "backup_days" in capsys.readouterr().err
