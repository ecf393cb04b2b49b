"""A reply that is kept for repeats: small at rest, and the same when it is read again."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from throughline.dialogue.replies import Answered, reply_in, reply_out
from throughline.dialogue.state import State, answered, decode, encode
from throughline.reply import Awaits, Choice, Handover, Line, Reply, Typed
from throughline.turn import Assurance

words = st.text("abXY:. é", max_size=6)
typed = st.builds(Typed, words, words)
params = st.dictionaries(words, typed | st.lists(st.dictionaries(words, typed), max_size=2).map(tuple), max_size=2)
lines = st.builds(Line, words, params, st.integers(0, 99))
menus = words.map(lambda name: Choice(Typed(f"label:{name}", name), name))
values = words.map(lambda value: Choice(Typed("choice:account", value), "Pay", "source", value))
others = st.builds(Choice, typed, words, words, words)
choices = st.lists(menus, max_size=4) | st.lists(values, max_size=4) | st.lists(menus | values | others, max_size=4)
levels = st.sampled_from(Assurance)
replies = st.builds(
    Reply,
    lines=st.lists(lines, max_size=3).map(tuple),
    awaits=st.sampled_from(Awaits),
    question=words,
    slots=st.dictionaries(words, words, max_size=2),
    choices=choices.map(tuple),
    handover=st.none() | st.builds(Handover, words, words, st.booleans()),
    needs=levels,
    step_up=st.sampled_from((None, Assurance.CLAIMED, Assurance.LINKED, Assurance.VERIFIED)),
    reprompt=st.none() | lines,
)


@given(replies, st.booleans())
def test_a_reply_is_read_as_it_was_written(reply: Reply, last: bool) -> None:
    if last and reply.lines:
        reply = Reply(reply.lines, choices=reply.choices, reprompt=reply.lines[-1])
    assert reply_in(json.loads(json.dumps(reply_out(reply)))) == reply


@given(replies)
def test_a_kept_reply_survives_its_rest(reply: Reply) -> None:
    state = decode(encode(State(recent=(Answered.of("t1", 5.0, "s", "l", reply),))))
    assert state.recent[0].reply == reply


def test_what_can_not_be_read_is_no_reply_and_no_error() -> None:
    for told in ('{"a": "a kind of later code", "l": [["hello", 1]]}', '{"a": "intent", "c": {"k": "choice:x"}}', "{"):
        assert Answered(f'5.0\t"t1"\t"s"\t{told}').reply is None
    for line in ("", "later", 'x\t"t1"', "\t\t\t", '5.0\t{\t"s"\tnull'):
        damaged = Answered(line)
        assert (damaged.turn, damaged.reply) == ("", None) or damaged.turn == "t1"
        assert damaged.at in (0.0, 5.0)


@given(st.text(), st.text())
def test_only_the_turns_own_id_finds_its_reply(turn: str, session: str) -> None:
    state = State(recent=(Answered.of(turn, 5.0, session, "l", Reply(())),))
    assert answered(state, turn) is not None
    assert turn == session or answered(state, session) is None


def test_ids_that_look_like_the_format_are_kept_apart() -> None:
    odd = 'a\tb\n"c"'
    state = State(recent=(Answered.of(odd, 5.0, odd, odd, Reply(())),))
    kept = answered(decode(encode(state)), odd)
    assert kept is not None and kept.turn == odd


def test_a_menu_and_a_slots_values_weigh_little() -> None:
    names = ("checking", "savings", "money_market", "credit_card")
    slot = tuple(Choice(Typed("choice:account", name), "CheckBalance", "account", name) for name in names)
    menu = tuple(Choice(Typed(f"label:{name}", name), name) for name in names)
    for kept in (slot, menu):
        assert len(json.dumps(reply_out(Reply((), choices=kept)))) < 150
