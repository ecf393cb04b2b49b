"""What reaches a conversation outside any turn of its customer's: a message of ours, and the end of a person's part.

Each is kept under an id of its own, so that a second time changes nothing, and lands in the conversation that is there:
it can be said again, and the transcript has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from throughline.customers.pointer import Pointer
from throughline.customers.store import Conflict, CustomerStore, Stored
from throughline.dialogue.engine import announce, hand_back
from throughline.dialogue.model import Model
from throughline.dialogue.state import State, answered, decode, encode
from throughline.dialogue.steps import Step
from throughline.errors import StoreUnavailable
from throughline.exchange import Exchange
from throughline.reply import Awaits, Line, Reply
from throughline.turn import Assurance, Turn
from throughline.turn_record import recorded

RACES: Final = 3
"""Races that a message of ours may lose to turns before it gives up."""
NOTHING: Final = Reply((), Awaits.NOTHING, relayed=True)


class Telling:
    """Writes into conversations."""

    def __init__(self, model: Model, store: CustomerStore) -> None:
        """Nothing is read yet."""
        self._model = model
        self._store = store

    def tell(self, customer: str, turn: Turn, lines: Sequence[Line], *, needs: Assurance) -> Exchange | None:
        """Keep a message of ours in the customer's conversation, so that it can be said again and is remembered.

        `turn` is the message's own: its id, when, its channel and session, and the link that it goes out through. The
        same id is kept once. `needs`: at which assurance it may be said again. Two requests; None if the link is
        not the customer's (any more): then nothing may be sent. Raises StoreError, StoreUnavailable.
        """
        return self._write(customer, turn, lambda state: announce(self._model, state, turn, lines, needs=needs), needs)

    def hand_back(self, customer: str, turn: Turn, *, since: float, phrase: str) -> Exchange | None:
        """The person who took over at `since`, in the turn's session, has finished: the assistant says so and goes on.

        `phrase` is what it begins with. None if the link is not the customer's, or if no such person has the
        conversation (any more). Otherwise as `tell`.
        """

        def step(state: State) -> Step | None:
            if answered(state, turn.id) is not None:
                return announce(self._model, state, turn, ())
            person = state.person
            if person is None or (person.session, person.since) != (turn.session, since):
                return None
            return hand_back(self._model, state, turn, phrase)

        return self._write(customer, turn, step, turn.assurance)

    def _write(
        self, customer: str, turn: Turn, decided: Callable[[State], Step | None], needs: Assurance
    ) -> Exchange | None:
        for _ in range(RACES):
            stored = self._store.by_customer(customer, turn.at)
            held = stored.links.get(turn.link) if stored is not None else None
            if stored is None or held is None or held.closed:
                return None
            step = decided(decode(stored.state))
            if step is None:
                return None
            reply = step.reply or NOTHING
            if not step.repeat and not self._saved(stored, turn, step, reply, needs):
                continue
            pointer = Pointer(customer, held.id, held.epoch)
            return Exchange(turn, reply, customer, pointer, step.events, repeated=step.repeat, writes=1)
        raise StoreUnavailable("the conversation is being written by others all the time: send it later")

    def _saved(self, stored: Stored, turn: Turn, step: Step, reply: Reply, needs: Assurance) -> bool:
        """Whether it was written; False if somebody else wrote meanwhile."""
        record = recorded(replace(turn, assurance=max(turn.assurance, needs)), step, reply, sent=True)
        try:
            self._store.save(replace(stored, state=encode(step.state), turn=record), turn.at)
        except Conflict:
            return False
        return True
