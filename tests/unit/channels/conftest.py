"""The rules' assertions explain themselves, wherever they are checked."""

from __future__ import annotations

import sys

import pytest

for rules in ("lex_rules", "alexa_rules"):
    if f"tests.unit.channels.{rules}" not in sys.modules:
        pytest.register_assert_rewrite(f"tests.unit.channels.{rules}")
