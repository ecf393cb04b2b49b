"""Text messages: what they become, and the texts that go back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tests.unit.channels.lantern import KEYS, exchange, lantern, replies
from throughline.channels import texting
from throughline.channels.capabilities import TEXTING, WAYS
from throughline.channels.texting import CARRIERS_WORDS, LONGEST, numbered, to_texts, to_turn
from throughline.conversation import Sender
from throughline.dialogue.model import Model, Prompt, Role
from throughline.dialogue.state import Asked, Frame, Option, Question, State
from throughline.errors import EventError
from throughline.reply import Awaits, Choice, Line, Reply, Typed
from throughline.turn import Assurance, Heard, InputMode, Turn

MESSAGE = {"from": "+12025550143", "id": "m1", "text": "hello", "sent_at": 1_790_000_000}
RING = KEYS.address_keys()
CAN = WAYS[TEXTING].back


def taken(**changes: object) -> tuple[Turn, Sender]:
    return to_turn({**MESSAGE, **changes}, at=1_790_000_001.0, locale="en_US", keys=RING)


def test_a_message_is_a_turn_of_its_number_claimed_and_no_more() -> None:
    turn, sender = taken()
    assert (turn.id, turn.text, turn.mode, turn.sent_at) == ("sms-m1", "hello", InputMode.TEXT, 1_790_000_000)
    assert sender.transport is Assurance.CLAIMED and sender.steps_up
    assert sender.address is not None and sender.address.value == "+12025550143"


def test_one_number_has_one_session_however_it_is_spelt_and_the_number_stands_nowhere() -> None:
    turn, _ = taken()
    assert taken(**{"from": "+1 (202) 555-0143"})[0].session == turn.session
    assert taken(**{"from": "+12025550144"})[0].session != turn.session
    assert "5550143" not in repr(turn)


def test_secrets_are_sealed() -> None:
    turn, _ = taken(text="card 4111 1111 1111 1111")
    assert turn.text == "card [card number]" and turn.sealed is not None


@pytest.mark.parametrize(
    "changes", [{"from": "Meridian"}, {"from": None}, {"from": ""}, {"id": ""}, {"id": 3}, {"text": None}, {"text": 3}]
)
def test_what_is_no_text_of_somebody_is_refused_without_saying_what_it_held(changes: dict[str, object]) -> None:
    with pytest.raises(EventError) as refused:
        taken(**changes)
    assert "Meridian" not in str(refused.value)


def test_a_sender_can_not_write_who_they_are() -> None:
    turn, sender = taken(assurance="verified", link="l1", login="c1", session="web:1")
    assert turn.assurance is Assurance.ANONYMOUS and turn.link == "" and sender.login is None
    assert turn.session.startswith("sms:")


@given(reply=replies())
def test_any_reply_becomes_texts_within_the_limit_or_none_while_a_person_has_it(reply: Reply) -> None:
    texts = to_texts(exchange(reply, CAN), lantern())
    assert texts and all(0 < len(text) <= LONGEST for text in texts)


def test_choices_are_numbered_by_their_place_in_the_type() -> None:
    model = lantern()
    intent, slot = next(
        (one, each) for one in model.intents.values() for each in one.slots
        if each.type in model.slot_types and len(model.slot_types[each.type].values) > 2
    )  # fmt: skip
    values = model.slot_types[slot.type].values
    choices = tuple(Choice(Typed(f"choice:{slot.type}", v), intent.name, slot.name, v) for v in values[1:])
    reply = Reply((Line("Good.marked"),), Awaits.SLOT, intent=intent.name, slot=slot.name, choices=choices)
    lines = "\n".join(to_texts(exchange(reply, CAN), model)).split("\n")
    assert [line.split(":")[0] for line in lines[-len(choices) :]] == [str(n) for n in range(2, len(values) + 1)]


def test_a_menu_is_not_listed() -> None:
    choices = (Choice(Typed("label:PayFee", "PayFee"), "PayFee"),)
    [text] = to_texts(exchange(Reply((Line("Good.marked"),), Awaits.INTENT, choices=choices), CAN), lantern())
    assert "1:" not in text


def speaking(*words: str) -> Model:
    """The model with a prompt that suggests words of the carriers'."""
    model = lantern()
    told = model.locales["en_US"]
    keywords = {
        "cancel": "Cancel",
        "never mind": "Cancel",
        "cancel that": "Cancel",
        "help": "Help",
        "i am lost": "Help",
    }
    prompts = {**told.prompts, "Odd.words": Prompt(words, words)}
    return replace(model, locales={"en_US": replace(told, prompts=prompts, keywords=keywords)})


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("What should I change? Or say cancel.", "What should I change? Or say never mind."),
        ('You can say "repeat", "cancel" or "agent".', 'You can say "repeat", "never mind" or "agent".'),
        ("Say help for some ideas.", "Say i am lost for some ideas."),
        ("Can I help with something else?", "Can I help with something else?"),
        ("I've stopped that at the end.", "I've stopped that at the end."),
        ("It\u2019s \u201cdone\u201d\u2026\n\u2022 one", 'It\'s "done"...\n- one'),
    ],
)
def test_no_word_is_suggested_that_a_carrier_takes_for_itself(line: str, told: str) -> None:
    [text] = to_texts(exchange(Reply((Line("Odd.words"),)), CAN), speaking(line))
    assert text == told


