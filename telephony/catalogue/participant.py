"""Blocks that a participant hears, sees or answers.

What the pages leave open: whether Connect refuses a MessageParticipant without an error branch (we always write one).
TransferParticipantToThirdParty has no page in the list of 2026; its form comes from flows exported by the service.
"""

from __future__ import annotations

from dataclasses import replace

from telephony.catalogue import GUIDE
from telephony.grammar import (
    CHAT,
    HOLDS,
    INBOUND,
    QUEUES,
    TALK,
    TRANSFERS,
    VOICE,
    WHISPERS,
    BlockSpec,
    Conditions,
    ConditionStyle,
    ErrorType,
    ParameterRule,
    ValueKind,
)

_TRUTH = ("True", "False")
_MEDIA = ParameterRule(
    "Media",
    ValueKind.OBJECT,
    fields=(
        ParameterRule("Uri", required=True),
        ParameterRule("SourceType", ValueKind.CHOICE, required=True, choices=("S3",)),
        ParameterRule("MediaType", ValueKind.CHOICE, required=True, choices=("Audio",)),
    ),
)
_SAID = (
    ParameterRule("Text", ValueKind.SPOKEN),
    ParameterRule("SSML", ValueKind.SSML),
    ParameterRule("PromptId"),
    _MEDIA,
)
_ONE_SAID = ("Text", "SSML", "PromptId", "Media")
_INPUT = (
    *_SAID,
    ParameterRule("InputTimeLimitSeconds", ValueKind.WHOLE, required=True, least=1, most=180),
    ParameterRule("StoreInput", ValueKind.CHOICE, required=True, choices=_TRUTH, dynamic=False),
)
_KEYS = ParameterRule(
    "DTMFConfiguration",
    ValueKind.OBJECT,
    fields=(
        ParameterRule("InputTerminationSequence"),
        ParameterRule("DisableCancelKey", ValueKind.CHOICE, choices=_TRUTH),
        ParameterRule("InterdigitTimeLimitSeconds", ValueKind.WHOLE, least=1, most=20),
    ),
)
_VALIDATION = ParameterRule(
    "InputValidation",
    ValueKind.OBJECT,
    required=True,
    one_of=(("CustomValidation", "PhoneNumberValidation"),),
    fields=(
        ParameterRule(
            "CustomValidation",
            ValueKind.OBJECT,
            fields=(ParameterRule("MaximumLength", ValueKind.WHOLE, required=True, least=1, most=100),),
        ),
        ParameterRule(
            "PhoneNumberValidation",
            ValueKind.OBJECT,
            fields=(
                ParameterRule("NumberFormat", ValueKind.CHOICE, required=True, choices=("Local", "E164")),
                ParameterRule("CountryCode"),
            ),
        ),
    ),
)
_ENCRYPTION = ParameterRule(
    "InputEncryption",
    ValueKind.OBJECT,
    fields=(ParameterRule("EncryptionKeyId", required=True), ParameterRule("Key", required=True)),
)
_INPUT_PAGE = GUIDE + "participant-actions-getparticipantinput.html"
_NO_MATCH = (ErrorType.NO_MATCHING_ERROR,)
STORED_INPUT = BlockSpec(
    "GetParticipantInput",
    "Store customer input",
    _INPUT_PAGE,
    parameters=(*_INPUT, _VALIDATION, _ENCRYPTION, _KEYS),
    one_of=(_ONE_SAID,),
    errors=_NO_MATCH,
    more_errors=(ErrorType.INVALID_PHONE_NUMBER,),
    waits=True,
    channels=VOICE,
    flow_types=INBOUND | TRANSFERS | QUEUES,
)
"""GetParticipantInput with StoreInput "True": digits become `$.StoredCustomerInput`, a time-out the word Timeout."""
PARTICIPANT = (
    BlockSpec(
        "MessageParticipant",
        "Play prompt",
        GUIDE + "participant-actions-messageparticipant.html",
        parameters=_SAID,
        one_of=(_ONE_SAID,),
        errors=_NO_MATCH,
        channels=TALK,
        flow_types=INBOUND | TRANSFERS | QUEUES | WHISPERS,
    ),
    BlockSpec(
        "MessageParticipantIteratively",
        "Loop prompts",
        GUIDE + "participant-actions-messageparticipantiteratively.html",
        parameters=(
            ParameterRule(
                "Messages", ValueKind.OBJECTS, required=True, least=1, fields=_SAID, one_of=(_ONE_SAID,), dynamic=False
            ),
            ParameterRule("InterruptFrequencySeconds", ValueKind.WHOLE, least=1),
        ),
        conditions=Conditions(ConditionStyle.EQUALS, ("MessagesInterrupted",)),
        errors=_NO_MATCH,
        waits=True,
        channels=VOICE,
        flow_types=QUEUES | HOLDS,
    ),
    replace(
        STORED_INPUT,
        title="Get customer input",
        parameters=(*_INPUT, _KEYS),
        conditions=Conditions(ConditionStyle.EQUALS, tuple("0123456789*#"), required=True),
        errors=(ErrorType.INPUT_TIME_LIMIT_EXCEEDED, ErrorType.NO_MATCHING_CONDITION, ErrorType.NO_MATCHING_ERROR),
        more_errors=(),
        variants=(("StoreInput", "True", STORED_INPUT),),
    ),
    BlockSpec(
        "ConnectParticipantWithLexBot",
        "Get customer input (Lex)",
        GUIDE + "participant-actions-connectparticipantwithlexbot.html",
        parameters=(
            *_SAID,
            ParameterRule("LexV2Bot", ValueKind.OBJECT, fields=(ParameterRule("AliasArn", required=True),)),
            ParameterRule(
                "LexBot",
                ValueKind.OBJECT,
                fields=tuple(ParameterRule(name, required=True) for name in ("Name", "Region", "Alias")),
            ),
            ParameterRule("LexSessionAttributes", ValueKind.MAP),
            ParameterRule("LexInitializationData", ValueKind.OBJECT, fields=(ParameterRule("InitialMessage"),)),
            ParameterRule(
                "LexTimeoutSeconds",
                ValueKind.OBJECT,
                fields=(ParameterRule("Text", ValueKind.WHOLE, least=1, most=604_800),),
            ),
        ),
        one_of=(("LexV2Bot", "LexBot"),),
        at_most_one=((*_ONE_SAID, "LexInitializationData"),),
        conditions=Conditions(ConditionStyle.EQUALS),
        errors=_NO_MATCH,
        more_errors=(ErrorType.NO_MATCHING_CONDITION, ErrorType.INPUT_TIME_LIMIT_EXCEEDED),
        waits=True,
        channels=TALK,
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    BlockSpec(
        "ShowView",
        "Show view",
        GUIDE + "participant-actions-showview.html",
        parameters=(
            ParameterRule(
                "ViewResource",
                ValueKind.OBJECT,
                required=True,
                fields=(ParameterRule("Id", required=True), ParameterRule("Version")),
            ),
            ParameterRule("InvocationTimeLimitSeconds", ValueKind.WHOLE, required=True, least=1, most=604_800),
            ParameterRule("ViewData", ValueKind.MAP),
            ParameterRule(
                "SensitiveDataConfiguration",
                ValueKind.OBJECT,
                fields=(ParameterRule("HideResponseOn", ValueKind.CHOICES, choices=("TRANSCRIPT",)),),
            ),
        ),
        conditions=Conditions(ConditionStyle.EQUALS),
        errors=(ErrorType.NO_MATCHING_CONDITION, ErrorType.NO_MATCHING_ERROR, ErrorType.TIME_LIMIT_EXCEEDED),
        waits=True,
        channels=CHAT,
        flow_types=INBOUND | QUEUES,
    ),
    BlockSpec(
        "TransferParticipantToThirdParty",
        "Transfer to phone number",
        "https://docs.aws.amazon.com/connect/latest/adminguide/transfer-to-phone-number.html",
        parameters=(
            ParameterRule("ThirdPartyPhoneNumber", required=True),
            ParameterRule("ThirdPartyConnectionTimeLimitSeconds", ValueKind.WHOLE, required=True, least=1, most=600),
            ParameterRule("ContinueFlowExecution", ValueKind.CHOICE, required=True, choices=_TRUTH),
            ParameterRule("ThirdPartyDTMFDigits"),
            ParameterRule("CallerId", ValueKind.OBJECT, fields=(ParameterRule("Name"), ParameterRule("Number"))),
        ),
        errors=_NO_MATCH,
        more_errors=(ErrorType.CALL_FAILED, ErrorType.CONNECTION_TIME_LIMIT_EXCEEDED),
        channels=VOICE,
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    BlockSpec(
        "DisconnectParticipant",
        "Disconnect / hang up",
        GUIDE + "participant-actions-disconnectparticipant.html",
        next=False,
        terminal=True,
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
)
