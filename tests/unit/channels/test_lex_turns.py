"""What Lex's events become, and who is believed: `live` with a pointer, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.channels.lantern import KEYS, event, recorded
from throughline.channels import lex
from throughline.conversation import Sender
from throughline.customers.pointer import Pointer, mint
from throughline.errors import EventError
from throughline.turn import Answer, Assurance, InputMode, Turn

NOW = 1_790_000_000.0
POINTER = Pointer("cabc", "labc", 3)
CONTACT = "7f3b1f2e-6d0c-4a53-9f0e-5b1d2c3a4e5f"
PAN = "4111 1111 1111 1111"


def taken(given: dict[str, Any], *, fresh_id: str = "fresh", at: float = NOW) -> tuple[Turn, Sender]:
    return lex.to_turn(lex.parse(given), at=at, fresh_id=fresh_id, keys=KEYS.pointer)


def token(contact: str = CONTACT, expires: float = NOW + 60, assurance: Assurance = Assurance.LINKED) -> str:
    return mint(POINTER, contact=contact, assurance=assurance, expires=expires, keys=KEYS.pointer)


def pointed(pointer: str, *, alias: str | None = "live", **attributes: str) -> dict[str, Any]:
    given = event("lex", "text_full")
    given["sessionState"]["sessionAttributes"] = {"tl-pointer": pointer, **attributes}
    given["bot"]["aliasName"] = alias
    return given


def test_a_good_pointer_on_live_says_who_speaks_and_how_sure_its_minter_was() -> None:
    _, sender = taken(pointed(token(assurance=Assurance.CLAIMED)))
    assert sender.pointer == POINTER
    assert sender.transport is Assurance.CLAIMED


@pytest.mark.parametrize(
    "bad",
    [
        token(contact="another-contact"),
        token(expires=NOW),
        token()[:-1] + ("A" if token()[-1] != "A" else "B"),
        token().replace(".2.", ".3.", 1),
        token().replace("cabc", "cabd"),
        "1.p9" + token()[4:],
        "2" + token()[1:],
        "cabc",
        "\ud800",
        "x" * 5000,
        "",
    ],
)
def test_any_other_pointer_on_live_is_a_guests(bad: str) -> None:
    _, sender = taken(pointed(bad))
    assert sender.pointer is None and sender.address is None
    assert sender.transport is Assurance.ANONYMOUS


@pytest.mark.parametrize("alias", ["guest", "Live", "live ", "live2", "", None, "TestBotAlias"])
def test_on_any_other_alias_nothing_inbound_is_believed(alias: str | None) -> None:
    forged = {"tl-question": "q1:pin", "tl-turns": "9", "assurance": "verified", "customer": "cabc"}
    turn, sender = taken(pointed(token(), alias=alias, **forged))
    assert sender.pointer is None and sender.address is None
    assert sender.transport is Assurance.ANONYMOUS
    assert turn.id == "fresh"
    assert turn.answers == ""
    assert turn.assurance is Assurance.ANONYMOUS and turn.link == ""
    assert not turn.can.secrets


def test_sessions_of_two_aliases_are_never_the_same_guest() -> None:
    sessions = {taken(pointed("", alias=alias))[1].session for alias in ("live", "guest", "", "liv")}
    assert len(sessions) == 4


def test_the_same_event_twice_on_live_is_one_turn() -> None:
    given = pointed(token(), **{"tl-turns": "4"})
    assert taken(given)[0].id == taken(given, fresh_id="other", at=NOW + 9)[0].id
    next_one = pointed(token(), **{"tl-turns": "5"})
    assert taken(next_one)[0].id != taken(given)[0].id


def test_a_turns_id_does_not_hang_on_a_secret() -> None:
    one, other = pointed(token()), pointed(token())
    one["inputTranscript"], other["inputTranscript"] = f"it is {PAN}", "it is 5555 5555 5555 4444"
    assert taken(one)[0].id == taken(other)[0].id


@pytest.mark.parametrize("alias", ["live", "guest"])
def test_card_numbers_are_sealed_in_text_slots_and_keys(alias: str) -> None:
    given = pointed("", alias=alias)
    given["inputTranscript"] = PAN
    given["interpretations"][0]["intent"]["slots"]["item"]["value"] = {
        "originalValue": PAN,
        "interpretedValue": PAN,
    }
    turn, _ = taken(given)
    assert turn.text == "[card number]"
    assert turn.heard[0].slots["item"] == "[card number]"
    given["inputMode"], given["inputTranscript"] = "DTMF", PAN.replace(" ", "")
    keyed, _ = taken(given)
    assert keyed.keys == "" and keyed.text == "" and keyed.sealed is not None
    assert "1111" not in repr((turn, keyed))


@pytest.mark.parametrize(
    ("said", "value", "kept"),
    [
        ("my social security number is 219-09-9999", "219099999", None),
        ("my ssn: two one nine oh nine nine nine nine nine", "+1219099999", None),
        ("my ssn is 219-09-9999, call me on 202 555 0143", "2025550143", "2025550143"),
        ("my ssn is 219-09-9999, send 20", "20", "20"),
        ("my number is 219099999", "219099999", "219099999"),
    ],
)
def test_a_number_that_was_masked_in_the_words_is_no_value_though_alone_it_looks_like_another(
    said: str, value: str, kept: str | None
) -> None:
    given = pointed("")
    given["inputTranscript"] = said
    given["interpretations"][0]["intent"]["slots"]["item"]["value"] = {
        "originalValue": value, "interpretedValue": value,
    }  # fmt: skip
    turn, _ = taken(given)
    assert turn.heard[0].slots.get("item") == kept


def test_modes() -> None:
    modes = {name: taken(given)[0].mode for name, given in recorded("lex")}
    assert modes["text_full"] is InputMode.TEXT
    assert modes["speech_full"] is InputMode.SPEECH
    assert modes["dtmf_full"] is InputMode.KEYS
    assert modes["silence"] is InputMode.SILENCE
    assert taken(event("lex", "dtmf_minimal"))[0].keys == "0"
    assert taken(event("lex", "dtmf_full"))[0].can.keys


def test_confidence_is_read_as_a_number_and_as_an_object() -> None:
    assert taken(event("lex", "text_full"))[0].heard[0].confidence == 0.88
    assert taken(event("lex", "speech_full"))[0].heard[0].confidence == 0.77
    assert taken(event("lex", "null_fields"))[0].heard[0].confidence is None


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 10**400, -1, 2, True, "0.9", {"score": None}, [0.9]])
def test_no_other_confidence_is_believed(bad: object) -> None:
    given = event("lex", "text_full")
    given["interpretations"][0]["nluConfidence"] = bad
    assert taken(given)[0].heard[0].confidence is None


def test_slots_by_shape() -> None:
    assert taken(event("lex", "text_full"))[0].heard[0].slots == {"item": "map", "copies": "2"}
    assert taken(event("lex", "composite_and_list_slots"))[0].heard[0].slots["item"] == "book"
    assert taken(event("lex", "null_fields"))[0].heard[0].slots == {}


def test_confirmations_are_lexs_own_yes_and_no() -> None:
    assert taken(event("lex", "confirm_yes"))[0].heard[0].answer is Answer.CONFIRMED
    assert taken(event("lex", "confirm_no"))[0].heard[0].answer is Answer.DENIED


def test_odd_characters_can_be_kept_and_sent_again() -> None:
    given = event("lex", "text_full")
    for odd in ("\ud800 half", "🦉" * 2000, "x" * 100_000, "\u202eשלום\u200b\x00", "<speak>&</speak>"):
        given["inputTranscript"] = odd
        given["interpretations"][0]["intent"]["name"] = odd
        given["bot"]["localeId"] = odd
        turn, _ = taken(given)
        repr(turn).encode("utf-8")
        turn.text.encode("utf-8")
        turn.heard[0].intent.encode("utf-8")
        assert len(turn.text) <= 1024 and len(turn.heard[0].intent) <= 100


@pytest.mark.parametrize(
    "given", [None, 3, "x", [], {}, {"sessionId": ""}, {"sessionId": "s"}, {"sessionId": 3, "bot": {}}]
)
def test_what_has_no_session_or_no_bot_is_no_event(given: object) -> None:
    with pytest.raises(EventError):
        lex.parse(given)
