"""What was said before a proof at somebody else's address goes along, once, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace

from throughline.customers.store import Link, Stored
from throughline.dialogue.state import Acting, Proof, State, encode
from throughline.records.memory import MemoryStrands
from throughline.records.taking_along import proved_elsewhere, take_along, went_along
from throughline.records.transcript import StrandTurn
from throughline.turn import Assurance

NOW = 2_000_000_000.0
UNTIL = int(NOW) + 1000
HERS = Link("lw", 1, Assurance.LINKED, "login", NOW, "a1.hash", kind="web")
BOB = Acting("web:s2", "bob", "lb", 1, NOW)


def stored(*acting: Acting, proofs: tuple[Proof, ...] = ()) -> Stored:
    return Stored("her", 3, encode(State(acting=acting, proofs=proofs, last_at=NOW)), links={HERS.id: HERS})


def said(session: str, words: str, at: float) -> StrandTurn:
    return StrandTurn("lw", f"t-{words}", at, json.dumps({"session": session, "link": "lw", "said": words}))


def strands() -> MemoryStrands:
    kept = MemoryStrands()
    for turn in (
        said("web:s1", "hers", NOW - 90),
        said("web:s2", "his", NOW - 60),
        said("web:s2", "his too", NOW - 30),
        said("web:s2", "later", NOW + 30),
    ):
        kept.write_turn(turn)
    return kept


def words(kept: MemoryStrands, link: str) -> list[object]:
    return [turn.document()["said"] for turn in kept.turns(link)]


def test_the_sessions_words_from_before_the_proof_go_along_and_the_others_stay() -> None:
    kept = strands()
    for _ in range(2):
        take_along(kept, stored(BOB), BOB, UNTIL, lambda: 100.0)
    assert words(kept, "lb") == ["his", "his too"]
    assert words(kept, "lw") == ["hers", "later"]
    assert {turn.document()["link"] for turn in kept.turns("lb")} == {"lb"}, "and name her link no more"


def test_it_is_a_new_proof_that_sets_it_off() -> None:
    assert proved_elsewhere(stored(), stored(BOB)) == (BOB,)
    assert proved_elsewhere(None, stored(BOB)) == (BOB,)
    assert proved_elsewhere(stored(BOB), stored(BOB)) == ()
    again, merged = replace(BOB, at=BOB.at + 3600), replace(BOB, customer="cy")
    assert proved_elsewhere(stored(BOB), stored(again)) == (again,), "what was said meanwhile goes along"
    assert proved_elsewhere(stored(BOB), stored(merged)) == (merged,), "and by whom he has become"


def test_where_she_was_proved_in_that_session_herself_it_stays() -> None:
    hers = (Proof("lw", "web:s2", 0.0, "code"),)
    assert proved_elsewhere(stored(), stored(BOB, proofs=hers)) == ()


def test_of_somebody_who_was_forgotten_meanwhile_nothing_comes_back() -> None:
    kept = strands()
    kept.write_erased("lb", NOW, int(NOW) + 1000)
    take_along(kept, stored(BOB), BOB, UNTIL, lambda: 100.0)
    assert words(kept, "lb") == []
    assert words(kept, "lw") == ["hers", "later"]


def test_what_is_told_only_afterwards_is_sent_on() -> None:
    """A merge brought the session's customer elsewhere, and their stream is behind: the turn comes when all is done."""
    kept = strands()
    take_along(kept, stored(BOB), BOB, UNTIL, lambda: 100.0)
    for late in (
        said("web:s2", "late", NOW - 10),
        said("web:s1", "hers too", NOW - 5),
        said("web:s2", "new", NOW + 60),
    ):
        kept.write_turn(late)
        went_along(kept, late, kept.gone(late.link))
    assert words(kept, "lb") == ["his", "his too", "late"]
    assert words(kept, "lw") == ["hers", "hers too", "later", "new"]
