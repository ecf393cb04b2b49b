"""One-time codes: six digits that were sent to an address, and that whoever holds it says back.

What a code is worth rests on four rules, kept here whatever the store:

- it is kept only as a hash under a secret key, over what it is for, the customer and the session. So it
  counts for them alone, and a table's reader can't try out the million codes there are;
- a guess is paid for before it is looked at: one conditional write counts the try and brings the hash, so
  that no number of guesses at once gets more than `TRIES` verdicts, and a store that doesn't answer gives none;
- it counts once: a second conditional write marks it as used by this turn. The same turn, delivered again, gets
  the same verdict again; any other finds it expired;
- a new code for the same customer and session takes the place of the one before it, tries and all. How
  many codes are sent is the allowances' business.

What guessing is worth. Every guess at a code hits with one chance in a million, and two limits bound the guesses:

- at one customer: `TRIES` at each of the allowances' sixteen codes a day (ten to somebody who claims to be the
  customer, six to somebody who names their address) are 48 guesses a day. Who guesses all day long at that one gets
  in once in 1,000,000 / 48 = 20,833 days, some 57 years;
- at anybody: wrong codes are counted over all customers (`affairs.guessing`), 100 a day by guests, 300 by callers,
  400 by proved customers and 100 by whoever connects an address. When they are used up no answer of that crowd counts
  any more that day, not even a right one, so that there are no more than 900 guesses a day (and as many more as are
  under way in that moment). One somewhere hits once in 1,000,000 / 900 = 1,111 days, some three years, if every day
  all of them are attackers'; those of guests alone, whom a script can be, once in 27 years; from one place in the
  network, where a channel tells it, thirty guesses a day of each crowd are all. The log tells on the
  first of these days that a crowd's are used up.

Without the second, sixty codes a minute would make 259,200 guesses a day: one in, somewhere, every four days.

A telephone PIN is another thing: the business's own secret, which never comes near Lex (see `affairs.pins`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Protocol

from throughline.customers.keys import KeyRing, text_of
from throughline.privacy.digits import streams, tokens
from throughline.privacy.folding import fold
from throughline.privacy.sealed import Sealed

DIGITS: Final = 6
"""A code's length: what people can keep in mind between two screens."""
SECONDS: Final = 300
"""How long a code counts: a text message is there within seconds, a mail within a minute or two."""
TRIES: Final = 3
"""Guesses at one code, the right one included."""
_NOTHING_SAID: Final = ""


class Purpose(StrEnum):
    """What a code is for; it counts for nothing else."""

    PROVE = "prove"
    """The customer whose conversation it is."""
    IDENTIFY = "identify"
    """A customer whom the sender says they are."""
    CHANNEL = "channel"
    """An address that is to be linked."""


