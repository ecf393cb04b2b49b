"""What an environment's stacks hold, as CloudFormation lists it: the bots, functions, tables to be probed.

A part is known by the beginning of its logical id, which CDK makes of the names in `stacks/`; a synth test
keeps them together. What is not there has its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from deployment.environment import Environment
from deployment.probe.assumption import NotTried
from deployment.probe.paging import pages
from deployment.probe.refusals import told

PARTS: Final = ("customers", "bot", "skill", "observability")
"""The stacks, each named `<prefix>-<part>`."""
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class LexAlias:
    """An alias of a bot: somewhere to speak to."""

    bot: str
    """Bot id."""
    id: str
    """Alias id."""
    name: str
    """As the stack names it."""
    version: str
    """The newest version that its stack made of the bot; empty if the stack lists none."""


@dataclass(frozen=True, slots=True)
class ShiftingGroup:
    """A deployment group of CodeDeploy, which moves a function's alias."""

    application: str
    """Its application's name."""
    name: str


@dataclass(frozen=True, slots=True)
class Deployed:
    """Ids and ARNs of what was found; a part that wasn't is None, and `absent` says why."""

    live: LexAlias | None = None
    guest: LexAlias | None = None
    ear: LexAlias | None = None
    lex_turn: str | None = None
    """Function name."""
    lex_turn_logs: str | None = None
    """Log group."""
    alexa_turn: str | None = None
    alexa_turn_logs: str | None = None
    table: str | None = None
    key: str | None = None
    """Key id."""
    secret: str | None = None
    """ARN."""
    topic: str | None = None
    """ARN of the alarms' topic."""
    failures: str | None = None
    """Name of the alarm of failures behind polite replies."""
    queries: tuple[str, ...] = ()
    """Ids of the saved log queries."""
    groups: tuple[ShiftingGroup, ...] = ()
    """In the order of their stacks."""
    absent: tuple[tuple[str, str], ...] = ()
    """Stack to why it could not be read."""

    def stack(self, part: str) -> str:
        """Why nothing of that stack is there, to go behind "not tried"."""
        return next((why for name, why in self.absent if name.endswith(f"-{part}")), f"the {part} stack has none")


def there(found: _Part | None, what: str, deployed: Deployed, part: str) -> _Part:
    """`found`, or NotTried with the reason why its stack has none."""
    if found is None:
        raise NotTried(f"no {what}: {deployed.stack(part)}")
    return found


def find(client: Any, environment: Environment) -> Deployed:
    """Read the environment's stacks through a CloudFormation client. A stack that can't be read is absent."""
    resources: dict[tuple[str, str], list[_Resource]] = {}
    absent: list[tuple[str, str]] = []
    for part in PARTS:
        name = f"{environment.prefix}-{part}"
        try:
            for resource in _resources(client, name):
                resources.setdefault((part, resource.kind), []).append(resource)
        except (ClientError, BotoCoreError) as error:
            absent.append((name, f"the stack {name} can't be read ({told(error)})"))

    def one(part: str, kind: str, begins: str) -> str | None:
        known = resources.get((part, kind), [])
        return next((resource.id for resource in known if resource.logical.startswith(begins)), None)

    bots = [resource.id for resource in resources.get(("bot", "AWS::Lex::Bot"), [])]
    versions = _newest([resource.id for resource in resources.get(("bot", "AWS::Lex::BotVersion"), [])])

    def shifted(part: str) -> Iterator[ShiftingGroup]:
        application = one(part, "AWS::CodeDeploy::Application", "Deployments")
        for resource in resources.get((part, "AWS::CodeDeploy::DeploymentGroup"), []):
            if application is not None:
                yield ShiftingGroup(application, resource.id)

    def alias(begins: str, name: str) -> LexAlias | None:
        both = one("bot", "AWS::Lex::BotAlias", begins)
        if both is None:
            return None
        parts = both.split("|")
        bot = next((each for each in parts if each in bots), "")
        own = next((each for each in parts if each != bot), "")
        return LexAlias(bot, own, name, versions.get(bot, "")) if bot and own else None

    return Deployed(
        live=alias("MainLive", "live"),
        guest=alias("MainGuest", "guest"),
        ear=alias("EarLive", "live"),
        lex_turn=one("bot", "AWS::Lambda::Function", "LexTurnFunction"),
        lex_turn_logs=one("bot", "AWS::Logs::LogGroup", "LexTurnLogs"),
        alexa_turn=one("skill", "AWS::Lambda::Function", "AlexaTurnFunction"),
        alexa_turn_logs=one("skill", "AWS::Logs::LogGroup", "AlexaTurnLogs"),
        table=one("customers", "AWS::DynamoDB::Table", "Table"),
        key=one("customers", "AWS::KMS::Key", "Key"),
        secret=one("customers", "AWS::SecretsManager::Secret", "Keys"),
        topic=one("observability", "AWS::SNS::Topic", "Alarms"),
        failures=one("observability", "AWS::CloudWatch::Alarm", "Failures"),
        queries=tuple(resource.id for resource in resources.get(("observability", "AWS::Logs::QueryDefinition"), [])),
        groups=(*shifted("bot"), *shifted("skill")),
        absent=tuple(absent),
    )


@dataclass(frozen=True, slots=True)
class _Resource:
    """A resource of a stack."""

    kind: str
    """Its CloudFormation type."""
    logical: str
    """Its id in the template."""
    id: str
    """Its physical id."""


def _resources(client: Any, stack: str) -> Iterator[_Resource]:
    for page in pages(client.list_stack_resources, {"StackName": stack}, "NextToken"):
        for entry in page["StackResourceSummaries"]:
            if entry.get("PhysicalResourceId") and not entry["ResourceStatus"].startswith("DELETE"):
                yield _Resource(entry["ResourceType"], entry["LogicalResourceId"], entry["PhysicalResourceId"])


def _newest(ids: list[str]) -> Mapping[str, str]:
    """Bot id to its highest version, from "<bot id>|<version>"."""
    newest: dict[str, str] = {}
    for each in ids:
        parts = each.split("|")
        number = next((part for part in parts if part.isdigit()), "")
        bot = next((part for part in parts if part != number), "")
        if number and int(number) > int(newest.get(bot, "0")):
            newest[bot] = number
    return newest
