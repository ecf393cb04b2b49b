"""Reward points: how many there are, and spending them."""

from __future__ import annotations

from decimal import Decimal

from bank.core import CoreBanking, Redeem
from bank.deeds import Deed, reading
from throughline.dialogue.action import Actions, Call, Done, Invalid, Outcome, Typed

POINT_WORTH = Decimal("0.01")
"""Dollars a point, whatever it is spent on."""


def reward_actions(core: CoreBanking) -> Actions:
    """rewards_balance and redeem_rewards."""

    def rewards_balance(call: Call) -> Outcome:
        points = core.points(call.customer)
        return Done({"points": Typed("number", str(points)), "worth": Typed("money", str(points * POINT_WORTH))})

    def redeem(call: Call) -> Redeem | Invalid:
        points = Decimal(call.slots["points"])
        if points != points.to_integral_value():
            return Invalid("points", "whole_points")
        return Redeem(call.slots["reward"], int(points))

    return {
        "rewards_balance": reading(rewards_balance),
        "redeem_rewards": Deed(core, redeem, {"not_enough": "points"}).action(),
    }
