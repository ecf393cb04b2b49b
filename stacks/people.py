"""Who signs in: the customers' user pool, the staff's, and a role for each team of the staff.

A member of the staff signs in with a second factor, and an identity pool gives them the role of their group: of
several groups, the one that they ask for. What a role may do is granted where that thing is made, through `may`;
a role by itself may do nothing. Nobody here may deploy: that is for the roles of CDK's own bootstrap, which an
operator takes on by the account's own means, and which none of these roles may.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aws_cdk import Aws, CfnOutput
from aws_cdk.aws_cognito import (
    CfnIdentityPool,
    CfnIdentityPoolRoleAttachment,
    CfnUserPool,
    CfnUserPoolClient,
    CfnUserPoolDomain,
    CfnUserPoolGroup,
)
from aws_cdk.aws_iam import CfnRole, PolicyStatement
from constructs import Construct

from deployment import Environment
from stacks.accepted import accept
from stacks.keeping import removal
from stacks.keys import through
from stacks.part import Part
from stacks.team import TEAMS, Team, may, role_name
from stacks.trails import Trails

ALEXA_HOSTS: Final = ("layla.amazon.com", "pitangui.amazon.com", "alexa.amazon.co.jp")
"""Where Alexa takes a customer back to after account linking, before `/api/skill/link/<vendor id>`.

Alexa Skills Kit documentation, "Configure an Authorization Code Grant", Alexa redirect URLs."""
CUSTOMER: Final = "customer"
"""The customers' group; it bears no role, since customers call nothing of AWS's."""
SIGNED_IN: Final = "http://localhost:8765/signed-in"
"""Where `throughline sign-in` listens for the browser of a member of the staff.

