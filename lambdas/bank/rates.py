"""Interest rates: public, the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bank.deeds import reading
from throughline.dialogue.action import Actions, Call, Done, Outcome, Typed

PAID: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("savings", ""): "3.2",
        ("checking", ""): "0.1",
        ("money_market", ""): "3.75",
        ("cd", "short"): "4",
        ("cd", "medium"): "3.85",
        ("cd", "long"): "3.6",
    }
)
"""Product and term ("" where it has none) to percent a year that customers earn."""

CHARGED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("mortgage", "short"): "5.6",
        ("mortgage", "medium"): "5.9",
        ("mortgage", "long"): "6.35",
        ("car_loan", "short"): "5.4",
        ("car_loan", "medium"): "6.2",
        ("car_loan", "long"): "7.1",
        ("personal_loan", "short"): "9.5",
        ("personal_loan", "medium"): "10.75",
        ("personal_loan", "long"): "12.4",
        ("credit_card", ""): "21.9",
    }
)
"""Product and term ("" where it has none) to percent a year that customers pay."""


def rate_actions() -> Actions:
    """interest_rate."""

    def interest_rate(call: Call) -> Outcome:
        product = call.slots["product"]
        wanted = (product, call.slots.get("term", ""))
        # A term said of a product that has none ("long term savings") doesn't change its rate.
        known = wanted if wanted in PAID or wanted in CHARGED else (product, "")
        if known in PAID:
            return Done({"rate": Typed("number", PAID[known])})
        return Done({"rate": Typed("number", CHARGED[known])}, "charged")

    return {"interest_rate": reading(interest_rate)}
