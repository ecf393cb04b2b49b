"""What happened on a contact besides its turns, kept with the customer's records: once, however often it is told.

It goes the way of every turn: with the conversation, in one conditional write, and from there into the timeline.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from throughline.calls.caller import Caller
from throughline.channels.capabilities import LEX_SPEECH, WAYS
from throughline.channels.connect import CHANNEL
from throughline.customers.store import Conflict, CustomerStore
from throughline.dialogue.engine import announce
from throughline.dialogue.model import Model
from throughline.dialogue.state import decode, encode
from throughline.dialogue.steps import Event
from throughline.errors import StoreUnavailable
from throughline.reply import Reply
from throughline.turn import InputMode, Turn
from throughline.turn_record import recorded

RACES: Final = 3


def kept(
    store: CustomerStore,
    model: Model,
    caller: Caller,
    *,
    id: str,
    event: Event,
    by: str,
    note: str = "",
    details: Mapping[str, str],
    now: float,
) -> bool:
    """Keep it under that id; False if it was there already. `note` is masked; `by` is who tells it.

    Nothing of it is said to the customer, and what they were asked stays open. Raises StoreError.
    """
    turn = Turn(
        id=id,
        at=now,
        channel=CHANNEL,
        session=caller.session,
        locale=model.default_locale,
        mode=InputMode.TEXT,
        can=WAYS[LEX_SPEECH].back,
        text=note,
        link=caller.link.id,
        assurance=caller.assurance,
    )
    stored = caller.stored
    for _ in range(RACES):
        step = announce(model, decode(stored.state), turn, ())
        if step.repeat:
            return False
        step = replace(step, events=(event,))
        record = json.loads(recorded(turn, step, step.reply or Reply(()), sent=True))
        record |= {"by": by, **details}
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
        try:
            store.save(replace(stored, state=encode(step.state), turn=text), now)
        except Conflict as conflict:
            stored = conflict.fresh
            continue
        return True
    raise StoreUnavailable("the conversation is being written by others all the time: tell it again")
