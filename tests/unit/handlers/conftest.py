"""The handlers, imported as Lambda does it, over a DynamoDB and a Secrets Manager in this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

RULES = "channels.lex_rules", "channels.alexa_rules", "handlers.counter"
for rules in RULES:
    if f"tests.unit.{rules}" not in sys.modules:
        pytest.register_assert_rewrite(f"tests.unit.{rules}")

from tests.unit.handlers.counter import Counter, model_json  # noqa: E402 - its assertions are rewritten first


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library's model as the compiler would have left it."""
    path = tmp_path_factory.mktemp("model") / "model.json"
    path.write_text(json.dumps(model_json()))
    return path


@pytest.fixture(scope="module")
def opened(model_file: Path) -> Iterator[Counter]:
    """The library's counter, open for all of a module's tests: imports and clients take their time."""
    with mock_aws(), pytest.MonkeyPatch.context() as monkeypatch:
        yield Counter(monkeypatch, model_file)


@pytest.fixture
def counter(opened: Counter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Counter:
    """The library's counter: both handlers, their table, and what they write to the log."""
    opened.begin(monkeypatch, capsys)
    return opened
