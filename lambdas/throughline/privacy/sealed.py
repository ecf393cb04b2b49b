"""The one container in which raw, unmasked text may travel."""

from collections.abc import Callable
from typing import Final, NoReturn

SHOWN: Final = "Sealed(…)"


class Sealed:
    """Raw text that only `reveal()` gives back.

    A secret rarely leaks because somebody prints it; it leaks because a value that holds it is logged,
    put in an exception, copied into a dead-letter queue or compared in an assertion whose message quotes
    both sides. So every way by which Python turns an object into text or bytes ends here in ``Sealed(…)``
    or in a TypeError that says what to do instead. There is no ``__dict__``, and the one slot holds a
    closure rather than the text: even a traceback that renders locals, a debugger's object view or
    ``getattr`` over ``dir()`` shows a function.

    It cannot change once made: who was handed a Sealed can rely on its being the text that was said.
    Equality is identity, because equality by content would let anyone test guesses, and a content hash is
    a fingerprint.

    Raises TypeError if made from anything but a str; the message names the type and never the value.
    """

    __slots__ = ("__weakref__", "_open")
    _open: Callable[[], str]

    def __init__(self, raw: str) -> None:
        if not isinstance(raw, str):
            raise TypeError(f"Sealed holds text: decode the {type(raw).__name__} first")

        def opened() -> str:
            return raw

        object.__setattr__(self, "_open", opened)

    def __init_subclass__(cls) -> NoReturn:
        raise TypeError("Sealed cannot be subclassed: a subclass could show what it holds")

    def reveal(self) -> str:
        """The raw text. Call it only inside an action that declares that it is handed a Sealed value."""
        return self._open()

    def __repr__(self) -> str:
        return SHOWN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        # A width or precision would otherwise be applied by str, and fail on the unknown ones.
        return SHOWN

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise TypeError("Sealed cannot be changed: make a new one")

    def __delattr__(self, name: str) -> NoReturn:
        raise TypeError("Sealed cannot be changed: drop the reference instead")

    def __copy__(self) -> NoReturn:
        raise TypeError("Sealed cannot be copied: pass on the object itself")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("Sealed cannot be copied (dataclasses.asdict copies too): pass on the object itself")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("Sealed cannot be serialised: store the masked text instead")

    def __getstate__(self) -> NoReturn:
        raise TypeError("Sealed cannot be serialised: store the masked text instead")
