"""The Contact Lens rule that tells a supervisor of a customer who grows unhappy, while there is time."""

from __future__ import annotations

import json
from typing import Any, Final

from aws_cdk.aws_connect import CfnRule
from constructs import Construct

from stacks.phone.instance import Centre
from stacks.phone.users import TEAM_TAG
from stacks.team import Team

SECONDS: Final = 60
"""The span over which the customer's sentiment is judged."""
CONDITION: Final[dict[str, Any]] = {
    "Version": "2022-11-25",
    "RuleFunction": {
        "Operator": "AND",
        "Operands": [
            {
                "Operator": "EQUALS",
                "Operands": ["NEGATIVE"],
                "ComparisonValue": "$.ContactLens.RealTimeCall.Sentiment.State",
                "FilterClause": {
                    "LogicOperator": "AND",
                    "Filters": [
                        {"Type": "ParticipantRole", "Data": "CUSTOMER"},
                        {"Type": "RealTimeCallContactPeriodSeconds", "Data": {"Past": SECONDS}},
                    ],
                },
                "Negate": False,
            }
        ],
    },
}
"""Amazon Connect API reference, "OnRealTimeCallAnalysisAvailable": sentiment state condition.

Of chats there is no such condition while they go on, only afterwards."""
SUBJECT: Final = "A customer grows unhappy"


def falling_sentiment(scope: Construct, centre: Centre) -> CfnRule:
    """Labels the contact, mails the supervisors, tells the event bus; it names the contact by its id and no more."""
    name = centre.name("falling-sentiment")
    return CfnRule(
        scope,
        "FallingSentiment",
        instance_arn=centre.arn,
        name=name,
        publish_status="PUBLISHED",
        trigger_event_source=CfnRule.RuleTriggerEventSourceProperty(
            event_source_name="OnRealTimeCallAnalysisAvailable"
        ),
        function=json.dumps(CONDITION, sort_keys=True),
        actions=CfnRule.ActionsProperty(
            assign_contact_category_actions=[{}],
            event_bridge_actions=[CfnRule.EventBridgeActionProperty(name=name)],
            send_notification_actions=[
                CfnRule.SendNotificationActionProperty(
                    delivery_method="EMAIL",
                    content_type="PLAIN_TEXT",
                    subject=SUBJECT,
                    content=(
                        f"For the last {SECONDS} seconds the customer of contact "
                        "$.ContactLens.RealTimeCall.ContactId sounded negative. Listen in, or join."
                    ),
                    recipient=CfnRule.NotificationRecipientTypeProperty(
                        user_tags={TEAM_TAG: centre.name(Team.SUPERVISOR)}
                    ),
                )
            ],
        ),
    )
