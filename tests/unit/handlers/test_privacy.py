"""What the logs and metrics hold: ids, intents and prompt ids; and nothing that anybody said."""

from __future__ import annotations

import json

import pytest

from tests.leaks import leaks
from tests.unit.handlers.counter import AlexaSession, Counter, LexSession

PAN, PHONE, NAME = "4111111111111111", "12125550143", "Ada Lantern"
BOOK = {"item": "book", "pickup": "post", "copies": "2"}
FIELDS = set(
    "level location message timestamp service xray_trace_id trace turn customer channel mode assurance heard "
    "prompts awaits events handed sentiment writes repeated problem what error at".split()
)


@pytest.mark.parametrize("alias", ["live", "guest"])
def test_no_line_holds_what_was_said_or_who_said_it(counter: Counter, alias: str) -> None:
    talk = LexSession(counter, alias=alias, attributes={"name": NAME, "caller": PHONE})
    talk.says("Reserve", {**BOOK, "item": NAME}, text=f"I am {NAME}, card {PAN}, call {PHONE}")
    talk.event["sessionId"] = f"tel-{PHONE}"
    talk.event["inputTranscript"] = NAME
    talk.hears(talk.event)
    talk.says(NAME, {NAME: PAN}, text=NAME)
    counter.refuse("get_item", "AccessDeniedException")
    talk.says("Reserve", BOOK, text=f"again, {NAME}")
    text = counter.log()
    assert leaks(text, [PAN, PHONE, NAME]) == []
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({name for name in line if name.islower() and name != "_aws"} <= FIELDS for line in lines)
    assert all(set(line["turn"]) <= FIELDS | {"id"} for line in lines if "_aws" in line and "turn" in line)
    assert len(lines) >= 5


def test_no_line_of_the_skill_holds_a_user_or_a_value(counter: Counter) -> None:
    user = "amzn1.ask.account.ADALANTERNSSPEAKER"
    talk = AlexaSession(counter, user=user)
    talk.says("Reserve", {**BOOK, "item": NAME, "copies": PAN})
    talk.says(NAME, {"item": NAME})
    talk.event["context"]["System"]["user"]["userId"] = f"{NAME} with spaces"
    counter.alexa(talk.event)
    assert leaks(counter.log(), [PAN, NAME, user, "ADALANTERNSSPEAKER"]) == []


def test_no_card_number_rests_in_the_table(counter: Counter) -> None:
    for alias in ("live", "guest"):
        talk = LexSession(counter, alias=alias)
        talk.says("PayFee", {"note": PAN}, text=f"note {PAN}")
        talk.event["inputMode"], talk.event["inputTranscript"] = "DTMF", PAN
        talk.hears(talk.event)
    AlexaSession(counter).says("Reserve", {"item": PAN})
    items = json.dumps(counter.items(), default=str)
    assert leaks(items, [PAN]) == []
    assert len(counter.states()) == 3


def test_two_turns_that_differ_only_in_the_secret_leave_the_same_behind(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter.wiring.time, "time", lambda: 1_790_000_000.0)
    left: list[str] = []
    for pan in (PAN, "5555555555554444"):
        talk = LexSession(counter)
        talk.says("PayFee", {"note": f"for {pan}"}, text=f"my card is {pan}")
        [state] = counter.states()
        left.append(repr(state))
        for item in counter.items():
            counter.dynamodb.delete_item(TableName="customers", Key={"pk": item["pk"], "sk": item["sk"]})
    assert left[0] == left[1]


def test_an_intent_that_the_model_lacks_is_not_quoted(counter: Counter) -> None:
    LexSession(counter).says("AdaLanternIntent")
    text = counter.log()
    assert "AdaLantern" not in text and "(unknown)" in text


def test_the_log_line_of_a_platforms_intent_names_it(counter: Counter) -> None:
    AlexaSession(counter).says("AMAZON.HelpIntent")
    assert '"heard":"AMAZON.HelpIntent"' in counter.log()
