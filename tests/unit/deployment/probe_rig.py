"""An AWS that answers as told, checked against botocore's shapes both ways, and a bot to speak to."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import ServiceModel
from botocore.validate import validate_parameters

from deployment import Environment
from deployment.environment import AlexaChannel, Watched
from deployment.probe import Allowed, Site
from deployment.probe.found import Deployed, LexAlias, ShiftingGroup
from deployment.probe.script import NONSENSE, Script
from tests.unit.deployment.probe_watched import ALEXA_LOGS, LEX_LOGS, NOW, RINGS, TOPIC, WatchedAccount
from throughline.channels.lex import POINTER
from throughline.dialogue.model import Base, Intent, Model, Prompt, Role, Slot, SlotType, Words

Answer = Callable[[dict[str, Any]], Any]
TABLE, KEY, SECRET = "customers", "11111111-2222-4333-8444-555555555555", "arn:aws:secretsmanager:us-east-1:1:secret:k"
KEY_ARN = f"arn:aws:kms:us-east-1:111122223333:key/{KEY}"
GROUPS = (ShiftingGroup("lex-app", "lex-group"), ShiftingGroup("alexa-app", "alexa-group"))
LIVE = LexAlias("BOTMAIN000", "ALIASLIVE0", "live", "3")
GUEST = LexAlias("BOTMAIN000", "ALIASGUEST", "guest", "3")
EAR = LexAlias("BOTEAR0000", "ALIASEAR00", "live", "2")
HERE = Deployed(
    live=LIVE, guest=GUEST, ear=EAR, lex_turn="lex-turn", lex_turn_logs=LEX_LOGS, alexa_turn="alexa-turn",
    alexa_turn_logs=ALEXA_LOGS, table=TABLE, key=KEY, secret=SECRET, topic=TOPIC,
    failures=RINGS, queries=("q-1", "q-2"), groups=GROUPS,
)  # fmt: skip
SETTINGS = Environment(
    alexa=AlexaChannel(skill_id="amzn1.ask.skill.00000000-0000-4000-8000-000000000000"),
    watched=Watched(alarm_emails=("night@example.com",)),
)
TRACE = "1-6543210f-0123456789abcdef01234567"


def refusal(code: str, message: str = "", **more: Any) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}, **more}
    return ClientError(answer, "AnyOperation")


@lru_cache
def service_model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


class Client:
    """One service's client: every operation of its model, with both shapes checked."""

    def __init__(self, aws: Aws, service: str) -> None:
        self._aws = aws
        self._service = service
        model = service_model(service)
        self._operations = {xform_name(name): model.operation_model(name) for name in model.operation_names}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = self._operations[name]

        def call(**params: Any) -> Any:
            if operation.input_shape is not None:
                validate_parameters(params, operation.input_shape)
            self._aws.calls.append((self._service, name, params))
            answer = self._aws.answer(self._service, name)(params)
            if operation.output_shape is not None:
                validate_parameters(answer, operation.output_shape)
            return answer

        return call


