"""The service behind the wire: finds bot, alias and locale, lays what a client gives over the session, runs
the turn.

How a client's sessionState meets the stored one. Documented (Amazon Lex V2 developer guide, session
attributes and contexts): a client's session attributes replace the stored ones, an empty map erases them,
and without the member the stored ones count; a list of contexts replaces the current ones, an empty list
clears them. Assumed: runtime hints likewise; an intent given without a dialogue action leaves the open
question open if it is the same intent; a dialogue action ElicitIntent without an intent drops the stored
one; deleting a session that does not exist succeeds, since only bots, aliases and locales are documented
to be missed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import time

from rehearsal.lex.definition import Alias, Bot, Locale
from rehearsal.lex.dialogue import Dialogue, Outcome
from rehearsal.lex.ear import Ear, YesOrNo
from rehearsal.lex.errors import NotFound, ValidationFailed
from rehearsal.lex.event import Utterance
from rehearsal.lex.hearing import Heard, begin, completed
from rehearsal.lex.hook import LARGEST_ATTRIBUTES, LIMIT_SECONDS, Hook, attributes_size
from rehearsal.lex.session import Clock, LiveContext, Reading, Session, SessionKey, SessionStore
from rehearsal.lex.values import Message, SessionState
from rehearsal.lex.words import words_for

EarFor = Callable[[Bot, Locale], Ear]
NOTHING = SessionState()


def new_id() -> str:
    """A request id as AWS writes them."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Lex:
    """Lex Runtime V2 without its wire: every bot of the templates with its sessions."""

    bots: Mapping[str, Bot]
    """By bot id."""
    ear_for: EarFor
    """The recogniser of a bot's locale; asked at each turn, so that it may be built at first use."""
    agreed: YesOrNo
    """Tells a yes from a no in words; Lex does not publish what it takes for either."""
    hook: Hook
    """Invokes Lambda functions by logical id."""
    store: SessionStore
    """The sessions."""
    clock: Clock = time
    """Epoch seconds."""
    new_id: Callable[[], str] = new_id
    """Request ids."""
    hook_seconds: float = LIMIT_SECONDS
    """How long a code hook may take."""

    @classmethod
    def of(
        cls,
        bots: Sequence[Bot],
        ear_for: EarFor,
        agreed: YesOrNo,
        hook: Hook,
        *,
        clock: Clock = time,
        new_id: Callable[[], str] = new_id,
        hook_seconds: float = LIMIT_SECONDS,
    ) -> Lex:
        """The service of these bots, with no sessions yet."""
        by_id = {bot.id: bot for bot in bots}
        return cls(by_id, ear_for, agreed, hook, SessionStore(clock), clock, new_id, hook_seconds)

    def recognise(self, key: SessionKey, utterance: Utterance, given: SessionState = NOTHING) -> Outcome:
        """One turn. Raises NotFound, ValidationFailed, Conflict, DependencyFailed or BadGateway.

        A turn that fails leaves the session as it was.
        """
        bot, alias, locale = self.place(key)
        _check(given, locale)
        with self.store.turn(key):
            session = self._laid_over(bot, key, given)
            _check_question(session, locale)
            outcome = self._dialogue(bot, alias, locale).turn(key, session, utterance)
            self.store.write(key, outcome.session)
        return outcome

    def put(self, key: SessionKey, given: SessionState, messages: tuple[Message, ...], utterance: Utterance) -> Outcome:
        """Sets the session's state; with Delegate the bot goes on from it, its code hook included.

        `utterance` has no text, only request attributes and the wanted content type. Raises like `recognise`.
        """
        bot, alias, locale = self.place(key)
        _check(given, locale)
        with self.store.turn(key):
            session = self._laid_over(bot, key, given)
            _check_question(session, locale)
            if session.action is not None and session.action.type == "Delegate":
                outcome = self._delegated(bot, alias, locale, key, session, utterance)
            else:
                outcome = Outcome(self._set(session, locale, messages), utterance.request_attributes)
            self.store.write(key, outcome.session)
        return outcome

    def get(self, key: SessionKey) -> Session:
        """The session as it stands; raises NotFound."""
        bot, _, _ = self.place(key)
        session = self.store.read(key, bot.session_seconds)
        if session is None:
            raise NotFound(f"There is no session {key.session_id} for this bot, alias and locale.")
        return session

    def delete(self, key: SessionKey) -> None:
        """Forgets the session, if there is one; raises NotFound and Conflict."""
        self.place(key)
        with self.store.turn(key):
            self.store.drop(key)

    def place(self, key: SessionKey) -> tuple[Bot, Alias, Locale]:
        """Bot, alias and locale of `key`; raises NotFound with what is missing."""
        bot = self.bots.get(key.bot_id)
        if bot is None:
            raise NotFound(f"Bot {key.bot_id} does not exist.")
        alias = bot.aliases.get(key.alias_id)
        if alias is None:
            raise NotFound(f"Bot alias {key.alias_id} of bot {bot.id} does not exist.")
        locale = bot.locales.get(key.locale_id)
        if locale is None or locale.id not in alias.locales:
            raise NotFound(f"Locale {key.locale_id} is not enabled for alias {alias.id} of bot {bot.id}.")
        return bot, alias, locale

    def _dialogue(self, bot: Bot, alias: Alias, locale: Locale) -> Dialogue:
        ear = self.ear_for(bot, locale)
        return Dialogue(bot, alias, locale, ear, self.agreed, self.hook, self.clock, self.new_id, self.hook_seconds)

    def _laid_over(self, bot: Bot, key: SessionKey, given: SessionState) -> Session:
        """The stored session, or a new one, with what the client gave laid over it."""
        now = self.clock()
        session = self.store.read(key, bot.session_seconds) or Session()
        session = replace(session, contexts=tuple(each for each in session.contexts if each.ends_at > now))
        if given.attributes is not None:
            session = replace(session, attributes=dict(given.attributes))
        if given.contexts is not None:
            begun = {context.name: LiveContext.begun(context, now) for context in given.contexts}
            session = replace(session, contexts=tuple(begun.values()))
        if given.hints is not None:
            session = replace(session, hints=given.hints)
        if given.intent is None and given.action is None:
            return session
        intent, action = given.intent, given.action
        if intent is None:
            intent = None if action and action.type == "ElicitIntent" else session.intent
        else:
            intent = completed(bot.locales[key.locale_id].intents[intent.name], intent)
        if action is None and session.intent and intent and session.intent.name == intent.name:
            return replace(session, intent=intent)
        return replace(session, intent=intent, action=action, failures=0)

    def _delegated(
        self, bot: Bot, alias: Alias, locale: Locale, key: SessionKey, session: Session, utterance: Utterance
    ) -> Outcome:
        assert session.intent is not None  # _check_question
        intent = session.intent
        fresh = intent.state == "InProgress" and intent.confirmation == "None"
        if fresh:
            started = begin(locale.intents[intent.name], session.state(self.clock()), intent.slots)
            intent = replace(intent, slots=started.slots)
        heard = Heard(intent, (Reading(intent),), fresh)
        return self._dialogue(bot, alias, locale).decide(key, session, utterance, heard)

    def _set(self, session: Session, locale: Locale, messages: tuple[Message, ...]) -> Session:
        intent, action = session.intent, session.action
        if not messages and intent is not None and action is not None:
            messages = words_for(locale.intents[intent.name], action, intent, session.attributes)
        readings = (Reading(intent),) if intent is not None else session.readings
        return replace(session, messages=messages, readings=readings, request_id=self.new_id(), failures=0)


