"""One-time codes: what can be said, guessed, replayed and kept. The fake keeps the contract, too."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.unit.customers.codes_contract import CODE, OTHER, PAT, CodesContract, CodesRig, MemoryCodesRig
from tests.unit.customers.rig import NOW, POINTERS
from throughline.customers.codes import (
    SECONDS,
    TRIES,
    Asker,
    Codes,
    MemoryChallenges,
    Purpose,
    Standing,
    code_said,
    six_digits,
)
from throughline.customers.keys import FixedKeys, KeyRing, parse_keys
from throughline.privacy.sealed import Sealed


class TestCodesInMemory(CodesContract):
    @pytest.fixture
    def codes_rig(self) -> CodesRig:
        return MemoryCodesRig()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("420917", "420917"),
        ("420 917", "420917"),
        ("It's 420-917, thanks", "420917"),
        ("four two oh nine one seven", "420917"),
        ("forty-two, zero nine, seventeen", "420917"),
        ("double one 0 3 double five", "110355"),
        ("٤٢٠٩١٧", "420917"),
        ("420917#", "420917"),
        ("I got two texts, the code is 420917", "420917"),
        ("420917 I mean 420917", "420917"),
        ("42091", ""),
        ("4209178", ""),
        ("110355 or 420917", ""),
        ("it hasn't come yet", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_however_it_is_given(said: str, code: str) -> None:
    assert code_said(said) == code


def test_codes_have_six_digits_and_are_hardly_ever_alike() -> None:
    drawn = [six_digits() for _ in range(2000)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in drawn)
    assert len(set(drawn)) > 1900


def test_an_answer_without_a_code_costs_no_try() -> None:
    rig = MemoryCodesRig()
    codes = rig.codes()
    codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
    for n in range(5):
        assert codes.check(PAT, Purpose.PROVE, f"t{n}", Sealed("where is it?"), NOW).standing is Standing.WRONG
    assert codes.check(PAT, Purpose.PROVE, "t", None, NOW).standing is Standing.WRONG
    assert codes.check(PAT, Purpose.PROVE, "t6", Sealed(CODE), NOW).standing is Standing.RIGHT


@pytest.mark.parametrize(("customer", "session"), [("", "web#1"), ("c-pat", "")])
def test_nobody_asks_for_a_code_without_a_customer_and_a_session(customer: str, session: str) -> None:
    with pytest.raises(ValueError, match="bound"):
        Asker(customer, session)


def test_a_right_code_outlives_a_rotation_of_the_key_while_the_old_one_is_accepted() -> None:
    kept = MemoryChallenges()
    old = KeyRing("k1", {"k1": b"the first key, 16 bytes"})
    both = KeyRing("k2", {**old.keys, "k2": b"the second key, 16 bytes"})
    new = KeyRing("k2", {"k2": b"the second key, 16 bytes"})
    Codes(kept, FixedKeys(POINTERS, POINTERS, old), lambda: CODE).begin(PAT, Purpose.PROVE, "c-pat", "l", NOW)
    for ring, standing in ((new, Standing.EXPIRED), (both, Standing.RIGHT)):
        codes = Codes(kept, FixedKeys(POINTERS, POINTERS, ring))
        assert codes.check(PAT, Purpose.PROVE, f"t{len(ring.keys)}", Sealed(CODE), NOW).standing is standing


def test_code_keys_are_neither_address_nor_pointer_keys() -> None:
    keys = parse_keys('{"current":"k1","k1":"' + "an invented root of 32 characters or more" + '"}')
    rings = (keys.address_keys(), keys.pointer_keys(), keys.code_keys())
    assert len({ring.keys["k1"] for ring in rings}) == 3
    bare = FixedKeys(keys.address_keys(), keys.pointer_keys())
    assert bare.code_keys().keys["k1"] != keys.pointer_keys().keys["k1"]


def test_a_challenge_about_nothing_is_met_by_no_answer() -> None:
    codes = MemoryCodesRig().codes()
    code = codes.begin(PAT, Purpose.IDENTIFY, "", "l-1", NOW)
    assert codes.check(PAT, Purpose.IDENTIFY, "t1", code, NOW).standing is Standing.WRONG


def test_nothing_about_a_code_shows_when_its_parts_are_printed() -> None:
    rig = MemoryCodesRig()
    codes = rig.codes()
    code = codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
    verdict = codes.check(PAT, Purpose.PROVE, "t1", code, NOW)
    assert CODE not in f"{code!r} {code} {verdict!r} {codes!r} {rig.challenges().spend(PAT.place, 'g', NOW)!r}"


ASKERS = [Asker(customer, session) for customer in ("c-pat", "c-kim") for session in ("web#1", "call#2")]
GUESSES = st.sampled_from([CODE, OTHER, "000000", "999999", "42091", "it didn't come"])


class AnyOrder(RuleBasedStateMachine):
    """Sends, guesses, replays and waits in any order, watched by a plain account of what may count."""

    @initialize()
    def begin(self) -> None:
        self.kept = MemoryChallenges()
        self.now = NOW
        self.next_code = CODE
        self.codes = Codes(self.kept, FixedKeys(POINTERS, POINTERS), lambda: self.next_code)
        self.sent: dict[Asker, tuple[str, Purpose, float]] = {}
        self.verdicts: dict[Asker, set[tuple[str, str]]] = {}
        self.winner: dict[Asker, str] = {}

    @rule(who=st.sampled_from(ASKERS), purpose=st.sampled_from(list(Purpose)), code=st.sampled_from([CODE, OTHER]))
    def send(self, who: Asker, purpose: Purpose, code: str) -> None:
        self.next_code = code
        self.codes.begin(who, purpose, f"about {who.customer}", "l", self.now)
        self.sent[who] = (code, purpose, self.now + SECONDS)
        self.verdicts[who] = set()
        self.winner.pop(who, None)

    @rule(seconds=st.sampled_from([1.0, 100.0, 299.0, 300.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(
        who=st.sampled_from(ASKERS),
        purpose=st.sampled_from(list(Purpose)),
        turn=st.sampled_from(["t1", "t2", "t3", "t4", "t5", ""]),
        guess=GUESSES,
    )
    def guess(self, who: Asker, purpose: Purpose, turn: str, guess: str) -> None:
        verdict = self.codes.check(who, purpose, turn, Sealed(guess), self.now)
        code, wanted, until = self.sent.get(who, ("", purpose, 0.0))
        if verdict.standing is Standing.RIGHT:
            assert guess == code
            assert purpose is wanted
            assert self.now < until
            assert verdict.about == f"about {who.customer}"
            assert self.winner.get(who, turn) == turn, "a code counted twice"
            self.winner[who] = turn or "(a turn of its own)"
        elif verdict.standing is Standing.WRONG and code_said(guess):
            self.verdicts[who].add((turn, guess))
            assert purpose is wanted
            assert self.now < until

    @invariant()
    def nobody_learns_more_than_their_tries(self) -> None:
        for who, learnt in getattr(self, "verdicts", {}).items():
            assert len({guess for _, guess in learnt}) + (who in self.winner) <= TRIES


TestAnyOrder = AnyOrder.TestCase


@given(st.lists(st.tuples(st.sampled_from(["t1", "t2"]), st.integers(0, 999_999)), max_size=40))
def test_no_list_of_guesses_gets_verdicts_on_more_than_three_codes(guesses: list[tuple[str, int]]) -> None:
    codes = MemoryCodesRig().codes()
    codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
    learnt = {
        number
        for turn, number in guesses
        if codes.check(PAT, Purpose.PROVE, turn, Sealed(f"{number:06d}"), NOW).standing is not Standing.SPENT
    }
    assert len(learnt) <= TRIES
