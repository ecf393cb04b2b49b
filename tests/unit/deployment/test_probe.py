"""Each assumption: as expected in a healthy account, different in one that isn't, and honest where it can't look."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, ReadTimeoutError

import deployment.probe
from deployment import Environment
from deployment.environment import AlexaChannel, LexChannel
from deployment.probe import PROBES, Finding, Probe, Verdict, chosen, findings, status
from deployment.probe.elsewhere import ELSEWHERE
from deployment.probe.found import Deployed
from deployment.probe.hook import HOOK
from deployment.probe.running import outcome
from telemetry import Telemetry
from tests.unit.deployment.probe_rig import HERE, KEY_ARN, SETTINGS, TRACE, TURN_LINE, Aws, Bot, refusal, site
from tests.unit.deployment.probe_watched import ALEXA_LOGS, NOW, action, shift
from throughline.conversation import Exchange
from throughline.reply import Reply
from throughline.turn import Capabilities, InputMode, Turn

BY_ID = {probe.assumption.id: probe for probe in PROBES}
TRIED = [id for id in BY_ID if id not in {probe.assumption.id for probe in ELSEWHERE}]


def aws() -> Aws:
    return Aws(Bot())


def table(**changed: Any) -> dict[str, Any]:
    healthy: dict[str, Any] = {
        "SSEDescription": {"KMSMasterKeyArn": KEY_ARN}, "StreamSpecification": {"StreamEnabled": True},
        "DeletionProtectionEnabled": True,
    }  # fmt: skip
    return {"Table": healthy | changed}


def log(*lines: Any) -> dict[str, Any]:
    return {"events": [{"message": json.dumps(line)} for line in lines]}


def lines_of_a_turn(**changed: Any) -> dict[str, Any]:
    return log({**TURN_LINE, **changed})


def put_unconditionally(there: Aws) -> None:
    there.always("put_item", {})
    there.always("transact_write_items", {})


def logging_aliases(there: Aws) -> None:
    healthy = there.describe_bot_alias
    place = {"cloudWatch": {"cloudWatchLogGroupArn": "arn:aws:logs:us-east-1:1:log-group:g", "logPrefix": "p"}}
    on = {"textLogSettings": [{"enabled": True, "destination": place}]}
    there.answers["describe_bot_alias"] = lambda params: healthy(params) | {"conversationLogSettings": on}


def unheard(there: Aws) -> None:
    def rung(params: dict[str, Any]) -> Any:
        there.rung.insert(0, action("Failed", at=len(there.rung), error="AWSKMS: AccessDeniedException"))
        return {}

    there.answers["set_alarm_state"] = rung


DIFFERENT: dict[str, Callable[[Aws], None]] = {
    "alias-version": lambda there: there.always(
        "describe_bot_alias", {"botAliasName": "live", "botVersion": "DRAFT", "botAliasStatus": "Available"}
    ),
    "locale-built": lambda there: there.always(
        "describe_bot_locale", {"botLocaleStatus": "Failed", "failureReasons": ["no utterance"]}
    ),
    "hooks-by-alias": lambda there: there.always("describe_bot_alias", {"botVersion": "3"}),
    "conversation-logs": logging_aliases,
    "utterances": lambda there: there.always("describe_intent", {"sampleUtterances": [{"utterance": "whats the fee"}]}),
    "ear-state": lambda there: setattr(there.bot, "hears_values", False),
    "ear-quiet": lambda there: setattr(there.bot, "elicits_by_itself", True),
    "yes-no": lambda there: setattr(there.bot, "hears_yes", False),
    "ear-fallback": lambda there: setattr(there.bot, "falls_back", False),
    "confidence-shape": lambda there: setattr(there.bot, "confidence", 90),
    "runtime-hints": lambda there: there.always("recognize_text", refusal("ValidationException", "no hints")),
    "session-ids": lambda there: there.always("recognize_text", refusal("ValidationException", "bad id")),
    "text-length": lambda there: there.always("recognize_text", refusal("ValidationException", "too long")),
    "at-once": lambda there: there.always("recognize_text", refusal("ThrottlingException")),
    "hook-permission": lambda there: there.always(
        "recognize_text", refusal("DependencyFailedException", "not authorized to invoke")
    ),
    "hook-digression": lambda there: setattr(there.bot, "forgets_slots", True),
    "store-through-key": lambda there: setattr(there.bot, "apologises", True),
    "hook-cards": lambda there: setattr(there.bot, "shows_cards", False),
    "hook-confirm": lambda there: setattr(there.bot, "hears_no", False),
    "hook-close": lambda there: setattr(there.bot, "closes", False),
    "sentiment": lambda there: setattr(there.bot, "moods", False),
    "guest-attributes": lambda there: setattr(there.bot, "keeps_pointer", True),
    "attributes-size": lambda there: setattr(there.bot, "loses_attributes", True),
    "request-id": lambda there: setattr(there.bot, "repeats_itself", True),
    "hook-voice": lambda there: setattr(there.bot, "speaks", False),
    "table-ttl": lambda there: there.always(
        "describe_time_to_live", {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    ),
    "table-backups": lambda there: there.always(
        "describe_continuous_backups", {"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED"}}
    ),
    "table-key": lambda there: there.always("describe_table", table(SSEDescription={})),
    "key-rotation": lambda there: there.always("get_key_rotation_status", {"KeyRotationEnabled": False}),
    "secret-key": lambda there: there.always("describe_secret", {}),
    "condition-all-old": put_unconditionally,
    "alexa-foreign": lambda there: there.always("invoke", {"StatusCode": 200, "Payload": io.BytesIO(b"{}")}),
    "trace-beside-turn": lambda there: there.always("filter_log_events", lines_of_a_turn(turn={"id": "abc"})),
    "metrics-from-log": lambda there: there.always("filter_log_events", lines_of_a_turn(_aws={})),
    "cold-start": lambda there: there.always(
        "filter_log_events", log({"record": {"metrics": {"initDurationMs": 7_900, "durationMs": 200}}})
    ),
    "logs-kept": lambda there: there.always("describe_log_groups", {"logGroups": []}),
    "alarms-heard": lambda there: there.always(
        "list_subscriptions_by_topic",
        {"Subscriptions": [{"Endpoint": "night@example.com", "SubscriptionArn": "PendingConfirmation"}]},
    ),
    "queries-run": lambda there: there.always("start_query", refusal("MalformedQueryException", "unexpected symbol")),
    "alarm-rings": unheard,
    "gradual-role": lambda there: there.always(
        "batch_get_deployments",
        {"deploymentsInfo": [shift("d-1", status="Failed", errorInformation={"code": "IAM_ROLE_PERMISSIONS"})]},
    ),
}
NEVER_DIFFERENT = {"alexa-reaches"}
"""Silence in a log proves nothing."""


def tried(id: str, there: Aws, **settings: Any) -> deployment.probe.Outcome:
    return outcome(BY_ID[id], site(there, **settings))


def test_the_docstring_lists_exactly_the_assumptions_in_their_order() -> None:
    listed = re.findall(r"^\| ([a-z]+(?:-[a-z]+)+|[a-z]+) \|", deployment.probe.__doc__ or "", re.MULTILINE)
    assert [id for id in listed if id != "id"] == list(BY_ID)


def test_every_assumption_says_all_that_a_reader_needs() -> None:
    assert len(BY_ID) == len(PROBES)
    for probe in PROBES:
        said = probe.assumption
        assert all((said.id, said.says, said.expects, said.source, said.matters)), said.id
        assert probe in ELSEWHERE or probe.needs, f"{said.id} needs some right"


def test_every_tried_assumption_has_a_case_that_differs() -> None:
    assert DIFFERENT.keys() | NEVER_DIFFERENT == set(TRIED)


@pytest.mark.parametrize("id", TRIED)
def test_a_healthy_account_is_as_expected(id: str) -> None:
    there = aws()
    found = tried(id, there)
    assert found.verdict is Verdict.AS_EXPECTED, found
    assert found.came and not found.why
    assert not there.bot.sessions and not there.items


@pytest.mark.parametrize("id", sorted(DIFFERENT))
def test_what_is_not_as_expected_is_said_with_what_came(id: str) -> None:
    there = aws()
    DIFFERENT[id](there)
    found = tried(id, there)
    assert found.verdict is Verdict.DIFFERENT, found
    assert found.came


@pytest.mark.parametrize("id", TRIED)
def test_a_missing_right_is_named(id: str) -> None:
    there = aws()
    there.broken = refusal("AccessDeniedException", "User is not authorized")
    found = tried(id, there)
    assert found.verdict is Verdict.NOT_TRIED
    depends_on_the_tour = {"trace-beside-turn", "metrics-from-log"}
    if id == "at-once":
        assert "AccessDenied" in found.why
    elif id in depends_on_the_tour:
        assert "no guest was answered" in found.why
    elif id in {"hook-digression", "store-through-key", "hook-cards", "hook-confirm", "hook-close", "sentiment"}:
        assert "denied" in found.why or "AccessDenied" in found.why
    else:
        assert "access denied" in found.why and any(right in found.why for right in BY_ID[id].needs), found.why


@pytest.mark.parametrize(
    "failure",
    [
        refusal("ThrottlingException", "slow down"),
        refusal("ExpiredTokenException"),
        refusal("InternalServerException"),
        ReadTimeoutError(endpoint_url="https://example.com"),
        EndpointConnectionError(endpoint_url="https://example.com"),
        NoCredentialsError(),
        KeyError("botVersion"),
    ],
    ids=lambda failure: str(failure)[:60],
)
def test_no_failure_of_aws_ends_the_probing(failure: Exception) -> None:
    there = aws()
    there.broken = failure
    here = site(there)
    found = list(findings(PROBES, here))
    assert len(found) == len(PROBES)
    verdicts = {each.assumption.id: each.outcome.verdict for each in found}
    throttled = "Throttling" in str(failure)
    assert {id for id, verdict in verdicts.items() if verdict is Verdict.DIFFERENT} == (
        {"at-once"} if throttled else set()
    )
    assert all(each.outcome.why for each in found if each.outcome.verdict is Verdict.NOT_TRIED)


@pytest.mark.parametrize("id", TRIED)
def test_what_is_not_deployed_is_not_tried_and_the_stack_named(id: str) -> None:
    why = tuple((f"throughline-dev-{part}", f"the stack throughline-dev-{part} can't be read (it does not exist)")
                for part in ("customers", "bot", "skill", "observability"))  # fmt: skip
    there = aws()
    found = tried(id, there, deployed=Deployed(absent=why))
    assert found.verdict is Verdict.NOT_TRIED
    assert "throughline-dev-" in found.why or id == "cold-start"
    assert not there.calls


def test_the_guest_s_conversation_is_held_once() -> None:
    there = aws()
    list(findings(HOOK, site(there)))
    begun = [each for each in there.called("recognize_text") if each["text"] == "book a room"]
    assert len(begun) == 1


def test_a_probe_behind_the_place_where_the_conversation_stopped_says_so() -> None:
    there = aws()
    there.always("recognize_text", refusal("DependencyFailedException", "no permission"))
    found = {each.assumption.id: each.outcome for each in findings(HOOK, site(there))}
    assert found["hook-permission"].verdict is Verdict.DIFFERENT
    assert found["hook-close"].verdict is Verdict.NOT_TRIED and "no permission" in found["hook-close"].why


@pytest.mark.parametrize(
    ("id", "settings", "setting"),
    [
        ("sentiment", replace(SETTINGS, lex=LexChannel(sentiment=False)), "lex.sentiment"),
        ("alarms-heard", Environment(), "watched.alarm_emails"),
        ("alexa-reaches", Environment(), "alexa.skill_id"),
        ("alexa-foreign", replace(SETTINGS, alexa=AlexaChannel(enabled=False)), "alexa.enabled"),
    ],
)
def test_what_a_setting_switches_off_is_not_tried(id: str, settings: Environment, setting: str) -> None:
    there = aws()
    there.bot.moods = False
    found = tried(id, there, environment=settings)
    assert found.verdict is Verdict.NOT_TRIED and setting in found.why


def test_a_mood_that_was_switched_off_is_different() -> None:
    found = tried("sentiment", aws(), environment=replace(SETTINGS, lex=LexChannel(sentiment=False)))
    assert found.verdict is Verdict.DIFFERENT


def test_no_one_s_address_stands_in_a_finding() -> None:
    found = tried("alarms-heard", aws())
    assert found.came == "1 of 1 have confirmed"


@pytest.mark.parametrize(
    ("id", "answer", "reason"),
    [
        ("cold-start", {"events": []}, "no cold start"),
        ("alexa-reaches", {"events": []}, "nobody spoke to the skill"),
        ("trace-beside-turn", {"events": [{"message": "not JSON"}]}, "no turn's line within"),
    ],
)
def test_silence_in_a_log_is_no_verdict(id: str, answer: dict[str, Any], reason: str) -> None:
    there = aws()
    there.always("filter_log_events", answer)
    found = tried(id, there)
    assert found.verdict is Verdict.NOT_TRIED and reason in found.why


def test_a_log_that_goes_on_for_ever_is_left() -> None:
    there = aws()
    there.always("filter_log_events", {"events": [], "nextToken": "more"})
    assert tried("alexa-reaches", there).verdict is Verdict.NOT_TRIED
    asked = there.called("filter_log_events")
    assert len(asked) == 20 and asked[1]["nextToken"] == "more" and asked[0]["logGroupName"] == ALEXA_LOGS


def test_a_metric_that_is_not_listed_yet_is_no_verdict() -> None:
    there = aws()
    there.always("list_metrics", {"Metrics": []})
    found = tried("metrics-from-log", there)
    assert found.verdict is Verdict.NOT_TRIED and "quarter of an hour" in found.why


def test_cold_starts_are_told_in_figures() -> None:
    assert "lex_turn: 1 cold starts, 700 / 700 / 700 ms" in tried("cold-start", aws()).came


def test_an_older_version_behind_an_alias_is_different() -> None:
    older = replace(HERE, live=replace(HERE.live, version="4")) if HERE.live else HERE
    assert tried("alias-version", aws(), deployed=older).verdict is Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.AS_EXPECTED, Verdict.NOT_TRIED], 0),
        ([Verdict.AS_EXPECTED, Verdict.DIFFERENT, Verdict.NOT_TRIED], 1),
        ([Verdict.NOT_TRIED], 2),
        ([], 2),
    ],
)
def test_the_status_tells_the_worst(verdicts: list[Verdict], expected: int) -> None:
    found = [Finding(PROBES[0].assumption, deployment.probe.Outcome(verdict)) for verdict in verdicts]
    assert status(found) == expected


def test_every_probe_of_a_channel_to_come_says_why_it_is_not_tried() -> None:
    unbuilt: list[Probe] = list(chosen(["connect-association", "pinpoint-app", "ses-rules", "meta-acknowledgement"]))
    assert {each.outcome.why for each in findings(unbuilt, site(aws()))} == {"channel not built yet"}


def test_the_line_that_a_turn_prints_is_the_line_that_is_looked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={TRACE};Sampled=1")
    telemetry = Telemetry("lex", frozenset(), service="throughline-dev")
    turn = Turn(
        id="abc", at=NOW, channel="lex", session="guest", locale="en_US", mode=InputMode.TEXT,
        can=Capabilities(voice=False, screen=True, transfer=False, secrets=False),
    )  # fmt: skip

    def answered() -> dict[str, str]:
        telemetry.turn(Exchange(turn, Reply(()), "g1", None), 0.1)
        return {}

    telemetry.flushed(answered)
    line = json.loads(capsys.readouterr().out)
    assert isinstance(line["turn"]["prompts"], str), "the log's filter looks for this field"
    there = aws()
    there.always("filter_log_events", log(line))
    assert tried("trace-beside-turn", there).came == f"turn abc, trace {TRACE}"
    assert tried("metrics-from-log", there).verdict is Verdict.AS_EXPECTED
