"""Yes at the wrong moment, in the wrong place, to the wrong question."""

from __future__ import annotations

import uuid

from tests.spoofing.asks import BALANCE
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import CALLS, attack, control
from tests.spoofing.victim import Hollow
from throughline.channels.capabilities import ALEXA, EAR, LEX_GUEST, TEXTING

FAMILY = "stale and foreign yes"
ORDER = "reordered confirmations"
YESES = ("yes", "yes please", "confirm", "do it", "1", "ok send it")


@attack("his yes to her question", FAMILY, (*CALLS, LEX_GUEST, ALEXA, TEXTING), YESES)
def his_yes(a: Attempt, words: str) -> None:
    """Her web chat asks her whether to send the money; he says yes by another way, with her number where he can."""
    with a.hers() as victim:
        victim.taps("TransferMoney")
    a.claims().say(words)
    a.say("yes")


@attack("her question's id in his browser", FAMILY, (EAR,), (*YESES, "tap"))
def her_question(a: Attempt, words: str) -> None:
    """He answers the question that her chat is asked, with its id and her session's, from his own browser."""
    a.session, a.question = a.victim.session, a.victim.question
    if words == "tap":
        a.web({"tap": {"intent": "Yes"}, "question": a.victim.question})
    else:
        a.web({"text": words, "question": a.victim.question})


@attack("a late yes in her own chat", FAMILY, (EAR,), ("tap", "yes", "go ahead"), fresh=True, inside=True)
def late(a: Attempt, words: str) -> None:
    """Her yes is held back on the network until she has asked something else, and reaches us after that."""
    with a.hers() as victim:
        old = victim.question
        victim.taps("CheckBalance")
        victim.taps("BranchHours")
    said = {"tap": {"intent": "Yes"}} if words == "tap" else {"text": words}
    a.victim.chats(said, question=old)


@attack(
    "a yes that is older than its question", ORDER, (EAR, TEXTING), (1.0, 5.0, 60.0, 3600.0), fresh=True, inside=True
)
def older(a: Attempt, seconds: float) -> None:
    """A yes that she said before the question was put, to another, arrives after it."""
    sent = a.world.clock() - seconds
    if a.way == EAR:
        with a.hers() as victim:
            victim.taps("Cancel")
            victim.begins_a_transfer()
        a.victim.chats({"tap": {"intent": "Yes"}, "sent_at": sent}, question="")
        return
    with a.hers():
        a.asks(BALANCE)
        a.text(a.victim.code())
        a.text(f"move {a.victim.amount} dollars from checking to emma")
    a.text("yes", sent_at=sent)


@attack("a yes from before the amount was changed", ORDER, (EAR,), ("tap", "yes"), fresh=True, inside=True)
def changed(a: Attempt, words: str) -> None:
    """She changes the amount; the yes that she had given to the old one arrives after that."""
    with a.hers() as victim:
        old = victim.question
        victim.chats({"text": "make it 7 dollars"})
    said = {"tap": {"intent": "Yes"}} if words == "tap" else {"text": words}
    a.victim.chats(said, question=old)


@attack("her own event from somebody else", ORDER, (EAR, TEXTING, ALEXA), range(3), fresh=True)
def repeated(a: Attempt, number: int) -> None:
    """He repeats the id of a message of hers, from his own device, to be told what she was told."""
    id = uuid.uuid4().hex
    with a.hers() as victim:
        if a.way == EAR:
            victim.taps("CheckBalance", id=id)
        elif a.way == ALEXA:
            hers = a.as_her(ALEXA)
            hers.raw_alexa("CheckBalance", user=victim.person.speaker, token=victim.token, id=id)
        else:
            hers = a.as_her(TEXTING)
            hers.asks(BALANCE)
            hers.text(victim.code(), id=id)
    if a.way == EAR:
        a.session = [a.session, a.victim.session, a.victim.session][number]
        a.web({"id": id, "tap": {"intent": "CheckBalance"}, "question": a.victim.question if number == 2 else ""})
    elif a.way == ALEXA:
        a.raw_alexa("CheckBalance", id=id, session=["s", "none", a.victim.session][number])
    else:
        a.number = a.mallory.phone
        a.text(["what's my balance", "yes", a.victim.code()][number], id=id)


@attack("her confirmation twice", ORDER, (EAR,), range(3), fresh=True, bare=True)
def twice(a: Attempt, number: int) -> None:
    """Her yes is delivered again: with its id, with another, and after a while. The money moves once."""
    before, old = _moves(a), a.victim.question
    id = uuid.uuid4().hex
    a.victim.chats({"tap": {"intent": "Yes"}}, id=id, question=old)
    if _moves(a) != before + 1:
        raise Hollow("the bank didn't answer in time")
    if number == 2:
        a.later(120)
    a.victim.chats({"tap": {"intent": "Yes"}}, id=id if number == 0 else "", question=old)
    a.victim.chats({"tap": {"intent": "Yes"}}, question=old)
    if _moves(a) != before + 1:
        a.got_in(f"{_moves(a) - before} transfers of one yes")


def _moves(a: Attempt) -> int:
    ledger = a.world.ledger(a.victim.customer) or {}
    return sum(move[3] == a.victim.amount for move in ledger.get("moves", ()) if move[1] == "checking")


@control("her yes to her question", FAMILY, (EAR,))
@control("her yes, once", ORDER, (EAR,))
def her_yes(a: Attempt) -> bool:
    """Sends the money."""
    answer = a.victim.taps("Yes")
    if not _moves(a):
        raise Hollow(f"no money moved, and she was told {answer.get('lines')}")
    return _moves(a) == 1
