"""The functions that flows ask: each may do its own part, and Amazon Connect alone may call it."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk.aws_connect import CfnIntegrationAssociation
from aws_cdk.aws_iam import PolicyStatement
from aws_cdk.aws_lambda import CfnPermission
from constructs import Construct

from settings import (
    AgentScreenSettings,
    CallbackSettings,
    ContactDataSettings,
    DispositionSettings,
    SecretTurnSettings,
    Settings,
)
from stacks.customers import ADDRESSES, ALLOWANCES, CHALLENGES, CONVERSATIONS, READS
from stacks.function import Function
from stacks.keys import through
from stacks.layer import capture_packages
from stacks.phone.captures import Captures
from stacks.phone.instance import Centre
from stacks.turns import Behind

CONTACT_DATA = "contact_data"
SECRET_TURN = "secret_turn"  # noqa: S105 - a function's name
AGENT_SCREEN = "agent_screen"
DISPOSITION = "disposition"
CALLBACK = "callback"
_SECONDS = 8
"""What Amazon Connect waits for a function in all, its own tries included."""


class Asked:
    """Makes them in a stack."""

    def __init__(self, scope: Construct, centre: Centre, behind: Behind) -> None:
        """Nothing is made yet."""
        self._scope = scope
        self._centre = centre
        self._behind = behind
        self.made: dict[str, Function] = {}
        """Module to function."""
        self.associations: list[CfnIntegrationAssociation] = []
        """What a flow that names a function needs first."""

    def make(self, *, captures: Captures | None) -> None:
        """All of them; what takes turns of digits that were keyed in only where that can be."""
        self._contact_data()
        self._agent_screen()
        self._disposition()
        self._callback()
        if captures is not None:
            self._secret_turn(captures)

    def arn(self, module: str) -> str:
        """What a flow calls it by; empty if there is none."""
        return self.made[module].live.function_arn if module in self.made else ""

    def _contact_data(self) -> None:
        function = self._function(
            CONTACT_DATA, "Finds out who is calling, and how sure that is", ContactDataSettings(**self._known())
        )
        self._reads(function, *READS)
        # A number that nobody called from yet becomes somebody's, who has claimed no more than that.
        customers = self._behind.customers
        function.grant(customers.writing("PutItem", CONVERSATIONS), customers.writing("UpdateItem", ADDRESSES))

    def _agent_screen(self) -> None:
        function = self._function(
            AGENT_SCREEN,
            "Shows an agent whom they have before them, and writes down that it did",
            AgentScreenSettings(**self._known(), audit=self._behind.trails.audit.table_name),
        )
        self._reads(function, "dynamodb:GetItem", "dynamodb:Query")
        self._audits(function)

    def _disposition(self) -> None:
        function = self._function(
            DISPOSITION,
            "Keeps how a contact ended, as its agent says",
            DispositionSettings(**self._known()),
        )
        self._notes(function)

    def _callback(self) -> None:
        function = self._function(CALLBACK, "Takes down where to call back", CallbackSettings(**self._known()))
        self._notes(function)

    def _secret_turn(self, captures: Captures) -> None:
        """It takes turns as Lex's function does, and it alone reads what was keyed in.

        After a PIN the dialogue goes on where it was, which may be what sends a code next. What answers with a code,
        hands out an export or opens a conflict is a turn of Lex's, so that it may do none of these.
        """
        function = self._function(
            SECRET_TURN,
            "Takes a turn whose words were encrypted as they were keyed in",
            SecretTurnSettings(**self._behind.variables(codes=True), capture_key=captures.secret),
            decrypts=True,
        )
        customers = self._behind.customers
        self._reads(function, *READS)
        function.grant(
            customers.writing("PutItem", CONVERSATIONS, CHALLENGES),
            customers.writing("UpdateItem", ADDRESSES, ALLOWANCES),
        )
        self._behind.serve_business(function)
        self._behind.send_codes(function)
        captures.open(function)

    def _known(self) -> dict[str, str]:
        customers = self._behind.customers
        return {
            "table": customers.serving.table_name,
            "keys": customers.keys.secret_arn,
            "service": self._behind.environment.prefix,
        }

    def _notes(self, function: Function) -> None:
        """Whom it is about, a pointer says; and a save keeps the way to them for longer, once that is due."""
        self._reads(function, "dynamodb:GetItem")
        customers = self._behind.customers
        function.grant(customers.writing("PutItem", CONVERSATIONS), customers.writing("UpdateItem", ADDRESSES))

    def _reads(self, function: Function, *actions: str) -> None:
        customers = self._behind.customers
        function.grant(PolicyStatement(actions=list(actions), resources=[customers.serving.table_arn]))
        customers.open_keys(function, "dynamodb", "secretsmanager")

    def _audits(self, function: Function) -> None:
        trails = self._behind.trails
        function.grant(
            PolicyStatement(actions=["dynamodb:PutItem"], resources=[trails.audit.table_arn]),
            through(trails.audit_key, ["kms:Decrypt"], ["dynamodb"]),
        )

    def _function(self, module: str, does: str, settings: Settings, *, decrypts: bool = False) -> Function:
        id = "".join(word.title() for word in module.split("_"))
        function = Function(
            self._scope,
            id,
            environment=self._behind.environment,
            module=module,
            does=does,
            settings=settings,
            key=self._behind.trails.key,
            timeout_seconds=_SECONDS,
            layers=[capture_packages] if decrypts else [],
        )
        self.made[module] = function
        self.associations.append(self._associated(id, function))
        return function

    def _associated(self, id: str, function: Function) -> CfnIntegrationAssociation:
        """Flows may name it, and the instance, alone, may call it.

        The association's own handler lets Amazon Connect call the function, too (CloudFormation's schema of
        AWS::Connect::IntegrationAssociation names lambda:AddPermission). What it grants stands in no template, so
        that nobody could look at it here: the same is said in this one, under another statement's id, which
        collides with nothing. Of a Lex bot there is one policy in all: that is left to the association.
        """
        CfnPermission(
            self._scope,
            f"{id}Calls",
            action="lambda:InvokeFunction",
            function_name=function.live.function_arn,
            principal="connect.amazonaws.com",
            source_account=Aws.ACCOUNT_ID,
            source_arn=self._centre.arn,
        )
        return associate(self._scope, f"{id}Asked", self._centre, "LAMBDA_FUNCTION", function.live.function_arn)


def associate(scope: Construct, id: str, centre: Centre, kind: str, arn: str) -> CfnIntegrationAssociation:
    """Let the instance's flows name something."""
    return CfnIntegrationAssociation(scope, id, instance_id=centre.arn, integration_type=kind, integration_arn=arn)
