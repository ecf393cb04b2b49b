"""The rehearsal's own recogniser as the ears of a template's bots: learnt at first use, kept in a folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rehearsal.lex.definition import Bot, Locale
from rehearsal.lex.ear import Ear
from rehearsal.recogniser import Answer, Recogniser, from_lex, read_confirmation
from rehearsal.recogniser.shared import shared


class Ears:
    """Gives each bot's locale its recogniser; to be called from any thread."""

    def __init__(self, folder: Path, *templates: Mapping[str, Any], today: Callable[[], date] = date.today) -> None:
        """`folder` keeps what was learnt; `templates` are those that the bots were read from."""
        self._folder = folder
        self._today = today
        self._resources = {
            logical_id: resource
            for template in templates
            for logical_id, resource in (template.get("Resources") or {}).items()
        }
        self._ears: dict[tuple[str, str], Recogniser] = {}
        self._lock = threading.Lock()

    def __call__(self, bot: Bot, locale: Locale) -> Ear:
        """The recogniser of that bot in that locale."""
        place = (bot.logical_id, locale.id)
        with self._lock:
            if place not in self._ears:
                grammar = from_lex(self._resources[bot.logical_id]["Properties"], locale.id)
                self._ears[place] = shared(self._folder, grammar, self._today)
            return self._ears[place]


def agreed(text: str) -> bool | None:
    """True for a yes, False for a no, None for anything else, a maybe included."""
    return {Answer.YES: True, Answer.NO: False}.get(read_confirmation(text) or Answer.MAYBE)
