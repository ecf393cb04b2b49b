"""The outlet of text messages: to the number that the customer writes from, once, and honest about what fails."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from tests.unit.dialogue.library import library
from throughline.channels import texting
from throughline.customers.pointer import Pointer
from throughline.customers.store import Edge, Link, Stored
from throughline.errors import StoreUnavailable
from throughline.exchange import Exchange
from throughline.relay.text_messages import PASSING, TextMessages
from throughline.reply import Line, Reply, Typed
from throughline.turn import Assurance, InputMode, Turn

NOW = 1_790_000_000.0
NUMBER, ORIGIN = "+12125550123", "phone-0123456789abcdef0123456789abcdef"
MODEL = library()


class OneCustomer:
    """A store with one customer, who has one number."""

    def __init__(self) -> None:
        self.links = {"l1": Link("l1", 1, Assurance.CLAIMED, "first contact", NOW, address="hash-1")}
        self.edge: Edge | None = Edge("hash-1", "c1", "l1", int(NOW) + 1000, NUMBER)

    def by_customer(self, customer: str, now: float) -> Stored | None:
        return Stored(customer="c1", links=self.links) if customer == "c1" else None

    def edge_of(self, address: str, now: float) -> Edge | None:
        return self.edge if address == "hash-1" else None


class Carrier:
    """Takes texts, or refuses."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.refuses: list[Exception] = []
        self.troubles: list[str] = []

    def __call__(self, service: str) -> Carrier:
        assert service == "pinpoint-sms-voice-v2"
        return self

    def send_text_message(self, **request: Any) -> dict[str, str]:
        if self.refuses:
            raise self.refuses.pop(0)
        self.sent.append(request)
        return {"MessageId": "m-1"}

    def trouble(self, kind: str, error: BaseException) -> None:
        self.troubles.append(f"{kind}: {error}")


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def store() -> OneCustomer:
    return OneCustomer()


def outlet(store: Any, carrier: Carrier, protect: str = "") -> TextMessages:
    return TextMessages(store, MODEL, ORIGIN, carrier, carrier, protect=protect)


def told(outlet: TextMessages, words: str, customer: str = "c1", link: str = "l1") -> Exchange:
    turn = Turn(
        id="agent-m1", at=NOW, channel=texting.CHANNEL, session="sms:s1", locale=MODEL.default_locale,
        mode=InputMode.TEXT, can=outlet.can, assurance=Assurance.CLAIMED, link=link,
    )  # fmt: skip
    reply = Reply((Line("phrases.person_says", {"words": Typed("text", words)}),))
    return Exchange(turn, reply, customer, Pointer(customer, link, 1), (), repeated=False, writes=1)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"not to {NUMBER}"}}, "SendTextMessage")


def test_what_is_told_is_texted_to_the_number_that_they_write_from(store: OneCustomer, carrier: Carrier) -> None:
    sms = outlet(store, carrier)
    exchange = told(sms, "Good morning")
    sms.deliver(exchange)
    assert [one.pop("MessageBody") for one in carrier.sent] == list(texting.to_texts(exchange, MODEL))
    assert carrier.sent == [
        {"DestinationPhoneNumber": NUMBER, "OriginationIdentity": ORIGIN, "MessageType": "TRANSACTIONAL"}
    ]


def test_it_goes_out_under_the_carriers_rules_where_there_are_any(store: OneCustomer, carrier: Carrier) -> None:
    sms = outlet(store, carrier, protect="protect-1")
    sms.deliver(told(sms, "Good morning"))
    assert carrier.sent[0]["ProtectConfigurationId"] == "protect-1"


def test_nothing_is_sent_where_no_number_leads_to_them(store: OneCustomer, carrier: Carrier) -> None:
    sms = outlet(store, carrier)
    sms.deliver(told(sms, "Good morning", customer="c2"))
    sms.deliver(told(sms, "Good morning", link="l2"))
    store.edge = None
    sms.deliver(told(sms, "Good morning"))
    assert carrier.sent == [] and carrier.troubles == []


@pytest.mark.parametrize("code", sorted(code for code in PASSING if code.endswith("Exception")))
def test_a_refusal_that_passes_is_tried_again(store: OneCustomer, carrier: Carrier, code: str) -> None:
    carrier.refuses.append(refusal(code))
    sms = outlet(store, carrier)
    with pytest.raises(StoreUnavailable, match=code) as refused:
        sms.deliver(told(sms, "Good morning"))
    assert NUMBER not in str(refused.value) and refused.value.__context__ is None
    sms.deliver(told(sms, "Good morning"))
    assert len(carrier.sent) == 1


def test_a_carrier_that_was_not_reached_is_tried_again(store: OneCustomer, carrier: Carrier) -> None:
    carrier.refuses.append(ConnectTimeoutError(endpoint_url="http://127.0.0.1"))
    sms = outlet(store, carrier)
    with pytest.raises(StoreUnavailable):
        sms.deliver(told(sms, "Good morning"))


@pytest.mark.parametrize(
    "failure",
    [refusal("ConflictException"), refusal("ValidationException"), ReadTimeoutError(endpoint_url="http://127.0.0.1")],
)
def test_what_is_refused_for_good_holds_nothing_up_and_is_told_without_the_number(
    store: OneCustomer, carrier: Carrier, failure: Exception
) -> None:
    carrier.refuses.append(failure)
    sms = outlet(store, carrier)
    sms.deliver(told(sms, "Good morning"))
    assert carrier.sent == []
    (trouble,) = carrier.troubles
    assert trouble.startswith("text-message: not taken (") and NUMBER not in trouble and "morning" not in trouble
