"""The own actions as the functions have them: over a table, over AWS's own clients, and late."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from moto import mock_aws

import wiring
from settings import TurnSettings
from tests.leaks import leaks
from tests.unit.affairs.clerk import DAY, KEYS, MAIL, NOW, PHONE
from tests.unit.channels.lantern import lantern
from tests.unit.customers.tables import make_table
from throughline.customers.client import dynamodb_client
from throughline.customers.codes import six_digits
from throughline.customers.dynamo import DynamoStore
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Call, Done, Invalid, Proved, Refused
from throughline.privacy.sealed import Sealed

REGION = "eu-west-1"
LAMBDAS = Path(wiring.__file__).parent
LATE = (
    "affairs.countries",
    "affairs.origins",
    "affairs.proving",
    "affairs.guessing",
    "affairs.sending",
    "affairs.linking_channels",
    "affairs.protecting",
    "customers.codes",
)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


class Bench:
    """A table with one customer, and the own actions over it."""

    def __init__(self, **settings: str) -> None:
        self.client = dynamodb_client(REGION)
        self.table = make_table(self.client)
        store = DynamoStore(self.client, self.table, KEYS)
        given = TurnSettings(table=self.table, keys="unused", **settings)
        self.own = wiring.Own(lantern(), given, self.client, store, KEYS, wiring.nowhere)
        stored, link = store.by_address(MAIL, NOW - 3 * DAY)
        held = replace(stored.links[link], assurance=Assurance.LINKED)
        self.pat = store.save(replace(stored, links={link: held}), NOW)

    def call(self, assurance: Assurance = Assurance.CLAIMED, said: str = "", turn: str = "t1") -> tuple[Call, Stored]:
        link = next(iter(self.pat.links))
        given: dict[str, Any] = {"secret": Sealed(said) if said else None, "turn": turn, "link": link}
        call = Call("Any", {}, self.pat.customer, assurance, "k", NOW, NOW + 4, "en_US", session="web#1", **given)
        return call, self.pat

    @property
    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.scan(TableName=self.table)["Items"]
        return found


@pytest.mark.usefixtures("cloud")
def test_a_mailed_code_proves_the_customer_and_stands_nowhere_in_the_clear(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = "703594"
    monkeypatch.setattr("throughline.customers.codes.secrets.randbelow", lambda below: int(drawn))
    assert six_digits() == drawn
    session: Any = botocore.session.get_session()
    session.create_client("sesv2", region_name=REGION).create_email_identity(EmailIdentity="codes@example.com")
    bench = Bench(email_from="codes@example.com")
    assert bench.own["prove.send"](*bench.call()) == Done(variant="email")
    assert bench.own["prove.check"](*bench.call(said="000000")) == Invalid("code", "wrong")
    assert bench.own["prove.check"](*bench.call(said=drawn, turn="t2")) == Done(
        changes=(Proved("code", next(iter(bench.pat.links))),)
    )
    kept = [item for item in bench.items if item["pk"]["S"][:2] in ("P#", "R#")]
    assert len(kept) == 8
    out = capsys.readouterr()
    assert leaks(f"{kept} {out.out} {out.err} {caplog.text}", [drawn, "pat@example.com"]) == []


@pytest.mark.usefixtures("cloud")
def test_where_nothing_is_configured_no_code_is_sent() -> None:
    bench = Bench()
    assert bench.own["prove.send"](*bench.call()) == Refused("nowhere")
    assert [item["pk"]["S"][0] for item in bench.items if item["pk"]["S"][0] in "PR"] == []


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    ("countries", "number"),
    [
        ({}, "+442079460143"),
        ({}, "+18765550143"),
        ({"countries": "+44,+34"}, PHONE.value),
        ({"countries": ""}, PHONE.value),
    ],
)
def test_numbers_in_countries_that_are_not_configured_get_no_code(countries: dict[str, str], number: str) -> None:
    bench = Bench(sms_from="phone-1", **countries)
    call, stored = bench.call(Assurance.VERIFIED)
    call = replace(call, slots={"phone_number": number})
    assert bench.own["channel.send"](call, stored) == Refused("nowhere")
    assert [item["pk"]["S"][0] for item in bench.items if item["pk"]["S"][0] in "PR"] == []


@pytest.mark.usefixtures("cloud")
def test_a_carrier_that_can_not_be_reached_is_told_and_logged_by_name_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench = Bench(email_from="nobody-verified-this@example.com")
    assert bench.own["prove.send"](*bench.call()) == Refused("undelivered")
    noted = capsys.readouterr().out
    assert '"what": "undelivered"' in noted
    assert leaks(noted, ["pat@example.com", "nobody-verified-this"]) == []


@pytest.mark.usefixtures("cloud")
def test_every_own_action_is_there_by_its_name() -> None:
    by_area = {
        "prove": ("send", "check"),
        "identify": ("send", "check"),
        "channel": ("send", "check", "remove"),
        "data": ("export", "erase"),
        "profile": ("consent",),
    }
    assert set(Bench().own) == {f"{area}.{name}" for area, names in by_area.items() for name in names}


@pytest.mark.usefixtures("cloud")
def test_protective_acts_are_counted_in_the_table() -> None:
    bench = Bench()
    call, _ = bench.call()
    assert [bench.own.allowed(call) for _ in range(4)] == [True, True, True, False]


def test_what_can_be_reached_follows_the_settings() -> None:
    settings = TurnSettings(table="t", keys="k")
    assert wiring.reaches(settings) == frozenset()
    both = replace(settings, sms_from="phone-1", email_from="a@example.com")
    assert wiring.reaches(both) == {"phone", "email"}


def test_a_function_that_starts_has_read_none_of_it() -> None:
    listed = (
        "import sys, wiring; own = wiring.Own(None, None, None, None, None, None); own.get('transfer_money');"
        "print(*(name for name in sys.modules if name.startswith('throughline.')))"
    )
    told = subprocess.run([sys.executable, "-c", listed], cwd=LAMBDAS, capture_output=True, text=True, check=True)
    loaded = set(told.stdout.split())
    assert "throughline.conversation" in loaded
    assert loaded.isdisjoint(f"throughline.{name}" for name in LATE)
    assert not any(name.startswith("throughline.outbound") for name in loaded)
