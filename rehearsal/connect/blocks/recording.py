"""Recording, analytics, media streams and message processors."""

from __future__ import annotations

from rehearsal.connect.events import Noted, RecordingChanged
from rehearsal.connect.run import ADMIN, CHAT, LANGUAGE, VOICE, Block, Failed, Outcome, Run, Success


def _set(run: Run, participants: object, automated: str, *, analytics: bool) -> Outcome:
    data = run.data
    data.recorded = tuple(str(it) for it in participants) if isinstance(participants, list) else ()
    data.automated_recorded = automated == "Enabled"
    data.analytics = analytics
    run.emit(RecordingChanged(data.recorded, data.automated_recorded, data.analytics))
    return Success()


def _legacy(run: Run) -> Outcome:
    automated = run.text("RecordingBehavior.IVRRecordingBehavior")
    on = run.text("AnalyticsBehavior.Enabled").lower() == "true"
    return _set(run, run.given("RecordingBehavior.RecordedParticipants"), automated, analytics=on)


def _current(run: Run) -> Outcome:
    if run.given("ChatBehavior") is not None and run.data.channel != "CHAT":
        return Failed("ChannelMismatch", "a chat's behaviour on another channel")
    if run.given("VoiceBehavior") is not None and not run.voice:
        return Failed("ChannelMismatch", "a call's behaviour on another channel")
    if run.given("ChatBehavior") is not None:
        chat = "ChatBehavior.ChatAnalyticsBehavior"
        redacted = run.text(f"{chat}.InFlightChatRedactionConfiguration.Enabled").lower() == "true"
        if redacted and not run.given(f"{chat}.InFlightChatRedactionConfiguration.RedactionMaskMode"):
            return Failed("InFlightRedactionConfigurationFailed", "no mask is named")
        on = run.text(f"{chat}.Enabled").lower() == "true"
        return _set(run, None, "", analytics=on)
    voice = "VoiceBehavior.VoiceRecordingBehavior"
    on = run.text("VoiceBehavior.VoiceAnalyticsBehavior.Enabled").lower() == "true"
    if run.given(voice) is None:
        run.data.analytics = on
        run.emit(RecordingChanged(run.data.recorded, run.data.automated_recorded, on))
        return Success()
    return _set(
        run, run.given(f"{voice}.RecordedParticipants"), run.text(f"{voice}.IVRRecordingBehavior"), analytics=on
    )


def _streaming(run: Run) -> Outcome:
    run.data.streaming = run.text("MediaStreamingState") == "Enabled"
    run.emit(Noted("streaming", {"state": run.text("MediaStreamingState")}))
    return Success()


def _processing(run: Run) -> Outcome:
    run.emit(Noted("processing", {"function": run.text("ChatProcessor.LambdaProcessorARN")}))
    return Success()


BLOCKS = (
    Block(
        "UpdateContactRecordingBehavior",
        _legacy,
        "Sets who is recorded, the automated part and analytics.",
        f"{LANGUAGE}contact-actions-updatecontactrecordingbehavior.html",
    ),
    Block(
        "UpdateContactRecordingAndAnalyticsBehavior",
        _current,
        "The same by channel; another channel's behaviour leaves by ChannelMismatch.",
        f"{ADMIN}set-recording-behavior.html",
    ),
    Block(
        "UpdateContactMediaStreamingBehavior",
        _streaming,
        "Is noted; no stream carries sound.",
        f"{LANGUAGE}contact-actions-updatecontactmediastreamingbehavior.html",
        VOICE,
    ),
    Block(
        "UpdateContactMediaProcessing",
        _processing,
        "Is noted; messages are not processed.",
        f"{LANGUAGE}contact-actions-updatecontactmediaprocessing.html",
        CHAT,
        "ChannelMismatch",
    ),
)
