"""An environment's settings: defaults, the file, and what the context says instead."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any, Protocol

import botocore.session
import pytest
import yaml
from jsonschema import Draft202012Validator

import deployment
from compiler import Problem, Problems
from deployment import phone_values
from deployment.environment import AlexaVendor, Codes, Environment, Shifting, Teardown
from deployment.phone import PhoneUser
from deployment.settings_values import ALEXA_REGIONS, FUNCTIONS, LOGS_DAYS, TAG_KEY_LENGTH

ROOT = Path(__file__).parents[3]
CERTIFICATE = (ROOT / "tests" / "synth" / "capture.pem").read_text("ascii")
SKILL = "amzn1.ask.skill.01234567-89ab-cdef-0123-456789abcdef"
# What the CDK command line adds, as of version 2.1148.1, with what `cdk init` and look-ups write.
OWN = {
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:enable-asset-metadata": True,
    "aws:cdk:disable-version-reporting": True,
    "aws:cdk:bundling-stacks": ["**"],
    "@aws-cdk/core:failSynthOnValidationErrors": False,
    "@aws-cdk/core:target-partitions": ["aws"],
    "@aws-cdk-containers/ecs-service-extensions:enableDefaultLogDriver": True,
    "aws-cdk:enableDiffNoFail": True,
    "availability-zones:account=111122223333:region=us-east-1": ["us-east-1a"],
    "acknowledged-issue-numbers": [19836],
}


class Root(Protocol):
    folder: Path

    def write(self, name: str, text: str) -> None: ...
    def load(self, text: str | None = None, name: str = "dev", **context: object) -> Environment: ...
    def given(self, context: dict[str, object], text: str | None = None, name: str = "dev") -> Environment: ...
    def told(
        self, text: str | None = None, context: dict[str, object] | None = None, name: str = "dev"
    ) -> tuple[Problem, ...]: ...


class Words(yaml.SafeLoader):
    """Reads `yes` and `no` as words, as an editor's YAML 1.2 does."""


Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Words.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every setting by its dotted path."""
    if dataclasses.is_dataclass(value):
        found: dict[str, Any] = {}
        for field in dataclasses.fields(value):
            found |= flat(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
        return found
    return {path: value}


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "---\n", "~\n", "kept:\nrunning:\nlex:\nalexa:\nwatched:\ntags:\naccount:\n"]
)
def test_an_empty_file_is_every_default(root: Root, text: str) -> None:
    assert flat(root.load(text)) == flat(Environment())


def test_the_default_environment_is_dev(root: Root) -> None:
    assert root.given({}) == Environment()
    assert root.given({"environment": None}) == Environment()


def test_the_example_dev_writes_every_setting_with_its_default() -> None:
    assert deployment.load(ROOT, {}) == Environment()
    written = yaml.load((ROOT / "environments" / "dev.yaml").read_text("utf-8"), Loader=Words)
    named = {f"{group}.{key}" for group, keys in written.items() for key in (keys if isinstance(keys, dict) else ())}
    assert set(flat(Environment())) == {"name"} | named | {k for k, v in written.items() if not v or v is True}


def test_the_example_prod_loads_and_shifts_with_a_canary() -> None:
    prod = deployment.load(ROOT, {"environment": "prod", **OWN})
    assert prod.name == "prod"
    assert prod.running.traffic_shifting is Shifting.CANARY
    assert prod.kept.on_teardown is Teardown.RETAIN
    assert prod.account is None
    assert prod.watched.alarm_emails == ()


MONDAYS = "arn:aws:dynamodb:eu-west-1:012345678901:table/of-monday/stream/2026-11-23T00:00:00.000"
FULL = f"""
account: "012345678901"
region: eu-west-1
reference_bank: false
kept: {{logs_days: 30, backup_days: 7, on_teardown: destroy, restored_table: of-sunday, rotate_keys_days: 180,
  restored_stream: "arn:aws:dynamodb:eu-west-1:012345678901:table/of-sunday/stream/2026-11-22T00:00:00.000"}}
