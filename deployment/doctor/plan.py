"""What the next deploy will bring: read from the synthesised assembly, else assumed from the settings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.environment import Environment

_STACK = "aws:cloudformation:stack"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Planned:
    """The stacks to come and what is in them."""

    source: str
    """Where this is known from, as a sentence."""
    stacks: tuple[str, ...]
    """Their names."""
    resources: Mapping[str, int]
    """How many there are of each of CloudFormation's types."""
    bots: tuple[str, ...]
    """The names of the Lex bots."""
    bootstrap_version: int = 6
    """The oldest CDK bootstrap that can deploy it: aws-cdk-lib's DefaultStackSynthesizer wants 6."""
    bootstrap_parameter: str = "/cdk-bootstrap/hnb659fds/version"
    """Where the bootstrap's version is kept."""
    runtimes: tuple[str, ...] = ("python3.14 on arm64",)
    """What the functions run on."""
    read: bool = False
    """Whether it is read rather than assumed."""


def planned(folder: Path, environment: Environment) -> Planned:
    """Read the assembly in `folder` if it is this environment's; else assume."""
    if not (folder / _MANIFEST).is_file():
        return _assumed(environment, f"There is no {folder.name}/{_MANIFEST}")
    try:
        manifest = _object(folder / _MANIFEST)
        artifacts = [one for one in manifest["artifacts"].values() if one.get("type") == _STACK]
        stacks = tuple(str(one.get("properties", {}).get("stackName") or one["displayName"]) for one in artifacts)
        if not frozenset(stacks) & frozenset(_assumed(environment, "").stacks):
            return _assumed(environment, f"{folder.name} is of another environment ({', '.join(stacks) or 'empty'})")
        templates = [_object(folder / str(one["properties"]["templateFile"])) for one in artifacts]
        needs = [one.get("properties", {}) for one in manifest["artifacts"].values()]
        return _read(folder, environment, stacks, templates, needs)
    except (KeyError, TypeError, AttributeError, ValueError, OSError) as error:
        return _assumed(environment, f"{folder.name} cannot be read ({type(error).__name__})")


def _read(
    folder: Path,
    environment: Environment,
    stacks: tuple[str, ...],
    templates: list[Mapping[str, Any]],
    needs: list[Mapping[str, Any]],
) -> Planned:
    assumed = _assumed(environment, "")
    resources = [one for template in templates for one in template.get("Resources", {}).values()]
    functions = [one["Properties"] for one in resources if one["Type"] == "AWS::Lambda::Function"]
    runtimes = {f"{one.get('Runtime')} on {one.get('Architectures', ['x86_64'])[0]}" for one in functions}
    names = [one["Properties"].get("Name") for one in resources if one["Type"] == "AWS::Lex::Bot"]
    versions = [int(one["requiresBootstrapStackVersion"]) for one in needs if "requiresBootstrapStackVersion" in one]
    parameters = [str(one["bootstrapStackVersionSsmParameter"]) for one in needs if _kept(one)]
    return Planned(
        source=f"Compared with {folder.name}: {', '.join(stacks)}.",
        stacks=stacks,
        resources=Counter(str(one["Type"]) for one in resources),
        bots=tuple(sorted(name for name in names if isinstance(name, str))),
        bootstrap_version=max(versions, default=assumed.bootstrap_version),
        bootstrap_parameter=parameters[0] if parameters else assumed.bootstrap_parameter,
        runtimes=tuple(sorted(runtimes)) or assumed.runtimes,
        read=True,
    )


def _kept(properties: Mapping[str, Any]) -> bool:
    return bool(properties.get("bootstrapStackVersionSsmParameter"))


def _assumed(environment: Environment, why: str) -> Planned:
    tables = 4 if environment.reference_bank else 3
    bank = ["bank"] if environment.reference_bank else []
    people = ["desk", "people"] if environment.people.enabled else []
    skill = ["skill"] if environment.alexa.enabled else []
    phone = environment.phone
    calls = ["phone"] if phone.enabled else []
    parts = sorted([*bank, "bot", "customers", *people, "observability", *calls, "records", *skill, "trails"])
    captures, number = phone.enabled and bool(phone.capture_certificate), phone.enabled and phone.number is not None
    asked = 4 * phone.enabled + captures + number
    functions = 3 + 1 * environment.people.enabled + 1 * environment.alexa.enabled + asked
    instances = 1 if phone.enabled and not phone.instance_arn else 0
    return Planned(
        source=f"{why}: what will be created is assumed. After `make synth ENVIRONMENT={environment.name}` it is read.",
        stacks=tuple(f"{environment.prefix}-{part}" for part in parts),
        resources={
            "AWS::CloudWatch::Alarm": 1,
            "AWS::CodeDeploy::Application": 2,
            "AWS::DynamoDB::Table": tables,
            **({"AWS::Connect::Instance": instances} if phone.enabled else {}),
            "AWS::KMS::Key": 3 + phone.enabled + captures,
            "AWS::Lambda::Function": functions,
            "AWS::Lex::Bot": 2,
            "AWS::Logs::LogGroup": functions + 1 * environment.people.enabled + instances,
            "AWS::S3::Bucket": 1 + instances,
            "AWS::SQS::Queue": 1,
            "AWS::SNS::Topic": 1,
            "AWS::SecretsManager::Secret": 1 + captures + len(phone.users) * instances,
        },
        bots=(environment.prefix, f"{environment.prefix}-ear"),
    )


def _object(file: Path) -> Mapping[str, Any]:
    found = json.loads(file.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{file.name} is not an object")
    return found
