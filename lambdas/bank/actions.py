"""All of Meridian's business actions, under the names by which `dialogue/` calls them."""

from __future__ import annotations

from bank.accounts import account_actions
from bank.branches import branch_actions
from bank.card_gateway import CardGateway
from bank.card_payments import card_payment_actions
from bank.cards import card_actions
from bank.core import CoreBanking
from bank.protection import protection_actions
from bank.rates import rate_actions
from bank.rewards import reward_actions
from throughline.dialogue.action import Actions


def actions(core: CoreBanking, gateway: CardGateway) -> Actions:
    """Every action, over the given core banking system and the gateway that charges anybody's cards."""
    return {
        **account_actions(core),
        **card_actions(core),
        **protection_actions(core),
        **reward_actions(core),
        **branch_actions(core),
        **rate_actions(),
        **card_payment_actions(gateway),
    }
