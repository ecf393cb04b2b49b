"""Words said before a proof at somebody else's address go along to whoever proved to have said them.

The conversation that the session led to says so itself: an `Acting` appears in its state, with the session, the
customer who was proved and their own link. From then on new turns come through that link; those of the session
from before stand in the strands of the conversation that it led to, where another person would see them. Once more
makes nothing else. The last turn, which the conversation itself holds, goes along as the session is shared (see
`customers.moving.along`): it would come back into the strand from there.
"""

from __future__ import annotations

from dataclasses import replace

from throughline.customers.moving import relinked
from throughline.customers.store import Stored
from throughline.dialogue.state import Acting, decode
from throughline.records.erasing import Time, in_time
from throughline.records.strands import Gone, Strands
from throughline.records.transcript import StrandTurn


def proved_elsewhere(old: Stored | None, new: Stored) -> tuple[Acting, ...]:
    """Who was proved to be somebody else by this change, in a session in which the customer was never proved herself.

    Where she was, what was said in the session may be hers, and stays. Who proves it again there is found again: what
    was said since their first proof had run out, or their link had become another customer's, goes along, too.
    """
    now = decode(new.state)
    known = decode(old.state).acting if old is not None else ()
    hers = {proof.session for proof in now.proofs}
    return tuple(one for one in now.acting if one not in known and one.session not in hers)


def take_along(strands: Strands, of: Stored, acting: Acting, expires: int, time_left: Time) -> int:
    """Move the session's turns to the link of whoever was proved; how many. Raises StoreError, TimeUp.

    What is told later, since it was written to another's conversation, is sent on (`went_along`) until `expires`.
    """
    moved = 0
    for link in of.links:
        if link == acting.link:
            continue
        in_time(time_left)
        strands.write_along(link, acting.session, acting.link, acting.at, expires)
        for turn in list(strands.turns(link)):
            if turn.document().get("session") == acting.session and turn.at <= acting.at:
                in_time(time_left)
                _move(strands, turn, acting.link)
                moved += 1
    return moved


def went_along(strands: Strands, turn: StrandTurn, gone: Gone) -> None:
    """Send a turn on that was written into a strand only after its session had gone along. Raises StoreError."""
    other, until = gone.along.get(str(turn.document().get("session", "")), ("", 0.0))
    if other and turn.at <= until:
        _move(strands, turn, other)


def _move(strands: Strands, turn: StrandTurn, link: str) -> None:
    strands.write_turn(replace(turn, link=link, record=relinked(turn.record, link)))
    strands.delete(turn.link, [turn.sort])
    cut_off = strands.gone(link).erased
    if cut_off is not None and turn.at <= cut_off:
        strands.delete(link, [turn.sort])
