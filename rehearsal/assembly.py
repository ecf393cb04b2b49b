"""What was synthesised, read back: functions with their environment, tables, secrets and bots.

Physical names are made up the way CloudFormation would (see `resources`); an environment that names anything
that can't be resolved is refused, since it could not be rehearsed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.resources import ACCOUNT, REGION, AssemblyError, Resource, Resources

__all__ = ["ACCOUNT", "REGION", "Assembly", "AssemblyError", "FunctionSpec", "TableSpec", "read"]


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
    arn: str = ""
    """By which callers invoke it, once that is known: its alias'."""


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
    resources: Resources
    """All resources of the templates, to be resolved."""

    def function(self, module: str) -> FunctionSpec:
        """The function whose handler is in that module. Raises AssemblyError."""
        found = next((spec for spec in self.functions if spec.module == module), None)
        if found is None:
            raise AssemblyError(f"no template has a function with the handler {module}.handler")
        return found


def read(folder: Path) -> Assembly:
    """Read a cloud assembly. Raises AssemblyError if there is none, or it can't be rehearsed."""
    templates = _templates(folder)
    if not templates:
        raise AssemblyError(f"{folder} holds no templates: run `make synth` first")
    resources = Resources(templates)
    functions = tuple(_function(it, resources) for it in resources.of_type("AWS::Lambda::Function"))
    twice = {spec.logical_id for spec in functions if [it.logical_id for it in functions].count(spec.logical_id) > 1}
    if twice:
        raise AssemblyError(f"two stacks have a function of the id {', '.join(sorted(twice))}: rename one")
    models = {
        path.stem: json.loads(path.read_text("utf-8"))
        for path in sorted((folder / "skill-package").rglob("interactionModels/custom/*.json"))
    }
    return Assembly(
        templates=tuple(templates.values()),
        functions=functions,
        tables=tuple(_table(it, resources) for it in resources.of_type("AWS::DynamoDB::Table")),
        secrets=tuple(resources.ref(it) for it in resources.of_type("AWS::SecretsManager::Secret")),
        alexa_models=models,
        resources=resources,
    )


def _templates(folder: Path) -> dict[str, dict[str, Any]]:
    """The templates by the name of their stack, for this rehearsal's account and region wherever they go."""
    manifest = folder / "manifest.json"
    artifacts = json.loads(manifest.read_text("utf-8"))["artifacts"] if manifest.exists() else {}
    stacks = {
        it["properties"]["templateFile"]: (it["properties"].get("stackName", name), it["environment"])
        for name, it in artifacts.items()
        if it["type"] == "aws:cloudformation:stack"
    }
    found = {}
    for path in sorted(folder.glob("*.template.json")):
        stack, target = stacks.get(path.name, (path.name.split(".")[0], ""))
        text = path.read_text("utf-8")
        for named, here in zip(target.removeprefix("aws://").split("/"), (ACCOUNT, REGION), strict=False):
            if named and not named.startswith("unknown-"):
                text = text.replace(named, here)
        found[stack] = json.loads(text)
    return found


def _function(it: Resource, resources: Resources) -> FunctionSpec:
    variables = it.properties.get("Environment", {}).get("Variables", {})
    return FunctionSpec(
        logical_id=it.id,
        module=str(it.properties["Handler"]).removesuffix(".handler"),
        environment={name: resources.text(value, it.stack, f"{it.id} {name}") for name, value in variables.items()},
        seconds=int(it.properties.get("Timeout", 3)),
        megabytes=int(it.properties.get("MemorySize", 128)),
    )


def _table(it: Resource, resources: Resources) -> TableSpec:
    return TableSpec(
        name=resources.ref(it),
        keys=tuple((key["AttributeName"], key["KeyType"]) for key in it.properties["KeySchema"]),
        expires=it.properties.get("TimeToLiveSpecification", {}).get("AttributeName", ""),
        streams="StreamSpecification" in it.properties,
    )
