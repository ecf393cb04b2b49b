"""The one customer as the page shows them: links, the open conversation in words, nothing secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from throughline.customers.addresses import Address, AddressKind
from throughline.customers.assurance import CODES_GO_TO, linked_assurance, reachable
from throughline.customers.keys import Keys
from throughline.customers.profile import in_force
from throughline.customers.store import Link, Stored
from throughline.dialogue.model import Model
from throughline.dialogue.state import Frame, Question, State, decode
from throughline.dialogue.values import kind_of
from throughline.rendering import label
from throughline.reply import Choice, Typed


def customer_json(
    stored: Stored, model: Model, now: float, shown: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """Links with what they are worth; frames, the one being worked on last, with their slots; what is asked.

    `shown`: what may be seen of an address, by its keyed hash; the page is told no address in full.
    """
    state: State = decode(stored.state)
    return {
        "customer": stored.customer,
        "version": stored.version,
        "links": [_link_json(link, state, model, now, shown) for link in stored.links.values()],
        "facts": {path: fact.value for path, fact in in_force(stored.profile).items()},
        "mark": bool(stored.mark),
        "frames": [_frame_json(frame, state.question, model, now) for frame in state.frames],
        "question": _question_json(state.question, model) if state.question is not None else None,
        "pending": state.pending is not None,
        "with_person": state.person.reason if state.person is not None else None,
        "size": len(stored.state.encode()),
    }


def glimpse(address: Address) -> str:
    """What may be seen of an address: the end of a number, the beginning and the place of a mailbox."""
    match address.kind:
        case AddressKind.PHONE:
            return f"••{address.value[-2:]}"
        case AddressKind.EMAIL:
            name, _, place = address.value.partition("@")
            return f"{name[:1]}•••@{place}"
    return ""


def glimpses(stored: Stored, addresses: Iterable[Address], keys: Keys) -> dict[str, str]:
    """What may be seen of these addresses, by their keyed hash, as far as they are linked to the customer."""
    ring = keys.address_keys()
    linked = {link.address for link in stored.links.values()}
    return {hashed: glimpse(one) for one in addresses for hashed in one.hashes(ring) if hashed in linked}


def _link_json(link: Link, state: State, model: Model, now: float, shown: Mapping[str, str]) -> dict[str, Any]:
    limits = model.limits
    fresh = [proof for proof in state.proofs if proof.link == link.id and now - proof.at < limits.verified_minutes * 60]
    return {
        "id": link.id,
        "kind": link.kind or "guest",
        "ending": shown.get(link.address, ""),
        "assurance": linked_assurance(link, now, limits).name.lower(),
        "evidence": link.evidence,
        "by": link.by,
        "age": round(max(now - link.at, 0.0)),
        "shared": link.shared,
        "closed": link.closed,
        "moved": bool(link.home),
        "act": link.act,
        "codes": reachable(link, CODES_GO_TO, now, limits),
        "verified": [
            {
                "session": proof.session.partition(":")[0],
                "how": proof.how,
                "left": round(limits.verified_minutes * 60 - (now - proof.at)),
            }
            for proof in fresh
        ],
    }


def intent_label(model: Model, name: str) -> str:
    """What an intent is called among people: "Move money"; empty if the model doesn't know it."""
    intent = model.intent(name)
    return _words(model, f"label:{intent.name}", intent.name) if intent is not None else ""


def _frame_json(frame: Frame, question: Question | None, model: Model, now: float) -> dict[str, Any]:
    idle = now - frame.touched_at
    return {
        "intent": frame.intent,
        "label": intent_label(model, frame.intent) or frame.intent,
        "slots": dict(frame.slots),
        "rows": _rows(frame, question, model),
        "session": frame.session,
        "idle_seconds": round(idle),
        "left": idle > model.limits.idle_minutes * 60,
        "confirmed": bool(frame.confirmed),
        "misses": {name: list(count) for name, count in frame.misses.items()},
    }


def _rows(frame: Frame, question: Question | None, model: Model) -> list[dict[str, Any]]:
    """The slots of the frame's intent in the order of asking, filled or not; without those not wanted."""
    intent = model.intent(frame.intent)
    asked = question.slot if question is not None and question.frame == frame.id else ""
    rows = []
    for slot in intent.slots if intent is not None else ():
        value = frame.slots.get(slot.name, "")
        wanted = all(frame.slots.get(name) in values for name, values in slot.when.items())
        if not value and slot.name != asked and not (slot.required and wanted):
            continue
        rows.append(
            {
                "name": slot.name,
                "label": _words(model, f"slot:{frame.intent}.{slot.name}", slot.name) or slot.name,
                "value": _words(model, kind_of(model, slot.type), value) or value,
                "asked": slot.name == asked,
                "secret": bool(slot.sensitive),
            }
        )
    return rows


def _question_json(question: Question, model: Model) -> dict[str, Any]:
    told: dict[str, Any] = asdict(question)
    for option, shown in zip(question.options, told["options"], strict=True):
        shown["label"] = intent_label(model, option.intent)
    return told


def _words(model: Model, kind: str, value: str) -> str:
    return label(model, Choice(Typed(kind, value), ""), model.default_locale) if value else ""
