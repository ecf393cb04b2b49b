"""An intent's own file: its name, what its role asks for and forbids, labels, endings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from compiler.checks.values import NAME_LENGTH
from compiler.neutral import CORRECT
from compiler.problems import Findings, did_you_mean
from compiler.shapes import BEGUN, VARIANTS
from compiler.source import WORKING, AuthoredIntent, Edition, snake

LABEL_LENGTH = 20
"""A quick reply's title (Messenger Platform, quick replies)."""
_NAME = re.compile(r"[A-Z][A-Za-z]*")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_KINDS = ("money", "date", "number", "digits", "text", "time", "records")
_ACTION_KEYS = (
    "begin",
    "begun",
    "action",
    "protective",
    "irreversible",
    "confirm",
    "confirm_again",
    "done",
    "variants",
    "item",
    "refused",
    "results",
)
_WANTED: Mapping[str, tuple[str, ...]] = {
    "task": ("label", "doing", "action", "done"),
    "answer": ("label", "answer"),
    "person": ("label",),
    "prove": ("label", "doing", "begin", "action", "done", "slots"),
    "identify": ("label", "doing", "begin", "action", "done", "slots"),
}
_HAVE_SLOTS = (*WORKING, "choose")
_STEP_UP = ("prove", "identify")


def check(edition: Edition, intent: AuthoredIntent, findings: Findings) -> None:
    """One intent, apart from its slots, utterances and prompts."""
    _name(edition, intent, findings)
    _role(intent, findings)
    _label(intent, findings)
    _beginning(intent, findings)
    _endings(edition, intent, findings)


def _name(edition: Edition, intent: AuthoredIntent, findings: Findings) -> None:
    shape, place = intent.shape, intent.file.at(("intent",))
    if not _NAME.fullmatch(shape.intent):
        findings.error(place, f"`{shape.intent}`: an intent is named in PascalCase with letters only (Alexa).")
    if len(shape.intent) > NAME_LENGTH:
        findings.error(place, f"a name may have {NAME_LENGTH} characters at most (Lex), this has {len(shape.intent)}.")
    if shape.intent == CORRECT:
        findings.error(place, f"`{CORRECT}` is generated from bank.yaml's `corrections`. Choose another name.")
    if shape.intent == "FallbackIntent" and shape.role != "fallback":
        findings.error(place, "`FallbackIntent` is Lex's own name for what it doesn't understand. Choose another one.")
    stem = PurePosixPath(intent.file.layers[-1].name).stem
    if stem != snake(shape.intent):
        findings.error(place, f"`{shape.intent}` belongs in the file {snake(shape.intent)}.yaml. Rename one of them.")
    for i, former in enumerate(shape.was):
        at = intent.file.at(("was", i))
        if not _NAME.fullmatch(former):
            findings.error(at, f"`{former}` can't have been an intent's name: letters only, in PascalCase.")
        elif former in edition.seen_intents:
            findings.error(at, f"`{former}` is the name of an intent today. A former name must be free.")
        elif any(former in other.shape.was for other in edition.intents.values() if other is not intent):
            findings.error(at, f"`{former}` is a former name of another intent, too. Only one can be its successor.")


def _role(intent: AuthoredIntent, findings: Findings) -> None:
    shape, file = intent.shape, intent.file
    top = file.at(("intent",))
    given = {name for name in type(shape).model_fields if getattr(shape, name) not in (None, False, {}, [])}
    for key in _WANTED.get(shape.role, ()):
        if key not in given:
            findings.error(top, f"`{key}` is missing. An intent with the role `{shape.role}` has one.")
    if shape.role in ("task", "answer") and not shape.is_not:
        findings.warning(top, "`is_not` is missing. Say what does not belong here, and where it does.")
    for key in _ACTION_KEYS:
        if key in given and not intent.works:
            at = file.key((next(iter(shape.variants)),)) if key == "variants" else file.key((key,))
            findings.error(
                at,
                f"`{at_name(key, intent)}` is for tasks only, and this is a `{shape.role}`. Remove it.",
            )
    if shape.answer is not None and shape.role != "answer":
        findings.error(
            file.key(("answer",)), "`answer` is for the role `answer` only. A task says its result in `done`."
        )
    if shape.slots and shape.role not in _HAVE_SLOTS:
        findings.error(
            file.key(("slots",)), f"an intent with the role `{shape.role}` asks for nothing. Remove `slots`."
        )


