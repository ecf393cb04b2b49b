"""Lambda functions in a flow.

Source: administrator guide, "Invoke AWS Lambda functions": at most 8 seconds for all attempts together, up to three
retries of an attempt that failed, 32 KB of answer, flat texts for STRING_MAP, silence in the meantime. Each answer
replaces $.External as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from rehearsal.connect.events import Invoked
from rehearsal.connect.ports import LambdaAnswer, LambdaFailed
from rehearsal.connect.run import ADMIN, Block, Failed, Outcome, Run, Success
from rehearsal.connect.state import ContactData, as_text

LONGEST = 8.0
"""Seconds, retries included."""
RETRIES = 3
LARGEST = 32 * 1024
"""Bytes of an answer."""


def event(data: ContactData, parameters: Mapping[str, object]) -> dict[str, object]:
    """What Connect sends to a function."""
    endpoint = "TELEPHONE_NUMBER" if data.channel == "VOICE" else "CONTACT_FLOW"
    queue = {"ARN": data.queue, "Name": data.queue_name, "OutboundCallerId": {"Address": data.system}}
    return {
        "Name": "ContactFlowEvent",
        "Details": {
            "Parameters": dict(parameters),
            "ContactData": {
                "Attributes": dict(data.attributes),
                "Channel": data.channel,
                "ContactId": data.id,
                "CustomerEndpoint": {"Address": data.customer, "Type": endpoint} if data.customer else None,
                "CustomerId": data.customer_id or None,
                "Description": data.description or None,
                "InitialContactId": data.initial or data.id,
                "InitiationMethod": data.initiation,
                "InstanceARN": data.instance,
                "LanguageCode": data.language,
                "MediaStreams": {"Customer": {"Audio": {} if data.streaming else None}},
                "Name": data.name or None,
                "PreviousContactId": data.previous or data.initial or data.id,
                "Queue": queue if data.queue else None,
                "References": dict(data.references),
                "RelatedContactId": data.related.id if data.related else None,
                "SystemEndpoint": {"Address": data.system, "Type": endpoint} if data.system else None,
                "Tags": dict(data.tags),
            },
        },
    }


def _invoked(run: Run) -> Outcome:
    arn = run.text("LambdaFunctionARN")
    if not arn:
        return Failed("NoMatchingError", "no function is named")
    budget = min(run.number("InvocationTimeLimitSeconds", LONGEST), LONGEST)
    parameters = run.filled(run.given("LambdaInvocationAttributes"))
    sent = event(run.data, parameters if isinstance(parameters, Mapping) else {})
    if run.text("InvocationType").upper() == "ASYNCHRONOUS":
        return _sent_off(run, arn, sent, budget)
    spent, attempts, why = 0.0, 0, ""
    answer: LambdaAnswer | None = None
    while answer is None and attempts <= RETRIES and spent < budget:
        attempts += 1
        try:
            answer = run.services.lambdas.invoke(arn, sent, budget - spent)
        except LambdaFailed as failure:
            spent, why = spent + failure.seconds, failure.why
        else:
            spent += answer.seconds
    spent = min(spent, budget)
    if answer is not None and spent < budget:
        kept = _external(answer.payload, strict=run.text("ResponseValidation.ResponseType").upper() != "JSON")
        if not isinstance(kept, str):
            run.data.external = kept
            run.emit(Invoked(arn, True, spent, attempts))
            return Success()
        why = kept
    elif answer is not None:
        why = f"no answer within {budget:g} s"
    run.data.external = {}
    run.emit(Invoked(arn, False, spent, attempts, why))
    return Failed("NoMatchingError", why)


def _sent_off(run: Run, arn: str, sent: Mapping[str, object], budget: float) -> Outcome:
    try:
        run.services.lambdas.invoke(arn, sent, budget)
    except LambdaFailed as failure:
        # Nobody waits for the answer, so its failure is nobody's branch either.
        run.emit(Invoked(arn, True, 0.0, 1, f"asynchronous; it failed: {failure.why}"))
    else:
        run.emit(Invoked(arn, True, 0.0, 1, "asynchronous"))
    return Success()


def _external(payload: object, *, strict: bool) -> Mapping[str, object] | str:
    """What becomes of an answer; a text says why it is refused."""
    if not isinstance(payload, Mapping):
        return "the answer is no JSON object"
    if len(json.dumps(payload, ensure_ascii=False).encode()) > LARGEST:
        return "the answer is larger than 32 KB"
    if not strict:
        return payload
    nested = [key for key, value in payload.items() if isinstance(value, Mapping | list)]
    if nested:
        return f"the answer must be flat for STRING_MAP: {', '.join(nested)}"
    return {key: as_text(value) for key, value in payload.items()}


BLOCKS = (
    Block(
        "InvokeLambdaFunction",
        _invoked,
        "Invokes the function with Connect's event, retries and time limit; the answer is checked and becomes "
        "$.External.",
        f"{ADMIN}connect-lambda-functions.html",
    ),
)
