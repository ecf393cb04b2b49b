"""Blocks that only choose the path.

The time limit of Wait is called `TimeoutSeconds` on its page and `TimeLimitSeconds` in flows that the service itself
exports; either is accepted. The page of Loop lists no error; exports carry NoMatchingError, so it may be there.
The values of CheckOutboundCallStatus are those of the block's page in the administrator guide.
"""

from __future__ import annotations

from dataclasses import replace

from telephony.catalogue import GUIDE
from telephony.grammar import (
    CHAT,
    INBOUND,
    QUEUES,
    TRANSFERS,
    VOICE,
    BlockSpec,
    Channel,
    Conditions,
    ConditionStyle,
    ErrorType,
    FlowType,
    ParameterRule,
    ValueKind,
)

_NO_MATCH = (ErrorType.NO_MATCHING_ERROR,)
_QUEUE = (ParameterRule("QueueId"), ParameterRule("AgentId"))
_STAFFING = BlockSpec(
    "CheckMetricData",
    "Check staffing",
    GUIDE + "flow-control-actions-checkmetricdata.html",
    parameters=(
        ParameterRule(
            "MetricType",
            ValueKind.CHOICE,
            required=True,
            choices=(
                "NumberOfAgentsAvailable",
                "NumberOfAgentsStaffed",
                "NumberOfAgentsOnline",
                "OldestContactInQueueAgeSeconds",
                "NumberOfContactsInQueue",
            ),
            dynamic=False,
        ),
        *_QUEUE,
    ),
    at_most_one=(("QueueId", "AgentId"),),
    conditions=Conditions(ConditionStyle.NUMBERS, required=True),
    errors=_NO_MATCH,
    more_errors=(ErrorType.NO_MATCHING_CONDITION,),
)
_QUEUE_LOAD = replace(
    _STAFFING, title="Check queue status", errors=(ErrorType.NO_MATCHING_CONDITION, ErrorType.NO_MATCHING_ERROR)
)
_CALL_STATUS = (
    "CallAnswered",
    "VoicemailBeep",
    "VoicemailNoBeep",
    "NotDetected",
)
CONTROL = (
    BlockSpec(
        "CheckHoursOfOperation",
        "Check hours of operation",
        GUIDE + "flow-control-actions-checkhoursofoperation.html",
        parameters=(ParameterRule("HoursOfOperationId"),),
        conditions=Conditions(ConditionStyle.FIXED, ("True", "False"), required=True),
        errors=_NO_MATCH,
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    replace(
        _STAFFING,
        variants=(
            ("MetricType", "OldestContactInQueueAgeSeconds", _QUEUE_LOAD),
            ("MetricType", "NumberOfContactsInQueue", _QUEUE_LOAD),
        ),
    ),
    BlockSpec(
        "CheckOutboundCallStatus",
        "Check call progress",
        GUIDE + "flow-control-actions-checkoutboundcallstatus.html",
        conditions=Conditions(ConditionStyle.EQUALS, _CALL_STATUS),
        errors=_NO_MATCH,
        more_errors=(ErrorType.NO_MATCHING_CONDITION,),
        channels=VOICE,
        flow_types=INBOUND | TRANSFERS | QUEUES | {FlowType.OUTBOUND_WHISPER, FlowType.CAMPAIGN},
    ),
    BlockSpec(
        "CheckVoiceId",
        "Check Voice ID",
        GUIDE + "flow-control-actions-checkvoiceid.html",
        parameters=(ParameterRule("CheckVoiceIdOption", required=True),),
        conditions=Conditions(ConditionStyle.EQUALS),
        errors=_NO_MATCH,
        channels=VOICE,
        ended="Voice ID ended on 2026-05-20.",
    ),
    BlockSpec(
        "Compare",
        "Check contact attributes",
        GUIDE + "flow-control-actions-compare.html",
        parameters=(ParameterRule("ComparisonValue", ValueKind.PATH, required=True),),
        conditions=Conditions(ConditionStyle.ANY, required=True),
        errors=(ErrorType.NO_MATCHING_CONDITION,),
    ),
    BlockSpec(
        "DistributeByPercentage",
        "Distribute by percentage",
        GUIDE + "flow-control-actions-distributebypercentage.html",
        conditions=Conditions(ConditionStyle.NUMBERS, required=True),
        errors=(ErrorType.NO_MATCHING_CONDITION,),
    ),
    BlockSpec(
        "EndFlowExecution",
        "End flow / Resume",
        GUIDE + "flow-control-actions-endflowexecution.html",
        next=False,
        terminal=True,
    ),
    BlockSpec(
        "GetMetricData",
        "Get metrics",
        GUIDE + "flow-control-actions-getmetricdata.html",
        parameters=(*_QUEUE, ParameterRule("QueueChannel", ValueKind.CHOICE, choices=("Voice", "Chat"))),
        at_most_one=(("QueueId", "AgentId"),),
        errors=_NO_MATCH,
    ),
    BlockSpec(
        "Loop",
        "Loop",
        GUIDE + "flow-control-actions-loop.html",
        parameters=(ParameterRule("LoopCount", ValueKind.WHOLE, required=True, least=0, most=100),),
        conditions=Conditions(ConditionStyle.FIXED, ("ContinueLooping", "DoneLooping"), required=True),
        more_errors=_NO_MATCH,
    ),
    BlockSpec(
        "StartVoiceIdStream",
        "Set Voice ID",
        GUIDE + "flow-control-actions-startvoiceidstream.html",
        parameters=(ParameterRule("StreamStatus"),),
        errors=_NO_MATCH,
        channels=VOICE,
        ended="Voice ID ended on 2026-05-20.",
    ),
    BlockSpec(
        "TransferToFlow",
        "Transfer to flow",
        GUIDE + "flow-control-actions-transfertoflow.html",
        parameters=(ParameterRule("ContactFlowId", required=True),),
        errors=_NO_MATCH,
        hands_over=True,
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    BlockSpec(
        "UpdateFlowAttributes",
        "Set flow attributes",
        GUIDE + "flow-control-actions-updateflowattributes.html",
        parameters=(ParameterRule("FlowAttributes", ValueKind.MAP, required=True, least=1),),
        errors=_NO_MATCH,
    ),
    BlockSpec(
        "UpdateFlowLoggingBehavior",
        "Set logging behavior",
        GUIDE + "flow-control-actions-updateflowloggingbehavior.html",
        parameters=(
            ParameterRule(
                "FlowLoggingBehavior",
                ValueKind.CHOICE,
                required=True,
                choices=("Enabled", "Disabled"),
                dynamic=False,
            ),
        ),
    ),
    BlockSpec(
        "UpdateRoutingCriteria",
        "Set routing criteria",
        GUIDE + "flow-control-actions-updateroutingcriteria.html",
        parameters=(ParameterRule("RoutingCriteria", ValueKind.MAP, required=True),),
        errors=_NO_MATCH,
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    BlockSpec(
        "Wait",
        "Wait",
        GUIDE + "flow-control-actions-wait.html",
        parameters=(
            ParameterRule("TimeLimitSeconds", ValueKind.WHOLE, least=1, most=604_800),
            ParameterRule("TimeoutSeconds", ValueKind.WHOLE, least=1, most=604_800),
            ParameterRule(
                "Events",
                ValueKind.CHOICES,
                choices=("CustomerReturned", "BotParticipantDisconnected"),
                dynamic=False,
            ),
        ),
        one_of=(("TimeLimitSeconds", "TimeoutSeconds"),),
        conditions=Conditions(
            ConditionStyle.EQUALS, ("WaitCompleted", "CustomerReturned", "BotParticipantDisconnected"), required=True
        ),
        errors=_NO_MATCH,
        more_errors=(ErrorType.PARTICIPANT_NOT_FOUND,),
        waits=True,
        channels=CHAT | {Channel.TASK, Channel.EMAIL, Channel.VOICE},
        flow_types=INBOUND | QUEUES,
    ),
)