def at_name(key: str, intent: AuthoredIntent) -> str:
    """The key as the author wrote it."""
    return next(iter(intent.shape.variants)) if key == "variants" else key


def _label(intent: AuthoredIntent, findings: Findings) -> None:
    label = intent.shape.label
    if label is not None and len(label) > LABEL_LENGTH:
        place = intent.file.at(("label",))
        findings.error(place, f"a label may have {LABEL_LENGTH} characters at most, this has {len(label)}. Shorten it.")


def _beginning(intent: AuthoredIntent, findings: Findings) -> None:
    """What begins before its secret is known, and what proves who somebody is."""
    shape, file = intent.shape, intent.file
    secrets = {name: slot for name, slot in shape.slots.items() if slot.sensitive}
    if shape.begin is not None:
        if not secrets:
            findings.error(
                file.key(("begin",)), "`begin` comes before a secret is asked for, and there is none. Add one."
            )
        if shape.begun is None:
            findings.error(
                file.key(("begin",)), "`begun` is missing. It says what was sent before the secret is asked."
            )
        if shape.irreversible:
            findings.error(
                file.key(("irreversible",)), "what begins with a code can't be irreversible. Let a task after it be."
            )
    elif shape.begun is not None or any(name.startswith(BEGUN) for name in shape.variants):
        key = "begun" if shape.begun is not None else next(n for n in shape.variants if n.startswith(BEGUN))
        findings.error(file.key((key,)), f"`{key}` without `begin`. Add `begin` or remove it.")
    if shape.protective and shape.assurance in ("linked", "verified"):
        findings.error(
            file.key(("protective",)),
            "what is protective is open to a claimed customer. Lower `assurance` or remove this.",
        )
    if shape.role not in _STEP_UP:
        return
    if shape.assurance != "anonymous":
        findings.error(file.at(("assurance",)), "who proves who they are has proved nothing yet. Remove `assurance`.")
    if shape.slots and [slot.sensitive for slot in secrets.values()] != ["code"]:
        findings.error(
            file.key(("slots",)), f"the role `{shape.role}` asks for one secret, with `sensitive: code`. Add it."
        )
    for name, slot in secrets.items():
        if slot.when:
            findings.error(file.key(("slots", name, "when")), "without the code nothing is proved. Remove `when`.")


def _endings(edition: Edition, intent: AuthoredIntent, findings: Findings) -> None:
    shape, file = intent.shape, intent.file
    if shape.irreversible and shape.confirm is None:
        findings.error(file.key(("irreversible",)), "what can't be undone is confirmed first. Add `confirm`.")
    if shape.confirm_again is not None and shape.confirm is None:
        findings.error(file.key(("confirm_again",)), "`confirm_again` without `confirm`. Add `confirm` or remove it.")
    for code in shape.refused:
        if not _CODE.fullmatch(code):
            findings.error(file.key(("refused", code)), f"`{code}`: a code has lower-case letters, digits and _ only.")
    for variant in shape.variants:
        prefix = next(each for each in VARIANTS if variant.startswith(each))
        if not _CODE.fullmatch(variant.removeprefix(prefix)):
            findings.error(
                file.key((variant,)), f"`{variant}`: after `{prefix}` come lower-case letters, digits and _."
            )
    records = [name for name, kind in shape.results.items() if kind == "records"]
    if records and shape.item is None:
        findings.error(
            file.key(("results", records[0])),
            f"`{records[0]}` is a list, and nothing says how one entry reads. Add `item`.",
        )
    if shape.item is not None and not records:
        findings.error(
            file.key(("item",)), "`item` is how one entry of a list reads. Give a result the kind `records`."
        )
    for name, kind in shape.results.items():
        _kind(edition, intent, name, kind, findings)


def _kind(edition: Edition, intent: AuthoredIntent, name: str, kind: str, findings: Findings) -> None:
    place = intent.file.at(("results", name))
    if kind.startswith("choice:"):
        wanted = kind.removeprefix("choice:")
        choices = [t for t, s in edition.slot_types.items() if s.values is not None]
        if edition.complete and wanted not in choices:
            findings.error(place, f"there is no choice called `{wanted}`. {did_you_mean(wanted, choices)}")
    elif kind not in _KINDS:
        findings.error(place, f"`{kind}` is not a kind of result. {did_you_mean(kind, [*_KINDS, 'choice:<type>'])}")
    if name in intent.shape.slots and intent.shape.slots[name].sensitive:
        findings.error(
            intent.file.key(("results", name)), f"`{name}` is a secret and never part of a result. Rename it."
        )
