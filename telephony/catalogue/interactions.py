"""Blocks that call other systems: functions, customer profiles, callbacks.

What customer profiles are asked for and answer are only known here to be objects; the names of their errors are
those of the pages' text, and no exported flow was at hand to confirm them.
"""

from __future__ import annotations

from telephony.catalogue import GUIDE
from telephony.grammar import (
    INBOUND,
    QUEUES,
    TRANSFERS,
    VOICE,
    BlockSpec,
    ErrorType,
    ParameterRule,
    ValueKind,
)

_NO_MATCH = (ErrorType.NO_MATCHING_ERROR,)
_THREE_DAYS = 259_200
_PROFILE = ParameterRule("ProfileRequestData", ValueKind.MAP)
_ANSWER = ParameterRule("ProfileResponseData", ValueKind.MAP)
INTERACTIONS = (
    BlockSpec(
        "AssociateContactToCustomerProfile",
        "Customer profiles (associate contact)",
        GUIDE + "interactions-associatecontacttocustomerprofile.html",
        parameters=(_PROFILE,),
        errors=_NO_MATCH,
    ),
    BlockSpec(
        "CreateCallbackContact",
        "Transfer to queue (callback)",
        GUIDE + "interactions-createcallbackcontact.html",
        parameters=(
            ParameterRule("QueueId"),
            ParameterRule("AgentId"),
            *(
                ParameterRule(name, ValueKind.WHOLE, required=True, least=1, most=most, dynamic=False)
                for name, most in (
                    ("InitialCallDelaySeconds", _THREE_DAYS),
                    ("MaximumConnectionAttempts", None),
                    ("RetryDelaySeconds", _THREE_DAYS),
                )
            ),
            ParameterRule("ContactFlowId"),
            ParameterRule("CallerId", ValueKind.MAP),
        ),
        at_most_one=(("QueueId", "AgentId"),),
        errors=_NO_MATCH,
        channels=VOICE,
        flow_types=INBOUND | TRANSFERS | QUEUES,
    ),
    BlockSpec(
        "CreateCustomerProfile",
        "Customer profiles (create)",
        GUIDE + "interactions-createcustomerprofile.html",
        parameters=(_PROFILE, _ANSWER),
        errors=_NO_MATCH,
    ),
    BlockSpec(
        "GetCalculatedAttributesForCustomerProfile",
        "Customer profiles (calculated attributes)",
        GUIDE + "interactions-getcalculatedattributesforcustomerprofile.html",
        parameters=(_PROFILE, _ANSWER),
        errors=_NO_MATCH,
        more_errors=(ErrorType.NONE_FOUND,),
    ),
    BlockSpec(
        "GetCustomerProfile",
        "Customer profiles (get)",
        GUIDE + "interactions-getcustomerprofile.html",
        parameters=(_PROFILE, _ANSWER),
        errors=_NO_MATCH,
        more_errors=(ErrorType.NONE_FOUND, ErrorType.MULTIPLE_FOUND),
    ),
    BlockSpec(
        "GetCustomerProfileObject",
        "Customer profiles (get object)",
        GUIDE + "interactions-getcustomerprofileobject.html",
        parameters=(_PROFILE, _ANSWER),
        errors=_NO_MATCH,
        more_errors=(ErrorType.NONE_FOUND,),
    ),
    BlockSpec(
        "InvokeLambdaFunction",
        "AWS Lambda function",
        GUIDE + "interactions-invokelambdafunction.html",
        parameters=(
            ParameterRule("LambdaFunctionARN", required=True),
            ParameterRule("InvocationTimeLimitSeconds", ValueKind.WHOLE, required=True, least=1, most=8),
            ParameterRule("InvocationType", ValueKind.CHOICE, choices=("SYNCHRONOUS", "ASYNCHRONOUS")),
            ParameterRule("LambdaInvocationAttributes", ValueKind.MAP),
            ParameterRule(
                "ResponseValidation",
                ValueKind.OBJECT,
                fields=(
                    ParameterRule("ResponseType", ValueKind.CHOICE, required=True, choices=("STRING_MAP", "JSON")),
                ),
            ),
        ),
        errors=_NO_MATCH,
    ),
    BlockSpec(
        "UpdateCustomerProfile",
        "Customer profiles (update)",
        GUIDE + "interactions-updatecustomerprofile.html",
        parameters=(_PROFILE, _ANSWER),
        errors=_NO_MATCH,
    ),
)
