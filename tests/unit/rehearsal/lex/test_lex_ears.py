"""The real recogniser behind the stand-in: the same bot heard from its own definition."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rehearsal.lex.ears import Ears, agreed
from rehearsal.lex.event import Utterance
from rehearsal.lex.service import Lex
from rehearsal.lex.values import DialogAction
from tests.unit.rehearsal.lex.flower_shop import Shop, template


@pytest.mark.parametrize(
    ("text", "answer"),
    [("yes please", True), ("No, thank you.", False), ("maybe", None), ("order roses", None), ("", None)],
)
def test_a_plain_yes_or_no_is_told_from_anything_else(text: str, answer: bool | None) -> None:
    assert agreed(text) is answer


def test_a_conversation_is_heard_by_the_recogniser_of_the_template(shop: Shop, tmp_path: Path) -> None:
    ears = Ears(tmp_path, template(), today=lambda: date(2026, 11, 23))
    lex = Lex.of([shop.bot], ears, agreed, shop.hook, clock=shop.clock)
    outcomes = [lex.recognise(shop.key(), Utterance(text)) for text in ("order red ones", "friday", "yes")]
    actions = [outcome.session.action for outcome in outcomes]
    assert actions == [
        DialogAction("ElicitSlot", "Day"),
        DialogAction("ConfirmIntent"),
        DialogAction("Close"),
    ]
    intent = outcomes[-1].session.intent
    heard = {name: slot.interpreted for name, slot in intent.slots.items() if slot} if intent else {}
    assert heard == {"Flower": "roses", "Day": "2026-11-27"}
    assert len(list(tmp_path.iterdir())) == 1
