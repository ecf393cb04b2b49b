"""What a world is put together with as it starts: who may call its hook, who signs in, and its customers' key."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rehearsal.accounts import Accounts
from rehearsal.assembly import Assembly
from rehearsal.clock import Clock
from rehearsal.cloud import Cloud
from rehearsal.lex.hook import HookUnreachable
from rehearsal.permissions import invocations
from rehearsal.permissions.roles import Roles
from rehearsal.resources import arn
from rehearsal.second_step import app_client, customers_pool
from throughline.customers.secret_keys import FetchSecret


def check_hook(roles: Roles, logical_id: str, event: object) -> None:
    """Raises HookUnreachable where Lambda would not let Lex in."""
    bot = event["bot"] if isinstance(event, Mapping) else {}
    try:
        source = arn("lex", f"bot-alias/{bot['id']}/{bot['aliasId']}")
        invocations.check_lex(roles.policies, roles.aliases[logical_id], source)
    except invocations.NotInvoked as denied:
        raise HookUnreachable(str(denied)) from None


def accounts_of(found: Assembly, cloud: Cloud, clock: Clock) -> Accounts | None:
    """Who signs in; None where the templates have no user pool."""
    client = app_client(found)
    if client is None:
        return None
    pool, app = cloud.here(customers_pool(found)), cloud.here(found.resources.ref(client))
    return Accounts(cloud.client("cognito-idp"), pool, app, lambda: cloud.move_on(clock.ahead))


def fetch_from(cloud: Cloud) -> FetchSecret:
    """What reads a secret here, by its id."""

    def fetch(secret_id: str) -> str:
        return str(cloud.secrets.get_secret_value(SecretId=secret_id)["SecretString"])

    return fetch


def key_of(cloud: Cloud, found: Assembly) -> str:
    """The customers' key in force."""
    secret = json.loads(fetch_from(cloud)(cloud.named_here({"": found.secrets[0]})[""]))
    return str(secret[secret["current"]])
