"""A card as a customer keys it in: the messages that Amazon Connect would send, and a process that reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from commands.capture_key import pair
from rehearsal.connect.vault import EncryptionSdkVault

CARD: Final = ("4111111111111111", "1230", "123")
"""The well-known number that is nobody's."""


@contextmanager
def first_card() -> Iterator[str]:
    """Code that starts the function and then opens a card with a key of its full length; its files last as long."""
    private, certificate = pair("bench")
    vault = EncryptionSdkVault()
    messages = [vault.encrypt("bench", certificate, digits) for digits in CARD]
    with TemporaryDirectory() as folder:
        secret, card = Path(folder, "secret.json"), Path(folder, "card.json")
        secret.write_text(json.dumps({"keys": [private]}), "ascii")
        card.write_text(json.dumps(messages), "ascii")
        yield "\n".join(
            (
                "import json, secret_turn",
                "from throughline.captures.connect_vault import ConnectVault",
                f"vault = ConnectVault('any', lambda _: open({str(secret)!r}).read())",
                f"assert [vault.open(one).reveal() for one in json.load(open({str(card)!r}))] == {list(CARD)!r}",
            )
        )
