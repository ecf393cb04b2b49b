"""Exports of Connect's older flow editor, brought into the flow language.

Such a file holds "modules" with "branches" and a list of named parameters. Block names are the editor's own
(`PlayPrompt`, `GetUserInput`, `SetQueue`). A block without a counterpart keeps its name, so that the interpreter
refuses it by that name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rehearsal.connect.errors import BrokenFlow

Json = dict[str, object]
_NAMESPACES: Final = {
    "User Defined": "$.Attributes.",
    "External": "$.External.",
    "Lex": "$.Lex.",
    "Lex Slots": "$.Lex.Slots.",
    "Lex Attributes": "$.Lex.SessionAttributes.",
    "Media": "$.Media.",
    "Metrics": "$.Metrics.",
}
_SYSTEM: Final = {
    "Channel": "$.Channel",
    "Customer Number": "$.CustomerEndpoint.Address",
    "Dialed Number": "$.SystemEndpoint.Address",
    "Customer callback number": "$.CustomerCallbackNumber",
    "Stored customer input": "$.StoredCustomerInput",
    "Queue name": "$.Queue.Name",
    "Queue ARN": "$.Queue.ARN",
    "Contact id": "$.ContactId",
    "Initial contact id": "$.InitialContactId",
    "Language": "$.LanguageCode",
    "Text to speech voice": "$.TextToSpeechVoiceId",
}
_OPERATORS: Final = {
    "Equals": "Equals",
    "StartsWith": "TextStartsWith",
    "EndsWith": "TextEndsWith",
    "Contains": "TextContains",
    "GreaterThan": "NumberGreaterThan",
    "GT": "NumberGreaterThan",
    "GreaterOrEqualTo": "NumberGreaterOrEqualTo",
    "GTE": "NumberGreaterOrEqualTo",
    "LessThan": "NumberLessThan",
    "LT": "NumberLessThan",
    "LessOrEqualTo": "NumberLessOrEqualTo",
    "LTE": "NumberLessOrEqualTo",
}
_ERRORS: Final = {
    "Error": "NoMatchingError",
    "NoMatch": "NoMatchingCondition",
    "Timeout": "InputTimeLimitExceeded",
    "AtCapacity": "QueueAtCapacity",
    "InvalidNumber": "InvalidPhoneNumber",
    "InvalidPhoneNumber": "InvalidCallbackNumber",
    "NotDialable": "CallbackNumberNotDialable",
    "NonDialableNumber": "CallbackNumberNotDialable",
    "CallFailure": "CallFailed",
}
_RESULTS: Final = {
    "True": "True",
    "False": "False",
    "Looping": "ContinueLooping",
    "Complete": "DoneLooping",
    "MessagesInterrupted": "MessagesInterrupted",
    "Timeout": "MessagesInterrupted",
}
_BY_RESULT: Final = ("CheckHoursOfOperation", "Loop", "LoopPrompts", "CheckStaffing")
_QUEUE_STATUS: Final = {
    "CheckQueueTime": ("OldestContactInQueueAgeSeconds", 1000.0),
    "CheckQueueSize": ("NumberOfContactsInQueue", 1.0),
}
"""What the old queue check measured, and its unit in the metric's own: ages are written in milliseconds."""


class _Module:
    """One module of an export."""

    def __init__(self, entry: Mapping[str, object], flow: str) -> None:
        self.id = str(entry.get("id") or "")
        self.type = str(entry.get("type") or "")
        if not self.id or not self.type:
            raise BrokenFlow(flow, self.id, "a module has no id or no type")
        self.flow = flow
        self.target = str(entry.get("target") or "")
        self.named = [it for it in _list(entry.get("parameters")) if isinstance(it, dict)]
        self.branches = [it for it in _list(entry.get("branches")) if isinstance(it, dict)]

    def value(self, name: str, default: str = "") -> str:
        """The first parameter of that name, a dynamic one as a reference."""
        found = next((it for it in self.named if it.get("name") == name), None)
        return default if found is None else _value(found)

    def keyed(self, name: str) -> dict[str, str]:
        """Parameters that repeat, by their key."""
        return {str(it["key"]): _value(it) for it in self.named if it.get("name") == name and "key" in it}

    def said(self) -> Json:
        """What the block says, or nothing."""
        if "AudioPrompt" in (names := {it.get("name") for it in self.named}):
            return {"PromptId": self.value("AudioPrompt")}
        if "Text" not in names:
            return {}
        return {"SSML" if self.value("TextToSpeechType").lower() == "ssml" else "Text": self.value("Text")}


