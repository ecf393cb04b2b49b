"""Replies at rest: what a turn was told, kept for repeats of the turn. Prompt ids and masked values, no words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from throughline.dialogue.at_rest import compact, filled, understood
from throughline.dialogue.choices import to_do
from throughline.reply import Awaits, Choice, Handover, Line, Param, Reply, Typed
from throughline.turn import Assurance

KEPT_SECONDS = 600
"""How long a turn's reply is kept for repeats of its id."""
KEPT_TURNS = 120
"""The most replies kept, so that a burst can't fill the item."""
ONCE = "once"
"""Kind of a parameter that is told and never kept, such as a link that opens something for some minutes."""


class Answered(str):
    """A turn's reply, kept for repeats of the turn: its time, the turn's id, its session, its link and the reply.

    It stays the text that it is at rest: nearly all are never looked into.
    """

    __slots__ = ()

    @classmethod
    def of(cls, turn: str, at: float, session: str, link: str, reply: Reply) -> Answered:
        """Keep `reply` under the turn's id. In JSON text no tab and no line's end stands as itself."""
        return cls(f"{at!r}\t{compact(turn)}\t{compact(session)}\t{compact(link)}\t{compact(reply_out(reply))}")

    @property
    def at(self) -> float:
        """When it was answered; 0 if the line can't be read."""
        try:
            return float(self.partition("\t")[0])
        except ValueError:
            return 0.0

    @property
    def turn(self) -> str:
        """The turn's id; "" if the line can't be read."""
        return str(understood(json.loads, self._part(1)) or "")

    @property
    def session(self) -> str:
        """The turn's session; "" if the line can't be read."""
        return str(understood(json.loads, self._part(2)) or "")

    @property
    def link(self) -> str:
        """The link that the turn came through; "" if the line can't be read."""
        return str(understood(json.loads, self._part(3)) or "")

    @property
    def told(self) -> str:
        """The reply as `reply_out` gives it, as JSON text; "null" if the line can't be read."""
        return self._part(4)

    @property
    def reply(self) -> Reply | None:
        """The reply; None if it can't be read."""
        return understood(reply_in, understood(json.loads, self.told))

    def _part(self, number: int) -> str:
        parts = self.split("\t", 4)
        return parts[number] if len(parts) == 5 else "null"


def reply_out(r: Reply) -> dict[str, Any]:
    """A reply's JSON: prompt ids and masked parameters, no words."""
    return filled(
        l=[_line_out(line) for line in r.lines], a=r.awaits.value, q=r.question, i=r.intent, s=r.slot,
        v=dict(r.slots), c=_choices_out(r.choices),
        h=r.handover and [r.handover.reason, r.handover.intent, r.handover.callback], y=r.relayed,
        n=int(r.needs), u=None if r.step_up is None else int(r.step_up),
        p=r.reprompt and _reprompt_out(r.reprompt, r), k=r.capture,
    )  # fmt: skip


def _choices_out(choices: tuple[Choice, ...]) -> dict[str, Any] | list[Any]:
    """Values of one slot in one piece, a menu by its intents' names: they are most of what a reply weighs."""
    first = choices[0] if choices else None
    if first is not None and all(
        c.label.value == c.value and (c.label.kind, c.intent, c.slot) == (first.label.kind, first.intent, first.slot)
        for c in choices
    ):
        return {"k": first.label.kind, "i": first.intent, "s": first.slot, "v": [c.value for c in choices]}
    return [
        c.intent if c == to_do(c.intent) else [c.label.kind, c.label.value, c.intent, c.slot, c.value] for c in choices
    ]


def _choices_in(entries: Any) -> tuple[Choice, ...]:
    if isinstance(entries, dict):
        kind, intent, slot = entries["k"], entries["i"], entries["s"]
        return tuple(Choice(Typed(kind, value), intent, slot, value) for value in entries["v"])
    return tuple(to_do(c) if isinstance(c, str) else Choice(Typed(c[0], c[1]), c[2], c[3], c[4]) for c in entries)


def _reprompt_out(reprompt: Line, reply: Reply) -> Any:
    """True for the reply's last line, which it nearly always is."""
    return True if reply.lines and reprompt == reply.lines[-1] else _line_out(reprompt)


def _line_out(line: Line) -> list[Any]:
    params = {name: _param_out(value) for name, value in line.params.items()}
    return [line.prompt, line.variation, params] if params else [line.prompt, line.variation]


def _param_out(param: Param) -> list[Any]:
    if isinstance(param, Typed):
        return [param.kind, "" if param.kind == ONCE else param.value]
    return [{name: [typed.kind, typed.value] for name, typed in record.items()} for record in param]


def reply_in(d: Mapping[str, Any]) -> Reply:
    """A reply from its JSON."""
    handover, step_up, reprompt = d.get("h"), d.get("u"), d.get("p")
    lines = tuple(_line_in(entry) for entry in d.get("l", ()))
    return Reply(
        lines=lines, awaits=Awaits(d["a"]), question=d.get("q", ""),
        intent=d.get("i", ""), slot=d.get("s", ""), capture=d.get("k", ""), slots=dict(d.get("v", {})),
        choices=_choices_in(d.get("c", ())),
        handover=Handover(*handover) if handover else None, relayed=bool(d.get("y", False)),
        needs=Assurance(d.get("n", 0)), step_up=None if step_up is None else Assurance(step_up),
        reprompt=lines[-1] if reprompt is True else _line_in(reprompt) if reprompt else None,
    )  # fmt: skip


def _line_in(entry: list[Any]) -> Line:
    params = {name: _param_in(value) for name, value in entry[2].items()} if len(entry) > 2 else {}
    return Line(entry[0], params, entry[1])


def _param_in(value: list[Any]) -> Param:
    if value and isinstance(value[0], str):
        return Typed(value[0], value[1])
    return tuple({name: Typed(t[0], t[1]) for name, t in record.items()} for record in value)
