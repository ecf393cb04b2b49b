"""The composition root of the functions: the one place where real adapters are built and joined.

Everything a function needs is made once, while it starts; the clients to AWS that not every turn needs
are made at their first use.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from settings import TurnSettings
from telemetry import Telemetry
from throughline.conversation import Conversations
from throughline.customers.client import dynamodb_client
from throughline.customers.dynamo import DynamoStore
from throughline.customers.keys import Keys
from throughline.customers.secret_keys import SecretKeys
from throughline.dialogue.action import NO_ACTIONS, Action, Actions
from throughline.dialogue.model import Model
from throughline.errors import RecogniserUnavailable

MODEL: Final = Path(__file__).with_name("model.json")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a handler works with."""

    model: Model
    conversations: Conversations
    keys: Keys
    telemetry: Telemetry


def parts(settings: TurnSettings, *, channel: str) -> Parts:
    """Everything, joined, for a function of that channel."""
    model = Model.from_json(json.loads(MODEL.read_bytes()))
    loggable = frozenset((*model.intents, *model.renamed, *model.platform_intents))
    telemetry = Telemetry(channel, loggable, service=settings.service)
    client = dynamodb_client()
    keys = SecretKeys(settings.keys)
    conversations = Conversations(
        model,
        DynamoStore(client, settings.table, keys),
        _actions(client, settings.ledger),
        clock=now,
        observer=telemetry,
    )
    return Parts(model, conversations, keys, telemetry)


def now() -> float:
    """The time, in epoch seconds."""
    return time.time()


def fresh_id() -> str:
    """An id that nobody can guess."""
    return uuid.uuid4().hex


def _actions(client: Any, ledger: str) -> Actions:
    if not ledger:
        return NO_ACTIONS
    return _Bank(client, ledger)


class _Bank(Mapping[str, Action]):
    """The reference bank's actions, imported with the first that is called.

    They would take a sixth of the start, and most turns call none.
    """

    def __init__(self, client: Any, ledger: str) -> None:
        self._client = client
        self._ledger = ledger

    @cached_property
    def _actions(self) -> Actions:
        from bank.actions import actions
        from bank.fake.core import FakeCore
        from bank_ledger import DynamoLedger

        return actions(FakeCore(DynamoLedger(self._client, self._ledger)))

    def __getitem__(self, name: str) -> Action:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)


@dataclass(frozen=True, slots=True)
class Lex:
    """Amazon Lex by botocore, for the ear."""

    region: str | None = None

    def recognize_text(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """One call, no retry: the customer waits, and keywords are better than a late answer."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: Mapping[str, Any] = _lex_client(self.region).recognize_text(**request)
        except (BotoCoreError, ClientError) as error:
            raise RecogniserUnavailable(f"Lex did not answer: {type(error).__name__}") from None
        return answer


@cache
def _lex_client(region: str | None) -> Any:
    import botocore.session
    from botocore.config import Config

    config = Config(connect_timeout=0.5, read_timeout=2.5, retries={"total_max_attempts": 1, "mode": "standard"})
    return botocore.session.get_session().create_client("lexv2-runtime", region_name=region, config=config)