def is_legacy(document: Mapping[str, object]) -> bool:
    """Whether a file is an export of the older editor."""
    return "modules" in document and "Actions" not in document


def modern(document: Mapping[str, object], flow: str) -> Json:
    """The same flow in the flow language. Raises BrokenFlow for modules that are none."""
    actions: list[Json] = []
    for entry in _list(document.get("modules")):
        if not isinstance(entry, dict):
            raise BrokenFlow(flow, "", "a module must be an object")
        module = _Module(entry, flow)
        known = _TYPES.get(f"{module.type}/{module.target}") or _TYPES.get(module.type)
        block, parameters = known(module) if known else (module.type, {})
        transitions = _transitions(module)
        actions.append({"Identifier": module.id, "Type": block, "Parameters": parameters, "Transitions": transitions})
    metadata = document.get("metadata")
    said = dict(metadata) if isinstance(metadata, dict) else {}
    said.setdefault("type", document.get("type"))
    return {"Version": "2019-10-30", "StartAction": document.get("start"), "Metadata": said, "Actions": actions}


def _transitions(module: _Module) -> Json:
    conditions: list[Json] = []
    errors: list[Json] = []
    found: Json = {"Conditions": conditions, "Errors": errors}
    share = 0.0
    for branch in module.branches:
        condition, to = str(branch.get("condition") or ""), branch.get("transition")
        if not to:
            continue
        if condition == "Success":
            found["NextAction"] = to
        elif module.type == "CheckQueueStatus" and condition in _QUEUE_STATUS:
            operator = str(branch.get("conditionType") or "Equals")
            limit = f"{_number(branch, module) / _QUEUE_STATUS[condition][1]:g}"
            conditions.append(
                {"NextAction": to, "Condition": {"Operator": _OPERATORS.get(operator, operator), "Operands": [limit]}}
            )
        elif module.type == "PercentileBranching" and condition == "Evaluate":
            share += _number(branch, module)
            test = {"Operator": "NumberLessOrEqualTo", "Operands": [f"{share:g}"]}
            conditions.append({"NextAction": to, "Condition": test})
        elif condition == "Evaluate":
            operator = str(branch.get("conditionType") or "Equals")
            test = {"Operator": _OPERATORS.get(operator, operator), "Operands": [str(branch.get("conditionValue", ""))]}
            conditions.append({"NextAction": to, "Condition": test})
        elif module.type in _BY_RESULT and condition in _RESULTS:
            test = {"Operator": "Equals", "Operands": [_RESULTS[condition]]}
            if module.type == "CheckStaffing":
                if condition == "False":
                    errors.append({"NextAction": to, "ErrorType": "NoMatchingCondition"})
                    continue
                test = {"Operator": "NumberGreaterThan", "Operands": ["0"]}
            conditions.append({"NextAction": to, "Condition": test})
        else:
            errors.append({"NextAction": to, "ErrorType": _ERRORS.get(condition, condition)})
    return found


def _number(branch: Mapping[str, object], module: _Module) -> float:
    """What a branch compares with. Raises BrokenFlow."""
    value = str(branch.get("conditionValue"))
    try:
        return float(value)
    except ValueError as bad:
        raise BrokenFlow(module.flow, module.id, f"a branch compares with a number, and {value!r} is none") from bad


def _value(parameter: Mapping[str, object]) -> str:
    # An export for another instance leaves the id out and keeps the resource's name.
    given = parameter.get("value") or parameter.get("resourceName")
    value = "" if given is None else str(given)
    return _reference(str(parameter.get("namespace") or ""), value)


