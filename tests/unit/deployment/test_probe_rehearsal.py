"""The probes of Lex against the rehearsal's stand-in: it keeps to its own claims, and the probes to Lex's wire."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest

import compiler
from compiler.runtime import compile_runtime
from deployment import Environment
from deployment.probe import Finding, Site, Verdict, findings
from deployment.probe.ear import EAR
from deployment.probe.found import Deployed, LexAlias
from deployment.probe.hook import HOOK
from deployment.probe.script import script
from rehearsal.world import World, running
from throughline.dialogue.model import Model

ROOT = Path(__file__).resolve().parents[3]
NO_AUDIO = "hook-voice"
"""A laptop's Lex neither hears nor speaks."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running(web_door=False) as world:
        yield world


def at(world: World) -> Site:
    source = compiler.load(ROOT / "dialogue")
    words = script(Model.from_json(compile_runtime(source)), compiler.lex_bot(source, hooks=True))
    ear = next(bot for bot in world.lex.bots.values() if bot is not world.bot)
    client: Any = botocore.session.Session().create_client(
        "lexv2-runtime", region_name="us-east-1", endpoint_url=world.lex_url, aws_access_key_id="any",
        aws_secret_access_key="any",
    )  # fmt: skip
    deployed = Deployed(
        live=LexAlias(world.bot.id, world.live.id, "live", world.live.version),
        guest=LexAlias(world.bot.id, world.guest.id, "guest", world.guest.version),
        ear=LexAlias(ear.id, ear.alias_named("live").id, "live", "1"),
    )
    return Site(
        lambda service: client, Environment(), deployed, words, now=time.time, pause=lambda seconds: None,
        fresh=lambda: uuid.uuid4().hex[:16],
    )  # fmt: skip


@pytest.mark.xdist_group("rehearsals")
def test_the_stand_in_behaves_as_lex_is_expected_to(world: World) -> None:
    site = at(world)
    found: list[Finding] = list(findings((*EAR, *HOOK), site))
    differing = [each for each in found if each.outcome.verdict is not Verdict.AS_EXPECTED]
    assert [each.assumption.id for each in differing] == [NO_AUDIO], differing
    assert "neither hears nor speaks audio" in differing[0].outcome.came
    assert not site.left
    assert world.lex.store.dump() == []
