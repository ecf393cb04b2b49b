"""The bill: that its arithmetic holds for any volumes, and that what is deployed is on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployment import cost
from deployment.cost import prices
from deployment.cost.bill import idle_is_met, idle_target, met_from
from deployment.cost.channels import REFERENCE
from deployment.cost.prices import Price, Seen
from deployment.cost.standing import FREE_WHILE_IDLE

ASSUMED = cost.Assumed()
DEPLOYED = cost.Deployed(
    stacks=("Bot", "Customers", "Observability", "Skill"),
    counted={prices.KMS_KEYS: 1, prices.SECRETS: 1, prices.ALARMS: 6, prices.DASHBOARDS: 1},
    functions={"lex_turn": Decimal(1), "alexa_turn": Decimal(1), "relay": Decimal(1)},
    log_days=90,
    tables=2,
    followers=0,
    each_turn=0,
    ledger=True,
    recovery=True,
    encrypted=True,
    traced=True,
    sentiment=True,
    lex_logs=True,
    addresses=1,
    recording_days=365,
    captures=False,
    shifting=True,
    asset_bytes=5_000_000,
    origin=cost.Origin("cdk.out", ("dev",)),
)
ROUNDING = Decimal("1e-9")
"""More than all lines' rounding to the picodollar comes to."""
NAMES = [channel.name for channel in cost.CHANNELS]
turns = st.integers(0, 50_000_000)
volumes = st.dictionaries(st.sampled_from(NAMES), turns)
Write = Callable[..., Path]


def priced(said: dict[str, int]) -> cost.Bill:
    return cost.bill(DEPLOYED, said, ASSUMED)


@given(volumes, st.sampled_from(NAMES), st.integers(1, 1_000_000))
def test_more_turns_never_cost_less(said: dict[str, int], channel: str, more: int) -> None:
    busier = {**said, channel: said.get(channel, 0) + more}
    for group in cost.Group:
        assert priced(busier).total(group) >= priced(said).total(group)
    assert priced(busier).after_free_tiers() >= priced(said).after_free_tiers()
    assert priced(busier).total(cost.Group.ADDED) > priced(said).total(cost.Group.ADDED)


@given(volumes)
def test_the_bill_is_the_sum_of_its_lines_its_services_and_its_groups(said: dict[str, int]) -> None:
    month = priced(said)
    assert month.total() == sum(line.usd for line in month.lines)
    assert month.total() == sum(month.total(group) for group in cost.Group)
    for group in cost.Group:
        assert month.total(group) == sum(month.services(group).values())
    assert Decimal(0) <= month.after_free_tiers() <= month.total()


@given(turns, turns)
def test_channels_with_nothing_in_common_add_up_but_for_the_metrics_of_all(text: int, alexa: int) -> None:
    both, one, other = (
        priced(said) for said in ({"lex-text": text, "alexa": alexa}, {"lex-text": text}, {"alexa": alexa})
    )
    for group in cost.Group:
        nothing = cost.idle(DEPLOYED, ASSUMED)
        added_up = without_metrics(one, group) + without_metrics(other, group) - without_metrics(nothing, group)
        assert abs(without_metrics(both, group) - added_up) < ROUNDING
    assert metrics(both) <= metrics(one) + metrics(other) + ROUNDING


def metrics(month: cost.Bill) -> Decimal:
    return sum((line.usd for line in month.lines if line.price is prices.METRICS), Decimal(0))


def without_metrics(month: cost.Bill, group: cost.Group) -> Decimal:
    return sum(
        (line.usd for line in month.lines if line.group is group and line.price is not prices.METRICS), Decimal(0)
    )


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_spoken_and_typed_turns_share_their_function_so_together_they_cost_no_more(text: int, speech: int) -> None:
    together = priced({"lex-text": text, "lex-speech": speech}).total()
    apart = priced({"lex-text": text}).total() + priced({"lex-speech": speech}).total()
    assert together <= apart - cost.idle(DEPLOYED, ASSUMED).total() + ROUNDING


@given(st.dictionaries(st.sampled_from(NAMES), st.just(0)))
def test_a_month_of_silence_costs_what_stands_there(said: dict[str, int]) -> None:
    assert priced(said).lines == cost.idle(DEPLOYED, ASSUMED).lines
    standing = Decimal("1.00") + Decimal("0.40") + 6 * Decimal("0.10") + Decimal("3.00")
    assert priced(said).total() - standing < Decimal("0.005")
    assert priced(said).total(cost.Group.ANYWAY) == 0


