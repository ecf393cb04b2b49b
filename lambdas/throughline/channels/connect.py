"""Amazon Connect's invocations of functions: its event checked, and answers that it takes.

A contact flow's "Invoke AWS Lambda function" block sends the contact and parameters of the flow's own; it takes a flat
JSON object of texts, at most 32 KB of it (Amazon Connect Administrator Guide, "Invoke AWS Lambda functions").
What the parameters say is the flow's, and a pointer among them counts for the contact that it was made for alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from throughline.captures.keyed_in import Keyed
from throughline.channels.capabilities import CAPTURES, LEX_KEYS, WAYS, capture_name, captured_kinds
from throughline.channels.contacts import live_session, pointed, pointer_now
from throughline.channels.shapes import identifier, mapping, string
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.keys import KeyRing
from throughline.customers.pointer import Pointer, read
from throughline.dialogue.model import Model, Role
from throughline.dialogue.state import secret_in
from throughline.errors import EventError, PointerError
from throughline.exchange import Exchange, Sender
from throughline.privacy.masking import LABELS, mask
from throughline.privacy.sealed import Sealed
from throughline.rendering import spoken
from throughline.reply import Awaits
from throughline.turn import Assurance, Captured, Heard, InputMode, Turn

CHANNEL: Final = "connect"
VOICE: Final = "VOICE"
MOST_BYTES: Final = 32 * 1024
MOST_PARAMETERS: Final = 30
LONGEST: Final = 4096
"""Characters of a parameter that is kept: a pointer has less than 300."""
LONGEST_SEALED: Final = 20_000
"""Characters of a parameter that is a ciphertext."""
LONGEST_SAID: Final = 2900
"""Characters of what is spoken at once; Amazon Polly takes 3,000 (botocore polly: SynthesizeSpeech)."""
_KEY: Final = re.compile(r"[A-Za-z0-9_]{1,64}\Z")
_LOCALE: Final = re.compile(r"[a-z]{2,3}-([A-Z]{2}|[0-9]{3})\Z")


@dataclass(frozen=True, slots=True)
class ContactEvent:
    """What is believed of the event."""

    contact: str
    """The contact's id, which a Lex session of it has, too."""
    related: tuple[str, ...]
    """Ids of the contacts that it goes on from: a transfer makes a new contact, which keeps the attributes."""
    channel: str
    """VOICE, CHAT, TASK or EMAIL."""
    number: Address | None = field(repr=False)
    """Of who called or was called, on voice; None if it is withheld."""
    locale: str
    """As the model writes it, such as "en_US"; empty if the event tells none."""
    queue: str
    """Name of the queue that the contact is in, or empty."""
    parameters: Mapping[str, str]
    """The flow's, masked."""
    sealed: Mapping[str, Sealed] = field(default_factory=dict)
    """Those that the flow encrypted."""

    @property
    def voice(self) -> bool:
        """Whether it is a call."""
        return self.channel == VOICE

    @property
    def pointer(self) -> str:
        """The token in the parameters."""
        return self.parameters.get("pointer", "")


def parse(event: object, *, secret: Collection[str] = ()) -> ContactEvent:
    """Check the event; `secret` names the parameters that are ciphertexts. Raises EventError without a contact."""
    details = mapping(mapping(event).get("Details"))
    data = mapping(details.get("ContactData"))
    contact = identifier(data.get("ContactId"))
    if not contact:
        raise EventError("an event of Connect's has Details with ContactData and a ContactId")
    told = list(mapping(details.get("Parameters")).items())[:MOST_PARAMETERS]
    texts = [(name, value) for name, value in told if isinstance(value, str) and _KEY.match(name)]
    channel = string(data.get("Channel"), 20)
    related = (identifier(data.get(name)) for name in ("InitialContactId", "PreviousContactId", "RelatedContactId"))
    return ContactEvent(
        contact=contact,
        related=tuple(dict.fromkeys(one for one in related if one and one != contact)),
        channel=channel,
        number=_number(mapping(data.get("CustomerEndpoint"))) if channel == VOICE else None,
        locale=_locale(data.get("LanguageCode")),
        queue=string(mapping(data.get("Queue")).get("Name"), 300),
        parameters={n: _plain(n, string(v, LONGEST)) for n, v in texts if n not in secret},
        sealed={n: Sealed(string(v, LONGEST_SEALED)) for n, v in texts if n in secret},
    )


def pointer_in(event: ContactEvent, now: float, keys: KeyRing) -> tuple[Pointer, Assurance, str] | None:
    """Whom the parameters' pointer leads to, how sure its maker was, and the contact (or relay) it was made for.

    None if there is no good one.
    """
    # A chat that the relay began has a pointer that is older than the contact: it was made for the relay.
    for contact in (event.contact, *event.related, *filter(None, (event.parameters.get("relay", ""),))):
        try:
            pointer, assurance = read(event.pointer, contact=contact, now=now, keys=keys)
        except PointerError:
            continue
        return pointer, assurance, contact
    return None


