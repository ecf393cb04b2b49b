"""Whether there is room: what the deploy adds, what is there already, what AWS allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from deployment.doctor.account import DEPLOYED_CALLS, Account
from deployment.doctor.call import (
    BOT_VERSIONS,
    BOTS,
    CONNECT,
    DEFAULT_QUOTA,
    KEYS,
    LAMBDA_RESERVED,
    LAMBDA_SETTINGS,
    QUOTA,
    TABLES,
    Call,
)
from deployment.doctor.check import Check, Target
from deployment.doctor.finding import Finding, counted, missing, ok, warning
from deployment.doctor.unanswered import Unanswered, Why

_CONCURRENCY, _VERSIONS = "Lambda concurrency", "versions of the bots"
UNRESERVED_MINIMUM = 100
"""Instances that must stay unreserved: docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html."""
VERSIONS_PER_BOT = 100
"""Not adjustable: docs.aws.amazon.com/lexv2/latest/dg/quotas.html."""
_VERSIONS_LEFT_TO_WARN = 10


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit on how many of a thing an account may have in a region."""

    noun: str
    service: str
    """Service Quotas' code of the service."""
    code: str
    """Service Quotas' code of the quota."""
    default: int
    """Where Service Quotas knows none: docs.aws.amazon.com/general/latest/gr/aws-service-information.html."""
    type: str
    """CloudFormation's type of the thing."""
    counting: Call | None
    """Lists what is there; None for stacks, which are listed anyway."""
    at_most: bool = False
    """Whether the list has more than what counts."""


_QUOTAS = {
    "Lex bots": Quota("bot", "lex", "L-36FA8BD2", 100, "AWS::Lex::Bot", BOTS),
    "DynamoDB tables": Quota("table", "dynamodb", "L-F98FE922", 2500, "AWS::DynamoDB::Table", TABLES),
    "KMS keys": Quota("key", "kms", "L-C2F1777E", 100_000, "AWS::KMS::Key", KEYS, at_most=True),
    # docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html. What is made and deleted within
    # 30 days counts against a limit of its own, which nobody can ask for.
    "Connect instances": Quota("instance", "connect", "L-AA17A6B9", 2, "AWS::Connect::Instance", CONNECT),
    "CloudFormation stacks": Quota("stack", "cloudformation", "L-0485CB21", 2000, "", None),
}
_INSTEAD = {"Connect instances": "name one that is there in the settings, as `phone.instance_arn`, or "}
"""What to do of a thing that nobody should delete to try something."""


def allowed(account: Account, service: str, code: str, default: int) -> tuple[int, str]:
    """A quota's value and whose word that is."""
    for call, source in ((QUOTA, "applied here"), (DEFAULT_QUOTA, "AWS's default")):
        try:
            answer = account.ask(call, ServiceCode=service, QuotaCode=code)
        except Unanswered as reason:
            if reason.why is not Why.ABSENT:
                raise
            continue
        return int(answer["Quota"]["Value"]), source
    return default, "the documented default"


def more(service: str, code: str, wanted: int) -> str:
    """How to get a higher quota."""
    request = "aws service-quotas request-service-quota-increase"
    return f"`{request} --service-code {service} --quota-code {code} --desired-value {wanted}`"


def room_for(name: str, quota: Quota) -> Callable[[Account, Target], Finding]:
    """The check of one quota."""

    def look(account: Account, target: Target) -> Finding:
        deployed = account.deployed()
        limit, source = allowed(account, quota.service, quota.code, quota.default)
        if quota.counting is None:
            there = deployed.count
            added = len([stack for stack in target.planned.stacks if stack not in deployed.stacks])
        else:
            there = len(account.every(quota.counting))
            added = max(0, target.planned.resources.get(quota.type, 0) - len(deployed.of(quota.type)))
        bound = "at most " if quota.at_most else ""
        told = f"{bound}{there:,} of {limit:,} ({source}); the deploy adds {added}"
        # A bound that is too high proves nothing missing: AWS's own keys are listed with ours.
        if there + added > limit:
            short = warning if quota.at_most else missing
            mend = _INSTEAD.get(name, f"delete unused {quota.noun}s, or ")
            return short(name, told, f"{mend}{more(quota.service, quota.code, limit * 2)}")
        return ok(name, told)

    return look


def concurrency(account: Account, target: Target) -> Finding:
    """Lambda's concurrent executions, less the reserved ones, less those that must stay unreserved."""
    limits = account.ask(LAMBDA_SETTINGS)["AccountLimit"]
    total, unreserved = int(limits["ConcurrentExecutions"]), int(limits["UnreservedConcurrentExecutions"])
    wanted = sum(target.environment.running.reserved_concurrency.values())
    held = 0
    if wanted:
        for function in account.deployed().of("AWS::Lambda::Function"):
            held += int(account.ask(LAMBDA_RESERVED, FunctionName=function).get("ReservedConcurrentExecutions", 0))
    left = unreserved + held - wanted
    told = f"{total:,} at once, {unreserved + held:,} of them free to reserve from; the settings reserve {wanted:,}"
    if wanted and left < UNRESERVED_MINIMUM:
        short = UNRESERVED_MINIMUM - left
        mend = f"reserve {short:,} fewer (`running.reserved_concurrency`), or " + more(
            "lambda", "L-B99A9384", total + short
        )
        return missing(_CONCURRENCY, f"{told}, and {UNRESERVED_MINIMUM} must stay unreserved", mend)
    if total < UNRESERVED_MINIMUM:
        mend = more("lambda", "L-B99A9384", 1000)
        return warning(_CONCURRENCY, f"{told}: a new account's limit, so as many turns at once and no more", mend)
    return ok(_CONCURRENCY, told)


def versions(account: Account, target: Target) -> Finding:
    """How many versions of each bot are kept: each change of the dialogue adds one, and old ones are retained."""
    bots = account.deployed().of("AWS::Lex::Bot")
    if not bots:
        return ok(_VERSIONS, "no bot is deployed yet")
    most = max(len(account.every(BOT_VERSIONS, botId=bot)) for bot in bots)
    told = f"up to {counted(most, 'version')} of one bot; Lex keeps {VERSIONS_PER_BOT}"
    mend = (
        "delete the oldest that no alias points at: `aws lexv2-models delete-bot-version --bot-id ID --bot-version N`"
    )
    if most >= VERSIONS_PER_BOT:
        return missing(_VERSIONS, f"{told}: the next change of the dialogue cannot be deployed", mend)
    if most > VERSIONS_PER_BOT - _VERSIONS_LEFT_TO_WARN:
        return warning(_VERSIONS, told, mend)
    return ok(_VERSIONS, told)


CHECKS = (
    Check(_CONCURRENCY, (LAMBDA_SETTINGS, LAMBDA_RESERVED, *DEPLOYED_CALLS), concurrency),
    *(
        Check(
            name,
            tuple(call for call in (QUOTA, DEFAULT_QUOTA, *DEPLOYED_CALLS, quota.counting) if call is not None),
            room_for(name, quota),
        )
        for name, quota in _QUOTAS.items()
    ),
    Check(_VERSIONS, (BOT_VERSIONS, *DEPLOYED_CALLS), versions),
)
