"""How Lex takes part: the bot that others drive, the bot that only listens for us, and the code hook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from settings import LexTurnSettings
from stacks.customers import Customers
from stacks.function import Function
from stacks.lex import LexBot


class Bot(Stack):
    """The bot behind the aliases `live` and `guest`, and `ear`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        customers: Customers,
        hooked: Mapping[str, Any],
        hookless: Mapping[str, Any],
    ) -> None:
        """Make both bots from the compiler's definitions of them."""
        super().__init__(scope, id, stack_name=f"throughline-{id.lower()}")
        self.lex_turn = Function(
            self,
            "LexTurn",
            module="lex_turn",
            does="Takes a turn that Lex heard",
            settings=LexTurnSettings(
                table=customers.table.table_name,
                keys=customers.keys.secret_arn,
                ledger=customers.ledger_name,
            ),
            logs_key=customers.key,
            timeout_seconds=10,
        )
        customers.serve_turns(self.lex_turn)

        self.main = LexBot(self, "Main", name="throughline", definition=hooked)
        self.live = self.main.alias("Live", hook=self.lex_turn.live)
        """For Amazon Connect: the pointer in its session attributes is read."""
        self.guest = self.main.alias("Guest", hook=self.lex_turn.live)
        """For any other Lex client: its session attributes are not believed."""

        self.ear = LexBot(self, "Ear", name="throughline-ear", definition=hookless)
        self.listening = self.ear.alias("Live")
        """For our own text channels: recognises, and calls nobody."""

        CfnOutput(self, "BotId", value=self.main.bot.attr_id)
        CfnOutput(self, "GuestAliasId", value=self.guest.attr_bot_alias_id)
