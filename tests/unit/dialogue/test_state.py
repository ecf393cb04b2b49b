"""A state at rest is read back as it was, and a damaged or newer one as far as it goes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline.dialogue.state import State, decode, encode

from .walks import PURPOSEFUL, Act, Walk

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "{}", '{"n":"one"}', '{"f":5,"q":[],"p":{},"h":[1]}'])
def test_what_is_no_state_is_a_new_one(text: str) -> None:
    assert decode(text) == State()


@settings(max_examples=60, deadline=None)
@given(PURPOSEFUL, ANY_JSON, st.data())
def test_any_damage_is_survived(acts: list[Act], junk: object, data: st.DataObject) -> None:
    walk = Walk()
    for act in acts:
        walk.take(act)
    head, *lines = encode(walk.state).split("\n")
    whole = json.loads(head)
    key = data.draw(st.sampled_from(sorted(whole)))
    spoilt = [line[: data.draw(st.integers(0, 40))] for line in lines]
    damaged = decode("\n".join([json.dumps({**whole, key: junk, "from_the_future": junk}), *spoilt]))
    assert decode(encode(damaged)) == damaged


def test_an_unknown_kind_of_question_is_no_question() -> None:
    text = '{"n":3,"q":{"id":"q3","k":"from_the_future","se":"s1","t":1.0}}'
    assert decode(text) == State(sequence=3)
