"""The one path of a turn: read the customer, decide, act, write, reply.

Costs: one read and one conditional write with a pointer or a session; one read more by address; one
write more for an irreversible action, which is announced before it runs; one write more for each race
lost, and no read, since the store's conflict brings what is there now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from throughline.customers.addresses import Address
from throughline.customers.pointer import Pointer
from throughline.customers.store import AddressTaken, Conflict, CustomerStore, Stored
from throughline.deadline import Deadline, TookTooLong
from throughline.dialogue.action import Actions, Call, Failed, NotDone, Outcome, Unknown
from throughline.dialogue.draft import Deed, Event, Step
from throughline.dialogue.engine import bind, conclude, decide
from throughline.dialogue.model import Model
from throughline.dialogue.state import Question, State, compact, decode, encode, secret_in
from throughline.errors import RecogniserUnavailable, StoreError, StoreUnavailable
from throughline.privacy.masking import KINDS, mask_expected
from throughline.privacy.sealed import Sealed
from throughline.reply import Awaits, Line, Reply
from throughline.turn import Assurance, Heard, Turn

BUDGET_SECONDS = 4.5
"""For a whole turn, from when it was handed over: Alexa and Lex are answered within 6 s."""
LAST_WRITE_SECONDS = 1.0
"""Kept free of the budget for the write after an action."""
NO_WRITE_SECONDS = 0.7
"""With less of the budget left, nothing more is written: a store that hangs takes some 2 s to say so."""
DEEDS = 3
"""Actions that one turn may set off, settling included."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who claims to speak, and how well their transport proves it. Exactly one of the three ways is given."""

    transport: Assurance
    """The most that this transport can prove."""
    pointer: Pointer | None = None
    """From a session that we made: one read."""
    address: Address | None = None
    """From the channel itself: two reads."""
    session: str = ""
    """A guest's unguessable session key: one read, always anonymous."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn and what was answered."""

    turn: Turn
    reply: Reply
    customer: str
    """Pseudonymous; empty if the store could not be read."""
    pointer: Pointer | None
    """For the channel's session, so that the next turn costs one read."""
    events: tuple[Event, ...] = ()
    repeated: bool = False
    writes: int = 0
    """Writes this turn made or tried."""
    problem: str = ""
    """The kind of failure behind a polite reply; empty if all went well."""


Hear = Callable[[Model, State, Turn], tuple[Heard, ...]]
"""Understands a turn's text where the conversation stands. Raises RecogniserUnavailable."""


class Observer(Protocol):
    """Hears of failures, so that they can be logged with the turn's id."""

    def failed(self, turn: Turn, what: str, error: BaseException) -> None:
        """`what` failed with `error` while `turn` was answered; the customer gets a polite reply all the same."""


