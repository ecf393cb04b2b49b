"""The teams of the staff, and what their roles may do beyond nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from aws_cdk import Stack
from aws_cdk.aws_iam import CfnPolicy, PolicyDocument, PolicyStatement
from constructs import Construct


class Team(StrEnum):
    """A team; also the name of its group, and the end of its role's."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    DESIGNER = "designer"
    OPERATOR = "operator"
    AUDITOR = "auditor"


TEAMS: Final[Mapping[Team, str]] = {
    Team.AGENT: "Help customers, and see of them what the desk shows an agent",
    Team.SUPERVISOR: "Decide what an agent may not: merges, conflicts, erasures; and watch how it runs",
    Team.ANALYST: "Judge conversations without knowing whose they are",
    Team.DESIGNER: "Write the dialogue, and try it as a guest",
    Team.OPERATOR: "Keep it running: figures and logs",
    Team.AUDITOR: "Read who looked at whose data",
}
"""Team to what it is for."""
AT_THE_DESK: Final = (Team.AGENT, Team.SUPERVISOR, Team.ANALYST, Team.OPERATOR, Team.AUDITOR)
"""Teams that some act of the desk is open to; which acts, the desk decides."""
WATCHING: Final = (Team.SUPERVISOR, Team.OPERATOR)
"""Teams that see figures and the functions' logs, which name customers by pseudonyms only."""


def role_name(prefix: str, team: Team) -> str:
    """A team's role in an environment."""
    return f"{prefix}-{team}"


def may(scope: Construct, team: Team, *statements: PolicyStatement, role: str) -> CfnPolicy:
    """Let a team's role do what the statements say, by a policy of the stack of `scope`, where the thing is made.

    Other stacks than the people's give the role by its name, as `role_name` has it: an imported one could not go.
    """
    return CfnPolicy(
        scope,
        f"{team.title()}May",
        policy_name=Stack.of(scope).node.id.lower(),
        policy_document=PolicyDocument(statements=list(statements)),
        roles=[role],
    )
