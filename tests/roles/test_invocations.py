"""Who may invoke a function's alias, by the permissions that the templates give."""

from __future__ import annotations

import pytest

from rehearsal.lex.doors import Door
from rehearsal.lex.errors import BadGateway
from rehearsal.permissions.invocations import ALEXA, LEX, NotInvoked, check_alexa, may_invoke, opened_to
from rehearsal.permissions.policy import Policies
from rehearsal.permissions.roles import read_roles
from rehearsal.resources import ACCOUNT, arn
from rehearsal.world import SKILL_ID, World

from .conftest import Exercised

HOOKED = ("live", "guest")


def test_lex_may_call_the_hook_for_its_own_aliases_only(as_committed: Exercised) -> None:
    resources, policies = as_committed.assembly.resources, as_committed.roles.policies
    hook = as_committed.roles.aliases[as_committed.assembly.function("lex_turn").logical_id]
    for alias in resources.of_type("AWS::Lex::BotAlias"):
        source = resources.attribute(alias, "Arn")
        hooked = "CodeHookSpecification" in str(alias.properties)
        assert may_invoke(policies, hook, LEX, source_arn=source, source_account=ACCOUNT) is hooked
        assert not may_invoke(policies, hook, LEX, source_arn=source, source_account="210987654321")
        assert not may_invoke(policies, hook, LEX, source_arn=source)
        assert not may_invoke(policies, hook.removesuffix(":live"), LEX, source_arn=source, source_account=ACCOUNT)
        assert not may_invoke(policies, hook, ALEXA, source_arn=source, source_account=ACCOUNT)
    foreign = arn("lex", "bot-alias/AAAAAAAAAA/BBBBBBBBBB")
    assert not may_invoke(policies, hook, LEX, source_arn=foreign, source_account=ACCOUNT)


def test_alexa_may_call_the_endpoint_for_the_one_skill_of_the_settings(
    as_committed: Exercised, with_everything: Exercised
) -> None:
    for exercised, opened in ((as_committed, False), (with_everything, True)):
        roles = read_roles(exercised.assembly)
        endpoint = roles.aliases[exercised.assembly.function("alexa_turn").logical_id]
        assert may_invoke(roles.policies, endpoint, ALEXA, token=SKILL_ID) is opened
        assert not may_invoke(roles.policies, endpoint, ALEXA, token="amzn1.ask.skill.foreign")
        assert not may_invoke(roles.policies, endpoint, ALEXA)
        assert not may_invoke(roles.policies, endpoint, LEX, token=SKILL_ID)


def test_the_second_step_of_a_deployment_opens_the_endpoint(as_committed: Exercised) -> None:
    function = as_committed.assembly.function("alexa_turn").logical_id
    roles = opened_to(as_committed.roles, function, "amzn1.ask.skill.ours")
    check_alexa(roles.policies, roles.aliases[function], "amzn1.ask.skill.ours")
    with pytest.raises(NotInvoked, match="nothing lets"):
        check_alexa(roles.policies, roles.aliases[function], "amzn1.ask.skill.theirs")


def test_without_its_permission_lex_can_not_reach_the_hook(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = world.roles.aliases[world.hook_function]
    shut = Policies(tuple(one for one in world.roles.policies.grants if one.holder != hook))
    monkeypatch.setitem(vars(world.roles.policies), "grants", shut.grants)
    monkeypatch.setitem(vars(world.roles.policies), "decide", shut.decide)
    with pytest.raises(BadGateway, match="could not be invoked: access denied: nothing lets"):
        Door(world.lex).say(world.bot.id, world.live.id, "en_US", "someone", "hello")
