"""Where each block stands in Connect's editor: columns by distance from the start, nothing on top of anything.

The editor's own units. Its exports carry `entryPointPosition` and, for each action, `position` and, where the
identifier is a name that a person chose, `isFriendlyName`. The metadata is cosmetic: Connect runs without it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from telephony.flow import Action, Flow, Json

WIDTH = 260
GAP = 60
HEAD = 110
BRANCH = 26
LEFT = 200
TOP = 40


@dataclass(frozen=True, slots=True)
class Box:
    """A block's place: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any point within."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


def boxes(flow: Flow) -> Mapping[str, Box]:
    """Identifier to place. Blocks that nothing leads to stand in a column of their own, at the end."""
    depths = _depths(flow)
    unreached = max(depths.values(), default=-1) + 1
    bottoms: dict[int, int] = {}
    found: dict[str, Box] = {}
    actions = {action.id: action for action in flow.actions}
    for id_ in (*depths, *(id_ for id_ in actions if id_ not in depths)):
        column = depths.get(id_, unreached)
        height = _height(actions[id_])
        y = bottoms.get(column, TOP)
        found[id_] = Box(LEFT + column * (WIDTH + GAP), y, WIDTH, height)
        bottoms[column] = y + height + GAP
    return found


def metadata(flow: Flow) -> dict[str, Json]:
    """The flow's Metadata."""
    places: dict[str, Json] = {
        id_: {"position": {"x": box.x, "y": box.y}, "isFriendlyName": True} for id_, box in boxes(flow).items()
    }
    return {"entryPointPosition": {"x": TOP, "y": TOP}, "ActionMetadata": places}


def _height(action: Action) -> int:
    branches = len(action.conditions) + len(action.errors) + (action.next is not None)
    return HEAD + BRANCH * branches


def _depths(flow: Flow) -> dict[str, int]:
    """Distance from the start, in the order in which a reader meets the blocks."""
    actions = {action.id: action for action in flow.actions}
    found: dict[str, int] = {}
    if flow.start in actions:
        found[flow.start] = 0
    waiting = deque(found)
    while waiting:
        id_ = waiting.popleft()
        for target in actions[id_].leads_to:
            if target in actions and target not in found:
                found[target] = found[id_] + 1
                waiting.append(target)
    return found
