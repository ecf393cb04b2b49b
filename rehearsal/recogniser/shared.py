"""What was learnt, once for a whole process: rehearsals that follow one another hear by the same ear."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Final

from rehearsal.recogniser.grammar import Grammar
from rehearsal.recogniser.recogniser import Recogniser

KEPT: Final = 8
"""Recognisers: two bots and a skill in a few locales."""
_LEARNT: OrderedDict[tuple[Path, str], Recogniser] = OrderedDict()
_LEARNING = Lock()


def shared(folder: Path, grammar: Grammar, today: Callable[[], date] = date.today) -> Recogniser:
    """The recogniser of that grammar, learnt at first use and kept in the folder; to be called from any thread."""
    place = (folder, grammar.digest())
    with _LEARNING:
        if place not in _LEARNT:
            _LEARNT[place] = Recogniser.cached(folder, grammar)
        _LEARNT.move_to_end(place)
        while len(_LEARNT) > KEPT:
            _LEARNT.popitem(last=False)
        return _LEARNT[place].dated(today)
