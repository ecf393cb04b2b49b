"""Alexa's custom skill: its request to a `Turn`, a `Reply` to its response.

Shapes, limits and manners: Alexa Skills Kit, "Request and response JSON reference", "Dialog interface" and
"Certification requirements": 8,000 characters of speech, a question leaves the session open, stop and
cancel exit, a SessionEndedRequest is answered with no speech.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from throughline.channels.capabilities import ALEXA, WAYS
from throughline.conversation import Exchange, Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import KeyRing
from throughline.customers.pointer import mint
from throughline.customers.pointer import read as read_pointer
from throughline.dialogue.model import Base, Model
from throughline.dialogue.values import slot_type
from throughline.errors import EventError, PointerError
from throughline.privacy.masking import mask
from throughline.rendering import plain, said_line, shown, spoken
from throughline.reply import Awaits, Reply
from throughline.turn import Answer, Assurance, Heard, InputMode, Turn

LONGEST_SPEECH, LONGEST_CARD = 7_900, 8_000
POINTER_SECONDS: Final = 24 * 3600
POINTER, QUESTION = "pointer", "question"
CHANNEL: Final = "alexa"
_ANSWERS = {"CONFIRMED": Answer.CONFIRMED, "DENIED": Answer.DENIED}


@dataclass(frozen=True, slots=True)
class SkillRequest:
    """What this adapter needs of the request."""

    type: str
    id: str
    application: str
    user: str
    session: str
    locale: str
    intent: Mapping[str, Any]
    attributes: Mapping[str, Any]
    linked: bool
    """An account is linked: the request carries its token."""


def parse(event: object) -> SkillRequest:
    """Check the request. Raises EventError if it has no type, no application or no user."""
    if not isinstance(event, dict):
        raise EventError("an Alexa request is a JSON object")
    request, session = _dict(event.get("request")), _dict(event.get("session"))
    system = _dict(_dict(event.get("context")).get("System"))
    user = _dict(system.get("user")) or _dict(session.get("user"))
    application = _dict(system.get("application")) or _dict(session.get("application"))
    kind, user_id = request.get("type"), user.get("userId")
    if not isinstance(kind, str) or not isinstance(user_id, str) or not user_id:
        raise EventError("an Alexa request has a type and a user")
    return SkillRequest(
        type=kind,
        id=_text(request.get("requestId"))[:200],
        application=_text(application.get("applicationId")),
        user=user_id,
        session=_text(session.get("sessionId"))[:200] or "none",
        locale=_text(request.get("locale")).replace("-", "_"),
        intent=_dict(request.get("intent")),
        attributes=_dict(session.get("attributes")),
        linked=bool(_text(user.get("accessToken"))),
    )


def converses(request: SkillRequest) -> bool:
    """Whether the request is something said to the skill, rather than news about the session or a player."""
    return request.type == "LaunchRequest" or (request.type == "IntentRequest" and bool(request.intent))


def to_turn(request: SkillRequest, *, at: float, fresh_id: str, keys: KeyRing) -> tuple[Turn, Sender]:
    """The turn and who claims to speak. Raises EventError if the user's id is not one."""
    heard = () if request.type == "LaunchRequest" else (_heard(request.intent),)
    turn = Turn(
        id=request.id or fresh_id,
        at=at,
        channel=CHANNEL,
        session=f"alexa:{request.session}",
        locale=request.locale,
        mode=InputMode.SPEECH,
        can=WAYS[ALEXA].back,
        heard=heard,
        answers=_text(request.attributes.get(QUESTION))[:40],
        opens=request.type == "LaunchRequest",
    )
    sender = Sender(Assurance.LINKED, address=Address(AddressKind.ALEXA, request.user))
    token = _text(request.attributes.get(POINTER))
    if token:
        try:
            pointer, _ = read_pointer(token, contact=request.user, now=at, keys=keys)
        except PointerError:
            return turn, sender
        return turn, Sender(sender.transport, pointer=pointer, address=sender.address)
    return turn, sender


def to_response(request: SkillRequest, exchange: Exchange, model: Model, keys: KeyRing) -> dict[str, Any]:
    """What Alexa is to say, show and ask next."""
    reply, turn = exchange.reply, exchange.turn
    speech = spoken(model, reply, turn.locale)
    open_ = not _closes(reply)
    response: dict[str, Any] = {"shouldEndSession": not open_}
    if speech:
        response["outputSpeech"] = _ssml(speech)
    if open_:
        again = said_line(model, reply.reprompt, turn.locale) if reply.reprompt is not None else ""
        response["reprompt"] = {"outputSpeech": _ssml(again or speech)}
        directive = _directive(model, reply, turn.locale)
        if directive is not None:
            response["directives"] = [directive]
    card = _card(model, reply, turn.locale, linked=request.linked)
    if card is not None:
        response["card"] = card
    attributes: dict[str, Any] = {QUESTION: reply.question}
    if exchange.pointer is not None:
        attributes[POINTER] = mint(
            exchange.pointer,
            contact=request.user,
            assurance=Assurance.LINKED,
            expires=turn.at + POINTER_SECONDS,
            keys=keys,
        )
    return {"version": "1.0", "sessionAttributes": attributes, "response": response}


