"""What was hers once: pointers from before an unlink, a merge, an erasure."""

from __future__ import annotations

from tests.spoofing.asks import BALANCE
from tests.spoofing.attacks.pointers import carry, genuine, own
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from tests.spoofing.victim import victim_in
from throughline.channels.capabilities import ALEXA, EAR, TEXTING
from throughline.customers.addresses import AddressKind
from throughline.turn import Assurance

FAMILY = "pointers and addresses of before"
WHY = "the customer asked for it"


def _kind(a: Attempt) -> AddressKind:
    return AddressKind.ALEXA if a.way == ALEXA else AddressKind.PHONE


def _desk(a: Attempt, **request: str) -> dict[str, object]:
    team = "operator" if request["act"] == "erase" else "supervisor"
    status, told = a.world.desk(team, "sup-1", {"why": WHY, **request})
    if status != 200:
        a.got_in(f"the desk refused what the attack needs ({status} {told}): it proves nothing")
    return told


@attack("her pointer after an unlink", FAMILY, (*CALLS, ALEXA), ("gone", "wrong"), fresh=True)
def unlinked(a: Attempt, how: str) -> None:
    """He has her old number or speaker, with a pointer from when it was hers; she had it taken off since."""
    token = genuine(a, own(a), Assurance.LINKED)
    with a.hers() as victim:
        _desk(a, act="unlink", customer=victim.customer, link=victim.link(_kind(a)).id, how=how)
    carry(a, token)


@attack(
    "her address after an unlink",
    FAMILY,
    (TEXTING, ALEXA, EAR),
    ("gone", "wrong"),
    fresh=True,
    allows=("her addresses lead elsewhere",),
)
def address_gone(a: Attempt, how: str) -> None:
    """He has her old number, speaker or browser; she had it taken off since."""
    kind = {TEXTING: AddressKind.PHONE, ALEXA: AddressKind.ALEXA, EAR: AddressKind.WEB}[a.way]
    with a.hers() as victim:
        _desk(a, act="unlink", customer=victim.customer, link=victim.link(kind).id, how=how)
    a.device, a.user = a.victim.person.browser, a.victim.person.speaker
    a.asks(BALANCE)
    a.say("yes")


@attack("a pointer from within a merge that was undone", FAMILY, CALLS, range(2), fresh=True)
def undone(a: Attempt, number: int) -> None:
    """The desk joined her with him by mistake, and undid it; he still has the pointer of a call in between."""
    his = victim_in(a.world)
    before = genuine(a, own(a), Assurance.LINKED) if number else ""
    with a.hers() as victim:
        told = _desk(a, act="merge", customer=victim.customer, other=his.customer)
    theirs = next(link for link in a.victim.stored().links.values() if link.home == his.customer)
    token = before or _pointer(a, theirs.id, theirs.epoch)
    with a.hers() as victim:
        _desk(a, act="split", customer=victim.customer, undo=str(told.get("undo", "")))
    if number:
        return  # her own pointer lived through both: it is hers, and still good
    carry(a, token)


def _pointer(a: Attempt, link: str, epoch: int) -> str:
    from throughline.customers.pointer import Pointer, mint

    return mint(
        Pointer(a.victim.customer, link, epoch), contact=own(a), assurance=Assurance.LINKED,
        expires=a.world.clock() + 3600, keys=a.world.keys.pointer_keys(),
    )  # fmt: skip


@attack(
    "an erased customer's pointer and addresses", FAMILY, (*CALLS, ALEXA, TEXTING, EAR), range(2), fresh=True, bare=True
)
def erased(a: Attempt, number: int) -> None:
    """She had herself forgotten; he comes with a pointer of before, or by an address that was hers."""
    token = genuine(a, own(a), Assurance.LINKED) if a.way in (*CALLS, ALEXA) else ""
    _desk(a, act="erase", customer=a.victim.customer)
    for _ in range(3):
        if a.world.records is not None:
            a.world.records.drain()
    a.device, a.user = a.victim.person.browser, a.victim.person.speaker
    if token and number:
        carry(a, token)
    else:
        a.asks(BALANCE)
    a.say("yes")
    for what in a.oracle.heard():
        a.got_in(what)


@control("a pointer of a link that is still hers", FAMILY, CALLS)
def still(a: Attempt) -> bool:
    """Tells her balance, whatever else of hers was taken off."""
    _desk(a, act="unlink", customer=a.victim.customer, link=a.victim.link(AddressKind.ALEXA).id, how="gone")
    carry(a, genuine(a, own(a), Assurance.LINKED))
    return a.heard_hers()
