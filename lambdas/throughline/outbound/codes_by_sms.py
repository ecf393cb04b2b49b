"""Codes by text message: AWS End User Messaging SMS (the service `pinpoint-sms-voice-v2`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from throughline.affairs.delivery import Message
from throughline.customers.addresses import Address
from throughline.customers.codes import SECONDS
from throughline.outbound.carriers import Carrier, client

_SERVICE: Final = "pinpoint-sms-voice-v2"
LONGEST: Final = 1600
"""Characters that SendTextMessage takes as MessageBody (its API reference)."""


class CodesBySms:
    """Sends from one origination identity, once: a message that may be on its way isn't sent again unasked."""

    def __init__(self, origination: str, make: Callable[[str], Any] = client, *, protect: str = "") -> None:
        """`origination` is a phone number's, sender id's or pool's id or ARN; the client is made at first use.

        `protect` is a protect configuration's id: the carrier then refuses what its rules by country don't allow.
        """
        self._protect = {"ProtectConfigurationId": protect} if protect else {}
        self._origination = origination
        self._carrier = Carrier(_SERVICE, make)

    def deliver(self, address: Address, message: Message) -> None:
        """See `CodeDelivery.deliver`. It isn't tried by the carrier for longer than the code counts."""
        self._carrier.take(
            "text message",
            lambda made: made.send_text_message(
                DestinationPhoneNumber=address.value,
                OriginationIdentity=self._origination,
                MessageBody=message.text.reveal()[:LONGEST],
                MessageType="TRANSACTIONAL",
                TimeToLive=SECONDS,
                **self._protect,
            ),
            "the origination identity and the role",
        )
