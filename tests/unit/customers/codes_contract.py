"""What every place for challenges and allowances must do: one suite for the fake, for moto and for DynamoDB Local."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from tests.leaks import leaks
from tests.unit.customers.failures import PASSING, name
from tests.unit.customers.rig import NOW, POINTERS
from tests.unit.customers.tables import Flaky, lost_answer
from throughline.customers.allowances import DAY, HOUR, Allowance, Allowances, MemoryAllowances
from throughline.customers.codes import (
    SECONDS,
    TRIES,
    Asker,
    Challenge,
    Challenges,
    Codes,
    MemoryChallenges,
    Purpose,
    Standing,
)
from throughline.customers.dynamo_codes import DynamoAllowances, DynamoChallenges
from throughline.customers.keys import FixedKeys, KeyRing
from throughline.errors import StoreError, StoreUnavailable
from throughline.privacy.sealed import Sealed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CODE_KEYS = FixedKeys(KeyRing("a1", {"a1": b"an address key, 16 bytes"}), POINTERS)
PAT = Asker("c-pat", "web#1")
CODE, OTHER = "420917", "110355"
PHONE_OF_PAT = "phone\0+12025550143"


def challenge(place: str = "here", hashed: str = "k.hash", expires: float = NOW + SECONDS) -> Challenge:
    return Challenge(place, "prove", "c-pat", "l-1", hashed, int(expires), to="l-2")


class CodesRig(ABC):
    """A place to keep both in."""

    keys = CODE_KEYS

    @abstractmethod
    def challenges(self) -> Challenges: ...

    @abstractmethod
    def allowances(self) -> Allowances: ...

    @abstractmethod
    def at_rest(self) -> str:
        """All that is kept, as text."""

    def codes(self, *drawn: str) -> Codes:
        left = list(drawn) or [CODE]
        return Codes(self.challenges(), self.keys, lambda: left.pop(0))


class MemoryCodesRig(CodesRig):
    def __init__(self) -> None:
        self._challenges = MemoryChallenges()
        self._allowances = MemoryAllowances(self.keys)

    def challenges(self) -> Challenges:
        return self._challenges

    def allowances(self) -> Allowances:
        return self._allowances

    def at_rest(self) -> str:
        return f"{self._challenges.kept!r} {self._allowances.kept!r}"


class TableCodesRig(CodesRig):
    def __init__(self, client: DynamoDBClient, table: str, *, threadsafe: bool = True) -> None:
        self.client = client
        self.table = table
        self.flaky = Flaky(client, nullcontext() if threadsafe else threading.Lock())

    def challenges(self) -> Challenges:
        return DynamoChallenges(self.flaky, self.table)  # type: ignore[arg-type]  # Flaky passes all through

    def allowances(self) -> Allowances:
        return DynamoAllowances(self.flaky, self.table, self.keys)  # type: ignore[arg-type]  # Flaky passes all through

    def at_rest(self) -> str:
        return str(self.client.scan(TableName=self.table)["Items"])


def of(most: int, who: str = "c-pat", name: str = "send.customer", seconds: int = HOUR) -> Allowance:
    return Allowance(name, who, most, seconds)


class CodesContract:
    """Inherit from it and give a fixture `codes_rig`."""

    # challenges

    def test_a_guess_is_paid_for_and_brings_the_challenge(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        kept.put(challenge())
        paid, there = kept.spend("here", "guess-1", NOW)
        assert paid
        assert there is not None
        assert (there.hash, there.tries, there.last, there.about) == ("k.hash", 1, "guess-1", "c-pat")
        assert there.to == "l-2"

    def test_only_three_guesses_are_paid_for(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        kept.put(challenge())
        assert [kept.spend("here", f"guess-{n}", NOW)[0] for n in range(5)] == [True] * TRIES + [False] * 2

    def test_the_last_guess_again_is_refused_but_named(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        kept.put(challenge())
        kept.spend("here", "guess-1", NOW)
        paid, there = kept.spend("here", "guess-1", NOW)
        assert not paid
        assert there is not None
        assert (there.tries, there.last) == (1, "guess-1")

    def test_where_none_was_sent_there_is_none(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        assert kept.spend("nowhere", "guess-1", NOW) == (False, None)
        assert not kept.use("nowhere", "k.hash", "turn-1")

    def test_an_expired_challenge_takes_no_guess(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        kept.put(challenge(expires=NOW))
        assert not kept.spend("here", "guess-1", NOW)[0]
        assert kept.spend("here", "guess-1", NOW - 0.5)[0]

    def test_a_used_challenge_takes_no_guess_and_says_who_used_it(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        kept.put(challenge())
        assert kept.use("here", "k.hash", "turn-1")
        paid, there = kept.spend("here", "guess-1", NOW)
        assert not paid
        assert there is not None
        assert there.used == "turn-1"

    def test_it_is_used_once_and_again_only_by_the_same_turn(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        kept.put(challenge())
        assert kept.use("here", "k.hash", "turn-1")
        assert kept.use("here", "k.hash", "turn-1")
        assert not kept.use("here", "k.hash", "turn-2")

    def test_a_challenge_that_was_replaced_is_not_used(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        kept.put(challenge())
        kept.put(challenge(hashed="k.newer"))
        assert not kept.use("here", "k.hash", "turn-1")
        assert kept.use("here", "k.newer", "turn-1")

    def test_a_new_challenge_has_all_its_tries(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.challenges()
        kept.put(challenge())
        for n in range(TRIES):
            kept.spend("here", f"guess-{n}", NOW)
        kept.put(challenge())
        assert kept.spend("here", "guess-9", NOW)[0]

    # codes

    def test_the_right_code_proves_what_it_was_sent_for(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        assert codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW, "l-2").reveal() == CODE
        verdict = codes.check(PAT, Purpose.PROVE, "t1", Sealed(f"it's {CODE}"), NOW + 299)
        assert (verdict.standing, verdict.about, verdict.to) == (Standing.RIGHT, "c-pat", "l-2")

    def test_three_wrong_codes_and_then_even_the_right_one_is_too_late(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
        heard = [codes.check(PAT, Purpose.PROVE, f"t{n}", Sealed(f"00000{n}"), NOW).standing for n in range(3)]
        assert heard == [Standing.WRONG, Standing.WRONG, Standing.SPENT]
        assert codes.check(PAT, Purpose.PROVE, "t9", Sealed(CODE), NOW).standing is Standing.SPENT

    def test_a_code_counts_once_but_its_own_turn_hears_the_same_again(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
        told = [codes.check(PAT, Purpose.PROVE, turn, Sealed(CODE), NOW).standing for turn in ("t1", "t1", "t2", "t1")]
        assert told == [Standing.RIGHT, Standing.RIGHT, Standing.EXPIRED, Standing.RIGHT]

    def test_a_turn_that_was_right_is_not_right_with_another_code(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
        codes.check(PAT, Purpose.PROVE, "t1", Sealed(CODE), NOW)
        assert codes.check(PAT, Purpose.PROVE, "t1", Sealed(OTHER), NOW).standing is Standing.EXPIRED

    def test_a_turn_without_an_id_is_like_no_other(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
        assert codes.check(PAT, Purpose.PROVE, "", Sealed(CODE), NOW).standing is Standing.RIGHT
        assert codes.check(PAT, Purpose.PROVE, "", Sealed(CODE), NOW).standing is Standing.EXPIRED

    def test_neither_code_nor_address_stands_in_what_is_kept(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
        codes.check(PAT, Purpose.PROVE, "t0", Sealed(OTHER), NOW)
        codes.check(PAT, Purpose.PROVE, "t1", Sealed(CODE), NOW)
        codes_rig.allowances().spend((of(1), of(1, PHONE_OF_PAT, "send.destination")), NOW)
        assert "send.destination" in codes_rig.at_rest()
        assert leaks(codes_rig.at_rest(), [CODE, OTHER, "+12025550143"]) == []

    def test_of_a_crowd_of_guesses_at_once_three_get_a_verdict(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)

        def guess(n: int) -> Standing:
            return codes.check(PAT, Purpose.PROVE, f"t{n}", Sealed(f"{n:06d}"), NOW).standing

        with ThreadPoolExecutor(16) as pool:
            told = Counter(pool.map(guess, range(40)))
        assert told[Standing.WRONG] == TRIES - 1
        assert told[Standing.SPENT] == 40 - (TRIES - 1)

    def test_of_a_crowd_with_the_right_code_one_turn_wins(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)

        def answer(n: int) -> Standing:
            return codes.check(PAT, Purpose.PROVE, f"t{n}", Sealed(CODE), NOW).standing

        with ThreadPoolExecutor(16) as pool:
            assert Counter(pool.map(answer, range(40)))[Standing.RIGHT] == 1

    def test_one_turn_delivered_many_times_at_once_hears_the_same(self, codes_rig: CodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)

        def answer(_: int) -> Standing:
            return codes.check(PAT, Purpose.PROVE, "t1", Sealed(CODE), NOW).standing

        with ThreadPoolExecutor(16) as pool:
            assert set(pool.map(answer, range(20))) == {Standing.RIGHT}

    def test_a_crowd_passes_an_allowance_as_often_as_it_says(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        with ThreadPoolExecutor(16) as pool:
            told = Counter(pool.map(lambda _: kept.spend((of(5),), NOW), range(40)))
        assert told == {"": 5, "send.customer": 35}

    # allowances

    def test_as_many_pass_as_are_allowed(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        assert [kept.spend((of(3),), NOW) for _ in range(5)] == ["", "", "", "send.customer", "send.customer"]

    def test_each_has_a_count_of_their_own(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        kept.spend((of(1),), NOW)
        others = (of(1, who="c-kim"), of(1, name="send.source"), of(1, seconds=DAY))
        assert [kept.spend((one,), NOW) for one in others] == ["", "", ""]

    def test_whether_any_is_left_is_told_without_taking_one(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        assert [kept.left(of(1), NOW) for _ in range(3)] == [True] * 3
        assert kept.spend((of(1),), NOW) == ""
        assert (kept.left(of(1), NOW), kept.left(of(2), NOW), kept.left(of(1), NOW + HOUR)) == (False, True, True)

    def test_a_new_window_begins_anew(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        kept.spend((of(1),), NOW)
        assert kept.spend((of(1),), NOW + HOUR) == ""

    def test_all_are_spent_or_none_and_the_exhausted_one_is_named(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        customer, destination, source = of(5), of(1, "p", "send.destination"), of(5, "l", "send.source")
        assert kept.spend((customer, destination, source), NOW) == ""
        assert kept.spend((customer, destination, source), NOW) == "send.destination"
        assert [kept.spend((customer,), NOW) for _ in range(5)] == ["", "", "", "", "send.customer"]

    def test_one_deed_is_counted_once_and_passes_again_even_where_no_more_do(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        told = [kept.spend((of(2), of(9, seconds=DAY)), NOW, deed) for deed in ("a", "a", "b", "b", "c", "b", "c")]
        assert told == ["", "", "", "", "send.customer", "", "send.customer"]

    def test_a_deed_is_paid_for_where_any_of_its_counters_has_it_last(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        source = of(2, "l", "send.source")
        assert kept.spend((of(1), source), NOW, "a") == ""
        assert kept.spend((of(1, "c-kim"), source), NOW, "b") == ""
        assert kept.spend((of(1), source), NOW, "a") == ""
        assert kept.spend((of(1, "c-lou"), source), NOW, "c") == "send.source"

    def test_a_lone_counter_counts_a_deed_once_too(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        told = [kept.spend((of(1),), NOW, deed) for deed in ("a", "a", "b")]
        assert told == ["", "", "send.customer"]

    def test_an_hour_and_a_day_are_counted_apart(self, codes_rig: CodesRig) -> None:
        kept = codes_rig.allowances()
        both = (of(1), of(2, seconds=DAY))
        told = [kept.spend(both, NOW + n * HOUR) for n in range(3)]
        assert told == ["", "", "send.customer"]


class CodesFailureContract:
    """For tables: inherit from it, too."""

    @pytest.mark.parametrize("failure", PASSING, ids=name)
    def test_a_table_that_does_not_answer_gives_no_verdict(self, codes_rig: TableCodesRig, failure: Exception) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
        codes_rig.flaky.before += [failure, failure]
        with pytest.raises(StoreUnavailable):
            codes.check(PAT, Purpose.PROVE, "t1", Sealed(CODE), NOW)
        assert codes.check(PAT, Purpose.PROVE, "t1", Sealed(CODE), NOW).standing is Standing.RIGHT

    def test_a_guess_whose_answer_was_lost_is_paid_for_once(self, codes_rig: TableCodesRig) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
        for n in range(2):
            codes_rig.flaky.after.append(lost_answer())
            assert codes.check(PAT, Purpose.PROVE, f"t{n}", Sealed(OTHER), NOW).standing is Standing.WRONG
        codes_rig.flaky.after.append(lost_answer())
        assert codes.check(PAT, Purpose.PROVE, "t2", Sealed(CODE), NOW).standing is Standing.RIGHT

    def test_a_turn_that_died_between_paying_and_using_gets_its_verdict_when_delivered_again(
        self, codes_rig: TableCodesRig
    ) -> None:
        codes = codes_rig.codes()
        codes.begin(PAT, Purpose.PROVE, "c-pat", "l-1", NOW)
        for n in range(2):
            codes.check(PAT, Purpose.PROVE, f"t{n}", Sealed(OTHER), NOW)

        def table_goes() -> None:
            codes_rig.flaky.before += [lost_answer(), lost_answer()]

        codes_rig.flaky.meanwhile.append(table_goes)
        with pytest.raises(StoreUnavailable):
            codes.check(PAT, Purpose.PROVE, "t3", Sealed(CODE), NOW)
        assert codes.check(PAT, Purpose.PROVE, "t4", Sealed(CODE), NOW).standing is Standing.SPENT
        assert codes.check(PAT, Purpose.PROVE, "t3", Sealed(CODE), NOW).standing is Standing.RIGHT

    def test_a_deed_whose_answer_was_lost_is_counted_once(self, codes_rig: TableCodesRig) -> None:
        kept = codes_rig.allowances()
        codes_rig.flaky.after.append(lost_answer())
        assert [kept.spend((of(2),), NOW, deed) for deed in ("a", "b", "c")] == ["", "", "send.customer"]

    def test_a_challenge_from_before_it_told_where_it_went_is_read(self, codes_rig: TableCodesRig) -> None:
        codes_rig.challenges().put(challenge())
        codes_rig.client.update_item(
            TableName=codes_rig.table,
            Key={"pk": {"S": "P#here"}, "sk": {"S": "code"}},
            UpdateExpression="REMOVE #to",
            ExpressionAttributeNames={"#to": "to"},
        )
        _, there = codes_rig.challenges().spend("here", "guess-1", NOW)
        assert there is not None
        assert there.to == ""

    def test_a_challenge_of_another_schema_is_named_as_such(self, codes_rig: TableCodesRig) -> None:
        codes_rig.challenges().put(challenge())
        codes_rig.client.update_item(
            TableName=codes_rig.table,
            Key={"pk": {"S": "P#here"}, "sk": {"S": "code"}},
            UpdateExpression="REMOVE purpose",
        )
        with pytest.raises(StoreError, match="schema"):
            codes_rig.challenges().spend("here", "guess-1", NOW)

    def test_both_are_swept_by_the_tables_own_clock(self, codes_rig: TableCodesRig) -> None:
        codes_rig.challenges().put(challenge())
        codes_rig.allowances().spend((of(2), of(2, "p", "send.destination")), NOW)
        items = codes_rig.client.scan(TableName=codes_rig.table)["Items"]
        assert len(items) == 3
        assert all(NOW < float(item["expires"]["N"]) < NOW + 3 * HOUR for item in items)
