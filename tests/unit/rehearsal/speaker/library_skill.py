"""The lending library as a skill: its interaction model by hand, the real adapter and engine behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.unit.dialogue.library import TYPES, library
from throughline.channels import alexa
from throughline.conversation import Conversations
from throughline.customers.keys import FixedKeys, KeyRing
from throughline.customers.memory import MemoryStore
from throughline.dialogue.action import Action, Call, Done, NotDone, Outcome
from throughline.dialogue.model import Model
from throughline.turn import Turn

Json = dict[str, Any]
SKILL = "amzn1.ask.skill.1a97e50f-books"
KEYS = FixedKeys(KeyRing("a", {"a": b"a" * 32}), KeyRing("p", {"p": b"p" * 32}))
BUILT_IN = {
    "AMAZON.HelpIntent": "Help",
    "AMAZON.RepeatIntent": "Repeat",
    "AMAZON.CancelIntent": "Cancel",
    "AMAZON.StartOverIntent": "StartOver",
    "AMAZON.PreviousIntent": "GoBack",
    "AMAZON.YesIntent": "Yes",
    "AMAZON.NoIntent": "No",
    "AMAZON.StopIntent": "Goodbye",
    "AMAZON.NavigateHomeIntent": "Greeting",
    "AMAZON.FallbackIntent": "Fallback",
}
RESERVE = {"item": "item", "pickup": "pickup", "branch": "branch", "copies": "AMAZON.NUMBER"}
SAMPLES = {
    "Reserve": ("reserve something", "make a reservation", "reserve {copies} {item}", "please reserve {item}",
                "i want to reserve {item}",
                "put {item} aside for me", "hold {copies} {item} for me at {pickup}"),
    "Hours": ("when are you open", "what are your opening hours", "how late are you open", "opening hours",
              "when do you close today"),
    "Fees": ("what does a late return cost", "how high are your fees", "what are the fees", "late fees"),
}  # fmt: skip


def _named(name: str) -> Json:
    return {"id": name, "name": {"value": f"the {name}", "synonyms": [f"{name}s", name, f"a {name}"]}}


def _slots(**more: Any) -> list[Json]:
    return [{"name": name, "type": kind, **more} for name, kind in RESERVE.items()]


INTERACTION_MODEL: Json = {
    "interactionModel": {
        "languageModel": {
            "invocationName": "lantern library",
            "intents": [
                {"name": "Reserve", "slots": _slots(), "samples": list(SAMPLES["Reserve"])},
                {"name": "Hours", "samples": list(SAMPLES["Hours"])},
                {"name": "Fees", "samples": list(SAMPLES["Fees"])},
                *({"name": name, "samples": []} for name in BUILT_IN),
            ],
            "types": [
                {"name": name, "values": [_named(value) for value in TYPES[name]["values"]]}
                for name in ("item", "pickup", "branch")
            ],
        },
        "dialog": {
            "intents": [
                {
                    "name": "Reserve",
                    "confirmationRequired": True,
                    "slots": _slots(elicitationRequired=True, confirmationRequired=False),
                }
            ]
        },
    }
}
for _slot in INTERACTION_MODEL["interactionModel"]["dialog"]["intents"][0]["slots"]:
    _slot["elicitationRequired"] = _slot["name"] != "branch"


def model() -> Model:
    return replace(library(), platform_intents=BUILT_IN)


@dataclass
class LibrarySkill:
    """The endpoint, with a desk that keeps each reservation once."""

    now: float = 1_795_348_800.0
    count: int = 0
    reserved: dict[str, dict[str, str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model = model()
        deed = Action(self.reserve, lambda call: NotDone())
        self.conversations = Conversations(
            self.model, MemoryStore(KEYS), {"reserve": deed}, clock=lambda: self.now, observer=self
        )

    def failed(self, turn: Turn, what: str, error: BaseException) -> None:
        self.failures.append(f"{what}: {error}")

    def reserve(self, call: Call) -> Outcome:
        self.reserved[call.key] = dict(call.slots)
        return Done()

    def id(self) -> str:
        self.count += 1
        return f"00000000-0000-4000-8000-{self.count:012}"

    def __call__(self, event: Json) -> Json:
        self.now += 2
        assert alexa.application(event) == SKILL
        request = alexa.parse(event)
        if not alexa.converses(request):
            return alexa.nothing_to_say()
        keys = KEYS.pointer_keys()
        turn, sender = alexa.to_turn(request, at=self.now, fresh_id=self.id(), keys=keys)
        return alexa.to_response(request, self.conversations.answer(turn, sender), self.model, keys)
