"""From a capture to the dialogue and back: the turn goes the way of every other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from throughline.affairs.pins import Pins, Unavailable, verified_pointer
from throughline.captures.keyed_in import PARTS, Keyed, keyed_in
from throughline.captures.vault import Vault
from throughline.channels import connect
from throughline.channels.connect import ContactEvent
from throughline.channels.shapes import mapping, string
from throughline.conversation import Conversations
from throughline.customers.codes import Standing
from throughline.customers.keys import KeyRing
from throughline.dialogue.model import Model
from throughline.errors import PointerError
from throughline.exchange import Exchange
from throughline.privacy.sealed import Sealed
from throughline.rendering import spoken
from throughline.reply import Line, Reply
from throughline.turn import TELEPHONE_PIN

WRONG, SPENT = "wrong", "spent"
"""Flaws of a telephone PIN: it isn't theirs; or no more may be tried."""


def otherwise(event: object, model: Model) -> dict[str, str]:
    """What the flow is told where nothing can be opened or nobody can be asked: a person takes over.

    The contact keeps its pointer and its question, so nothing of the dialogue is lost.
    """
    given = mapping(mapping(mapping(event).get("Details")).get("Parameters"))
    said = spoken(model, Reply((Line("phrases.handed_over"),)), model.default_locale)
    kept = {name: string(given.get(name), connect.LONGEST) for name in ("pointer", "question")}
    return connect.answer({"say": connect.speak(said), "next": "handover:failed", **kept, "intent": ""})


@dataclass(frozen=True, slots=True)
class Capturing:
    """Answers what the flow captured."""

    model: Model
    conversations: Conversations
    vault: Vault
    clock: Callable[[], float]
    pins: Pins | None = None
    """Checks telephone PINs; None where the business has none."""

    def parse(self, event: object) -> ContactEvent:
        """The event, what is encrypted in it sealed. Raises EventError."""
        return connect.parse(event, secret=PARTS)

    def answer(self, event: ContactEvent, keys: KeyRing) -> tuple[Exchange, dict[str, str]]:
        """What came of it, and what the flow is told. Raises EventError, NotOpened, StoreError."""
        kind = connect.capture_kind(event)
        keyed = keyed_in(kind, event.sealed, self.vault, self.clock())
        at = self.clock()  # opening takes its time, and that is not the turn's
        proved = event
        if kind == TELEPHONE_PIN and keyed.secret is not None:
            proved, keyed = self._proved(event, keyed, at, keys)
        turn, sender = connect.to_turn(proved, keyed, self.model, at=at, keys=keys)
        exchange = self.conversations.answer(turn, sender)
        return exchange, connect.to_answer(event, exchange, self.model, keys)

    def _proved(self, event: ContactEvent, keyed: Keyed, at: float, keys: KeyRing) -> tuple[ContactEvent, Keyed]:
        """The event with the pointer that a right PIN is worth, for this one turn, in which it becomes a proof of the
        session's; the flow keeps the pointer that it has. The PIN itself ends here.
        """
        if self.pins is None or keyed.secret is None:
            return event, Keyed(flaw=SPENT)
        turn = connect.turn_id(event, keys)
        try:
            verdict, token = verified_pointer(
                self.pins, event.pointer, contact=event.contact, pin=keyed.secret, turn=turn, now=at, keys=keys
            )
        except (PointerError, Unavailable):
            return event, Keyed(flaw=SPENT)
        if verdict.standing is Standing.RIGHT:
            return replace(event, parameters={**event.parameters, "pointer": token}), Keyed(Sealed(""))
        return event, Keyed(flaw=SPENT if verdict.standing is Standing.SPENT else WRONG)
