"""The senders: what they ask of AWS, checked by AWS's own models, and that they quote nothing when refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError, ReadTimeoutError
from botocore.stub import ANY, Stubber

from tests.leaks import leaks
from tests.unit.affairs.clerk import MAIL, PHONE
from tests.unit.channels.lantern import lantern
from throughline.affairs.delivery import CodeDelivery, FakeDelivery, Message, Undelivered
from throughline.dialogue.model import Model, Prompt
from throughline.outbound import carriers
from throughline.outbound.codes_by_email import CodesByEmail
from throughline.outbound.codes_by_sms import CodesBySms
from throughline.outbound.wording import CodeWording
from throughline.privacy.sealed import Sealed

TEXT = "Invented Bank: your code is 420917."
MESSAGE = Message("Your code", Sealed(TEXT))


@pytest.fixture(autouse=True)
def invented_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


class Made:
    """Makes one real client, once, whose answers are stubbed."""

    def __init__(self) -> None:
        self.services: list[str] = []
        self.client: Any = None
        self.stub: Any = None

    def __call__(self, service: str) -> Any:
        self.services.append(service)
        self.client = carriers.client(service)
        self.stub = Stubber(self.client)
        self.stub.activate()
        self.ready(self.stub)
        return self.client

    def ready(self, stub: Any) -> None: ...


def test_a_text_message_is_transactional_and_not_tried_for_longer_than_the_code_counts() -> None:
    class Ready(Made):
        def ready(self, stub: Any) -> None:
            wanted = {
                "DestinationPhoneNumber": "+12025550143",
                "OriginationIdentity": "phone-0123",
                "MessageBody": TEXT,
                "MessageType": "TRANSACTIONAL",
                "TimeToLive": 300,
            }
            for _ in range(2):
                stub.add_response("send_text_message", {"MessageId": "m-1"}, wanted)

    made = Ready()
    sms = CodesBySms("phone-0123", made)
    assert made.services == []
    sms.deliver(PHONE, MESSAGE)
    sms.deliver(PHONE, MESSAGE)
    assert made.services == ["pinpoint-sms-voice-v2"], "the client is made once, and late"
    made.stub.assert_no_pending_responses()


def test_a_text_message_is_sent_under_the_configured_rules_by_country() -> None:
    class Ready(Made):
        def ready(self, stub: Any) -> None:
            wanted = {
                "DestinationPhoneNumber": "+12025550143",
                "OriginationIdentity": "phone-0123",
                "MessageBody": TEXT,
                "MessageType": "TRANSACTIONAL",
                "TimeToLive": 300,
                "ProtectConfigurationId": "protect-0123",
            }
            stub.add_response("send_text_message", {"MessageId": "m-1"}, wanted)

    made = Ready()
    CodesBySms("phone-0123", made, protect="protect-0123").deliver(PHONE, MESSAGE)
    made.stub.assert_no_pending_responses()


def test_a_mail_has_the_code_in_its_text_and_not_in_its_subject() -> None:
    class Ready(Made):
        def ready(self, stub: Any) -> None:
            simple = {
                "Subject": {"Data": "Your code", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": TEXT, "Charset": "UTF-8"}},
                "Headers": ANY,
            }
            wanted = {
                "FromEmailAddress": "codes@example.com",
                "Destination": {"ToAddresses": ["pat@example.com"]},
                "Content": {"Simple": simple},
            }
            stub.add_response("send_email", {"MessageId": "m-1"}, wanted)

    made = Ready()
    CodesByEmail("codes@example.com", made).deliver(MAIL, MESSAGE)
    assert made.services == ["sesv2"]
    made.stub.assert_no_pending_responses()


class Refusing:
    """A client of either service that fails as told, and quotes what it was given."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    def send_text_message(self, **_: object) -> None:
        raise self.failure

    send_email = send_text_message


QUOTED: Any = {"Error": {"Code": "ValidationException", "Message": f"can't send {TEXT} to +12025550143"}}
REFUSALS = [
    ClientError(QUOTED, "SendTextMessage"),
    ReadTimeoutError(endpoint_url="https://127.0.0.1"),
    ParamValidationError(report=f"{TEXT} +12025550143 pat@example.com"),
]


@pytest.mark.parametrize("failure", REFUSALS, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("kind", ["sms", "email"])
def test_a_refusal_quotes_neither_the_code_nor_the_address(kind: str, failure: Exception) -> None:
    def make(service: str) -> Refusing:
        return Refusing(failure)

    carrier: CodeDelivery = CodesBySms("phone-0123", make) if kind == "sms" else CodesByEmail("a@example.com", make)
    with pytest.raises(Undelivered) as refused:
        carrier.deliver(PHONE if kind == "sms" else MAIL, MESSAGE)
    shown = f"{refused.value!r} {refused.value} {refused.value.__cause__!r} {refused.value.__context__!r}"
    assert leaks(shown, ["420917", "+12025550143", "pat@example.com"]) == []


def test_a_mistake_of_our_own_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(RuntimeError):
        CodesBySms("phone-0123", lambda service: Refusing(RuntimeError("a bug"))).deliver(PHONE, MESSAGE)


@pytest.mark.parametrize("service", ["pinpoint-sms-voice-v2", "sesv2"])
def test_a_sender_is_given_little_time_and_one_try(service: str) -> None:
    config = carriers.client(service).meta.config
    assert (config.connect_timeout, config.read_timeout) == (0.4, 0.9)
    assert config.retries["total_max_attempts"] == 1


def test_a_message_shows_no_code_when_printed() -> None:
    assert "420917" not in f"{MESSAGE!r} {MESSAGE}"


def test_a_model_without_the_phrase_is_given_plain_words() -> None:
    words = CodeWording(with_phrase(None))
    english, spanish = (words(Sealed("420917"), locale) for locale in ("en_US", "es_US"))
    assert "420917" in english.text.reveal()
    assert "5 minutes" in english.text.reveal()
    assert "5 minutos" in spanish.text.reveal()
    assert lantern().name in english.subject
    assert "420917" not in english.subject + spanish.subject
    assert all(len(one.text.reveal()) <= 160 and one.text.reveal().isascii() for one in (english, spanish))


def test_the_models_own_phrase_comes_first() -> None:
    message = CodeWording(with_phrase(Prompt(("Say {code}",), ("{business} code: {code}",))))(Sealed("420917"), "en_US")
    assert message.text.reveal() == f"{lantern().name} code: 420917"


def with_phrase(prompt: Prompt | None) -> Model:
    """The library's model with that phrase for messages, and none for subjects."""
    model = lantern()
    own = {"phrases.code_message": prompt} if prompt is not None else {}
    locales = {
        name: replace(words, prompts={key: p for key, p in words.prompts.items() if "code_" not in key} | own)
        for name, words in model.locales.items()
    }
    return replace(model, locales=locales)


def test_the_fake_remembers_and_refuses_as_told() -> None:
    fake = FakeDelivery()
    fake.deliver(PHONE, MESSAGE)
    assert fake.delivered == [(PHONE, MESSAGE)]
    fake.broken = True
    with pytest.raises(Undelivered):
        fake.deliver(PHONE, MESSAGE)
