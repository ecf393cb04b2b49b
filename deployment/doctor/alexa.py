"""What Alexa needs: one of its regions, the skill's id, and the vendor's login where the skill is deployed."""

from __future__ import annotations

from deployment.doctor.account import Account
from deployment.doctor.call import SECRET
from deployment.doctor.check import Check, Target
from deployment.doctor.finding import Finding, missing, ok, unknown, warning
from deployment.doctor.secret import fault

_REGION, _SKILL, _LOGIN = "Alexa's regions", "Alexa skill id", "Alexa vendor login"
_OFF = "not needed: alexa.enabled is false"

REGIONS = ("ap-northeast-1", "eu-west-1", "us-east-1", "us-west-2")
"""Where a skill's Lambda function may be:
developer.amazon.com/docs/alexa/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html."""


def region(target: Target) -> Finding:
    """Whether Alexa can call a function in the target region."""
    if not target.environment.alexa.enabled:
        return ok(_REGION, _OFF)
    if not target.region:
        return unknown(_REGION, "no region to look for")
    if target.region not in REGIONS:
        return missing(
            _REGION,
            f"Alexa calls no Lambda function in {target.region}",
            f"deploy to one of {', '.join(REGIONS)}, or set alexa.enabled to false",
        )
    return ok(_REGION, f"{target.region} is one of them")


def skill(target: Target) -> Finding:
    """Whether the second step is done."""
    alexa = target.environment.alexa
    if not alexa.enabled:
        return ok(_SKILL, _OFF)
    if alexa.skill_id:
        return ok(_SKILL, "set: the endpoint answers that skill alone")
    return warning(
        _SKILL,
        "not set yet: the endpoint is deployed and answers nobody",
        "make the skill without an endpoint (the README's two steps), write its id as alexa.skill_id into "
        f"environments/{target.environment.name}.yaml, deploy again, then point the skill to the function",
    )


def login_unneeded(target: Target) -> Finding:
    """What can be said of the vendor's login without an account."""
    alexa = target.environment.alexa
    if not alexa.enabled:
        return ok(_LOGIN, _OFF)
    if alexa.vendor is None:
        return ok(_LOGIN, "not needed: alexa.vendor is not set, so the package is for the developer console")
    return unknown(_LOGIN, "not looked at")


def login(account: Account, target: Target) -> Finding:
    """Whether the secret of Login with Amazon is there."""
    vendor = target.environment.alexa.vendor
    if not target.environment.alexa.enabled or vendor is None:
        return login_unneeded(target)
    wrong = fault(account, vendor.login_secret)
    if wrong:
        return missing(
            _LOGIN,
            wrong,
            f"`aws secretsmanager create-secret --name {vendor.login_secret} --secret-string file://login.json`, "
            "JSON with client_id, client_secret and refresh_token of Login with Amazon (restore-secret if deleted)",
        )
    return ok(_LOGIN, f"the secret {vendor.login_secret} is there; its value was not read")


CHECKS = (
    Check(_REGION, offline=region),
    Check(_SKILL, offline=skill),
    Check(_LOGIN, (SECRET,), login, login_unneeded),
)
