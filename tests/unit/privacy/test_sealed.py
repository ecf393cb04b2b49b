"""Nothing but reveal() gets the text out of a Sealed."""

import contextlib
import copy
import dataclasses
import gc
import io
import json
import logging
import pickle
import pprint
import string
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from tests.leaks import leaks
from throughline.privacy import Sealed

SECRET = "my card is 4111 1111 1111 1111"


@dataclasses.dataclass(frozen=True)
class Holder:
    """Something that carries a Sealed, as a turn does."""

    raw: Sealed
    """The raw text."""


def _logged(sealed: Sealed) -> str:
    out = io.StringIO()
    logger = logging.getLogger("throughline.test.sealed")
    handler = logging.StreamHandler(out)
    logger.addHandler(handler)
    logger.warning("%s %r", sealed, sealed, extra={"sealed": sealed})
    logger.removeHandler(handler)
    return out.getvalue()


def _with_locals(sealed: Sealed) -> str:
    try:
        raise ValueError(sealed)
    except ValueError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


SHOWN: dict[str, Callable[[Sealed], str]] = {
    "repr": repr,
    "str": str,
    "format": lambda sealed: f"{sealed} {sealed!r} {sealed!s} {sealed!a} {sealed:>40} {sealed:d}",
    "percent": lambda sealed: "%s" % sealed,  # noqa: UP031
    "template": lambda sealed: string.Template("$x").substitute(x=sealed),
    "pprint": pprint.pformat,
    "container": lambda sealed: str([sealed, {sealed: sealed}, (sealed,), {sealed}]),
    "dataclass": lambda sealed: repr(Holder(sealed)),
    "json default": lambda sealed: json.dumps(sealed, default=str),
    "log": _logged,
    "traceback": _with_locals,
    "attributes": lambda sealed: " ".join(
        repr(getattr(sealed, name)) for name in dir(sealed) if name != "__abstractmethods__"
    ),
    "collector": lambda sealed: repr(list(gc.get_referents(sealed))),
}


@pytest.mark.parametrize("way", SHOWN)
def test_no_way_of_showing_it_shows_the_text(way: str) -> None:
    shown = SHOWN[way](Sealed(SECRET))
    assert "4111" not in shown
    assert leaks(shown, [SECRET, "4111111111111111"]) == []


REFUSED: dict[str, Callable[[Any], object]] = {
    "json": json.dumps,
    "pickle": pickle.dumps,
    "old pickle": lambda sealed: pickle.dumps(sealed, protocol=0),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "asdict": lambda sealed: dataclasses.asdict(Holder(sealed)),
    "astuple": lambda sealed: dataclasses.astuple(Holder(sealed)),
    "vars": vars,
    "bytes": bytes,
    "len": len,
    "iteration": list,
    "order": lambda sealed: sealed < sealed,
    "join": lambda sealed: "".join([sealed]),
    "state": lambda sealed: sealed.__getstate__(),
    "change": lambda sealed: setattr(sealed, "_open", None),
    "deletion": lambda sealed: delattr(sealed, "_open"),
    "a new attribute": lambda sealed: setattr(sealed, "text", "x"),
}


@pytest.mark.parametrize("way", REFUSED)
def test_every_way_of_serialising_or_changing_it_is_refused_without_telling(way: str) -> None:
    with pytest.raises(TypeError) as refused:
        REFUSED[way](Sealed(SECRET))
    assert "4111" not in str(refused.value)


def test_reveal_is_the_way_in() -> None:
    assert Sealed(SECRET).reveal() == SECRET


def test_equality_and_hash_tell_nothing_about_the_text() -> None:
    first, second = Sealed(SECRET), Sealed(SECRET)
    assert first != second
    assert first == first
    text: object = SECRET
    assert first != text
    assert hash(first) != hash(SECRET)


def test_the_same_object_survives_being_replaced_in_a_dataclass() -> None:
    sealed = Sealed(SECRET)
    assert dataclasses.replace(Holder(sealed)).raw is sealed


def test_a_value_that_is_not_text_is_refused_by_type_alone() -> None:
    with pytest.raises(TypeError) as refused:
        Sealed(b"4111")  # type: ignore[arg-type]  # the refusal is what is tested
    assert "bytes" in str(refused.value)
    assert "4111" not in str(refused.value)


def test_it_cannot_be_subclassed() -> None:
    with contextlib.suppress(TypeError):
        type("Open", (Sealed,), {})
        pytest.fail("a subclass could show what it holds")
