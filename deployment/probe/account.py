"""The account that is probed: who asks, in which region, and with which clients."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deployment.environment import Environment
from deployment.probe.refusals import expired, told
from deployment.probe.site import Clients

if TYPE_CHECKING:
    import botocore.session


class CannotLook(Exception):
    """Nothing can be tried; the message says why and what to do."""


def region(environment: Environment, variables: Mapping[str, str], profile: str | None) -> str:
    """The region to probe: the settings', else AWS_REGION's, else the profile's. Raises CannotLook."""
    found = environment.region or variables.get("AWS_REGION") or profile
    if not found:
        raise CannotLook("no region: set `region` in the environment's settings, or AWS_REGION. Nothing was tried.")
    return found


def clients(session: botocore.session.Session, region: str) -> Clients:
    """One client for each service, which gives up soon.

    Lex is asked once: a retry in silence would hide that it throttles.
    """
    lock = threading.Lock()
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        tries = 1 if service == "lexv2-runtime" else 3
        config = Config(
            connect_timeout=5,
            read_timeout=35,  # a code hook may take 30 s
            retries={"total_max_attempts": tries, "mode": "standard"},
        )
        with lock:
            if service not in made:
                made[service] = session.create_client(service, region_name=region, config=config)
            return made[service]

    return client


def check_identity(clients: Clients, environment: Environment) -> str:
    """The account's number. Raises CannotLook without credentials, or with those of another account."""
    try:
        account = str(clients("sts").get_caller_identity()["Account"])
    except ClientError as error:
        reason = "no credentials that are valid" if expired(error) else f"the account does not answer: {told(error)}"
        raise CannotLook(f"{reason}: nothing was tried. Sign in, or name a profile with --profile.") from error
    except BotoCoreError as error:
        raise CannotLook(f"{told(error)}: nothing was tried. Sign in, or name a profile with --profile.") from error
    if environment.account not in (None, account):
        raise CannotLook(
            f"these credentials are of account {account}, the settings of {environment.name} say "
            f"{environment.account}: nothing was tried."
        )
    return account