class Conversations:
    """Answers turns."""

    def __init__(
        self,
        model: Model,
        store: CustomerStore,
        actions: Actions,
        *,
        clock: Callable[[], float],
        observer: Observer,
        budget: float = BUDGET_SECONDS,
    ) -> None:
        self._model = model
        self._store = store
        self._actions = actions
        self._clock = clock
        self._observer = observer
        self._budget = budget
        self._runner: Deadline[Call, Outcome] = Deadline()

    def answer(self, turn: Turn, sender: Sender, hear: Hear | None = None) -> Exchange:
        """The reply to one turn; whatever fails, there is one.

        `hear` understands text that arrived without readings; it is asked once the conversation is read.
        Raises nothing of its own accord: what the store or an action raises is told to the observer.
        """
        deadline = turn.at + self._budget
        try:
            stored, link = self._find(sender, turn.at)
        except StoreError as error:
            self._observer.failed(turn, "read", error)
            return Exchange(turn, TROUBLE, "", None, problem="read")
        turn = _known(turn, sender, stored, link)
        state = decode(stored.state)
        if stored.links[link].guest and _long_silent(self._model, state, turn.at):
            state = State(sequence=state.sequence, pending=state.pending)
        turn = seal(bind(state, turn), state.question)
        deaf = False
        if hear is not None and turn.text and not turn.heard:
            try:
                turn = replace(turn, heard=hear(self._model, state, turn))
            except RecogniserUnavailable as error:
                self._observer.failed(turn, "recogniser", error)
                deaf = True
        return _Exchanging(self, turn, link, deadline, deaf=deaf).run(stored, state)

    def _find(self, sender: Sender, now: float) -> tuple[Stored, str]:
        if sender.pointer is not None:
            stored = self._store.by_pointer(sender.pointer, now)
            if stored is not None:
                return stored, sender.pointer.link
        if sender.address is not None:
            return self._store.by_address(sender.address, now)
        stored = self._store.by_session(sender.session, now)
        return stored, next(iter(stored.links), "")

    def act(self, turn: Turn, customer: str, deed: Deed, deadline: float) -> Outcome:
        """Run or settle a business action within its time; a failure is an outcome too.

        A reading action that fails or takes too long has failed; of an irreversible one nothing is known.
        """
        lost: Outcome = Unknown() if deed.irreversible else Failed()
        action = self._actions.get(deed.action)
        if action is None:
            self._observer.failed(turn, "action", LookupError(f"no action is called {deed.action}"))
            return NotDone() if deed.irreversible else Failed()
        todo = action.settle if deed.settle else action.run
        if todo is None:
            self._observer.failed(turn, "settle", LookupError(f"{deed.action} can't be settled"))
            return lost
        seconds = min(self._model.limits.action_seconds, deadline - LAST_WRITE_SECONDS - self._clock())
        call = Call(
            intent=deed.frame.intent,
            slots=deed.frame.slots,
            customer=customer,
            assurance=turn.assurance,
            key=f"{customer}.{deed.key}",
            now=turn.at,
            deadline=turn.at + max(seconds, 0.0),
            locale=turn.locale,
            secret=deed.secret,
        )
        try:
            return self._runner.run(todo, call, max(seconds, 0.05))
        except TookTooLong as error:
            self._observer.failed(turn, "action-deadline", error)
            return lost
        except Exception as error:  # noqa: BLE001 - the business's own code may raise anything
            self._observer.failed(turn, "action", error)
            return lost


class _Exchanging:
    """One turn on its way; holds what must survive a lost race."""

    def __init__(self, path: Conversations, turn: Turn, link: str, deadline: float, *, deaf: bool) -> None:
        self._path = path
        self._turn = turn
        self._link = link
        self._deadline = deadline
        self._deaf = deaf
        self._writes = 0
        self._outcomes: dict[str, Outcome] = {}
        self._acted: tuple[Deed, Outcome] | None = None

    def run(self, stored: Stored, state: State) -> Exchange:
        while True:
            try:
                return self._attempt(stored, state)
            except Conflict as conflict:
                stored = conflict.fresh
                state = decode(stored.state)
                if self._path._clock() > self._deadline - LAST_WRITE_SECONDS:
                    return self._told(self._in_time(), stored, problem="contended")
            except AddressTaken as error:
                self._path._observer.failed(self._turn, "address-taken", error)
                return self._told(TROUBLE, stored, problem="write")
            except StoreError as error:
                self._path._observer.failed(self._turn, "write", error)
                return self._told(self._in_time(TROUBLE), stored, problem="write")

    def _attempt(self, stored: Stored, state: State) -> Exchange:
        model, turn = self._path._model, self._turn
        acted = self._acted
        step = decide(model, state, turn) if acted is None else conclude(model, state, turn, *acted)
        for _ in range(DEEDS):
            deed = step.deed
            if deed is None:
                break
            if deed.irreversible and not deed.settle:
                stored = self._save(stored, step, None)
                self._acted = None
            outcome = self._outcome(stored, deed)
            if deed.irreversible and not deed.settle:
                self._acted = (deed, outcome)
                self._late = conclude(model, step.state, turn, deed, outcome).reply
            step = conclude(model, step.state, turn, deed, outcome)
        reply = step.reply
        if reply is None:
            self._path._observer.failed(turn, "deeds", RecursionError("an action refuses its own values for ever"))
            return self._told(TROUBLE, stored, problem="deeds")
        if self._deaf and any(event.name == "not_understood" for event in step.events):
            # Nobody listened: that is our fault, and no miss of the customer's.
            return self._told(TROUBLE, stored, problem="recogniser")
        if not step.repeat:
            stored = self._save(stored, step, reply)
        return self._told(reply, stored, step)

    _late: Reply | None = None

    def _in_time(self, otherwise: Reply | None = None) -> Reply:
        """What can be said truthfully when the last write failed: an action's outcome if there is one."""
        return self._late or otherwise or WORKING

    def _outcome(self, stored: Stored, deed: Deed) -> Outcome:
        name = f"{deed.key}{deed.settle}"
        if name not in self._outcomes or deed.secret is not None:
            self._outcomes[name] = self._path.act(self._turn, stored.customer, deed, self._deadline)
        return self._outcomes[name]

    def _save(self, stored: Stored, step: Step, reply: Reply | None) -> Stored:
        if self._path._clock() > self._deadline - NO_WRITE_SECONDS:
            raise StoreUnavailable("the turn has no time left for a write")
        self._writes += 1
        record = _record(self._turn, step, reply)
        return self._path._store.save(replace(stored, state=encode(step.state), turn=record), self._turn.at)

    def _told(self, reply: Reply, stored: Stored, step: Step | None = None, *, problem: str = "") -> Exchange:
        held = stored.links.get(self._link)
        return Exchange(
            turn=self._turn,
            reply=reply,
            customer=stored.customer,
            pointer=Pointer(stored.customer, held.id, held.epoch) if held is not None else None,
            events=step.events if step is not None else (),
            repeated=step.repeat if step is not None else False,
            writes=self._writes,
            problem=problem,
        )


