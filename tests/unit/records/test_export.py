"""A copy of everything, readable, and a page in which nothing but text is text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import compiler
from tests.unit.records.world import NOW, PAT, World, a_turn, plenty, words, written
from throughline.customers import profile
from throughline.dialogue.changes import Noted
from throughline.dialogue.model import Model
from throughline.dialogue.state import Frame, State, encode
from throughline.records import export_page, marks
from throughline.records.export import Document, gathered, readable
from throughline.records.export_words import Terms
from throughline.records.retention import LIVES_ON, Retention, markdown, rows
from throughline.records.strands import Hold
from throughline.rendering import label
from throughline.reply import Choice

LINK = f"{PAT}-l1"
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</dd></dl><h1>", "<!--", "]]>", "&lt;b&gt;",
    "' onmouseover='x", "javascript:alert(1)", "\u202egnp.exe", "\x00\x1b[31m", "\ud800", "</style><style>*{}",
    "<meta http-equiv=refresh content=0>", "\u2028\u2029", "{{7*7}}", "<svg/onload=alert(1)>",
]  # fmt: skip


def document(world: World) -> Document:
    stored = world.keeping.conversations[PAT]
    return readable(gathered(stored, world.strands, world.keeping), made=NOW, words=words, retention=Retention())


def furnished() -> World:
    world = World()
    stored = world.furnish(links=2, turns=2)
    text = profile.noted("", Noted("name", "", "Pat Doe"), link=LINK, at=NOW, by="customer")
    frame = Frame("f1", "TransferMoney", NOW, NOW, "s", LINK, "m", slots={"amount": "25"})
    world.keeping.conversations[PAT] = replace(stored, profile=text, state=encode(State(frames=(frame,))))
    return world


def test_it_holds_everything_that_is_the_customers() -> None:
    found = document(furnished())
    assert found["what we know about you"][0] | {"since": ""} == {
        "what": "name", "value": "Pat Doe", "since": "", "said by": "you", "came through": "telephone"
    }  # fmt: skip
    assert [way["kind"] for way in found["ways to reach you"]] == ["web browser", "telephone"]
    assert found["ways to reach you"][1]["address"] == "+12025550143"
    assert found["tasks you have not finished"][0]["so far"] == {"amount": "25"}
    assert len(found["what we said to each other"]) == 4
    assert found["what we said to each other"][0]["you said"] == "hello"
    assert found["what we said to each other"][0]["we answered"].startswith("answer to")
    assert len(found["what was noted over time"]) == 2


def test_a_legal_hold_is_not_told() -> None:
    world = furnished()
    before = document(world)
    world.keeping.write_hold(Hold(PAT, "person-1", "the case of the century", NOW))
    assert document(world) == before


def test_an_address_that_leads_to_somebody_else_by_now_is_not_given_out() -> None:
    world = furnished()
    for name, edge in world.keeping.edges.items():
        world.keeping.edges[name] = replace(edge, customer="c-other")
    assert "address" not in json.dumps(document(world)["ways to reach you"])


def test_the_keys_are_words() -> None:
    assert all(re.fullmatch(r"[a-z ]+", key) for key in document(furnished()))


MODEL = Model.from_json(compiler.compile_runtime(compiler.load(Path(__file__).resolve().parents[3] / "dialogue")))
TERMS = Terms(MODEL, lambda typed: label(MODEL, Choice(typed, ""), MODEL.default_locale))


def told(zone: str = "") -> Document:
    """What a customer of the reference bank gets: a task open, a turn that asked for this very copy."""
    world = furnished()
    stored = world.keeping.conversations[PAT]
    known = stored.profile
    for note in (
        Noted("time_zone", "", zone),
        Noted("consent", "sms.offers", "given"),
        Noted("trait", "vip_level", "2"),
    ):
        if note.value:
            known = profile.noted(known, note, link=LINK, at=NOW, by="agent-pat-jones")
    frame = Frame("f1", "TransferMoney", NOW, NOW, "s", LINK, "m", slots={"amount": "25.00", "to_account": "savings"})
    stored = replace(stored, profile=known, state=encode(State(frames=(frame,))))
    world.keeping.conversations[PAT] = stored
    for number, name in enumerate(("MyData", "Fallback", "AMAZON.HelpIntent", "SomethingFormer")):
        turn = a_turn(PAT, LINK, f"u{number}", NOW + 60 + number)
        heard = json.dumps(dict(turn.document()) | {"heard": [[name, 0.9]]})
        world.strands.write_turn(replace(turn, record=heard))
    everything = gathered(stored, world.strands, world.keeping)
    return readable(everything, made=NOW, words=words, retention=Retention(), terms=TERMS)


def test_times_are_written_as_people_do_in_the_customers_own_time_zone() -> None:
    found = told("America/New_York")
    assert found["made on"].words == "May 17, 2033, 11:33 PM EDT"
    assert found["made on"] == "2033-05-17T23:33:20-04:00", "for programs, in the same document"
    assert found["times"] == "All times are in your time zone, America/New York."


@pytest.mark.parametrize("zone", ["", "Nowhere/At_All", "America"])
def test_without_a_time_zone_that_can_be_told_utc_is_said_plainly(zone: str) -> None:
    found = told(zone)
    assert found["made on"].words == "May 18, 2033, 3:33 AM UTC" and found["made on"] == "2033-05-18T03:33:20Z"
    assert "UTC" in found["times"] and "don't know your time zone" in found["times"]


def test_a_time_zone_without_a_name_is_told_by_its_distance() -> None:
    assert told("America/Sao_Paulo")["made on"].words.endswith(" 12:33 AM UTC-03")


def test_intents_and_slots_go_by_the_names_that_customers_hear() -> None:
    found = told()
    assert [turn["understood as"] for turn in found["what we said to each other"][-4:]] == [
        "copy of my data", "we did not understand it", "help", "something former",
    ]  # fmt: skip
    task = found["tasks you have not finished"][0]
    assert (task["task"], task["so far"]) == ("move money", {"amount": "$25.00", "destination": "Savings"})


def test_nothing_is_in_our_own_words_and_no_member_of_staff_is_named() -> None:
    found = told("America/New_York")
    page = checked(export_page.page(found)).text
    assert "agent-pat-jones" not in json.dumps(found) and "our staff" in page
    assert "consent to offers by text messages" in page and "vip level" in page
    ours = (
        "strand",
        "tombstone",
        "erased marker",
        "point-in-time",
        "pseudonym",
        "MyData",
        "linked",
        "sms",
        "_",
        "records function",
    )
    assert [word for word in ours if word in page] == []
    assert not re.search(r"\d{4}-\d{2}-\d{2}|\dT\d", page), "no time as programs write it"


def test_every_line_of_the_page_stands_behind_its_name() -> None:
    page = export_page.page(told())
    for name, value in (("made on", "May 18, 2033, 3:33 AM UTC"), ("your customer number", PAT)):
        assert f'<dt>{name}</dt><dd dir="auto">{value}</dd>' in page
    assert page.count("<p>") == 1, "but for the first, which says what this is"


class Reader(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "p", "section", "h2", "div", "dl", "dt", "dd"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "dir"}


def checked(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert set(reader.tags) <= TAGS
    assert reader.attributes <= ATTRIBUTES
    assert reader.tags.count("style") == 1 and reader.tags.count("meta") == 5
    page.encode()
    return reader


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_and_do_nothing(text: str) -> None:
    world = furnished()
    world.strands.write_turn(a_turn(PAT, LINK, "x", NOW, f"before {text} after"))
    page = export_page.page(document(world))
    reader = checked(page)
    assert not re.search(r"[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]", page)
    shown = text.strip("\ud800\x00\x1b\u202e\u2028\u2029") or text
    if shown.isprintable():
        assert f"before {text} after" in reader.text or "\ufffd" in reader.text
    json.loads(export_page.as_json(document(world)))


@given(st.recursive(st.text(), lambda inner: st.dictionaries(st.text(), inner, max_size=3), max_leaves=8))
def test_whatever_stands_in_it_the_page_has_the_same_tags(value: object) -> None:
    checked(export_page.page({"lead": "x", str(value): [value, {"k": value}]}))


def test_the_page_allows_its_own_style_alone() -> None:
    page = export_page.page(document(furnished()))
    assert "default-src &#x27;none&#x27;" in page
    assert not re.search(r"<(script|a|img|link|form|iframe)\b|https?:|url\(", page)
    assert 'name="viewport"' in page


def test_the_row_comes_before_the_files_so_that_an_erasure_finds_them() -> None:
    world = furnished()
    old = world.keeping.conversations[PAT]
    new = marks.marked(old, marks.EXPORT, at=NOW, id="e9")
    put = world.shelf.put

    def crash(id: str, name: str, text: str, content_type: str) -> None:
        put(id, name, text, content_type)
        raise KeyboardInterrupt

    world.shelf.put = crash  # type: ignore[method-assign]  # this one bucket fails
    with pytest.raises(KeyboardInterrupt):
        world.following().follow(written(old, new), plenty)
    row = world.keeping.export(PAT)
    assert row is not None and row.id == "e9" and row.expires <= NOW, "found by an eraser, and not ready"


def test_the_rows_of_the_readme_are_those_of_the_settings() -> None:
    table = markdown(rows())
    assert "said to each other | 400 days" in table and "agreed to, and took back | 7 years |" in table
    assert "35 days" in markdown(LIVES_ON) and "24 hours" in markdown(LIVES_ON)
