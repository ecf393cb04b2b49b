"""The one path's promises, whatever the store: costs, races and death in the middle. Run over each store."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest

from tests.unit.path.caller import PAY, Caller, Till
from throughline.conversation import Sender
from throughline.customers.store import CustomerStore, Stored
from throughline.dialogue.action import Action, Call, Outcome
from throughline.dialogue.state import decode
from throughline.errors import RecogniserUnavailable
from throughline.rendering import shown
from throughline.turn import Assurance, Heard


class Costs(NamedTuple):
    """Requests to the database."""

    reads: int
    writes: int


@dataclass
class Rig:
    """A store under test, and how to count what it costs."""

    store: CustomerStore
    costs: Callable[[], Costs]
    serial: bool = False
    """Whether the database takes one request at a time (an emulator's weakness, not ours)."""

    def spent(self, todo: Callable[[], object]) -> Costs:
        before = self.costs()
        todo()
        after = self.costs()
        return Costs(after.reads - before.reads, after.writes - before.writes)


class Killed(BaseException):
    """The process ended here."""


def known_caller(rig: Rig, till: Till, **given: Any) -> Caller:
    caller = Caller(rig.store, till.actions(), **given)
    caller.enrol()
    return caller


class PathContract:
    """Subclass with a fixture `rig`."""

    def test_a_first_contact_costs_one_read_and_one_write(self, rig: Rig) -> None:
        caller = Caller(rig.store, Till().actions())
        assert rig.spent(lambda: caller.hears("Hours")) == Costs(1, 1)

    def test_a_turn_without_a_pointer_costs_one_read_more(self, rig: Rig) -> None:
        caller = known_caller(rig, Till())
        assert rig.spent(lambda: caller.hears("Hours")) == Costs(2, 1)

    def test_a_turn_with_a_pointer_costs_one_read_and_one_write(self, rig: Rig) -> None:
        caller = known_caller(rig, Till())
        caller.hears("Hours")
        for _ in range(10):
            assert rig.spent(lambda: caller.hears("Hours")) == Costs(1, 1)

    def test_a_guest_costs_one_read_and_one_write(self, rig: Rig) -> None:
        caller = Caller(rig.store, Till().actions())
        sender = Sender(Assurance.ANONYMOUS, session="lex:guest:abc")
        assert rig.spent(lambda: caller.take(caller.turn(heard=(Heard("Hours"),)), sender)) == Costs(1, 1)

    def test_an_irreversible_action_costs_one_write_more(self, rig: Rig) -> None:
        caller = known_caller(rig, Till())
        caller.hears("PayFee", PAY)
        assert rig.spent(lambda: caller.hears("Yes")) == Costs(1, 2)

    def test_a_lost_race_costs_one_write_more_and_no_read(self, rig: Rig) -> None:
        caller = known_caller(rig, Till())
        caller.hears("Hours")
        rival = Caller(rig.store, Till().actions(), now=caller.now, session="s2")

        def overtaken(*_: object) -> tuple[Heard, ...]:
            rival.hears("Fees", id="rival")
            return (Heard("Hours", 0.9),)

        turn = caller.turn(text="hours")
        spent = rig.spent(lambda: caller.take(turn, hear=overtaken))
        assert spent == Costs(1 + 2, 1 + 1 + 1)
        assert caller.last is not None and caller.last.writes == 2

    def test_a_recogniser_that_is_down_is_no_miss_of_the_customers(self, rig: Rig) -> None:
        caller = known_caller(rig, Till())
        caller.hears("PayFee", {"amount": "5"})

        def deaf(*_: object) -> tuple[Heard, ...]:
            raise RecogniserUnavailable("down")

        spent = rig.spent(lambda: caller.take(caller.turn(text="from wherever"), hear=deaf))
        assert spent == Costs(1, 0) and caller.last is not None and caller.last.problem == "recogniser"
        assert "PayFee.target.ask" in caller.take(caller.turn(text="the card"), hear=deaf), "typed by name it works"

    def test_a_repeated_turn_reads_once_and_writes_nothing(self, rig: Rig) -> None:
        till = Till()
        caller = known_caller(rig, till)
        caller.hears("PayFee", PAY)
        first = caller.hears("Yes", id="same")
        spent = rig.spent(lambda: caller.hears("Yes", id="same"))
        assert spent == Costs(1, 0)
        assert caller.hears("Yes", id="same") == first
        assert till.moved == 1

    def test_a_hundred_parallel_turns_get_one_reply_each_and_none_is_lost(self, rig: Rig) -> None:
        till = Till()
        caller = known_caller(rig, till, budget=60.0)
        caller.hears("Hours")
        assert caller.last is not None
        sender = Sender(Assurance.VERIFIED, pointer=caller.last.pointer, address=caller.address)
        turns = [caller.turn(id=f"p{n}", heard=(Heard("Hours", 0.9),)) for n in range(100)]
        gate = threading.Barrier(16)

        def one(index: int) -> tuple[str, str, int]:
            if index < 16:
                gate.wait(10)
            exchange = caller.path.answer(turns[index], sender)
            return turns[index].id, " | ".join(shown(_MODEL, exchange.reply, "en_US")), exchange.writes

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(one, range(100)))
        said = Counter(text for _, text, _ in answers)
        assert set(said) <= {"Hours.answer | anything_else", "working"}
        stored, _ = rig.store.by_address(caller.address, caller.now)
        state = decode(stored.state)
        decided = [a.turn for a in state.recent if a.turn.startswith("p")]
        assert len(decided) == len(set(decided)) == said["Hours.answer | anything_else"]
        assert caller.troubles.told == []
        print(f"100 parallel turns: {sum(writes for *_, writes in answers)} writes, {said['working']} asked to wait")

    def test_two_confirmations_at_once_move_money_once(self, rig: Rig) -> None:
        for round_ in range(5):
            till = Till()
            caller = known_caller(rig, till, session=f"r{round_}", now=1_790_000_000.0 + 1000 * round_)
            caller.hears("PayFee", PAY)
            assert caller.last is not None
            question = caller.last.reply.question
            sender = Sender(Assurance.VERIFIED, pointer=caller.last.pointer, address=caller.address)
            turns = [caller.turn(id=f"y{round_}-{n}", heard=(Heard("Yes", 0.9),), answers=question) for n in range(8)]
            with ThreadPoolExecutor(8) as pool:
                replies = list(pool.map(lambda turn: caller.path.answer(turn, sender).reply, turns))  # noqa: B023
            assert till.moved == 1
            assert all(reply.lines for reply in replies)
            caller.hears("Goodbye", after=60)

    @pytest.mark.parametrize("point", range(6))
    def test_death_between_any_two_steps_moves_money_once_or_not_at_all(self, rig: Rig, point: int) -> None:
        till = Till()
        caller = known_caller(rig, till)
        caller.hears("PayFee", PAY)
        assert caller.last is not None
        dying = Caller(
            _Mortal(rig.store, {0: "before", 1: "after", 4: "before second", 5: "after second"}.get(point, "")),
            _mortal_actions(till, {2: "before", 3: "after"}.get(point, "")),
            now=caller.now,
        )
        dying.last = caller.last
        with pytest.raises(Killed):
            dying.hears("Yes", id="fatal")
        assert till.moved == (1 if point >= 3 else 0)

        caller.now = dying.now
        heard = caller.hears("Yes", id="fatal", after=60, answers=caller.last.reply.question)
        if point == 0:
            assert till.moved == 1 and "PayFee.done" in heard
            return
        told = {True: "PayFee.done", False: "not_done_after_all"}[till.moved == 1]
        assert told in heard
        assert till.moved == (1 if point >= 3 else 0)
        assert decode(rig.store.by_address(caller.address, caller.now)[0].state).pending is None

    def test_the_state_stays_small_however_long_the_history(self, rig: Rig) -> None:
        caller = known_caller(rig, Till())
        sizes = []
        for _ in range(60):
            caller.hears("PayFee", {"amount": "5"}, after=1)
            caller.hears("Cancel", after=1)
            sizes.append(len(rig.store.by_address(caller.address, caller.now)[0].state))
        assert max(sizes) < 64 * 1024


from tests.unit.dialogue.library import library  # noqa: E402

_MODEL = library()


class _Mortal:
    """A store in a process that ends at one point."""

    def __init__(self, store: CustomerStore, point: str) -> None:
        self._store = store
        self._point = point
        self._saves = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def save(self, stored: Stored, now: float) -> Stored:
        self._saves += 1
        when = self._point if self._saves == 1 else self._point.removesuffix(" second")
        die = self._point and (self._saves == 2) == self._point.endswith("second")
        if die and when == "before":
            raise Killed
        saved = self._store.save(stored, now)
        if die and when == "after":
            raise Killed
        return saved


def _mortal_actions(till: Till, point: str) -> dict[str, Action]:
    def run(call: Call) -> Outcome:
        if point == "before":
            raise Killed
        outcome = till.run(call)
        if point == "after":
            raise Killed
        return outcome

    return {**till.actions(), "pay": Action(run, till.settle)}
