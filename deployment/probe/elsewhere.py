"""What can't be tried from here: of channels that are not built yet, and what only others can show."""

from __future__ import annotations

from typing import Final

from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe
from deployment.probe.site import Site

UNBUILT: Final = "channel not built yet"


def _probe(assumption: Assumption, why: str = UNBUILT) -> Probe:
    def check(site: Site) -> Outcome:
        raise NotTried(why)

    return Probe(assumption, check)


ELSEWHERE: Final = (
    _probe(
        Assumption(
            "connect-association",
            "Connect's IntegrationAssociation and a resource policy of our own can stand on one Lex alias",
            "both are created",
            "inferred from the CloudFormation handler's permissions, which include lex:CreateResourcePolicy",
            "who may use the alias `live` would have to be said through the association alone",
        )
    ),
    _probe(
        Assumption(
            "pinpoint-app",
            "an account that never used Pinpoint may still make an application for push through CloudFormation",
            "AWS::Pinpoint::App is created",
            "AWS End User Messaging documentation says that push lives on; unproven in a new account",
            "push would be left out by a setting",
        )
    ),
    _probe(
        Assumption(
            "ses-rules",
            "activating SES's receipt rule set takes a call of its own, outside CloudFormation",
            "mail arrives after that call only",
            "from memory",
            "the custom resource for it could go",
        )
    ),
    _probe(
        Assumption(
            "meta-acknowledgement",
            "Messenger's webhook waits about five seconds for the acknowledgement",
            "an acknowledgement within that time is not followed by the same event again",
            "from memory",
            "the queue behind the webhook would have to be faster, or could be simpler",
        )
    ),
    _probe(
        Assumption(
            "alexa-certification",
            "Alexa's certification reads its rules on questions, sessions and help as we do",
            "the skill is certified",
            "Alexa developer documentation, certification requirements",
            "what is said at launch, help and goodbye (dialogue/, channels/alexa.py)",
        ),
        "only a submission to certification shows it",
    ),
    _probe(
        Assumption(
            "prices",
            "the prices of Lambda on arm, KMS keys and Comprehend are as in the price table",
            "the first month's bill agrees with `throughline cost`",
            "from memory, where the price table says so",
            "the figures of `throughline cost` and of the README",
        ),
        "only the bill shows it: compare the first month's with `throughline cost`",
    ),
)
"""In the order in which they are listed."""
