"""A conversation in two by the links that it came through, and two in one: what linking does to the engine's state.

Everything in a state names the link that it came through. So a link that turns out to be somebody else's leaves
with its own tasks, question, kept replies, proofs and unknown outcome, and nothing that was said through it stays
behind in another's task; and what joined by a link can leave by it again.

    parted(joined(a, b), links of b) == (a, b)

but for what is counted (`sequence`, `last_at`, misses), and for a question about a task that the other side had, too.
The engine has room for one task of an intent: of two, one is worked on and the other waits aside (`State.aside`) until
they part again, or until the first has ended (`brought_back`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from throughline.dialogue.at_rest import compact
from throughline.dialogue.replies import Answered
from throughline.dialogue.state import Frame, Pending, Question, State
from throughline.errors import StoreError

ASIDE: Final = 20
"""Tasks that wait aside at once, so that the conversation stays small; the one that waited longest gives way."""


class Busy(StoreError):
    """Both conversations wait for an action's outcome. Nothing was joined: settle one first, then try again."""


def through(frame: Frame, names: Collection[str], link: str) -> Frame:
    """`frame` with those slots' values marked as given through `link`.

    For the engine: call it wherever a turn's values go into a task, next to `frames.fill`, with the names of
    the values that the turn brought and the turn's link:

        frame = through(fill(intent, frame, values), values, turn.link)

    Names whose slot holds no value are left out, and so are values through the task's own link: most tasks
    carry nothing. Marks of values that `fill` or `without` took away go too.
    """
    marks = {name: of for name, of in frame.through.items() if name in frame.slots and name not in names}
    if link != frame.link:
        marks |= {name: link for name in names if name in frame.slots}
    return frame if marks == frame.through else replace(frame, through=marks)


def parted(state: State, leaving: Collection[str], *, customer: str = "") -> tuple[State, State]:
    """What stays and what leaves with the links in `leaving`.

    A task goes with the link that it was begun through, and leaves the values that came through the other side's
    links behind; what was confirmed or begun with them is no longer. A question about such a task, or about one
    on the other side, is asked by neither. An outcome that isn't known goes with its task, and is found by its
    key, without the other side's values; `customer` is whom the back end was called for. Who acts by a shared
    address is known at that address, and stays.
    """
    pending = state.pending
    if pending is not None and pending.frame.link in leaving and not pending.customer:
        pending = replace(pending, customer=customer)
    whole = replace(state, pending=pending)
    return _side(whole, leaving, ours=False), _side(replace(whole, misses=(0, 0)), leaving, ours=True)


def joined(onto: State, coming: State) -> State:
    """One conversation of two: `coming` goes on, on top of `onto`.

    Of two tasks of one intent there stays the one that is being worked on (the top of `coming`), else the one
    touched last; the other waits aside. Raises Busy if both wait for an action's outcome.
    """
    if onto.pending is not None and coming.pending is not None:
        raise Busy("both conversations wait for an action's outcome: settle one first")
    coming = _renamed(coming, {frame.id for frame in _all_frames(onto)})
    frames, displaced = _one_per_intent(onto.frames, coming.frames)
    kept = {frame.id for frame in frames}
    questions = (q for q in (coming.question, onto.question) if q is not None and (not q.frame or q.frame in kept))
    return State(
        sequence=max(onto.sequence, coming.sequence),
        frames=frames,
        question=next(questions, None),
        pending=coming.pending or onto.pending,
        person=coming.person or onto.person,
        recent=tuple(sorted((*onto.recent, *coming.recent), key=lambda answered: answered.at)),
        misses=coming.misses,
        last_at=max(onto.last_at, coming.last_at),
        proofs=tuple(sorted((*onto.proofs, *coming.proofs), key=lambda proof: proof.at)),
        acting=(*onto.acting, *coming.acting),
        aside=(*onto.aside, *coming.aside, *displaced)[-ASIDE:],
    )


def brought_back(state: State, but: str = "") -> State:
    """`state`, in which tasks that waited aside go on whose intent no task has any more, and that isn't `but`.

    Of several of one intent it is the one that waited least. Each comes back where it was last touched, as a task
    that was left.
    """
    if not state.aside:
        return state
    taken = {but, *(frame.intent for frame in state.frames)}
    frames, aside = list(state.frames), list(state.aside)
    for frame in reversed(state.aside):
        if frame.intent not in taken:
            taken.add(frame.intent)
            aside.remove(frame)
            above = next((n for n, one in enumerate(frames) if one.touched_at > frame.touched_at), len(frames))
            frames.insert(above, frame)
    return replace(state, frames=tuple(frames), aside=tuple(aside))


