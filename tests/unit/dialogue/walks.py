"""Random walks through the library's dialogue, and what must hold after every step of any of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from throughline.customers.assurance import proved
from throughline.dialogue.action import (
    Done,
    Failed,
    Invalid,
    NeedsPerson,
    NotDone,
    Outcome,
    Refused,
    Unknown,
)
from throughline.dialogue.changes import Identified, Proved
from throughline.dialogue.draft import STEPS_AT_ONCE
from throughline.dialogue.engine import bind, conclude, decide, hand_back
from throughline.dialogue.frames import digest
from throughline.dialogue.model import STEP_UP, Model, Role
from throughline.dialogue.state import Asked, Question, State, decode, encode
from throughline.dialogue.steps import Deed, Step, proved_now
from throughline.privacy.sealed import Sealed
from throughline.rendering import shown, spoken
from throughline.reply import Awaits, Reply, Typed
from throughline.turn import Answer, Assurance, Capabilities, Heard, InputMode, Provable, Turn

from .library import INTENTS, library

MODEL = library()
OLDER = library("v0", PayFine={**INTENTS["PayFee"], "was": []}, PayFee=None)
NEWER = library("v2", Reserve=None)

VALUES = st.sampled_from([
    "book", "film", "the card", "cash", "cards", "desk", "post", "north", "south", "5", "12.50", "500", "0.2", "-3",
    "2026-10-05", "2020-01-01", "tomorrow", "first", "3", "", "amount", "source", "pickup", "{amount}", "\u202e<b>&",
    "\u0661\u0662", "x" * 300,
])  # fmt: skip
SLOTS = st.sampled_from([
    "item", "until", "amount", "source", "target", "note", "pickup", "branch", "copies", "purse", "new_pin", "option",
    "which", "number", "date", "nothing",
])  # fmt: skip
HEARD = st.builds(
    Heard,
    st.sampled_from([*INTENTS, "PayFine", "FallbackIntent", "FromTheFuture", ""]),
    st.sampled_from([None, 0.3, 0.5, 0.55, 0.9]),
    st.dictionaries(SLOTS, VALUES, max_size=4),
    st.sampled_from(Answer),
)
CANS = st.builds(
    Capabilities, st.booleans(), st.booleans(), st.booleans(), st.booleans(), cancel_exits=st.booleans(),
    codes=st.booleans(),
)  # fmt: skip
OUTCOMES: st.SearchStrategy[Outcome] = st.sampled_from([
    Done(), Done(variant="more"), Refused("no"), Refused("unheard"), Invalid("amount", "no"), Invalid("item", "x"),
    Invalid("new_pin", "no"), Invalid("nothing", "no"), NeedsPerson("limit"), Failed(), NotDone(), Unknown(),
    Done(changes=(Proved("code"),)), Done(changes=(Proved("code"),)), Done(changes=(Identified("c2", "code"),)),
    Done(variant="elsewhere"), Refused("expired"), Refused("too_many"), Invalid("code", "wrong"),
])  # fmt: skip

SECRET = re.compile(r"(?<![0-9a-f])4821(?![0-9a-f])")
"""The secret as a value of its own: a time or a digest may hold its digits by chance."""


@dataclass(frozen=True)
class Act:
    """One thing a customer, a channel, a back end or a deployment does."""

    kind: str
    heard: tuple[Heard, ...] = ()
    text: str = ""
    keys: str = ""
    session: str = "s1"
    link: str = "l1"
    provable: Provable = Provable.CODE
    wait: float = 5.0
    assurance: Assurance = Assurance.VERIFIED
    can: Capabilities = field(default_factory=lambda: Capabilities(False, True, True, True))
    answers: str = ""
    sent_ago: float | None = None
    repeat: bool = False
    outcomes: tuple[Outcome, ...] = (Done(),)
    model: str = "today"


ACTS = st.builds(
    Act,
    kind=st.sampled_from(["words", "words", "words", "words", "keys", "silence", "opens", "secret", "back"]),
    heard=st.lists(HEARD, max_size=3).map(tuple),
    text=st.sampled_from(["", "2", "first", "card", "4821", "the film", "\U0001f600", "a" * 1024]),
    keys=st.sampled_from(["1", "2", "9", "0", "12*50", "", "#", "4821", "99999999"]),
    session=st.sampled_from(["s1", "s1", "s1", "s2"]),
    link=st.sampled_from(["l1", "l1", "l1", "l2"]),
    provable=st.sampled_from([Provable.CODE, Provable.CODE, Provable.IDENTIFY, Provable.NO]),
    wait=st.sampled_from([0.0, 1.0, 5.0, 5.0, 30.0, 1200.0, 90_000.0]),
    assurance=st.sampled_from([Assurance.VERIFIED, Assurance.VERIFIED, Assurance.LINKED, Assurance.ANONYMOUS]),
    can=CANS,
    answers=st.sampled_from(["", "", "", "now", "q1", "q999:pin"]),
    sent_ago=st.sampled_from([None, None, 0.0, 60.0]),
    repeat=st.booleans().flatmap(lambda often: st.just(False) if often else st.sampled_from([False, False, True])),
    outcomes=st.lists(OUTCOMES, min_size=1, max_size=4).map(tuple),
    model=st.sampled_from(["today", "today", "today", "today", "older", "newer"]),
)

LIKELY = st.sampled_from([
    Heard("PayFee", 0.9, {"amount": "5", "source": "card", "target": "cash"}), Heard("PayFee", 0.9, {"amount": "7"}),
    Heard("Reserve", 0.9, {"item": "book"}), Heard("Yes", 0.9), Heard("Yes", 0.9), Heard("No", 0.9),
    Heard("Correct", 0.9, {"number": "9"}), Heard("SetPin", 0.9, {"purse": "card"}), Heard("Fallback"),
    Heard("RenewLoan", 0.9, {"item": "map", "until": "2026-10-05"}), Heard("Help", 0.9), Heard("Repeat", 0.9),
])  # fmt: skip
STEPPING = st.builds(
    Act,
    kind=st.sampled_from(["words", "words", "words", "code", "code", "opens"]),
    heard=st.sampled_from([
        Heard("PayFee", 0.9, {"amount": "5", "source": "card", "target": "cash"}), Heard("MyLoans", 0.9),
        Heard("RenewLoan", 0.9, {"item": "map", "until": "2026-10-05"}), Heard("ProveIt", 0.9), Heard("Yes", 0.9),
        Heard("SayWho", 0.9, {"code_by": "phone"}), Heard("SayWho", 0.9, {"phone_number": "+12025550142"}),
        Heard("AddAddress", 0.9, {"pickup": "post"}), Heard("LockCard", 0.9, {"purse": "card"}), Heard("Yes", 0.9),
        Heard("No", 0.9),
        Heard("Repeat", 0.9), Heard("Help", 0.9), Heard("Cancel", 0.9), Heard("Fallback"),
    ]).map(lambda heard: (heard,)),
    outcomes=st.sampled_from([
        (Done(changes=(Proved("code"),)), Done()), (Done(changes=(Proved("code"),)), Done()), (Done(),),
        (Invalid("code", "wrong"),), (Refused("expired"),), (Unknown(),), (Done(changes=(Identified("c2", "code"),)),),
    ]),
    session=st.sampled_from(["s1", "s1", "s2"]),
    link=st.sampled_from(["l1", "l1", "l1", "l2"]),
    assurance=st.sampled_from([Assurance.CLAIMED, Assurance.CLAIMED, Assurance.LINKED, Assurance.ANONYMOUS]),
    provable=st.sampled_from([Provable.CODE, Provable.CODE, Provable.IDENTIFY]),
    wait=st.sampled_from([1.0, 5.0, 30.0, 700.0]),
    answers=st.sampled_from(["", "", "", "now"]),
)  # fmt: skip
STEP_UPS = st.lists(STEPPING, min_size=3, max_size=40)
"""Walks of callers who have to prove who they are, in two sessions at a time."""
LIKELY_ACTS = st.builds(
    Act,
    kind=st.sampled_from(["words"] * 8 + ["secret", "silence", "opens"]),
    heard=LIKELY.map(lambda heard: (heard,)),
    outcomes=st.lists(OUTCOMES, min_size=1, max_size=3).map(tuple),
    wait=st.sampled_from([1.0, 5.0, 30.0]),
    answers=st.sampled_from(["", "", "", "now", "q1"]),
)
PURPOSEFUL = st.lists(LIKELY_ACTS, min_size=3, max_size=40)
"""Walks of customers who mostly want something: they get as far as doing it."""
WALKS = st.lists(st.one_of(ACTS, LIKELY_ACTS, LIKELY_ACTS), min_size=1, max_size=30)
UNCOUNTED = {"Help", "Repeat", "Hours", "Fees"}


@dataclass
class Walk:
    """A state walked through acts; checks after each."""

    state: State = field(default_factory=State)
    now: float = 1_790_000_000.0
    turns: list[Turn] = field(default_factory=list)
    reprompts: int = 0
    about: tuple[str, str] = ("", "")
    proving: bool = False
    """A step up's action has ended well in this turn."""

    def take(self, act: Act) -> Reply:
        model = {"today": MODEL, "older": OLDER, "newer": NEWER}[act.model]
        self.now += act.wait
        self.proving = False
        turn = bind(self.state, self._turn(act))
        before = first = self.state
        if act.kind == "back":
            step = hand_back(model, before, turn)
        else:
            step = decide(model, before, turn)
            assert step == decide(model, before, turn), "equal inputs give equal outputs"
        outcomes = [*act.outcomes]
        for round_ in range(4):
            if step.deed is None:
                break
            assert round_ < 3, "one turn sets off no endless row of actions"
            self._check_deed(before if round_ == 0 else step.state, turn, step)
            outcome = outcomes[min(round_, len(outcomes) - 1)]
            state = decode(encode(step.state))
            following = conclude(model, state, turn, step.deed, outcome)
            assert following == conclude(model, state, turn, step.deed, outcome)
            if isinstance(outcome, Done) and MODEL.intents[step.deed.frame.intent].role in STEP_UP:
                self.proving = self.proving or not step.deed.begins
            before, step = step.state, following
        reply = step.reply
        self._check_proofs(first, step, turn)
        if step.deed is not None or reply is None:
            # The runner answers with its apology and writes nothing more.
            self.state = before
            return Reply(())
        self.state = step.state
        self._check(reply, turn, act, model)
        return reply

    def _turn(self, act: Act) -> Turn:
        if act.repeat and self.turns:
            last = self.turns[-1]
            return replace(last, at=self.now, assurance=self._assurance(act, last.link, last.session))
        question = self.state.question
        answers = (question.id if question is not None else "") if act.answers == "now" else act.answers
        mode = {"keys": InputMode.KEYS, "silence": InputMode.SILENCE}.get(act.kind, InputMode.TEXT)
        turn = Turn(
            id=f"t{len(self.turns)}", at=self.now, channel="test", session=act.session, locale="en_US", mode=mode,
            can=replace(act.can, keys=act.kind == "keys"), heard=act.heard if act.kind == "words" else (),
            text="[code]" if act.kind == "code" else act.text,
            sealed=Sealed("4821") if act.kind in ("secret", "code") else None,
            keys=act.keys if act.kind == "keys" else "", answers=answers,
            sent_at=None if act.sent_ago is None else self.now - act.sent_ago, opens=act.kind == "opens",
            assurance=self._assurance(act, act.link, act.session), link=act.link, provable=act.provable,
        )  # fmt: skip
        self.turns.append(turn)
        return turn

    def _assurance(self, act: Act, link: str, session: str) -> Assurance:
        return Assurance.VERIFIED if proved(self.state, link, session, self.now, MODEL.limits) else act.assurance

    def _check_deed(self, before: State, turn: Turn, step: Step) -> None:
        deed = step.deed
        assert deed is not None
        if deed.settle:
            assert before.pending is not None and deed.key == before.pending.key
            return
        intent = MODEL.intent(deed.frame.intent)
        assert intent is not None and proved_now(before, turn).assurance >= intent.assurance
        if deed.begins:
            assert (deed.frame.session == turn.session and turn.provable is not Provable.NO) or intent.role is Role.TASK
            assert deed.secret is None
            return
        if deed.action.endswith(".check") and intent.begin:
            asked = before.question
            assert asked is not None and asked.session == turn.session == deed.frame.session
            assert asked.frame == deed.frame.id and asked.secret == "code" and turn.answers == asked.id
            assert deed.frame.begun == digest(deed.frame), "what is checked is the code for these very values"
        if not deed.irreversible:
            return
        assert step.state.pending is not None and step.state.pending.key == deed.key
        assert deed.frame.confirmed == digest(deed.frame), "only what was confirmed is done"
        assert _was_asked(before.question, deed), "and only on an answer to the open question"
        assert before.question is not None and turn.answers == before.question.id

    def _check_proofs(self, before: State, step: Step, turn: Turn) -> None:
        """A proof is made by a step up, for the link and the session that it was made in, and never moves."""
        made = [proof for proof in step.state.proofs if proof not in before.proofs]
        assert not made or (self.proving and len(made) == 1)
        assert all((proof.link, proof.session, proof.at) == (turn.link, turn.session, turn.at) for proof in made)

    def _check_said(self, reply: Reply, turn: Turn, model: Model) -> None:
        """Nothing is said that the assurance is too low for, and nothing left elsewhere is named below its own."""
        sure = proved_now(self.state, turn).assurance
        for line in reply.lines:
            owner = line.prompt.partition(".")[0]
            if owner in model.intents:
                assert sure >= model.intents[owner].assurance, line.prompt
            named = [p.value for p in line.params.values() if isinstance(p, Typed) and p.kind.startswith("doing:")]
            if line.prompt in ("phrases.resume_offer", "phrases.back_to"):
                assert all(sure >= model.intents[name].assurance for name in named if name in model.intents), (
                    line.prompt
                )

    def _check(self, reply: Reply, turn: Turn, act: Act, model: Any) -> None:
        state = self.state
        assert decode(encode(state)) == state
        assert len(encode(state)) < 120_000
        tasks = [f for f in state.frames if f.intent not in ("ProveIt", "SayWho")]
        most = 3 * model.limits.frames  # what claims began, and what a proof did, each have their own room
        assert len(tasks) <= most and len(state.frames) <= most + STEPS_AT_ONCE
        self._check_said(reply, turn, model)
        assert not SECRET.search(encode(replace(state, frames=()))) or "4821" in act.text + act.keys
        assert reply.lines or reply.relayed
        texts = (*shown(model, reply, "en_US"), spoken(model, reply, "en_US"))
        assert reply.relayed or all(text.strip() for text in texts)
        assert not any("{" in text.replace("{amount}", "") for text in texts), "no hole of a prompt is shown"
        assert (reply.question == "") == (state.question is None) or reply.relayed or act.repeat or not reply.question
        if reply.awaits is Awaits.SLOT:
            assert reply.intent in model.intents and model.intents[reply.intent].slot(reply.slot) is not None
        self._count(reply, act)

    def _count(self, reply: Reply, act: Act) -> None:
        """No more than three reprompts in a row for one slot of one task."""
        question = self.state.question
        if act.kind == "back":
            self.reprompts = 0  # a person spoke between, and the question is put afresh
            return
        if act.repeat or (act.heard and act.heard[0].intent in UNCOUNTED and act.kind == "words"):
            return
        asked = (question.frame, question.slot) if question is not None and question.asked is Asked.SLOT else ("", "")
        again = asked == self.about and asked != ("", "") and act.kind in ("words", "silence", "secret", "code", "keys")
        missed = any(e in ("not_understood", "silence", "stale_answer") for e in self._events(reply))
        self.reprompts = self.reprompts + 1 if again and missed else (self.reprompts if again else 0)
        self.about = asked
        assert self.reprompts <= 3

    def _events(self, reply: Reply) -> tuple[str, ...]:
        prompts = [line.prompt for line in reply.lines]
        names = {
            "not_understood": any(".again." in p or "not_understood" in p for p in prompts),
            "silence": any("phrases.silence" in p for p in prompts),
            "stale_answer": "phrases.asked_again" in prompts,
        }
        return tuple(name for name, found in names.items() if found)


def _was_asked(question: Question | None, deed: Deed) -> bool:
    """Whether the open question was the confirmation of these very values, or the secret asked after it."""
    if question is None or question.frame != deed.frame.id:
        return False
    if question.asked is Asked.CONFIRM:
        return question.shown == digest(deed.frame)
    return question.asked is Asked.SLOT and bool(question.secret)


__all__ = ["ACTS", "PURPOSEFUL", "STEP_UPS", "WALKS", "Act", "Walk"]
