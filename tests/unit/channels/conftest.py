"""The rules' assertions explain themselves, wherever they are checked."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.unit.channels.lex_rules", "tests.unit.channels.alexa_rules")
