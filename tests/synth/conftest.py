"""The synthesised stacks, read as what CloudFormation would be given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.synth.composer import Composer

ROOT = Path(__file__).resolve().parents[2]


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker synthesises, once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("synth"))


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template."""

    id: str
    type: str
    properties: Mapping[str, Any]
    deletion: str
    """What happens to it when the stack lets go of it: Retain, Delete or empty."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """All that one synthesis wrote."""

    folder: Path

    def resources(self, stack: str, type: str = "") -> list[Resource]:  # noqa: A002
        """The resources of a stack, all or those of one type."""
        template = json.loads((self.folder / f"{stack}.template.json").read_text("utf-8"))
        every = [
            Resource(id, it["Type"], it.get("Properties", {}), it.get("DeletionPolicy", ""))
            for id, it in template["Resources"].items()
        ]
        return [it for it in every if type in ("", it.type)]

    def one(self, stack: str, type: str, **properties: object) -> Resource:  # noqa: A002
        """The only resource of a type that has these properties."""
        (found,) = [it for it in self.resources(stack, type) if properties.items() <= {**it.properties}.items()]
        return found

    def functions(self) -> list[tuple[str, Resource]]:
        """Every function of every stack, with its stack's name."""
        stacks = sorted(file.name.split(".")[0] for file in self.folder.glob("*.template.json"))
        return [(stack, it) for stack in stacks for it in self.resources(stack, "AWS::Lambda::Function")]

    def asset(self, function: Resource) -> Path:
        """The folder that a function's code is."""
        return self.folder / f"asset.{function.properties['Code']['S3Key'].removesuffix('.zip')}"


Synthesise = Callable[..., Assembly]


@pytest.fixture(scope="session")
def composer() -> Iterator[Composer]:
    """What synthesises, many times in one process."""
    with Composer() as composer:
        yield composer


@pytest.fixture(scope="session")
def synthesise(tmp_path_factory: pytest.TempPathFactory, composer: Composer) -> Synthesise:
    """Synthesise with context of one's own."""

    def run(context: Mapping[str, object] | None = None, dialogue: Path | None = None) -> Assembly:
        folder = tmp_path_factory.mktemp("assembly")
        composed = composer.compose(folder, context or {}, dialogue=dialogue)
        assert not composed.failed, composed.failed
        return Assembly(folder)

    return run


@pytest.fixture(scope="session")
def assembly(synthesise: Synthesise) -> Assembly:
    """What is synthesised with the settings as committed."""
    return synthesise()


SKILL = "amzn1.ask.skill.00000000-0000-4000-8000-000000000000"
FULL = {
    "account": "123456789012",
    "region": "us-east-1",
    "kept.on_teardown": "destroy",
    "running.traffic_shifting": "canary",
    "lex.conversation_logs": "true",
    "alexa.skill_id": SKILL,
    "alexa.vendor.vendor_id": "M0000000000000",
    "alexa.vendor.login_secret": "throughline/alexa-login",
    "kept.rotate_keys_days": "180",
    "codes.sms_from": "phone-0123456789abcdef0123456789abcdef",
    "codes.countries": "+1, +44",
    "codes.email_from": "codes@example.com",
    "people.callback_urls": "https://www.example.com/signed-in",
    "watched.alarm_emails": "operations@example.com",
    "phone.number.country": "US",
    "phone.holidays": "2026-12-25, 2027-01-01",
    "phone.queues": "{cards: 40}",
    "phone.users": (
        "[{name: Ada Example, team: supervisor, email: ada@example.com},"
        " {name: Bob Example, team: agent, email: bob@example.com},"
        " {name: Cy Example, team: auditor, email: cy@example.com}]"
    ),
    "phone.capture_certificate": "tests/synth/capture.pem",
}
"""Context that switches on what is off as committed."""


@pytest.fixture(scope="session")
def otherwise(synthesise: Synthesise) -> Assembly:
    """What is synthesised for a known skill and another business than the reference bank."""
    return synthesise({"alexa.skill_id": SKILL, "reference_bank": "false"})


@pytest.fixture(scope="session")
def full(synthesise: Synthesise) -> Assembly:
    """What is synthesised with everything on."""
    return synthesise(FULL)


def templates(assembly: Assembly) -> dict[str, Any]:
    """Stack to template."""
    files = sorted(assembly.folder.glob("*.template.json"))
    return {file.name.split(".")[0]: json.loads(file.read_text("utf-8")) for file in files}
