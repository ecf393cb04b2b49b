"""Who may invoke a function's alias, by the permissions that the templates give."""

from __future__ import annotations

import pytest

from rehearsal.connect.subscribers import rules, subscriptions
from rehearsal.lex.doors import Door
from rehearsal.lex.errors import BadGateway
from rehearsal.permissions.invocations import (
    ALEXA,
    CONNECT,
    EVENTS,
    LEX,
    SNS,
    NotInvoked,
    check_alexa,
    check_connect,
    check_events,
    check_sns,
    may_invoke,
    opened_to,
)
from rehearsal.permissions.policy import Call, Kind, Policies
from rehearsal.permissions.roles import read_roles
from rehearsal.permissions.telling import publishing
from rehearsal.resources import ACCOUNT, arn
from rehearsal.world import SKILL_ID, World

from .conftest import Exercised
from .telephone import ASKED

API = "apigateway.amazonaws.com"
SECRETS = "secretsmanager.amazonaws.com"
SERVICES = (
    ALEXA, API, CONNECT, LEX, SECRETS, "cloudformation.amazonaws.com", "cognito-idp.amazonaws.com",
    "dynamodb.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com",
    "sqs.amazonaws.com",
)  # fmt: skip
"""Services that invoke functions of those who let them."""


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
    as_committed: Exercised, everything: Exercised
) -> None:
    for exercised, opened in ((as_committed, False), (everything, True)):
        roles = read_roles(exercised.assembly)
        endpoint = roles.aliases[exercised.assembly.function("alexa_turn").logical_id]
        assert may_invoke(roles.policies, endpoint, ALEXA, token=SKILL_ID) is opened
        assert not may_invoke(roles.policies, endpoint, ALEXA, token="amzn1.ask.skill.foreign")
        assert not may_invoke(roles.policies, endpoint, ALEXA)
        assert not may_invoke(roles.policies, endpoint, LEX, token=SKILL_ID)


def test_the_api_may_call_the_desk_for_its_one_route_only(everything: Exercised) -> None:
    desk, policies = alias(everything, "desk"), everything.roles.policies
    (api,) = everything.assembly.resources.of_type("AWS::ApiGatewayV2::Api")
    ours = everything.assembly.resources.ref(api)

    def may(source: str, account: str = ACCOUNT, function: str = desk) -> bool:
        return may_invoke(policies, function, API, source_arn=arn("execute-api", source), source_account=account)

    assert may(f"{ours}/$default/POST/desk")
    for source in ("$default/GET/desk", "$default/POST/desk/more", "$default/POST/", "test/POST/desk"):
        assert not may(f"{ours}/{source}")
    assert not may("foreign123/$default/POST/desk")
    assert not may(f"{ours}/$default/POST/desk", account="210987654321")
    assert not may(f"{ours}/$default/POST/desk", function=desk.removesuffix(":live"))
    assert not may_invoke(policies, desk, API, source_account=ACCOUNT)


def test_secrets_manager_may_call_the_rotation_for_the_one_secret_only(everything: Exercised) -> None:
    rotation, policies = alias(everything, "rotate_keys"), everything.roles.policies
    secret = next(one.call for one in everything.implied if one.call.resource == rotation)
    source = dict(secret.context)["aws:sourcearn"]
    assert isinstance(source, str)
    assert may_invoke(policies, rotation, SECRETS, source_arn=source, source_account=ACCOUNT)
    assert not may_invoke(policies, rotation, SECRETS, source_arn=source, source_account="210987654321")
    other = arn("secretsmanager", "secret:another-AbCdEf")
    assert not may_invoke(policies, rotation, SECRETS, source_arn=other, source_account=ACCOUNT)
    assert not may_invoke(policies, rotation, SECRETS, source_account=ACCOUNT)


def test_what_follows_the_stream_is_invoked_by_its_mapping_by_the_desk_and_by_itself_alone(
    everything: Exercised,
) -> None:
    # A mapping reads as the function's role and invokes by itself: no service has leave to.
    records = alias(everything, "records")
    assert not everything.roles.policies.by_holder.get(records)
    resources = everything.assembly.resources
    mapped = [resources.resolved(it, "FunctionName") for it in resources.of_type("AWS::Lambda::EventSourceMapping")]
    assert sorted(mapped) == sorted([records, alias(everything, "relay")])
    callers = {everything.assembly.function(module).logical_id for module in ("desk", "records")}
    assert invoked_by_roles(everything, records) == callers


def test_connect_may_call_what_its_flows_ask_for_the_one_instance_only(everything: Exercised) -> None:
    policies = everything.roles.policies
    (ours,) = (
        everything.assembly.resources.attribute(it, "Arn")
        for it in everything.assembly.resources.of_type("AWS::Connect::Instance")
    )
    theirs = arn("connect", "instance/00000000-0000-4000-8000-000000000000")
    for module in ASKED:
        function = alias(everything, module)
        check_connect(policies, function, ours)
        for other in (theirs, f"{ours}-2", ours[:-1]):
            with pytest.raises(NotInvoked, match="nothing lets"):
                check_connect(policies, function, other)
        assert not may_invoke(policies, function, CONNECT, source_arn=ours, source_account="210987654321")
        assert not may_invoke(policies, function, CONNECT, source_account=ACCOUNT)
        assert not may_invoke(policies, function.removesuffix(":live"), CONNECT, source_arn=ours)
        assert not may_invoke(policies, function, LEX, source_arn=ours, source_account=ACCOUNT)


