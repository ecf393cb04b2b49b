"""The IAM policy under which the doctor can look at everything, and do nothing."""

from __future__ import annotations

from collections.abc import Mapping

from deployment.doctor.call import (
    BOT_VERSIONS,
    CALLS,
    LAMBDA_RESERVED,
    PARAMETER,
    PARAMETERS,
    SECRET,
    STACK_RESOURCES,
    Call,
)
from deployment.environment import Environment

Statement = Mapping[str, str | list[str]]


def policy(environment: Environment) -> Mapping[str, str | list[Statement]]:
    """The policy document for an environment's settings."""
    narrowed = _narrowed(environment)
    wide = [call.action for call in CALLS if call not in narrowed]
    # AWS offers nothing finer for the first: they list, or speak of the account as a whole.
    statements: list[Statement] = [_allow("WhatAnAccountHas", sorted(wide), ["*"])]
    statements += [_allow(call.operation, [call.action], resources) for call, resources in narrowed.items()]
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(sid: str, actions: list[str], resources: list[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def _narrowed(environment: Environment) -> Mapping[Call, list[str]]:
    """Where AWS lets a permission be narrowed, to what."""
    region, account, prefix = environment.region or "*", environment.account or "*", environment.prefix
    vendor = environment.alexa.vendor
    # Secrets Manager adds a hyphen and six characters to a secret's name.
    secrets = [f"{prefix}-meta-app", *([vendor.login_secret] if vendor else [])]
    parameters = f"arn:aws:ssm:{region}:{account}:parameter/cdk-bootstrap/*"
    return {
        PARAMETER: [parameters],
        # Public parameters belong to no account.
        PARAMETERS: [f"arn:aws:ssm:{region}::parameter/aws/service/global-infrastructure/*"],
        STACK_RESOURCES: [f"arn:aws:cloudformation:{region}:{account}:stack/{prefix}-*"],
        LAMBDA_RESERVED: [f"arn:aws:lambda:{region}:{account}:function:{prefix}-*"],
        # Lex chooses a bot's id.
        BOT_VERSIONS: [f"arn:aws:lex:{region}:{account}:bot/*"],
        SECRET: [f"arn:aws:secretsmanager:{region}:{account}:secret:{name}-??????" for name in secrets],
    }
