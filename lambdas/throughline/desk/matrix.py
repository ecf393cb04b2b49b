"""Who may do what: teams and acts, each with its reason. The README's table is made from it (`markdown`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Team(StrEnum):
    """A team, which is a group of the staff's user pool and an IAM role named `<prefix>-<team>`."""

    CUSTOMER = "customer"
    """Not staff: customers have the dialogue, and no door to the desk."""
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    DESIGNER = "designer"
    OPERATOR = "operator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person may do with a customer's data."""

    name: str
    teams: frozenset[Team]
    what: str
    """What it does, in a line."""
    because: str
    """Why these teams and no other."""
    personal: bool = True
    """It touches personal data, so the person must say why."""
    changes: bool = False


def _act(name: str, teams: str, what: str, because: str, *, personal: bool = True, changes: bool = False) -> Act:
    return Act(name, frozenset(map(Team, teams.split())), what, because, personal=personal, changes=changes)


ACTS: Final[Mapping[str, Act]] = {
    act.name: act
    for act in (
        _act("look", "agent supervisor", "what a customer is in the middle of, at the assurance they have proved",
             "who serves a customer needs it, and no more than the customer proved"),
        _act("timeline", "agent supervisor", "what was said on every channel, masked",
             "nobody should have to repeat themselves to a person"),
        _act("links", "agent supervisor operator", "by what ways a customer comes, and how each was proved",
             "links are mended by whom the customer tells of a wrong one, and by whom a failure is reported to"),
        _act("unlink", "agent supervisor", "a link leaves: gone, or wrong from the start",
             "the customer tells an agent; it can be undone", changes=True),
        _act("merge", "supervisor", "two customers become one, by one act that can be undone",
             "a wrong merge shows one person's life to another, so a second pair of eyes decides", changes=True),
        _act("split", "supervisor", "a merge is undone",
             "whoever may merge must be able to take it back", changes=True),
        _act("resolve", "supervisor", "a conflict of two known customers is closed",
             "it is the decision whether to merge", changes=True),
        _act("conflicts", "supervisor", "the open conflicts of two known customers, newest first",
             "who decides on them must find them, without looking through customers"),
        _act("note", "agent supervisor", "a fact of the profile is noted or taken back, under the name of who did it",
             "customers tell persons, too; it shows nothing of what was known before", changes=True),
        _act("introduce", "operator", "a customer whom the business knows already is made known, with their addresses",
             "codes are sent to these addresses, so they come from its records and never from who is on the line",
             changes=True),
        _act("export", "operator", "a copy of all data is made, and its link given",
             "requests that come by letter or court; agents don't carry whole lives around", changes=True),
        _act("erase", "operator", "a customer is forgotten everywhere",
             "requests that come by letter; it can't be undone, so those do it who also know the holds", changes=True),
        _act("hold", "operator", "nothing of a customer's is erased or expires",
             "the law department asks those who run the platform", changes=True),
        _act("release", "operator", "a hold ends; an erasure that waited begins",
             "who places a hold lifts it", changes=True),
        _act("replay-tombstones", "operator", "after a restore, who was erased is erased again",
             "it belongs to restoring", personal=False, changes=True),
        _act("finish-erasures", "operator", "erasures that were begun and not finished are taken up again",
             "what failed is found by those who see the queue of what failed", personal=False, changes=True),
        _act("transcripts", "analyst supervisor", "masked conversations under a pseudonym of the one request",
             "quality needs the words, never whose they are"),
        _act("audit", "auditor", "who looked at whose data, when and why",
             "who is watched doesn't watch", personal=False),
    )
}  # fmt: skip


def may(team: Team, act: str) -> bool:
    """Whether the team may do the act; False for an act that doesn't exist."""
    found = ACTS.get(act)
    return found is not None and team in found.teams


def markdown() -> str:
    """The matrix as the README shows it."""
    teams = list(Team)
    head = "| act | " + " | ".join(team.value for team in teams) + " | what it does | because |"
    lines = [head, "|---|" + ":-:|" * len(teams) + "---|---|"]
    for act in ACTS.values():
        marks = " | ".join("yes" if team in act.teams else "" for team in teams)
        lines.append(f"| {act.name} | {marks} | {act.what} | {act.because} |")
    return "\n".join(lines)
