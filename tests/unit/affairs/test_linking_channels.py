"""Connecting an address to a profile, and taking one off it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.affairs.clerk import KEYS, MAIL, NOW, OTHER_PHONE, PHONE, WEB, Clerk, link_to
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.allowances import GuessLimits, SendLimits
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Done, Failed, Invalid, NeedsPerson, Outcome, Refused
from throughline.dialogue.changes import Linked, Unlinked
from throughline.errors import StoreUnavailable

NEW = OTHER_PHONE


def verified(clerk: Clerk, action: str, stored: Stored, **more: Any) -> Outcome:
    return clerk.do(action, stored, **{"assurance": Assurance.VERIFIED, **more})


def connected(address_hash: str = "") -> Done:
    linked = Linked("phone", address_hash or NEW.hashed(KEYS.address_keys()), NEW.value, "code")
    return Done(variant="phone", changes=(linked,))


def test_a_code_to_the_new_number_connects_it(clerk: Clerk) -> None:
    pat = clerk.customer()
    assert verified(clerk, "channel.send", pat, contact_way="text", phone_number=NEW.value) == Done(variant="phone")
    assert clerk.sent == [(NEW.value, "700001")]
    told = verified(clerk, "channel.check", pat, contact_way="text", phone_number=NEW.value, said="700001")
    assert told == connected()


def test_what_connects_an_address_does_not_show_it_when_printed(clerk: Clerk) -> None:
    assert "5550187" not in repr(connected())


@pytest.mark.parametrize("action", ["channel.send", "channel.check", "channel.remove"])
@pytest.mark.parametrize("assurance", [Assurance.ANONYMOUS, Assurance.CLAIMED, Assurance.LINKED])
def test_whatever_the_model_says_it_takes_a_verified_session(clerk: Clerk, action: str, assurance: Assurance) -> None:
    pat = clerk.customer()
    verified(clerk, "channel.send", pat, phone_number=NEW.value)
    told = verified(clerk, action, pat, phone_number=NEW.value, said="700001", assurance=assurance)
    assert told == NeedsPerson("assurance")


def test_a_code_for_one_address_connects_no_other(clerk: Clerk) -> None:
    pat = clerk.customer()
    verified(clerk, "channel.send", pat, phone_number=NEW.value)
    told = verified(clerk, "channel.check", pat, phone_number="+12025550199", said="700001")
    assert told == Refused("expired")


def test_a_code_of_the_step_up_connects_nothing(clerk: Clerk) -> None:
    pat = clerk.customer()
    clerk.do("prove.send", pat)
    assert verified(clerk, "channel.check", pat, phone_number=NEW.value, said="700001") == Refused("expired")


def test_an_address_that_is_the_customers_already_needs_no_code(clerk: Clerk) -> None:
    pat = clerk.customer()
    assert verified(clerk, "channel.send", pat, phone_number=PHONE.value) == Refused("same")
    assert clerk.sent == []


def test_an_own_address_that_is_only_claimed_may_yet_be_proved(clerk: Clerk) -> None:
    pat = clerk.customer(NEW, assurance=Assurance.CLAIMED)
    verified(clerk, "channel.send", pat, phone_number=NEW.value)
    assert verified(clerk, "channel.check", pat, phone_number=NEW.value, said="700001") == connected()


def test_an_own_address_is_no_conflict_with_oneself_however_well_one_is_known(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, NEW)
    claimed = replace(pat.links[link_to(pat, NEW)], assurance=Assurance.CLAIMED)
    pat = clerk.store.save(replace(pat, links={**pat.links, claimed.id: claimed}), NOW - 30)
    verified(clerk, "channel.send", pat, phone_number=NEW.value)
    assert verified(clerk, "channel.check", pat, phone_number=NEW.value, said="700001") == connected()


def test_an_address_of_somebody_known_is_a_conflict_once_the_code_is_right_and_not_before(clerk: Clerk) -> None:
    pat, other = clerk.customer(PHONE), clerk.customer(NEW)
    assert verified(clerk, "channel.send", pat, phone_number=NEW.value) == Done(variant="phone")
    given = {"phone_number": NEW.value}
    assert verified(clerk, "channel.check", pat, said="000000", **given) == Invalid("code", "wrong")
    assert clerk.conflicts.noted == []
    assert verified(clerk, "channel.check", pat, said="700001", turn="t2", **given) == NeedsPerson("conflict")
    (dispute,) = clerk.conflicts.noted
    assert (dispute.customer, dispute.other) == (pat.customer, other.customer)


def test_an_address_of_nobody_in_particular_is_connected(clerk: Clerk) -> None:
    pat, _ = clerk.customer(PHONE), clerk.customer(NEW, assurance=Assurance.CLAIMED)
    verified(clerk, "channel.send", pat, phone_number=NEW.value)
    assert verified(clerk, "channel.check", pat, phone_number=NEW.value, said="700001") == connected()


def test_an_app_or_a_speaker_is_connected_by_signing_in_there(clerk: Clerk) -> None:
    pat = clerk.customer()
    for action in ("channel.send", "channel.check"):
        assert verified(clerk, action, pat, contact_way="alexa") == Done(variant="elsewhere")


def test_what_is_no_address_is_asked_for_again(clerk: Clerk) -> None:
    pat = clerk.customer()
    for action in ("channel.send", "channel.check"):
        told = verified(clerk, action, pat, email_address="pat", said="700001")
        assert told == Invalid("email_address", "unusable")


def test_a_way_that_is_not_deployed_is_refused() -> None:
    clerk = Clerk(kinds="email")
    assert verified(clerk, "channel.send", clerk.customer(MAIL), phone_number=NEW.value) == Refused("nowhere")


def test_a_number_in_a_country_that_is_not_served_is_refused_before_anything_is_spent_or_sent(clerk: Clerk) -> None:
    pat = clerk.customer()
    told = verified(clerk, "channel.send", pat, phone_number="+442079460143")
    assert told == Refused("nowhere")
    assert (clerk.sent, clerk.allowances.kept, clerk.challenges.kept) == ([], {}, {})


def test_a_number_in_a_country_that_is_served_is_connected() -> None:
    clerk = Clerk(countries=("+1", "+44"))
    pat = clerk.customer()
    assert verified(clerk, "channel.send", pat, phone_number="+442079460143") == Done(variant="phone")
    assert verified(clerk, "channel.send", pat, phone_number="+34912345678") == Refused("nowhere")


def test_altogether_no_more_than_so_many_new_addresses_a_day() -> None:
    clerk = Clerk(SendLimits(connected_day=3))
    people = [clerk.customer(Address(AddressKind.EMAIL, f"a{n}@example.com")) for n in range(5)]
    told = [
        verified(clerk, "channel.send", one, phone_number=f"+120255501{n}", now=NOW + 60 * n)
        for n, one in enumerate(people, 50)
    ]
    assert told == [Done(variant="phone")] * 3 + [Refused("too_many")] * 2
    assert clerk.noted == ["connect.overall"] * 2
    assert clerk.do("prove.send", people[4], assurance=Assurance.LINKED) == Done(variant="email")


def test_wrong_codes_of_whoever_connects_are_counted_apart() -> None:
    clerk = Clerk(guesses=GuessLimits(connecting_day=1))
    pat = clerk.customer()
    verified(clerk, "channel.send", pat, phone_number=NEW.value)
    given = {"phone_number": NEW.value}
    assert verified(clerk, "channel.check", pat, said="000000", **given) == Invalid("code", "wrong")
    assert verified(clerk, "channel.check", pat, said="700001", turn="t2", **given) == Refused("too_many_tries")
    assert verified(clerk, "channel.send", pat, **given) == Refused("too_many")
    assert set(clerk.noted) == {"wrong.connecting"}
    clerk.do("prove.send", pat, assurance=Assurance.LINKED)
    assert isinstance(clerk.do("prove.check", pat, said="700002", assurance=Assurance.LINKED), Done)


def test_a_carrier_that_refuses_is_told_as_such(clerk: Clerk) -> None:
    for carrier in clerk.carriers.values():
        carrier.broken = True
    assert verified(clerk, "channel.send", clerk.customer(), phone_number=NEW.value) == Refused("undelivered")


def test_five_new_numbers_an_hour_and_no_more(clerk: Clerk) -> None:
    pat = clerk.customer()
    told = [verified(clerk, "channel.send", pat, phone_number=f"+120255501{n}") for n in range(50, 56)]
    assert told == [Done(variant="phone")] * 5 + [Refused("too_many")]


def test_a_store_that_does_not_answer_is_a_failure(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    pat = clerk.customer()
    verified(clerk, "channel.send", pat, phone_number=NEW.value)

    def down(*_: object) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(clerk.store, "by_address", down)
    told = [verified(clerk, "channel.check", pat, phone_number=NEW.value, said="700001") for _ in range(2)]
    assert told == [Failed()] * 2
    monkeypatch.undo()
    assert verified(clerk, "channel.check", pat, phone_number=NEW.value, said="700001") == connected()


def test_an_address_that_is_not_the_one_being_used_can_be_taken_off(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, MAIL)
    told = verified(clerk, "channel.remove", pat, contact_way="email", link=link_to(pat, PHONE))
    assert told == Done(changes=(Unlinked(link_to(pat, MAIL)),))


def test_the_one_being_used_stays(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, MAIL)
    told = verified(clerk, "channel.remove", pat, contact_way="phone", link=link_to(pat, PHONE))
    assert told == Refused("this_one")


def test_what_is_not_there_cannot_be_taken_off(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE)
    for way in ("email", "alexa", "", "pigeon"):
        assert verified(clerk, "channel.remove", pat, contact_way=way) == Refused("none")


def test_of_several_the_customer_says_which(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, NEW, WEB)
    here = link_to(pat, WEB)
    assert verified(clerk, "channel.remove", pat, contact_way="text", link=here) == Refused("which")
    told = verified(clerk, "channel.remove", pat, contact_way="text", phone_number="5", link=here)
    assert told == Invalid("phone_number", "unusable")
    told = verified(clerk, "channel.remove", pat, contact_way="text", phone_number=NEW.value, link=here)
    assert told == Done(changes=(Unlinked(link_to(pat, NEW)),))


def test_of_two_phones_the_other_one_is_meant(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, NEW)
    told = verified(clerk, "channel.remove", pat, contact_way="phone", link=link_to(pat, PHONE))
    assert told == Done(changes=(Unlinked(link_to(pat, NEW)),))


def test_what_is_closed_is_there_no_more(clerk: Clerk) -> None:
    pat = clerk.customer(PHONE, closed=True)
    assert verified(clerk, "channel.remove", pat, contact_way="phone", now=NOW, link="") == Refused("none")
