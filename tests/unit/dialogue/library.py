"""A small model for the engine's tests: a lending library that knows nothing of banks.

Every prompt's text is its own id and its parameters, so that a test can read what was said.
"""

from __future__ import annotations

from typing import Any

from throughline.dialogue.model import Model
from throughline.dialogue.phrases import PHRASES, TIERED, TIERS

PAY = {"amount": "12.50", "source": "card", "target": "cash"}
"""All that paying a fee needs."""

INTENTS: dict[str, dict[str, Any]] = {
    "RenewLoan": {
        "action": "renew",
        "assurance": "linked",
        "slots": [
            {"name": "item", "type": "item"},
            {"name": "until", "type": "date", "least": "today", "most": "+60d"},
        ],
    },
    "PayFee": {
        "action": "pay",
        "assurance": "linked",
        "irreversible": True,
        "confirms": True,
        "was": ["PayFine"],
        "slots": [
            {"name": "amount", "type": "money", "least": "1", "most": "50"},
            {"name": "source", "type": "purse"},
            {"name": "target", "type": "purse", "differs_from": "source"},
            {"name": "note", "type": "text", "required": False},
        ],
    },
    "Reserve": {
        "action": "reserve",
        "irreversible": True,
        "confirms": True,
        "slots": [
            {"name": "item", "type": "item"},
            {"name": "pickup", "type": "pickup"},
            {"name": "branch", "type": "branch", "when": {"pickup": ["desk"]}},
            {"name": "copies", "type": "number", "least": "1", "most": "5"},
        ],
    },
    "SetPin": {
        "action": "set_pin",
        "assurance": "verified",
        "irreversible": True,
        "confirms": True,
        "slots": [
            {"name": "purse", "type": "purse"},
            {"name": "new_pin", "type": "pin_digits", "sensitive": "pin"},
        ],
    },
    "ProveIt": {
        "role": "prove",
        "begin": "prove.send",
        "action": "prove.check",
        "slots": [
            {"name": "code_by", "type": "code_by", "required": False},
            {"name": "code", "type": "code_digits", "sensitive": "code"},
        ],
    },
    "SayWho": {
        "role": "identify",
        "begin": "identify.send",
        "action": "identify.check",
        "slots": [
            {"name": "code_by", "type": "code_by"},
            {"name": "phone_number", "type": "phone", "when": {"code_by": ["phone"]}},
            {"name": "code", "type": "code_digits", "sensitive": "code"},
        ],
    },
    "AddAddress": {
        "assurance": "verified",
        "begin": "address.send",
        "action": "address.check",
        "slots": [
            {"name": "pickup", "type": "pickup"},
            {"name": "code", "type": "code_digits", "sensitive": "code", "when": {"pickup": ["post"]}},
        ],
    },
    "LockCard": {
        "action": "lock",
        "assurance": "claimed",
        "protective": True,
        "irreversible": True,
        "confirms": True,
        "slots": [{"name": "purse", "type": "purse"}],
    },
    "MyLoans": {"role": "answer", "assurance": "linked"},
    "Hours": {"role": "answer"},
    "Fees": {"role": "answer"},
    "Librarian": {"role": "person"},
    "Choose": {"role": "choose", "slots": [{"name": "option", "type": "ordinal", "required": False}]},
    "Correct": {"role": "correct", "slots": []},
    **{
        name: {"role": role}
        for name, role in {
            "Help": "help",
            "Repeat": "repeat",
            "Cancel": "cancel",
            "StartOver": "start_over",
            "GoBack": "go_back",
            "Yes": "yes",
            "No": "no",
            "Greeting": "greeting",
            "Goodbye": "goodbye",
            "Fallback": "fallback",
        }.items()
    },
}

TYPES: dict[str, dict[str, Any]] = {
    "item": {"base": "choice", "values": ["book", "film", "map"]},
    "purse": {"base": "choice", "values": ["card", "cash"]},
    "pickup": {"base": "choice", "values": ["desk", "post"]},
    "branch": {"base": "choice", "values": ["north", "south"]},
    "ordinal": {"base": "choice", "values": ["1", "2", "3"]},
    "slot_label": {
        "base": "choice",
        "values": ["amount", "source", "target", "item", "until", "pickup", "branch", "copies"],
    },
    "code_by": {"base": "choice", "values": ["phone", "email"]},
    "code_digits": {"base": "digits", "shortest": 6, "longest": 6},
    "pin_digits": {"base": "digits", "shortest": 4, "longest": 4},
}


def library(version: str = "v1", **changes: Any) -> Model:
    """The library's model; `changes` replace intents (None removes one)."""
    intents = {name: entry for name, entry in {**INTENTS, **changes}.items() if entry is not None}
    prompts: dict[str, str] = {f"phrases.{name}": _text(name, params) for name, params in PHRASES.items()}
    for name in TIERED:
        prompts.update({f"phrases.{name}.{tier}": f"{name}.{tier}" for tier in range(TIERS)})
    labels: dict[str, str] = {}
    for name, intent in intents.items():
        slots = [slot["name"] for slot in intent.get("slots", ()) if not slot.get("sensitive")]
        labels |= {name: f"do {name}", f"{name}.doing": f"doing {name}"}
        for part in ("answer", "confirm", "done", "help", "refused.no"):
            prompts[f"{name}.{part}"] = _text(f"{name}.{part}", slots)
        if intent.get("begin"):
            codes = ("wrong", "expired", "too_many_tries", "too_many", "nowhere")
            parts = ("begun", "begun_phone", "done_elsewhere", *(f"refused.{code}" for code in codes))
            prompts |= {f"{name}.{part}": f"{name}.{part}" for part in parts}
        for slot in intent.get("slots", ()):
            labels[f"{name}.{slot['name']}"] = slot["name"]
            for part in ("ask", "again.0", "again.1", "again.2"):
                prompts[f"{name}.{slot['name']}.{part}"] = f"{name}.{slot['name']}.{part}"
    values = {
        name: {value: [f"the {value}", f"{value}s"] for value in entry["values"]}
        for name, entry in TYPES.items()
        if "values" in entry
    }
    values["ordinal"] = {"1": ["first"], "2": ["second"], "3": ["third"]}
    values["slot_label"] = {value: [value] for value in TYPES["slot_label"]["values"]}
    return Model.from_json(
        {
            "schema": 1,
            "name": "Lantern Library",
            "version": version,
            "default_locale": "en_US",
            "intents": intents,
            "slot_types": TYPES,
            "menu": ["RenewLoan", "PayFee", "Reserve", "Hours"],
            "locales": {
                "en_US": {
                    "prompts": {key: {"say": [text], "show": [text]} for key, text in prompts.items()},
                    "values": values,
                    "labels": labels,
                    "keywords": {},
                }
            },
        }
    )


def _text(name: str, params: Any) -> str:
    return " ".join([name, *(f"{{{param}}}" for param in params)])
