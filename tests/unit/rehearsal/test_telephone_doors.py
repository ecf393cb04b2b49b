"""What is asked of the telephone over HTTP is checked before anything happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from rehearsal.people import Person
from rehearsal.telephone_doors import NotAsked, TelephoneDoors


def _person(asked: Mapping[str, Any]) -> Person:
    return Person.called(str(asked.get("person", "Sam")))


DOORS = TelephoneDoors(None, _person, _person, lambda person: "")


def test_without_a_contact_centre_everything_says_so() -> None:
    with pytest.raises(NotAsked, match="no contact centre"):
        DOORS.gets()["/api/telephone/about"]({})
    with pytest.raises(NotAsked, match="no contact centre"):
        DOORS.posts()["/api/telephone/dial"]({"person": "Sam"})
    with pytest.raises(NotAsked, match="no contact centre"):
        DOORS.posts()["/api/telephone/do"]({"contact": "c", "keys": "1"})


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/telephone/dial", {"channel": "FAX"}),
        ("/api/telephone/dial", {"withheld": "yes"}),
        ("/api/telephone/do", {"contact": "c", "keys": "12a"}),
        ("/api/telephone/do", {"contact": "c", "keys": "1" * 41}),
        ("/api/telephone/do", {"contact": "c", "say": "  "}),
        ("/api/telephone/do", {"contact": 7, "keys": "1"}),
        ("/api/telephone/pick_up", {"answers": "no"}),
        ("/api/telephone/agent", {"agent": "billie"}),
    ],
)
def test_what_makes_no_sense_is_refused(path: str, asked: dict[str, Any]) -> None:
    with pytest.raises(NotAsked, match=r"give|`"):
        DOORS.posts()[path](asked)


def test_nothing_is_spoken_without_words() -> None:
    with pytest.raises(NotAsked, match="words"):
        DOORS.speech({"words": ""})
    with pytest.raises(NotAsked, match="3000"):
        DOORS.speech({"words": "a" * 4_000})
