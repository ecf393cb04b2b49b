"""A conversation parts by the links that it came through, and what was joined parts again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughline.dialogue.parting import ASIDE, Busy, brought_back, joined, parted, relabelled, through
from throughline.dialogue.replies import Answered
from throughline.dialogue.state import Acting, Asked, Frame, Pending, Proof, Question, State, WithPerson, decode, encode
from throughline.reply import Awaits, Line, Reply

from .library import library
from .talker import Talker

OURS, THEIRS = ["a1", "a2"], ["b1", "b2"]
TIMES = st.integers(1, 1000).map(float)
SESSIONS = st.sampled_from(["s1", "s2"])
VALUES = st.dictionaries(st.sampled_from(["amount", "until", "note"]), st.sampled_from(["5", "7", "x"]), max_size=3)


def frame(key: str, link: str, **more: object) -> Frame:
    return replace(Frame(key, f"Task{key}", 1.0, 1.0, "s1", link, "v1"), **more)  # type: ignore[arg-type]


@st.composite
def frames(draw: st.DrawFn, links: list[str], key: str) -> Frame:
    own, slots = draw(st.sampled_from(links)), draw(VALUES)
    others = [link for link in links if link != own]
    marks = {name: others[0] for name in draw(st.sets(st.sampled_from(sorted(slots) or ["none"]))) if name in slots}
    return Frame(
        key, f"Task{key}", 1.0, draw(TIMES), draw(SESSIONS), own, "v1", slots, {}, draw(st.sampled_from(["", "d"])),
        through=marks,
    )  # fmt: skip


@st.composite
def states(draw: st.DrawFn, links: list[str]) -> State:
    """A state all of which came through `links`, and whose ids are its own."""
    mark = links[0][0]
    tasks = tuple(draw(frames(links, f"{mark}{number}")) for number in range(draw(st.integers(0, 3))))
    link = st.sampled_from(links)
    question = None
    if draw(st.booleans()):
        about = draw(st.sampled_from([*tasks, None]))
        question = Question(
            "q1", Asked.SLOT, draw(SESSIONS), draw(TIMES), frame=about.id if about else "",
            link=about.link if about else draw(link),
        )  # fmt: skip
    waits = draw(st.sampled_from([*tasks, None]))
    at = sorted(draw(st.lists(TIMES, max_size=3, unique=True)))
    reply = Reply((Line("phrases.done"),), Awaits.INTENT)
    return State(
        sequence=draw(st.integers(0, 9)),
        frames=tasks,
        question=question,
        pending=Pending(waits, "pay", f"{waits.id}.pay.d", "t1", 1.0, customer=f"c{mark}") if waits else None,
        person=draw(st.sampled_from([None, WithPerson(1.0, "s1", "asked", draw(link))])),
        recent=tuple(Answered.of(f"{mark}t{n}", t, draw(SESSIONS), draw(link), reply) for n, t in enumerate(at)),
        last_at=draw(TIMES),
        proofs=tuple(Proof(draw(link), f"s{number}", t, "code") for number, t in enumerate(at)),
    )


def by_id(tasks: tuple[Frame, ...]) -> list[Frame]:
    return sorted(tasks, key=lambda one: one.id)


def told(state: State) -> State:
    """What is compared: all but what is only counted."""
    return replace(state, sequence=0, last_at=0.0, misses=(0, 0))


@settings(max_examples=400, deadline=None)
@given(states(OURS), states(THEIRS))
def test_what_was_joined_parts_again(ours: State, theirs: State) -> None:
    if ours.pending is not None:
        theirs = replace(theirs, pending=None)
    if theirs.question is not None or theirs.person is not None:
        ours = replace(ours, question=None, person=None)
    both = joined(ours, theirs)
    stays, leaves = parted(both, THEIRS)
    assert told(stays) == told(ours)
    assert told(leaves) == told(theirs)


@settings(max_examples=400, deadline=None)
@given(states(OURS), states(THEIRS), states(THEIRS), st.permutations("xyz"))
def test_tasks_of_one_intent_part_again_too_though_one_was_joined_to_the_other_twice(
    ours: State, theirs: State, before: State, names: list[str]
) -> None:
    def alike(state: State, mark: str) -> State:
        """Its tasks are of the same intents as the others', and its question is about none."""
        tasks = tuple(
            replace(one, intent=names[number], id=f"{mark}{number}", touched_at=one.touched_at + number * 1000)
            for number, one in enumerate(state.frames)
        )
        return replace(state, frames=tasks, question=None, pending=None)

    ours, theirs = alike(ours, "a"), joined(alike(before, "c"), alike(theirs, "b"))
    both = joined(ours, theirs)
    assert len(both.frames) == len({one.intent for one in both.frames})
    assert len(both.frames) + len(both.aside) == sum(len(s.frames) + len(s.aside) for s in (ours, theirs))
    assert decode(encode(both)) == both
    stays, leaves = parted(both, THEIRS)
    for side, was in ((stays, ours), (leaves, theirs)):
        assert (by_id(side.frames), by_id(side.aside)) == (by_id(was.frames), by_id(was.aside))