@given(st.integers(1, 50_000_000))
def test_the_figure_per_thousand_is_that_of_the_bill(number: int) -> None:
    thousand = cost.per_thousand(DEPLOYED, number, ASSUMED)
    added = priced({REFERENCE.name: number}).total(cost.Group.ADDED) - cost.idle(DEPLOYED, ASSUMED).total()
    assert abs(thousand.usd * number / 1000 - added) < ROUNDING
    assert Decimal(0) < thousand.metrics < thousand.usd


@given(st.integers(1, 49_000_000), st.integers(1, 1_000_000))
def test_a_thousand_turns_get_no_dearer_with_more_of_them(number: int, more: int) -> None:
    few, many = (cost.per_thousand(DEPLOYED, one, ASSUMED).usd for one in (number, number + more))
    assert many <= few + ROUNDING * 1000


def test_nothing_is_added_to_no_turns() -> None:
    with pytest.raises(ValueError, match="no turns"):
        cost.per_thousand(DEPLOYED, 0, ASSUMED)


def test_the_target_is_met_from_the_volume_that_is_said_and_not_before() -> None:
    turns = met_from(DEPLOYED, ASSUMED)
    assert turns is not None
    assert cost.per_thousand(DEPLOYED, turns, ASSUMED).met
    assert not cost.per_thousand(DEPLOYED, turns - 100, ASSUMED).met


def test_no_volume_helps_when_the_turns_alone_are_too_dear() -> None:
    assert met_from(DEPLOYED, replace(ASSUMED, warm_ms=10_000)) is None


def test_an_idle_bill_is_held_against_its_target_by_the_cent() -> None:
    assert idle_is_met(Decimal("9.2549"), DEPLOYED)
    assert not idle_is_met(Decimal("9.26"), DEPLOYED)


def test_what_is_keyed_in_may_cost_its_own_key_secret_and_alarm_where_it_is_switched_on() -> None:
    keyed = replace(DEPLOYED, captures=True)
    assert idle_target(keyed) - idle_target(DEPLOYED) == Decimal("1.00") + Decimal("0.40") + Decimal("0.10")
    assert idle_is_met(Decimal("10.75"), keyed) and not idle_is_met(Decimal("10.76"), keyed)


@pytest.mark.parametrize(
    ("less", "service"),
    [
        ({"traced": False}, "AWS X-Ray"),
        ({"shifting": False}, "AWS CodeDeploy"),
        ({"addresses": 0}, "Amazon SNS"),
        ({"sentiment": False}, "Amazon Comprehend"),
    ],
)
def test_what_is_not_deployed_is_not_on_the_bill(less: dict[str, Any], service: str) -> None:
    def on(deployed: cost.Deployed) -> bool:
        return any(line.price.service == service for line in cost.bill(deployed, {"lex-text": 1}, ASSUMED).lines)

    assert on(DEPLOYED)
    assert not on(replace(DEPLOYED, **less))


def test_the_reference_banks_books_cost_something() -> None:
    without = cost.bill(replace(DEPLOYED, ledger=False), {"lex-text": 1000}, ASSUMED)
    assert without.total() < priced({"lex-text": 1000}).total()


def test_a_channel_without_its_function_has_no_price_but_says_what_to_do() -> None:
    lacking = replace(DEPLOYED, functions={"lex_turn": Decimal(1)})
    with pytest.raises(cost.CannotBePriced, match="--alexa 0"):
        cost.bill(lacking, {"alexa": 1}, ASSUMED)
    assert cost.usual(lacking)["alexa"] == 0
    assert cost.usual(DEPLOYED)["alexa"] > 0
    assert cost.bill(lacking, cost.usual(lacking), ASSUMED).total() > 0


def test_a_call_costs_its_minutes_and_the_room_of_its_recording() -> None:
    month = priced({"phone": 1000})
    usd = {line.price: line.usd for line in month.lines}
    assert usd[prices.CONNECT_VOICE] == Decimal("9.5"), "a thousand turns are 250 minutes"
    assert usd[prices.CONNECT_CALLS] == Decimal("0.55")
    assert usd[prices.CONNECT_LENS] == 0, "it is in the price of a minute"
    assert usd[prices.RECORDINGS] == pytest.approx(Decimal("0.1325"), abs=Decimal("0.0001"))
    unrecorded = cost.bill(replace(DEPLOYED, recording_days=0), {"phone": 1000}, ASSUMED)
    assert prices.RECORDINGS not in {line.price for line in unrecorded.lines}


