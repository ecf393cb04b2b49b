"""The agent's screen, the disposition and the callback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.captures.call import NUMBER, Call, Shop
from tests.unit.path.caller import KEYS
from throughline.calls.calling_back import NOT_PROMISED, promised
from throughline.calls.disposing import codes, disposed
from throughline.calls.screen import LARGEST_VIEW, NOBODY, screen
from throughline.channels import connect
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.pointer import mint, read
from throughline.customers.profile import noted
from throughline.customers.store import Conflict, Stored
from throughline.desk.audit import Entry, MemoryAudit
from throughline.dialogue.changes import Noted
from throughline.errors import EventError, StoreUnavailable
from throughline.records.transcript import StrandTurn, turn_in
from throughline.turn import Assurance

OTHER = "+12125550102"


class Strands:
    """Keeps every turn that the store was ever given, as the stream would."""

    def __init__(self, shop: Shop) -> None:
        self.kept: dict[str, list[StrandTurn]] = {}
        self._save = shop.store.save
        shop.store.save = self._saved  # type: ignore[method-assign]

    def _saved(self, stored: Stored, now: float) -> Stored:
        saved = self._save(stored, now)
        turn = turn_in(saved.turn)
        if turn is not None:
            self.kept.setdefault(turn.link, []).insert(0, turn)
        return saved

    def latest(self, link: str, most: int) -> list[StrandTurn]:
        return self.kept.get(link, [])[:most]


class Broken(MemoryAudit):
    """Can't be written."""

    def append(self, entry: Entry) -> None:
        raise StoreUnavailable("away")


def proved(call: Call, assurance: Assurance = Assurance.LINKED, **facts: str) -> Stored:
    """As if the customer were known so well through their number, and in this contact."""
    shop = call.shop
    held, _ = read(call.attributes["tl-pointer"], contact=call.contact, now=shop.now, keys=KEYS.pointer_keys())
    stored = shop.store.by_customer(held.customer, shop.now)
    assert stored is not None
    link = replace(stored.links[held.link], assurance=assurance)
    profile = stored.profile
    for kind, value in facts.items():
        profile = noted(profile, Noted(kind, "", value), link=held.link, at=shop.now, by="customer")
    stored = shop.store.save(replace(stored, links={**stored.links, held.link: link}, profile=profile), shop.now)
    token = mint(held, contact=call.contact, assurance=assurance, expires=shop.now + 9_999, keys=KEYS.pointer_keys())
    call.begin(token, "")
    return stored


def event(call: Call, **parameters: str) -> connect.ContactEvent:
    return connect.parse(call.event({"pointer": call.attributes["tl-pointer"], "agent": "agent-7", **parameters}))


def looked(call: Call, strands: Strands, audit: MemoryAudit, **parameters: str) -> dict[str, str]:
    def words(record: Mapping[str, Any]) -> str:
        return "an answer" if record.get("reply") else ""

    shop = call.shop
    return screen(
        event(call, **parameters), shop.store, strands, audit, KEYS.pointer_keys(), shop.model, words, shop.now
    )


def test_an_agent_sees_the_name_the_open_task_and_what_was_said_at_what_was_proved_here(shop: Shop) -> None:
    call, strands, audit = Call(shop), Strands(shop), MemoryAudit()
    proved(call, name="Ada", locale="en_US")
    call.says("TransferMoney", {"amount": "50"}, text="move fifty dollars")
    call.says("SpeakToAgent", text="a person please")
    seen = looked(call, strands, audit)
    assert (seen["name"], seen["assurance"], seen["doing"]) == ("Ada", "linked", "moving money")
    assert "amount: 50" in seen["details"] and seen["reason"] == "asked" and seen["language"] == "en-US"
    turns = json.loads(seen["turns"])
    assert [turn["said"] for turn in turns] == ["a person please", "move fifty dollars"]
    assert json.loads(seen["view"])["turns"] == turns
    [entry] = list(audit.entries.values())
    assert (entry.person, entry.team, entry.act) == ("agent-7", "agent", "screen") and entry.customer


def test_of_a_claimed_caller_an_agent_sees_no_name_and_nothing_that_was_said_when_they_were_known(shop: Shop) -> None:
    call, strands = Call(shop), Strands(shop)
    proved(call, name="Ada")
    call.says("CheckBalance", {"account": "checking"}, text="my balance")
    later = Call(shop, contact="the-next-call")
    seen = looked(later, strands, MemoryAudit())
    assert seen["found"] == "true" and seen["name"] == "" and seen["assurance"] == "claimed"
    assert seen["turns"] == "[]"


def test_nothing_is_shown_that_could_not_be_written_down(shop: Shop) -> None:
    call, strands = Call(shop), Strands(shop)
    with pytest.raises(StoreUnavailable):
        looked(call, strands, Broken())


def test_who_looks_has_a_name_and_a_forged_pointer_shows_nobody(shop: Shop) -> None:
    call, strands, audit = Call(shop), Strands(shop), MemoryAudit()
    with pytest.raises(EventError):
        looked(call, strands, audit, agent=" ")
    assert looked(call, strands, audit, pointer="forged") == NOBODY
    assert not audit.entries


