"""The channels that have a price: to add one, add an entry to `CHANNELS`; its option and its lines follow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from deployment.cost import measured, prices
from deployment.cost.measured import Turn
from deployment.cost.prices import Price


@dataclass(frozen=True, slots=True)
class Use:
    """Something that each turn of a channel needs."""

    price: Price
    a_turn: Decimal = Decimal(1)
    """How many of the price's units."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in, with what its turns need."""

    name: str
    """As the option is called: lex-text is `--lex-text`."""
    what: str
    """What one of its turns is."""
    usual: int
    """Turns a month unless something else is said."""
    function: str
    """The handler's module that takes its turns."""
    turn: Turn
    metrics: str
    """The value of its metrics' dimension; channels with the same share their custom metrics."""
    anyway: tuple[Use, ...]
    """What the platform or the carrier charges, with or without this product."""
    adds: tuple[Use, ...] = ()
    """What this product needs for it beside its function: an API, a queue."""
    lex: bool = False
    """Whether Lex hears it: then its sentiment and its conversation logs apply."""
    recorded: Decimal = Decimal(0)
    """Minutes of a recorded call that a turn takes."""
    function_to_come: bool = False
    """Its own function isn't built yet: `function` stands for it."""
    without: str = ""
    """What a reader might think is in its price, and is not."""


CHANNELS: Final = (
    Channel(
        "lex-text",
        "text turns through Lex",
        100_000,
        "lex_turn",
        measured.LEX,
        "lex",
        anyway=(Use(prices.LEX_TEXT),),
        lex=True,
    ),
    Channel(
        "lex-speech",
        "spoken turns through Lex",
        0,
        "lex_turn",
        measured.LEX,
        "lex",
        anyway=(Use(prices.LEX_SPEECH),),
        lex=True,
        without="recognition by Lex only: no telephone minutes and nothing of Amazon Connect",
    ),
    Channel(
        "phone",
        "turns on the telephone",
        0,
        "lex_turn",
        measured.LEX,
        "lex",
        anyway=(
            Use(prices.LEX_SPEECH),
            Use(prices.CONNECT_VOICE, measured.CALL_MINUTES),
            Use(prices.CONNECT_LENS, measured.CALL_MINUTES),
            Use(prices.CONNECT_CALLS, measured.CALL_MINUTES),
        ),
        lex=True,
        recorded=measured.CALL_MINUTES,
        without="the number itself, which is paid by the day, and the minutes that a person talks",
    ),
    Channel(
        "chat",
        "turns of chats in Amazon Connect",
        0,
        "lex_turn",
        measured.LEX,
        "lex",
        # The customer's and ours.
        anyway=(Use(prices.LEX_TEXT), Use(prices.CONNECT_CHAT, Decimal(2))),
        lex=True,
    ),
    Channel(
        "alexa",
        "Alexa turns",
        20_000,
        "alexa_turn",
        measured.ALEXA,
        "alexa",
        anyway=(Use(prices.ALEXA),),
    ),
    Channel(
        "ear",
        "turns of our own text channels",
        0,
        "lex_turn",
        measured.LEX,
        "ear",
        anyway=(Use(prices.LEX_TEXT),),
        lex=True,
        function_to_come=True,
    ),
    Channel(
        "relay",
        "messages to and from agents on our own text channels",
        0,
        "relay",
        measured.RELAYED,
        # What the customer says is a turn of theirs as well.
        "ear",
        anyway=(Use(prices.CONNECT_CHAT),),
        adds=(
            Use(prices.LAMBDA_TIME, measured.RELAYED_SECONDS),
            Use(prices.KMS_REQUESTS, measured.RELAYED_KMS),
        ),
        without="the carrier's price of a text message",
    ),
)
REFERENCE: Final = CHANNELS[0]
"""The channel whose turns the figure per 1,000 text turns is about."""
