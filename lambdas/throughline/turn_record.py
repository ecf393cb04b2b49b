"""What is kept of one turn for good: the record that the table's stream carries to the transcript."""

from __future__ import annotations

from throughline.dialogue.at_rest import compact
from throughline.dialogue.steps import Step
from throughline.reply import Reply
from throughline.turn import Turn


def recorded(turn: Turn, step: Step, reply: Reply | None, *, sent: bool = False) -> str:
    """What the table's stream tells of this turn: masked words, readings, prompt ids; no values in the clear."""
    record = {
        "id": turn.id,
        "at": turn.at,
        "channel": turn.channel,
        "session": turn.session,
        "mode": turn.mode.value,
        "link": turn.link,
        "assurance": turn.assurance.name.lower(),
        "said": turn.text,
        # Of a secret even the readings tell something: their confidences vary with the digits.
        "heard": [] if turn.sealed is not None else [[one.intent, one.confidence] for one in turn.heard[:3]],
        "events": [[event.name, event.detail] for event in step.events],
    }
    if sent:
        record["sent"] = True
    if turn.sentiment:
        record["sentiment"] = turn.sentiment
    told = step.state.recent[-1].told if reply is not None else "null"
    return f'{compact(record)[:-1]},"reply":{told}}}'
