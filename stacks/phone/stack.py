"""The stack of the telephone."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import CfnOutput
from constructs import Construct

from compiler import Source
from deployment import Environment
from deployment.phone import OpenHours
from stacks.bot import Bot
from stacks.function import Function
from stacks.keys import by_name
from stacks.part import Part
from stacks.phone.analytics import falling_sentiment
from stacks.phone.captures import captures
from stacks.phone.flows import CALLS_BACK, FOLLOWS_UP, INBOUND, arn, contact_flows
from stacks.phone.functions import Asked, associate
from stacks.phone.hours import ALWAYS, holiday_hours, hours
from stacks.phone.instance import centre
from stacks.phone.number import attached, claimed
from stacks.phone.queues import queues, routing_profiles
from stacks.phone.relay import RELAY, Relay
from stacks.phone.security import security_profiles
from stacks.phone.storage import store, vault
from stacks.phone.users import user
from stacks.phone.workspace import disposition, follow_up, screen
from stacks.turns import Behind
from telephony.contact_centre import Places, telephones


class Phone(Part):
    """Everything between a telephone's ring, or a chat's first message, and the functions and Lex."""

    def __init__(
        self, scope: Construct, id: str, *, environment: Environment, behind: Behind, bot: Bot, source: Source
    ) -> None:
        """Make it; its flows say what `source` says, and hand the customer to the bot's alias `live`.

        Raises telephony's FlowsRefused, with every finding, if a flow would not do, and UnknownQueue.
        """
        super().__init__(scope, id, environment=environment)
        phone = environment.phone
        kept = vault(self, environment)
        self.centre = centre(self, environment, kept)
        """The instance."""
        store(self, self.centre.arn, kept)

        number = claimed(self, environment, self.centre, phone.number) if phone.number is not None else None
        number_arn = number.attr_phone_number_arn if number is not None else ""
        words = telephones(source)
        open_ = phone.hours or _told(source)
        when = hours(self, self.centre, open_, phone.holidays)
        days_off = holiday_hours(self, self.centre, open_, phone.holidays)
        waiting = queues(
            self,
            self.centre,
            phone,
            list(words[0].queues),
            hours=when.attr_hours_of_operation_arn,
            number=number_arn or None,
            whisper=arn(CALLS_BACK),
        )
        routing = routing_profiles(self, self.centre, waiting)
        profiles = security_profiles(self, self.centre)
        passwords = by_name(self, "KeyOfPasswords", kept.key)
        for one in phone.users:
            user(self, self.centre, one, key=passwords, profiles=profiles, routing=routing)
        falling_sentiment(self, self.centre)

        sealed = captures(self, environment, self.centre) if phone.capture_certificate else None
        asked = Asked(self, self.centre, behind)
        asked.make(captures=sealed)
        lex = associate(self, "LexAsked", self.centre, "LEX_BOT", bot.live.attr_arn)
        places = Places(
            bot_alias=bot.live.attr_arn,
            functions={name: asked.arn(name) for name in asked.made},
            queues={name: queue.attr_queue_arn for name, queue in waiting.items()},
            views={
                "screen": screen(self, self.centre).attr_view_arn,
                "disposition": disposition(self, self.centre, source).attr_view_arn,
            },
            holidays=days_off.attr_hours_of_operation_arn if days_off is not None else "",
            task_template=follow_up(self, self.centre, arn(FOLLOWS_UP)).attr_arn,
            capture_key=sealed.key_id if sealed is not None else "",
            capture_certificate=sealed.certificate if sealed is not None else "",
        )
        flows = contact_flows(self, self.centre, words, places, first=[lex, *asked.associations])
        relay = Relay(self, self.centre, behind, kept.key, arn(RELAY))
        self.functions: Sequence[Function] = (*asked.made.values(), relay.function)
        """Those that flows ask, and the relay, which others watch. What attaches the number is not among them: it works
        while one deploys, and who deploys hears of its failures."""
        if number is not None:
            inbound = flows[INBOUND].attr_contact_flow_arn
            attached(self, environment, self.centre, behind.trails, number=number_arn, flow=inbound)
            CfnOutput(self, "TelephoneNumber", value=number.attr_address)
        for function in self.functions:
            self.offer(*function.watched)
        CfnOutput(self, "InstanceArn", value=self.centre.arn)
        CfnOutput(self, "InboundFlowArn", value=flows[INBOUND].attr_contact_flow_arn)


def _told(source: Source) -> OpenHours:
    """The hours that the dialogue tells customers; always, if it tells none."""
    told = source.default.bank.hours
    return OpenHours(told.time_zone, told.weekdays, told.saturday, told.sunday) if told is not None else ALWAYS
