"""The Lex block: the customer talks with a bot until it closes the dialogue.

Source: administrator guide, "Get customer input" (Amazon Lex tab) and "Use Lex session attributes": the attributes
`x-amz-lex:audio:start-timeout-ms`, `x-amz-lex:dtmf:…` and `x-amz-lex:allow-interrupt`, which may be given in the block
or set by the bot.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping

from rehearsal.connect.blocks.speaking import asked, hears, prompt, speak
from rehearsal.connect.events import Understood
from rehearsal.connect.inputs import Keys, Said, Typed
from rehearsal.connect.ports import LexAnswer, LexFailed, LexInput
from rehearsal.connect.run import ADMIN, LANGUAGE, Block, Chose, Failed, Run, Signal, Steps, TimeIsUp, Waiting
from rehearsal.connect.state import LexState

START_TIMEOUT = 3.0
"""Seconds without a word after which Lex hears silence."""
KEYS_TIMEOUT = 5.0
"""Seconds after the last key after which keys are a turn."""
MOST_KEYS = 1024
"""Keys of one turn (lexv2 DTMFSpecification)."""
MOST_TURNS = 500
"""Turns after which a bot that never closes counts as failed; a call is worth more than that to nobody."""


def setting(attributes: Mapping[str, str], name: str, default: str) -> str:
    """A `x-amz-lex:` attribute for any intent and slot; one for a certain slot counts where there's no general one."""
    general = attributes.get(f"{name}:*:*", attributes.get(name))
    if general is not None:
        return general
    return next((value for key, value in attributes.items() if key.startswith(f"{name}:")), default)


def _seconds(attributes: Mapping[str, str], name: str, default: float) -> float:
    found = setting(attributes, name, "")
    return float(found) / 1000 if found else default


def _lex(run: Run) -> Steps:
    alias = run.text("LexV2Bot.AliasArn")
    if not alias and run.given("LexBot"):
        alias = f"{run.text('LexBot.Name')}:{run.text('LexBot.Alias')}"
    return (yield from _talk(run, alias, run.texts("LexSessionAttributes")))


def _agentic(run: Run) -> Steps:
    application = run.text("AgentConfiguration.ApplicationId")
    alias = f"agentic-cx/{application}/{run.text('AgentConfiguration.Alias')}" if application else ""
    return (yield from _talk(run, alias, run.texts("AgentConfiguration.ContextVariables"), "Success"))


def _talk(run: Run, alias: str, attributes: Mapping[str, str], otherwise: str = "NoMatchingCondition") -> Steps:
    if not hears(run) or run.data.channel not in ("VOICE", "CHAT"):
        return Failed("NoMatchingError", f"no bot in a {run.role} flow on {run.data.channel}")
    if not alias:
        return Failed("NoMatchingError", "no bot is named")
    barge_in = setting(attributes, "x-amz-lex:allow-interrupt", "true").lower() != "false"
    if (failed := prompt(run, barge_in=barge_in)) is not None:
        return failed
    initial = run.text("LexInitializationData.InitialMessage")
    turn = LexInput(text=initial) if initial and not run.voice else None
    for _ in range(MOST_TURNS):
        if turn is None:
            heard = yield from _heard(run, attributes)
            if heard is None:
                return Failed("InputTimeLimitExceeded", "nothing was written in time")
            turn = heard
        try:
            answer = run.services.lex.say(alias, run.data.id, turn, attributes, run.data.channel, run.data.language)
        except LexFailed as failure:
            return Failed("NoMatchingError", f"Lex failed: {failure}")
        turn = None
        attributes = dict(answer.attributes)
        _keep(run, answer)
        run.emit(Understood(answer.intent, answer.state, answer.closed))
        barge_in = setting(attributes, "x-amz-lex:allow-interrupt", "true").lower() != "false"
        for said in answer.messages:
            speak(run, said.kind, said.content, barge_in=barge_in and not answer.closed)
        if answer.closed:
            return Chose(answer.intent, otherwise)
    return Failed("NoMatchingError", f"the bot asked {MOST_TURNS} times")


def _heard(run: Run, attributes: Mapping[str, str]) -> Generator[Waiting, Signal, LexInput | None]:
    """The customer's turn; None where a chat's time is up."""
    if not run.voice:
        seconds = run.number("LexTimeoutSeconds.Text", 0) or None
        asked(run, "text", seconds)
        while True:
            match (yield Waiting("text", seconds)):
                case Typed(text) if text.strip():
                    return LexInput(text=text)
                case TimeIsUp():
                    return None
    start = _seconds(attributes, "x-amz-lex:audio:start-timeout-ms", START_TIMEOUT)
    between = _seconds(attributes, "x-amz-lex:dtmf:end-timeout-ms", KEYS_TIMEOUT)
    end = setting(attributes, "x-amz-lex:dtmf:end-character", "#")
    deletes = setting(attributes, "x-amz-lex:dtmf:deletion-character", "*")
    longest = int(setting(attributes, "x-amz-lex:dtmf:max-length", str(MOST_KEYS)))
    asked(run, "words", start, maximum=0 if longest == MOST_KEYS else longest)
    keys = ""
    while True:
        match (yield Waiting("words", between if keys else start)):
            case Keys(digits):
                for key in digits:
                    if key == deletes:
                        keys = ""
                    elif key == end:
                        return LexInput(keys=keys) if keys else LexInput(silent=True)
                    elif len(keys := keys + key) >= longest:
                        return LexInput(keys=keys)
            case Said(words) if words.strip():
                return LexInput(text=words)
            case TimeIsUp():
                return LexInput(keys=keys) if keys else LexInput(silent=True)


def _keep(run: Run, answer: LexAnswer) -> None:
    run.data.lex = LexState(
        answer.intent,
        answer.state,
        dict(answer.slots),
        dict(answer.attributes),
        answer.sentiment,
        answer.confidence,
    )


BLOCKS = (
    Block(
        "ConnectParticipantWithLexBot",
        _lex,
        "Hands the customer to Lex turn by turn, session attributes there and back, until it closes; then branches on "
        "the intent.",
        f"{LANGUAGE}participant-actions-connectparticipantwithlexbot.html",
    ),
    Block(
        "ConnectParticipantWithAgenticCX",
        _agentic,
        "Hands the customer to the application by the port of the bots; then branches on its exit condition.",
        f"{ADMIN}agentic-cx-block.html",
        ("VOICE", "CHAT"),
    ),
)
