"""What a probe works with: the clients, what is deployed, what may be done, and what is left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deployment.environment import Environment
from deployment.probe.found import Deployed, LexAlias, there
from deployment.probe.script import Script
from deployment.probe.talk import Conversation

if TYPE_CHECKING:
    from deployment.probe.tour import Tour

Clients = Callable[[str], Any]
"""A service's name to a client of it, as boto3 makes them."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is done only if the caller asks for it."""

    invoke: bool = False
    """Invoke a function directly, with an invented request that it must refuse."""
    write_item: bool = False
    """Write one item of our own into the customers' table, and delete it."""
    ring: bool = False
    """Set an alarm off and back, which people are written about."""


@dataclass(slots=True)
class Site:
    """A live account with one environment in it."""

    clients: Clients
    environment: Environment
    deployed: Deployed
    script: Script
    now: Callable[[], float]
    """Epoch seconds."""
    pause: Callable[[float], None]
    """Waits so many seconds."""
    fresh: Callable[[], str]
    """A name that nobody has used, of letters and digits."""
    allowed: Allowed = field(default_factory=Allowed)
    started: float = 0.0
    """When probing began, epoch seconds."""
    left: list[str] = field(default_factory=list)
    """What could not be removed, each with until when it stays."""
    tour: Tour | None = None
    """The conversation as a guest, once it was held: several probes look at it."""

    def conversation(self, alias: LexAlias, session: str = "") -> Conversation:
        """A new session with the alias, to be used in `with`."""
        name = session or f"probe-{self.fresh()}"
        return Conversation(self.clients("lexv2-runtime"), alias, self.script.locale, name, self.left)

    def ear(self) -> LexAlias:
        """The hookless bot. Raises NotTried."""
        return there(self.deployed.ear, "bot `ear`", self.deployed, "bot")

    def live(self) -> LexAlias:
        """The alias for Connect. Raises NotTried."""
        return there(self.deployed.live, "alias `live`", self.deployed, "bot")

    def guest(self) -> LexAlias:
        """The alias for anybody. Raises NotTried."""
        return there(self.deployed.guest, "alias `guest`", self.deployed, "bot")
