"""Blocks that change the contact: its attributes, queue, voice, recording, hooks, and where it goes.

What the pages leave open: the accepted shapes of Cases' fields, of contact references and of the MediaProcessing
object are only known to be objects. TagContact's page lists no error; the service wants NoMatchingError.
UnTagContact is also read as UntagContact in flows found in the open; both are here.
"""

from __future__ import annotations

from dataclasses import replace

from telephony.catalogue import GUIDE
from telephony.catalogue.recording import CHAT_BEHAVIOR, LEGACY, SCREEN_BEHAVIOR, VOICE_BEHAVIOR
from telephony.grammar import (
    CHAT,
    INBOUND,
    PRESENT,
    QUEUES,
    TALK,
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
_CONTACT = ParameterRule("TargetContact", ValueKind.CHOICE, choices=("Current", "Related"))
_QUEUE = (ParameterRule("QueueId"), ParameterRule("AgentId"))
_CASE = (
    ParameterRule("LinkContactToCase"),
    ParameterRule("CaseRequestFields", ValueKind.MAP),
    ParameterRule("CaseResponseFields", ValueKind.MAP),
)
_ENGINES = tuple(
    name for engine in ("standard", "neural", "long-form", "generative") for name in (engine, engine.capitalize())
)
"""Exports write them with a capital; flows found in the open have both."""
_HOOKS = (
    "AgentHold",
    "AgentWhisper",
    "CustomerHold",
    "CustomerQueue",
    "CustomerRemaining",
    "CustomerWhisper",
    "DefaultAgentUI",
    "DisconnectAgentUI",
    "PauseContact",
    "ResumeContact",
)
_RECORDING = BlockSpec(
    "UpdateContactRecordingAndAnalyticsBehavior",
    "Set recording, analytics and processing behavior",
    GUIDE + "contact-actions-updatecontactrecordingandanalyticsbehavior.html",
    parameters=(VOICE_BEHAVIOR, CHAT_BEHAVIOR, SCREEN_BEHAVIOR),
    at_most_one=(("VoiceBehavior", "ChatBehavior"),),
    errors=(ErrorType.NO_MATCHING_ERROR, ErrorType.CHANNEL_MISMATCH),
)
_UNTAG = BlockSpec(
    "UnTagContact",
    "Contact tags (remove)",
    GUIDE + "contact-actions-untagcontact.html",
    parameters=(ParameterRule("TagKeys", ValueKind.TEXTS, required=True, least=1),),
    errors=_NO_MATCH,
)


def _plain(type_: str, title: str, page: str, *parameters: ParameterRule) -> BlockSpec:
    return BlockSpec(type_, title, f"{GUIDE}{page}.html", parameters=parameters, errors=_NO_MATCH)


CONTACT = (
    _plain("CompleteOutboundCall", "Complete outbound call", "contact-actions-completeoutboundcall"),
    replace(
        _plain("CreateCase", "Cases (create)", "createcase", ParameterRule("CaseTemplateId", required=True), *_CASE),
        more_errors=(ErrorType.CONTACT_NOT_LINKED,),
    ),
    replace(
        _plain("GetCase", "Cases (get)", "getcase", *_CASE, ParameterRule("GetLastUpdatedCase")),
        more_errors=(ErrorType.CONTACT_NOT_LINKED, ErrorType.NO_CASE_FOUND, ErrorType.SEVERAL_CASES_FOUND),
    ),
    _plain("UpdateCase", "Cases (update)", "updatecase", ParameterRule("CaseId"), *_CASE),
    replace(
        _plain(
            "CreateTask",
            "Create task",
            "createtask",
            ParameterRule("ContactFlowId"),
            ParameterRule("TaskTemplateId", dynamic=False),
            ParameterRule("Name", required=True),
            ParameterRule("Description"),
            ParameterRule("Attributes", ValueKind.MAP),
            ParameterRule("References", ValueKind.MAP),
            ParameterRule("DelaySeconds", ValueKind.WHOLE, least=1, most=518_400),
            ParameterRule("ScheduledTime"),
        ),
        at_most_one=(("DelaySeconds", "ScheduledTime"),),
    ),
    _plain(
        "CreateWisdomSession",
        "Connect assistant",
        "createwisdomsession",
        ParameterRule("WisdomAssistantArn", required=True),
    ),
    replace(
        _plain(
            "DequeueContactAndTransferToQueue",
            "Transfer to queue (from a queue)",
            "contact-actions-dequeuecontactandtransfertoqueue",
            *_QUEUE,
        ),
        errors=(ErrorType.QUEUE_AT_CAPACITY, ErrorType.NO_MATCHING_ERROR),
        one_of=(("QueueId", "AgentId"),),
        hands_over=True,
        flow_types=QUEUES,
    ),
    BlockSpec("EndFlowModuleExecution", "Return", GUIDE + "endflowmoduleexecution.html", next=False, terminal=True),
    replace(
        _plain(
            "InvokeFlowModule",
            "Invoke module",
            "flow-language-actions-invoke-flow-module",
            ParameterRule("FlowModuleId", required=True),
        ),
        conditions=Conditions(ConditionStyle.EQUALS),
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    _plain("ResumeContact", "Resume contact", "resumecontact"),
    replace(
        _plain(
            "StartOutboundChatContact",
            "Send message",
            "contact-actions-startoutboundchatcontact",
            ParameterRule("SourceEndpoint", ValueKind.MAP, required=True),
            ParameterRule("DestinationEndpoint", ValueKind.MAP, required=True),
            ParameterRule("ContactFlowArn", required=True),
            ParameterRule("ContactSubtype", required=True),
            ParameterRule("InitialSystemMessage", ValueKind.MAP),
            ParameterRule("Attributes", ValueKind.MAP),
            ParameterRule("RelatedContactId"),
        ),
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    _plain(
        "TagContact",
        "Contact tags (add)",
        "contact-actions-tagcontact",
        ParameterRule("Tags", ValueKind.MAP, required=True, least=1, most=6),
    ),
    _UNTAG,
    replace(_UNTAG, type="UntagContact"),
    replace(
        _plain("TransferContactToAgent", "Transfer to agent", "contact-actions-transfercontacttoagent"),
        hands_over=True,
        channels=VOICE,
        flow_types=frozenset({FlowType.AGENT_TRANSFER}),
    ),
    replace(
        _plain("TransferContactToQueue", "Transfer to queue", "contact-actions-transfercontacttoqueue"),
        errors=(ErrorType.QUEUE_AT_CAPACITY, ErrorType.NO_MATCHING_ERROR),
        hands_over=True,
        flow_types=INBOUND | TRANSFERS,
    ),
    _plain(
        "UpdateContactAttributes",
        "Set contact attributes",
        "contact-actions-updatecontactattributes",
        ParameterRule("Attributes", ValueKind.MAP, required=True, least=1),
        _CONTACT,
    ),
    replace(
        _plain(
            "UpdateContactCallbackNumber",
            "Set callback number",
            "contact-actions-updatecontactcallbacknumber",
            ParameterRule("CallbackNumber", ValueKind.PATH, required=True),
        ),
        errors=(ErrorType.INVALID_CALLBACK_NUMBER, ErrorType.CALLBACK_NUMBER_NOT_DIALABLE),
        channels=VOICE,
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    _plain(
        "UpdateContactData",
        "Set contact data",
        "contact-actions-updatecontactdata",
        *(ParameterRule(name) for name in ("Name", "Description", "LanguageCode", "CustomerId")),
        ParameterRule("References", ValueKind.MAP),
        _CONTACT,
        *(
            ParameterRule(name)
            for name in (
                "IsVoiceIdStreamingEnabled",
                "IsVoiceAuthenticationEnabled",
                "IsFraudDetectionEnabled",
                "VoiceAuthenticationThreshold",
                "VoiceAuthenticationResponseTime",
                "FraudDetectionThreshold",
                "WatchlistId",
                "WisdomSessionArn",
            )
        ),
    ),
    _plain(
        "UpdateContactEventHooks",
        "Set event flow, hold flow, whisper flow, customer queue flow, disconnect flow",
        "contact-actions-updatecontacteventhooks",
        ParameterRule("EventHooks", ValueKind.MAP, required=True, choices=_HOOKS, least=1, most=1),
    ),
    _plain(
        "UpdateContactMediaProcessing",
        "Set message processing",
        "contact-actions-updatecontactmediaprocessing",
        ParameterRule("ChatProcessor", ValueKind.MAP),
    ),
    replace(
        _plain(
            "UpdateContactMediaStreamingBehavior",
            "Start or stop media streaming",
            "contact-actions-updatecontactmediastreamingbehavior",
            ParameterRule("MediaStreamingState", ValueKind.CHOICE, required=True, choices=("Enabled", "Disabled")),
            ParameterRule(
                "Participants",
                ValueKind.OBJECTS,
                required=True,
                fields=(
                    ParameterRule("ParticipantType", required=True),
                    ParameterRule("MediaDirections", ValueKind.CHOICES, required=True, choices=("To", "From")),
                ),
            ),
            ParameterRule("MediaStreamType", ValueKind.CHOICE, choices=("Audio",)),
        ),
        channels=VOICE,
    ),
    replace(
        _RECORDING,
        variants=(
            (
                "ChatBehavior",
                PRESENT,
                replace(_RECORDING, errors=(*_RECORDING.errors, ErrorType.IN_FLIGHT_REDACTION_FAILED), channels=CHAT),
            ),
            ("VoiceBehavior", PRESENT, replace(_RECORDING, channels=VOICE)),
        ),
    ),
    BlockSpec(
        "UpdateContactRecordingBehavior",
        "Set recording and analytics behavior (replaced)",
        GUIDE + "contact-actions-updatecontactrecordingbehavior.html",
        parameters=LEGACY,
        channels=TALK | {Channel.TASK},
    ),
    BlockSpec(
        "UpdateContactRoutingBehavior",
        "Change routing priority / age",
        GUIDE + "contact-actions-updatecontactroutingbehavior.html",
        parameters=(
            ParameterRule("QueuePriority", ValueKind.WHOLE, least=1),
            ParameterRule("QueueTimeAdjustmentSeconds", ValueKind.WHOLE),
        ),
        one_of=(("QueuePriority", "QueueTimeAdjustmentSeconds"),),
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    replace(
        _plain("UpdateContactTargetQueue", "Set working queue", "contact-actions-updatecontacttargetqueue", *_QUEUE),
        one_of=(("QueueId", "AgentId"),),
        flow_types=INBOUND | TRANSFERS,
    ),
    _plain(
        "UpdateContactTextToSpeechVoice",
        "Set voice",
        "contact-actions-updatecontacttexttospeechvoice",
        ParameterRule("TextToSpeechVoice", required=True),
        ParameterRule("TextToSpeechEngine", ValueKind.CHOICE, choices=_ENGINES),
        ParameterRule("TextToSpeechStyle"),
    ),
    replace(
        _plain(
            "UpdatePreviousContactParticipantState",
            "Hold customer or agent",
            "contact-actions-updatepreviouscontactparticipantstate",
            ParameterRule(
                "PreviousContactParticipantState",
                ValueKind.CHOICE,
                required=True,
                choices=("AgentOnHold", "CustomerOnHold", "OffHold"),
            ),
        ),
        channels=VOICE,
        flow_types=INBOUND | TRANSFERS,
    ),
)