def test_a_chats_turn_is_two_messages() -> None:
    (chat,) = [line for line in priced({"chat": 1000}).lines if line.price is prices.CONNECT_CHAT]
    assert (chat.quantity, chat.usd) == (Decimal(2000), Decimal(20))


def test_every_price_has_a_source_and_every_channel_a_platform() -> None:
    assert len(prices.ALL) == len(set(prices.ALL)) > 20
    for price in prices.ALL:
        assert price.source.startswith("https://")
        assert price.usd >= 0
        assert price.per >= 1
    assert {Seen.PAGE, Seen.TRANSCRIBED, Seen.RECALLED} == {price.seen for price in prices.ALL}
    assert all(channel.anyway for channel in cost.CHANNELS)
    assert len(set(NAMES)) == len(NAMES)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(*resources: tuple[str, dict[str, Any]], stack: str = "One") -> Path:
        numbered = {f"It{number}": {"Type": kind, "Properties": it} for number, (kind, it) in enumerate(resources)}
        (tmp_path / f"{stack}.template.json").write_text(json.dumps({"Resources": numbered}), "utf-8")
        return tmp_path

    return write


def counted(folder: Path) -> dict[Price, int]:
    return dict(cost.read(folder).counted)


def test_another_alarm_shows_up_in_the_bill(write: Write) -> None:
    alarm: tuple[str, dict[str, Any]] = ("AWS::CloudWatch::Alarm", {"MetricName": "Failures", "Period": 300})
    one, two = counted(write(alarm)), counted(write(alarm, alarm))
    assert (one, two) == ({prices.ALARMS: 1}, {prices.ALARMS: 2})


def test_an_alarm_on_a_formula_costs_by_the_metrics_in_it(write: Write) -> None:
    stat = {"MetricStat": {"Metric": {"MetricName": "Errors"}, "Period": 60, "Stat": "Sum"}}
    assert counted(write(("AWS::CloudWatch::Alarm", {"Metrics": [{"Expression": "a/b"}, stat, stat]}))) == {
        prices.ALARMS: 2
    }


def test_alarms_within_the_minute_and_composites_have_prices_of_their_own(write: Write) -> None:
    folder = write(("AWS::CloudWatch::Alarm", {"Period": 10}), ("AWS::CloudWatch::CompositeAlarm", {}))
    assert counted(folder) == {prices.ALARMS_FAST: 1, prices.ALARMS_COMPOSITE: 1}


@pytest.mark.parametrize("formula", ["SELECT MAX(Errors) FROM X", "ANOMALY_DETECTION_BAND(m1)"])
def test_an_alarm_on_a_query_is_refused(write: Write, formula: str) -> None:
    with pytest.raises(cost.CannotBePriced, match="One/It0"):
        cost.read(write(("AWS::CloudWatch::Alarm", {"Metrics": [{"Expression": formula}]})))


def test_keys_secrets_with_replicas_dashboards_and_filters_are_counted(write: Write) -> None:
    folder = write(
        ("AWS::KMS::Key", {}),
        ("AWS::SecretsManager::Secret", {"ReplicaRegions": [{"Region": "us-west-2"}]}),
        ("AWS::CloudWatch::Dashboard", {}),
        ("AWS::Logs::MetricFilter", {"MetricTransformations": [{}, {}]}),
    )
    assert counted(folder) == {prices.KMS_KEYS: 1, prices.SECRETS: 2, prices.DASHBOARDS: 1, prices.METRICS: 2}


@pytest.mark.parametrize("kind", ["AWS::EC2::NatGateway", "AWS::OpenSearchServerless::Collection", "AWS::New::Thing"])
def test_a_type_that_the_list_does_not_know_is_refused_by_its_name(write: Write, kind: str) -> None:
    with pytest.raises(cost.CannotBePriced, match=kind) as refused:
        cost.read(write((kind, {})))
    assert "FREE_WHILE_IDLE" in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "properties", "what"),
    [
        ("AWS::DynamoDB::Table", {}, "provisioned capacity"),
        ("AWS::Lambda::Alias", {"ProvisionedConcurrencyConfig": {}}, "provisioned concurrency"),
        ("AWS::Lambda::Function", {"SnapStart": {"ApplyOn": "PublishedVersions"}}, "SnapStart"),
    ],
)
def test_what_is_reserved_is_refused_too(write: Write, kind: str, properties: dict[str, Any], what: str) -> None:
    with pytest.raises(cost.CannotBePriced, match=what):
        cost.read(write((kind, properties)))


