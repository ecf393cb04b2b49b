"""What customers key in so that nobody but one function can read it: card numbers and PINs.

Amazon Connect encrypts it with the certificate, and checks that by the public key that it was given. The private
key lies in a secret under a key of its own, empty until `throughline capture-key` fills it.
"""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk.aws_connect import CfnSecurityKey
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_kms import Key
from aws_cdk.aws_secretsmanager import CfnResourcePolicy, CfnSecret
from constructs import Construct

from deployment import Environment
from deployment.phone_certificate import public_key
from stacks.accepted import accept
from stacks.function import Function
from stacks.keeping import removal
from stacks.keys import domain_key, through
from stacks.phone.instance import Centre
from stacks.table import over_tls_only


@dataclass(frozen=True, slots=True)
class Captures:
    """The keys."""

    certificate: str
    """What flows encrypt with."""
    key_id: str
    """What Amazon Connect calls the public key."""
    secret: str
    """ARN of the secret with the private key."""
    key: Key
    """What that lies under."""

    def open(self, function: Function) -> None:
        """Let a function read the private key, and with it what was keyed in."""
        function.grant(
            PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[self.secret]),
            through(self.key, ["kms:Decrypt"], ["secretsmanager"]),
        )


def captures(scope: Construct, environment: Environment, centre: Centre) -> Captures:
    """Make them of the setting's certificate."""
    certificate = environment.phone.capture_certificate
    key = domain_key(
        scope, "CaptureKey", environment=environment, name="captures", keeps="what card numbers and PINs are read with"
    )
    secret = CfnSecret(
        scope,
        "CapturePrivateKey",
        name=f"{environment.prefix}/capture-key",
        description="The private key, in PEM, of what customers key in: throughline capture-key writes it",
        kms_key_id=key.key_arn,
    )
    secret.apply_removal_policy(removal(environment))
    accept(secret, "SMG4", "the key belongs to a certificate in the settings: an operator replaces both together")
    CfnResourcePolicy(
        scope,
        "CapturePrivateKeyOverTlsOnly",
        secret_id=secret.ref,
        resource_policy=over_tls_only("secretsmanager:*").to_json(),
    )
    public = CfnSecurityKey(scope, "CapturePublicKey", instance_id=centre.arn, key=public_key(certificate))
    return Captures(certificate, public.attr_association_id, secret.ref, key)
