"""Views: what an agent's guide, or a chat, shows and asks.

Source: developer guide, ShowView: chat contacts only (an agent's guide is one), data and contact attributes together
at most 16 KB, the result is the action that was taken in the view; the answer is read at $.Views.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from rehearsal.connect.events import Party, Screen
from rehearsal.connect.inputs import ViewAnswered
from rehearsal.connect.run import CHAT, LANGUAGE, Block, Chose, Failed, Role, Run, Steps, TimeIsUp, Waiting

LARGEST: Final = 16 * 1024
"""Bytes of a view's data and the contact's attributes."""


def _shown(run: Run) -> Steps:
    view = run.text("ViewResource.Id")
    if not view:
        return Failed("NoMatchingError", "no view is named")
    filled = run.filled(run.given("ViewData"))
    data = dict(filled) if isinstance(filled, Mapping) else {}
    size = len(json.dumps([data, run.data.attributes], ensure_ascii=False).encode())
    if size > LARGEST:
        return Failed("NoMatchingError", f"{size} bytes of data and attributes, and a view takes 16 KB")
    seconds = run.number("InvocationTimeLimitSeconds", 400)
    to = Party.AGENT if run.role is Role.SCREEN else Party.CUSTOMER
    run.emit(Screen(view, data, run.operands(), to))
    while True:
        match (yield Waiting("view", seconds)):
            case ViewAnswered(action, answer):
                run.data.views = {"Action": action, "ViewResultData": dict(answer)}
                return Chose(action)
            case TimeIsUp():
                return Failed("TimeLimitExceeded", f"nobody answered within {seconds:g} s")


BLOCKS = (
    Block(
        "ShowView",
        _shown,
        "Shows the view at the agent's desk or in the chat, waits for an action, and branches on it.",
        f"{LANGUAGE}participant-actions-showview.html",
        CHAT,
    ),
)