def capture_kind(event: ContactEvent) -> str:
    """The kind of secret that the flow says it captured. Raises EventError for one that nobody knows."""
    kind = CAPTURES.get(event.parameters.get("kind", ""))
    if kind is None:
        raise EventError(f"a capture is of a kind: {', '.join(CAPTURES)}")
    return kind


def turn_id(event: ContactEvent, keys: KeyRing) -> str:
    """The same for an event that is delivered again: of the contact and the question alone, which is new each time.

    Nothing of what was keyed is in it, so nothing of that can be found again by trying.
    """
    text = "\0".join(("throughline.capture", event.contact, event.parameters.get("question", "")))
    return "connect-" + hmac.new(keys.keys[keys.current], text.encode(), hashlib.sha256).hexdigest()[:24]


def to_turn(event: ContactEvent, keyed: Keyed, model: Model, *, at: float, keys: KeyRing) -> tuple[Turn, Sender]:
    """The turn that a capture makes, in the contact's own session, and who speaks by the pointer."""
    kind, question = capture_kind(event), event.parameters.get("question", "")[:40]
    captures = captured_kinds(event.parameters.get("captures", "card pin")) | {kind}
    person = model.by_role.get(Role.PERSON, "")
    turn = Turn(
        id=turn_id(event, keys),
        at=at,
        channel=CHANNEL,
        session=live_session(event.contact),
        locale=event.locale or model.default_locale,
        mode=InputMode.SILENCE,
        can=replace(WAYS[LEX_KEYS].back, captures=captures),
        answers=question,
    )
    if keyed.person and person:
        turn = replace(turn, mode=InputMode.TAP, heard=(Heard(person),))
    elif (keyed.secret is not None or keyed.flaw) and secret_in(question) == kind:
        turn = replace(
            turn,
            mode=InputMode.KEYS,
            text=LABELS.get(kind, LABELS["pin"]),
            sealed=keyed.secret or Sealed(""),
            captured=Captured(kind, keyed.flaw),
        )
    return turn, pointed(event.pointer, event.contact, f"lex:{live_session(event.contact)}", at, keys)


def to_answer(event: ContactEvent, exchange: Exchange, model: Model, keys: KeyRing) -> dict[str, str]:
    """What the flow says (`say`, SSML), where it goes on (`next`), and what it keeps.

    `next`: empty for Lex, "capture:<name>", "handover:<reason>" or "goodbye".
    """
    reply = exchange.reply
    said = "" if reply.relayed else spoken(model, reply, exchange.turn.locale)
    after = ""
    if reply.handover is not None:
        after = f"handover:{reply.handover.reason}"
    elif reply.relayed:
        after = "handover:asked"
    elif reply.capture:
        after = f"capture:{capture_name(reply.capture)}"
    elif reply.awaits is Awaits.NOTHING:
        after = "goodbye"
    return answer(
        {
            "say": speak(said),
            "next": after,
            "pointer": pointer_now(event.pointer, exchange, event.contact, keys),
            "question": event.parameters.get("question", "") if exchange.problem else reply.question,
            "intent": reply.handover.intent if reply.handover is not None else reply.intent,
        }
    )


def speak(ssml: str) -> str:
    """The text as an SSML document; "" stays so."""
    if len(ssml) > LONGEST_SAID:
        ssml = re.sub(r"<[^<>]*>", " ", ssml)[:LONGEST_SAID].rpartition(" ")[0]
    return f"<speak>{ssml}</speak>" if ssml else ""


def answer(values: Mapping[str, str]) -> dict[str, str]:
    """The values as Connect takes them: names of letters, digits and underscores, at most MOST_BYTES together.

    What doesn't fit is left empty, the longest first.
    """
    kept = {name: value for name, value in values.items() if _KEY.match(name)}
    while len(json.dumps(kept).encode()) > MOST_BYTES:
        longest = max(kept, key=lambda name: len(kept[name]))
        kept[longest] = ""
    return kept


def _plain(name: str, value: str) -> str:
    """A pointer, a question's id and a number are no texts: each is checked for what it is, and shown by nothing."""
    return value if name in ("pointer", "question", "number") else mask(value).text


def _number(endpoint: Mapping[str, object]) -> Address | None:
    if endpoint.get("Type") != "TELEPHONE_NUMBER":
        return None
    try:
        return Address(AddressKind.PHONE, string(endpoint.get("Address"), 40))
    except EventError:
        return None


def _locale(code: object) -> str:
    text = string(code, 20)
    return text.replace("-", "_") if _LOCALE.match(text) else ""
