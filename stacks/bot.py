"""How Lex takes part: the bot that others drive, the bot that only listens for us, and the code hook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput
from constructs import Construct

from deployment import Environment
from settings import LexTurnSettings
from stacks.bank import Bank, ledger_name
from stacks.customers import Customers
from stacks.function import Function
from stacks.lex import LexBot
from stacks.part import Part


class Bot(Part):
    """The bot behind the aliases `live` and `guest`, and `ear`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        customers: Customers,
        bank: Bank | None,
        hooked: Mapping[str, Any],
        hookless: Mapping[str, Any],
    ) -> None:
        """Make both bots from the compiler's definitions of them."""
        super().__init__(scope, id, environment=environment)
        self.lex_turn = Function(
            self,
            "LexTurn",
            environment=environment,
            module="lex_turn",
            does="Takes a turn that Lex heard",
            settings=LexTurnSettings(
                table=customers.serving.table_name,
                keys=customers.keys.secret_arn,
                ledger=ledger_name(bank),
                service=environment.prefix,
            ),
            key=customers.key,
            timeout_seconds=10,
        )
        self.offer(*self.lex_turn.watched)
        customers.serve_turns(self.lex_turn)
        if bank is not None:
            bank.serve(self.lex_turn)

        self.main = LexBot(
            self, "Main", environment=environment, name=environment.prefix, definition=hooked, key=customers.key
        )
        self.live = self.main.alias("Live", hook=self.lex_turn.live)
        """For Amazon Connect: the pointer in its session attributes is read."""
        self.guest = self.main.alias("Guest", hook=self.lex_turn.live) if environment.lex.guests else None
        """For any other Lex client: its session attributes are not believed."""

        self.ear = LexBot(
            self, "Ear", environment=environment, name=f"{environment.prefix}-ear", definition=hookless,
            key=customers.key,
        )  # fmt: skip
        self.listening = self.ear.alias("Live")
        """For our own text channels: recognises, and calls nobody."""

        CfnOutput(self, "BotId", value=self.main.bot.attr_id)
        if self.guest is not None:
            CfnOutput(self, "GuestAliasId", value=self.guest.attr_bot_alias_id)
