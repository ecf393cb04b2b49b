"""Rehearsal files: conversations in plain words, replayed on every way that can carry them.

A file is YAML:

    about: what it shows, in a sentence
    assurance: linked            # how well the customer is known (verified unless said)
    needs: [transfer]            # what a way must be able to do, of the capability table; optional
    lacks: [secrets]             # and what it must not; optional
    stream: doubled              # see `relay_steps`; steady unless said
    steps:
      - says: move fifty dollars from checking to savings
        keys: ["2", "50", "1", "2"]    # the same on telephone keys; without it keys can't carry the file
        hears: [TransferMoney.confirm] # prompts that must be heard, in this order; others may be between
        shows: ["$50"]                 # facts that the customer must see or hear
        hides: ["4111"]                # and what they must not, nor may it be stored
        assurance: linked              # how sure the bank must have been of who speaks
      - silence: true
      - opens: true
      - again: true                    # the platform delivers the last event once more
      - leaves: true                   # the session ends
      - waits: 20 minutes
      - enters_code: true              # the newest code that came to their phone or mailbox; or `wrong`
      - codes: email                   # from here on the codes of their mailbox (or `text`: of their phone)
      - signs_in: true                 # into their account, or on the speaker: links it
      - fails: text                    # from here on no text (or `email`) gets through; `works: text` ends that
      - as: stranger                   # from here on at a browser that nobody knows; `kin`: somebody else of the
                                       # household, at the same phone; `self`: themselves again
      - on: alexa                      # from here on this way, whatever the file is replayed on
      - on: elsewhere                  # from here on another way: the web chat, or from there the speaker
      - on: here                       # from here on the file's own way again
      - hands_back: true               # the person who had the conversation has finished
    ends:
      frames: [{intent: TransferMoney, slots: {amount: "50.00"}}]   # tasks still open; none unless said
      asks: confirm                    # kind of the open question; none unless said
      done: [CheckBalance]             # tasks that were done, in order
      refused: [PayBill.insufficient]  # what the back end would not do
      person: true                     # a person has the conversation
      consents: {any.offers: withdrawn} # wishes about messages, by channel and purpose
      bank: {blocked: [debit]}         # what became of it in the back end

What a way must be able to do, beyond the capability table's columns: `captures`: secrets are keyed in past Lex, and a
telephone PIN is asked for before a code; `relays`: what is said while a person has the conversation still comes by us;
`waits`: nobody hangs up over some minutes of silence. A call does the first and not the other two. `outlet`: what an
agent writes gets to the customer by us, outside of any turn.

A step on the telephone (`lex-speech`, `lex-keys`) has further keys: see `phone_steps`; one in which an agent writes
to the customer, or the customer sends files: see `relay_steps`.

`{phone}` and `{email}` in `says` are the person's own, `{new_email}` is a mailbox of theirs that nobody knows yet.
`<next tuesday>` as a whole value of `ends` is that day, and among `keys` that day as it is keyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from rehearsal import phone_steps, relay_steps
from rehearsal.connect.chat_stream import Weather
from rehearsal.ways import WAYS
from throughline.channels import capabilities
from throughline.channels.capabilities import ALEXA, EAR, LEX_KEYS, LEX_SPEECH, TEXTING
from throughline.turn import Assurance

HERE: Final = "here"
ELSEWHERE: Final = "elsewhere"
SELF, STRANGER, KIN = "self", "stranger", "kin"
TRUE, WRONG = "true", "wrong"
OUTLETS: Final = (EAR, TEXTING)
"""Ways on which what an agent writes gets to the customer by us."""
CARRIERS: Final = ("text", "email")
_UNITS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_STEP_KEYS: Final = {
    "says", "keys", "silence", "opens", "again", "leaves", "waits", "on", "hands_back", "hears", "shows", "hides",
    "enters_code", "codes", "signs_in", "as", "fails", "works", "assurance", "attaches",
}  # fmt: skip
_NEEDS: Final = (
    "transfer", "secrets", "screen", "voice", "confidence", "silence", "transcript", "repeats", "verified", "stays",
    "genuine", "captures", "relays", "waits", "outlet",
)  # fmt: skip


class RehearsalError(ValueError):
    """A rehearsal file is not one; says file, step and what is wrong."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens."""

    number: int
    says: str = ""
    keys: tuple[str, ...] = ()
    silence: bool = False
    opens: bool = False
    again: bool = False
    leaves: bool = False
    waits: float = 0.0
    """Seconds."""
    on: str = ""
    hands_back: bool = False
    hears: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    enters_code: str = ""
    """true: the newest that came; wrong: one that didn't."""
    codes: str = ""
    """From which carrier codes are read from here on: text or email."""
    signs_in: bool = False
    who: str = ""
    """self, stranger or kin, from here on."""
    fails: str = ""
    works: str = ""
    assurance: str = ""
    """How sure the turn must have been of who speaks; not looked at unless said."""
    phone: Mapping[str, Any] = field(default_factory=dict)
    """What only a telephone has: see `phone_steps`."""
    attaches: int = 0
    """Files that go along with what is said."""
    relay: Mapping[str, Any] = field(default_factory=dict)
    """What an agent does in a text channel, and what comes of it: see `relay_steps`."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A rehearsal file."""

    name: str
    about: str
    steps: tuple[Step, ...]
    ends: Mapping[str, Any]
    assurance: Assurance = Assurance.VERIFIED
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    stream: Weather = Weather.STEADY


