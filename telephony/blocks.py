"""One constructor for each block that our flows use, called as in Connect's editor.

Numbers are written as texts, as the editor exports them. Words that begin with `<speak>` go out as SSML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from telephony.flow import Block, Json

SSML = "<speak>"


def _said(words: str) -> dict[str, Json]:
    return {"SSML": words} if words.startswith(SSML) else {"Text": words}


def play_prompt(words: str) -> Block:
    """Say or show something. Nothing interrupts it, so it is right for what went wrong."""
    return Block("MessageParticipant", _said(words))


def loop_prompts(messages: Sequence[str], *, seconds: int, music: str = "") -> Block:
    """Say these in turn, then the music (a prompt's ARN), again and again; leave as MessagesInterrupted after that."""
    spoken: list[Json] = [_said(words) for words in messages]
    if music:
        spoken.append({"PromptId": music})
    return Block("MessageParticipantIteratively", {"Messages": spoken, "InterruptFrequencySeconds": str(seconds)})


def wait(seconds: int) -> Block:
    """Let time pass in a chat or a task; leave as WaitCompleted."""
    return Block("Wait", {"TimeLimitSeconds": str(seconds)})


def get_customer_input(words: str, *, seconds: int = 8) -> Block:
    """Ask for one key. The words are interrupted by it."""
    return Block("GetParticipantInput", {**_said(words), "InputTimeLimitSeconds": str(seconds), "StoreInput": "False"})


def store_customer_input(
    words: str, *, longest: int, key_id: str, certificate: str, seconds: int = 15, between: int = 6
) -> Block:
    """Ask for digits that are encrypted as they are keyed; the hash key ends them, the star key starts them anew.

    `key_id` and `certificate` (X.509, PEM) are those of the instance's security key.
    """
    return Block(
        "GetParticipantInput",
        {
            **_said(words),
            "InputTimeLimitSeconds": str(seconds),
            "StoreInput": "True",
            "InputValidation": {"CustomValidation": {"MaximumLength": str(longest)}},
            "InputEncryption": {"EncryptionKeyId": key_id, "Key": certificate},
            "DTMFConfiguration": {
                "InputTerminationSequence": "#",
                "DisableCancelKey": "False",
                "InterdigitTimeLimitSeconds": str(between),
            },
        },
    )


def store_phone_number(words: str, *, country: str, seconds: int = 15) -> Block:
    """Ask for a telephone number as it is dialled in `country` (ISO 3166, two letters)."""
    return Block(
        "GetParticipantInput",
        {
            **_said(words),
            "InputTimeLimitSeconds": str(seconds),
            "StoreInput": "True",
            "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": country}},
            "DTMFConfiguration": {"InputTerminationSequence": "#", "DisableCancelKey": "False"},
        },
    )


def talk_to_lex(words: str, alias: str, attributes: Mapping[str, str], *, chat_seconds: int = 0) -> Block:
    """Hand the customer to the bot until it closes. `chat_seconds`: how long a chat may be silent."""
    timeout: dict[str, Json] = {"LexTimeoutSeconds": {"Text": str(chat_seconds)}} if chat_seconds else {}
    return Block(
        "ConnectParticipantWithLexBot",
        {**_said(words), "LexV2Bot": {"AliasArn": alias}, "LexSessionAttributes": dict(attributes), **timeout},
    )


def begin_with_lex(message: str, alias: str, attributes: Mapping[str, str], *, chat_seconds: int) -> Block:
    """In a chat, let the bot speak first, as if the customer had written `message`."""
    return Block(
        "ConnectParticipantWithLexBot",
        {
            "LexV2Bot": {"AliasArn": alias},
            "LexSessionAttributes": dict(attributes),
            "LexInitializationData": {"InitialMessage": message},
            "LexTimeoutSeconds": {"Text": str(chat_seconds)},
        },
    )


def invoke_function(arn: str, parameters: Mapping[str, str], *, seconds: int, json: bool = False) -> Block:
    """Call a function and wait for its flat answer (`json`: for a nested one). `seconds` includes every retry."""
    return Block(
        "InvokeLambdaFunction",
        {
            "LambdaFunctionARN": arn,
            "InvocationTimeLimitSeconds": str(seconds),
            "InvocationType": "SYNCHRONOUS",
            "LambdaInvocationAttributes": dict(parameters),
            "ResponseValidation": {"ResponseType": "JSON" if json else "STRING_MAP"},
        },
    )


def set_contact_attributes(**attributes: str) -> Block:
    """Keep something with the contact."""
    return Block("UpdateContactAttributes", {"Attributes": dict(attributes), "TargetContact": "Current"})


def set_flow_attributes(**attributes: str) -> Block:
    """Keep something as long as this flow runs, and in no record.

    The page's own example of the object is garbled; `{"Value": …}` is how exported flows write it.
    """
    return Block("UpdateFlowAttributes", {"FlowAttributes": {name: {"Value": v} for name, v in attributes.items()}})


def check_contact_attributes(path: str) -> Block:
    """Choose by a value."""
    return Block("Compare", {"ComparisonValue": path})


def check_hours(hours: str = "") -> Block:
    """Choose by the hours given, or by those of the working queue."""
    return Block("CheckHoursOfOperation", {"HoursOfOperationId": hours} if hours else {})


