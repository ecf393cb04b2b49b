"""Files that come with a message are counted, and go no further."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from throughline.channels import texting, web
from throughline.customers.keys import KeyRing
from throughline.errors import EventError
from throughline.turn import Turn

By = Callable[..., Turn]
KEYS = KeyRing("a", {"a": b"a" * 32})
COUNTS = [([{"url": "https://example.com/a.png"}, "b"], 2), (3, 3), ([0] * 500, 99)]
NONE: list[object] = [None, [], 0, -1, 10**9, "2", True, {"a": 1}, float("nan")]


def by_web(files: object, **given: object) -> Turn:
    return web.to_turn({"id": "m1", "session": "s1", "attachments": files, **given}, at=1.0)


def by_text(files: object, **given: object) -> Turn:
    message = {"id": "m1", "from": "+12125550101", "media": files, **given}
    return texting.to_turn(message, at=1.0, locale="en_US", keys=KEYS)[0]


@pytest.mark.parametrize("by", [by_web, by_text])
@pytest.mark.parametrize(("files", "number"), COUNTS)
def test_files_are_counted_beside_words_and_without(by: By, files: object, number: int) -> None:
    turn = by(files, text="look")
    assert (turn.attachments, turn.text) == (number, "look")
    assert by(files).attachments == number
    assert by(files).text == ""
    assert "example.com" not in repr(turn)


@pytest.mark.parametrize("by", [by_web, by_text])
@pytest.mark.parametrize("files", NONE)
def test_what_is_no_file_is_none(by: By, files: object) -> None:
    assert by(files, text="look").attachments == 0
    with pytest.raises(EventError):
        by(files)
