"""Alexa's custom skill: its request to a `Turn`, a `Reply` to its response.

Shapes, limits and manners: Alexa Skills Kit, "Request and response JSON reference", "Dialog interface" and
"Certification requirements": 8,000 characters of speech, a question leaves the session open, stop and
cancel exit, a SessionEndedRequest is answered with no speech.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from throughline.affairs.logins import Login
from throughline.channels.capabilities import ALEXA, WAYS
from throughline.channels.fitting import pieces, units, unmarked
from throughline.channels.shapes import LONGEST, identifier, mapping, mappings, string
from throughline.conversation import Exchange, Sender
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import KeyRing
from throughline.customers.pointer import mint
from throughline.customers.pointer import read as read_pointer
from throughline.dialogue.model import Base, Model
from throughline.dialogue.values import slot_type
from throughline.errors import EventError, PointerError
from throughline.privacy.masking import mask
from throughline.privacy.sealed import Sealed
from throughline.rendering import said_line, shown, spoken
from throughline.reply import Awaits, Param, Reply, Typed
from throughline.turn import Answer, Assurance, Heard, InputMode, Turn

LONGEST_SPEECH, LONGEST_CARD, LONGEST_TITLE = 7_900, 8_000, 250
LONGEST_TOKEN: Final = 8_192
"""Characters of an account's token that are looked at; Amazon Cognito's have some thousand."""
POINTER_SECONDS: Final = 24 * 3600
POINTER, QUESTION = "pointer", "question"
CHANNEL: Final = "alexa"
_ANSWERS = {"CONFIRMED": Answer.CONFIRMED, "DENIED": Answer.DENIED}


@dataclass(frozen=True, slots=True)
class SkillRequest:
    """What this adapter needs of the request."""

    type: str
    id: str
    """Alexa's id of the request; empty if absent."""
    user: str
    session: str
    locale: str
    intent: Mapping[str, Any]
    attributes: Mapping[str, Any]
    token: Sealed | None
    """Of the account that is linked; None if none is."""
    problem: str = ""
    """What Alexa reports to have gone wrong with our last response, such as INVALID_RESPONSE."""

    @property
    def linked(self) -> bool:
        """Whether an account is linked."""
        return self.token is not None

    @property
    def begins(self) -> bool:
        """Whether nothing was answered yet in this session: who an account belongs to is looked up once."""
        return POINTER not in self.attributes


class Unheard(Exception):
    """The customer never heard our last response: Alexa refused it, or could not play it."""


def application(event: object) -> str:
    """The id of the skill that the request was sent to; "" if it names none."""
    return string(_from_system(mapping(event), "application").get("applicationId"))


def parse(event: object) -> SkillRequest:
    """Check the request. Raises EventError if it has no type or no user."""
    if not isinstance(event, dict):
        raise EventError("an Alexa request is a JSON object")
    request, session = mapping(event.get("request")), mapping(event.get("session"))
    user = _from_system(event, "user")
    kind, user_id = string(request.get("type"), 200), string(user.get("userId"))
    if not kind or not user_id:
        raise EventError("an Alexa request has a type and a user")
    return SkillRequest(
        type=kind,
        id=identifier(request.get("requestId")),
        user=user_id,
        session=identifier(session.get("sessionId")) or "none",
        locale=string(request.get("locale"), 20).replace("-", "_"),
        intent=mapping(request.get("intent")),
        attributes=mapping(session.get("attributes")),
        token=_token(user.get("accessToken")),
        problem=identifier(mapping(request.get("error")).get("type"))[:60],
    )


def converses(request: SkillRequest) -> bool:
    """Whether the request is something said to the skill, rather than news about the session or a player."""
    return request.type in ("LaunchRequest", "IntentRequest")


