"""What the synthesised templates make, as far as money goes.

Counted from the templates, so that a new alarm shows up in the bill. A resource of a type that neither costs by
standing there nor is known to be free while idle is refused: whoever adds one says which it is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from deployment.cost import prices
from deployment.cost.channels import CHANNELS
from deployment.cost.origin import Origin, origin
from deployment.cost.prices import Price

Properties = Mapping[str, Any]
MAPPING: Final = "AWS::Lambda::EventSourceMapping"


class CannotBePriced(ValueError):
    """The assembly is missing, or holds something that the price list does not know; says what to do."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What is there, whether or not anybody calls."""

    stacks: tuple[str, ...]
    """Names of the templates."""
    counted: Mapping[Price, int]
    """What costs by standing there, and how many of them."""
    functions: Mapping[str, Decimal]
    """Handler's module to its memory in GB."""
    log_days: int
    """The longest retention of the log groups; 0 if there are none."""
    tables: int
    """Those that a turn reads or writes."""
    followers: int
    """Functions that follow a table's stream: they poll it, whether or not there is anything for them."""
    each_turn: int
    """Those of them that each turn calls once more: a filter lets the others be called for some turns alone."""
    ledger: bool
    """Whether the reference bank keeps its books here."""
    recovery: bool
    """Whether any table has point-in-time recovery."""
    encrypted: bool
    """Whether tables lie under a customer managed key, which DynamoDB then asks KMS for."""
    traced: bool
    """Whether functions have active tracing."""
    sentiment: bool
    """Whether any alias of a Lex bot detects sentiment."""
    lex_logs: bool
    """Whether any alias of a Lex bot keeps a text log."""
    addresses: int
    """E-mail addresses that alarms go to."""
    recording_days: int
    """How long recordings of the telephone are kept; 0 where an instance that was there already keeps its own."""
    captures: bool
    """Whether cards and PINs can be keyed in: then there is a key, a secret and a function for them alone."""
    shifting: bool
    """Whether CodeDeploy shifts traffic."""
    asset_bytes: int
    """What lies in the bootstrap bucket for it, before compression."""
    origin: Origin
    """Whose templates these are."""


FREE_WHILE_IDLE: Final = {
    "AWS::ApiGatewayV2::": "paid by request and message",
    "AWS::Budgets::": "a budget without actions is free",
    "AWS::CDK::Metadata": "is a note, not a resource",
    "AWS::CodeDeploy::": "free for Lambda",
    "AWS::Connect::": "paid by minute and message; a number is counted",
    "AWS::CloudFormation::": "free for AWS's own resource types",
    "AWS::Cognito::": "paid by the user who signs in within a month",
    "AWS::DynamoDB::Table": "on demand: paid by request and by what is stored, which is nothing yet",
    "AWS::Events::Rule": "paid by event, AWS's own events are free",
    "AWS::IAM::": "free",
    "AWS::KMS::Alias": "free; its key is counted",
    "AWS::Lambda::": "paid by request and time; 75 GB of code are free",
    "AWS::Lex::": "paid by request; versions and aliases are free",
    "AWS::Logs::LogGroup": "paid by what is taken in and kept",
    "AWS::Logs::QueryDefinition": "a saved query is free; running it costs 0.005 USD for each GB it reads",
    "AWS::Logs::ResourcePolicy": "free",
    "AWS::S3::": "paid by request and by what is stored",
    "AWS::SNS::": "paid by delivery",
    "AWS::SQS::": "paid by request",
    "AWS::SecretsManager::ResourcePolicy": "free; its secret is counted",
    "AWS::SecretsManager::RotationSchedule": "a rotation is a few calls",
    "AWS::XRay::": "groups and sampling rules are free; traces are counted",
    "Alexa::ASK::Skill": "free",
    "Custom::": "the function behind it is free while idle",
}
"""Types, or beginnings of them, that cost nothing while nobody calls, each with the reason."""


