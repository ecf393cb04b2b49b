"""The flows of the bank's own telephone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import compiler
from telephony import contact_centre
from telephony.flow import Flow
from tests.unit.telephony.centre import DIALOGUE, Telephones, places


@pytest.fixture(scope="session")
def words() -> Telephones:
    return contact_centre.telephones(compiler.load(DIALOGUE))


@pytest.fixture(scope="session")
def flows(words: Telephones) -> Mapping[str, Flow]:
    return {flow.name: flow for flow in contact_centre.flows(words, places(words))}