def _reference(namespace: str, value: str) -> str:
    if namespace == "System":
        return _SYSTEM.get(value, f"$.{value}")
    prefix = _NAMESPACES.get(namespace)
    return f"{prefix}{value}" if prefix else value


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


_Known = tuple[str, Json]


def _menu_or_bot(it: _Module) -> _Known:
    if it.target == "Lex":
        bot = {"Name": it.value("BotName"), "Alias": it.value("BotAlias", "$LATEST"), "Region": it.value("BotRegion")}
        return "ConnectParticipantWithLexBot", {
            **it.said(), "LexBot": bot, "LexSessionAttributes": it.keyed("Attribute"),
        }  # fmt: skip
    return "GetParticipantInput", {
        **it.said(), "StoreInput": "False", "InputTimeLimitSeconds": it.value("Timeout", "5"),
    }  # fmt: skip


def _stored(it: _Module) -> _Known:
    limit = it.value("MaxDigits", "20")
    parameters: Json = {
        **it.said(),
        "StoreInput": "True",
        "InputTimeLimitSeconds": it.value("Timeout", "5"),
        "InputValidation": {"CustomValidation": {"MaximumLength": limit}},
    }
    if it.value("CustomerInputType") == "PhoneNumber":
        format = "Local" if it.value("PhoneNumberFormat") == "Local" else "E164"
        country = {"CountryCode": it.value("CountryCode", "US")} if format == "Local" else {}
        parameters["InputValidation"] = {"PhoneNumberValidation": {"NumberFormat": format, **country}}
    if it.value("EncryptEntry").lower() == "true":
        key = {"EncryptionKeyId": it.value("EncryptionKeyId"), "Key": it.value("EncryptionKey")}
        parameters["InputEncryption"] = key
    return "GetParticipantInput", parameters


def _recording(it: _Module) -> _Known:
    who = {"Both": ["Agent", "Customer"], "Agent": ["Agent"], "Customer": ["Customer"]}
    on = it.value("RecordingBehaviorOption") == "Enable"
    recorded = who.get(it.value("RecordingParticipantOption", "Both"), []) if on else []
    return "UpdateContactRecordingBehavior", {"RecordingBehavior": {"RecordedParticipants": recorded}}


def _compared(it: _Module) -> _Known:
    return "Compare", {"ComparisonValue": _reference(it.value("Namespace"), it.value("Attribute"))}


def _lambda(it: _Module) -> _Known:
    attributes = it.keyed("Parameter") | it.keyed("Attribute")
    return "InvokeLambdaFunction", {
        "LambdaFunctionARN": it.value("FunctionArn"),
        "InvocationTimeLimitSeconds": it.value("TimeLimit", "3"),
        "LambdaInvocationAttributes": attributes,
    }


def _streaming(state: str) -> Callable[[_Module], _Known]:
    return lambda _: ("UpdateContactMediaStreamingBehavior", {"MediaStreamingState": state, "MediaStreamType": "Audio"})


def _hook(it: _Module) -> _Known:
    return "UpdateContactEventHooks", {"EventHooks": {it.value("Type"): it.value("ContactFlowId")}}


def _queue(it: _Module) -> _Known:
    return "UpdateContactTargetQueue", {"QueueId": it.value("Queue")} if it.value("Queue") else {
        "AgentId": it.value("Agent")
    }


def _attributes(it: _Module) -> _Known:
    values = it.keyed("Attribute")
    if it.type == "SetScreenPop":
        values = {it.value("key"): it.value("value")}
    return "UpdateContactAttributes", {"Attributes": values, "TargetContact": "Current"}


def _prompts(it: _Module) -> _Known:
    said = [("Text", one) for one in it.named if one.get("name") == "Text"]
    said += [("PromptId", one) for one in it.named if one.get("name") == "AudioPrompt"]
    parameters: Json = {"Messages": [{name: _value(one)} for name, one in said]}
    if it.value("InterruptFrequency"):
        parameters["InterruptFrequencySeconds"] = it.value("InterruptFrequency")
    return "MessageParticipantIteratively", parameters


