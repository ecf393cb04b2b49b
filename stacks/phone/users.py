"""Members of the staff as users of an instance of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from aws_cdk import CfnTag
from aws_cdk.aws_connect import CfnRoutingProfile, CfnSecurityProfile, CfnUser
from aws_cdk.aws_kms import IKey
from aws_cdk.aws_secretsmanager import CfnResourcePolicy, Secret, SecretStringGenerator
from constructs import Construct

from deployment.phone import PhoneUser
from stacks.accepted import accept
from stacks.phone.instance import Centre
from stacks.phone.queues import ANSWERING
from stacks.table import over_tls_only
from stacks.team import Team

TEAM_TAG = "throughline-team"
"""The tag by which Contact Lens knows whom to tell; its value is the team's security profile's name."""


def user(
    scope: Construct,
    centre: Centre,
    who: PhoneUser,
    *,
    key: IKey,
    profiles: Mapping[Team, CfnSecurityProfile],
    routing: Mapping[bool, CfnRoutingProfile],
) -> CfnUser:
    """One user, whose first password AWS draws and keeps under `key`: no template has it, and nobody has chosen it."""
    team = Team(who.team)
    id = f"User{hashlib.sha256(who.email.casefold().encode()).hexdigest()[:12]}"
    secret = Secret(
        scope,
        f"{id}Password",
        description=f"{centre.prefix}: the first password of a user of the telephone, until they choose their own",
        encryption_key=key,
        generate_secret_string=SecretStringGenerator(
            password_length=32, exclude_punctuation=True, require_each_included_type=True
        ),
    )
    CfnResourcePolicy(
        scope,
        f"{id}PasswordOverTlsOnly",
        secret_id=secret.secret_arn,
        resource_policy=over_tls_only("secretsmanager:*").to_json(),
    )
    accept(secret, "SMG4", "a first password, which its user replaces; to rotate it would lock them out")
    given, _, family = who.name.partition(" ")
    return CfnUser(
        scope,
        id,
        instance_arn=centre.arn,
        username=who.email,
        password=secret.secret_value.unsafe_unwrap(),
        identity_info=CfnUser.UserIdentityInfoProperty(first_name=given, last_name=family, email=who.email),
        phone_config=CfnUser.UserPhoneConfigProperty(
            phone_type="SOFT_PHONE", auto_accept=False, after_contact_work_time_limit=0
        ),
        routing_profile_arn=routing[team in ANSWERING].attr_routing_profile_arn,
        security_profile_arns=[profiles[team].attr_security_profile_arn],
        tags=[CfnTag(key=TEAM_TAG, value=centre.name(team))],
    )
