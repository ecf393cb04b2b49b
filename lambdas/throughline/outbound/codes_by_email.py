"""Codes by e-mail: Amazon SES."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from throughline.affairs.delivery import Message
from throughline.customers.addresses import Address
from throughline.outbound.carriers import Carrier, client

_SERVICE: Final = "sesv2"


class CodesByEmail:
    """Sends from one verified identity, once: a message that may be on its way isn't sent again unasked."""

    def __init__(self, sender: str, make: Callable[[str], Any] = client) -> None:
        """`sender` is an address of a verified identity; the client is made at first use."""
        self._sender = sender
        self._carrier = Carrier(_SERVICE, make)

    def deliver(self, address: Address, message: Message) -> None:
        """See `CodeDelivery.deliver`."""
        self._carrier.take(
            "e-mail",
            lambda made: made.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [address.value]},
                Content={
                    "Simple": {
                        "Subject": {"Data": message.subject, "Charset": "UTF-8"},
                        "Body": {"Text": {"Data": message.text.reveal(), "Charset": "UTF-8"}},
                        # Out-of-office answers to a code help nobody (RFC 3834).
                        "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
                    }
                },
            ),
            "the sender's identity and the role",
        )
