"""Probes of the code hook behind the aliases `guest` and `live`: does Lex take what our function decides?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, different, judged
from deployment.probe.ear import LEX_ANSWERS, NEEDS
from deployment.probe.script import NONSENSE, first_slots
from deployment.probe.site import Site
from deployment.probe.talk import Answer
from deployment.probe.tour import ASIDE, BEGIN, CONFIRM, DECLINE, FIRST, LEAVE, TEXTS, toured
from throughline.channels.lex import POINTER
from throughline.channels.lex_messages import MOST_BUTTONS
from throughline.dialogue.model import Role

ATTRIBUTES: Final = 11_000
"""Bytes of session attributes that are tried: Lex keeps 12 KB (developer guide, quotas)."""


def _answers(site: Site) -> Outcome:
    answer = toured(site).at(BEGIN)
    if _is_trouble(site, answer):
        return different(f"the apology for a failure: {answer}. Look into the function's log")
    return judged(answer.action == "ElicitSlot" and bool(answer.texts), f"{answer}, {len(answer.texts)} messages")


def _aside(site: Site) -> Outcome:
    tour = toured(site)
    task = site.script.task()
    given, _ = first_slots(task)
    before, after = tour.at(FIRST), tour.at(ASIDE)
    value = after.slots.get(given, "")
    kept = bool(value) and value == before.slots.get(given)
    back = after.action == "ElicitSlot" and after.intent == task.name and after.best != task.name
    return judged(back and kept, f"{after}, with {given} = {value!r}")


def _remembers(site: Site) -> Outcome:
    tour = toured(site)
    tour.at(BEGIN)
    after = tour.at(ASIDE)
    if _is_trouble(site, after):
        return different("the apology for a failure. Look into the function's log: may its role use table and key?")
    return judged(after.action == "ElicitSlot", f"the open task was found again after a question in between: {after}")


def _cards(site: Site) -> Outcome:
    tour = toured(site)
    tour.at(BEGIN)
    cards = [count for answer in tour.all for count in answer.buttons]
    if not cards:
        return different(f"no card in {len(tour.all)} answers")
    return judged(max(cards) <= MOST_BUTTONS, f"{len(cards)} cards with up to {max(cards)} buttons")


def _confirms(site: Site) -> Outcome:
    tour = toured(site)
    asked = tour.at(CONFIRM)
    if asked.action != "ConfirmIntent":
        return different(f"no confirmation was asked for: {asked}")
    declined = tour.at(DECLINE)
    said = declined.readings[0].confirmation if declined.readings else "nothing"
    return judged(said == "Denied", f"ConfirmIntent was accepted; a no to it came as {said}")


def _closes(site: Site) -> Outcome:
    answer = toured(site).at(LEAVE)
    return judged(answer.action == "Close" and answer.state == "Fulfilled", f"{answer}, state {answer.state or 'none'}")


def _mood(site: Site) -> Outcome:
    answer = toured(site).at(BEGIN)
    mood = answer.readings[0].mood if answer.readings else ""
    if not site.environment.lex.sentiment:
        if mood:
            return different(f"{mood}, though the setting lex.sentiment is off")
        raise NotTried("the setting lex.sentiment is off")
    return judged(bool(mood), mood or "no sentiment")


def _forged(site: Site) -> Outcome:
    with site.conversation(site.guest()) as conversation:
        given = {POINTER: "forged", "probe": "kept"}
        answer = conversation.say(site.script.role(Role.GREETING), {"sessionAttributes": given})
    kept, believed = answer.attributes.get("probe") == "kept", POINTER in answer.attributes
    came = f"ours was {'handed back' if believed else 'dropped'}, the client's own {'kept' if kept else 'lost'}"
    return judged(kept and not believed, came)


def _large(site: Site) -> Outcome:
    given = {f"probe{number}": "x" * 1_000 for number in range(ATTRIBUTES // 1_000)}
    with site.conversation(site.guest()) as conversation:
        answer = conversation.say(site.script.role(Role.GREETING), {"sessionAttributes": given})
    kept = sum(answer.attributes.get(name) == value for name, value in given.items())
    return judged(kept == len(given), f"{kept} of {len(given)} attributes of 1,000 bytes came back")


def _request_id(site: Site) -> Outcome:
    # The same words with our count set back: only the request's id can tell the turn of the second from the first.
    state = {"sessionAttributes": {}, "dialogAction": {"type": "ElicitIntent"}}
    with site.conversation(site.live()) as conversation:
        first, second = (conversation.say(NONSENSE, state) for _ in range(2))
    if _is_trouble(site, first) or not first.texts:
        raise NotTried(f"the first was not answered ({first})")
    same = first.texts == second.texts
    return judged(not same, "the second got the first's reply again" if same else "the second was a turn of its own")


def _voice(site: Site) -> Outcome:
    with site.conversation(site.guest()) as conversation:
        kind, size = conversation.speech(site.script.role(Role.GREETING))
    return judged(kind.startswith("audio/") and size > 0, f"{size} bytes of {kind or 'nothing'}")


def _is_trouble(site: Site, answer: Answer) -> bool:
    prompt = site.script.model.prompt(site.script.locale, "phrases.trouble")
    return prompt is not None and any(text in prompt.show for text in answer.texts)


def _probe(assumption: Assumption, check: Callable[[Site], Outcome], texts: int = 0) -> Probe:
    needs = (*NEEDS, "lex:RecognizeUtterance") if assumption.id == "hook-voice" else NEEDS
    return Probe(assumption, check, needs, Volume(texts=texts, moods=texts, calls=min(texts, 1)), LEX_ANSWERS)


HOOK: Final = (
    _probe(
        Assumption(
            "hook-permission",
            "a function's permission that names the alias's ARN lets Lex call it",
            "a guest is answered by our function, with the task's first question",
            "Lex V2 developer guide; unproven from CloudFormation",
            "nobody would be answered: the permission's source in stacks/lex.py would have to change",
        ),
        _answers,
        texts=TEXTS,
    ),
    _probe(
        Assumption(
            "hook-digression",
            "a hook's ElicitSlot for another intent than the one heard, with filled slots, is accepted",
            "after a question in between, Lex asks on in the task, with the value given before",
            "known from practice",
            "a digression on Lex would have to end in ElicitIntent with the question in words (channels/lex.py)",
        ),
        _aside,
    ),
    _probe(
        Assumption(
            "store-through-key",
            "the function's role reads and writes the table under our key, through DynamoDB alone",
            "what a guest began is found again two turns later",
            "KMS developer guide, kms:ViaService; unproven for this role",
            "no conversation would be kept: the grants of stacks/customers.py would have to change",
        ),
        _remembers,
    ),
    _probe(
        Assumption(
            "hook-cards",
            "a hook's ImageResponseCard reaches the client",
            f"at least one card, of {MOST_BUTTONS} buttons at most",
            "Lex V2 developer guide, Lambda response format",
            "Lex's text clients would get no buttons: choices would have to be said (channels/lex_messages.py)",
        ),
        _cards,
    ),
    _probe(
        Assumption(
            "hook-confirm",
            "a hook may ask for a confirmation whose prompt the bot version has, and a no comes as Denied",
            "ConfirmIntent is accepted, and after a no the reading's confirmationState is Denied",
            "Lex V2 developer guide, confirmation; unproven for values filled by the hook",
            "confirmations would have to be heard as our own Yes and No (channels/lex.py)",
        ),
        _confirms,
    ),
    _probe(
        Assumption(
            "hook-close",
            "Close is accepted with the intent named that Lex heard",
            "after a goodbye the next step is Close and the intent is Fulfilled",
            "Lex V2 developer guide, Lambda response format",
            "calls would not leave Connect's Lex block (channels/lex.py)",
        ),
        _closes,
    ),
    _probe(
        Assumption(
            "sentiment",
            "an alias with sentiment analysis gives each interpretation a mood",
            "the best interpretation has one",
            "Lex V2 developer guide, sentiment analysis; the bot's role may call Comprehend",
            "moods would be missing from the timeline: the bot's role in stacks/lex.py would have to change",
        ),
        _mood,
    ),
    _probe(
        Assumption(
            "guest-attributes",
            "session attributes that our function leaves out of its response are gone from the session",
            "a guest's forged pointer does not come back, an attribute of their own does",
            "Lex V2 developer guide, session attributes",
            "what a guest wrote would stay in the session: it is never believed, but ought not to linger",
        ),
        _forged,
        texts=1,
    ),
    _probe(
        Assumption(
            "attributes-size",
            f"{ATTRIBUTES:,} bytes of session attributes pass through Lex and the function",
            "all of them come back",
            "Lex V2 quotas as of 2023: 12 KB of attributes, and 12 KB of input to a function",
            "a client's own attributes would have to be dropped earlier (ATTRIBUTES in channels/lex.py)",
        ),
        _large,
        texts=1,
    ),
    _probe(
        Assumption(
            "request-id",
            "originatingRequestId differs between two utterances, so it tells requests apart",
            "the same words, with our count set back, are a turn of their own",
            "unproven; named in no guide",
            "it would have to leave the turn's id (turn_id in channels/lex.py), or a word said twice would be lost",
        ),
        _request_id,
        texts=2,
    ),
    _probe(
        Assumption(
            "hook-voice",
            "the bot's voice and engine are a pair that Polly has, and the bot's role may use it",
            "a greeting answered in speech brings audio",
            "Lex V2 developer guide, voice settings; wrong pairs fail late",
            "the phone would be silent: the voice in dialogue/bank.yaml, or the role in stacks/lex.py",
        ),
        _voice,
        texts=1,
    ),
)
"""In the order in which they run; the first holds the conversation that those without texts look at."""
