"""Lex V2's dialogue around the code hook: an utterance, or a session put by a client, in; the next step, out.

Documented: with a dialogue hook the Lambda hears of every turn and decides; Delegate hands the decision
back to Lex, which asks for required slots by priority, then confirms, then fulfils; a fulfilment that
delegates is refused. Assumed: after a no the dialogue hook hears of it too; the dialogue hook is called
once a turn; the first message of a group is drawn; hints and contexts stay unless they are named anew (a
context handed back as it came counts as kept); an intent without a fulfilment hook ends
ReadyForFulfillment; an alias without a Lambda cannot run an intent that has a hook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rehearsal.lex.definition import Alias, Bot, Locale
from rehearsal.lex.ear import Ear, YesOrNo, keyed_yes_or_no
from rehearsal.lex.errors import DependencyFailed
from rehearsal.lex.event import Proposal, Utterance, hook_event
from rehearsal.lex.hearing import Heard, completed, hear
from rehearsal.lex.hook import LIMIT_SECONDS, PREFIX, Hook, HookAnswer, ask
from rehearsal.lex.sentiment import sentiment_of
from rehearsal.lex.session import Clock, LiveContext, Reading, Session, SessionKey
from rehearsal.lex.values import ActiveContext, DialogAction, IntentState, Message, SessionState
from rehearsal.lex.words import filled, words_for

MOST_MESSAGES = 10
MOST_CONTEXTS = 20
MOST_PARAMETERS = 10
LONGEST_PARAMETER = 1024
"""Messages, contexts and a context's parameters (botocore model of lexv2-runtime)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A turn's end."""

    session: Session
    """As it is to be kept and shown."""
    request_attributes: Mapping[str, str]
    """The hook's, or the request's own where the hook named none."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One turn's machinery for one alias in one locale."""

    bot: Bot
    """The bot."""
    alias: Alias
    """Of that bot."""
    locale: Locale
    """One that the alias enables."""
    ear: Ear
    """Its recogniser."""
    agreed: YesOrNo
    """Tells a yes from a no in words."""
    hook: Hook
    """Invokes the alias' Lambda."""
    clock: Clock
    """Epoch seconds."""
    new_id: Callable[[], str]
    """Request ids."""
    limit_seconds: float = LIMIT_SECONDS
    """How long the hook may take."""

    def turn(self, key: SessionKey, session: Session, utterance: Utterance) -> Outcome:
        """Hears the utterance in `session` (what the client gave already laid over what was kept)."""
        state = session.state(self.clock())
        sentiment = sentiment_of(utterance.text) if self.alias.sentiment and utterance.text else None
        heard = hear(
            self.ear,
            self.locale,
            state,
            utterance.text,
            session.failures,
            sentiment,
            keyed_yes_or_no if utterance.mode == "DTMF" else self.agreed,
        )
        return self.decide(key, session, utterance, heard)

    def decide(self, key: SessionKey, session: Session, utterance: Utterance, heard: Heard) -> Outcome:
        """Lets the hook decide, or Lex where there is none or it delegates."""
        intent = self.locale.intents[heard.intent.name]
        proposal = self._proposal(heard, heard.intent)
        state = replace(session.state(self.clock()), intent=heard.intent)
        base = _Turn(self, key, session, state, utterance, heard, self.new_id())
        if not intent.dialog_hook:
            return base.carry_out(proposal, greet=heard.fresh)
        answer = base.ask("DialogCodeHook", proposal)
        if answer.action.type != "Delegate" or answer.intent is None:
            return base.apply(answer)
        return base.after(answer.raw).carry_out(
            self._proposal(heard, answer.intent), greet=heard.fresh, said=answer.raw.messages
        )

    def _proposal(self, heard: Heard, state: IntentState) -> Proposal:
        intent = self.locale.intents[state.name]
        attempt = f"Retry{min(heard.failures, 5)}" if heard.failures else "Initial"
        if state.confirmation == "Denied":
            return Proposal(DialogAction("Close"), replace(state, state="Failed"))
        if state.state in {"Fulfilled", "Failed"}:
            return Proposal(DialogAction("Close"), state)
        first = intent.first_step
        if heard.fresh and first and not (first.type == "ElicitSlot" and state.slots.get(first.slot or "")):
            return Proposal(first, state)
        missing = next((s.name for s in intent.slots.values() if s.required and not state.slots.get(s.name)), None)
        if missing is not None:
            return Proposal(DialogAction("ElicitSlot", missing), state, attempt)
        if intent.confirmation is not None and state.confirmation != "Confirmed":
            return Proposal(DialogAction("ConfirmIntent"), state, attempt)
        return Proposal(DialogAction("Close"), replace(state, state="ReadyForFulfillment"))


