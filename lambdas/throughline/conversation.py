"""The one path of a turn: read the customer, decide, act, write, reply.

Costs: one read and one conditional write with a pointer or a session; one read more by address; one
write more for an irreversible action, which is announced before it runs; one write more for each race
lost, and no read, since the store's conflict brings what is there now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Protocol

from throughline.belonging import Belonging, transport_of
from throughline.customers.assurance import assurance_of, provable
from throughline.customers.households import attended
from throughline.customers.own import NO_OWN_ACTIONS, OwnAction, OwnActions
from throughline.customers.pointer import Pointer
from throughline.customers.profile import view
from throughline.customers.store import AddressTaken, Conflict, CustomerStore, Link, Stored
from throughline.deadline import Deadline, TookTooLong
from throughline.dialogue.action import Actions, Call, Done, Failed, NotDone, Outcome, Refused, Unknown
from throughline.dialogue.changes import Change, Identified, Noted
from throughline.dialogue.engine import bind, conclude, decide, proved_now, secret_awaited
from throughline.dialogue.model import STEP_UP, Model, Role
from throughline.dialogue.state import State, decode, encode
from throughline.dialogue.steps import Deed, Step
from throughline.errors import RecogniserUnavailable, StoreError, StoreUnavailable
from throughline.exchange import Exchange, Sender
from throughline.reply import Awaits, Line, Reply
from throughline.sealing import seal
from throughline.turn import Assurance, Heard, Provable, Turn
from throughline.turn_record import recorded

BUDGET_SECONDS = 4.5
"""For a whole turn, from when it was handed over: Alexa and Lex are answered within 6 s."""
LAST_WRITE_SECONDS = 1.0
"""Kept free of the budget for the write after an action."""
NO_WRITE_SECONDS = 0.7
"""With less of the budget left, nothing more is written: a store that hangs takes some 2 s to say so."""
NO_FACTS: Mapping[str, str] = MappingProxyType({})
DEEDS = 3
"""Actions that one turn may set off, settling included."""


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
        own: OwnActions = NO_OWN_ACTIONS,
        reaches: Collection[str] = (),
        allowed: Callable[[Call], bool] = lambda call: True,
    ) -> None:
        """`own` are the actions on the customer's own affairs; `reaches` the kinds of address that a code can be
        sent to; `allowed` says whether a protective deed is within its limits for somebody who only claims.
        """
        self._model = model
        self._store = store
        self._actions = actions
        self._own = own
        self._reaches = frozenset(reaches)
        self._allowed = allowed
        self._belonging = Belonging(store, model.limits)
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
            stored, link, state = self._found(turn, sender)
        except StoreError as error:
            self._observer.failed(turn, "read", error)
            return Exchange(turn, TROUBLE, "", None, problem="read")
        turn = self.known(turn, sender, stored, state, link)
        if self._belonging.left_by_a_guest(stored, state, turn.at):
            state = State(sequence=state.sequence, pending=state.pending)
        turn = seal(bind(state, turn), secret_awaited(self._model, state, turn.session))
        deaf = False
        if hear is not None and turn.text and not turn.heard:
            try:
                turn = replace(turn, heard=hear(self._model, state, turn))
            except RecogniserUnavailable as error:
                self._observer.failed(turn, "recogniser", error)
                deaf = True
        return _Exchanging(self, turn, sender, deadline, deaf=deaf).run(stored, state)

    def _found(self, turn: Turn, sender: Sender) -> tuple[Stored, str, State]:
        """Whose turn it is, by which link, and where their conversation stands."""
        stored, link = self._find(sender, turn.at)
        state = decode(stored.state)
        acting = self._belonging.acting(state, turn.session, turn.at)
        if acting is not None:
            stored, link = acting
            state = decode(stored.state)
        if sender.login is None:
            return stored, link, state
        try:
            signed = self._belonging.signed_in(stored, link, sender.login, turn.session, turn.at)
        except Conflict:
            # Two requests of a page that was just signed in: the other one has linked it.
            signed = self._belonging.signed_in(*self._find(sender, turn.at), sender.login, turn.session, turn.at)
        stored, link = signed
        return stored, link, decode(stored.state)

    def _find(self, sender: Sender, now: float) -> tuple[Stored, str]:
        if sender.pointer is not None:
            stored = self._store.by_pointer(sender.pointer, now)
            if stored is not None:
                return stored, sender.pointer.link
        if sender.address is not None:
            return self._store.by_address(sender.address, now)
        stored = self._store.by_session(sender.session, now)
        return stored, next(iter(stored.links), "")

    def known(self, turn: Turn, sender: Sender, stored: Stored, state: State, link: str) -> Turn:
        """The turn with who speaks, as far as that is proved, now that their conversation is read."""
        held, limits = stored.links.get(link), self._model.limits
        steps_up = sender.steps_up and (turn.can.codes or turn.can.secrets)
        login = self._belonging.theirs(stored, sender.login)
        assurance = assurance_of(
            sender.transport, held, state, turn.session,
            steps_up=sender.steps_up, withdrawn=sender.withdrawn, forgeable=turn.forgeable,
            now=turn.at, limits=limits, signed_in=login is not None,
        )  # fmt: skip
        if (pointer := sender.pointer) is not None and (pointer.customer, pointer.link) == (stored.customer, link):
            assurance = max(assurance, min(sender.vouched, sender.transport))
        if login is not None:
            assurance = max(assurance, transport_of(login, sender.transport, turn.at, limits))
        more = (
            Provable.NO
            if assurance is Assurance.VERIFIED
            else provable(stored, held, steps_up=steps_up, reaches=self._reaches, now=turn.at, limits=limits)
        )
        if turn.forgeable and more is Provable.IDENTIFY:
            more = Provable.NO
        return replace(turn, assurance=assurance, link=link, provable=more)

    def act(self, turn: Turn, stored: Stored, deed: Deed, deadline: float) -> Outcome:
        """Run or settle a business action within its time; a failure is an outcome too.

        A reading action that fails or takes too long has failed; of an irreversible one nothing is known.
        """
        lost: Outcome = Unknown() if deed.irreversible else Failed()
        own, action = self._own.get(deed.action), self._actions.get(deed.action)
        todo: Callable[[Call], Outcome] | None
        if own is not None:
            # An own action may be done twice: it is settled by doing it again.
            todo = partial(_with, own, stored)
        elif action is None:
            self._observer.failed(turn, "action", LookupError(f"no action is called {deed.action}"))
            return NotDone() if deed.irreversible else Failed()
        else:
            todo = action.settle if deed.settle else action.run
        if todo is None:
            self._observer.failed(turn, "settle", LookupError(f"{deed.action} can't be settled"))
            return lost
        seconds = min(self._model.limits.action_seconds, deadline - LAST_WRITE_SECONDS - self._clock())
        call = Call(
            intent=deed.frame.intent,
            slots=deed.frame.slots,
            customer=stored.customer,
            assurance=turn.assurance,
            key=f"{deed.customer or stored.customer}.{deed.key}",
            now=turn.at,
            deadline=turn.at + max(seconds, 0.0),
            locale=turn.locale,
            secret=deed.secret,
            session=turn.session,
            link=turn.link,
            turn=turn.id,
            guest=_guest(stored, turn.link),
            profile=view(stored.profile, turn.assurance) if stored.profile else NO_FACTS,
        )
        try:
            if deed.begins and self._steps_up(deed) and not self._may_step_up(turn, deed):
                return Refused("nowhere")
            if not deed.settle and self._only_claimed(turn, deed) and not self._allowed(call):
                return Refused("too_many")
            return self._runner.run(todo, call, max(seconds, 0.05))
        except TookTooLong as error:
            self._observer.failed(turn, "action-deadline", error)
            return lost
        except Exception as error:  # noqa: BLE001 - the business's own code may raise anything
            self._observer.failed(turn, "action", error)
            return lost

    def _steps_up(self, deed: Deed) -> bool:
        intent = self._model.intents.get(deed.frame.intent)
        return intent is not None and intent.role in STEP_UP

    def _may_step_up(self, turn: Turn, deed: Deed) -> bool:
        """By a forged message somebody could make another's number theirs: there, only the number's own code counts."""
        identifies = self._model.intents[deed.frame.intent].role is Role.IDENTIFY
        return turn.provable is not Provable.NO and not (identifies and turn.forgeable)

    def _only_claimed(self, turn: Turn, deed: Deed) -> bool:
        intent = self._model.intents.get(deed.frame.intent)
        return intent is not None and intent.protective and turn.assurance < Assurance.LINKED


class _Exchanging:
    """One turn on its way; holds what must survive a lost race."""

    def __init__(self, path: Conversations, turn: Turn, sender: Sender, deadline: float, *, deaf: bool) -> None:
        self._path = path
        self._turn = turn
        self._sender = sender
        self._deadline = deadline
        self._deaf = deaf
        self._writes = 0
        self._outcomes: dict[str, Outcome] = {}
        self._acted: tuple[Deed, Outcome] | None = None
        self._changes: list[Change] = []
        self._sure = turn
        """The turn with what was proved in this very decision; a lost race forgets that again."""

    def run(self, stored: Stored, state: State) -> Exchange:
        self._held = stored.links.get(self._turn.link)
        while True:
            try:
                return self._attempt(stored, state)
            except Conflict as conflict:
                stored = conflict.fresh
                held = stored.links.get(self._turn.link)
                if held is None or held.closed or (self._held is not None and held.epoch != self._held.epoch):
                    # The link went to somebody else meanwhile: what is there now is not this customer's to hear.
                    return self._told(self._in_time(TROUBLE), stored, problem="moved")
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
        self._changes.clear()
        self._sure = turn
        state = attended(state, stored.links.get(turn.link), turn.session, turn.assurance)
        step = decide(model, state, turn) if acted is None else self._concluded(state, *acted)
        for _ in range(DEEDS):
            deed = step.deed
            if deed is None:
                break
            if deed.irreversible and not deed.settle:
                stored = self._save(stored, step, None)
                self._acted = None
            outcome = self._outcome(stored, deed, turn)
            if deed.irreversible and not deed.settle:
                self._acted = (deed, outcome)
                self._late = conclude(model, step.state, turn, deed, outcome).reply
            stored, state = self._identified(stored, step.state, deed, outcome)
            step = self._concluded(state, deed, outcome)
            turn = proved_now(step.state, self._turn)
        self._sure = turn
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
    _held: Link | None = None
    """The link that the turn came through, as it was when it was read."""

    def _in_time(self, otherwise: Reply | None = None) -> Reply:
        """What can be said truthfully when the last write failed: an action's outcome if there is one."""
        return self._late or otherwise or WORKING

    def _outcome(self, stored: Stored, deed: Deed, turn: Turn) -> Outcome:
        name = f"{deed.action}.{deed.key}{deed.settle}"
        if name not in self._outcomes:
            self._outcomes[name] = self._path.act(turn, stored, deed, self._deadline)
        return self._outcomes[name]

    def _concluded(self, state: State, deed: Deed, outcome: Outcome) -> Step:
        step = conclude(self._path._model, state, self._turn, deed, outcome)
        own = deed.action in self._path._own
        # A business may note facts and find a PIN right; links and data are nobody's to change but our own actions'.
        self._changes.extend(change for change in step.changes if own or isinstance(change, Noted))
        return step

    def _identified(self, stored: Stored, state: State, deed: Deed, outcome: Outcome) -> tuple[Stored, State]:
        """Where the conversation goes on once an outcome told whose it is: with that customer, nothing lost."""
        theirs = deed.action in self._path._own and self._path._steps_up(deed)
        changes = outcome.changes if theirs and isinstance(outcome, Done) else ()
        change = next((one for one in changes if isinstance(one, Identified)), None)
        if change is None or change.customer == stored.customer:
            return stored, state
        turn = self._turn
        # What it was proved by is over, and is nobody's to go on with.
        state = replace(state, frames=tuple(one for one in state.frames if one.id != deed.frame.id))
        self._writes += 1
        stored, link = self._path._belonging.identified(
            replace(stored, state=encode(state)), turn.link, change.customer, change.how, turn.session, turn.at
        )
        state = decode(stored.state)
        self._turn, self._held = self._path.known(turn, self._sender, stored, state, link), stored.links[link]
        return stored, state

    def _save(self, stored: Stored, step: Step, reply: Reply | None) -> Stored:
        if self._path._clock() > self._deadline - NO_WRITE_SECONDS:
            raise StoreUnavailable("the turn has no time left for a write")
        self._writes += 1
        record = recorded(self._sure, step, reply)
        now = replace(stored, state=encode(step.state), turn=record)
        if self._changes:
            changes = tuple(self._changes)
            self._changes.clear()
            return self._path._belonging.changed(now, changes, self._turn.link, self._turn.at, self._refused)
        return self._path._store.save(now, self._turn.at)

    def _refused(self, error: Exception) -> None:
        self._path._observer.failed(self._turn, "fact", error)

    def _told(self, reply: Reply, stored: Stored, step: Step | None = None, *, problem: str = "") -> Exchange:
        held = stored.links.get(self._turn.link)
        return Exchange(
            turn=self._sure,
            reply=reply,
            customer=stored.customer,
            pointer=Pointer(stored.customer, held.id, held.epoch) if held is not None and not held.closed else None,
            events=step.events if step is not None else (),
            repeated=step.repeat if step is not None else False,
            writes=self._writes,
            problem=problem,
        )


def _guest(stored: Stored, link: str) -> bool:
    """Whether who came through that link came by no address."""
    held = stored.links.get(link)
    return held is None or not held.kind


def _with(own: OwnAction, stored: Stored, call: Call) -> Outcome:
    return own(call, stored)


TROUBLE = Reply((Line("phrases.trouble"),), Awaits.INTENT)
WORKING = Reply((Line("phrases.working"),), Awaits.INTENT)


__all__ = ["Conversations", "Exchange", "Observer", "Sender", "seal"]
