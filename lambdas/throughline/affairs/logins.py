"""Who is signed in: the port, and a fake that knows what it is told.

A login is what a customer's user pool says, asked by us; a name or a subject that a client sends is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from throughline.privacy.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Login:
    """A sign-in that is valid now."""

    subject: str
    """Who it is: the user pool's own id of them, pseudonymous."""
    at: float
    """When they signed in, in epoch seconds: a token lives on for days after it."""


class Logins(Protocol):
    """Where tokens are checked."""

    def of(self, token: Sealed, now: float) -> Login | None:
        """Who holds this access token; None if it is not valid, not ours, or can't be checked."""


class FakeLogins:
    """Knows the tokens that it was given, until they end."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Login, float]] = {}

    def know(self, token: str, login: Login, expires: float) -> None:
        """From now on the token is that login's, until `expires`."""
        self._known[token] = (login, expires)

    def of(self, token: Sealed, now: float) -> Login | None:
        """See `Logins.of`."""
        login, expires = self._known.get(token.reveal(), (None, 0.0))
        return login if expires > now else None
