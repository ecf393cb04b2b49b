"""The data dip of a contact that arrives: whom the number claims, where to route them, the pointer for the dialogue.

A number proves nothing: whoever is found by it has claimed to be that customer, and gets a pointer worth a claim.
What the flow hears of them below that is nothing that a stranger with a forged number could use.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from throughline.calls.caller import caller_of
from throughline.channels.connect import CHANNEL, ContactEvent, answer, pointer_in
from throughline.channels.contacts import LIVE, live_session
from throughline.customers.dip import dip
from throughline.customers.keys import KeyRing
from throughline.customers.pointer import Pointer, mint
from throughline.customers.profile import GIVEN, WITHDRAWN, in_force
from throughline.customers.store import AddressTaken, Conflict, CustomerStore, Stored
from throughline.dialogue.engine import hand_back
from throughline.dialogue.model import Model
from throughline.dialogue.state import decode, encode
from throughline.turn import Assurance, Capabilities, InputMode, Turn

POINTER_SECONDS: Final = 4 * 3600.0
"""How long a contact's pointer is good: with its waiting, no call is longer."""
BACK: Final = Capabilities(voice=True, screen=False, transfer=True, secrets=False)
"""What can be told as the assistant comes back: the flow says so itself."""
VALUE: Final = "trait.value"
RECORDING: Final = "consent.voice.recording"
UNKNOWN: Final = {
    "pointer": "", "assurance": "anonymous", "known": "false", "tier": "standard", "recording": "unknown",
    "language": "", "person": "false",
}  # fmt: skip
"""What the flow takes for granted of whom nothing is known."""


def arrived(event: ContactEvent, store: CustomerStore, keys: KeyRing, model: Model, now: float) -> dict[str, str]:
    """What the flow keeps of the contact. One read by a pointer that it has, two by the number; one write if it is new.

    Raises StoreError.
    """
    if event.parameters.get("back") == "true":
        _hand_back(event, store, keys, model, now)
    there = _by_pointer(event, store, keys, model, now) or _by_number(event, store, now)
    if there is None:
        return answer(UNKNOWN)
    stored, link, assurance, token = there
    held = stored.links[link]
    seen = dip(stored, assurance=assurance, now=now, model=model)
    facts = in_force(stored.profile)
    pointer = Pointer(stored.customer, link, held.epoch)
    return answer(
        {
            "pointer": token
            or mint(pointer, contact=event.contact, assurance=assurance, expires=now + POINTER_SECONDS, keys=keys),
            "assurance": assurance.name.lower(),
            "known": "true" if seen.known else "false",
            # How somebody is routed tells them nothing.
            "tier": "priority" if VALUE in facts and facts[VALUE].value == "high" else "standard",
            "recording": _recording(stored, assurance),
            "language": seen.profile.get("locale", "").replace("_", "-"),
            "person": "true" if seen.with_person and not _left(stored, event.contact) else "false",
        }
    )


def _left(stored: Stored, contact: str) -> bool:
    """Whether the person had the conversation in another call: who rings anew has left that one, however it ended."""
    person = decode(stored.state).person
    scheme = person.session.partition(":")[0] if person is not None else ""
    return person is not None and scheme == LIVE and person.session != live_session(contact)


def _hand_back(event: ContactEvent, store: CustomerStore, keys: KeyRing, model: Model, now: float) -> None:
    """No person has the conversation any more, as far as this contact goes: the assistant answers again."""
    session = live_session(event.contact)
    caller = caller_of(event, store, keys, now, model.limits)
    # Who came by no number is the guest of the session that Lex has for the contact.
    stored = caller.stored if caller is not None else store.by_session(f"lex:{session}", now)
    state = decode(stored.state)
    if state.person is None or state.person.session != session:
        return
    turn = Turn(
        id=f"back-{event.contact}", at=now, channel=CHANNEL, session=session, locale=model.default_locale,
        mode=InputMode.TAP, assurance=caller.assurance if caller is not None else Assurance.ANONYMOUS, can=BACK,
    )  # fmt: skip
    try:
        store.save(replace(stored, state=encode(hand_back(model, state, turn).state)), now)
    except Conflict:
        return  # another turn came in between; the flow goes on all the same


_There = tuple[Stored, str, Assurance, str]


def _by_pointer(event: ContactEvent, store: CustomerStore, keys: KeyRing, model: Model, now: float) -> _There | None:
    """At what was proved in this contact by now, if the pointer was made for it."""
    found = pointer_in(event, now, keys)
    caller = caller_of(event, store, keys, now, model.limits) if found is not None else None
    if found is None or caller is None:
        return None
    _, minted, contact = found
    if contact == event.contact:
        return caller.stored, caller.link.id, caller.assurance, event.pointer
    # Another contact's: what was proved there by a PIN counted for some minutes, and is not made new here.
    return caller.stored, caller.link.id, min(minted, caller.link.assurance, Assurance.LINKED), ""


def _by_number(event: ContactEvent, store: CustomerStore, now: float) -> _There | None:
    if event.number is None:
        return None
    stored, link = store.by_address(event.number, now)
    if stored.version == 0:
        try:
            stored = store.save(stored, now)
        except (Conflict, AddressTaken):
            # The same event twice, or their text message at the same moment: that one has made them known.
            stored, link = store.by_address(event.number, now)
    return stored, link, min(Assurance.CLAIMED, stored.links[link].assurance), ""


def _recording(stored: Stored, assurance: Assurance) -> str:
    """A no of the number's customer holds for whoever calls by it; a yes is theirs alone, who proved it."""
    fact = in_force(stored.profile).get(RECORDING)
    if fact is not None and fact.value == WITHDRAWN:
        return "denied"
    if fact is not None and fact.value == GIVEN and assurance >= Assurance.LINKED:
        return "granted"
    return "unknown"