def get_metrics(channel: str) -> Block:
    """Fetch the working queue's metrics for one channel: `Voice` or `Chat`."""
    return Block("GetMetricData", {"QueueChannel": channel})


def loop(times: int) -> Block:
    """Go one way so many times, then the other."""
    return Block("Loop", {"LoopCount": str(times)})


def set_logging(on: bool) -> Block:
    """Write the flow's log, or stop."""
    return Block("UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled" if on else "Disabled"})


def set_voice(voice: str, engine: str) -> Block:
    """The voice that speaks texts. Exported flows write the engine with a capital letter."""
    given: dict[str, Json] = {"TextToSpeechVoice": voice, "TextToSpeechEngine": engine.capitalize()}
    return Block("UpdateContactTextToSpeechVoice", given)


def set_language(code: str) -> Block:
    """The contact's language, such as `en-US`: Lex hears in it."""
    return Block("UpdateContactData", {"LanguageCode": code, "TargetContact": "Current"})


def record_voice(language: str) -> Block:
    """Record both sides and the automated part, and analyse the call while it runs, without PII in what is kept."""
    return Block(
        "UpdateContactRecordingAndAnalyticsBehavior",
        {
            "VoiceBehavior": {
                "VoiceRecordingBehavior": {
                    "RecordedParticipants": ["Agent", "Customer"],
                    "IVRRecordingBehavior": "Enabled",
                },
                "VoiceAnalyticsBehavior": {
                    "Enabled": "True",
                    "AnalyticsLanguage": language,
                    "AnalyticsModes": ["RealTime", "AutomatedInteraction"],
                    "ConversationalAnalyticsRedactionConfiguration": {
                        "Enabled": "True",
                        "RedactionResults": "RedactedOnly",
                        "RedactionMaskMode": "EntityType",
                    },
                    "SentimentConfiguration": {"Enabled": "True"},
                    "SummaryConfiguration": {"SummaryModes": ["PostContact"]},
                },
            }
        },
    )


def stop_recording_voice() -> Block:
    """Neither record nor analyse."""
    return Block(
        "UpdateContactRecordingAndAnalyticsBehavior",
        {"VoiceBehavior": {"VoiceRecordingBehavior": {"RecordedParticipants": [], "IVRRecordingBehavior": "Disabled"}}},
    )


def analyse_chat(language: str) -> Block:
    """Analyse a chat while it runs, without PII in what is kept."""
    return Block(
        "UpdateContactRecordingAndAnalyticsBehavior",
        {
            "ChatBehavior": {
                "ChatAnalyticsBehavior": {
                    "Enabled": "True",
                    "AnalyticsLanguage": language,
                    "AnalyticsModes": ["ContactLens"],
                    "ConversationalAnalyticsRedactionConfiguration": {
                        "Enabled": "True",
                        "RedactionResults": "RedactedOnly",
                        "RedactionMaskMode": "EntityType",
                    },
                    "SentimentConfiguration": {"Enabled": "True"},
                    "SummaryConfiguration": {"SummaryModes": ["PostContact"]},
                }
            }
        },
    )


def set_hook(event: str, flow: str) -> Block:
    """Run a flow when something happens to the contact. One event a block, as Connect's page wants it."""
    return Block("UpdateContactEventHooks", {"EventHooks": {event: flow}})


def set_queue(queue: str) -> Block:
    """The queue for everything that follows."""
    return Block("UpdateContactTargetQueue", {"QueueId": queue})


def set_priority(priority: int) -> Block:
    """Place within the queue: 1 goes first, 5 is usual."""
    return Block("UpdateContactRoutingBehavior", {"QueuePriority": str(priority)})


def transfer_to_queue() -> Block:
    """Let the contact wait for an agent."""
    return Block("TransferContactToQueue", {})


def transfer_to_flow(flow: str) -> Block:
    """Go on in another flow."""
    return Block("TransferToFlow", {"ContactFlowId": flow})


def set_callback_number(path: str) -> Block:
    """The number to call back; a JSONPath, never a number itself."""
    return Block("UpdateContactCallbackNumber", {"CallbackNumber": path})


def create_callback(flow: str, *, attempts: int, between: int) -> Block:
    """Have the customer called when an agent is free, starting with `flow` on the new contact."""
    return Block(
        "CreateCallbackContact",
        {
            "InitialCallDelaySeconds": "5",
            "MaximumConnectionAttempts": str(attempts),
            "RetryDelaySeconds": str(between),
            "ContactFlowId": flow,
        },
    )


def show_view(view: str, version: str, *, seconds: int, **data: str) -> Block:
    """Show an agent something, with what it is made of."""
    return Block(
        "ShowView",
        {
            "ViewResource": {"Id": view, "Version": version},
            "InvocationTimeLimitSeconds": str(seconds),
            "ViewData": dict(data),
        },
    )


def create_task(template: str, flow: str, *, name: str, description: str, **attributes: str) -> Block:
    """Leave work for a person, in a template of the instance."""
    target: dict[str, Json] = {"TaskTemplateId": template} if template else {"ContactFlowId": flow}
    return Block("CreateTask", {**target, "Name": name, "Description": description, "Attributes": dict(attributes)})


def disconnect() -> Block:
    """Hang up."""
    return Block("DisconnectParticipant", {})


def end_flow() -> Block:
    """End a whisper, hold or queue flow; the contact goes on."""
    return Block("EndFlowExecution", {})
