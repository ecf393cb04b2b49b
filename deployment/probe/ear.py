"""Probes of the hookless bot: is it a mere ear for a dialogue that we hold?"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from botocore.exceptions import ClientError

from compiler.runtime import LEX_FALLBACK
from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, as_expected, different, judged
from deployment.probe.refusals import code
from deployment.probe.script import NONSENSE, first_slots
from deployment.probe.site import Site
from deployment.probe.talk import Answer
from throughline.channels.ear import LONGEST
from throughline.channels.readings import lex_slots
from throughline.dialogue.model import Role

LEX_ANSWERS: Final = frozenset({"ValidationException", "DependencyFailedException", "BadGatewayException"})
"""Lex's own refusals of what we send, or of what our function said (botocore lexv2-runtime)."""
NEEDS: Final = ("lex:RecognizeText", "lex:DeleteSession")
AT_ONCE: Final = 4
"""Requests side by side: twice what Lex's test alias takes (Lex V2 quotas)."""
SESSION_LENGTH: Final = 100
"""Characters of a session id (botocore lexv2-runtime, SessionId)."""


def _hear(site: Site, text: str, state: Mapping[str, Any] | None = None, session: str = "") -> Answer:
    with site.conversation(site.ear(), session) as conversation:
        return conversation.say(text, state)


def _asked(site: Site) -> tuple[str, str, dict[str, Any]]:
    """The task, the slot asked for, and the state that says so, with another slot filled already."""
    task = site.script.task()
    given, asked = first_slots(task)
    filled = lex_slots({given: site.script.value(task.name, given)})
    state = {
        "dialogAction": {"type": "ElicitSlot", "slotToElicit": asked},
        "intent": {"name": task.name, "state": "InProgress", "slots": filled},
    }
    return task.name, asked, state


def _state(site: Site) -> Outcome:
    task, asked, state = _asked(site)
    answer = _hear(site, site.script.value(task, asked), state)
    value = answer.readings[0].slots.get(asked, "") if answer.best == task else ""
    return judged(bool(value), f"{answer}; {asked} was heard as {value!r}")


def _optional(site: Site) -> Outcome:
    task = site.script.task().name
    answer = _hear(site, site.script.says(task))
    said = f"{len(answer.texts)} messages of its own, which nobody reads" if answer.texts else "no message"
    return judged(answer.best == task and answer.action != "ElicitSlot", f"{answer}; {said}")


def _yes_and_no(site: Site) -> Outcome:
    by_role = site.script.model.by_role
    came = [(by_role.get(role, ""), _hear(site, site.script.role(role)).best) for role in (Role.YES, Role.NO)]
    return judged(all(wanted == heard for wanted, heard in came), "; ".join(f"{w} was heard as {h}" for w, h in came))


def _fallback(site: Site) -> Outcome:
    answer = _hear(site, NONSENSE)
    return judged(answer.best == LEX_FALLBACK, str(answer))


def _confidence(site: Site) -> Outcome:
    task = site.script.task().name
    answer = _hear(site, site.script.says(task))
    found = next((each.confidence for each in answer.readings if each.confidence is not None), None)
    score = found.get("score") if isinstance(found, dict) else found
    shape = "an object with a score" if isinstance(found, dict) else type(found).__name__
    return judged(isinstance(score, int | float) and 0 <= score <= 1, f"{shape}: {found}")


def _hints(site: Site) -> Outcome:
    task, asked, state = _asked(site)
    value = site.script.value(task, asked)
    hints = {"slotHints": {task: {asked: {"runtimeHintValues": [{"phrase": value}]}}}}
    answer = _hear(site, value, {**state, "runtimeHints": hints})
    return judged(answer.best == task, str(answer))


def _session_id(site: Site) -> Outcome:
    name = f"Probe-{site.fresh()}_0.a:".ljust(SESSION_LENGTH, "9")[:SESSION_LENGTH]
    answer = _hear(site, site.script.role(Role.GREETING), session=name)
    return as_expected(f"accepted, {len(name)} characters; {answer}")


def _long_text(site: Site) -> Outcome:
    text = (f"{site.script.says(site.script.task().name)} " + "please " * LONGEST)[: LONGEST - 1] + "."
    answer = _hear(site, text)
    return judged(bool(answer.readings), f"{len(text)} characters were accepted; {answer}")


