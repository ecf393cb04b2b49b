"""How Lex takes part: the bot that others drive, the bot that only listens for us, and the code hook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput
from aws_cdk.aws_iam import PolicyStatement
from constructs import Construct

from deployment import Environment
from settings import LexTurnSettings
from stacks.function import Function
from stacks.lex import LexBot
from stacks.part import Part
from stacks.team import Team, may, role_name
from stacks.turns import Behind


class Bot(Part):
    """The bot behind the aliases `live` and `guest`, and `ear`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        behind: Behind,
        hooked: Mapping[str, Any],
        hookless: Mapping[str, Any],
    ) -> None:
        """Make both bots from the compiler's definitions of them."""
        super().__init__(scope, id, environment=environment)
        key = behind.trails.key
        self.lex_turn = Function(
            self,
            "LexTurn",
            environment=environment,
            module="lex_turn",
            does="Takes a turn that Lex heard",
            settings=LexTurnSettings(
                **behind.variables(codes=True), login_client=behind.people.app.ref if behind.people is not None else ""
            ),
            key=key,
            timeout_seconds=10,
        )
        self.offer(*self.lex_turn.watched)
        behind.serve(self.lex_turn, codes=True)

        self.main = LexBot(self, "Main", environment=environment, name=environment.prefix, definition=hooked, key=key)
        self.live = self.main.alias("Live", hook=self.lex_turn.live)
        """For Amazon Connect: the pointer in its session attributes is read."""
        self.guest = self.main.alias("Guest", hook=self.lex_turn.live) if environment.lex.guests else None
        """For any other Lex client: its session attributes are not believed."""

        self.ear = LexBot(
            self, "Ear", environment=environment, name=f"{environment.prefix}-ear", definition=hookless, key=key
        )
        self.listening = self.ear.alias("Live")
        """For our own text channels: recognises, and calls nobody."""

        CfnOutput(self, "BotId", value=self.main.bot.attr_id)
        if self.guest is not None:
            CfnOutput(self, "GuestAliasId", value=self.guest.attr_bot_alias_id)
        if behind.people is not None:
            self.add_stack_dependency(behind.people, "the designers' role is named here")
            self._open_to_designers(environment)

    def _open_to_designers(self, environment: Environment) -> None:
        """Designers read the bot as it was made of their words, and talk to it as any guest may."""
        reads = ("DescribeBot", "DescribeBotLocale", "DescribeIntent", "ListIntents")
        statements = [PolicyStatement(actions=[f"lex:{it}" for it in reads], resources=[self.main.bot.attr_arn])]
        if self.guest is not None:
            statements.append(PolicyStatement(actions=["lex:RecognizeText"], resources=[self.guest.attr_arn]))
        may(self, Team.DESIGNER, *statements, role=role_name(environment.prefix, Team.DESIGNER))
