"""The own actions over fakes: a customer store in memory, carriers that remember, time that is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from throughline.affairs.delivery import FakeDelivery, Message
from throughline.affairs.linking_channels import LinkingChannels
from throughline.affairs.proving import Proving
from throughline.affairs.sending import Sending
from throughline.customers.addresses import Address, AddressKind
from throughline.customers.allowances import GuessLimits, MemoryAllowances, SendLimits
from throughline.customers.codes import Codes, MemoryChallenges
from throughline.customers.conflicts import MemoryConflicts
from throughline.customers.keys import FixedKeys, KeyRing
from throughline.customers.memory import MemoryStore
from throughline.customers.own import OwnActions
from throughline.customers.store import Stored
from throughline.dialogue.action import Assurance, Call, Outcome
from throughline.dialogue.model import Limits
from throughline.privacy.sealed import Sealed

NOW = 2_000_000_000.0
DAY = 86_400.0
KEYS = FixedKeys(KeyRing("a", {"a": b"a" * 32}), KeyRing("p", {"p": b"p" * 32}))
PHONE = Address(AddressKind.PHONE, "+12025550143")
OTHER_PHONE = Address(AddressKind.PHONE, "+12025550187")
MAIL = Address(AddressKind.EMAIL, "pat@example.com")
WEB = Address(AddressKind.WEB, "device-of-pat-0001")


def plainly(code: Sealed, locale: str) -> Message:
    return Message("Your code", Sealed(f"[{locale}] code {code.reveal()}"))


@dataclass
class Clock:
    """Monotonic time that passes only when somebody sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Clerk:
    """Everything an own action works with, and a way to call one."""

    def __init__(
        self,
        limits: SendLimits = SendLimits(),  # noqa: B008 - frozen
        kinds: str = "phone email",
        origin: str = "",
        guesses: GuessLimits = GuessLimits(),  # noqa: B008 - frozen
        countries: tuple[str, ...] = ("US", "CA"),
    ) -> None:
        self.store = MemoryStore(KEYS)
        self.challenges = MemoryChallenges()
        self.allowances = MemoryAllowances(KEYS)
        self.carriers: dict[AddressKind, FakeDelivery] = {AddressKind(kind): FakeDelivery() for kind in kinds.split()}
        self.noted: list[str] = []
        self.clock = Clock()
        self.drawn = 0
        sending = Sending(
            Codes(self.challenges, KEYS, self.draw),
            self.allowances,
            self.carriers,
            plainly,
            countries=countries,
            limits=limits,
            guesses=guesses,
            note=self.noted.append,
            origin=lambda: origin,
        )
        proving = Proving(sending, self.store, Limits(), clock=self.clock, sleep=self.clock.sleep)
        self.conflicts = MemoryConflicts()
        self.actions: OwnActions = {
            **proving.actions(),
            **LinkingChannels(sending, self.store, KEYS, self.conflicts).actions(),
        }

    def draw(self) -> str:
        """Codes that are all different: 700001, 700002, …"""
        self.drawn += 1
        return f"{700_000 + self.drawn:06d}"

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Where messages went, and the code in each."""
        return [
            (address.value, message.text.reveal()[-6:])
            for carrier in self.carriers.values()
            for address, message in carrier.delivered
        ]

    def customer(self, address: Address = PHONE, *more: Address, proved: float = NOW - 3 * DAY, **link: Any) -> Stored:
        """A customer whose links were all proved at `proved`, by a code; `link` changes that."""
        stored, _ = self.store.by_address(address, proved)
        for one in more:
            other, _ = self.store.by_address(one, proved)
            stored = replace(stored, links={**stored.links, **other.links})
        given = {"assurance": Assurance.LINKED, "evidence": "code", "at": proved, **link}
        stored = replace(stored, links={key: replace(held, **given) for key, held in stored.links.items()})
        return self.store.save(stored, NOW - 60)

    def visitor(self, session: str = "web#visitor") -> Stored:
        """Somebody whom nobody knows."""
        return self.store.by_session(session, NOW)

    def do(
        self,
        action: str,
        stored: Stored,
        *,
        said: str | None = None,
        session: str = "web#1",
        turn: str = "t1",
        now: float = NOW,
        assurance: Assurance = Assurance.CLAIMED,
        link: str | None = None,
        **slots: str,
    ) -> Outcome:
        """Call one as the path of a turn does."""
        link = next(iter(stored.links)) if link is None else link
        held = stored.links.get(link)
        call = Call(
            intent="Any",
            slots=slots,
            customer=stored.customer,
            assurance=assurance,
            key="k",
            now=now,
            deadline=now + 4.0,
            locale="en_US",
            secret=Sealed(said) if said is not None else None,
            session=session,
            link=link,
            turn=turn,
            guest=held is None or not held.kind,
        )
        return self.actions[action](call, stored)


def link_to(stored: Stored, address: Address) -> str:
    """The id of the customer's link to that address."""
    hashed = address.hashed(KEYS.address_keys())
    return next(key for key, held in stored.links.items() if held.address == hashed)
