"""What is known of a customer: facts, each with the link that it came through, when, and by whom.

At rest a profile is one JSON text, `[[kind, key, value, link, at, by], …]`, sorted by kind, key and link, so
that equal profiles are equal texts. The hot path carries that text and never reads it. There is at most one
fact of a kind and key for each link, so that a link that leaves takes along what came through it and leaves
what others said; where links disagree, the newest holds.

Who may be shown what (`LEAST`, applied by `view`):

| fact | at least |
|---|---|
| locale, time_zone | claimed |
| name, preferred_channel, consent.<channel>.<purpose>, trait.public.<name> | linked |
| trait.<name> | verified |
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from throughline.dialogue.changes import Noted
from throughline.errors import ThroughlineError
from throughline.privacy.masking import mask
from throughline.turn import Assurance

MOST_FACTS: Final = 100
"""Facts that a profile may hold before it takes no new one; two that were joined may hold more."""
LONGEST_VALUE: Final = 200
"""Characters of a value."""
GIVEN: Final = "given"
WITHDRAWN: Final = "withdrawn"
PUBLIC: Final = "public."
"""A trait whose key begins so may be used from LINKED on; any other only for the verified."""

LEAST: Final[Mapping[str, Assurance]] = {
    "locale": Assurance.CLAIMED,
    "time_zone": Assurance.CLAIMED,
    "name": Assurance.LINKED,
    "preferred_channel": Assurance.LINKED,
    "consent": Assurance.LINKED,
    "trait.public": Assurance.LINKED,
    "trait": Assurance.VERIFIED,
}
"""The assurance that a fact of each kind takes to be seen. What isn't here is no fact."""

_SKEW: Final = 0.001
_KEYS: Final = {
    "trait": re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?"),
    "consent": re.compile(r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}"),
}
_VALUES: Final = {
    "locale": (re.compile(r"[a-z]{2,3}_([A-Z]{2}|[0-9]{3})"), 'a locale such as "en_US"'),
    "time_zone": (
        re.compile(r"(?=.{1,64}\Z)[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}"),
        'a time zone of the IANA database, such as "America/New_York"',
    ),
    "preferred_channel": (re.compile(r"[a-z][a-z0-9_]{0,39}"), 'the id of a channel, such as "text"'),
    "consent": (re.compile(f"{GIVEN}|{WITHDRAWN}"), f'"{GIVEN}" or "{WITHDRAWN}"'),
}


class FactRefused(ThroughlineError):
    """A fact that can't be kept. The profile is as it was; the message names the kind, never the value."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a customer, as it came through one link."""

    kind: str
    """name, locale, time_zone, preferred_channel, trait or consent."""
    key: str
    """Which trait; for a consent "<channel>.<purpose>"; empty for the others."""
    value: str
    """Masked, one line, never empty."""
    link: str
    """Id of the link that it came through."""
    at: float
    """When it was said, in epoch seconds."""
    by: str
    """Who said it: "customer", "channel", or a person at the desk."""

    @property
    def path(self) -> str:
        """Its name in a view: "name", "trait.<key>", "consent.<channel>.<purpose>"."""
        return f"{self.kind}.{self.key}" if self.key else self.kind

    @property
    def least(self) -> Assurance:
        """The assurance that it takes to be seen."""
        return LEAST["trait.public" if self.kind == "trait" and self.key.startswith(PUBLIC) else self.kind]


@dataclass(frozen=True, slots=True)
class FactChange:
    """A line of the facts' history, kept under the link that it came through."""

    kind: str
    """As in `Fact`."""
    key: str
    """As in `Fact`."""
    value: str
    """The new value; empty if the fact was taken back."""
    link: str
    """Id of the link whose fact it was."""
    at: float | None
    """Epoch seconds; None for a fact taken back, which happened when the write did."""
    by: str
    """As in `Fact`; empty for a fact taken back, since the write doesn't say."""


def facts(text: str) -> tuple[Fact, ...]:
    """The facts in a profile's text, sorted by kind, key and link; what can't be read is left out, never an error."""
    if not text:
        return ()
    try:
        entries = json.loads(text)
    except ValueError:
        return ()
    found = (_fact_in(entry) for entry in entries) if isinstance(entries, list) else ()
    return _in_order(fact for fact in found if fact is not None)


def text_of(kept: Iterable[Fact]) -> str:
    """The profile's text: compact JSON; "" if there is no fact. Of two facts for one kind, key and link the newer."""
    rows = [[f.kind, f.key, f.value, f.link, f.at, f.by] for f in _in_order(kept)]
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False) if rows else ""


def noted(text: str, change: Noted, *, link: str, at: float, by: str) -> str:
    """The profile with `change` noted as said through `link`; the same text if it says what holds already.

    An empty value takes the fact back, whichever links said it. What is written later holds, even if the clock
    of an earlier writer was ahead. Raises FactRefused for an unknown kind, a key or value that doesn't suit it,
    a value above LONGEST_VALUE, or one fact more than MOST_FACTS.
    """
    _check_name(change, link, by)
    known = facts(text)
    others = tuple(f for f in known if (f.kind, f.key) != (change.kind, change.key))
    value = _clean(change)
    if not value:
        return text if len(others) == len(known) else text_of(others)
    same = [f for f in known if (f.kind, f.key) == (change.kind, change.key)]
    mine = next((f for f in same if f.link == link), None)
    if mine is not None and mine.value == value and all(f.at < mine.at for f in same if f.value != value):
        return text
    elsewhere = [f for f in same if f.link != link]
    # Order of writing is the truth, and a lagging clock must not undo a withdrawal.
    after = max([at, *(f.at + _SKEW for f in elsewhere if f.at >= at)])
    fact = Fact(change.kind, change.key, value, link, after, by)
    if mine is None and len(known) >= MOST_FACTS:
        raise FactRefused(f"a profile holds at most {MOST_FACTS} facts: take one back before noting a {change.kind}")
    return text_of((*others, *elsewhere, fact))


