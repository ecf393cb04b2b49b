"""What a session of the skill carries of who is signed in, and what takes it away."""

from __future__ import annotations

from typing import Any

from tests.unit.channels.lantern import KEYS, event, lantern
from throughline.affairs.logins import Login
from throughline.channels import alexa
from throughline.conversation import Sender
from throughline.customers.pointer import Pointer
from throughline.exchange import Exchange
from throughline.reply import Awaits, Line, Reply
from throughline.turn import Assurance, Turn

NOW = 1_790_000_000.0
RING = KEYS.pointer
ASKED = Reply((Line("Reserve.item.ask"),), Awaits.SLOT, "q1", "Reserve", "item")


def request(attributes: dict[str, Any], *, token: str = "a-token") -> alexa.SkillRequest:
    given = event("alexa", "intent_minimal")
    for user in (given["session"]["user"], given["context"]["System"]["user"]):
        user["accessToken"] = token
    given["session"]["attributes"] = attributes
    return alexa.parse(given)


def turn_of(attributes: dict[str, Any], *, login: Login | None = None, token: str = "a-token") -> tuple[Turn, Sender]:
    return alexa.to_turn(request(attributes, token=token), at=NOW, fresh_id="t1", keys=RING, login=login)


def after(turn: Turn, sender: Sender) -> dict[str, Any]:
    """The session's attributes once that turn was answered."""
    exchange = Exchange(turn, ASKED, "c1", Pointer("c1", "l1", 3))
    attributes: dict[str, Any] = alexa.to_response(request({}), exchange, lantern(), RING, sender)["sessionAttributes"]
    return attributes


def test_who_signed_in_as_the_session_began_is_so_throughout_it() -> None:
    attributes = after(*turn_of({}, login=Login("subject-1", NOW)))
    for _ in range(3):
        turn, sender = turn_of(attributes)
        assert (sender.vouched, sender.pointer, sender.withdrawn) == (Assurance.LINKED, Pointer("c1", "l1", 3), False)
        attributes = after(turn, sender)


def test_without_the_account_nothing_is_vouched_for_any_more() -> None:
    attributes = after(*turn_of({}, login=Login("subject-1", NOW)))
    _, sender = turn_of(attributes, token="")
    assert (sender.vouched, sender.withdrawn) == (Assurance.ANONYMOUS, True)


def test_a_session_in_which_nobody_signed_in_vouches_for_nobody() -> None:
    _, sender = turn_of(after(*turn_of({})))
    assert sender.vouched is Assurance.ANONYMOUS


def test_the_token_itself_stands_in_nothing_that_goes_back() -> None:
    turn, sender = turn_of({}, token="a-secret-token")
    assert "a-secret-token" not in repr((turn, sender, after(turn, sender)))
