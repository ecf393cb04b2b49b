"""Who is asked, and what is found of an environment's stacks: in a synthesised assembly, and where rights lack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from deployment import Environment
from deployment.probe import account
from deployment.probe.account import CannotLook
from deployment.probe.found import PARTS, find
from stacks.queries import QUERIES
from tests.unit.deployment.probe_rig import Aws, Bot, refusal

ROOT = Path(__file__).resolve().parents[3]


def stacks(templates: Path) -> dict[str, list[dict[str, Any]]]:
    """By part: what CloudFormation would list of the synthesised templates, with physical ids as it forms them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part in PARTS:
        file = templates / f"{part.capitalize()}.template.json"
        resources = json.loads(file.read_text("utf-8"))["Resources"] if file.exists() else {}
        found[part] = [
            {
                "LogicalResourceId": name, "PhysicalResourceId": _physical(name, resource),
                "ResourceType": resource["Type"], "ResourceStatus": "CREATE_COMPLETE",
                "LastUpdatedTimestamp": "2026-11-22T00:00:00Z",
            }
            for name, resource in resources.items()
        ]  # fmt: skip
    return found


def _physical(name: str, resource: dict[str, Any]) -> str:
    bot = "BOTMAIN000" if name.startswith("Main") else "BOTEAR0000"
    match resource["Type"]:
        case "AWS::Lex::Bot":
            return bot
        case "AWS::Lex::BotVersion":
            return f"{bot}|7"
        case "AWS::Lex::BotAlias":
            return f"{name[:9].upper():0<10}|{bot}"
    return f"physical-{name}"


def account_with(found: dict[str, list[dict[str, Any]]], *, at_once: int = 100) -> Aws:
    there = Aws(Bot())

    def listed(params: dict[str, Any]) -> Any:
        part = params["StackName"].rpartition("-")[2]
        if part not in found:
            raise refusal("ValidationError", f"Stack with id {params['StackName']} does not exist")
        start = int(params.get("NextToken", "0"))
        page = {"StackResourceSummaries": found[part][start : start + at_once]}
        more = start + at_once < len(found[part])
        return {**page, "NextToken": str(start + at_once)} if more else page

    there.answers["list_stack_resources"] = listed
    return there


def test_every_part_is_found_in_what_is_synthesised() -> None:
    found = stacks(ROOT / "cdk.out")
    deployed = find(account_with(found, at_once=3)("cloudformation"), Environment())
    assert deployed.live is not None and deployed.guest is not None and deployed.ear is not None
    assert (deployed.live.bot, deployed.live.name, deployed.live.version) == ("BOTMAIN000", "live", "7")
    assert (deployed.guest.bot, deployed.guest.name) == ("BOTMAIN000", "guest")
    assert deployed.ear.bot == "BOTEAR0000" and deployed.ear.id not in (deployed.live.id, deployed.guest.id)
    names = ("lex_turn", "lex_turn_logs", "alexa_turn", "alexa_turn_logs", "table", "key", "secret", "groups")
    assert all(getattr(deployed, name) for name in names), deployed
    assert "CurrentVersion" not in str(deployed.lex_turn)
    assert deployed.table is not None and deployed.table.startswith("physical-Table")
    if found["observability"]:
        assert deployed.topic is not None and len(deployed.queries) == len(QUERIES)
        assert deployed.failures is not None and deployed.failures.startswith("physical-Failures")
    assert [each.name[:21] for each in deployed.groups] == ["physical-LexTurnDeplo", "physical-AlexaTurnDep"]
    assert all(each.application.startswith("physical-Deployments") for each in deployed.groups)


def test_a_stack_that_is_absent_or_denied_is_named_and_the_others_are_read() -> None:
    found = stacks(ROOT / "cdk.out")
    del found["skill"]
    deployed = find(account_with(found)("cloudformation"), Environment())
    assert deployed.live is not None and deployed.alexa_turn is None
    assert "throughline-dev-skill can't be read" in deployed.stack("skill")
    there = Aws(Bot())
    there.always("list_stack_resources", refusal("AccessDenied", "no"))
    nothing = find(there("cloudformation"), Environment())
    assert len(nothing.absent) == len(PARTS) and nothing.live is None


def test_the_newest_version_counts_and_what_is_deleted_does_not() -> None:
    found = stacks(ROOT / "cdk.out")
    version = next(each for each in found["bot"] if each["LogicalResourceId"].startswith("MainVersion"))
    found["bot"].append({**version, "PhysicalResourceId": "BOTMAIN000|12"})
    found["bot"].append({**version, "PhysicalResourceId": "BOTMAIN000|99", "ResourceStatus": "DELETE_COMPLETE"})
    deployed = find(account_with(found)("cloudformation"), Environment())
    assert deployed.live is not None and deployed.live.version == "12"


def test_without_credentials_nothing_is_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    clients = account.clients(botocore.session.Session(), "us-east-1")
    with pytest.raises(CannotLook, match="no credentials: nothing was tried"):
        account.check_identity(clients, Environment())


def test_credentials_that_have_expired_are_said_to_be_so() -> None:
    there = Aws(Bot())
    there.always("get_caller_identity", refusal("ExpiredToken"))
    with pytest.raises(CannotLook, match="no credentials that are valid: nothing was tried"):
        account.check_identity(there, Environment())


def test_another_account_than_the_settings_say_is_left_alone() -> None:
    there = Aws(Bot())
    with pytest.raises(CannotLook, match="999900001111: nothing was tried"):
        account.check_identity(there, Environment(account="999900001111"))
    assert account.check_identity(there, Environment(account="111122223333")) == "111122223333"


def test_the_region_is_the_settings_else_the_variable_s_else_the_profile_s() -> None:
    assert account.region(Environment(region="eu-west-1"), {"AWS_REGION": "a"}, "b") == "eu-west-1"
    assert account.region(Environment(), {"AWS_REGION": "a"}, "b") == "a"
    assert account.region(Environment(), {}, "b") == "b"
    with pytest.raises(CannotLook, match="no region"):
        account.region(Environment(), {}, None)


def test_lex_is_asked_once_so_that_throttling_shows() -> None:
    clients = account.clients(botocore.session.Session(), "us-east-1")
    lex, logs = clients("lexv2-runtime"), clients("logs")
    assert lex.meta.config.retries["total_max_attempts"] == 1
    assert logs.meta.config.retries["total_max_attempts"] == 3
    assert clients("logs") is logs
