"""What was synthesised, read back: functions with their environment, tables, secrets and bots.

Physical names are made up here the way CloudFormation would, deterministically, and intrinsic functions
are resolved to them; an environment that names anything else is refused, since it could not be rehearsed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REGION = "us-east-1"
ACCOUNT = "123456789012"


class AssemblyError(ValueError):
    """The synthesised assembly can't be rehearsed as it is; run `make synth` and look at what it names."""


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A Lambda function of the templates."""

    logical_id: str
    """Its id in the template; unique in the assembly."""
    module: str
    """The file of lambdas/ that holds its handler."""
    environment: Mapping[str, str]
    """Its variables, with names and ARNs of this rehearsal."""
    seconds: int
    """Its timeout."""
    megabytes: int
    """Its memory."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A DynamoDB table of the templates."""

    name: str
    """Physical name."""
    keys: tuple[tuple[str, str], ...]
    """Key attributes with HASH or RANGE; all are strings."""
    expires: str
    """The TTL attribute, or empty."""
    streams: bool
    """Whether changes are streamed."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """Everything that the rehearsal sets up."""

    templates: tuple[Mapping[str, Any], ...]
    functions: tuple[FunctionSpec, ...]
    tables: tuple[TableSpec, ...]
    secrets: tuple[str, ...]
    """ARNs."""
    alexa_models: Mapping[str, Mapping[str, Any]]
    """Locale to interaction model."""

    def function(self, module: str) -> FunctionSpec:
        """The function whose handler is in that module. Raises AssemblyError."""
        found = next((spec for spec in self.functions if spec.module == module), None)
        if found is None:
            raise AssemblyError(f"no template has a function with the handler {module}.handler")
        return found


def read(folder: Path) -> Assembly:
    """Read a cloud assembly. Raises AssemblyError if there is none, or it can't be rehearsed."""
    paths = sorted(folder.glob("*.template.json"))
    if not paths:
        raise AssemblyError(f"{folder} holds no templates: run `make synth` first")
    templates = tuple(json.loads(path.read_text("utf-8")) for path in paths)
    resolve = _Resolver(templates)
    functions: list[FunctionSpec] = []
    tables: list[TableSpec] = []
    secrets: list[str] = []
    for template in templates:
        for logical_id, resource in template["Resources"].items():
            properties = resource.get("Properties", {})
            if resource["Type"] == "AWS::Lambda::Function":
                functions.append(_function(logical_id, properties, resolve))
            elif resource["Type"] == "AWS::DynamoDB::Table":
                tables.append(_table(resolve.name(logical_id), properties))
            elif resource["Type"] == "AWS::SecretsManager::Secret":
                secrets.append(resolve.name(logical_id))
    models = {
        path.stem: json.loads(path.read_text("utf-8"))
        for path in sorted((folder / "skill-package").rglob("interactionModels/custom/*.json"))
    }
    return Assembly(templates, tuple(functions), tuple(tables), tuple(secrets), models)


def _function(logical_id: str, properties: Mapping[str, Any], resolve: _Resolver) -> FunctionSpec:
    variables = properties.get("Environment", {}).get("Variables", {})
    return FunctionSpec(
        logical_id=logical_id,
        module=str(properties["Handler"]).removesuffix(".handler"),
        environment={name: resolve.text(value, f"{logical_id} {name}") for name, value in variables.items()},
        seconds=int(properties.get("Timeout", 3)),
        megabytes=int(properties.get("MemorySize", 128)),
    )


def _table(name: str, properties: Mapping[str, Any]) -> TableSpec:
    return TableSpec(
        name=name,
        keys=tuple((key["AttributeName"], key["KeyType"]) for key in properties["KeySchema"]),
        expires=properties.get("TimeToLiveSpecification", {}).get("AttributeName", ""),
        streams="StreamSpecification" in properties,
    )


class _Resolver:
    """Intrinsic functions to this rehearsal's names."""

    def __init__(self, templates: tuple[Mapping[str, Any], ...]) -> None:
        self._types = {
            logical_id: resource["Type"]
            for template in templates
            for logical_id, resource in template["Resources"].items()
        }
        self._exports = {
            output["Export"]["Name"]: output["Value"]
            for template in templates
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }

    def name(self, logical_id: str) -> str:
        """What Ref gives for a resource: a name, or for a secret its ARN."""
        short = re.sub(r"[0-9A-F]{8}$", "", logical_id).lower()
        if self._types.get(logical_id) == "AWS::SecretsManager::Secret":
            return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:throughline-{short}-aaaaaa"
        return f"throughline-{short}"

    def text(self, value: object, where: str) -> str:
        """A property's value as text. Raises AssemblyError for what can't be resolved."""
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and len(value) == 1:
            (function, argument), *_ = value.items()
            if function == "Ref" and argument in self._types:
                return self.name(argument)
            if function == "Fn::ImportValue" and argument in self._exports:
                return self.text(self._exports[argument], where)
        raise AssemblyError(f"{where}: {json.dumps(value)} can't be resolved in a rehearsal")