def read(path: Path) -> Conversation:
    """Read a file. Raises RehearsalError."""
    data = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(data, dict) or not data.get("about") or not isinstance(data.get("steps"), list):
        raise RehearsalError(f"{path.name}: needs `about` and `steps`")
    needs, lacks = tuple(data.get("needs", ())), tuple(data.get("lacks", ()))
    unknown = [name for name in needs + lacks if name not in _NEEDS]
    if unknown:
        raise RehearsalError(f"{path.name}: {unknown}: only {', '.join(_NEEDS)} are capabilities")
    stream = data.get("stream", "steady")
    if stream not in list(Weather):
        raise RehearsalError(f"{path.name}: `stream` is one of {', '.join(Weather)}")
    return Conversation(
        name=path.stem,
        about=str(data["about"]),
        steps=tuple(_step(path, number, entry) for number, entry in enumerate(data["steps"], start=1)),
        ends=data.get("ends", {}),
        assurance=Assurance.named(data.get("assurance", "verified")),
        needs=needs,
        lacks=lacks,
        stream=Weather(stream),
    )


def why_not(conversation: Conversation, way: str) -> str:
    """Why that way can't carry the conversation, by the capability table; empty if it can."""
    row = capabilities.WAYS[way]
    calls = way in (LEX_SPEECH, LEX_KEYS)
    has = {
        "transfer": row.back.transfer, "secrets": row.back.secrets, "screen": row.back.screen,
        "voice": row.back.voice, "confidence": row.confidence, "silence": row.silence,
        "transcript": row.transcript, "repeats": row.repeats, "verified": row.proves >= Assurance.VERIFIED,
        "stays": not row.back.cancel_exits, "genuine": way != TEXTING,
        "captures": calls, "relays": row.back.transfer and not calls, "waits": not calls,
        "outlet": way in OUTLETS,
    }  # fmt: skip
    lacking = [name for name in conversation.needs if not has[name]]
    if lacking:
        return f"{way} has no {', '.join(lacking)}"
    having = [name for name in conversation.lacks if has[name]]
    if having:
        return f"{way} has {', '.join(having)}"
    if conversation.assurance < row.proves < Assurance.VERIFIED:
        proved = row.proves.name.lower()
        return f"{way} proves by itself that its customer is {proved}: no less can be told there"
    if row.proves < Assurance.LINKED <= conversation.assurance and conversation.steps[0].on != way:
        return f"{way} proves by itself a claim only: more than that takes a code there"
    first = conversation.steps[0].on
    if first and first != way:
        return f"it begins on {first}"
    return next((why for step, at in places(conversation, way) if (why := _cannot(step, at))), "")


def places(conversation: Conversation, way: str) -> Iterator[tuple[Step, str]]:
    """Every step with the way that it is taken on."""
    at = way
    for step in conversation.steps:
        if step.on == HERE:
            at = way
        elif step.on == ELSEWHERE:
            at = EAR if way != EAR else ALEXA
        elif step.on:
            at = step.on
        yield step, at