def test_the_carriers_words_are_those_that_begin_an_opt_out() -> None:
    assert {"stop", "cancel", "end", "quit", "unsubscribe", "help"} <= CARRIERS_WORDS


# -- numbers ---------------------------------------------------------------------------------


def nobody(model: Model, state: State, turn: Turn) -> tuple[Heard, ...]:
    return (Heard("SomethingElse"),)


def answered(said: str, question: Question | None, *frames: Frame) -> Heard:
    turn, _ = taken(text=said)
    question = replace(question, session=turn.session) if question is not None and not question.session else question
    [heard] = numbered(nobody)(lantern(), State(frames=frames, question=question), turn)
    return heard


def asked(kind: Asked, **more: object) -> Question:
    return Question(id="q1", asked=kind, session="", at=1.0, **more)  # type: ignore[arg-type]  # as each test needs


def test_one_and_two_are_yes_and_no_where_that_is_asked() -> None:
    roles = lantern().by_role
    for kind in (Asked.CONFIRM, Asked.RESUME):
        assert answered("1", asked(kind)).intent == roles[Role.YES]
        assert answered(" 2. ", asked(kind)).intent == roles[Role.NO]
        assert answered("3", asked(kind)).intent == "SomethingElse"


def test_a_number_picks_the_option_of_that_place() -> None:
    options = (Option(intent="Reserve", slots={"item": "book"}), Option(intent="PayFee"))
    assert answered("1", asked(Asked.WHICH_INTENT, options=options)) == Heard("Reserve", None, {"item": "book"})
    assert answered("3", asked(Asked.WHICH_INTENT, options=options)).intent == "SomethingElse"


@pytest.mark.parametrize("said", ["12", "0", "one", "", "1 1", "\u0661", "$1"])
def test_only_a_bare_digit_picks(said: str) -> None:
    assert answered(said, asked(Asked.CONFIRM)).intent == "SomethingElse"


def test_no_number_picks_where_nothing_is_asked_or_it_was_asked_elsewhere_or_a_secret_is() -> None:
    assert answered("1", None).intent == "SomethingElse"
    assert answered("1", replace(asked(Asked.CONFIRM), session="web:1")).intent == "SomethingElse"
    assert answered("1", replace(asked(Asked.SLOT), id="q1:code")).intent == "SomethingElse"


def test_the_door_of_texts_is_named_like_its_turns() -> None:
    assert texting.CHANNEL == "sms"