@dataclass(frozen=True, slots=True)
class _Answer:
    """A hook's answer that fits the bot."""

    raw: HookAnswer
    action: DialogAction
    intent: IntentState | None


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn under way."""

    dialogue: Dialogue
    key: SessionKey
    session: Session
    state: SessionState
    utterance: Utterance
    heard: Heard
    request_id: str
    request_attributes: Mapping[str, str] | None = None
    contexts_named: bool = False

    def ask(self, source: str, proposal: Proposal | None) -> _Answer:
        alias, locale = self.dialogue.alias, self.dialogue.locale
        function = alias.hooks.get(locale.id)
        assert self.state.intent is not None
        intent = locale.intents[self.state.intent.name]
        if function is None:
            raise DependencyFailed(
                f"Invalid Bot Configuration: the alias {alias.name} has no Lambda function for {locale.id}, "
                f"but the intent {intent.name} has a code hook"
            )
        event = hook_event(
            source=source,
            bot=self.dialogue.bot,
            alias=alias,
            key=self.key,
            utterance=self.utterance,
            readings=_with(self.heard, self.state.intent),
            state=self.state,
            request_id=self.request_id,
            proposal=proposal,
            label=intent.invocation_label,
        )
        raw = ask(self.dialogue.hook, function, event, self.dialogue.limit_seconds)
        return self._fitting(raw, source)

    def _fitting(self, raw: HookAnswer, source: str) -> _Answer:
        action, given = raw.state.action, raw.state.intent
        assert action is not None
        if action.type == "Delegate" and source == "FulfillmentCodeHook":
            raise DependencyFailed(f"{PREFIX}a fulfillment code hook must not return the dialog action Delegate")
        if given is None:
            return _Answer(raw, action, None)
        intent = self.dialogue.locale.intents.get(given.name)
        if intent is None:
            raise DependencyFailed(f"{PREFIX}the intent {given.name} does not exist in {self.dialogue.locale.id}")
        unknown = sorted(given.slots.keys() - intent.slots.keys())
        if action.type == "ElicitSlot" and action.slot not in intent.slots:
            unknown.append(action.slot or "")
        if unknown:
            raise DependencyFailed(f"{PREFIX}the intent {given.name} has no slot {', '.join(unknown)}")
        return _Answer(raw, action, completed(intent, given))

    def after(self, raw: HookAnswer) -> _Turn:
        """The turn with what the hook named; intent and action are the caller's to set."""
        state = replace(
            self.state,
            attributes=self.state.attributes if raw.state.attributes is None else raw.state.attributes,
            contexts=self.state.contexts if raw.state.contexts is None else raw.state.contexts,
            hints=self.state.hints if raw.state.hints is None else raw.state.hints,
        )
        return replace(
            self,
            state=state,
            request_attributes=raw.request_attributes,
            contexts_named=self.contexts_named or raw.state.contexts is not None,
        )

    def apply(self, answer: _Answer) -> Outcome:
        """Ends the turn as the hook wants it."""
        intent, action = answer.intent, answer.action
        messages = answer.raw.messages
        if intent is not None and action.type == "ConfirmIntent":
            intent = replace(intent, confirmation="None")
        if not messages and intent is not None:
            messages = self._words(action, intent)
        return self.after(answer.raw).end(action, intent, messages)

    def carry_out(self, proposal: Proposal, *, greet: bool, said: tuple[Message, ...] = ()) -> Outcome:
        """Ends the turn as Lex does by itself."""
        intent = self.dialogue.locale.intents[proposal.intent.name]
        fulfils = proposal.action.type == "Close" and proposal.intent.state == "ReadyForFulfillment"
        if fulfils and intent.fulfillment_hook:
            turn = replace(self, state=replace(self.state, intent=proposal.intent))
            return turn.apply(turn.ask("FulfillmentCodeHook", None))
        state = proposal.intent
        if proposal.action.type == "ConfirmIntent":
            state = replace(state, confirmation="None")
        greeting = filled(intent.initial, state, self.state.attributes or {}) if greet else ()
        messages = said or (*greeting, *self._words(proposal.action, state))
        return self.end(proposal.action, state, messages[:MOST_MESSAGES])

    def _words(self, action: DialogAction, state: IntentState) -> tuple[Message, ...]:
        """What the bot's definition says at this point."""
        return words_for(self.dialogue.locale.intents[state.name], action, state, self.state.attributes or {})

    def end(self, action: DialogAction, intent: IntentState | None, messages: tuple[Message, ...]) -> Outcome:
        """Ends the turn; what it leaves behind becomes the session."""
        now = self.dialogue.clock()
        same_question = action.type in {"ElicitSlot", "ConfirmIntent"} and _asks_same(self.session, action, intent)
        session = Session(
            attributes=dict(self.state.attributes or {}),
            contexts=self._contexts(now, intent),
            intent=intent,
            action=action,
            hints=self.state.hints,
            readings=_with(self.heard, intent),
            messages=messages,
            failures=self.heard.failures if same_question else 0,
            request_id=self.request_id,
            touched=now,
        )
        attributes = self.request_attributes
        return Outcome(session, self.utterance.request_attributes if attributes is None else attributes)

    def _contexts(self, now: float, intent: IntentState | None) -> tuple[LiveContext, ...]:
        """Contexts after the turn: those that the hook set begin anew, the others are a turn older."""
        before = {each.name: each for each in self.session.contexts}
        after = {name: replace(each, turns=each.turns - 1) for name, each in before.items()}
        if self.contexts_named:
            named = self.state.contexts or ()
            after = {
                each.name: after[each.name] if _echoes(each, before) else LiveContext.begun(each, now) for each in named
            }
        if intent is not None and intent.state in {"Fulfilled", "ReadyForFulfillment"}:
            parameters = {
                name: slot.interpreted[:LONGEST_PARAMETER]
                for name, slot in intent.slots.items()
                if slot is not None and slot.interpreted is not None
            }
            kept = dict(list(parameters.items())[:MOST_PARAMETERS])
            for output in self.dialogue.locale.intents[intent.name].output_contexts:
                after[output.name] = LiveContext(output.name, now + output.seconds, output.turns, kept)
        alive = [each for each in after.values() if each.turns > 0 and each.ends_at > now]
        return tuple(alive[-MOST_CONTEXTS:])


def _echoes(named: ActiveContext, before: Mapping[str, LiveContext]) -> bool:
    """Whether the hook only handed back a context that it was shown."""
    shown = before.get(named.name)
    return shown is not None and (shown.turns, shown.attributes) == (named.turns, named.attributes)


def _with(heard: Heard, intent: IntentState | None) -> tuple[Reading, ...]:
    """The readings, that of `intent` brought to its present state."""
    if intent is None:
        return heard.readings
    return tuple(replace(each, intent=intent) if each.intent.name == intent.name else each for each in heard.readings)


def _asks_same(session: Session, action: DialogAction, intent: IntentState | None) -> bool:
    before = session.action
    return (
        before is not None
        and (before.type, before.slot) == (action.type, action.slot)
        and session.intent is not None
        and intent is not None
        and session.intent.name == intent.name
    )
