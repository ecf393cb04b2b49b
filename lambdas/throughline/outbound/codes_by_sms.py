"""Codes by text message: AWS End User Messaging SMS (the service `pinpoint-sms-voice-v2`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from throughline.affairs.delivery import Message, Undelivered
from throughline.customers.addresses import Address
from throughline.customers.codes import SECONDS
from throughline.outbound.carriers import client, failure

_SERVICE: Final = "pinpoint-sms-voice-v2"
LONGEST: Final = 1600
"""Characters that SendTextMessage takes as MessageBody (its API reference)."""


class CodesBySms:
    """Sends from one origination identity, once: a message that may be on its way isn't sent again unasked."""

    def __init__(self, origination: str, make: Callable[[str], Any] = client) -> None:
        """`origination` is a phone number's, sender id's or pool's id or ARN; the client is made at first use."""
        self._origination = origination
        self._make = make
        self._made: Any = None

    def deliver(self, address: Address, message: Message) -> None:
        """See `CodeDelivery.deliver`. It isn't tried by the carrier for longer than the code counts."""
        if self._made is None:
            self._made = self._make(_SERVICE)
        try:
            self._made.send_text_message(
                DestinationPhoneNumber=address.value,
                OriginationIdentity=self._origination,
                MessageBody=message.text.reveal()[:LONGEST],
                MessageType="TRANSACTIONAL",
                TimeToLive=SECONDS,
            )
        except Exception as error:
            reason = failure(error)
            if not reason:
                raise
        else:
            return
        raise Undelivered(f"the text message was not taken ({reason}): check the origination identity and the role")