def _check(given: SessionState, locale: Locale) -> None:
    """Refuses a client's state that names what the bot lacks, or that is too large."""
    if given.attributes and attributes_size(given.attributes) > LARGEST_ATTRIBUTES:
        raise ValidationFailed(f"Session attributes exceed {LARGEST_ATTRIBUTES} bytes.")
    if given.intent is None:
        return
    intent = locale.intents.get(given.intent.name)
    if intent is None:
        raise ValidationFailed(f"Intent {given.intent.name} does not exist in locale {locale.id}.")
    unknown = sorted(given.intent.slots.keys() - intent.slots.keys())
    if unknown:
        raise ValidationFailed(f"Intent {intent.name} has no slot {', '.join(unknown)}.")


def _check_question(session: Session, locale: Locale) -> None:
    """Refuses a dialogue action that has no intent or slot to act on."""
    action, intent = session.action, session.intent
    if action is None or action.type not in {"ElicitSlot", "ConfirmIntent", "Delegate"}:
        return
    if intent is None:
        raise ValidationFailed(f"sessionState.intent is required for dialogAction.type {action.type}.")
    if action.type == "ElicitSlot" and action.slot not in locale.intents[intent.name].slots:
        raise ValidationFailed(f"Intent {intent.name} has no slot {action.slot} to elicit.")
