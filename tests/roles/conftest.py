"""What the functions asked for while they were exercised, and everything else that the templates' roles are for."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal import assembly as assemblies
from rehearsal.assembly import Assembly
from rehearsal.functions import Functions
from rehearsal.lex.server import LexServer
from rehearsal.permissions.door import Asked, guarded
from rehearsal.permissions.implied import Implied, implied
from rehearsal.permissions.policy import Kind, Policies
from rehearsal.permissions.roles import Roles
from rehearsal.permissions.storing import written_by_aws
from rehearsal.second_step import EMAIL_FROM, SENDERS, SMS_FROM, filled
from rehearsal.world import SKILL_ID, World, running
from tests.synth.composer import Composer
from tests.synth.conftest import FULL

from .customers import customers, follow
from .lambda_service import lambda_service
from .places import EVENTS
from .relaying import relayed
from .staff import staff
from .telephone import attached, callers

CARRIERS = ("AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2", "AWS_ENDPOINT_URL_SESV2")
"""Where the SDK looks for what carries codes."""
FROM = {"codes.sms_from": SMS_FROM, "codes.email_from": EMAIL_FROM}
"""Where codes are sent from: what the rehearsal's carriers take."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
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


def instances(world: World, ahead: Callable[[], float] = lambda: 0.0, **more: str) -> Functions:
    """Fresh instances of the deployed functions, which read the secret anew; `more` is of their environment."""
    placed = [world.cloud.placed(filled(spec)) for spec in world.assembly.functions]
    return Functions(placed, {**world.cloud.environment(), **more}, ahead=ahead, instances=1)


def events(channel: str) -> Iterator[tuple[str, Any]]:
    """The recorded events of a channel, Alexa's as for our skill."""
    for path in sorted((EVENTS / channel).glob("*.json")):
        text = path.read_text("utf-8")
        yield path.name, json.loads(re.sub(r"amzn1\.ask\.skill\.[0-9a-f-]+", SKILL_ID, text))


def exercise(world: World) -> tuple[object, ...]:
    """Have every function make all its calls: customers, recorded events and the staff, also with a rotated key."""
    customers(world)
    add_key(world)
    answers = []
    with ExitStack() as stack:
        url = stack.enter_context(lambda_service(world, world.functions))
        functions = stack.enter_context(instances(world, AWS_ENDPOINT_URL_LAMBDA=url))
        for channel, function in (("lex", world.hook_function), ("alexa", world.alexa_function)):
            answers += [functions.invoke(function, event) for _, event in events(channel)]
        staff(replace(world, functions=functions))
        replay(world, functions)
        telephone(world)
        rotate(world, functions)
    follow(world)
    # Last of all, since much time passes in it; and the relay reads its keys now, of which there are two.
    relayed(world)
    return tuple(answers)


def telephone(world: World) -> None:
    """What flows ask, at a time of its own, and what a deployment of a number asks; where there is a telephone."""
    modules = {spec.module for spec in world.assembly.functions}
    ahead = [0.0]

    def later(seconds: float) -> None:
        ahead[0] += seconds

    with ExitStack() as stack:
        carriers = stack.enter_context(LexServer(guarded(world.lex_door, world.post_wire.handle)))
        places = dict.fromkeys(CARRIERS, carriers.url)
        functions = stack.enter_context(instances(world, lambda: ahead[0], **places))
        callers(world, functions, later)
    if "attach_number" in modules:
        attached(world)


def add_key(world: World) -> None:
    """A second root in the secret, as an operator adds one: now every address is looked for under two hashes."""
    secret = world.cloud.named_here({"": world.assembly.secrets[0]})[""]
    kept = json.loads(world.cloud.secrets.get_secret_value(SecretId=secret)["SecretString"])
    kept |= {"2": "another invented root of many letters, for tests"}
    world.cloud.secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(kept))


def replay(world: World, functions: Functions) -> None:
    """A replay of tombstones that has too little time: it hands the rest on to itself."""
    started = functions.invoke(world.assembly.function("records").logical_id, {"replay": {"by": "kim"}}, seconds=10.0)
    assert started == {"replayed": 0, "left": 0, "after": ""}


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
        here = placed(world)
        roles = configured(world)
        return Exercised(world.assembly, roles, asked, implied(world.assembly, roles, here), answers)


def configured(world: World) -> Roles:
    """What the templates grant, what whoever sends is granted once it is known from where, and what AWS adds."""
    by_templates = world.cloud.roles
    known = set(map(id, by_templates.policies.grants))
    senders = {by_templates.functions[it.logical_id] for it in world.assembly.functions if it.module in SENDERS}
    later = (it for it in world.roles.policies.grants if id(it) not in known)
    sending = (it for it in later if it.holder in senders and it.kind is Kind.IDENTITY)
    by_aws = written_by_aws(world.assembly.resources)
    every = replace(by_templates, policies=Policies((*by_templates.policies.grants, *sending, *by_aws)))
    return every.renamed(placed(world))


def placed(world: World) -> dict[str, str]:
    """ARNs of secrets and keys as the templates have them, to those that they have here."""
    resources = world.assembly.resources
    keys = (resources.attribute(it, "Arn") for it in resources.of_type("AWS::KMS::Key"))
    return world.cloud.named_here({one: one for one in (*world.assembly.secrets, *keys)})


def composed(folder: Path, context: Mapping[str, object]) -> Assembly:
    """What is synthesised into a folder with that context."""
    with Composer() as composer:
        done = composer.compose(folder, context)
    assert not done.failed, done.failed
    return assemblies.read(folder)


@pytest.fixture(scope="session")
def as_committed(world: World) -> Exercised:
    """The templates of `make synth`, of which nothing is exercised: `make prove` does that."""
    return Exercised(world.assembly, configured(world), (), (), ())


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Exercised:
    """The templates with every channel and every setting on."""
    folder = tmp_path_factory.mktemp("assembly")
    composed(folder, {**FULL, **FROM})
    return exercised(folder)


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """A world whose roles a test may change."""
    with running() as world:
        yield world
