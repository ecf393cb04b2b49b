"""What the functions asked for while they were exercised, and everything else that the templates' roles are for."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal import assembly as assemblies
from rehearsal.assembly import Assembly, FunctionSpec
from rehearsal.functions import Functions
from rehearsal.permissions.door import Asked
from rehearsal.permissions.implied import Implied, implied
from rehearsal.permissions.roles import Roles
from rehearsal.replay import read, replay
from rehearsal.world import SKILL_ID, World, running
from tests.synth.composer import Composer
from tests.synth.conftest import FULL

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "tests" / "events"
REHEARSALS = ROOT / "tests" / "rehearsals"
EXERCISES = (
    ("pay_bill_in_one_sentence", "lex-text"),
    ("report_lost_card", "lex-speech"),
    ("phone_keys_then_chat", "lex-keys"),
    ("pay_bill_in_one_sentence", "alexa"),
    ("begun_here_finished_elsewhere", "alexa"),
)
"""Conversations that between them make every call of every handler: reading, writing, acting for good."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker starts the world, once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("roles"))


@dataclass(frozen=True, slots=True)
class Exercised:
    """An assembly, what it grants, and all that was and would be asked."""

    assembly: Assembly
    roles: Roles
    """As the templates have them; resources with the ARNs that they had in the rehearsal."""
    asked: tuple[Asked, ...]
    """By the deployed functions alone."""
    implied: tuple[Implied, ...]
    """By AWS."""
    answers: tuple[object, ...]
    """What the handlers answered to the recorded events."""

    @property
    def calls(self) -> list[Any]:
        """Every call of both kinds."""
        return [*(one.call for one in self.asked), *(one.call for one in self.implied)]


def instances(world: World) -> Functions:
    """Fresh instances of the deployed functions, which read the secret anew."""
    skill = [spec if spec.environment.get("SKILL_ID", "-") else with_skill(spec) for spec in world.assembly.functions]
    return Functions([world.cloud.placed(spec) for spec in skill], world.cloud.environment(), instances=1)


def with_skill(spec: FunctionSpec) -> FunctionSpec:
    return replace(spec, environment={**spec.environment, "SKILL_ID": SKILL_ID})


def events(channel: str) -> Iterator[tuple[str, Any]]:
    """The recorded events of a channel, Alexa's as for our skill."""
    for path in sorted((EVENTS / channel).glob("*.json")):
        text = path.read_text("utf-8")
        yield path.name, json.loads(re.sub(r"amzn1\.ask\.skill\.[0-9a-f-]+", SKILL_ID, text))


def exercise(world: World) -> tuple[object, ...]:
    """Have every function make all its calls: conversations, recorded events, and those with a rotated key."""
    for name, way in EXERCISES:
        replay(read(REHEARSALS / f"{name}.yaml"), way, world)
    add_key(world)
    answers = []
    with instances(world) as functions:
        for channel, function in (("lex", world.hook_function), ("alexa", world.alexa_function)):
            answers += [functions.invoke(function, event) for _, event in events(channel)]
        rotate(world, functions)
    return tuple(answers)


def add_key(world: World) -> None:
    """A second root in the secret, as an operator adds one: now every address is looked for under two hashes."""
    secret = world.cloud.named_here({"": world.assembly.secrets[0]})[""]
    kept = json.loads(world.cloud.secrets.get_secret_value(SecretId=secret)["SecretString"])
    kept |= {"2": "another invented root of many letters, for tests"}
    world.cloud.secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(kept))


def rotate(world: World, functions: Functions) -> None:
    """One rotation of the secret, as Secrets Manager calls for it step by step."""
    function = world.assembly.function("rotate_keys")
    about = {"SecretId": world.cloud.placed(function).environment["KEYS"], "ClientRequestToken": str(uuid.uuid4())}
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
        functions.invoke(function.logical_id, {**about, "Step": step})


def exercised(folder: Path) -> Exercised:
    with running(folder) as world:
        answers = exercise(world)
        deployed = {spec.logical_id for spec in world.assembly.functions}
        asked = tuple(one for one in world.asked() if one.function in deployed)
        roles = world.cloud.roles
        here = world.cloud.named_here({secret: secret for secret in world.assembly.secrets})
        return Exercised(world.assembly, roles, asked, implied(world.assembly, roles, here), answers)


def composed(folder: Path, context: Mapping[str, object]) -> Assembly:
    """What is synthesised into a folder with that context."""
    with Composer() as composer:
        done = composer.compose(folder, context)
    assert not done.failed, done.failed
    return assemblies.read(folder)


@pytest.fixture(scope="session")
def as_committed() -> Exercised:
    """The templates of `make synth`."""
    return exercised(ROOT / "cdk.out")


@pytest.fixture(scope="session")
def with_everything(tmp_path_factory: pytest.TempPathFactory) -> Exercised:
    """The templates with every channel and every setting on."""
    folder = tmp_path_factory.mktemp("assembly")
    composed(folder, FULL)
    return exercised(folder)


@pytest.fixture(scope="session", params=["as_committed", "with_everything"])
def everything(request: pytest.FixtureRequest) -> Exercised:
    """Either."""
    found: Exercised = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """A world whose roles a test may change."""
    with running() as world:
        yield world