def test_a_long_story_fits_into_the_view(shop: Shop) -> None:
    call, strands = Call(shop), Strands(shop)
    proved(call)
    for _ in range(30):
        call.says("Fallback", text="very long words " * 60)
    seen = looked(call, strands, MemoryAudit())
    assert len(seen["view"].encode()) <= LARGEST_VIEW and json.loads(seen["turns"])


def end(call: Call, **parameters: str) -> dict[str, str]:
    shop = call.shop
    return disposed(event(call, **parameters), shop.store, KEYS.pointer_keys(), shop.model, shop.now)


def test_a_disposition_is_kept_once_and_stands_in_the_timeline(shop: Shop) -> None:
    call, strands = Call(shop), Strands(shop)
    told = end(call, code="PayBill", note="Will pay 4111 1111 1111 1111 on Friday", follow_up="true")
    assert told == {"kept": "true", "follow_up": "true"}
    call.shop.now += 3
    assert end(call, code="PayBill", note="again", follow_up="true") == told
    [turn] = [turn for turns in strands.kept.values() for turn in turns]
    record = turn.document()
    assert record["said"] == "Will pay [card number] on Friday" and record["events"] == [["disposition", "PayBill"]]
    assert record["by"] == "agent-7" and record["sent"] is True and record["follow_up"] == "true"


def test_what_is_asked_stays_open_over_a_disposition(shop: Shop) -> None:
    call = Call(shop)
    proved(call)
    call.says("TransferMoney", {"amount": "50"})
    end(call, code="resolved")
    call.says("TransferMoney", {"from_account": "checking"})
    assert "where" in call.told[-1].lower() or "who" in call.told[-1].lower() or "to" in call.told[-1].lower()
    assert call.attributes["tl-question"]


@pytest.mark.parametrize("code", ["", "Nonsense", "Cancel"])
def test_a_code_that_nobody_knows_is_refused(shop: Shop, code: str) -> None:
    with pytest.raises(EventError):
        end(Call(shop), code=code)


def test_codes_are_the_models_intents_and_how_calls_end(shop: Shop) -> None:
    assert {"PayBill", "PayByCard", "resolved", "wrong_number"} <= set(codes(shop.model))


def test_of_nobody_nothing_is_kept(shop: Shop) -> None:
    assert end(Call(shop), code="resolved", pointer="forged")["kept"] == "false"


def test_a_race_with_a_turn_is_lost_and_won(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    call, save = Call(shop), shop.store.save
    lost: list[bool] = []

    def racing(stored: Stored, now: float) -> Stored:
        if not lost:
            lost.append(True)
            fresh = shop.store.by_customer(stored.customer, now)
            assert fresh is not None
            raise Conflict(fresh)
        return save(stored, now)

    monkeypatch.setattr(shop.store, "save", racing)
    assert end(call, code="resolved")["kept"] == "true"


def back(call: Call, **parameters: str) -> dict[str, str]:
    shop = call.shop
    return promised(event(call, **parameters), shop.store, KEYS.pointer_keys(), shop.model, shop.now)


def chat(call: Call, **parameters: str) -> dict[str, str]:
    given = call.event({"pointer": call.attributes["tl-pointer"], **parameters})
    given["Details"]["ContactData"]["Channel"] = "CHAT"
    shop = call.shop
    return promised(connect.parse(given), shop.store, KEYS.pointer_keys(), shop.model, shop.now)


def test_a_caller_is_called_back_where_they_call_from_and_once(shop: Shop) -> None:
    call, strands = Call(shop), Strands(shop)
    assert back(call, reason="long_queue") == {"number": NUMBER, "promised": "true"}
    assert back(call, reason="long_queue") == {"number": NUMBER, "promised": "true"}
    [turn] = [turn for turns in strands.kept.values() for turn in turns]
    assert turn.document()["events"] == [["callback", "long_queue"]]


def test_a_number_that_somebody_makes_up_is_never_promised(shop: Shop) -> None:
    call = Call(shop)
    assert back(call, number=OTHER)["number"] == NUMBER
    assert chat(call, number=OTHER) == NOT_PROMISED
    assert chat(call, number="nonsense") == NOT_PROMISED
    proved(call)
    assert back(call, number=OTHER)["number"] == NUMBER


def test_a_proved_number_of_theirs_may_be_called(shop: Shop) -> None:
    call = Call(shop)
    stored = proved(call)
    other, link = shop.store.by_address(Address(AddressKind.PHONE, OTHER), shop.now)
    theirs = replace(other.links[link], assurance=Assurance.LINKED)
    shop.store.save(replace(stored, links={**stored.links, link: theirs}), shop.now)
    assert back(call, number=OTHER)["number"] == OTHER
    assert chat(call, number=OTHER)["number"] == OTHER


def test_in_a_chat_a_known_customer_is_called_at_the_number_that_is_theirs(shop: Shop) -> None:
    call = Call(shop)
    proved(call)
    assert chat(call) == {"number": NUMBER, "promised": "true"}


def test_a_stranger_with_a_number_is_called_back_and_one_without_is_not(shop: Shop) -> None:
    call = Call(shop)
    assert back(call, pointer="forged")["promised"] == "true"
    assert chat(call, pointer="forged") == NOT_PROMISED