@dataclass
class Aws(WatchedAccount):
    """The account: a healthy one unless a test says otherwise."""

    bot: Bot
    answers: dict[str, Answer] = field(default_factory=dict)
    """By operation's name in Python."""
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the table holds, by partition."""
    broken: Exception | None = None
    """Raised by every call."""

    def __call__(self, service: str) -> Client:
        return Client(self, service)

    def answer(self, service: str, name: str) -> Answer:
        if self.broken is not None:
            raise self.broken
        if name in self.answers:
            return self.answers[name]
        found: Answer = getattr(self.bot if service == "lexv2-runtime" else self, name)
        return found

    def always(self, name: str, answer: object) -> None:
        """From now on `name` gives `answer`, or raises it."""

        def given(params: dict[str, Any]) -> object:
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.answers[name] = given

    def called(self, name: str) -> list[dict[str, Any]]:
        return [params for _, each, params in self.calls if each == name]

    # -- a healthy account's answers -----------------------------------------------------------

    def get_caller_identity(self, params: dict[str, Any]) -> Any:
        return {"Account": "111122223333"}

    def list_stack_resources(self, params: dict[str, Any]) -> Any:
        raise refusal("ValidationError", f"Stack with id {params['StackName']} does not exist")

    def describe_bot_alias(self, params: dict[str, Any]) -> Any:
        alias = next(each for each in (LIVE, GUEST, EAR) if each.id == params["botAliasId"])
        hook = {"lambdaCodeHook": {
            "lambdaARN": "arn:aws:lambda:us-east-1:1:function:lex-turn:live", "codeHookInterfaceVersion": "1.0",
        }}  # fmt: skip
        setting = {"enabled": True, **({} if alias is EAR else {"codeHookSpecification": hook})}
        return {
            "botAliasName": alias.name, "botVersion": alias.version, "botAliasStatus": "Available",
            "botAliasLocaleSettings": {"en_US": setting},
        }  # fmt: skip

    def describe_bot_locale(self, params: dict[str, Any]) -> Any:
        return {"botLocaleStatus": "Built"}

    def list_intents(self, params: dict[str, Any]) -> Any:
        return {"intentSummaries": [{"intentName": name, "intentId": name.rjust(10, "0")} for name in UTTERANCES]}

    def describe_intent(self, params: dict[str, Any]) -> Any:
        said = UTTERANCES[params["intentId"].lstrip("0")]
        return {"sampleUtterances": [{"utterance": text} for text in said]}

    def describe_time_to_live(self, params: dict[str, Any]) -> Any:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}}

    def describe_continuous_backups(self, params: dict[str, Any]) -> Any:
        recovery = {"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35}
        return {
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery,
            }
        }  # fmt: skip

    def describe_table(self, params: dict[str, Any]) -> Any:
        return {
            "Table": {
                "SSEDescription": {"KMSMasterKeyArn": KEY_ARN},
                "StreamSpecification": {"StreamEnabled": True},
                "DeletionProtectionEnabled": True,
            }
        }

    def get_key_rotation_status(self, params: dict[str, Any]) -> Any:
        return {"KeyRotationEnabled": True, "RotationPeriodInDays": 365}

    def describe_secret(self, params: dict[str, Any]) -> Any:
        return {"KmsKeyId": KEY_ARN}

    def put_item(self, params: dict[str, Any]) -> Any:
        name = params["Item"]["pk"]["S"]
        there = self.items.get(name)
        if there is not None and "ConditionExpression" in params:
            raise refusal("ConditionalCheckFailedException", Item=there)
        self.items[name] = params["Item"]
        return {}

    def transact_write_items(self, params: dict[str, Any]) -> Any:
        there = self.items.get(params["TransactItems"][0]["Put"]["Item"]["pk"]["S"])
        reasons = [{"Code": "ConditionalCheckFailed", "Item": there}]
        raise refusal("TransactionCanceledException", CancellationReasons=reasons)

    def delete_item(self, params: dict[str, Any]) -> Any:
        self.items.pop(params["Key"]["pk"]["S"], None)
        return {}

    def invoke(self, params: dict[str, Any]) -> Any:
        error = {"errorType": "ForeignSkill", "errorMessage": "the request's application id is not this skill's"}
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(error).encode())}

    def filter_log_events(self, params: dict[str, Any]) -> Any:
        if "platform.report" in params["filterPattern"]:
            warm, cold = {"durationMs": 20.0}, {"durationMs": 300.0, "initDurationMs": 700.0}
            lines: list[Any] = [{"type": "platform.report", "record": {"metrics": each}} for each in (warm, cold)]
        else:
            lines = [TURN_LINE]
        return {"events": [{"message": json.dumps(line)} for line in lines]}

    def list_metrics(self, params: dict[str, Any]) -> Any:
        return {"Metrics": [{"Namespace": params["Namespace"], "MetricName": params["MetricName"]}]}

    def describe_log_groups(self, params: dict[str, Any]) -> Any:
        name = params["logGroupNamePrefix"]
        longer = {"logGroupName": f"{name}-other", "retentionInDays": 1}
        return {"logGroups": [longer, {"logGroupName": name, "retentionInDays": 90, "kmsKeyId": KEY_ARN}]}

    def list_subscriptions_by_topic(self, params: dict[str, Any]) -> Any:
        return {"Subscriptions": [{"Endpoint": "night@example.com", "SubscriptionArn": f"{TOPIC}:1"}]}


TURN_LINE: dict[str, Any] = {
    "turn": {"id": "abc", "trace": TRACE, "prompts": "Book.city.ask"},
    "_aws": {"CloudWatchMetrics": [{"Namespace": "Throughline", "Metrics": [{"Name": "TurnTime"}]}]},
}


# -- a small business and its bot ------------------------------------------------------------------

UTTERANCES: Mapping[str, tuple[str, ...]] = {
    "Book": ("book {city}", "book a room"),
    "Fees": ("what's the fee",),
    "Yes": ("yes",),
    "No": ("no",),
    "Cancel": ("cancel",),
    "Greeting": ("hello",),
    "Goodbye": ("goodbye",),
}
_ROLES = {
    "Yes": Role.YES, "No": Role.NO, "Cancel": Role.CANCEL, "Greeting": Role.GREETING, "Goodbye": Role.GOODBYE,
    "Fees": Role.ANSWER,
}  # fmt: skip
SORRY = "Sorry, trouble."


def small_script() -> Script:
    book = Intent("Book", slots=(Slot("city", "town"), Slot("name", "name")), confirms=True)
    intents = {"Book": book, **{name: Intent(name, role=role) for name, role in _ROLES.items()}}
    words = Words(
        prompts={"phrases.trouble": Prompt((SORRY,), (SORRY,))}, values={"town": {"oslo": ("Oslo",)}}, labels={},
        keywords={},
    )  # fmt: skip
    model = Model(
        name="Rooms", version="1", locales={"en_US": words}, default_locale="en_US", intents=intents,
        slot_types={"town": SlotType("town", Base.CHOICE, ("oslo",))},
        by_role={role: name for name, role in _ROLES.items()},
    )  # fmt: skip
    return Script(model, "en_US", UTTERANCES)


@dataclass
class Bot:
    """Lex with our function behind it, as both should be; each flag is a way in which they are not."""

    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    deletes: bool = True
    apologises: bool = False
    forgets_slots: bool = False
    shows_cards: bool = True
    hears_no: bool = True
    closes: bool = True
    moods: bool = True
    keeps_pointer: bool = False
    loses_attributes: bool = False
    repeats_itself: bool = False
    speaks: bool = True
    hears_values: bool = True
    elicits_by_itself: bool = False
    hears_yes: bool = True
    falls_back: bool = True
    confidence: Any = 0.9

    def delete_session(self, params: dict[str, Any]) -> Any:
        if not self.deletes:
            raise refusal("InternalServerException")
        if self.sessions.pop(params["sessionId"], None) is None:
            raise refusal("ResourceNotFoundException")
        return {}

    def recognize_utterance(self, params: dict[str, Any]) -> Any:
        self.sessions[params["sessionId"]] = {}
        body = b"sound" if self.speaks else b""
        return {"contentType": "audio/mpeg", "audioStream": io.BytesIO(body)}

    def recognize_text(self, params: dict[str, Any]) -> Any:
        session = self.sessions.setdefault(params["sessionId"], {"slots": {}, "confirming": False, "misses": 0})
        given = params.get("sessionState", {})
        heard, values = self._heard(params["text"], given, session)
        hooked = params["botId"] == LIVE.bot
        denied = heard == "Book" and session["confirming"] and params["text"] == "no" and self.hears_no
        state = self._hooked(heard, values, session) if hooked else self._alone(heard)
        state["sessionAttributes"] = self._attributes(given.get("sessionAttributes", {}))
        reading: dict[str, Any] = {
            "intent": {
                "name": heard, "slots": _lex(values), "confirmationState": "Denied" if denied else "None",
            },
            "nluConfidence": {"score": self.confidence},
        }  # fmt: skip
        if self.moods:
            reading["sentimentResponse"] = {"sentiment": "NEUTRAL"}
        return {"sessionState": state, "interpretations": [reading], "messages": self._messages(session, hooked)}

    def _heard(self, text: str, given: dict[str, Any], session: dict[str, Any]) -> tuple[str, dict[str, str]]:
        asked = given.get("dialogAction", {}).get("slotToElicit") or session.get("asked", "")
        value = {"Oslo": "city", "Robin": "name"}.get(text)
        if value is not None and asked:
            return "Book", {value: text} if self.hears_values else {}
        if session.get("confirming") and text == "no":
            return "Book", {}
        if text == NONSENSE:
            return "FallbackIntent" if self.falls_back else "Book", {}
        if text == "yes" and not self.hears_yes:
            return "FallbackIntent", {}
        return next((name for name, said in UTTERANCES.items() if text in said), "FallbackIntent"), {}

    def _alone(self, heard: str) -> dict[str, Any]:
        action: dict[str, Any] = {"type": "Close"}
        if self.elicits_by_itself:
            action = {"type": "ElicitSlot", "slotToElicit": "city"}
        return {"dialogAction": action, "intent": {"name": heard, "state": "ReadyForFulfillment"}}

    def _hooked(self, heard: str, values: dict[str, str], session: dict[str, Any]) -> dict[str, Any]:
        if heard == "Goodbye":
            kind = "Close" if self.closes else "ElicitIntent"
            return {"dialogAction": {"type": kind}, "intent": {"name": heard, "state": "Fulfilled"}}
        if heard == "Cancel" or (heard == "Book" and session["confirming"]):
            session |= {"slots": {}, "confirming": False, "asked": ""}
            return {"dialogAction": {"type": "ElicitIntent"}}
        open_ = heard == "Book" or session.get("asked")
        if heard == "FallbackIntent":
            session["misses"] += 1
        if not open_:
            return {"dialogAction": {"type": "ElicitIntent"}}
        session["slots"] |= values
        slots = {} if self.forgets_slots and heard == "Fees" else session["slots"]
        missing = next((name for name in ("city", "name") if name not in session["slots"]), "")
        session |= {"asked": missing, "confirming": not missing}
        action = {"type": "ElicitSlot", "slotToElicit": missing} if missing else {"type": "ConfirmIntent"}
        return {"dialogAction": action, "intent": {"name": "Book", "state": "InProgress", "slots": _lex(slots)}}

    def _attributes(self, given: dict[str, str]) -> dict[str, str]:
        if self.loses_attributes:
            return {}
        return {name: value for name, value in given.items() if name != POINTER or self.keeps_pointer}

    def _messages(self, session: dict[str, Any], hooked: bool) -> list[dict[str, Any]]:
        if self.apologises:
            return [{"contentType": "PlainText", "content": SORRY}]
        said = "Yes?" if self.repeats_itself else f"Yes? {session['misses']}"
        messages: list[dict[str, Any]] = [{"contentType": "PlainText", "content": said}]
        if hooked and self.shows_cards:
            card = {"title": "Rooms", "buttons": [{"text": "Oslo", "value": "Oslo"}]}
            messages.append({"contentType": "ImageResponseCard", "imageResponseCard": card})
        return messages


def _lex(values: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"value": {"interpretedValue": value}} for name, value in values.items()}


def site(aws: Aws, *, environment: Environment = SETTINGS, deployed: Deployed = HERE, allowed: bool = True) -> Site:
    names = iter(range(10_000))
    return Site(
        aws, environment, deployed, small_script(), now=lambda: NOW, pause=lambda seconds: None,
        fresh=lambda: f"{next(names):08d}", started=NOW,
        allowed=Allowed(invoke=allowed, write_item=allowed, ring=allowed),
    )  # fmt: skip