def to_turn(
    request: SkillRequest, *, at: float, fresh_id: str, keys: KeyRing, login: Login | None = None
) -> tuple[Turn, Sender]:
    """The turn and who claims to speak. Raises EventError if the user's id is not one.

    `login`: whose account is linked, as the token's own pool says; it makes the speaker theirs. Without an account
    linked, a speaker that was theirs by one is but a claim.
    """
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
        answers=string(request.attributes.get(QUESTION))[:40],
        opens=request.type == "LaunchRequest",
    )
    sender = Sender(
        Assurance.LINKED,
        address=Address(AddressKind.ALEXA, request.user),
        login=login,
        withdrawn=not request.linked,
    )
    token = string(request.attributes.get(POINTER))
    if token:
        try:
            pointer, vouched = read_pointer(token, contact=request.user, now=at, keys=keys)
        except PointerError:
            return turn, sender
        # Signed in when this session began, and the account is linked still.
        vouched = vouched if request.linked else Assurance.ANONYMOUS
        return turn, replace(sender, pointer=pointer, vouched=vouched)
    return turn, sender


def to_response(
    request: SkillRequest, exchange: Exchange, model: Model, keys: KeyRing, sender: Sender | None = None
) -> dict[str, Any]:
    """What Alexa is to say, show and ask next; the session's pointer remembers that `sender` was signed in."""
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
            assurance=_vouched(sender),
            expires=turn.at + POINTER_SECONDS,
            keys=keys,
        )
    return {"version": "1.0", "sessionAttributes": attributes, "response": response}


def _vouched(sender: Sender | None) -> Assurance:
    if sender is None:
        return Assurance.ANONYMOUS
    return Assurance.LINKED if sender.login is not None else min(sender.vouched, Assurance.LINKED)


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
    if units(speech) > LONGEST_SPEECH:
        speech = pieces(unmarked(speech), LONGEST_SPEECH)[0]
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
    # A secret is never asked for by voice, so Alexa's model of the intent has no such slot.
    names = [slot.name for slot in intent.slots if not slot.sensitive] if intent is not None else []
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
    if reply.awaits in (Awaits.SLOT, Awaits.CHOICE) or not _impersonal(model, reply):
        return None  # cards are kept in an app that a household may share
    title = pieces(model.name, LONGEST_TITLE)[0]
    content = pieces("\n".join(shown(model, reply, locale)), LONGEST_CARD - LONGEST_TITLE)[0]
    return {"type": "Simple", "title": title, "content": content} if content.strip() else None


def _impersonal(model: Model, reply: Reply) -> bool:
    """Whether anybody may read it: it needed no assurance, and tells no value and no task."""
    params = [param for line in reply.lines for param in line.params.values()]
    return reply.needs is Assurance.ANONYMOUS and all(_is_public(model, param) for param in params)


def _is_public(model: Model, param: Param) -> bool:
    if not isinstance(param, Typed):
        return False
    return param.kind.partition(":")[0] in ("label", "slot", "phrase") or param == Typed("text", model.name)


def _heard(intent: Mapping[str, Any]) -> Heard:
    status = string(intent.get("confirmationStatus"))
    slots = {
        string(name): value
        for name, slot in mapping(intent.get("slots")).items()
        if (value := _slot_value(mapping(slot)))
    }
    return Heard(string(intent.get("name"), 100), None, slots, _ANSWERS.get(status, Answer.NONE))


def _slot_value(slot: Mapping[str, Any]) -> str:
    """The matched value's id where the skill's own type matched, else what was heard; a list's first."""
    simple = mapping(slot.get("slotValue"))
    listed = mappings(simple.get("values"))
    simple = listed[0] if listed else simple or dict(slot)
    found = mapping(simple.get("resolutions") or slot.get("resolutions"))
    for authority in mappings(found.get("resolutionsPerAuthority")):
        if mapping(authority.get("status")).get("code") != "ER_SUCCESS_MATCH":
            continue
        first = next(iter(mappings(authority.get("values"))), {})
        matched = mapping(first.get("value"))
        name = string(matched.get("id")) or string(matched.get("name"))
        if name:
            return mask(name).text[:LONGEST]
    value = string(simple.get("value")) or string(slot.get("value"))
    return "" if value.strip() in ("", "?") else mask(value).text[:LONGEST]


def _token(raw: object) -> Sealed | None:
    text = string(raw, LONGEST_TOKEN)
    return Sealed(text) if text else None


def _from_system(event: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What the context says, and only without it the session: requests of a player have no session."""
    system = mapping(mapping(event.get("context")).get("System"))
    return mapping(system.get(name)) or mapping(mapping(event.get("session")).get(name))
