"""Holding a conversation with the engine alone: no store, no channel, actions that succeed unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from throughline.customers.assurance import proved
from throughline.dialogue.action import Done, NotDone, Outcome
from throughline.dialogue.changes import Change
from throughline.dialogue.engine import bind, conclude, decide
from throughline.dialogue.model import Model
from throughline.dialogue.state import State, decode, encode
from throughline.dialogue.steps import Deed, Event
from throughline.privacy.sealed import Sealed
from throughline.rendering import shown
from throughline.reply import Reply
from throughline.turn import Answer, Assurance, Capabilities, Heard, InputMode, Provable, Turn

ANYWHERE = Capabilities(voice=False, screen=True, transfer=True, secrets=True)
LEX = Capabilities(voice=True, screen=False, transfer=True, secrets=False, codes=True)
SPEAKER = Capabilities(voice=True, screen=False, transfer=False, secrets=False, cancel_exits=True)
WEB = Capabilities(voice=False, screen=True, transfer=False, secrets=True)


@dataclass
class Talker:
    """A customer and the engine's state about them."""

    model: Model
    state: State = field(default_factory=State)
    now: float = 1_790_000_000.0
    session: str = "s1"
    can: Capabilities = ANYWHERE
    assurance: Assurance = Assurance.VERIFIED
    """Without a proof in the session."""
    provable: Provable = Provable.NO
    forgeable: bool = False
    link: str = "l1"
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    settlement: Outcome = field(default_factory=NotDone)
    """What `settle` answers when the action never ran."""
    deeds: list[Deed] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    count: int = 0

    def turn(self, **given: object) -> Turn:
        self.count += 1
        self.now += 5
        base = Turn(
            id=f"t{self.count}", at=self.now, channel="test", session=self.session, locale="en_US",
            mode=InputMode.TEXT, can=self.can, assurance=self._assurance(), link=self.link, provable=self.provable,
            forgeable=self.forgeable,
        )  # fmt: skip
        return replace(base, **given)  # type: ignore[arg-type]

    def _assurance(self) -> Assurance:
        known = proved(self.state, self.link, self.session, self.now, self.model.limits)
        proof = Assurance.LINKED if self.forgeable else Assurance.VERIFIED
        return max(self.assurance, proof) if known else self.assurance

    def take(self, turn: Turn) -> Reply:
        turn = bind(self.state, turn)
        step = decide(self.model, self.state, turn)
        rounds = 0
        while step.deed is not None:
            rounds += 1
            assert rounds <= 3
            self.deeds.append(step.deed)
            outcome = self.settlement if step.deed.settle else self.outcomes.get(step.deed.action, Done())
            step = conclude(self.model, step.state, turn, step.deed, outcome)
            self.changes.extend(step.changes)
        assert step.reply is not None
        self.state = decode(encode(step.state))
        assert self.state == step.state
        self.events.extend(step.events)
        return step.reply

    def hears(self, intent: str, slots: Mapping[str, str] | None = None, *, confidence: float = 0.9,
              answer: Answer = Answer.NONE, text: str = "", **given: object) -> Reply:  # fmt: skip
        heard = Heard(intent, confidence, dict(slots or {}), answer)
        return self.take(self.turn(heard=(heard,), text=text, **given))

    def keys(self, digits: str) -> Reply:
        return self.take(self.turn(mode=InputMode.KEYS, keys=digits, can=replace(self.can, keys=True)))

    def secret(self, raw: str) -> Reply:
        return self.take(self.turn(heard=(Heard("Fallback"),), text="[pin]", sealed=Sealed(raw)))

    def code(self, text: str = "[code]", **given: object) -> Reply:
        return self.take(self.turn(heard=(Heard("Fallback"),), text=text, sealed=Sealed("123456"), **given))

    def proves(self) -> None:
        """Prove who they are, by a code."""
        self.hears("ProveIt")
        self.code()

    def silence(self) -> Reply:
        return self.take(self.turn(mode=InputMode.SILENCE))

    def opens(self, **given: object) -> Reply:
        return self.take(self.turn(opens=True, **given))

    def says(self, reply: Reply) -> str:
        return " | ".join(shown(self.model, reply, "en_US"))
