"""Actions of this package's own: they get what is kept of the customer, besides the call that any action gets.

A business's action sees slots and a pseudonym. Proving who somebody is, connecting an address or giving data
out takes the customer's links too, so these actions are a kind of their own, named with a dot
("prove.send"), and the one path of a turn hands them the very `Stored` that it decided on. None of them
is irreversible: what they change, they return as `Done.changes`, written together with the reply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from throughline.customers.store import Stored
from throughline.dialogue.action import Call, Outcome

OwnAction = Callable[[Call, Stored], Outcome]
"""May raise StoreError, which counts as `Failed`."""

OwnActions = Mapping[str, OwnAction]
"""By name, such as "prove.check"."""

NO_OWN_ACTIONS: OwnActions = MappingProxyType({})