Without TLS Cognito takes a browser back to localhost alone (API reference, "CreateUserPoolClient", CallbackURLs)."""
_SECOND_FACTOR: Final = ["SOFTWARE_TOKEN_MFA"]


class People(Part):
    """Both pools, the identity pool and the teams' roles."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment, trails: Trails) -> None:
        """Make them."""
        super().__init__(scope, id, environment=environment)
        self._environment = environment
        self.customers = self._pool("Customers", whose="customers", closed=False)
        CfnUserPoolGroup(
            self,
            "Customer",
            user_pool_id=self.customers.ref,
            group_name=CUSTOMER,
            description="Customers, who call nothing of AWS's",
        )
        self.app = self._client("App", self.customers, list(environment.people.callback_urls), days=30)
        """Web and app: a public client, which keeps no secret and proves itself by PKCE."""
        vendor = environment.alexa.vendor
        linking = [f"https://{host}/api/skill/link/{vendor.vendor_id}" for host in ALEXA_HOSTS] if vendor else []
        self.linking = self._client("AlexaLinking", self.customers, linking, days=365, secret=True)
        """Alexa's account linking: Cognito makes up its secret, and no template has it."""
        self.issuer = f"https://cognito-idp.{Aws.REGION}.amazonaws.com/{self.customers.ref}"
        """As the tokens of customers name it."""
        self.customers_arn = (
            f"arn:{Aws.PARTITION}:cognito-idp:{Aws.REGION}:{Aws.ACCOUNT_ID}:userpool/{self.customers.ref}"
        )
        """The pool of customers, as a grant names it."""
        self.offer(self.customers.ref, self.app.ref, self.linking.ref)
        self._staff()
        may(
            self,
            Team.AUDITOR,
            PolicyStatement(actions=["dynamodb:GetItem", "dynamodb:Query"], resources=[trails.audit.table_arn]),
            through(trails.audit_key, ["kms:Decrypt"], ["dynamodb"]),
            role=self.roles[Team.AUDITOR].ref,
        )

    def _staff(self) -> None:
        pool = self._pool("Staff", whose="staff", closed=True)
        client = self._client("Desk", pool, [SIGNED_IN], days=1, scopes=("openid",))
        provider = f"cognito-idp.{Aws.REGION}.amazonaws.com/{pool.ref}"
        identities = CfnIdentityPool(
            self,
            "Identities",
            identity_pool_name=f"{self._environment.prefix}-staff",
            allow_unauthenticated_identities=False,
            # By the classic flow, a member could take on any role that trusts the pool.
            allow_classic_flow=False,
            cognito_identity_providers=[
                {"clientId": client.ref, "providerName": provider, "serverSideTokenCheck": True}
            ],
        )
        self.roles = {team: self._role(team, identities) for team in TEAMS}
        """The teams' roles; each is named after its team, so that the desk knows the team by the caller's ARN."""
        for team, role in self.roles.items():
            CfnUserPoolGroup(
                self,
                f"Group{team.title()}",
                user_pool_id=pool.ref,
                group_name=team,
                description=TEAMS[team],
                # All alike: who is in two teams has no preferred role, and must say which one they act in.
                precedence=0,
                role_arn=role.attr_arn,
            )
        CfnIdentityPoolRoleAttachment(
            self,
            "RolesByGroup",
            identity_pool_id=identities.ref,
            role_mappings={
                "staff": {
                    "identityProvider": f"{provider}:{client.ref}",
                    "type": "Token",
                    "ambiguousRoleResolution": "Deny",
                }
            },
        )
        for name, value in (
            ("Staff", pool.ref),
            ("StaffSignIn", client.ref),
            ("StaffIdentities", identities.ref),
            ("StaffLogin", f"https://{self._domain('staff')}.auth.{Aws.REGION}.amazoncognito.com"),
        ):
            CfnOutput(self, name, value=value)

    def _domain(self, whose: str) -> str:
        """What the address of a pool's sign-in pages begins with: nobody else's in the region."""
        return f"{self._environment.prefix}-{whose}-{Aws.ACCOUNT_ID}"

    def _pool(self, id: str, *, whose: str, closed: bool) -> CfnUserPool:
        """A user pool; a `closed` one takes in nobody whom no administrator made, and none without a second factor."""
        kept = removal(self._environment)
        pool = CfnUserPool(
            self,
            f"{id}Pool",
            user_pool_name=f"{self._environment.prefix}-{whose}",
            user_pool_tier="ESSENTIALS",
            deletion_protection="ACTIVE" if kept.name == "RETAIN" else "INACTIVE",
            username_attributes=["email"],
            username_configuration={"caseSensitive": False},
            auto_verified_attributes=["email"],
            user_attribute_update_settings={"attributesRequireVerificationBeforeUpdate": ["email"]},
            account_recovery_setting={"recoveryMechanisms": [{"name": "verified_email", "priority": 1}]},
            admin_create_user_config={"allowAdminCreateUserOnly": closed},
            mfa_configuration="ON" if closed else "OPTIONAL",
            enabled_mfas=_SECOND_FACTOR,
            policies={
                "passwordPolicy": {
                    "minimumLength": 14 if closed else 10,
                    "requireLowercase": True,
                    "requireNumbers": True,
                    "requireSymbols": True,
                    "requireUppercase": True,
                    "temporaryPasswordValidityDays": 1,
                }
            },
        )
        pool.apply_removal_policy(kept)
        CfnUserPoolDomain(
            self,
            f"{id}Domain",
            domain=self._domain(whose),
            user_pool_id=pool.ref,
            managed_login_version=1,
        )
        accept(pool, "COG8", "the Plus plan's threat protection costs by the user and month; a code or PIN guards data")
        if not closed:
            accept(pool, "COG2", "a second factor is the customer's choice; what is irreversible is confirmed anyhow")
        return pool

    def _client(
        self,
        id: str,
        pool: CfnUserPool,
        returns: list[str],
        *,
        days: int,
        secret: bool = False,
        scopes: Sequence[str] = ("openid", "email", "aws.cognito.signin.user.admin"),
    ) -> CfnUserPoolClient:
        """An app client with the authorization-code grant, or without any where nowhere is known to return to.

        A sign-in can be renewed for so many days, unless it is revoked.
        """
        return CfnUserPoolClient(
            self,
            f"{id}Client",
            user_pool_id=pool.ref,
            client_name=f"{self._environment.prefix}-{id.lower()}",
            generate_secret=secret,
            enable_token_revocation=True,
            prevent_user_existence_errors="ENABLED",
            supported_identity_providers=["COGNITO"],
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
            access_token_validity=60,
            id_token_validity=60,
            refresh_token_validity=days,
            token_validity_units={"accessToken": "minutes", "idToken": "minutes", "refreshToken": "days"},
            allowed_o_auth_flows_user_pool_client=True if returns else None,
            allowed_o_auth_flows=["code"] if returns else None,
            allowed_o_auth_scopes=list(scopes) if returns else None,
            callback_ur_ls=returns or None,
        )

    def _role(self, team: Team, identities: CfnIdentityPool) -> CfnRole:
        """Taken on through the identity pool by those who signed in, and by nobody else."""
        return CfnRole(
            self,
            f"Role{team.title()}",
            role_name=role_name(self._environment.prefix, team),
            description=TEAMS[team],
            max_session_duration=3600,
            assume_role_policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {
                            "StringEquals": {"cognito-identity.amazonaws.com:aud": identities.ref},
                            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"},
                        },
                    }
                ],
            },
        )