TROUBLE = Reply((Line("phrases.trouble"),), Awaits.INTENT)
WORKING = Reply((Line("phrases.working"),), Awaits.INTENT)


def seal(turn: Turn, question: Question | None) -> Turn:
    """The turn with what may be a secret taken out of its text, its slots and its keys.

    A question for a secret says so in its id, so that an answer which comes too late is masked as well.
    A turn that answers no such question loses its raw text altogether.
    """
    kind = secret_in(turn.answers)
    if not kind and question is not None and question.session == turn.session:
        kind = question.secret
    if not kind:
        return replace(turn, sealed=None) if turn.sealed is not None else turn
    if kind not in KINDS:  # a client may have written the id: then everything it says is masked
        kind = "password"
    raw = turn.sealed or Sealed(turn.keys or turn.text)
    heard = tuple(
        replace(one, slots={name: mask_expected(value, kind).text for name, value in one.slots.items()})
        for one in turn.heard
    )
    return replace(turn, text=mask_expected(turn.text, kind).text, keys="", heard=heard, sealed=raw)


def _long_silent(model: Model, state: State, now: float) -> bool:
    """A guest's session id may be guessed by the next one: what was left there is not theirs to resume."""
    return bool(state.last_at) and now - state.last_at > model.limits.idle_minutes * 60


def _known(turn: Turn, sender: Sender, stored: Stored, link: str) -> Turn:
    held = stored.links.get(link)
    proved = held.assurance if held is not None else Assurance.ANONYMOUS
    return replace(turn, assurance=min(sender.transport, proved), link=link)


def _record(turn: Turn, step: Step, reply: Reply | None) -> str:
    """What the table's stream tells of this turn: masked words, readings, prompt ids; no values in the clear."""
    record = {
        "id": turn.id,
        "at": turn.at,
        "channel": turn.channel,
        "session": turn.session,
        "mode": turn.mode.value,
        "link": turn.link,
        "assurance": turn.assurance.name.lower(),
        "said": turn.text,
        "heard": [[one.intent, one.confidence] for one in turn.heard[:3]],
        "events": [[event.name, event.detail] for event in step.events],
    }
    if turn.sentiment:
        record["sentiment"] = turn.sentiment
    told = step.state.recent[-1].told if reply is not None else "null"
    return f'{compact(record)[:-1]},"reply":{told}}}'


__all__ = ["Conversations", "Exchange", "Observer", "Sender", "seal"]
