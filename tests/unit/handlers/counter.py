"""Both handlers over one table, the library's actions behind them, and everything they leave behind."""

from __future__ import annotations

import importlib
import io
import json
import logging
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from tests.unit.channels.alexa_rules import check_alexa
from tests.unit.channels.lantern import event, lantern
from tests.unit.channels.lex_rules import check_lex
from tests.unit.customers.tables import create_table
from throughline.customers.keys import parse_keys
from throughline.customers.pointer import Pointer, mint
from throughline.customers.secret_keys import SecretKeys
from throughline.customers.table import PARTITION_KEY, SORT_KEY
from throughline.dialogue.action import Action, Call, Done, NotDone, Outcome
from throughline.dialogue.state import State, decode, encode
from throughline.turn import Assurance

TABLE, REGION = "customers", "eu-west-1"
SKILL = event("alexa", "launch_full")["session"]["application"]["applicationId"]
CONTACT = event("lex", "text_full")["sessionId"]
_FRESH = ("lex_turn", "alexa_turn", "wiring", "telemetry", "settings", "bank_ledger")
KEYS = json.dumps({"current": "k1", "k1": "root-of-the-tests-and-of-nothing-else"})


def model_json() -> dict[str, Any]:
    """The library's model in the form that `Model.from_json` reads."""
    data = asdict(lantern())
    for intent in data["intents"].values():
        intent["assurance"] = intent["assurance"].name.lower()
    del data["by_role"], data["renamed"]
    return {"schema": 1, **data}


class Counter:
    """What a test needs of the two functions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, model_file: Path) -> None:
        """Import the handlers under an environment of their own, which `monkeypatch` takes back."""
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
        session: Any = botocore.session.get_session()
        self.dynamodb: Any = session.create_client("dynamodb", region_name=REGION)
        create_table(self.dynamodb, TABLE)
        secrets: Any = session.create_client("secretsmanager", region_name=REGION)
        self.keys = secrets.create_secret(Name="keys", SecretString=KEYS)["ARN"]
        monkeypatch.setenv("TABLE", TABLE)
        monkeypatch.setenv("KEYS", self.keys)
        monkeypatch.setenv("SKILL_ID", SKILL)
        for name in _FRESH:
            monkeypatch.delitem(sys.modules, name, raising=False)
        # Powertools keeps a logger, and the stream it writes to, for as long as the process lives.
        monkeypatch.delitem(logging.Logger.manager.loggerDict, "throughline", raising=False)
        self.wiring = importlib.import_module("wiring")
        monkeypatch.setattr(self.wiring, "MODEL", model_file)
        actions = {
            intent.action: Action(self._run, lambda call: NotDone())
            for intent in lantern().intents.values()
            if intent.action
        }
        monkeypatch.setattr(self.wiring, "_actions", lambda client, ledger: actions)
        self.lex_turn: ModuleType = importlib.import_module("lex_turn")
        self.alexa_turn: ModuleType = importlib.import_module("alexa_turn")
        # Powertools writes to the stream that was stdout when it began; pytest has a new one for each phase.
        self._lines = io.StringIO()
        for handler in logging.getLogger("throughline").handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(self._lines)

    def begin(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """A new day: an empty table, actions that succeed, nothing logged."""
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.calls: list[Call] = []
        self.do: Callable[[Call], Outcome] = lambda call: Done()
        for item in self.items():
            self.dynamodb.delete_item(TableName=TABLE, Key={name: item[name] for name in (PARTITION_KEY, SORT_KEY)})
        self.log()

    def _run(self, call: Call) -> Outcome:
        self.calls.append(call)
        return self.do(call)

    # -- saying something --------------------------------------------------------------------------

    def lex(self, given: Any) -> dict[str, Any]:
        """Lex's hook; the answer is one that Lex takes."""
        answer: dict[str, Any] = self.lex_turn.handler(deepcopy(given), None)
        check_lex(answer)
        return answer

    def alexa(self, given: Any) -> dict[str, Any]:
        """Alexa's request; the answer is one that Alexa takes."""
        answer: dict[str, Any] = self.alexa_turn.handler(deepcopy(given), None)
        check_alexa(answer)
        return answer

    # -- what is left behind -----------------------------------------------------------------------

    def log(self) -> str:
        """All that was written to stdout and stderr since the last look."""
        out, err = self._capsys.readouterr()
        lines = self._lines.getvalue()
        self._lines.seek(0)
        self._lines.truncate()
        return lines + out + err

    def items(self) -> list[dict[str, Any]]:
        """Everything in the table."""
        found: list[dict[str, Any]] = self.dynamodb.scan(TableName=TABLE)["Items"]
        return found

    def errors(self) -> set[str]:
        """The kinds of failures logged since the last look at the log."""
        lines = [json.loads(line) for line in self.log().splitlines()]
        return {line["error"] for line in lines if line.get("message") == "failed"}

    def states(self) -> list[State]:
        """The engine's states in the table: each of them whole."""
        texts = [item["state"]["S"] for item in self.items() if "state" in item]
        for text in texts:
            assert encode(decode(text)) == text
        return [decode(text) for text in texts]

    # -- making things go wrong --------------------------------------------------------------------

    def refuse(self, operation: str, code: str) -> None:
        """DynamoDB answers this operation with an error from now on."""
        self.fail(operation, lambda: ClientError({"Error": {"Code": code}}, operation))

    def fail(self, operation: str, failure: Callable[[], Exception]) -> None:
        """This operation raises from now on, whichever handler calls it."""

        def raising(**_: object) -> None:
            raise failure()

        for module in (self.lex_turn, self.alexa_turn):
            client = module.PARTS.conversations._store._client
            self._monkeypatch.setattr(client, operation, raising)

    def lose_keys(self) -> None:
        """The secret of the keys is gone, and nothing is kept of it."""
        for module in (self.lex_turn, self.alexa_turn):
            parts = module.PARTS
            lost = SecretKeys("gone")
            self._monkeypatch.setattr(module, "PARTS", replace(parts, keys=lost))
            self._monkeypatch.setattr(parts.conversations._store, "_keys", lost)


