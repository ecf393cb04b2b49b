"""What an agent sees of a contact and writes down of it: two views, and the template of a follow-up."""

from __future__ import annotations

import json
from typing import Any, Final

from aws_cdk.aws_connect import CfnTaskTemplate, CfnView
from constructs import Construct

import compiler
from stacks.phone.instance import Centre
from throughline.calls.disposing import ENDINGS, LONGEST_NOTE, codes
from throughline.dialogue.model import Model

SHOWN: Final = {"name": "Customer", "assurance": "How sure", "sentiment": "Mood"}
"""Inputs of the view that stand in its bar, to their labels."""
TEXTS: Final = {"notice": "Note", "task": "Open task", "turns": "Last turns, on all channels"}
"""Inputs that are longer texts, to their headings."""
INTENT: Final = "intent"
"""What the view of dispositions is given: what the customer wanted."""
REFRESH, DONE, SAVE = "Refresh", "Done", "Save"
"""The views' buttons."""


def screen(scope: Construct, centre: Centre) -> CfnView:
    """What pops up as a contact comes: who it is, how sure we are, what is open, and what was said before."""
    bar = [{"Label": label, "Value": _input(key)} for key, label in SHOWN.items()]
    return CfnView(
        scope,
        "Screen",
        instance_arn=centre.arn,
        name=centre.name("screen"),
        description="Who is calling, what is open, what was said before",
        actions=[REFRESH, DONE],
        template=_page(
            "Customer",
            _component("who", "AttributeBar", Attributes=bar),
            *(part for key, heading in TEXTS.items() for part in _text(key, heading)),
            _component("refresh", "Button", Label="Look again", Action=REFRESH),
            _component("done", "Button", Label="Close", Action=DONE),
        ),
    )


def disposition(scope: Construct, centre: Centre, source: compiler.Source) -> CfnView:
    """What an agent fills in once a contact has ended: one of the codes that the function takes, a note."""
    model = Model.from_json(json.loads(compiler.compiled(source)["model.json"]))
    outcomes = [{"Label": _label(model, code), "Value": code} for code in codes(model)]
    follow = [{"Label": "No", "Value": "false"}, {"Label": "Yes", "Value": "true"}]
    fields = [
        _component("code", "Dropdown", Label="Outcome", Name="code", Required=True, Options=outcomes),
        _component("note", "TextArea", Label="Note", Name="note", HelperText=f"{LONGEST_NOTE} letters are kept"),
        _component("follow", "RadioGroup", Label="Follow up?", Name="follow_up", Options=follow),
    ]
    return CfnView(
        scope,
        "DispositionView",
        instance_arn=centre.arn,
        name=centre.name("disposition"),
        description="How it ended",
        actions=[SAVE],
        template=_page(
            "How it ended",
            _component("about", "AttributeBar", Attributes=[{"Label": "It was about", "Value": _input(INTENT)}]),
            _component("ended", "Form", Sections=[{"Heading": "Disposition", "Components": fields}]),
            _component("save", "SubmitButton", Label="Save", Action=SAVE),
        ),
    )


def follow_up(scope: Construct, centre: Centre, flow: str | None) -> CfnTaskTemplate:
    """What a follow-up tells; the task then goes the way of `flow`."""
    fields = (
        ("Name", "NAME", "What is to be done, without card numbers"),
        ("Notes", "DESCRIPTION", "What whoever does it needs to know"),
        ("Due", "SCHEDULED_TIME", "When it comes up"),
    )
    return CfnTaskTemplate(
        scope,
        "FollowUp",
        instance_arn=centre.arn,
        name=centre.name("follow-up"),
        description="Something that was promised to a customer",
        status="ACTIVE",
        contact_flow_arn=flow,
        fields=[
            CfnTaskTemplate.FieldProperty(
                id=CfnTaskTemplate.FieldIdentifierProperty(name=field), type=kind, description=description
            )
            for field, kind, description in fields
        ],
        constraints={"RequiredFields": [{"Id": {"Name": "Name"}}]},
    )


def _label(model: Model, code: str) -> str:
    """As an agent reads it."""
    words = code.replace("_", " ") if code in ENDINGS else model.words(model.default_locale).labels.get(code, code)
    return words[:1].upper() + words[1:]


def _page(title: str, *components: dict[str, Any]) -> dict[str, Any]:
    return {"Head": {"Title": title, "Configuration": {"Layout": {"Columns": ["12"]}}}, "Body": list(components)}


def _component(id: str, kind: str, **props: Any) -> dict[str, Any]:
    return {"_id": id, "Type": kind, "Props": props}


def _text(key: str, heading: str) -> tuple[dict[str, Any], dict[str, Any]]:
    head = {**_component(f"{key}-heading", "Header", variant="h2"), "Content": [heading]}
    return head, _component(key, "TextBox", Value=_input(key))


def _input(key: str) -> str:
    """Where a view finds one of the flow's texts: Amazon Connect writes its first letter large."""
    return f"$.{key[:1].upper()}{key[1:]}"
