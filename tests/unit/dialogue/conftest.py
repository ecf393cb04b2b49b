"""Who talks to the engine in its tests."""

from __future__ import annotations

import pytest

from throughline.dialogue.action import Done
from throughline.dialogue.changes import Identified, Proved
from throughline.turn import Assurance, Provable

from .library import library
from .talker import Talker


@pytest.fixture
def talker() -> Talker:
    """Somebody who is known."""
    return Talker(library())


@pytest.fixture
def caller() -> Talker:
    """Somebody who only claims to be the customer, and whom a code can be sent to."""
    talker = Talker(library(), assurance=Assurance.CLAIMED, provable=Provable.CODE)
    talker.outcomes |= {
        "prove.send": Done(variant="phone"),
        "prove.check": Done(changes=(Proved("code"),)),
        "identify.check": Done(changes=(Identified("c2", "code"),)),
        "address.send": Done(variant="phone"),
    }
    return talker