def in_force(text: str) -> Mapping[str, Fact]:
    """What holds, by path: of the facts with the same kind and key the newest."""
    held: dict[str, Fact] = {}
    for fact in facts(text):
        before = held.get(fact.path)
        if before is None or _newness(fact) > _newness(before):
            held[fact.path] = fact
    return held


def view(text: str, assurance: Assurance) -> Mapping[str, str]:
    """What may be seen at this assurance, by path: the values in force. Empty for the anonymous."""
    if not text or assurance < min(LEAST.values()):
        return {}
    return {path: fact.value for path, fact in in_force(text).items() if fact.least <= assurance}


def parted(text: str, leaving: Collection[str]) -> tuple[str, str]:
    """The profile in two: what came through links that stay, and what came through those that leave."""
    known = facts(text)
    return text_of(f for f in known if f.link not in leaving), text_of(f for f in known if f.link in leaving)


def joined(a: str, b: str) -> str:
    """Two profiles as one. Nothing is dropped, even above MOST_FACTS, so that they can be parted again."""
    return text_of((*facts(a), *facts(b)))


def changes_between(old: str, new: str, links: Collection[str] | None = None) -> tuple[FactChange, ...]:
    """What was noted and taken back between two versions of a profile, for the facts' history.

    `links` are those that the customer has now: a fact whose link isn't among them left with it, which is no
    change of the fact. None takes every missing fact as taken back.
    """
    if old == new:
        return ()
    before, after = _by_name(facts(old)), _by_name(facts(new))
    kept = tuple(
        FactChange(f.kind, f.key, f.value, f.link, f.at, f.by) for name, f in after.items() if before.get(name) != f
    )
    gone = tuple(
        FactChange(f.kind, f.key, "", f.link, None, "")
        for name, f in before.items()
        if name not in after and (links is None or f.link in links)
    )
    return kept + gone


_Name = tuple[str, str, str]


def _by_name(known: Iterable[Fact]) -> dict[_Name, Fact]:
    return {(f.kind, f.key, f.link): f for f in known}


def _in_order(known: Iterable[Fact]) -> tuple[Fact, ...]:
    newest: dict[_Name, Fact] = {}
    for fact in known:
        name = (fact.kind, fact.key, fact.link)
        before = newest.get(name)
        if before is None or _newness(fact) > _newness(before):
            newest[name] = fact
    return tuple(newest[name] for name in sorted(newest))


def _newness(fact: Fact) -> tuple[float, bool, str, str, str]:
    """At the same moment a withdrawal holds; the rest only makes the order total."""
    return fact.at, fact.value == WITHDRAWN, fact.value, fact.link, fact.by


def _fact_in(entry: Any) -> Fact | None:
    if not isinstance(entry, list) or len(entry) != 6:
        return None
    kind, key, value, link, at, by = entry
    if not all(isinstance(part, str) for part in (kind, key, value, link, by)):
        return None
    if not isinstance(at, int | float) or isinstance(at, bool) or not -1e15 < at < 1e15:
        return None
    known = kind in LEAST and kind != "trait.public" and bool(value) and bool(key) == (kind in _KEYS)
    return Fact(kind, key, value, link, float(at), by) if known else None


def _check_name(change: Noted, link: str, by: str) -> None:
    kind, key = change.kind, change.key
    if kind not in LEAST or kind == "trait.public":
        kinds = ", ".join(k for k in LEAST if k != "trait.public")
        raise FactRefused(f"no such kind of fact: use one of {kinds}")
    pattern = _KEYS.get(kind)
    if pattern is None and key:
        raise FactRefused(f"a {kind} has no key: leave it empty")
    if pattern is not None and (not pattern.fullmatch(key) or mask(key).found):
        shape = "<channel>.<purpose>" if kind == "consent" else "<name> or public.<name>"
        raise FactRefused(f"the key of a {kind} is {shape}, in small letters, digits and underscores")
    if not link or not by:
        raise FactRefused(f"a {kind} needs the link that it came through and who said it")


def _clean(change: Noted) -> str:
    """The value as it may be kept: one line, masked, suiting its kind."""
    value = " ".join(change.value.split())
    if len(value) <= LONGEST_VALUE:
        value = mask(value).text
    if len(value) > LONGEST_VALUE:
        raise FactRefused(f"the value of a {change.kind} has at most {LONGEST_VALUE} characters: shorten it")
    if not value:
        return ""
    if not value.isprintable():
        raise FactRefused(f"the value of a {change.kind} holds what can't be written in a line: clean it")
    rule = _VALUES.get(change.kind)
    if rule is not None and not rule[0].fullmatch(value):
        raise FactRefused(f"the value of a {change.kind} must be {rule[1]}")
    return value
