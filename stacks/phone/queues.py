"""Where customers wait, and who takes them from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk.aws_connect import CfnQueue, CfnRoutingProfile
from constructs import Construct

from compiler.problems import did_you_mean
from deployment.phone import Phone
from stacks.phone.instance import Centre
from stacks.team import Team

TAKES: Final = {"VOICE": 1, "CHAT": 3, "TASK": 5}
"""Channel to how many of its contacts an agent has at once."""
ANSWERING: Final = (Team.AGENT, Team.SUPERVISOR)
"""Teams that contacts are routed to."""

_Reference = CfnRoutingProfile.RoutingProfileQueueReferenceProperty


class UnknownQueue(ValueError):
    """A setting is about a queue that the dialogue does not have."""


def queues(
    scope: Construct,
    centre: Centre,
    phone: Phone,
    names: Sequence[str],
    *,
    hours: str,
    number: str | None,
    whisper: str,
) -> dict[str, CfnQueue]:
    """Each queue by its name; who is called back sees `number`, if one is claimed, and hears the flow `whisper`.

    Raises UnknownQueue.
    """
    for name in phone.queues:
        if name not in names:
            raise UnknownQueue(f"phone.queues: telephone.yaml has no queue `{name}`. {did_you_mean(name, names)}")
    caller = CfnQueue.OutboundCallerConfigProperty(outbound_caller_id_number_arn=number, outbound_flow_arn=whisper)
    return {
        name: CfnQueue(
            scope,
            "".join(word.title() for word in name.split("_")) + "Queue",
            instance_arn=centre.arn,
            name=centre.name(name.replace("_", "-")),
            description="Customers who wait for a person, or to be called back",
            hours_of_operation_arn=hours,
            max_contacts=phone.capacity(name),
            outbound_caller_config=caller,
        )
        for name in names
    }


def routing_profiles(scope: Construct, centre: Centre, made: Mapping[str, CfnQueue]) -> dict[bool, CfnRoutingProfile]:
    """That of those who answer, at True; and at False that of the others, to whom nothing is routed."""
    outbound = next(iter(made.values())).attr_queue_arn
    answering = CfnRoutingProfile(
        scope,
        "Answering",
        instance_arn=centre.arn,
        name=centre.name("answering"),
        description="Agents and supervisors: whoever waits longest, customers of the first tier before others",
        default_outbound_queue_arn=outbound,
        media_concurrencies=_media(TAKES),
        queue_configs=[
            CfnRoutingProfile.RoutingProfileQueueConfigProperty(
                delay=0,
                # All alike: who is served first is said of the contact, by the flow.
                priority=1,
                queue_reference=_Reference(channel=channel, queue_arn=queue.attr_queue_arn),
            )
            for queue in made.values()
            for channel in TAKES
        ],
    )
    watching = CfnRoutingProfile(
        scope,
        "Watching",
        instance_arn=centre.arn,
        name=centre.name("watching"),
        description="Those to whom no contact is routed",
        default_outbound_queue_arn=outbound,
        media_concurrencies=_media({"VOICE": 1}),
    )
    return {True: answering, False: watching}


def _media(takes: Mapping[str, int]) -> list[CfnRoutingProfile.MediaConcurrencyProperty]:
    return [
        CfnRoutingProfile.MediaConcurrencyProperty(channel=channel, concurrency=number)
        for channel, number in takes.items()
    ]
