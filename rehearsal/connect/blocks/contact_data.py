"""Blocks that set what a contact carries: attributes, data, tags, hooks, queue, routing, voice, logging."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rehearsal.connect.events import AttributesChanged, HookSet, LoggingChanged, Noted
from rehearsal.connect.run import ADMIN, CHAT, LANGUAGE, Block, Failed, Outcome, Run, Success
from rehearsal.connect.state import is_reference

HOOKS: Final = frozenset(
    "AgentHold AgentWhisper CustomerHold CustomerQueue CustomerRemaining CustomerWhisper DefaultAgentUI "
    "DisconnectAgentUI PauseContact ResumeContact".split()
)
_E164: Final = re.compile(r"\+[1-9]\d{7,14}")


def _attributes(run: Run) -> Outcome:
    values = run.texts("Attributes")
    related = run.text("TargetContact") == "Related" and run.data.related is not None
    target = run.data.related if related and run.data.related else run.data
    if not target.set_attributes(values):
        return Failed("NoMatchingError", "the attributes would be larger than 32 KB")
    run.emit(AttributesChanged(values))
    return Success()


def _flow_attributes(run: Run) -> Outcome:
    given = run.given("FlowAttributes")
    for name, value in given.items() if isinstance(given, Mapping) else ():
        if isinstance(value, Mapping):
            # Each value comes under its type: {"name": {"Value": …}} or {"String": {"name": …}}.
            inner = value.get("Value")
            pairs = {name: inner} if inner is not None else value
        else:
            pairs = {name: value}
        run.data.flow_attributes |= {str(key): run.read(it) for key, it in pairs.items()}
    return Success()


def _data(run: Run) -> Outcome:
    target = run.data
    if run.text("TargetContact") == "Related" and target.related is not None:
        target = target.related
    values = {key: run.read(it) for key, it in run.action.parameters.items() if not isinstance(it, Mapping | list)}
    target.name = values.get("Name", target.name)
    target.description = values.get("Description", target.description)
    target.language = values.get("LanguageCode", target.language)
    target.customer_id = values.get("CustomerId", target.customer_id)
    target.wisdom = values.get("WisdomSessionArn", target.wisdom)
    target.references |= run.texts("References")
    values.pop("TargetContact", None)
    run.emit(Noted("data", values))
    return Success()


def _tagged(run: Run) -> Outcome:
    tags = run.texts("Tags")
    run.data.tags |= tags
    run.emit(Noted("tags", tags))
    return Success()


def _untagged(run: Run) -> Outcome:
    given = run.given("TagKeys")
    for key in given if isinstance(given, list) else ():
        run.data.tags.pop(str(key), None)
    run.emit(Noted("tags", dict(run.data.tags)))
    return Success()


def _hooked(run: Run) -> Outcome:
    hooks = run.texts("EventHooks")
    unknown = sorted(set(hooks) - HOOKS)
    if unknown or not hooks:
        return Failed("NoMatchingError", f"no event is called {', '.join(unknown) or 'nothing'}")
    if not run.voice and set(hooks) & {"CustomerHold", "AgentHold"}:
        return Failed("NoMatchingError", "only calls are put on hold")
    run.data.hooks |= hooks
    for event, flow in hooks.items():
        run.emit(HookSet(event, flow))
    return Success()


def _callback_number(run: Run) -> Outcome:
    given = str(run.given("CallbackNumber") or "")
    if not is_reference(given):
        return Failed("InvalidCallbackNumber", "the number must be given by a reference")
    try:
        number = run.single("CallbackNumber")
    except KeyError:
        number = ""
    if _E164.fullmatch(number) is None:
        return Failed("InvalidCallbackNumber", "not a number in E.164")
    if not run.services.lines.dialable(number):
        return Failed("CallbackNumberNotDialable", "the instance may not call this number")
    run.data.callback_number = number
    run.emit(Noted("callback_number", {"number": number}))
    return Success()


def _routing(run: Run) -> Outcome:
    if run.given("QueuePriority") is not None:
        run.data.priority = int(run.number("QueuePriority", run.data.priority))
    run.data.ahead += run.number("QueueTimeAdjustmentSeconds", 0)
    run.emit(Noted("routing", {"priority": str(run.data.priority), "ahead": f"{run.data.ahead:g}"}))
    return Success()


def _criteria(run: Run) -> Outcome:
    if not isinstance(run.given("RoutingCriteria.Steps"), list):
        return Failed("NoMatchingError", "no steps are given")
    run.emit(Noted("criteria", {}))
    return Success()


def _voice(run: Run) -> Outcome:
    voice = run.text("TextToSpeechVoice")
    if not voice:
        return Failed("NoMatchingError", "no voice is named")
    run.data.voice = voice
    values = {"voice": voice, "engine": run.text("TextToSpeechEngine"), "style": run.text("TextToSpeechStyle")}
    run.emit(Noted("voice", values))
    return Success()


def _logging(run: Run) -> Outcome:
    run.data.logging = run.text("FlowLoggingBehavior") == "Enabled"
    run.emit(LoggingChanged(run.data.logging))
    return Success()


def _participant_state(run: Run) -> Outcome:
    state = run.text("PreviousContactParticipantState")
    if state not in ("AgentOnHold", "CustomerOnHold", "OffHold"):
        return Failed("NoMatchingError", f"no state {state}")
    run.emit(Noted("participants", {"state": state}))
    return Success()


def _wisdom(run: Run) -> Outcome:
    assistant = run.text("WisdomAssistantArn")
    if not assistant:
        return Failed("NoMatchingError", "no assistant is named")
    run.data.wisdom = f"{assistant.replace(':assistant/', ':session/')}/{run.services.new_id()}"
    run.emit(Noted("wisdom", {"session": run.data.wisdom}))
    return Success()


def _persistent(run: Run) -> Outcome:
    run.emit(Noted("persistent", {"source": run.text("SourceContactId")}))
    return Success()


def _resumed(run: Run) -> Outcome:
    run.emit(Noted("resumed", {}))
    return Success()


def _no_tables(_: Run) -> Outcome:
    return Failed("NoMatchingError", "data tables are not rehearsed")


def _no_content(_: Run) -> Outcome:
    return Failed("NoMatchingError", "stored content is not rehearsed")


def _no_sign_in(_: Run) -> Outcome:
    return Failed("NoMatchingError", "no identity provider signs customers in here")


_TABLES = f"{ADMIN}data-tables.html"
BLOCKS = (
    Block(
        "UpdateContactAttributes",
        _attributes,
        "Sets all attributes or, above 32 KB, none; the related contact's too.",
        f"{ADMIN}set-contact-attributes.html",
    ),
    Block(
        "UpdateFlowAttributes", _flow_attributes, "Sets attributes of the flow.", f"{ADMIN}set-contact-attributes.html"
    ),
    Block(
        "UpdateContactData",
        _data,
        "Sets name, language, customer and references.",
        f"{LANGUAGE}contact-actions-updatecontactdata.html",
    ),
    Block("TagContact", _tagged, "Sets tags.", f"{ADMIN}contact-tags-block.html"),
    Block("UntagContact", _untagged, "Removes tags.", f"{ADMIN}contact-tags-block.html"),
    Block("UnTagContact", _untagged, "Removes tags.", f"{ADMIN}contact-tags-block.html"),
    Block(
        "UpdateContactEventHooks",
        _hooked,
        "Lays a flow on an event; the event runs it.",
        f"{ADMIN}set-event-flow.html",
    ),
    Block(
        "UpdateContactCallbackNumber",
        _callback_number,
        "Takes a number by reference and checks E.164 and whether it can be dialled.",
        f"{ADMIN}set-callback-number.html",
    ),
    Block(
        "UpdateContactRoutingBehavior",
        _routing,
        "Sets priority or age in the queue.",
        f"{ADMIN}change-routing-priority.html",
    ),
    Block(
        "UpdateRoutingCriteria",
        _criteria,
        "Is noted; agents' proficiencies are not rehearsed.",
        f"{ADMIN}set-routing-criteria.html",
    ),
    Block(
        "UpdateContactRoutingCriteria",
        _criteria,
        "Is noted; agents' proficiencies are not rehearsed.",
        f"{ADMIN}set-routing-criteria.html",
    ),
    Block("UpdateContactTextToSpeechVoice", _voice, "Sets voice, engine and style.", f"{ADMIN}set-voice.html"),
    Block("UpdateFlowLoggingBehavior", _logging, "Switches the flow log.", f"{ADMIN}set-logging-behavior.html"),
    Block(
        "UpdatePreviousContactParticipantState",
        _participant_state,
        "Is noted on calls.",
        f"{ADMIN}hold-customer-agent.html",
        ("VOICE",),
    ),
    Block(
        "CreateWisdomSession",
        _wisdom,
        "Makes a session's name; no assistant answers.",
        f"{ADMIN}connect-assistant-block.html",
    ),
    Block(
        "CreatePersistentContactAssociation",
        _persistent,
        "Is noted.",
        f"{ADMIN}create-persistent-contact-association-block.html",
        CHAT,
    ),
    Block("ResumeContact", _resumed, "Is noted.", f"{LANGUAGE}resumecontact.html"),
    Block(
        "AuthenticateParticipant", _no_sign_in, "Takes the error branch.", f"{ADMIN}authenticate-customer.html", CHAT
    ),
    Block("LoadContactContent", _no_content, "Takes the error branch.", f"{ADMIN}get-stored-content.html"),
    Block("EvaluateDataTableValues", _no_tables, "Takes the error branch.", _TABLES),
    Block("ListDataTableValues", _no_tables, "Takes the error branch.", _TABLES),
    Block("UpsertDataTableValues", _no_tables, "Takes the error branch.", _TABLES),
)