def test_what_follows_some_turns_alone_looks_at_the_stream_and_is_not_called_for_each(write: Write) -> None:
    def mapping(*patterns: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        filters = [{"Pattern": json.dumps({"dynamodb": it})} for it in patterns]
        return "AWS::Lambda::EventSourceMapping", {"FilterCriteria": {"Filters": filters}} if filters else {}

    keys = {"Keys": {"sk": {"S": ["conversation"]}}}
    some = [{**keys, image: {"person": {"S": ["web"]}}} for image in ("NewImage", "OldImage")]
    for made, each in ((mapping(), 1), (mapping(keys), 1), (mapping(*some), 0), (mapping(keys, some[0]), 1)):
        found = cost.read(write(made))
        assert (found.followers, found.each_turn) == (1, each)


def test_a_second_follower_of_some_turns_makes_no_transcript_dearer() -> None:
    one, two = (replace(DEPLOYED, followers=number, each_turn=1) for number in (1, 2))
    fewer, more = (cost.bill(it, {"lex-text": 100_000}, ASSUMED) for it in (one, two))
    dearer = {line.why for line in more.lines if line not in fewer.lines}
    assert dearer == {"the stream's key, each 5 minutes for each follower"}


def test_a_message_to_an_agent_is_paid_once_in_amazon_connect_and_as_no_turn_of_lex() -> None:
    bill = priced({"relay": 1000})
    (chat,) = [line for line in bill.lines if line.price is prices.CONNECT_CHAT]
    assert (chat.quantity, chat.group) == (Decimal(1000), cost.Group.ANYWAY)
    assert not [line for line in bill.lines if line.price in (prices.LEX_TEXT, prices.SENTIMENT)]


def test_free_types_have_reasons() -> None:
    assert all(reason for reason in FREE_WHILE_IDLE.values())


def test_an_empty_folder_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(cost.CannotBePriced, match="make synth"):
        cost.read(tmp_path)


def test_settings_are_read_from_the_templates(write: Write) -> None:
    table = {
        "BillingMode": "PAY_PER_REQUEST",
        "SSESpecification": {"KMSMasterKeyId": "key"},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }
    function = {
        "Handler": "lex_turn.handler",
        "MemorySize": 1536,
        "TracingConfig": {"Mode": "Active"},
        "Environment": {"Variables": {"LEDGER": {"Ref": "Ledger"}}},
    }
    folder = write(
        ("AWS::DynamoDB::Table", table),
        ("AWS::Lambda::Function", function),
        ("AWS::Logs::LogGroup", {"RetentionInDays": 30}),
        ("AWS::Lex::BotAlias", {"SentimentAnalysisSettings": {"DetectSentiment": True}}),
        (
            "AWS::Connect::InstanceStorageConfig",
            {"S3Config": {"BucketName": {"Ref": "It5"}, "BucketPrefix": "recordings"}},
        ),
        ("AWS::S3::Bucket", {"LifecycleConfiguration": {"Rules": [{"ExpirationInDays": 400}]}}),
        ("AWS::SNS::Topic", {"Subscription": [{"Protocol": "email", "Endpoint": "on-call@example.com"}]}),
        ("AWS::SNS::Subscription", {"Protocol": "email", "Endpoint": "team@example.com"}),
    )
    (folder / "asset.1").mkdir()
    (folder / "asset.1" / "code.py").write_bytes(b"12345")
    assert cost.read(folder) == cost.Deployed(
        stacks=("One",),
        counted={},
        functions={"lex_turn": Decimal("1.5")},
        log_days=30,
        tables=1,
        followers=0,
        each_turn=0,
        ledger=True,
        recovery=True,
        encrypted=True,
        traced=True,
        sentiment=True,
        lex_logs=False,
        addresses=2,
        recording_days=400,
        captures=False,
        shifting=False,
        asset_bytes=5,
        origin=cost.Origin(str(folder)),
    )
