"""The Amazon Connect instance: our own, or one that is there already."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Aws
from aws_cdk.aws_connect import CfnInstance
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from deployment import Environment
from stacks.keeping import removal, retention
from stacks.phone.storage import Vault


@dataclass(frozen=True, slots=True)
class Centre:
    """Where everything else of the telephone belongs to."""

    arn: str
    id: str
    """The end of the ARN."""
    prefix: str
    """What names in it begin with: several environments may share an instance."""
    own: bool
    """Whether it was made here: then its storage and its users are ours, too."""

    def name(self, what: str) -> str:
        """What something in the instance is called."""
        return f"{self.prefix}-{what}"


def centre(scope: Construct, environment: Environment, vault: Vault) -> Centre:
    """The instance of the setting, or a new one whose flow logs and recordings lie in `vault`."""
    given = environment.phone.instance_arn
    if given:
        return Centre(given, given.rpartition("/")[2], environment.prefix, own=False)
    alias = alias_of(environment)
    logs = LogGroup(
        scope,
        "FlowLogs",
        # Connect writes to the group of this name, and would make one without end and without our key.
        log_group_name=f"/aws/connect/{alias}",
        encryption_key=vault.key,
        retention=retention(environment),
        removal_policy=removal(environment),
    )
    instance = CfnInstance(
        scope,
        "Instance",
        identity_management_type="CONNECT_MANAGED",
        instance_alias=alias,
        attributes=CfnInstance.AttributesProperty(
            inbound_calls=True,
            # For calls back; who may dial at will, the security profiles say.
            outbound_calls=True,
            contact_lens=True,
            contactflow_logs=True,
            early_media=True,
            auto_resolve_best_voices=True,
        ),
    )
    instance.apply_removal_policy(removal(environment))
    instance.node.add_dependency(logs)
    return Centre(instance.attr_arn, instance.attr_id, environment.prefix, own=True)


def alias_of(environment: Environment) -> str:
    """What a new instance is called: on earth there is one of each name, so that the account is part of ours."""
    return environment.phone.instance_alias or f"{environment.prefix}-{Aws.ACCOUNT_ID}"
