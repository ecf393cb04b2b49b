"""What the flows point at: ARNs, given by the synthesis. They may be unresolved tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compiler.telephone_shapes import Telephone
from telephony.flow import FlowProblem

FUNCTIONS = ("contact_data", "secret_turn", "agent_screen", "disposition", "callback")
"""Functions that flows call, by the names of their modules."""
VIEWS = ("screen", "disposition")
"""Views that agents see: with the buttons Refresh and Done, and with the button Save."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is. `flows` may hold only those made so far: a flow needs only what comes before it."""

    bot_alias: str
    """ARN of the Lex alias."""
    functions: Mapping[str, str]
    """Name of FUNCTIONS to ARN. `secret_turn` may be missing where nothing is captured."""
    queues: Mapping[str, str]
    """Name of a queue in telephone.yaml to ARN."""
    views: Mapping[str, str]
    """Name of VIEWS to the view's ARN."""
    flows: Mapping[str, str] = field(default_factory=dict)
    """Name of a flow to ARN."""
    holidays: str = ""
    """ARN of hours of operation that are open on holidays only; empty: a holiday is an hour like any other."""
    task_template: str = ""
    """ARN of the template for follow-ups; empty: tasks run the flow `follow_up` without one."""
    capture_key: str = ""
    """Id of the instance's security key; empty: no secrets are captured."""
    capture_certificate: str = ""
    """Its certificate, X.509 in PEM."""
    music: str = ""
    """ARN of a prompt for those who wait; empty: words and pauses only."""
    view_version: str = "$LATEST"
    """Version of the views."""

    @property
    def captures(self) -> tuple[str, ...]:
        """Kinds of secrets that the flows can capture."""
        return ("card", "pin", "telephone_pin") if self.capture_key and self.capture_certificate else ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What one flow is written from: the words of its locale, and the places."""

    words: Telephone
    places: Places
    suffix: str = ""
    """Behind the names of this locale's flows; empty for the default locale."""
    others: tuple[Telephone, ...] = ()
    """Further languages that the caller may choose; only where calls come in."""

    def flow(self, name: str) -> str:
        """ARN of another flow of the same locale."""
        return found(self.places.flows, f"{name}{self.suffix}", "flow")

    def function(self, name: str) -> str:
        """ARN of a function."""
        return found(self.places.functions, name, "function")

    def queue(self, name: str) -> str:
        """ARN of a queue."""
        return found(self.places.queues, name, "queue")

    def view(self, name: str) -> str:
        """ARN of a view."""
        return found(self.places.views, name, "view")


def found(places: Mapping[str, str], name: str, kind: str) -> str:
    """The place of that name. Raises FlowProblem if it is not there."""
    try:
        return places[name]
    except KeyError:
        known = ", ".join(places) or "none"
        raise FlowProblem(f"there is no {kind} {name!r} among the places. Known: {known}.") from None
