"""A Lex bot, the version that its definition makes, and the aliases that point to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from aws_cdk import Aws, RemovalPolicy
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_kms import IKey
from aws_cdk.aws_lambda import Alias, CfnPermission
from aws_cdk.aws_lex import CfnBot, CfnBotAlias, CfnBotVersion
from aws_cdk.aws_logs import LogGroup
from constructs import Construct

from deployment import Environment
from stacks.accepted import accept
from stacks.keeping import removal, retention


class LexBot(Construct):
    """A bot with exactly one version: that of the definition given.

    A Lex version is a copy of the draft, taken when CloudFormation meets a new resource. So the version's
    id holds a hash of the definition: another definition is another version, which the aliases then move
    to. Old versions stay (a bot holds a hundred), so that what still runs on one can end.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        name: str,
        definition: Mapping[str, Any],
        key: IKey,
    ) -> None:
        """Make the bot `name` from its CloudFormation properties, camel-cased, as the compiler gives them.

        `key` encrypts what Lex logs of conversations, if the environment wants that at all.
        """
        super().__init__(scope, id)
        self._sentiment = environment.lex.sentiment
        self._role = self._make_role()
        self._logs = self._conversation_logs(environment, key) if environment.lex.conversation_logs else None
        self._locales = [str(locale["localeId"]) for locale in definition["botLocales"]]
        self.bot = CfnBot(
            self,
            "Bot",
            name=name,
            role_arn=self._role.role_arn,
            data_privacy={"ChildDirected": False},
            idle_session_ttl_in_seconds=definition["idleSessionTtlInSeconds"],
            bot_locales=definition["botLocales"],
            auto_build_bot_locales=True,
        )
        draft = CfnBotVersion.BotVersionLocaleDetailsProperty(source_bot_version="DRAFT")
        self.version = CfnBotVersion(
            self,
            f"Version{_digest(definition)}",
            bot_id=self.bot.attr_id,
            bot_version_locale_specification=[
                CfnBotVersion.BotVersionLocaleSpecificationProperty(locale_id=locale, bot_version_locale_details=draft)
                for locale in self._locales
            ],
        )
        self.version.apply_removal_policy(RemovalPolicy.RETAIN)

    def alias(self, id: str, *, hook: Alias | None = None) -> CfnBotAlias:
        """An alias of the bot's version, named by the id in lower case; a `hook` takes each of its turns."""
        alias = CfnBotAlias(
            self,
            id,
            bot_id=self.bot.attr_id,
            bot_alias_name=id.lower(),
            bot_version=self.version.attr_bot_version,
            bot_alias_locale_settings=[_enabled(locale, hook) for locale in self._locales],
            sentiment_analysis_settings={"DetectSentiment": self._sentiment},
            conversation_log_settings=_logged(self._logs, id.lower()) if self._logs is not None else None,
        )
        if hook is not None:
            CfnPermission(
                self,
                f"{id}Calls",
                action="lambda:InvokeFunction",
                function_name=hook.function_arn,
                principal="lexv2.amazonaws.com",
                source_account=Aws.ACCOUNT_ID,
                source_arn=alias.attr_arn,
            )
        return alias

    def _make_role(self) -> Role:
        """What Lex itself may do: speak, and tell the mood of a sentence."""
        bots = f"arn:{Aws.PARTITION}:lex:{Aws.REGION}:{Aws.ACCOUNT_ID}:bot/*"
        role = Role(
            self,
            "Role",
            description="Lex speaks with Polly and detects sentiment with Comprehend",
            assumed_by=ServicePrincipal(
                "lexv2.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": bots},
                },
            ),
        )
        actions = ["polly:SynthesizeSpeech", *(["comprehend:DetectSentiment"] if self._sentiment else [])]
        role.add_to_policy(PolicyStatement(actions=actions, resources=["*"]))
        accept(
            role, "IAM5[Resource::*]", "Polly's speaking has no resource but lexicons, Comprehend's judging none at all"
        )
        return role

    def _conversation_logs(self, environment: Environment, key: IKey) -> LogGroup:
        """Where Lex writes what was said, and its leave to write there."""
        logs = LogGroup(
            self,
            "Conversations",
            encryption_key=key,
            retention=retention(environment),
            removal_policy=removal(environment),
        )
        logs.grant_write(self._role)
        return logs


def _logged(logs: LogGroup, prefix: str) -> CfnBotAlias.ConversationLogSettingsProperty:
    """An alias's setting for the logs of its conversations."""
    group = CfnBotAlias.CloudWatchLogGroupLogDestinationProperty(
        cloud_watch_log_group_arn=logs.log_group_arn, log_prefix=prefix
    )
    return CfnBotAlias.ConversationLogSettingsProperty(
        text_log_settings=[
            CfnBotAlias.TextLogSettingProperty(
                enabled=True, destination=CfnBotAlias.TextLogDestinationProperty(cloud_watch=group)
            )
        ]
    )


def _enabled(locale: str, hook: Alias | None) -> CfnBotAlias.BotAliasLocaleSettingsItemProperty:
    """The alias's setting for one locale."""
    specification = None
    if hook is not None:
        specification = CfnBotAlias.CodeHookSpecificationProperty(
            lambda_code_hook=CfnBotAlias.LambdaCodeHookProperty(
                code_hook_interface_version="1.0", lambda_arn=hook.function_arn
            )
        )
    return CfnBotAlias.BotAliasLocaleSettingsItemProperty(
        locale_id=locale,
        bot_alias_locale_setting=CfnBotAlias.BotAliasLocaleSettingsProperty(
            enabled=True, code_hook_specification=specification
        ),
    )


def _digest(definition: Mapping[str, Any]) -> str:
    """Short name of a definition: the same for the same one, whatever machine compiled it."""
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
