"""What the rehearsal's telephone refuses.

ConnectError
├── BrokenFlow          the file is no flow: names the flow and the action
├── UnsupportedBlock    a block type that nobody taught this interpreter
├── NoProgress          a flow that goes round without ever waiting for anybody
├── UnknownFlow         no flow of that ARN, id or name
├── QueueFull           a queue at capacity
├── NoSuchResource      a queue, agent or hours of operation that nobody has
└── Misplaced           an input that can't come now: a bug of the caller
"""

from __future__ import annotations

from collections.abc import Sequence


class ConnectError(Exception):
    """Anything that the rehearsal's Connect refuses."""


class BrokenFlow(ConnectError, ValueError):
    """The content is no flow of the flow language."""

    def __init__(self, flow: str, action: str, what: str) -> None:
        """`action` is empty where the fault is the flow's as a whole."""
        super().__init__(f"{flow}, {action}: {what}" if action else f"{flow}: {what}")
        self.flow = flow
        self.action = action
        self.what = what


class UnsupportedBlock(ConnectError):
    """A block type that the interpreter does not know."""

    def __init__(self, block: str, action: str, flow: str = "") -> None:
        where = f"{flow}, {action}" if flow else action
        super().__init__(
            f"{where}: the block type {block} can't be rehearsed; give it a handler in rehearsal/connect/blocks"
        )
        self.type = block
        self.action = action
        self.flow = flow


class NoProgress(ConnectError):
    """Blocks went round and nobody was ever waited for."""

    def __init__(self, path: Sequence[str]) -> None:
        """`path` holds the last blocks, as `flow/action`, oldest first."""
        tail = " → ".join(path[-12:])
        super().__init__(f"{len(path)} blocks ran and waited for nobody; the last: {tail}. Let one of them wait or end")
        self.path = tuple(path)


class UnknownFlow(ConnectError, LookupError):
    """There is no such flow."""


class QueueFull(ConnectError):
    """The queue is at capacity."""


class NoSuchResource(ConnectError, LookupError):
    """There is no such queue, agent or hours of operation, or a service isn't enabled."""


class Misplaced(ConnectError, ValueError):
    """An input that can't come in the contact's present state."""