def test_the_one_topic_and_the_one_rule_may_call_the_relay(everything: Exercised) -> None:
    relay, policies = alias(everything, "relay"), everything.roles.policies
    resources = everything.assembly.resources
    (topic,) = (one.topic for one in subscriptions(resources) if one.alias == relay)
    (rule,) = (one.arn for one in rules(resources) if one.alias == relay)
    check_sns(policies, relay, topic)
    check_events(policies, relay, rule)
    for other in (f"{topic}-2", topic[:-1], arn("sns", "any"), rule):
        with pytest.raises(NotInvoked, match="nothing lets"):
            check_sns(policies, relay, other)
    for other in (f"{rule}-2", rule[:-1], arn("events", "rule/any"), topic):
        with pytest.raises(NotInvoked, match="nothing lets"):
            check_events(policies, relay, other)
    bare = relay.removesuffix(":live")
    assert not may_invoke(policies, bare, SNS, source_arn=topic, source_account=ACCOUNT)
    assert not may_invoke(policies, bare, EVENTS, source_arn=rule, source_account=ACCOUNT)


def test_connect_alone_publishes_to_the_chats_topic_and_for_the_one_instance(everything: Exercised) -> None:
    resources, roles = everything.assembly.resources, everything.roles
    (topic,) = (one.topic for one in subscriptions(resources))
    (ours,) = (resources.attribute(it, "Arn") for it in resources.of_type("AWS::Connect::Instance"))
    theirs = arn("connect", "instance/00000000-0000-4000-8000-000000000000")

    def may(who: str, source: str, **more: str) -> bool:
        about = {"aws:SourceArn": source, "aws:SourceAccount": ACCOUNT, "aws:SecureTransport": "true", **more}
        return roles.policies.decide(Call.of(who, "sns:Publish", topic, about)).allowed

    assert may(CONNECT, ours) and all(roles.policies.decide(it).allowed for it in publishing(topic, ours, roles.keys))
    assert not may(CONNECT, theirs) and not may(CONNECT, ours[:-1])
    assert not may(CONNECT, ours, **{"aws:SourceAccount": "210987654321"})
    assert not may(CONNECT, ours, **{"aws:SecureTransport": "false"})
    publishers = {*roles.functions.values(), *(service for service in SERVICES if service != CONNECT)}
    assert not [who for who in publishers if may(who, ours)]


def test_no_service_may_call_what_attaches_a_number(everything: Exercised) -> None:
    # CloudFormation calls it as whoever deploys: their own leave is what counts.
    function = alias(everything, "attach_number")
    assert not everything.roles.policies.by_holder.get(function)
    assert not everything.roles.policies.by_holder.get(function.removesuffix(":live"))
    assert not invoked_by_roles(everything, function)


@pytest.mark.parametrize("module", ["alexa_turn", "desk", "lex_turn", "records", "relay", "rotate_keys", *ASKED])
def test_nobody_else_may_invoke_a_function(everything: Exercised, module: str) -> None:
    function, policies = alias(everything, module), everything.roles.policies
    sources = {dict(one.call.context).get("aws:sourcearn", "") for one in everything.implied}
    sources |= {"", arn("events", "rule/any"), arn("sns", "any"), arn("dynamodb", "table/any/stream/any")}
    of_ours = {
        (one.call.who, dict(one.call.context).get("aws:sourcearn", ""))
        for one in everything.implied
        if one.call.resource == function
    }
    for service in SERVICES:
        for source in sources:
            assert isinstance(source, str)
            if (service, source) not in of_ours:
                assert not may_invoke(policies, function, service, source_arn=source, source_account=ACCOUNT)
    if module != "records":
        assert not invoked_by_roles(everything, function)
    bare = function.removesuffix(":live")
    assert not policies.by_holder.get(bare) and not invoked_by_roles(everything, bare)


def alias(exercised: Exercised, module: str) -> str:
    return exercised.roles.aliases[exercised.assembly.function(module).logical_id]


def invoked_by_roles(exercised: Exercised, function: str) -> set[str]:
    """Which of all roles may invoke it: functions by their ids, others by their ARNs."""
    names = {role: logical_id for logical_id, role in exercised.roles.functions.items()}
    roles = {one.holder for one in exercised.roles.policies.grants if one.kind is Kind.IDENTITY}
    asking = {role: Call.of(role, "lambda:InvokeFunction", function, {}) for role in roles}
    return {names.get(role, role) for role, call in asking.items() if exercised.roles.policies.decide(call).allowed}


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