running:
  memory_megabytes: 512
  reserved_concurrency: {{lex_turn: 7}}
  traffic_shifting: linear
lex: {{guests: false, sentiment: false, conversation_logs: true}}
alexa:
  skill_id: {SKILL}
  vendor: {{vendor_id: M0EXAMPLE, login_secret: throughline/alexa-login}}
codes:
  sms_from: phone-0123456789abcdef0123456789abcdef
  sms_protect: protect-0123456789abcdef
  countries: ["+44", US, "+1787"]
  email_from: codes@example.com
people: {{enabled: false, callback_urls: [https://www.example.com/signed-in]}}
phone:
  instance_alias: meridian-full
  number: {{country: GB, type: TOLL_FREE}}
  hours: {{time_zone: Europe/London, weekdays: "09:00-17:30", saturday: 10:00-12:00}}
  holidays: [2026-12-25, "2027-01-01"]
  queue_capacity: 7
  queues: {{cards: 40}}
  users: [{{name: Ada van Example, team: supervisor, email: ada@example.com}}]
  recordings_days: 30
watched:
  dashboard: false
  alarms: true
  alarm_emails: [a@example.com, b@example.org]
  slow_turn_milliseconds: 5999
  failures: 1
tags: {{cost-center: 1234, "acme:team": Service Desk}}
"""
WITH_CAPTURES = FULL.replace(
    "  recordings_days: 30\n", "  recordings_days: 30\n  capture_certificate: environments/capture.pem\n"
)


def test_every_setting_arrives(root: Root) -> None:
    root.write("environments/capture.pem", CERTIFICATE)
    found = flat(root.load(WITH_CAPTURES, name="full"))
    plain = flat(Environment())
    alike = ["alexa.enabled", "phone.enabled", "phone.instance_arn", "watched.alarms"]
    assert [key for key in plain if found.get(key, "") == plain[key]] == alike
    assert found["phone.hours.time_zone"] == "Europe/London" and found["phone.hours.sunday"] is None
    assert found["phone.holidays"] == ("2026-12-25", "2027-01-01")
    assert found["phone.users"] == (PhoneUser("Ada van Example", "supervisor", "ada@example.com"),)
    assert found["phone.capture_certificate"] == CERTIFICATE
    assert found["codes.countries"] == ("+44", "US", "+1787")
    assert found["codes.sms_protect"] == "protect-0123456789abcdef"
    assert found["alexa.vendor.vendor_id"] == "M0EXAMPLE"
    assert found["account"] == "012345678901"
    assert found["tags"] == {"cost-center": "1234", "acme:team": "Service Desk"}


def test_countries_stand_between_commas_on_the_command_line(root: Root) -> None:
    assert root.load("", **{"codes.countries": "US, +44"}).codes.countries == ("US", "+44")


def test_a_number_to_text_from_with_no_country_to_text_to_is_told() -> None:
    codes = Codes(sms_from="phone-1", countries=())
    assert dict(Environment(codes=codes).absent())["codes by text message"] == "codes.countries is empty"


def test_an_account_keeps_its_leading_zero_even_without_quotes(root: Root) -> None:
    assert root.load("account: 012345678901\n").account == "012345678901"


def test_the_command_line_overrides_the_file_in_every_kind_of_value(root: Root) -> None:
    context: dict[str, object] = {
        "account": "210987654321",
        "alexa.skill_id": "",
        "alexa.vendor.vendor_id": "M1EXAMPLE",
        "kept.logs_days": "14",
        "kept.on_teardown": "retain",
        "kept.restored_table": "of-monday",
        "kept.restored_stream": MONDAYS,
        "lex.guests": "true",
        "running.reserved_concurrency.alexa_turn": "3",
        "tags.acme:team": "Field",
        "watched.alarm_emails": "c@example.com, d@example.com",
    }
    found = root.load(FULL, "full", **context)
    assert found.account == "210987654321"
    assert found.alexa.skill_id == ""
    assert found.alexa.vendor == AlexaVendor("M1EXAMPLE", "throughline/alexa-login")
    assert (found.kept.logs_days, found.kept.backup_days) == (14, 7)
    assert (found.kept.restored_table, found.kept.restored_stream) == ("of-monday", MONDAYS)
    assert found.lex.guests is True
    assert found.running.reserved_concurrency == {"lex_turn": 7, "alexa_turn": 3}
    assert found.tags == {"cost-center": "1234", "acme:team": "Field"}
    assert found.watched.alarm_emails == ("c@example.com", "d@example.com")


def test_cdk_json_may_hold_settings_as_json(root: Root) -> None:
    context: dict[str, object] = {
        "lex": {"guests": False},
        "lex.sentiment": False,
        "kept": {"logs_days": 30.0, "backup_days": 5},
        "watched.alarm_emails": ["a@example.com"],
        "region": None,
        **OWN,
    }
    found = root.given(context)
    assert (found.lex.guests, found.lex.sentiment, found.lex.conversation_logs) == (False, False, False)
    assert (found.kept.logs_days, found.kept.backup_days, found.region) == (30, 5, None)
    assert found.watched.alarm_emails == ("a@example.com",)


def test_an_empty_list_on_the_command_line_empties_the_files(root: Root) -> None:
    assert root.load(FULL, "full", **{"watched.alarm_emails": ""}).watched.alarm_emails == ()


@pytest.mark.parametrize(
    "text",
    ["{lex_turn: 5, alexa_turn: 3}", "{lex_turn:5,alexa_turn:3}", ' {"lex_turn":5,"alexa_turn":3}', "{lex_turn: '5',"
     " alexa_turn: 3,}"],
)  # fmt: skip
def test_a_mapping_may_be_one_text_on_the_command_line(root: Root, text: str) -> None:
    found = root.given({"running.reserved_concurrency": text})
    assert found.running.reserved_concurrency == {"lex_turn": 5, "alexa_turn": 3}


def test_a_text_may_hold_a_group_or_tags_or_a_list(root: Root) -> None:
    found = root.load(
        FULL,
        "full",
        **{
            "kept": "{logs_days: 14, on_teardown: retain}",
            "kept.logs_days": "7",
            "alexa.vendor": "{vendor_id: M1EXAMPLE}",
            "tags": '{"acme:team": Field, cost-center:1}',
            "watched": "{alarm_emails: [c@example.com]}",
        },
    )
    assert (found.kept.logs_days, found.kept.backup_days, found.kept.on_teardown) == (7, 7, Teardown.RETAIN)
    assert found.alexa.vendor == AlexaVendor("M1EXAMPLE", "throughline/alexa-login")
    assert found.tags == {"cost-center": "1", "acme:team": "Field"}
    assert found.watched.alarm_emails == ("c@example.com",)
    emails = root.given({"watched.alarm_emails": "[c@example.com, d@example.com]"}).watched.alarm_emails
    assert emails == ("c@example.com", "d@example.com")


def test_an_empty_mapping_on_the_command_line_changes_nothing(root: Root) -> None:
    assert root.load(FULL, "full", tags="{}").tags == root.load(FULL, "full").tags


def test_what_stands_in_cdk_json_is_told_there_and_the_rest_of_the_command_line(root: Root) -> None:
    context: dict[str, object] = {"lex.guests": "perhaps", "lex": {"sentiment": "maybe"}, "kept.backup_days": 90}
    root.write("cdk.json", json.dumps({"context": context}, indent=2))
    told = [str(problem) for problem in root.told(context={**context, "kept.backup_days": "99", **OWN})]
    assert [line.split(": ")[0] for line in told] == ["-c kept.backup_days", "cdk.json:3:19", "cdk.json:5:20"]
    assert "99" in told[0] and "perhaps" in told[1] and "maybe" in told[2]


def test_a_cdk_json_indented_with_tabs_is_still_found(root: Root) -> None:
    root.write("cdk.json", json.dumps({"context": {"lex.guests": "perhaps"}}, indent="\t"))
    (problem,) = root.told(context={"lex.guests": "perhaps"})
    assert str(problem).startswith("cdk.json:3:17: ")


def test_a_setting_of_the_file_that_the_context_mends_is_no_problem(root: Root) -> None:
    assert root.load("kept: {backup_days: 90}\n", **{"kept.backup_days": "9"}).kept.backup_days == 9


def test_environments_are_apart_in_every_name(root: Root) -> None:
    assert root.load("", "blue").prefix != root.load("", "green").prefix


def test_the_limits_are_those_of_aws() -> None:
    session = botocore.session.get_session()
    model = session.get_service_model("logs")
    days = model.shape_for("Days").documentation.split("Possible values are:")[1].split("</p>")[0]
    assert tuple(int(number) for number in re.findall(r"\d+", days)) == LOGS_DAYS
    window = session.get_service_model("dynamodb").shape_for("RecoveryPeriodInDays").metadata
    assert (window["min"], window["max"]) == (1, 35)
    assert session.get_service_model("cloudformation").shape_for("TagKey").metadata["max"] == TAG_KEY_LENGTH
    assert set(ALEXA_REGIONS) <= set(session.get_available_regions("lambda"))


def test_every_region_and_partition_that_botocore_knows_is_a_region(root: Root) -> None:
    session = botocore.session.get_session()
    for partition in session.get_available_partitions():
        for region in session.get_available_regions("lambda", partition, allow_non_regional=False):
            assert root.load(f"region: {region}\nalexa: {{enabled: false}}\n").region == region


def test_every_function_whose_concurrency_can_be_set_exists() -> None:
    assert all((ROOT / "lambdas" / f"{name}.py").is_file() for name in FUNCTIONS)


def test_the_schema_knows_every_setting_and_accepts_the_examples(root: Root, tmp_path: Path) -> None:
    schema = deployment.schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for file in sorted((ROOT / "environments").glob("*.yaml")):
        data = yaml.load(file.read_text("utf-8"), Loader=Words)
        assert [error.message for error in validator.iter_errors(data)] == []
    assert list(validator.iter_errors(yaml.load(FULL, Loader=Words))) == []
    mistakes: tuple[dict[str, object], ...] = (
        {"kepd": {}},
        {"kept": {"logs_days": 91}},
        {"running": {"reserved_concurrency": {"lex": 1}}},
        {"kept": {"restored_table": "bad name!"}},
        {"kept": {"restored_stream": "of-sunday"}},
    )
    for wrong in mistakes:
        assert list(validator.iter_errors(wrong)), wrong
    (path,) = deployment.write_schema(tmp_path / ".schema")
    assert path.name == "environment.json"
    assert json.loads(path.read_text("utf-8")) == schema


def test_what_is_absent_is_said_with_its_setting(root: Root) -> None:
    absent = dict(root.load("lex: {guests: false}\nalexa: {enabled: false}\n").absent())
    assert absent == {
        "other Lex clients": "lex.guests is false",
        "Alexa": "alexa.enabled is false",
        "codes by text message": "codes.sms_from is not set",
        "codes by e-mail": "codes.email_from is not set",
        "sign-in on web and app": "people.callback_urls is empty",
        "a telephone number": "phone.number is not set",
        "card numbers and PINs by keys": "phone.capture_certificate is not set",
    }
    silent = dict(root.load("phone: {enabled: false}\n").absent())
    assert silent["the telephone and its chat"] == "phone.enabled is false"
    assert "a telephone number" not in silent
    nobody = dict(root.load("people: {enabled: false}\n").absent())
    assert nobody["sign-in and the desk"] == "people.enabled is false"
    assert "account linking on Alexa" not in nobody
    root.write("environments/capture.pem", CERTIFICATE)
    everybody = root.load(WITH_CAPTURES.replace("{enabled: false, callback", "{callback"), "full").absent()
    assert [what for what, _ in everybody] == ["other Lex clients"]


def test_users_belong_to_the_teams_that_there_are() -> None:
    from stacks.team import TEAMS

    assert tuple(TEAMS) == phone_values.TEAMS


def test_problems_are_the_compilers() -> None:
    with pytest.raises(Problems):
        deployment.load(ROOT, {"environment": "nowhere"})
