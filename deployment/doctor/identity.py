"""Who is asking, and where: the first check, without which nothing else is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from deployment.doctor.account import Account
from deployment.doctor.call import IDENTITY
from deployment.doctor.finding import Finding, State, missing, ok, unknown, warning
from deployment.doctor.unanswered import SIGN_IN, Unanswered, Why
from deployment.environment import Environment

NAME = "credentials"
REGION = "region"
_ALWAYS_ENABLED = "us-east-1"
"""A region that no account can switch off: docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Who and where."""

    findings: tuple[Finding, ...]
    account: str = ""
    """The id of the right account; empty if there is nothing right to look at, or nowhere."""


def region_of(environment: Environment, profile_region: str) -> str:
    """Where the deploy goes: the settings' region, else the profile's."""
    return environment.region or profile_region


def identify(environment: Environment, profile_region: str, account: Account) -> Identified:
    """Look who the credentials are, and hold account and region against the settings."""
    region = _region(environment, profile_region)
    where = region_of(environment, profile_region) or _ALWAYS_ENABLED
    try:
        own = str(account.ask(IDENTITY, region=where)["Account"])
    except Unanswered as reason:
        return Identified((_not_identified(reason, account, where), region))
    if environment.account and own != environment.account:
        wrong = missing(
            NAME,
            f"these credentials are of account {own}; the settings want {environment.account}. "
            "Nothing of either account was looked at",
            f"sign in to {environment.account}, or correct `account` in environments/{environment.name}.yaml",
        )
        return Identified((wrong, region))
    said = "as the settings say" if environment.account else "the settings leave it to the credentials"
    right = ok(NAME, f"account {own}, {said}")
    return Identified((right, region), "" if region.state is State.MISSING else own)


def _region(environment: Environment, profile_region: str) -> Finding:
    there = region_of(environment, profile_region)
    if not there:
        return missing(
            REGION,
            "neither the settings nor the credentials' profile name one",
            f"set `region` in environments/{environment.name}.yaml, or AWS_REGION",
        )
    if environment.region and profile_region and profile_region != environment.region:
        return warning(
            REGION,
            f"{there}, as the settings say; but the profile's is {profile_region}, where other commands would look",
            f"add `--region {there}` to `aws` commands about this deployment",
        )
    return ok(REGION, f"{there}, {'as the settings say' if environment.region else 'from AWS_REGION or the profile'}")


def _not_identified(reason: Unanswered, account: Account, region: str) -> Finding:
    untouched = "nothing of the account was looked at"
    if reason.why is Why.UNRECOGNISED and region != _ALWAYS_ENABLED and _known_elsewhere(account):
        return missing(
            NAME,
            f"AWS knows the credentials, but not in {region}: the account has not enabled that region; {untouched}",
            f"`aws account enable-region --region-name {region}`, which takes some minutes; or another region",
        )
    if reason.why in (Why.NO_CREDENTIALS, Why.EXPIRED, Why.UNRECOGNISED):
        return missing(NAME, f"{reason.told}: {untouched}", SIGN_IN)
    return unknown(NAME, f"{reason.told}: {untouched}", reason.mend)


def _known_elsewhere(account: Account) -> bool:
    try:
        account.ask(IDENTITY, region=_ALWAYS_ENABLED)
    except Unanswered:
        return False
    return True