def read(folder: Path) -> Deployed:
    """What the assembly in that folder deploys.

    Raises CannotBePriced if there is none, or if it holds what the price list doesn't know.
    """
    paths = sorted([*folder.glob("*.template.json"), *folder.glob("assembly-*/*.template.json")])
    if not paths:
        raise CannotBePriced(f"{folder} holds no templates: run `make synth` first")
    templates = {path.name.removesuffix(".template.json"): json.loads(path.read_text("utf-8")) for path in paths}
    resources = list(_resources(templates))
    tables = _of(resources, "AWS::DynamoDB::Table")
    functions = _of(resources, "AWS::Lambda::Function")
    aliases = _of(resources, "AWS::Lex::BotAlias")
    return Deployed(
        stacks=tuple(templates),
        counted=_counted(resources),
        functions={_module(it): Decimal(int(it.get("MemorySize", 128))) / 1024 for it in functions},
        log_days=max((int(it.get("RetentionInDays", 3650)) for it in _of(resources, "AWS::Logs::LogGroup")), default=0),
        tables=len({json.dumps(it) for it in _named_tables(functions)}),
        followers=len(_of(resources, MAPPING)),
        each_turn=sum(_each_turn(it) for it in _of(resources, MAPPING)),
        ledger=any(it.get("Environment", {}).get("Variables", {}).get("LEDGER") for it in functions),
        recovery=any(it.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled") for it in tables),
        encrypted=any("KMSMasterKeyId" in it.get("SSESpecification", {}) for it in tables),
        traced=any(it.get("TracingConfig", {}).get("Mode") == "Active" for it in functions),
        sentiment=any(it.get("SentimentAnalysisSettings", {}).get("DetectSentiment") for it in aliases),
        lex_logs=any(it.get("ConversationLogSettings", {}).get("TextLogSettings") for it in aliases),
        addresses=_addresses(resources),
        recording_days=_recording_days(resources),
        captures=bool(_of(resources, "AWS::Connect::SecurityKey")),
        shifting=any(kind.startswith("AWS::CodeDeploy::") for _, kind, _ in resources),
        asset_bytes=sum(file.stat().st_size for file in folder.glob("asset.*/**/*") if file.is_file()),
        origin=origin(folder),
    )


Resource = tuple[str, str, Properties]


def _resources(templates: Mapping[str, Any]) -> Iterator[Resource]:
    """Where each is, its type and its properties."""
    for stack, template in templates.items():
        for id, resource in template.get("Resources", {}).items():
            yield f"{stack}/{id}", resource["Type"], resource.get("Properties", {})


def _of(resources: list[Resource], wanted: str) -> list[Properties]:
    return [properties for _, kind, properties in resources if kind == wanted]


def _named_tables(functions: list[Properties]) -> Iterator[Any]:
    """What the functions that take turns are told of tables."""
    taking = {one.function for one in CHANNELS}
    for function in functions:
        if _module(function) in taking:
            told = function.get("Environment", {}).get("Variables", {})
            yield from (told[name] for name in ("TABLE", "LEDGER") if told.get(name))


def _each_turn(mapping: Properties) -> bool:
    """Whether a mapping's filters go by keys alone, so that each turn's change passes; what an item holds, few have."""
    filters = mapping.get("FilterCriteria", {}).get("Filters", [])
    told = [json.loads(one["Pattern"]).get("dynamodb", {}) for one in filters]
    return not told or any(not {"NewImage", "OldImage"} & one.keys() for one in told)


def _module(function: Properties) -> str:
    return str(function.get("Handler", "")).removesuffix(".handler")


def _addresses(resources: list[Resource]) -> int:
    """Subscriptions by e-mail, also those that stand within their topic."""
    inside = [one for topic in _of(resources, "AWS::SNS::Topic") for one in topic.get("Subscription", [])]
    every = [*_of(resources, "AWS::SNS::Subscription"), *inside]
    return sum(str(one.get("Protocol", "")).startswith("email") for one in every)


def _recording_days(resources: list[Resource]) -> int:
    """The longest that a bucket keeps anything into which an instance of Amazon Connect records."""
    into = [json.dumps(it["S3Config"]["BucketName"]) for it in _of(resources, "AWS::Connect::InstanceStorageConfig")]
    buckets = [
        properties
        for where, kind, properties in resources
        if kind == "AWS::S3::Bucket" and any(f'"{where.rpartition("/")[2]}"' in one for one in into)
    ]
    rules = [rule for it in buckets for rule in it.get("LifecycleConfiguration", {}).get("Rules", [])]
    return max((int(rule.get("ExpirationInDays", 0)) for rule in rules), default=0)


def _counted(resources: list[Resource]) -> Mapping[Price, int]:
    counted: Counter[Price] = Counter()
    for where, kind, properties in resources:
        if kind in _STANDING:
            for price, number in _STANDING[kind](where, properties):
                counted[price] += number
        elif not any(kind.startswith(known) if known.endswith("::") else kind == known for known in FREE_WHILE_IDLE):
            raise CannotBePriced(
                f"{where} is of the type {kind}, which the price list does not know. If it costs by standing there, "
                "add its price to deployment/cost/prices.py and count it in _STANDING; if it is free while idle, "
                "add it to FREE_WHILE_IDLE with the reason (both in deployment/cost/standing.py)."
            )
        _refuse_reserved(where, kind, properties)
    return counted


def _refuse_reserved(where: str, kind: str, properties: Properties) -> None:
    """Settings that make a thing cost by standing there which is free otherwise."""
    reserved = {
        "AWS::DynamoDB::Table": properties.get("BillingMode") != "PAY_PER_REQUEST" and "provisioned capacity",
        "AWS::Lambda::Alias": "ProvisionedConcurrencyConfig" in properties and "provisioned concurrency",
        "AWS::Lambda::Version": "ProvisionedConcurrencyConfig" in properties and "provisioned concurrency",
        "AWS::Lambda::Function": "SnapStart" in properties and "SnapStart, which for Python is paid by the second",
    }
    if found := reserved.get(kind):
        raise CannotBePriced(
            f"{where} has {found}, which costs while nobody calls: add its price to deployment/cost/prices.py "
            "and count it in deployment/cost/standing.py"
        )


Counts = Iterator[tuple[Price, int]]


def _keys(_: str, properties: Properties) -> Counts:
    yield prices.KMS_KEYS, 1


def _secrets(_: str, properties: Properties) -> Counts:
    yield prices.SECRETS, 1 + len(properties.get("ReplicaRegions", []))


def _numbers(_: str, properties: Properties) -> Counts:
    """A month of thirty days, called or not: it is paid by the day."""
    yield (prices.CONNECT_TOLL_FREE if properties.get("Type") == "TOLL_FREE" else prices.CONNECT_DID), 30


def _dashboards(_: str, properties: Properties) -> Counts:
    yield prices.DASHBOARDS, 1


def _composite(_: str, properties: Properties) -> Counts:
    yield prices.ALARMS_COMPOSITE, 1


def _alarms(where: str, properties: Properties) -> Counts:
    """A metric each; an alarm on a formula pays for each metric that goes into it.

    Raises CannotBePriced for an alarm on a query, which pays for however many metrics that finds.
    """
    asked = properties.get("Metrics", [])
    formulas = " ".join(str(one.get("Expression", "")) for one in asked).upper()
    if any(word in formulas for word in ("SELECT", "ANOMALY_DETECTION_BAND", "SEARCH(")):
        raise CannotBePriced(
            f"{where} is an alarm on a query or an anomaly band, which costs more than a metric: alarm on the metric, "
            "or count it in _alarms of deployment/cost/standing.py"
        )
    metrics = [one["MetricStat"] for one in asked if "MetricStat" in one] or [properties]
    fast = any(int(one.get("Period", 60)) < 60 for one in metrics)
    yield (prices.ALARMS_FAST if fast else prices.ALARMS), len(metrics)


def _filters(_: str, properties: Properties) -> Counts:
    """As if something were found each hour."""
    yield prices.METRICS, len(properties.get("MetricTransformations", []))


_STANDING: Final[Mapping[str, Callable[[str, Properties], Counts]]] = {
    "AWS::CloudWatch::Alarm": _alarms,
    "AWS::CloudWatch::CompositeAlarm": _composite,
    "AWS::CloudWatch::Dashboard": _dashboards,
    "AWS::Connect::PhoneNumber": _numbers,
    "AWS::KMS::Key": _keys,
    "AWS::KMS::ReplicaKey": _keys,
    "AWS::Logs::MetricFilter": _filters,
    "AWS::SecretsManager::Secret": _secrets,
}
"""Types that cost by standing there, and how they are counted."""