def _side(state: State, leaving: Collection[str], *, ours: bool) -> State:
    """One of the two: what came through `leaving` if `ours`, else the rest."""

    def here(link: str) -> bool:
        return (link in leaving) is ours

    frames = {frame.id: (frame, _cut(frame, leaving, ours=ours)) for frame in state.frames if here(frame.link)}
    aside = tuple(_cut(frame, leaving, ours=ours) for frame in state.aside if here(frame.link))
    whole = {key for key, (before, after) in frames.items() if after is before}
    pending, question, person = state.pending, state.question, state.person
    pending = pending if pending is not None and here(pending.frame.link) else None
    if pending is not None:
        cut = _cut(pending.frame, leaving, ours=ours)
        if cut is pending.frame:
            whole.add(cut.id)
        pending = replace(pending, frame=cut)
    side = replace(
        state,
        frames=tuple(after for _, after in frames.values()),
        question=question if question is not None and here(question.link) and _sound(question, whole) else None,
        pending=pending,
        person=person if person is not None and here(person.link) else None,
        recent=tuple(answered for answered in state.recent if here(answered.link)),
        proofs=tuple(proof for proof in state.proofs if here(proof.link)),
        acting=() if ours else state.acting,
        aside=aside,
    )
    return brought_back(side)


def _sound(question: Question, whole: Collection[str]) -> bool:
    """Whether the task it is about, if any, is on its side and as it was when the question was asked."""
    return not question.frame or question.frame in whole


def _cut(frame: Frame, leaving: Collection[str], *, ours: bool) -> Frame:
    """The frame without the values of the other side; the very same one if there are none."""
    foreign = {name for name, link in frame.through.items() if (link in leaving) is not ours and name in frame.slots}
    if not foreign:
        return frame
    return replace(
        frame,
        slots={name: value for name, value in frame.slots.items() if name not in foreign},
        through={name: link for name, link in frame.through.items() if name not in foreign},
        confirmed="",
        begun="",
    )


def _one_per_intent(below: tuple[Frame, ...], above: tuple[Frame, ...]) -> tuple[tuple[Frame, ...], tuple[Frame, ...]]:
    """Those that stay, and those that they displace."""
    worked_on = above[-1].id if above else ""
    best: dict[str, Frame] = {}
    for frame in (*below, *above):
        rival = best.get(frame.intent)
        if rival is None or frame.id == worked_on or frame.touched_at >= rival.touched_at:
            best[frame.intent] = frame
    kept = {frame.id for frame in best.values()}
    both = (*below, *above)
    return tuple(one for one in both if one.id in kept), tuple(one for one in both if one.id not in kept)


def _all_frames(state: State) -> tuple[Frame, ...]:
    pending = (state.pending.frame,) if state.pending is not None else ()
    return (*state.frames, *state.aside, *pending)


def _renamed(state: State, taken: Collection[str]) -> State:
    """`state` with its own ids for tasks that are called like another's: ids are only unique for a customer.

    An announced action keeps its key, which is what the back end knows it by.
    """
    names = {frame.id: f"{frame.id}.{frame.link}" for frame in _all_frames(state) if frame.id in taken}
    if not names:
        return state

    def fresh(frame: Frame) -> Frame:
        return replace(frame, id=names[frame.id]) if frame.id in names else frame

    question, pending = state.question, state.pending
    if question is not None and question.frame in names:
        question = replace(question, frame=names[question.frame])
    if pending is not None:
        pending = Pending(
            fresh(pending.frame), pending.action, pending.key, pending.turn, pending.at, pending.told, pending.customer
        )
    frames, aside = tuple(map(fresh, state.frames)), tuple(map(fresh, state.aside))
    return replace(state, frames=frames, question=question, pending=pending, aside=aside)


def relabelled(state: State, link: str, session: str, other: str, *, tasks: bool = True) -> State:
    """`state` with what came through `link` in that session as if it had come through the link `other`.

    A task is the session's if it was begun in it: one that was only gone on with there is somebody's of before. The
    session began with its first kept reply. Without `tasks`, only what the last turn left goes: its kept reply, and
    its question if that is about no task.
    """

    def theirs(of: str, where: str) -> bool:
        return (of, where) == (link, session)

    since = min((a.at for a in state.recent if theirs(a.link, a.session)), default=state.last_at)

    def its_own(frame: Frame) -> bool:
        return tasks and theirs(frame.link, frame.session) and frame.opened_at >= since

    def frame_of(frame: Frame) -> Frame:
        return replace(frame, link=other) if its_own(frame) else frame

    def answer_of(answered: Answered) -> Answered:
        now = tasks or answered.at >= state.last_at
        return _through(answered, other) if now and theirs(answered.link, answered.session) else answered

    question, pending, person = state.question, state.pending, state.person
    gone = {frame.id for frame in state.frames if its_own(frame)}
    if (
        question is not None
        and theirs(question.link, question.session)
        and (not question.frame or question.frame in gone)
    ):
        question = replace(question, link=other)
    if pending is not None:
        pending = replace(pending, frame=frame_of(pending.frame))
    if person is not None and theirs(person.link, person.session):
        person = replace(person, link=other)
    return replace(
        state,
        frames=tuple(map(frame_of, state.frames)),
        aside=tuple(map(frame_of, state.aside)),
        question=question,
        pending=pending,
        person=person,
        recent=tuple(map(answer_of, state.recent)),
    )


def _through(answered: Answered, link: str) -> Answered:
    at, turn, session, _, told = answered.split("\t", 4)
    return Answered("\t".join((at, turn, session, compact(link), told)))
