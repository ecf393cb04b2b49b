"""What a deployment's second step would have done, and what only the rehearsal has: its two doors.

The templates leave empty what can be known only later: the skill's id, the number and the address that codes are sent
from. Here they are filled in, and granted as the stacks would grant them. The web chat and the text messages have no
function of their own yet: their doors may do what the code hook may, and ask the ear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from rehearsal.assembly import Assembly, FunctionSpec
from rehearsal.lex.definition import Bot
from rehearsal.permissions import invocations
from rehearsal.permissions.policy import Kind, Policies, read_statement
from rehearsal.permissions.roles import Roles
from rehearsal.resources import Resource, arn

SKILL_ID: Final = "amzn1.ask.skill.00000000-0000-4000-8000-000000000000"
SMS_FROM: Final = "phone-00000000000000000000000000000001"
"""Id of the number that codes are texted from."""
EMAIL_FROM: Final = "codes@meridian.example"
"""The address that codes are mailed from."""
WEB_DOOR: Final = "WebDoor"
TEXT_DOOR: Final = "TextDoor"
_SENDERS: Final[Mapping[str, str]] = {"SMS_FROM": SMS_FROM, "EMAIL_FROM": EMAIL_FROM}
SEND_CODES: Final = ("lex_turn", "secret_turn")
TEXTS: Final = "relay"
"""The function that texts what an agent writes."""
SENDERS: Final = (*SEND_CODES, TEXTS)
"""Functions that are told from where. A speaker's is told no sender, whatever is configured (stacks.turns)."""


def filled(spec: FunctionSpec) -> FunctionSpec:
    """The function with what its template leaves empty."""
    later = {"SKILL_ID": SKILL_ID, **(_SENDERS if spec.module in SENDERS else {})}
    known = {name: value for name, value in later.items() if spec.environment.get(name) == ""}
    return replace(spec, environment={**spec.environment, **known})


def doors(found: Assembly, ear: Bot) -> Iterator[FunctionSpec]:
    """The rehearsal's own functions, beside the code hook's."""
    hook = filled(found.function("lex_turn"))
    own = {"EAR_BOT": ear.id, "EAR_ALIAS": ear.alias_named("live").id}
    client = app_client(found)
    if client is not None:
        own["LOGIN_CLIENT"] = found.resources.ref(client)
    for logical_id, module in ((WEB_DOOR, "rehearsal.web_door"), (TEXT_DOOR, "rehearsal.text_door")):
        yield replace(hook, logical_id=logical_id, module=module, environment={**hook.environment, **own})


def app_client(found: Assembly) -> Resource | None:
    """The public app client of the pool that customers sign in to; None where nobody signs in."""
    issuer = found.function("lex_turn").environment.get("LOGIN_ISSUER", "")
    clients = found.resources.of_type("AWS::Cognito::UserPoolClient")
    return next(
        (
            it for it in clients
            if issuer and issuer.endswith(f"/{found.resources.resolved(it, 'UserPoolId')}")
            and not it.properties.get("GenerateSecret")
        ),
        None,
    )  # fmt: skip


def customers_pool(found: Assembly) -> str:
    """Id of the pool that customers sign in to, as the templates have it; empty where nobody signs in."""
    return found.function("lex_turn").environment.get("LOGIN_ISSUER", "").rpartition("/")[2]


def granted(by_templates: Roles, found: Assembly, ear: Bot) -> Roles:
    """What the templates grant, what the second step adds, and what the rehearsal's own doors need."""
    roles = by_templates
    for spec in found.functions:
        if spec.module in SENDERS:
            for statement in _sending(spec):
                roles = _with_statement_of(roles, spec.logical_id, statement)
        if spec.environment.get("SKILL_ID") == "":
            roles = invocations.opened_to(roles, spec.logical_id, SKILL_ID)
    listening = arn("lex", f"bot-alias/{ear.id}/{ear.alias_named('live').id}")
    asks = {"Effect": "Allow", "Action": "lex:RecognizeText", "Resource": listening}
    hook = found.function("lex_turn")
    table = arn("dynamodb", f"table/{hook.environment['TABLE']}")
    collects = {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": table}
    roles = roles.like(hook.logical_id, WEB_DOOR, asks, collects)
    return roles.like(hook.logical_id, TEXT_DOOR, asks)


def _sending(spec: FunctionSpec) -> Iterator[dict[str, Any]]:
    """What the turns' stack grants once a number and an address are configured."""
    if spec.environment.get("SMS_FROM") == "":
        yield {
            "Effect": "Allow", "Action": "sms-voice:SendTextMessage",
            "Resource": arn("sms-voice", f"phone-number/{SMS_FROM}"),
        }  # fmt: skip
    if spec.environment.get("EMAIL_FROM") == "":
        yield {
            "Effect": "Allow", "Action": "ses:SendEmail",
            "Resource": arn("ses", f"identity/{EMAIL_FROM.partition('@')[2]}"),
        }  # fmt: skip


def _with_statement_of(roles: Roles, function: str, statement: Mapping[str, Any]) -> Roles:
    more = read_statement(Kind.IDENTITY, roles.functions[function], "the deployment's second step", statement)
    return replace(roles, policies=Policies((*roles.policies.grants, *more)))
