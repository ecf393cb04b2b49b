"""Which browser pages may talk to the stand-in."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest

from rehearsal.lex.http import Request
from tests.unit.rehearsal.lex.conftest import Line


def call(line: Line, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Any:
    return urlopen(Call(line.url + path, data=body, headers=headers, method=method), timeout=10)


def test_a_page_of_this_machine_may_call(line: Line) -> None:
    where = line.where()
    path = f"/bots/{where['botId']}/botAliases/{where['botAliasId']}/botLocales/en_US/sessions/someone/text"
    origin = {"Origin": "http://127.0.0.1:8700"}
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,x-amz-date,content-type",
    }
    with call(line, "OPTIONS", path, {**origin, **asked}) as allowed:
        assert allowed.status == 204
        assert allowed.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8700"
        assert allowed.headers["Access-Control-Allow-Headers"] == "authorization,x-amz-date,content-type"
        assert "DELETE" in allowed.headers["Access-Control-Allow-Methods"]
    with call(line, "POST", path, origin, b'{"text": "order flowers"}') as answered:
        assert answered.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8700"
        exposed = answered.headers["Access-Control-Expose-Headers"]
        assert "x-amz-lex-session-state" in exposed
        assert "x-amzn-ErrorType" in exposed
        assert json.load(answered)["sessionId"] == "someone"


@pytest.mark.parametrize("origin", ["https://example.com", "http://127.0.0.1.example.com", "null"])
def test_a_page_from_elsewhere_may_not(line: Line, origin: str) -> None:
    request = Request("OPTIONS", "/bots/x", {"origin": origin})
    assert line.wire.handle(request).headers == {}
