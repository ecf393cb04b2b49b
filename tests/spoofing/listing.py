"""The list of attacks: what each is called, what the attacker tries, on which ways, and in how many variations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from throughline.channels.capabilities import ALEXA, EAR, LEX_GUEST, LEX_KEYS, LEX_SPEECH, LEX_TEXT, TEXTING, WAYS

DESK: Final = "desk"
"""The staff's door: no customer's way, but a way in."""
CALLS: Final = (LEX_TEXT, LEX_SPEECH, LEX_KEYS)
"""Connect driving Lex: an attacker's best position there is her caller id."""
EVERY: Final = (LEX_TEXT, LEX_SPEECH, LEX_KEYS, LEX_GUEST, EAR, ALEXA, TEXTING)
PLACES: Final = frozenset((*WAYS, DESK))
LEAST: Final = 5
"""Attacks that a way has at least."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One thing that an attacker tries."""

    name: str
    family: str
    tries: str
    """In a sentence, for the list."""
    ways: tuple[str, ...]
    variations: Sequence[Any]
    run: Callable[[Any, Any], None]
    """(attempt, variation): what the attacker does."""
    fresh: bool = False
    """Whether each variation needs a victim of its own: it changes what she may do, or counts against her limits."""
    inside: bool = False
    """Whether it happens in her own session, where her words are told to her: only what it does counts then."""
    bare: bool = False
    """Whether the attack looks for itself, because nothing of hers is meant to stay as it is."""
    slow: bool = False
    """Whether it takes so long that only the long proof makes it."""
    allows: frozenset[str] = frozenset()
    """Changes that are no way in, though they are hers: what the rules of linking do then."""

    @property
    def attempts(self) -> int:
        """In all."""
        return len(self.ways) * len(self.variations)


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to make."""

    attack: Attack
    way: str
    number: int
    """Which variation."""


@dataclass(frozen=True, slots=True)
class Control:
    """The same thing done rightly, which must work: else the attacks would prove nothing."""

    name: str
    family: str
    ways: tuple[str, ...]
    run: Callable[[Any], bool]


_ATTACKS: dict[str, Attack] = {}
_CONTROLS: dict[str, Control] = {}
_MODULES: Final = (
    "pointers", "callers", "codes", "guesses", "confirmations", "web", "speakers", "sign_ins", "sharing", "strangers",
    "gone", "desk", "forgeries",
)  # fmt: skip


def attack(
    name: str,
    family: str,
    ways: Sequence[str],
    variations: Sequence[Any] = ("",),
    *,
    fresh: bool = False,
    inside: bool = False,
    bare: bool = False,
    slow: bool = False,
    allows: Sequence[str] = (),
) -> Callable[[Callable[[Any, Any], None]], Callable[[Any, Any], None]]:
    """Put the function on the list; the first paragraph of its docstring is what the attacker tries."""

    def listed(run: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
        tries = " ".join((run.__doc__ or "").split())
        if name in _ATTACKS or not tries or not set(ways) <= PLACES:
            raise ValueError(f"{name}: give the attack a name of its own, a sentence, and ways of the capability table")
        _ATTACKS[name] = Attack(
            name, family, tries, tuple(ways), tuple(variations), run, fresh, inside, bare, slow, frozenset(allows)
        )
        return run

    return listed


def control(name: str, family: str, ways: Sequence[str]) -> Callable[[Callable[[Any], bool]], Callable[[Any], bool]]:
    """Put the function on the list of what must work."""

    def listed(run: Callable[[Any], bool]) -> Callable[[Any], bool]:
        _CONTROLS[name] = Control(name, family, tuple(ways), run)
        return run

    return listed


def attacks() -> tuple[Attack, ...]:
    """All of them, by family."""
    _load()
    return tuple(_ATTACKS.values())


def controls() -> tuple[Control, ...]:
    """What must work."""
    _load()
    return tuple(_CONTROLS.values())


def families() -> tuple[str, ...]:
    """In the order of the list."""
    return tuple(dict.fromkeys(one.family for one in attacks()))


def every(of: Sequence[Attack]) -> Iterator[Try]:
    """Each of these attacks in all its variations on all its ways."""
    for one in of:
        for way in one.ways:
            yield from (Try(one, way, number) for number in range(len(one.variations)))


def one_of_each() -> tuple[Try, ...]:
    """Each attack that isn't slow in one variation on one way: that of its ways which came up least so far."""
    tried = Counter[str]()
    tries = []
    for place, one in enumerate(it for it in attacks() if not it.slow):
        way = min(one.ways, key=lambda way: tried[way])
        tried[way] += 1
        tries.append(Try(one, way, place % len(one.variations)))
    return tuple(tries)


def unattacked() -> Iterator[str]:
    """A sentence for each way that nobody tries to get in by, and for each family that nothing is known to work of."""
    tried = Counter(way for one in attacks() for way in one.ways)
    for way in sorted(PLACES):
        if tried[way] < LEAST:
            yield (
                f"the way {way!r} has {tried[way]} attacks: add it to the ways of those in tests/spoofing/attacks that "
                f"it can carry (at least {LEAST}), and give it a position in tests/spoofing/attempt.py"
            )
    known = {one.family for one in controls()}
    for family in families():
        if family not in known:
            yield f"the family {family!r} has no control: show that the same thing done rightly works"


def table(
    got_in: Mapping[tuple[str, str], int] | None = None, tried: Mapping[tuple[str, str], int] | None = None
) -> str:
    """Attack by way: attempts, and how many got in, as text."""
    lines = []
    for family in families():
        lines.append(f"\n{family}")
        for one in attacks():
            if one.family != family:
                continue
            lines.append(f"  {one.name}: {one.tries}")
            for way in one.ways:
                count = len(one.variations) if tried is None else tried.get((one.name, way), 0)
                told = "" if got_in is None else f"  got in {got_in.get((one.name, way), 0)}"
                lines.append(f"    {way:<11} {count:>4}{told}")
    total = sum(one.attempts for one in attacks()) if tried is None else sum(tried.values())
    told = "" if got_in is None else f", got in {sum(got_in.values())} times"
    lines.append(f"\n{len(attacks())} attacks of {len(families())} families, {total} attempts{told}")
    return "\n".join(lines)


def _load() -> None:
    for name in _MODULES:
        import_module(f"tests.spoofing.attacks.{name}")
