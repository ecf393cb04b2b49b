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
from typing import TYPE_CHECKING, Any, Final

from settings import TurnSettings
from telemetry import Telemetry
from throughline.affairs.logins import Login, Logins
from throughline.conversation import Conversations
from throughline.customers.client import dynamodb_client
from throughline.customers.dynamo import DynamoStore
from throughline.customers.keys import Keys
from throughline.customers.own import OwnAction, OwnActions
from throughline.customers.secret_keys import SecretKeys
from throughline.dialogue.action import NO_ACTIONS, Action, Actions, Call
from throughline.dialogue.model import Model
from throughline.errors import RecogniserUnavailable
from throughline.privacy.sealed import Sealed

if TYPE_CHECKING:
    from throughline.affairs.delivery import Deliveries
    from throughline.affairs.origins import Origin
    from throughline.affairs.protecting import Protecting
    from throughline.records.custody import Custody

MODEL: Final = Path(__file__).with_name("model.json")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a handler works with."""

    model: Model
    conversations: Conversations
    keys: Keys
    telemetry: Telemetry
    logins: Logins


def parts(settings: TurnSettings, *, channel: str, origin: Origin) -> Parts:
    """Everything, joined, for a function of that channel; `origin` tells where each request came from."""
    model = Model.from_json(json.loads(MODEL.read_bytes()))
    loggable = frozenset((*model.intents, *model.renamed, *model.platform_intents))
    telemetry = Telemetry(channel, loggable, service=settings.service)
    client = dynamodb_client()
    keys = SecretKeys(settings.keys)
    store = DynamoStore(client, settings.table, keys)
    own = Own(model, settings, client, store, keys, origin)
    conversations = Conversations(
        model,
        store,
        _actions(client, settings.ledger),
        clock=now,
        observer=telemetry,
        own=own,
        reaches=reaches(settings),
        allowed=own.allowed,
    )
    return Parts(model, conversations, keys, telemetry, _Logins(settings))


def now() -> float:
    """The time, in epoch seconds."""
    return time.time()


def nowhere() -> str:
    """The origin of what comes by Lex, Alexa or Connect: none of them tells one."""
    return ""


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
        from bank.fake.gateway import FakeCardGateway
        from bank_ledger import DynamoLedger

        ledger = DynamoLedger(self._client, self._ledger)
        return actions(FakeCore(ledger), FakeCardGateway(ledger))

    def __getitem__(self, name: str) -> Action:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)


def reaches(settings: TurnSettings) -> frozenset[str]:
    """The kinds of address that codes can be sent to here."""
    configured = {"phone": settings.sms_from, "email": settings.email_from}
    return frozenset(kind for kind, sender in configured.items() if sender)


class Own(Mapping[str, OwnAction]):
    """The actions on the customer's own affairs, imported with the first that is called: few turns call one."""

    def __init__(
        self, model: Model, settings: TurnSettings, client: Any, store: DynamoStore, keys: Keys, origin: Origin
    ) -> None:
        """Nothing is made yet."""
        self._model = model
        self._settings = settings
        self._client = client
        self._store = store
        self._keys = keys
        self._origin = origin

    def allowed(self, call: Call) -> bool:
        """Whether a protective act is within its limits for somebody who only claims."""
        return self._protecting.allowed(call)

    @cached_property
    def _protecting(self) -> Protecting:
        from throughline.affairs.protecting import Protecting
        from throughline.customers.dynamo_codes import DynamoAllowances

        allowances = DynamoAllowances(self._client, self._settings.table, self._keys)
        return Protecting(allowances, note=self._note, origin=self._origin)

    @cached_property
    def _actions(self) -> OwnActions:
        from throughline.affairs.consents import consent_actions
        from throughline.affairs.linking_channels import LinkingChannels
        from throughline.affairs.privacy import Privacy
        from throughline.affairs.proving import Proving
        from throughline.affairs.sending import Sending
        from throughline.customers.codes import Codes
        from throughline.customers.dynamo_codes import DynamoAllowances, DynamoChallenges
        from throughline.customers.dynamo_conflicts import DynamoConflicts
        from throughline.outbound.wording import CodeWording

        table = self._settings.table
        sending = Sending(
            Codes(DynamoChallenges(self._client, table), self._keys),
            DynamoAllowances(self._client, table, self._keys),
            self._deliveries(),
            CodeWording(self._model),
            countries=tuple(filter(None, self._settings.countries.split(","))),
            note=self._note,
            origin=self._origin,
        )
        return {
            **Proving(sending, self._store, self._model.limits).actions(),
            **LinkingChannels(sending, self._store, self._keys, DynamoConflicts(self._client, table)).actions(),
            **Privacy(self._custody()).actions(),
            **consent_actions(),
        }

    def _custody(self) -> Custody:
        from throughline.records.custody import Custody
        from throughline.records.dynamo_keeping import DynamoKeeping
        from throughline.records.s3_exports import S3Exports, s3_client

        shelf = S3Exports(cache(s3_client), self._settings.exports) if self._settings.exports else None
        return Custody(DynamoKeeping(self._client, self._settings.table, self._keys), shelf)

    def _deliveries(self) -> Deliveries:
        from throughline.affairs.delivery import CodeDelivery
        from throughline.customers.addresses import AddressKind
        from throughline.outbound.codes_by_email import CodesByEmail
        from throughline.outbound.codes_by_sms import CodesBySms

        deliveries: dict[AddressKind, CodeDelivery] = {}
        if self._settings.sms_from:
            deliveries[AddressKind.PHONE] = CodesBySms(self._settings.sms_from, protect=self._settings.sms_protect)
        if self._settings.email_from:
            deliveries[AddressKind.EMAIL] = CodesByEmail(self._settings.email_from)
        return deliveries

    def _note(self, name: str) -> None:
        _note(self._settings.service, name)

    def __getitem__(self, name: str) -> OwnAction:
        if "." not in name:  # a business's: nothing of ours need be imported for it
            raise KeyError(name)
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)


class _Logins:
    """Sign-ins, where there is a user pool for them; else nobody is signed in. Imported with the first token."""

    def __init__(self, settings: TurnSettings) -> None:
        self._settings = settings

    def of(self, token: Sealed, now: float) -> Login | None:
        """See `Logins.of`."""
        if not (self._settings.login_issuer and self._settings.login_client):
            return None
        return self._cognito.of(token, now)

    @cached_property
    def _cognito(self) -> Logins:
        from throughline.affairs.cognito_logins import CognitoLogins

        settings = self._settings
        return CognitoLogins(
            settings.login_issuer, settings.login_client, note=lambda name: _note(settings.service, name)
        )


def _note(service: str, name: str) -> None:
    """A line for the log: an allowance that is used up, a message that nobody took. Names alone, nobody's."""
    print(json.dumps({"level": "WARNING", "service": service, "message": "noted", "what": name}))


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
