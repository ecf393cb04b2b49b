"""The parameters of recording and analytics: voice, chat and screen.

Source: the page of UpdateContactRecordingAndAnalyticsBehavior in the developer guide.
"""

from __future__ import annotations

from telephony.grammar import ParameterRule, ValueKind

_TRUTH = ("True", "False")
_ENABLED = ParameterRule("Enabled", ValueKind.CHOICE, required=True, choices=_TRUTH, dynamic=False)
_MASK = (
    ParameterRule("RedactionMaskMode", ValueKind.CHOICE, choices=("EntityType", "PII"), dynamic=False),
    ParameterRule("RedactionEntities", ValueKind.TEXTS, least=1, dynamic=False),
)
_REDACTION = ParameterRule(
    "ConversationalAnalyticsRedactionConfiguration",
    ValueKind.OBJECT,
    fields=(
        _ENABLED,
        ParameterRule("RedactionResults", ValueKind.CHOICE, choices=("RedactedAndOriginal", "RedactedOnly")),
        *_MASK,
    ),
)
_SENTIMENT = ParameterRule("SentimentConfiguration", ValueKind.OBJECT, fields=(_ENABLED,))
_SUMMARY = ParameterRule(
    "SummaryConfiguration",
    ValueKind.OBJECT,
    fields=(
        ParameterRule(
            "SummaryModes", ValueKind.CHOICES, choices=("PostContact", "AutomatedInteraction"), dynamic=False
        ),
    ),
)
CHAT_BEHAVIOR = ParameterRule(
    "ChatBehavior",
    ValueKind.OBJECT,
    fields=(
        ParameterRule(
            "ChatAnalyticsBehavior",
            ValueKind.OBJECT,
            required=True,
            fields=(
                _ENABLED,
                ParameterRule("AnalyticsLanguage"),
                _REDACTION,
                ParameterRule(
                    "InFlightChatRedactionConfiguration",
                    ValueKind.OBJECT,
                    fields=(
                        _ENABLED,
                        *_MASK,
                        ParameterRule("DeliverUnprocessedMessages", ValueKind.CHOICE, choices=_TRUTH, dynamic=False),
                    ),
                ),
                ParameterRule("AnalyticsModes", ValueKind.CHOICES, choices=("ContactLens",), dynamic=False),
                _SENTIMENT,
                _SUMMARY,
            ),
        ),
    ),
)
VOICE_BEHAVIOR = ParameterRule(
    "VoiceBehavior",
    ValueKind.OBJECT,
    fields=(
        ParameterRule(
            "VoiceRecordingBehavior",
            ValueKind.OBJECT,
            fields=(
                ParameterRule("RecordedParticipants", ValueKind.CHOICES, choices=("Agent", "Customer"), dynamic=False),
                ParameterRule("IVRRecordingBehavior", ValueKind.CHOICE, choices=("Enabled", "Disabled"), dynamic=False),
            ),
        ),
        ParameterRule(
            "VoiceAnalyticsBehavior",
            ValueKind.OBJECT,
            fields=(
                _ENABLED,
                ParameterRule("AnalyticsLanguage", dynamic=False),
                _REDACTION,
                ParameterRule(
                    "AnalyticsModes",
                    ValueKind.CHOICES,
                    choices=("RealTime", "PostContact", "AutomatedInteraction"),
                    dynamic=False,
                ),
                _SENTIMENT,
                _SUMMARY,
            ),
        ),
    ),
)
SCREEN_BEHAVIOR = ParameterRule(
    "ScreenRecordingBehavior",
    ValueKind.OBJECT,
    fields=(ParameterRule("ScreenRecordedParticipants", ValueKind.CHOICES, choices=("Agent",), dynamic=False),),
)
LEGACY = (
    ParameterRule(
        "RecordingBehavior",
        ValueKind.OBJECT,
        fields=(
            ParameterRule(
                "RecordedParticipants", ValueKind.CHOICES, required=True, choices=("Agent", "Customer"), dynamic=False
            ),
            ParameterRule("ScreenRecordedParticipants", ValueKind.CHOICES, choices=("Agent",), dynamic=False),
            ParameterRule("IVRRecordingBehavior", ValueKind.CHOICE, choices=("Enabled", "Disabled"), dynamic=False),
        ),
    ),
    ParameterRule("AnalyticsBehavior", ValueKind.MAP),
)
"""Parameters of UpdateContactRecordingBehavior, which the other block has replaced."""
