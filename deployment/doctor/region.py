"""Whether the region is prepared and has what is used: CDK's bootstrap, the services, Lambda's runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import botocore.session

from deployment.doctor.account import Account
from deployment.doctor.call import PARAMETER, PARAMETERS
from deployment.doctor.check import Check, Target
from deployment.doctor.finding import Finding, missing, ok, unknown, warning
from deployment.doctor.unanswered import Unanswered, Why

_BOOTSTRAP, _SERVICES, _RUNTIME = "CDK bootstrap", "services", "Lambda runtime"
_TREE = "/aws/service/global-infrastructure/regions/{region}/services/{service}"
"""docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html."""
_AT_ONCE = 10
"""Names in one GetParameters (botocore: ParameterNameList)."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that the deployment uses."""

    name: str
    """The name in AWS's public parameters."""
    sdk: str = ""
    """botocore's name; empty if it is the same."""


_ALWAYS = tuple(map(Service, ("cloudformation", "polly", "s3", "ssm", "sts", "xray")))
"""What deploying needs (cloudformation, s3 for assets, ssm, sts), what Lex speaks with, and the functions' traces."""
_OF_TYPES: Mapping[str, tuple[Service, ...]] = {
    "Alexa": (),
    "CDK": (),
    # IAM is one for all regions.
    "IAM": (),
    "Lex": (Service("lex-runtime", "lexv2-runtime"), Service("lexv2-models")),
}
"""The services behind a namespace of CloudFormation's types, where it is not called like its one service."""


def used(target: Target) -> tuple[Service, ...]:
    """The services that the deployment uses in its region, by what is planned."""
    found = set(_ALWAYS)
    for type_ in target.planned.resources:
        namespace = type_.split("::")[1] if type_.startswith("AWS::") else type_.split("::")[0]
        found.update(_OF_TYPES.get(namespace, (Service(namespace.lower()),)))
    if target.environment.lex.sentiment:
        found.add(Service("comprehend"))
    return tuple(sorted(found, key=lambda service: service.name))


def bootstrap(account: Account, target: Target) -> Finding:
    """The version of CDK's bootstrap stack against the one that the assembly requires."""
    planned = target.planned
    mend = (
        f"`make cdk DO='bootstrap aws://{target.account}/{target.region}' ENVIRONMENT={target.environment.name}`, "
        "once for an account and region"
    )
    try:
        found = account.ask(PARAMETER, Name=planned.bootstrap_parameter)["Parameter"]["Value"]
    except Unanswered as reason:
        if reason.why is not Why.ABSENT:
            raise
        return missing(_BOOTSTRAP, f"not there: no parameter {planned.bootstrap_parameter}", mend)
    if not str(found).isdigit():
        return unknown(_BOOTSTRAP, f"{planned.bootstrap_parameter} holds no number", mend)
    if int(found) < planned.bootstrap_version:
        return missing(_BOOTSTRAP, f"version {found}; this needs {planned.bootstrap_version}", mend)
    return ok(_BOOTSTRAP, f"version {found}; this needs {planned.bootstrap_version}")


def services(account: Account, target: Target) -> Finding:
    """Each service that is used, in AWS's own list of the region's."""
    wanted = tuple(service for service in used(target) if regions_of(service))
    names = {_TREE.format(region=target.region, service=service.name): service for service in wanted}
    absent: list[Service] = []
    paths = list(names)
    try:
        for start in range(0, len(paths), _AT_ONCE):
            answer = account.ask(PARAMETERS, Names=paths[start : start + _AT_ONCE])
            absent += [names[name] for name in answer.get("InvalidParameters", ())]
    except Unanswered as reason:
        return _by_the_sdk(target, f"; AWS's own list could not be read ({reason.told})")
    surely = [service for service in absent if target.region not in regions_of(service)]
    if surely:
        return _not_offered(target, surely, "AWS's public parameters")
    if absent:
        listed = ", ".join(service.name for service in absent)
        return warning(
            _SERVICES, f"AWS's public parameters lack {listed} in {target.region}, but the SDK knows them there"
        )
    return _all_offered(target, wanted, "AWS's public parameters")


def services_offline(target: Target) -> Finding:
    """Each service that is used, in the endpoint data of the installed SDK."""
    return _by_the_sdk(target, "")


def runtime(target: Target) -> Finding:
    """Whether Lambda knows the functions' runtime at all; no reading call says where it is offered."""
    model = _sdk().get_service_model("lambda")
    known = frozenset(getattr(model.shape_for("Runtime"), "enum", ()))
    strange = [one for one in target.planned.runtimes if one.split()[0] not in known]
    if strange:
        return unknown(
            _RUNTIME,
            f"the installed SDK does not know {', '.join(strange)}",
            "update boto3, or take one of docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
        )
    listed = ", ".join(target.planned.runtimes)
    return ok(_RUNTIME, f"Lambda has {listed}; that {target.region or 'the region'} has it, only a deploy shows")


CHECKS = (
    Check(_BOOTSTRAP, (PARAMETER,), bootstrap),
    Check(_SERVICES, (PARAMETERS,), services, services_offline),
    Check(_RUNTIME, offline=runtime),
)


def _by_the_sdk(target: Target, because: str) -> Finding:
    if not target.region:
        return unknown(_SERVICES, "no region to look for")
    wanted = tuple(service for service in used(target) if regions_of(service))
    absent = [service for service in wanted if target.region not in regions_of(service)]
    if len(absent) == len(wanted):
        return missing(_SERVICES, f"the SDK knows no region {target.region}{because}", "correct it, or update boto3")
    if absent:
        return _not_offered(target, absent, f"the SDK's endpoint data{because}")
    return _all_offered(target, wanted, f"the SDK's endpoint data{because}")


def _all_offered(target: Target, wanted: tuple[Service, ...], source: str) -> Finding:
    told = f"all {len(wanted)} that are used are offered in {target.region} ({source})"
    strange = ", ".join(service.name for service in used(target) if service not in wanted)
    if strange:
        return warning(_SERVICES, f"{told}; but neither the doctor nor the SDK knows {strange}", "update boto3")
    return ok(_SERVICES, told)


def _not_offered(target: Target, absent: list[Service], source: str) -> Finding:
    everywhere = frozenset.intersection(*(where for where in map(regions_of, used(target)) if where))
    listed = ", ".join(service.name for service in absent)
    without = "; or do without the telephone, `phone.enabled: false`" if Service("connect") in absent else ""
    return missing(
        _SERVICES,
        f"{target.region} lacks {listed} ({source})",
        f"a region that has them all: {', '.join(sorted(everywhere))}{without}",
    )


@cache
def regions_of(service: Service) -> frozenset[str]:
    """Where the installed SDK knows the service."""
    return frozenset(_sdk().get_available_regions(service.sdk or service.name))


@cache
def _sdk() -> botocore.session.Session:
    """Its data alone: nobody is signed in."""
    return botocore.session.get_session()