def _queue_status(it: _Module) -> _Known:
    metrics = {_QUEUE_STATUS[name][0] for one in it.branches if (name := str(one.get("condition"))) in _QUEUE_STATUS}
    if len(metrics) != 1:
        # The flow language measures one thing a block.
        return it.type, {}
    queue = {"QueueId": it.value("Queue")} if it.value("Queue") else {}
    return "CheckMetricData", {"MetricType": metrics.pop(), **queue}


def _plain(block: str, **names: str) -> Callable[[_Module], _Known]:
    def known(it: _Module) -> _Known:
        return block, {name: it.value(old) for name, old in names.items() if it.value(old)}

    return known


def _logging(it: _Module) -> _Known:
    on = it.value("LoggingBehavior") == "Enable"
    return "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled" if on else "Disabled"}


_TYPES: Final[Mapping[str, Callable[[_Module], _Known]]] = {
    "PlayPrompt": lambda it: ("MessageParticipant", it.said()),
    "PlayAudio": lambda it: ("MessageParticipant", it.said()),
    "GetUserInput": _menu_or_bot,
    "GetCustomerInput": _menu_or_bot,
    "StoreUserInput": _stored,
    "StoreCustomerInput": _stored,
    "CheckAttribute": _compared,
    "SetAttributes": _attributes,
    "SetScreenPop": _attributes,
    "SetQueue": _queue,
    "SetRecordingBehavior": _recording,
    "SetLoggingBehavior": _logging,
    "SetEventHook": _hook,
    "SetContactFlow": _hook,
    "SetVoice": _plain("UpdateContactTextToSpeechVoice", TextToSpeechVoice="GlobalVoice"),
    "SetCallBackNumber": _plain("UpdateContactCallbackNumber", CallbackNumber="CallBackNumber"),
    "SetRoutingPriority": _plain("UpdateContactRoutingBehavior", QueuePriority="QueuePriority"),
    "UpdateRoutingPriority": _plain(
        "UpdateContactRoutingBehavior", QueuePriority="AbsolutePosition", QueueTimeAdjustmentSeconds="TimeOffset"
    ),
    "InvokeExternalResource": _lambda,
    "InvokeLambdaFunction": _lambda,
    "CheckHoursOfOperation": _plain("CheckHoursOfOperation", HoursOfOperationId="Hours"),
    "CheckStaffing": lambda _: ("CheckMetricData", {"MetricType": "NumberOfAgentsAvailable"}),
    "CheckQueueStatus": _queue_status,
    "GetQueueMetrics": _plain("GetMetricData", QueueId="Queue"),
    "Loop": _plain("Loop", LoopCount="LoopCount"),
    "LoopPrompts": _prompts,
    "Transfer/Queue": lambda _: ("TransferContactToQueue", {}),
    "Transfer/Flow": _plain("TransferToFlow", ContactFlowId="ContactFlowId"),
    "Transfer/PhoneNumber": _plain("TransferParticipantToThirdParty", ThirdPartyPhoneNumber="PhoneNumber"),
    "TransferToFlow": _plain("TransferToFlow", ContactFlowId="ContactFlowId"),
    "CustomerInQueue": lambda _: ("TransferContactToQueue", {}),
    "CreateCallback": _plain(
        "CreateCallbackContact",
        QueueId="Queue",
        InitialCallDelaySeconds="InitialDelaySeconds",
        RetryDelaySeconds="RetryDelaySeconds",
        MaximumConnectionAttempts="MaxRetryAttempts",
    ),
    "PercentileBranching": lambda _: ("DistributeByPercentage", {}),
    "RandomNumber": lambda _: ("DistributeByPercentage", {}),
    "DistributeByPercentage": lambda _: ("DistributeByPercentage", {}),
    "StartMediaStreaming": _streaming("Enabled"),
    "StopMediaStreaming": _streaming("Disabled"),
    "Wait": _plain("Wait", TimeLimitSeconds="Timeout"),
    "Disconnect": lambda _: ("DisconnectParticipant", {}),
    "Resume": lambda _: ("EndFlowExecution", {}),
    "EndFlow": lambda _: ("EndFlowExecution", {}),
}