@settings(max_examples=400, deadline=None)
@given(states([*OURS, *THEIRS]), st.sets(st.sampled_from([*OURS, *THEIRS])))
def test_each_side_holds_what_came_through_its_links_alone(state: State, leaving: set[str]) -> None:
    sides = parted(state, leaving, customer="c")
    for side, mine in zip(sides, ({*OURS, *THEIRS} - leaving, leaving), strict=True):
        assert decode(encode(side)) == side
        links = [f.link for f in side.frames] + [p.link for p in side.proofs] + [r.link for r in side.recent]
        assert mine.issuperset(links)
        assert all(one.through.get(name, one.link) in mine for one in side.frames for name in one.slots)
        for held in (side.question, side.person, side.pending.frame if side.pending else None):
            assert held is None or held.link in mine
    assert sum(len(side.frames) for side in sides) == len(state.frames)
    assert sum(len(side.recent) for side in sides) == len(state.recent)
    assert sum(side.pending is not None for side in sides) == (state.pending is not None)


@settings(max_examples=200, deadline=None)
@given(states(OURS))
def test_where_nothing_leaves_nothing_changes(state: State) -> None:
    assert parted(state, ()) == (state, State(sequence=state.sequence, last_at=state.last_at))


def test_a_task_leaves_the_other_sides_values_behind_and_asks_anew() -> None:
    task = frame("f1", "a1", slots={"amount": "5", "note": "x"}, through={"note": "b1"}, confirmed="d", begun="d")
    question = Question("q1", Asked.CONFIRM, "s1", 1.0, frame="f1", link="a1")
    stays, leaves = parted(State(frames=(task,), question=question), ["b1"])
    (kept,) = stays.frames
    assert (kept.slots, kept.through, kept.confirmed, kept.begun) == ({"amount": "5"}, {}, "", "")
    assert stays.question is None, "it would ask to confirm what is no longer there"
    assert leaves.frames == ()


def test_a_question_leaves_with_its_task_or_is_asked_by_nobody() -> None:
    mine, yours = frame("f1", "a1"), frame("f2", "b1")
    state = State(frames=(mine, yours), question=Question("q1", Asked.SLOT, "s1", 1.0, frame="f2", link="a1"))
    stays, leaves = parted(state, ["b1"])
    assert stays.question is None and leaves.question is None
    asked = replace(state, question=Question("q1", Asked.SLOT, "s1", 1.0, frame="f2", link="b1"))
    assert parted(asked, ["b1"])[1].question == asked.question


def test_an_unknown_outcome_that_leaves_remembers_whom_the_back_end_was_called_for() -> None:
    pending = Pending(frame("f1", "b1"), "pay", "k", "t1", 1.0)
    _, leaves = parted(State(pending=pending), ["b1"], customer="anna")
    assert leaves.pending == replace(pending, customer="anna")
    stays, _ = parted(State(pending=pending), ["a1"], customer="anna")
    assert stays.pending == pending
    mixed = replace(pending, frame=replace(pending.frame, slots={"note": "x"}, through={"note": "a1"}))
    (cut,) = (side.pending for side in parted(State(pending=mixed), ["b1"]) if side.pending)
    assert (cut.key, cut.frame.slots) == ("k", {})
    _, again = parted(leaves, ["b1"], customer="ben")
    assert again.pending is not None and again.pending.customer == "anna"


