"""The rehearsal itself: what a stranger's tools find at its two ports, and what survives a restart."""

from __future__ import annotations

import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from rehearsal.console import Console
from rehearsal.gateway import gateway
from rehearsal.lex.server import LexServer
from rehearsal.people import Person
from rehearsal.ways import SmartSpeaker, WebChat
from rehearsal.world import SKILL_ID, World, running
from throughline.turn import Assurance

EVENTS = Path(__file__).parents[1] / "events"
TEN = re.compile(r"[0-9a-zA-Z]{10}")


@pytest.fixture(scope="module")
def page(world: World) -> Iterator[str]:
    with LexServer(Console(world).handle) as server:
        yield server.url


@pytest.fixture(scope="module")
def aws(world: World) -> Iterator[str]:
    with LexServer(gateway(world.wire.handle, world.post_wire, world.chat_door, world.cloud.url)) as server:
        yield server.url


def get(url: str, **headers: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return json.loads(answer.read())


def post(url: str, body: object, **headers: str) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def sent(request: urllib.request.Request) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())


def answered(request: urllib.request.Request) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def client(service: str, url: str) -> Any:
    make: Any = boto3.client
    return make(
        service, endpoint_url=url, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any"
    )


RECORDED = {"lex_turn": "lex/guest_full.json", "alexa_turn": "alexa/launch_full.json"}
"""An event of each function that takes turns, as its platform sends it."""
ASKED = {
    "contact_data": ("contact_data_voice.json", "assurance"),
    "agent_screen": ("agent_screen.json", "view"),
    "disposition": ("disposition.json", "kept"),
    "callback": ("callback.json", "promised"),
    "secret_turn": ("secret_turn_timeout.json", "say"),
}
"""An event of each function that contact flows ask, as Amazon Connect sends it, and what it answers at least."""
OTHERS = {"records", "desk", "relay", "rotate_keys"}
"""Functions that take no turn; their own tests give them their events."""


@pytest.mark.xdist_group("rehearsals")
def test_one_worker_has_all_that_needs_one_world(request: pytest.FixtureRequest) -> None:
    """Where groups are lost, each worker starts every world anew: twice the time, and no failure to show it."""
    assert "PYTEST_XDIST_WORKER" not in os.environ or request.node.nodeid.endswith("@rehearsals")


@pytest.mark.xdist_group("rehearsals")
def test_every_function_of_the_templates_answers_a_recorded_event(world: World) -> None:
    named = {spec.module for spec in world.assembly.functions}
    assert named == set(RECORDED) | set(ASKED) | OTHERS, "give a new function its recorded event"
    for spec in world.assembly.functions:
        if spec.module not in RECORDED:
            continue
        event = json.loads((EVENTS / RECORDED[spec.module]).read_text("utf-8"))
        if "session" in event:
            event["session"]["application"]["applicationId"] = SKILL_ID
            event["context"]["System"]["application"]["applicationId"] = SKILL_ID
        answer = world.functions.invoke(spec.logical_id, event)
        said = json.dumps(answer)
        assert "messages" in answer or "outputSpeech" in answer["response"], said
        assert "something went wrong" not in said


@pytest.mark.xdist_group("rehearsals")
@pytest.mark.parametrize("module", ASKED)
def test_every_function_that_flows_ask_answers_a_recorded_event_flatly(world: World, module: str) -> None:
    name, wanted = ASKED[module]
    event = json.loads((EVENTS / "connect" / name).read_text("utf-8"))
    answer = world.functions.invoke(world.assembly.function(module).logical_id, event)
    assert answer[wanted]
    assert all(isinstance(value, str) for value in answer.values())


@pytest.mark.xdist_group("rehearsals")
def test_health_tells_the_ids_that_clients_need(page: str) -> None:
    health = get(f"{page}/healthz")
    assert TEN.fullmatch(health["bot_id"]) and TEN.fullmatch(health["bot_alias_id"])
    assert health["locale_ids"] == ["en_US"]
    assert health["alexa_skill_id"] == SKILL_ID