class CodeKeys(Protocol):
    """Where the keys for codes come from."""

    def code_keys(self) -> KeyRing:
        """Keys that one-time codes, and what their allowances count by, are hashed with."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a code, and from where: a code counts for exactly these two."""

    customer: str
    """The customer whose conversation it is asked in."""
    session: str
    """The channel's session."""

    def __post_init__(self) -> None:
        if not self.customer or not self.session:
            raise ValueError("a code is bound to a customer and a session: the turn's path has to name both")

    @property
    def place(self) -> str:
        """Where their one challenge is kept."""
        return hashlib.sha256(f"{self.customer}\0{self.session}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Challenge:
    """A code that was sent, as it is kept. The code itself is nowhere."""

    place: str
    """Of the asker: a new challenge takes the place of an older one."""
    purpose: str
    """A `Purpose`'s value."""
    about: str
    """Whom or what it proves, pseudonymous: a customer's id, an address's keyed hash; empty where it proves nothing."""
    link: str
    """Id of the link that the asker came through."""
    hash: str
    """"<key name>.<HMAC-SHA256>" of the code with all that it is bound to."""
    expires: int
    """Epoch seconds."""
    tries: int = 0
    """Guesses paid for."""
    last: str = ""
    """Names the last guess paid for: keyed hash of its turn and its digits."""
    used: str = ""
    """The turn that answered it rightly; empty while it is open."""
    to: str = ""
    """Id of the link whose address it went to; empty if the address is nobody's link (yet)."""


class Challenges(Protocol):
    """Where challenges are kept. All raise StoreError, StoreUnavailable."""

    def put(self, challenge: Challenge) -> None:
        """Keep it, over any other in its place."""

    def spend(self, place: str, guess: str, now: float) -> tuple[bool, Challenge | None]:
        """Pay for one guess, in one conditional write: whether that was possible, and what is there now.

        Possible while the challenge is open: not expired, not used, fewer than TRIES paid. The guess that was
        paid for last is not paid for again: that is refused, too, and `last` says so.
        """

    def use(self, place: str, hashed: str, turn: str) -> bool:
        """Mark the challenge with that hash as answered by this turn; False if another was first or it is gone."""


class Standing(StrEnum):
    """What a guess turned out to be."""

    RIGHT = "right"
    WRONG = "wrong"
    """And there are tries left."""
    EXPIRED = "expired"
    """Too late, used before, or none was sent."""
    SPENT = "spent"
    """No tries are left."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an answer."""

    standing: Standing
    about: str = field(default="", repr=False)
    """For a right one: whom or what it proves."""
    to: str = ""
    """For a right one: id of the link whose address the code went to, if it went to one."""
    paid: bool = field(default=False, repr=False, compare=False)
    """Whether a try was paid for by it: the same turn, delivered again, hears the same and pays nothing."""


def six_digits() -> str:
    """A code that nobody can foresee."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def code_said(said: str) -> str:
    """The code in an answer, typed, keyed or spoken; empty unless the answer holds exactly one."""
    text = fold(said).text
    found = {
        digits
        for stream in streams(text, tokens(text))
        if len(digits := "".join(filter(str.isdigit, stream.skeleton))) == DIGITS
    }
    return found.pop() if len(found) == 1 else _NOTHING_SAID


class Codes:
    """Makes codes and checks them."""

    def __init__(self, challenges: Challenges, keys: CodeKeys, draw: Callable[[], str] = six_digits) -> None:
        """`draw` gives each code; give a fixed sequence in tests."""
        self._challenges = challenges
        self._keys = keys
        self._draw = draw

    def begin(self, asker: Asker, purpose: Purpose, about: str, link: str, now: float, to: str = "") -> Sealed:
        """A new code for this asker, to be sent at once to the link `to`'s address. Raises StoreError.

        `about` may be empty: that makes a challenge like any other, which no answer meets.
        """
        code = self._draw()
        ring = self._keys.code_keys()
        bound = (purpose.value, about, asker.customer, asker.session)
        hashed = _hash(ring, ring.current, *bound, code)
        self._challenges.put(Challenge(asker.place, purpose.value, about, link, hashed, int(now) + SECONDS, to=to))
        return Sealed(code)

    def check(self, asker: Asker, purpose: Purpose, turn: str, said: Sealed | None, now: float) -> Verdict:
        """What came of the answer. Raises StoreError, and then nothing is known of the code.

        An answer that holds no code is wrong and costs no try: it says nothing about the code.
        """
        code = code_said(said.reveal()) if said is not None else _NOTHING_SAID
        if not code:
            return Verdict(Standing.WRONG)
        turn = turn or secrets.token_urlsafe(12)  # a turn without an id is like no other
        ring = self._keys.code_keys()
        guess = _hash(ring, ring.current, "guess", asker.customer, asker.session, turn, code)
        paid, there = self._challenges.spend(asker.place, guess, now)
        if there is None or there.expires <= now or there.purpose != purpose.value:
            return Verdict(Standing.EXPIRED)
        if there.used and there.used != turn:
            return Verdict(Standing.EXPIRED)
        if not paid and there.last != guess:
            return Verdict(Standing.EXPIRED if there.used else Standing.SPENT)
        key = there.hash.partition(".")[0]
        if key not in ring.keys:
            return Verdict(Standing.EXPIRED)
        expected = _hash(ring, key, there.purpose, there.about, asker.customer, asker.session, code)
        if hmac.compare_digest(expected, there.hash) and there.about:
            used = self._challenges.use(there.place, there.hash, turn)
            return Verdict(Standing.RIGHT, there.about, there.to) if used else Verdict(Standing.EXPIRED)
        return Verdict(Standing.WRONG if there.tries < TRIES else Standing.SPENT, paid=paid)


def keyed(keys: CodeKeys, *parts: str) -> str:
    """A keyed hash of `parts` under the current key, for what is counted by somebody."""
    ring = keys.code_keys()
    return _hash(ring, ring.current, *parts)


def _hash(ring: KeyRing, name: str, *parts: str) -> str:
    message = "\0".join(parts).encode("utf-8", "surrogatepass")
    return f"{name}.{text_of(hmac.digest(ring.keys[name], message, 'sha256'))}"


class MemoryChallenges:
    """Challenges in a dictionary; safe for threads."""

    def __init__(self) -> None:
        self.kept: dict[str, Challenge] = {}
        self._lock = threading.Lock()

    def put(self, challenge: Challenge) -> None:
        """See `Challenges.put`."""
        with self._lock:
            self.kept[challenge.place] = challenge

    def spend(self, place: str, guess: str, now: float) -> tuple[bool, Challenge | None]:
        """See `Challenges.spend`."""
        with self._lock:
            there = self.kept.get(place)
            if there is None or there.expires <= now or there.used or there.tries >= TRIES or there.last == guess:
                return False, there
            self.kept[place] = paid = replace(there, tries=there.tries + 1, last=guess)
            return True, paid

    def use(self, place: str, hashed: str, turn: str) -> bool:
        """See `Challenges.use`."""
        with self._lock:
            there = self.kept.get(place)
            if there is None or there.hash != hashed or there.used not in ("", turn):
                return False
            self.kept[place] = replace(there, used=turn)
            return True