def test_the_coming_conversation_goes_on_on_top() -> None:
    below, above = frame("f1", "a1"), frame("f2", "b1")
    question = Question("q2", Asked.SLOT, "s2", 2.0, frame="f2", link="b1")
    onto = State(sequence=7, frames=(below,), question=Question("q1", Asked.MORE, "s1", 1.0, link="a1"), last_at=9.0)
    both = joined(onto, State(sequence=3, frames=(above,), question=question, last_at=2.0))
    assert both.frames == (below, above)
    assert both.question == question
    assert (both.sequence, both.last_at) == (7, 9.0)
    assert joined(onto, State()).question == onto.question


@pytest.mark.parametrize(("mine", "yours", "kept"), [(1.0, 2.0, "b"), (2.0, 1.0, "a")])
def test_of_two_tasks_of_one_intent_the_newer_stays(mine: float, yours: float, kept: str) -> None:
    old = frame("a", "a1", intent="Pay", touched_at=mine)
    new = frame("b", "b1", intent="Pay", touched_at=yours)
    top = frame("c", "b1")
    both = joined(State(frames=(old,)), State(frames=(new, top)))
    assert [one.id for one in both.frames if one.intent == "Pay"] == [kept]
    assert both.frames[-1] == top


def test_the_task_that_is_being_worked_on_stays_however_old() -> None:
    mine, yours = frame("a", "a1", intent="Pay", touched_at=9.0), frame("b", "b1", intent="Pay", touched_at=1.0)
    assert joined(State(frames=(mine,)), State(frames=(yours,))).frames == (yours,)


def test_a_question_about_a_task_that_gave_way_goes_with_it() -> None:
    mine, yours = frame("a", "a1", intent="Pay"), frame("b", "b1", intent="Pay")
    asking = State(frames=(mine,), question=Question("q1", Asked.SLOT, "s1", 1.0, frame="a", link="a1"))
    assert joined(asking, State(frames=(yours,))).question is None


def test_a_task_that_gave_way_waits_until_the_other_has_ended() -> None:
    mine = frame("a", "a1", intent="Pay", slots={"amount": "10"})
    yours = frame("b", "b1", intent="Pay", slots={"amount": "20"}, touched_at=2.0)
    both = joined(State(frames=(mine, frame("d", "a1", touched_at=3.0))), State(frames=(yours,)))
    assert both.aside == (mine,)
    assert brought_back(both) == both, "there is room for one"
    done = replace(both, frames=both.frames[:1])
    assert brought_back(done, but="Pay") == done, "how the other ended is not known yet"
    assert [one.id for one in brought_back(done).frames] == ["a", "d"], "beneath what was touched since"
    assert brought_back(done).aside == ()
    stays, leaves = parted(both, ["a1"])
    assert (stays.frames, leaves.frames[0], stays.aside, leaves.aside) == ((yours,), mine, (), ())


def test_so_many_wait_aside_and_no_more() -> None:
    state = State()
    for number in range(ASIDE + 5):
        state = joined(state, State(frames=(frame(f"f{number}", "a1", intent="Pay", touched_at=float(number)),)))
    assert [one.id for one in state.aside] == [f"f{number}" for number in range(4, ASIDE + 4)]


def test_a_task_that_waits_aside_leaves_the_other_sides_values_behind_and_follows_its_session() -> None:
    waits = frame("f1", "a1", slots={"amount": "5", "note": "x"}, through={"note": "b1"}, confirmed="d")
    state = State(frames=(frame("f2", "a1", intent=waits.intent),), aside=(waits,))
    (kept,) = parted(state, ["b1"])[0].aside
    assert (kept.slots, kept.confirmed) == ({"amount": "5"}, "")
    assert relabelled(replace(state, last_at=1.0), "a1", "s1", "mine").aside == (replace(waits, link="mine"),)


def test_two_unknown_outcomes_are_not_joined() -> None:
    mine = State(pending=Pending(frame("f1", "a1"), "pay", "k1", "t1", 1.0))
    yours = State(pending=Pending(frame("f2", "b1"), "pay", "k2", "t2", 1.0))
    with pytest.raises(Busy, match="settle"):
        joined(mine, yours)
    assert joined(mine, State()).pending == mine.pending
    assert joined(State(), yours).pending == yours.pending


