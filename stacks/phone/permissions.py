"""What each team may do in Amazon Connect itself.

The names are those of the Amazon Connect administrator guide, "List of security profile permissions"; one that is
not here is given to nobody. What is left out on purpose: whatever exports, downloads or deletes, whatever changes
what is deployed from here, contact search for those who must not know whose a conversation is, and the list of
users but for the auditor (who may see it may also download it).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from stacks.team import Team


class Permission(StrEnum):
    """A permission that some team has, by its name in the API."""

    CONTROL_PANEL = "BasicAgentAccess"
    """The panel in which contacts are taken; supervisors listen in through it."""
    GUIDES = "CustomViews.Access"
    """The agent's screen."""
    LIVE_ANALYSIS = "RealtimeContactLens.View"
    """Transcript and sentiment of the contact that one has, or listens in to."""
    TRANSFER_TARGETS = "TransferDestinations.View"
    OWN_DEVICES = "AudioDeviceSettings.Access"
    CONFIRM_END = "RequireEndContactConfirmation.Enabled"
    """Takes away: ending a contact asks once more."""
    LISTEN_IN = "ManagerListenIn"
    BARGE_IN = "ManagerBargeIn"
    FIND_CONTACTS = "ContactSearch.View"
    RECORDINGS = "CallRecordings.Unredacted.Access"
    TRANSCRIPTS = "ContactTranscripts.Unredacted.Access"
    ANALYSIS = "GraphTrends.View"
    METRICS_NOW = "AccessMetrics.RealTimeMetrics.Access"
    METRICS_THEN = "AccessMetrics.HistoricalMetrics.Access"
    DASHBOARDS = "AccessMetrics.Dashboards.Access"
    ACTIVITY_AUDIT = "AccessMetrics.AgentActivityAudit.Access"
    LOGINS = "AgentTimeCard.View"
    AGENT_STATES = "AgentStates.View"
    QUEUES = "Queues.View"
    QUEUES_OFF = "Queues.EnableAndDisable"
    """To stop what flows into a queue while something is broken."""
    ROUTING = "RoutingPolicies.View"
    HOURS = "HoursOfOperation.View"
    NUMBERS = "PhoneNumbers.View"
    FLOWS = "ContactFlows.View"
    MODULES = "ContactFlowModules.View"
    PROMPTS = "Prompts.View"
    VIEWS = "Views.View"
    BOTS = "Bots.View"
    TEST_CHAT = "ChatTestMode"
    FORMS = "EvaluationForms.View"
    FORMS_NEW = "EvaluationForms.Create"
    FORMS_EDIT = "EvaluationForms.Edit"
    RULES = "Rules.View"
    PROFILES = "SecurityProfiles.View"
    USERS = "Users.View"
    CHANGES = "HistoricalChanges.View"


P = Permission
_TAKING: Final = (P.CONTROL_PANEL, P.GUIDES, P.LIVE_ANALYSIS, P.TRANSFER_TARGETS, P.OWN_DEVICES, P.CONFIRM_END)

PERMISSIONS: Final[Mapping[Team, tuple[Permission, ...]]] = {
    Team.AGENT: _TAKING,
    Team.SUPERVISOR: (
        *_TAKING,
        P.LISTEN_IN, P.BARGE_IN, P.FIND_CONTACTS, P.RECORDINGS, P.TRANSCRIPTS, P.ANALYSIS,
        P.METRICS_NOW, P.METRICS_THEN, P.DASHBOARDS, P.AGENT_STATES, P.QUEUES, P.HOURS,
    ),
    Team.ANALYST: (P.METRICS_THEN, P.DASHBOARDS, P.ANALYSIS, P.FORMS, P.FORMS_NEW, P.FORMS_EDIT, P.RULES),
    Team.DESIGNER: (P.FLOWS, P.MODULES, P.PROMPTS, P.VIEWS, P.BOTS, P.TEST_CHAT),
    Team.OPERATOR: (
        P.METRICS_NOW, P.AGENT_STATES, P.QUEUES, P.QUEUES_OFF, P.ROUTING, P.HOURS, P.NUMBERS, P.FLOWS, P.RULES,
    ),
    Team.AUDITOR: (P.CHANGES, P.PROFILES, P.USERS, P.LOGINS, P.ACTIVITY_AUDIT),
}  # fmt: skip
"""Team to what it may do there. What it may do with customers' data is a matter of the desk."""


def markdown() -> str:
    """The table for the README: a team, and what its security profile lets it do, by the names of the API."""
    rows = ["| team | security profile in Amazon Connect |", "| --- | --- |"]
    for team, permissions in PERMISSIONS.items():
        rows.append(f"| {team} | {', '.join(f'`{one}`' for one in permissions)} |")
    return "\n".join(rows)