def _at_once(site: Site) -> Outcome:
    text = site.script.role(Role.GREETING)
    site.ear()

    def one(_: int) -> str:
        try:
            return "" if _hear(site, text).readings else "no reading"
        except ClientError as error:
            return code(error)

    with ThreadPoolExecutor(AT_ONCE) as together:
        came = list(together.map(one, range(AT_ONCE)))
    troubled = sorted({each for each in came if each})
    if any("Throttl" in each for each in troubled):
        return different(f"of {AT_ONCE} at once, {sum(bool(each) for each in came)} failed: {', '.join(troubled)}")
    if troubled:
        raise NotTried(f"the requests failed for another reason: {', '.join(troubled)}")
    return as_expected(f"{AT_ONCE} at once were all answered")


def _probe(assumption: Assumption, check: Any, texts: int = 1) -> Probe:
    return Probe(assumption, check, NEEDS, Volume(texts=texts, calls=texts), LEX_ANSWERS)


EAR: Final = (
    _probe(
        Assumption(
            "ear-state",
            "RecognizeText takes our whole dialogue state, a question and filled slots, in a session that it never saw",
            "the answer is heard as the task that we named, with the slot that we asked for",
            "unproven; the Lex V2 API describes sessionState for going on, not for beginning",
            "the ear would need PutSession first, one request more a turn (channels/ear.py)",
        ),
        _state,
    ),
    _probe(
        Assumption(
            "ear-quiet",
            "a bot without hooks, whose slots are all optional, recognises and asks for no slot",
            "the task is heard and the next step is not ElicitSlot",
            "known from practice; Lex V2 developer guide, slot constraints",
            "the interpretations might be of Lex's own dialogue: the ear would have to drop slots (compiler/lex.py)",
        ),
        _optional,
    ),
    _probe(
        Assumption(
            "yes-no",
            "a yes and a no outside a confirmation reach our own intents",
            "each is heard as the intent of that role",
            "known from practice",
            "offers to go on would not be answered in text: their keywords would have to change (dialogue/intents)",
        ),
        _yes_and_no,
        texts=2,
    ),
    _probe(
        Assumption(
            "ear-fallback",
            "what fits no intent is heard as the declared fallback intent",
            f"nonsense is heard as {LEX_FALLBACK}",
            "Lex V2 developer guide, AMAZON.FallbackIntent",
            "misses would not be counted, and a wrong task might open (nluConfidenceThreshold in compiler/lex.py)",
        ),
        _fallback,
    ),
    _probe(
        Assumption(
            "confidence-shape",
            "an interpretation has a confidence between 0 and 1, a number or an object with a score",
            "one of the two",
            "botocore says an object, the developer guide shows both",
            "close readings would not be asked about (channels/readings.py)",
        ),
        _confidence,
    ),
    _probe(
        Assumption(
            "runtime-hints",
            "runtime hints in a client's sessionState are accepted beside an open question",
            "no error, and the task is heard",
            "Lex V2 developer guide, runtime hints; unproven together with a client's ElicitSlot",
            "nothing today; names of payees could not be hinted at",
        ),
        _hints,
    ),
    _probe(
        Assumption(
            "session-ids",
            "a session id may have a hundred letters, digits and . _ : -",
            "such an id is accepted",
            "botocore lexv2-runtime, SessionId",
            "ids of sessions would have to be hashed shorter (channels/ear.py)",
        ),
        _session_id,
    ),
    _probe(
        Assumption(
            "text-length",
            f"RecognizeText takes {LONGEST:,} characters",
            "so long a text is accepted and interpreted",
            "botocore lexv2-runtime, Text",
            "long messages would have to be cut shorter (LONGEST in channels/ear.py)",
        ),
        _long_text,
    ),
    _probe(
        Assumption(
            "at-once",
            "an alias of our own takes more conversations at once than the test alias does",
            f"{AT_ONCE} at once are answered without throttling",
            "Lex V2 quotas as of 2023: 2 on the test alias, 25 on another",
            "text channels would need a queue, or the quota raised, before customers come",
        ),
        _at_once,
        texts=AT_ONCE,
    ),
)
"""In the order in which they run."""