def test_tasks_of_one_id_are_told_apart_and_an_announced_key_stays() -> None:
    mine = State(frames=(frame("f1", "a1"),))
    task = frame("f1", "b1", intent="Other")
    yours = State(
        frames=(task,),
        question=Question("q1", Asked.SLOT, "s1", 1.0, frame="f1", link="b1"),
        pending=Pending(task, "pay", "f1.pay.d", "t1", 1.0),
    )
    both = joined(mine, yours)
    first, second = both.frames
    assert first.id == "f1" != second.id
    assert both.question is not None and both.question.frame == second.id
    assert both.pending is not None
    assert (both.pending.frame.id, both.pending.key) == (second.id, "f1.pay.d")


def test_values_are_marked_only_where_they_came_through_another_link() -> None:
    task = frame("f1", "a1", slots={"amount": "5", "note": "x"})
    assert through(task, ["amount"], "a1") is task
    marked = through(task, ["amount", "unheard"], "b1")
    assert marked.through == {"amount": "b1"}
    assert through(marked, ["amount"], "a1").through == {}, "said anew through the task's own link"
    assert through(replace(marked, slots={"note": "x"}), [], "a1").through == {}, "the value is gone"


def test_a_task_begun_in_another_session_is_not_relabelled() -> None:
    reply = Reply((Line("phrases.done"),), Awaits.INTENT)
    before, since = frame("f1", "x", opened_at=4.0), frame("f2", "x", opened_at=5.0)
    kept = (Answered.of("t1", 4.0, "s0", "x", reply), Answered.of("t2", 5.0, "s1", "x", reply))
    _, leaves = parted(relabelled(State(frames=(before, since), recent=kept, last_at=9.0), "x", "s1", "y"), ["y"])
    assert [one.id for one in leaves.frames] == ["f2"]


def test_one_sessions_part_is_relabelled_and_nothing_else() -> None:
    reply = Reply((Line("phrases.done"),), Awaits.INTENT)
    kept = tuple(Answered.of(f"t{n}", float(n), s, "x", reply) for n, s in enumerate(["s1", "s2", "s1"]))
    here, there = frame("f1", "x"), frame("f2", "x", session="s2")
    older = Question("q", Asked.SLOT, "s1", 1.0, frame="f2", link="x")
    acting = (Acting("s1", "c", "l", 1, 1.0),)
    state = State(
        frames=(here, there), question=Question("q", Asked.SLOT, "s1", 1.0, frame="f1", link="x"), recent=kept,
        person=WithPerson(1.0, "s2", "asked", "x"), acting=acting, last_at=2.0,
    )  # fmt: skip
    stays, leaves = parted(relabelled(state, "x", "s1", "y"), ["y"])
    assert [one.id for one in leaves.frames] == ["f1"]
    assert [one.turn for one in leaves.recent] == ["t0", "t2"]
    assert leaves.recent[0].reply == reply
    assert leaves.question is not None
    assert (stays.frames, stays.person, stays.acting) == ((there,), state.person, acting)
    stays, leaves = parted(relabelled(state, "x", "s1", "y", tasks=False), ["y"])
    assert (leaves.frames, leaves.question) == ((), None)
    assert [one.turn for one in leaves.recent] == ["t2"], "the reply of this very turn"
    assert len(stays.frames) == 2
    stays, leaves = parted(relabelled(replace(state, question=older), "x", "s1", "y"), ["y"])
    assert (stays.question, leaves.question) == (older, None), "it stays with its task"


def test_a_task_that_a_visitors_displaced_is_offered_again_once_that_is_done_and_no_later_than_any() -> None:
    talker = Talker(library())
    talker.hears("PayFee", {"amount": "5"})
    hers = talker.state
    visitor = Talker(library(), session="web", link="w", now=talker.now)
    visitor.hears("PayFee", {"amount": "7", "source": "checking"})
    both = joined(hers, visitor.state)
    assert [dict(one.slots)["amount"] for one in (*both.frames, *both.aside)] == ["7.00", "5.00"]
    visitor.state = both
    visitor.hears("Cancel")
    visitor.session = "phone"
    assert visitor.says(visitor.opens()) == "welcome_back | resume_offer doing PayFee"
    assert dict(visitor.state.frames[0].slots)["amount"] == "5.00"
    visitor.state, visitor.session = both, "later"
    visitor.now += visitor.model.limits.resume_hours * 3600
    visitor.opens()
    assert (visitor.state.frames, visitor.state.aside) == ((), ())
