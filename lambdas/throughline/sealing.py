"""Secrets out of a turn, directly after its conversation was read: masks that need to know what was asked."""

from __future__ import annotations

from dataclasses import replace

from throughline.dialogue.state import secret_in
from throughline.privacy.masking import KINDS, mask_expected
from throughline.privacy.sealed import Sealed
from throughline.turn import Turn


def seal(turn: Turn, awaited: str) -> Turn:
    """The turn with what may be a secret taken out of its text, its slots and its keys.

    `awaited`: the kind of secret that this session may answer with (`engine.secret_awaited`). A question for a secret
    says so in its id, too, so that an answer which comes too late is masked as well. A turn that answers no such
    question loses its raw text altogether.
    """
    kind = secret_in(turn.answers) or awaited
    if not kind:
        return replace(turn, sealed=None) if turn.sealed is not None else turn
    if kind not in KINDS:  # a client may have written the id: then everything it says is masked
        kind = "password"
    raw = turn.sealed or Sealed(turn.keys or turn.text)
    heard = tuple(
        replace(one, slots={name: mask_expected(value, kind).text for name, value in one.slots.items()})
        for one in turn.heard
    )
    return replace(turn, text=mask_expected(turn.text, kind).text, keys="", heard=heard, sealed=raw)