def _cannot(step: Step, way: str) -> str:
    row = capabilities.WAYS[way]
    if set(step.phone) - relay_steps.ARRANGES and way not in (LEX_SPEECH, LEX_KEYS):
        return f"{way} is no telephone (step {step.number})"
    if (step.relay or step.attaches) and way not in OUTLETS:
        return f"nothing of an agent's gets to {way}, nor any file to us (step {step.number})"
    if step.silence and not row.silence:
        return f"{way} is not told of silence (step {step.number})"
    if step.leaves and way == TEXTING:
        return f"{way} has no end to a session (step {step.number})"
    if step.again and not row.repeats:
        return f"{way} can't tell a repeated event (step {step.number})"
    if step.enters_code and not _carries_codes(way):
        return f"{way} carries no code (step {step.number})"
    if step.signs_in and way not in (EAR, ALEXA):
        return f"nobody signs in by {way} (step {step.number})"
    if step.says and not row.words and not step.keys:
        return f"{way} carries keys alone (step {step.number} has none)"
    if step.keys and not step.says and way not in (LEX_SPEECH, LEX_KEYS):
        return f"{way} has no telephone keys (step {step.number} has nothing else)"
    return ""


def _carries_codes(way: str) -> bool:
    can = capabilities.WAYS[way].back
    return can.codes or can.secrets


def _step(path: Path, number: int, entry: object) -> Step:
    if not isinstance(entry, dict):
        raise RehearsalError(f"{path.name}, step {number}: a step is a mapping")
    entry = {"on" if name is True else name: value for name, value in entry.items()}  # in YAML 1.1 an `on` is true
    unknown = set(entry) - _STEP_KEYS - phone_steps.KEYS - relay_steps.KEYS
    if unknown:
        raise RehearsalError(f"{path.name}, step {number}: unknown {sorted(unknown)}")
    wrong = relay_steps.refused(entry)
    if wrong:
        raise RehearsalError(f"{path.name}, step {number}: {wrong}")
    places = (HERE, ELSEWHERE, *WAYS)
    if entry.get("on", "") not in ("", *places):
        raise RehearsalError(f"{path.name}, step {number}: `on` is one of {', '.join(places)}")
    who, code = entry.get("as", ""), str(entry.get("enters_code", "")).lower()
    for name, value, known in (
        ("as", who, (SELF, STRANGER, KIN)), ("enters_code", code, (TRUE, WRONG)),
        *((name, entry.get(name, ""), CARRIERS) for name in ("codes", "fails", "works")),
    ):  # fmt: skip
        if value not in ("", *known):
            raise RehearsalError(f"{path.name}, step {number}: `{name}` is one of {', '.join(known)}")
    return Step(
        number=number,
        says=str(entry.get("says", "")),
        keys=tuple(str(keys) for keys in _listed(entry.get("keys"))),
        silence=bool(entry.get("silence")),
        opens=bool(entry.get("opens")),
        again=bool(entry.get("again")),
        leaves=bool(entry.get("leaves")),
        waits=seconds(str(entry["waits"])) if "waits" in entry else 0.0,
        on=entry.get("on", ""),
        hands_back=bool(entry.get("hands_back")),
        hears=tuple(_listed(entry.get("hears"))),
        shows=tuple(str(fact) for fact in _listed(entry.get("shows"))),
        hides=tuple(str(fact) for fact in _listed(entry.get("hides"))),
        enters_code=code,
        codes=entry.get("codes", ""),
        signs_in=bool(entry.get("signs_in")),
        who=who,
        fails=entry.get("fails", ""),
        works=entry.get("works", ""),
        assurance=entry.get("assurance", ""),
        phone={name: value for name, value in entry.items() if name in phone_steps.KEYS},
        attaches=int(entry.get("attaches", 0)),
        relay={name: value for name, value in entry.items() if name in relay_steps.KEYS},
    )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def seconds(text: str) -> float:
    """A span of time in words, like "20 minutes" or "2 days". Raises RehearsalError."""
    found = re.fullmatch(r"(\d+) (second|minute|hour|day)s?", text)
    if not found:
        raise RehearsalError("a span of time is like `20 minutes` or `2 days`")
    return float(int(found[1]) * _UNITS[found[2]])
