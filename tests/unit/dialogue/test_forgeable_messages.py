"""Where each message could be anybody's, such as a text message's originator."""

from __future__ import annotations

import pytest

from throughline.reply import Awaits
from throughline.turn import Assurance

from .library import PAY
from .talker import Talker


@pytest.fixture
def texter(caller: Talker) -> Talker:
    caller.forgeable = True
    return caller


def test_where_each_message_could_be_forged_a_code_follows_the_yes_and_does_it(texter: Talker) -> None:
    texter.proves()
    assert texter.hears("PayFee", PAY).awaits is Awaits.CONFIRM
    reply = texter.hears("Yes")
    assert texter.says(reply) == "need_verified | ProveIt.begun_phone | ProveIt.code.ask"
    assert "pay" not in [deed.action for deed in texter.deeds]
    assert "PayFee.done" in texter.says(texter.code())
    assert [deed.action for deed in texter.deeds].count("pay") == 1


def test_words_slipped_in_within_the_minutes_of_a_proof_move_nothing(texter: Talker) -> None:
    texter.proves()
    for _ in range(3):
        texter.hears("PayFee", PAY)
        texter.hears("Yes")
    assert "pay" not in [deed.action for deed in texter.deeds]


def test_values_changed_after_the_yes_are_confirmed_anew_before_a_code_does_it(texter: Talker) -> None:
    texter.proves()
    texter.hears("PayFee", PAY)
    texter.hears("Yes")
    texter.hears("PayFee", {"amount": "999"})
    texter.code()
    assert "pay" not in [deed.action for deed in texter.deeds]


def test_what_is_only_read_is_read_for_some_minutes(texter: Talker) -> None:
    texter.proves()
    assert "RenewLoan.done" in texter.says(texter.hears("RenewLoan", {"item": "book", "until": "2026-10-01"}))


def test_a_secret_is_asked_for_elsewhere(texter: Talker) -> None:
    texter.assurance = Assurance.LINKED
    texter.hears("SetPin", {"purse": "card"})
    said = texter.says(texter.hears("Yes"))
    assert "new_pin.ask" not in said