def token(pointer: Pointer, *, contact: str = CONTACT, assurance: Assurance = Assurance.LINKED) -> str:
    """A pointer as Connect's flow would be handed it."""
    ring = parse_keys(KEYS).pointer
    return mint(pointer, contact=contact, assurance=assurance, expires=4e9, keys=ring)


class LexSession:
    """A Lex client's session: keeps the attributes as Lex does, and says what was understood."""

    def __init__(self, counter: Counter, *, alias: str = "live", attributes: Mapping[str, str] | None = None) -> None:
        self.counter = counter
        self.alias = alias
        self.attributes: dict[str, str] = dict(attributes or {})
        self.last: dict[str, Any] = {}
        self.event: dict[str, Any] = {}

    def says(
        self, intent: str, slots: Mapping[str, str] | None = None, *, text: str = "", confirmed: str = "None"
    ) -> str:
        """The messages that come back, in one line."""
        known = lantern().intents.get(intent)
        filled: dict[str, Any] = {slot.name: None for slot in known.slots} if known else {}
        for name, value in (slots or {}).items():
            filled[name] = {"shape": "Scalar", "value": {"originalValue": value, "interpretedValue": value}}
        understood = {"name": intent, "state": "InProgress", "confirmationState": confirmed, "slots": filled}
        self.event = {
            "messageVersion": "1.0",
            "invocationSource": "DialogCodeHook",
            "inputMode": "Text",
            "sessionId": CONTACT,
            "inputTranscript": text or f"{intent} {slots or ''}",
            "bot": {
                "id": "B",
                "name": "lantern",
                "localeId": "en_US",
                "version": "1",
                "aliasName": self.alias,
            },
            "interpretations": [{"intent": understood, "nluConfidence": {"score": 0.95}}],
            "sessionState": {"sessionAttributes": dict(self.attributes), "intent": understood},
        }
        return self.hears(self.event)

    def hears(self, given: dict[str, Any]) -> str:
        self.last = self.counter.lex(given)
        self.attributes = dict(self.last["sessionState"].get("sessionAttributes", {}))
        return " | ".join(m["content"] for m in self.last.get("messages", ()) if "content" in m)

    @property
    def action(self) -> str:
        """What Lex is to do next."""
        found: str = self.last["sessionState"]["dialogAction"]["type"]
        return found


class AlexaSession:
    """A speaker's session: keeps the attributes as Alexa does."""

    def __init__(self, counter: Counter, *, user: str = "amzn1.ask.account.LANTERNUSER1") -> None:
        self.counter = counter
        self.user = user
        self.attributes: dict[str, Any] = {}
        self.last: dict[str, Any] = {}
        self.event: dict[str, Any] = {}
        self.count = 0

    def opens(self) -> str:
        return self.hears(event("alexa", "launch_full"))

    def says(self, intent: str, slots: Mapping[str, str] | None = None, *, status: str = "NONE") -> str:
        given = event("alexa", "intent_minimal")
        known = lantern().intents.get(intent)
        names = [slot.name for slot in known.slots] if known else []
        filled = {
            name: {
                "name": name,
                "confirmationStatus": "NONE",
                **({"value": slots[name]} if slots and name in slots else {}),
            }
            for name in dict.fromkeys((*names, *(slots or ())))
        }
        given["request"]["intent"] = {"name": intent, "confirmationStatus": status, "slots": filled}
        return self.hears(given)

    def hears(self, given: dict[str, Any]) -> str:
        self.count += 1
        given["request"]["requestId"] = f"amzn1.echo-api.request.{self.count}"
        given["session"]["attributes"] = self.attributes
        given["session"]["user"]["userId"] = given["context"]["System"]["user"]["userId"] = self.user
        self.event = deepcopy(given)
        self.last = self.counter.alexa(given)
        self.attributes = self.last.get("sessionAttributes", {})
        found: str = self.last["response"].get("outputSpeech", {}).get("ssml", "")
        return found