def nothing_to_say() -> dict[str, Any]:
    """For requests that allow no speech: an ended session, a player's or a system's news."""
    return {"version": "1.0", "response": {}}


def cannot_fulfill() -> dict[str, Any]:
    """For CanFulfillIntentRequest: the skill is only ever called by its name."""
    return {"version": "1.0", "response": {"canFulfillIntent": {"canFulfill": "NO"}}}


def apology(model: Model, locale: str = "") -> dict[str, Any]:
    """A polite end where no turn could be made of a request."""
    speech = spoken(model, Reply(()), locale or model.default_locale)
    return {"version": "1.0", "response": {"outputSpeech": _ssml(speech), "shouldEndSession": True}}


def _closes(reply: Reply) -> bool:
    """A question leaves the session open and nothing else does."""
    if reply.awaits is Awaits.INTENT:
        return not reply.question and not reply.choices
    return reply.awaits is Awaits.NOTHING


def _ssml(speech: str) -> dict[str, str]:
    if len(speech) > LONGEST_SPEECH:
        speech = plain(speech).replace("&", " ").replace("<", " ").replace(">", " ")[:LONGEST_SPEECH]
    return {"type": "SSML", "ssml": f"<speak>{speech}</speak>"}


def _directive(model: Model, reply: Reply, locale: str) -> dict[str, Any] | None:
    if reply.awaits not in (Awaits.SLOT, Awaits.CONFIRM):
        return None
    slots: dict[str, dict[str, str]] = {}
    for name, value in _all_slots(model, reply).items():
        slots[name] = {"name": name, "confirmationStatus": "NONE"}
        if value:
            slots[name]["value"] = _spoken_value(model, reply.intent, name, value, locale)
    intent = {"name": reply.intent, "confirmationStatus": "NONE", "slots": slots}
    if reply.awaits is Awaits.CONFIRM:
        return {"type": "Dialog.ConfirmIntent", "updatedIntent": intent}
    return {"type": "Dialog.ElicitSlot", "slotToElicit": reply.slot, "updatedIntent": intent}


def _all_slots(model: Model, reply: Reply) -> dict[str, str]:
    intent = model.intent(reply.intent)
    names = [slot.name for slot in intent.slots] if intent is not None else []
    return {**dict.fromkeys(names, ""), **reply.slots}


def _spoken_value(model: Model, intent: str, slot: str, value: str, locale: str) -> str:
    """A choice goes back under its name, which is what Alexa knows it by; other values as they are."""
    known = model.intent(intent)
    declared = known.slot(slot) if known is not None else None
    if declared is None or slot_type(model, declared.type).base is not Base.CHOICE:
        return value
    return next(iter(model.words(locale).values.get(declared.type, {}).get(value, ())), value)


def _card(model: Model, reply: Reply, locale: str, *, linked: bool) -> dict[str, Any] | None:
    if reply.step_up is not None and not linked:
        return {"type": "LinkAccount"}
    if reply.awaits in (Awaits.SLOT, Awaits.CHOICE) or reply.needs > Assurance.ANONYMOUS:
        return None  # cards are kept in an app that a household may share
    text = "\n".join(shown(model, reply, locale))[:LONGEST_CARD]
    return {"type": "Simple", "title": model.name, "content": text} if text else None


def _heard(intent: Mapping[str, Any]) -> Heard:
    status = _text(intent.get("confirmationStatus"))
    slots = {
        str(name): value
        for name, slot in _dict(intent.get("slots")).items()
        if (value := _slot_value(_dict(slot)))
    }
    return Heard(_text(intent.get("name")), None, slots, _ANSWERS.get(status, Answer.NONE))


def _slot_value(slot: Mapping[str, Any]) -> str:
    """The matched value's id where the skill's own type matched, else what was heard, masked."""
    simple = _dict(slot.get("slotValue")) or slot
    per_authority = _dict(simple.get("resolutions") or slot.get("resolutions")).get("resolutionsPerAuthority")
    for authority in per_authority if isinstance(per_authority, list) else ():
        if _dict(_dict(authority).get("status")).get("code") != "ER_SUCCESS_MATCH":
            continue
        values = _dict(authority).get("values")
        first = _dict(_dict(values[0]).get("value")) if isinstance(values, list) and values else {}
        found = _text(first.get("id")) or _text(first.get("name"))
        if found:
            return found
    value = _text(simple.get("value") or slot.get("value"))
    return "" if value == "?" else mask(value).text


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
