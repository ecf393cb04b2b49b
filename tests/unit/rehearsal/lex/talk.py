"""How the tests talk to the shop: one turn, and what was said to it."""

from __future__ import annotations

from typing import Any

from rehearsal.lex.dialogue import Outcome
from rehearsal.lex.event import Utterance
from rehearsal.lex.session import Session
from rehearsal.lex.values import SessionState, read_session_state
from tests.unit.rehearsal.lex.flower_shop import Shop


def hear(shop: Shop, text: str, state: dict[str, Any] | None = None, alias: str = "live") -> Session:
    return turn(shop, text, state, alias).session


def turn(shop: Shop, text: str, state: dict[str, Any] | None = None, alias: str = "live") -> Outcome:
    given = read_session_state(state) if state is not None else SessionState()
    return shop.lex.recognise(shop.key(alias), Utterance(text), given)


def texts(session: Session) -> list[str | None]:
    return [message.content for message in session.messages]
