"""The flower shop, fresh for each test, and a plain boto3 client of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config

from rehearsal.lex.server import LexServer
from rehearsal.lex.wire import LexWire
from tests.unit.rehearsal.lex.flower_shop import Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


@dataclass
class Line:
    """An open line to the shop's wire."""

    shop: Shop
    wire: LexWire
    url: str
    client: Any

    def where(self, session: str = "someone", alias: str = "live") -> dict[str, str]:
        key = self.shop.key(alias, session)
        return {
            "botId": key.bot_id,
            "botAliasId": key.alias_id,
            "localeId": key.locale_id,
            "sessionId": key.session_id,
        }

    def text(self, text: str, session: str = "someone", alias: str = "live", **more: Any) -> Any:
        return self.client.recognize_text(**self.where(session, alias), text=text, **more)


@pytest.fixture
def line(shop: Shop) -> Iterator[Line]:
    wire = LexWire(shop.lex)
    with LexServer(wire.handle) as server:
        client = boto3.client(
            "lexv2-runtime",
            endpoint_url=server.url,
            region_name="us-east-1",
            aws_access_key_id="rehearsal",
            aws_secret_access_key="rehearsal",
            config=Config(retries={"total_max_attempts": 1}),
        )
        yield Line(shop, wire, server.url, client)
        client.close()
