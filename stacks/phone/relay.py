"""The relay between text channels and agents: what chats are streamed to, the function, and what calls it."""

from __future__ import annotations

from typing import Final

from aws_cdk import Acknowledgment, Aws, Validations
from aws_cdk.aws_events import CfnRule
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_kms import Key
from aws_cdk.aws_lambda import CfnPermission
from aws_cdk.aws_sns import CfnSubscription, Topic
from constructs import Construct

from settings import RelaySettings
from stacks.customers import ADDRESSES, CONVERSATIONS
from stacks.function import Function
from stacks.keys import by_name
from stacks.phone.instance import Centre
from stacks.turns import Behind
from throughline.records.dynamo_strands import OUT_PREFIX
from throughline.relay.dynamo_book import RELAY_PREFIX
from throughline.relay.events import ENDED, JOINED

RELAY: Final = "relay"
"""The module, and the flow that its chats begin with."""
RELAYED: Final = ("web", "sms")
"""What the sessions of channels are called that a person can take over by the relay."""
SECONDS: Final = 25
"""For one call: shorter than the lease on a relay."""
HOURS: Final = 1
"""The oldest change of a conversation that is still passed on."""
TRIES: Final = 60
TELLING: Final = ("AGENT", "SYSTEM", "CUSTOM_BOT")
"""Whose messages are told; nobody's is the end of a chat, which has no role."""


class Relay:
    """Makes it in a stack."""

    def __init__(self, scope: Construct, centre: Centre, behind: Behind, key: Key, flow: str) -> None:
        """`key` is the telephone's; `flow` is the ARN of the flow that chats begin with."""
        self._scope, self._centre, self._behind = scope, centre, behind
        key.add_to_resource_policy(self._connect_may_encrypt())
        self.topic = self._topic(key)
        customers, environment = behind.customers, behind.environment
        self.function = Function(
            scope,
            "Relay",
            environment=environment,
            module=RELAY,
            does="Passes messages between customers on text channels and the agents who help them",
            settings=RelaySettings(
                table=customers.serving.table_name,
                keys=customers.keys.secret_arn,
                tokens_key=key.key_arn,
                instance=centre.arn,
                flow=flow,
                topic=self.topic.topic_arn,
                sms_from=environment.codes.sms_from,
                sms_protect=environment.codes.sms_protect,
                service=environment.prefix,
            ),
            key=behind.trails.key,
            timeout_seconds=SECONDS,
            asynchronous=True,
            # Its events hold what agents wrote; and the next one finds in the transcript what was not told.
            forgets=True,
        )
        self._grant(key, flow)
        self.function.follow(
            customers.stream, sort_keys=("conversation",), hours=HOURS, tries=TRIES, having={"person": RELAYED}
        )  # fmt: skip
        self._subscribe()
        self._contact_events()

    def _topic(self, key: Key) -> Topic:
        topic = Topic(
            self._scope,
            "Chats",
            topic_name=self._centre.name("chats"),
            master_key=by_name(self._scope, "KeyOfChats", key),
            enforce_ssl=True,
        )
        topic.add_to_resource_policy(
            PolicyStatement(
                principals=[ServicePrincipal("connect.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions=_ours(self._centre.arn),
            )
        )
        return topic

    def _connect_may_encrypt(self) -> PolicyStatement:
        """For what it publishes. Any instance of the account's: our own needs this key before it is made."""
        instances = f"arn:{Aws.PARTITION}:connect:{Aws.REGION}:{Aws.ACCOUNT_ID}:instance/*"
        return PolicyStatement(
            principals=[ServicePrincipal("connect.amazonaws.com")],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            conditions=_ours(instances),
        )

    def _grant(self, key: Key, flow: str) -> None:
        function, customers = self.function, self._behind.customers
        function.grant(
            PolicyStatement(actions=["dynamodb:GetItem"], resources=[customers.serving.table_arn]),
            customers.writing("PutItem", CONVERSATIONS, f"{OUT_PREFIX}*", f"{RELAY_PREFIX}*"),
            customers.writing("UpdateItem", ADDRESSES),
            customers.writing("DeleteItem", f"{RELAY_PREFIX}*"),
            PolicyStatement(actions=["connect:StartChatContact"], resources=[flow]),
            PolicyStatement(actions=["connect:StartContactStreaming"], resources=[self._centre.arn]),
            # Speaking takes no leave: a participant's token is all that counts there. It is kept encrypted.
            PolicyStatement(
                actions=["kms:Decrypt", "kms:Encrypt"],
                resources=[key.key_arn],
                conditions={"Null": {"kms:EncryptionContext:relay": "false"}},
            ),
        )
        customers.open_keys(function, "dynamodb", "secretsmanager")
        self._behind.send_texts(function)

    def _subscribe(self) -> None:
        live = self.function.live.function_arn
        permission = CfnPermission(
            self._scope,
            "ChatsCall",
            action="lambda:InvokeFunction",
            function_name=live,
            principal="sns.amazonaws.com",
            source_arn=self.topic.topic_arn,
        )
        subscription = CfnSubscription(
            self._scope,
            "ChatsAreHeard",
            topic_arn=self.topic.topic_arn,
            protocol="lambda",
            endpoint=live,
            filter_policy={
                "MessageVisibility": ["ALL", "CUSTOMER"],
                # Whoever types says so every few seconds: of what happens, only who came and the end are news.
                "$or": [
                    {"ParticipantRole": list(TELLING), "Type": [{"anything-but": ["EVENT"]}]},
                    {"ContentType": [JOINED, ENDED]},
                ],
            },
        )
        subscription.add_resource_dependency(permission)
        # Its ARN is as good as the function's (SNS developer guide, "Fanout to Lambda functions").
        Validations.of(subscription).acknowledge(
            Acknowledgment(id="CloudFormation-Validate::W3694", reason="a topic calls an alias as well as a function")
        )

    def _contact_events(self) -> None:
        """Chats of the instance that have ended: a second sign, should the first be lost."""
        live = self.function.live.function_arn
        rule = CfnRule(
            self._scope,
            "ChatsEnd",
            description="A chat of the contact centre has ended",
            event_pattern={
                "source": ["aws.connect"],
                "detail-type": ["Amazon Connect Contact Event"],
                "detail": {
                    "eventType": ["DISCONNECTED"], "channel": ["CHAT"], "instanceArn": [self._centre.arn],
                },
            },
            targets=[CfnRule.TargetProperty(arn=live, id="relay")],
        )  # fmt: skip
        CfnPermission(
            self._scope,
            "EventsCall",
            action="lambda:InvokeFunction",
            function_name=live,
            principal="events.amazonaws.com",
            source_arn=rule.attr_arn,
        )


def _ours(instances: str) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": instances}}