@pytest.mark.xdist_group("rehearsals")
def test_a_plain_boto3_client_holds_a_whole_conversation(page: str, aws: str) -> None:
    health = get(f"{page}/healthz")
    lex = client("lexv2-runtime", aws)
    place = {
        "botId": health["bot_id"], "botAliasId": health["bot_alias_id"], "localeId": "en_US", "sessionId": "someone",
    }  # fmt: skip

    def says(text: str) -> tuple[str, str]:
        answer = lex.recognize_text(**place, text=text)
        lines = [message["content"] for message in answer["messages"] if "content" in message]
        return answer["sessionState"]["dialogAction"]["type"], " ".join(lines)

    assert says("what is your routing number")[0] == "ElicitIntent"
    action, text = says("when is the downtown branch open")
    assert action == "ElicitIntent" and "Downtown" in text
    assert "sign in" in says("what's my balance")[1].casefold(), "a guest is nobody's customer"
    assert says("goodbye")[0] == "Close"
    assert lex.get_session(**place)["sessionId"] == "someone"
    lex.delete_session(**place)


@pytest.mark.xdist_group("rehearsals")
def test_other_services_answer_at_the_same_port(aws: str, world: World) -> None:
    tables = client("dynamodb", aws).list_tables()["TableNames"]
    assert {table.name for table in world.assembly.tables} <= set(tables)


@pytest.mark.xdist_group("rehearsals")
@pytest.mark.parametrize(
    "path", ["/_permissions", "/_clock", "/_written", "/%5Fpermissions?x=1", "//_permissions", "/moto-api/reset"]
)
def test_nobody_governs_the_stand_ins_through_awss_port(aws: str, world: World, path: str) -> None:
    if world.records is not None:
        world.records.drain()
    before = world.cloud.dump()
    for method in ("GET", "PUT", "POST", "DELETE"):
        status, _ = answered(urllib.request.Request(aws + path, b"{}", method=method))
        assert status in (403, 404), (method, path)
    assert world.cloud.dump() == before
    assert world.roles.functions


@pytest.mark.xdist_group("rehearsals")
def test_a_raw_alexa_request_is_answered_as_the_skill(page: str) -> None:
    request = {
        "version": "1.0",
        "session": {
            "new": True, "sessionId": "s", "application": {"applicationId": SKILL_ID}, "user": {"userId": "u"},
        },
        "context": {"System": {"application": {"applicationId": SKILL_ID}, "user": {"userId": "u"}}},
        "request": {"type": "LaunchRequest", "requestId": "r1", "locale": "en-US", "timestamp": "2026-11-22T00:00:00Z"},
    }  # fmt: skip
    answer = post(f"{page}/alexa", request)
    assert answer["response"]["shouldEndSession"] is False
    assert answer["response"]["outputSpeech"]["ssml"].startswith("<speak>")
    request["context"]["System"]["application"]["applicationId"] = "amzn1.ask.skill.foreign"  # type: ignore[index]
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(f"{page}/alexa", request)
    with refused.value:
        assert refused.value.code == 502 and b"ForeignSkill" in refused.value.read()


@pytest.mark.xdist_group("rehearsals")
def test_a_page_of_another_site_can_not_drive_it(page: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(f"{page}/api/clock", {"seconds": 1}, Origin="https://evil.example")
    with refused.value:
        assert refused.value.code == 403


@pytest.mark.xdist_group("rehearsals")
@pytest.mark.parametrize("body", ["", "[]", '{"person": "Nobody"}', '{"say": ""}', '{"seconds": -1}', "{"])
@pytest.mark.parametrize("path", ["chat", "speaker", "phone", "clock", "hand_back"])
def test_nonsense_is_answered_with_what_is_wrong(page: str, path: str, body: str) -> None:
    request = urllib.request.Request(f"{page}/api/{path}", body.encode(), method="POST")
    status, answer = sent(request)
    assert status in (200, 400, 404)
    assert status == 200 or answer["error"]


@pytest.mark.xdist_group("rehearsals")
def test_the_conversation_survives_a_restart() -> None:
    sam = Person.called("Restarted Sam")
    with running() as first:
        first.customer(sam)
        SmartSpeaker.of(first, sam).say("move fifty dollars from checking to savings")
        turns = len(first.timeline.turns(first.customer(sam).links))
        kept = json.loads(json.dumps(first.snapshot()))
    with running(snapshot=kept) as second:
        assert len(second.timeline.turns(second.customer(sam).links)) == turns
        chat = WebChat(second, sam, Assurance.VERIFIED)
        assert "moving money" in chat.open().text
        assert "$50" in chat.say("yes").text
        assert "savings" in chat.say("yes").text
