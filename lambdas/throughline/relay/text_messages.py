"""The outlet of text messages: AWS End User Messaging SMS, to the number that the customer writes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from throughline.channels import texting
from throughline.channels.capabilities import TEXTING, WAYS
from throughline.customers.store import CustomerStore
from throughline.dialogue.model import Model
from throughline.errors import StoreUnavailable
from throughline.exchange import Exchange
from throughline.outbound.carriers import client, failure
from throughline.turn import Capabilities

_SERVICE: Final = "pinpoint-sms-voice-v2"
PASSING: Final = frozenset(
    {"ThrottlingException", "InternalServerException", "ConnectTimeoutError", "EndpointConnectionError"}
)
"""Refusals that are worth another try. After a time-out a message may be on its way, and isn't sent again."""


class Refused(Exception):
    """The carrier doesn't take a message to this number, today or ever."""


class Observer(Protocol):
    """Hears of what could not be sent."""

    def trouble(self, kind: str, error: BaseException) -> None:
        """`kind` failed."""


class TextMessages:
    """Sends from one origination identity."""

    def __init__(
        self,
        store: CustomerStore,
        model: Model,
        origination: str,
        observer: Observer,
        make: Callable[[str], Any] = client,
        *,
        protect: str = "",
    ) -> None:
        """`origination` as for codes; the client is made at first use."""
        self._store, self._model, self._observer = store, model, observer
        self._origination = origination
        self._protect = {"ProtectConfigurationId": protect} if protect else {}
        self._make = make
        self._made: Any = None

    @property
    def can(self) -> Capabilities:
        """See `Outlet.can`."""
        return WAYS[TEXTING].back

    def deliver(self, exchange: Exchange) -> None:
        """See `Outlet.deliver`. What a carrier refuses for good is told to the observer, and holds nothing up."""
        number = self._number(exchange)
        for text in texting.to_texts(exchange, self._model) if number else ():
            self._send(number, text)

    def _number(self, exchange: Exchange) -> str:
        turn = exchange.turn
        stored = self._store.by_customer(exchange.customer, turn.at)
        held = stored.links.get(turn.link) if stored is not None else None
        edge = self._store.edge_of(held.address, turn.at) if held is not None and held.address else None
        return edge.reach if edge is not None else ""

    def _send(self, number: str, text: str) -> None:
        if self._made is None:
            self._made = self._make(_SERVICE)
        try:
            self._made.send_text_message(
                DestinationPhoneNumber=number, OriginationIdentity=self._origination, MessageBody=text,
                MessageType="TRANSACTIONAL", **self._protect,
            )  # fmt: skip
        except Exception as error:
            reason = failure(error)
            if not reason:
                raise
        else:
            return
        if reason in PASSING:
            raise StoreUnavailable(f"a text message was not taken ({reason}): try again")
        self._observer.trouble("text-message", Refused(f"not taken ({reason})"))
