"""Whatever a hook answers and whatever a client sends: a shaped reply or a proper error, never a bug."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rehearsal.lex.http import Request, Response
from rehearsal.lex.shapes import service_model, shape_named, violations
from rehearsal.lex.wire import LexWire
from tests.unit.rehearsal.lex.flower_shop import SENTENCES, Script, Shop

THOROUGH = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

scalars = st.none() | st.booleans() | st.integers(-5, 100_000) | st.floats(allow_nan=False) | st.text(max_size=60)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)
REPLIES = ["red ones", "friday", "yes", "no", "mumble", " ", "42", "no, on friday"]
NAMES = ["OrderFlowers", "TrackOrder", "Thanks", "FallbackIntent", "Flower", "Day", "Number", "Note", "en_US"]
words = st.sampled_from([*NAMES, "", "x" * 1025, "🌹", "\u200b", "\u202eabc", "+1555"]) | st.text(max_size=20)


@cache
def nearly(shape: Shape, depth: int = 4) -> st.SearchStrategy[Any]:
    """JSON that mostly fits `shape`, and now and then does not."""
    return st.one_of(_fitting(shape, depth), _fitting(shape, depth), _fitting(shape, depth), anything)


def _fitting(shape: Shape, depth: int) -> st.SearchStrategy[Any]:
    if depth == 0:
        return st.none()
    if isinstance(shape, StructureShape):
        members = {name: nearly(member, depth - 1) for name, member in shape.members.items()}
        needed = {name: members.pop(name) for name in shape.required_members}
        return st.fixed_dictionaries(needed, optional=members)
    if isinstance(shape, ListShape):
        return st.lists(nearly(shape.member, depth - 1), max_size=11)
    if isinstance(shape, MapShape):
        return st.dictionaries(words, nearly(shape.value, depth - 1), max_size=4)
    match shape.type_name:
        case "string":
            enum = getattr(shape, "enum", None)
            return st.sampled_from(enum) if enum else words
        case "boolean":
            return st.booleans()
        case "blob":
            return st.none()
        case _:
            return st.integers(0, 100)


answers = anything | st.fixed_dictionaries(
    {"sessionState": nearly(shape_named("SessionState"))},
    optional={
        "messages": nearly(shape_named("Messages")),
        "requestAttributes": nearly(shape_named("StringMap")),
    },
)


def post(shop: Shop, operation: str, body: bytes, session: str = "someone", method: str = "POST") -> Response:
    path = f"/bots/{shop.bot.id}/botAliases/{shop.live.id}/botLocales/en_US/sessions/{session}{operation}"
    return LexWire(shop.lex).handle(Request(method, path, body=body))


def constantly(answer: object) -> Script:
    """A script that gives the same answer to every event."""
    return lambda event: answer


def assert_sound(response: Response, operation: str) -> None:
    """A reply of the operation's shape, or one of the errors that a client knows how to meet."""
    if response.status == 200:
        shape = service_model().operation_model(operation).output_shape
        assert shape is not None
        if operation in {"RecognizeText", "GetSession"}:
            body = json.loads(response.body)
            assert violations(body, shape, closed=True) == []
            assert body["sessionState"]["dialogAction"]["type"] if operation == "RecognizeText" else True
            assert 1 <= len(body["interpretations"]) <= 5 if operation == "RecognizeText" else True
        return
    assert response.status in {400, 404, 424}, response.body
    assert json.loads(response.body)["message"]


@THOROUGH
@given(script=st.lists(answers, min_size=1, max_size=4))
def test_no_answer_of_a_hook_makes_a_fault_or_an_unshaped_reply(script: list[Any]) -> None:
    shop = Shop()
    for answer in script:
        shop.hook.script = constantly(answer)
        response = post(shop, "/text", b'{"text": "order roses"}')
        assert response.status in {200, 424}, response.body
        assert_sound(response, "RecognizeText")
    assert_sound(post(shop, "", b"", method="GET"), "GetSession")


@THOROUGH
@given(
    state=nearly(shape_named("SessionState")),
    text=st.sampled_from(["order roses", "yes", "friday", "mumble", "where is my order"]),
)
def test_no_state_of_a_client_makes_a_fault(state: Any, text: str) -> None:
    shop = Shop()
    body = json.dumps({"text": text, "sessionState": state}).encode()
    assert_sound(post(shop, "/text", body), "RecognizeText")
    assert_sound(post(shop, "/text", b'{"text": "red ones"}'), "RecognizeText")
    put = json.dumps({"sessionState": state}).encode()
    assert_sound(post(shop, "", put), "PutSession")
    assert_sound(post(shop, "", b"", method="GET"), "GetSession")


@THOROUGH
@given(body=st.binary(max_size=80) | anything.map(lambda value: json.dumps(value).encode()))
def test_no_body_makes_a_fault(body: bytes) -> None:
    shop = Shop()
    for operation, name in (("/text", "RecognizeText"), ("", "PutSession")):
        assert_sound(post(shop, operation, body), name)


@THOROUGH
@given(
    session=st.text("abcXYZ019._:-+%/\\ é\u200b", max_size=110),
    text=st.text(max_size=1100) | st.sampled_from(["x" * 2000, "\ud800", "🌹" * 513]),
)
def test_no_session_id_or_text_makes_a_fault(session: str, text: str) -> None:
    shop = Shop()
    response = post(shop, "/text", json.dumps({"text": text}).encode(), session)
    assert_sound(response, "RecognizeText")
    if len(text) > 1024:
        assert response.status in {400, 404}


@THOROUGH
@given(turns=st.lists(st.sampled_from([*SENTENCES, *REPLIES]), max_size=12))
def test_no_order_of_turns_leaves_the_dialogue_without_a_next_step(turns: list[str]) -> None:
    shop = Shop()
    for text in turns:
        response = post(shop, "/text", json.dumps({"text": text}).encode())
        assert response.status == 200, response.body
        assert_sound(response, "RecognizeText")
        state = json.loads(response.body)["sessionState"]
        action, intent = state["dialogAction"], state["intent"]
        if action["type"] == "ElicitSlot":
            assert intent["slots"][action["slotToElicit"]] is None
        else:
            assert action["type"] in {"ConfirmIntent", "Close"}


def test_a_body_nested_beyond_reason_is_refused() -> None:
    deep = b'{"text": "hi", "sessionState": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}"
    response = post(Shop(), "/text", deep)
    assert (response.status, b"SerializationException") == (
        400,
        response.headers["x-amzn-ErrorType"].encode(),
    )


def test_a_body_beyond_the_front_ends_bound_is_refused() -> None:
    response = post(Shop(), "/text", b"x" * (1024 * 1024 + 1))
    assert (response.status, response.headers["x-amzn-ErrorType"]) == (413, "RequestEntityTooLargeException")
