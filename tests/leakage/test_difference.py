"""Short secrets, by difference: two runs that differ only in them leave the same bytes in stores, logs and replies."""

from __future__ import annotations

import pytest

from tests.leakage.difference import CASES, Case, run
from throughline.channels import lex
from throughline.channels.capabilities import EAR
from throughline.customers.keys import KeyRing

pytestmark = pytest.mark.xdist_group("attackers")


def unlike(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """Where two runs differ, and how it reads there."""
    found = []
    for place in sorted({*first, *second}):
        one, other = first.get(place, ""), second.get(place, "")
        if one != other:
            at = next(
                (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
            )
            found.append(f"{place}: {one[max(0, at - 200) : at + 80]!r} | {other[max(0, at - 200) : at + 80]!r}")
    return found


def test_what_differs_only_in_secrets_leaves_the_same_behind() -> None:
    first, second = run(0), run(1)
    differ = unlike(first, second)
    assert differ == [], "\n".join(differ)
    assert all(first[place] for place in ("logs and metrics", "replies", "timeline"))


def test_what_is_no_secret_does_make_a_difference() -> None:
    shown = (Case("no secret", EAR, ("when is the {} branch open",), ("downtown", "airport")),)
    assert unlike(run(0, shown), run(1, shown))


def test_all_the_ways_that_ask_for_secrets_are_tried() -> None:
    assert len({case.way for case in CASES if case.name == "a wrong code"}) == 5


def test_a_code_cannot_be_found_again_from_a_turns_id_by_trying_all() -> None:
    event = {
        "sessionId": "s", "inputTranscript": "482913", "inputMode": "Text",
        "bot": {"aliasName": "live", "localeId": "en_US"}, "sessionState": {}, "interpretations": [],
    }  # fmt: skip
    hook = lex.parse(event)
    rings = [KeyRing("1", {"1": bytes([n]) * 32}) for n in range(2)]
    assert len({lex.turn_id(hook, "fresh", ring) for ring in rings}) == 2
    assert lex.turn_id(hook, "fresh", rings[0]) == lex.turn_id(hook, "fresh", rings[0])
