"""The telephone as people use it: a call through the synthesised flow, the agent's desk, and who watches."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

SIZES: tuple[ViewportSize, ...] = ({"width": 1440, "height": 900}, {"width": 1024, "height": 768})
CROSS = ("this is terrible", "I am really angry, this is awful")


def go(page: Page, place: str) -> None:
    """Turn to a part of the page."""
    page.locator(f"[data-go={place}]").click()
    expect(page.locator(f"#{place}")).to_be_visible()


def open_hours(page: Page) -> None:
    """Let time pass until the centre's people are there."""
    go(page, "telephone")
    expect(page.locator("#desk-agent option").first).to_be_attached()
    if page.locator("#desk-closed").is_visible():
        page.locator("#desk-open").click()
    expect(page.locator("#desk-closed")).to_be_hidden()


def call(page: Page, person: str, consent: str = "1") -> None:
    """That person calls, and says whether they may be recorded."""
    page.locator(".people").get_by_text(person, exact=True).click()
    open_hours(page)
    page.get_by_role("button", name="Call +1").click()
    hears(page, "May we record this call")
    page.locator(f'[data-key="{consent}"]').click()
    hears(page, "How can I help?")


def say(page: Page, words: str) -> None:
    """Say it on the phone."""
    page.fill("#call-text", words)
    page.press("#call-text", "Enter")
    expect(page.locator("#call-log .line.mine", has_text=words).last).to_be_visible()


def prove(page: Page) -> None:
    """Key in what is asked for: the PIN, whose keys are encrypted, or the code that came by text."""
    page.locator("#call-suggested:visible, .texted .choice").last.click()


def hears(page: Page, words: str) -> None:
    """The caller hears something that contains these words."""
    expect(page.locator("#call-log .line:not(.mine)", has_text=words).last).to_be_attached()


def available(page: Page) -> None:
    """The agent takes contacts, whatever they did before."""
    if page.locator("#desk-go").is_visible():
        page.locator("#desk-go").click()
    if page.locator("#desk-again").is_visible():
        page.locator("#desk-again").click()
    expect(page.locator("#desk-status")).to_be_checked()


def put_down(page: Page, outcome: str, note: str) -> None:
    """The agent says how it ended."""
    page.select_option("#desk-code", outcome)
    page.fill("#desk-note", note)
    page.locator("#desk-save").click()
    expect(page.locator("#desk-save")).to_have_count(0)


def in_sight(page: Page) -> None:
    """Nothing reaches out of the window, and no two panels lie on each other."""
    for size in SIZES:
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        boxes = [
            box for one in page.locator("main:not([hidden]) > .panel:visible").all() if (box := one.bounding_box())
        ]
        for at, one in enumerate(boxes):
            assert one["y"] + one["height"] <= size["height"] + 1
            for other in boxes[at + 1 :]:
                apart = (
                    one["x"] + one["width"] <= other["x"] + 1
                    or other["x"] + other["width"] <= one["x"] + 1
                    or one["y"] + one["height"] <= other["y"] + 1
                    or other["y"] + other["height"] <= one["y"] + 1
                )
                assert apart, (size, one, other)
    page.set_viewport_size(SIZES[0])


@pytest.fixture(autouse=True)
def wide(page: Page) -> None:
    """Phone, path and desk side by side."""
    page.set_viewport_size(SIZES[0])


def test_a_call_from_the_first_ring_to_the_agent_s_last_word(page: Page) -> None:
    call(page, "Sam")
    expect(page.locator("#call-recording")).to_have_text("Recording")
    say(page, "what's my balance")
    prove(page)
    hears(page, "in checking")
    available(page)
    say(page, "agent")
    page.locator("#desk-accept").click()

    pop = page.locator(".pop")
    expect(pop).to_contain_text("verified")
    expect(pop).to_contain_text("what's my balance")
    talk = page.locator(".talk")
    expect(talk.locator(".whisper")).to_contain_text("roved who they are")
    expect(talk.locator(".line.bot", has_text="in checking")).to_be_attached()
    page.fill("#desk-words", "Hello, how can I help?")
    page.press("#desk-words", "Enter")
    hears(page, "Hello, how can I help?")
    for words in CROSS:
        say(page, words)
        expect(talk.locator(".line.caller", has_text=words)).to_be_visible()
    expect(page.locator("#desk-mood")).to_have_text("negative")
    in_sight(page)

    page.locator("#desk-hold").click()
    expect(page.locator("#call-state")).to_have_text("On hold")
    expect(page.locator("#desk-words")).to_be_disabled()
    page.locator("#desk-hold").click()
    expect(page.locator("#desk-words")).to_be_enabled()

    go(page, "floor")
    expect(page.locator("#floor-contacts")).to_contain_text("talking")
    expect(page.locator("#floor-contacts .mood.negative")).to_be_visible()
    expect(page.locator("#floor-alerts")).to_contain_text("Sentiment is falling")
    in_sight(page)

    go(page, "telephone")
    page.locator("#desk-end").click()
    expect(page.locator("#call-state")).to_have_text("The call has ended")
    put_down(page, "resolved", "Was cross, and is content")
    go(page, "floor")
    expect(page.locator("#floor-ended")).to_contain_text("Was cross, and is content")
    expect(page.locator("#floor-contacts")).to_contain_text("Nobody is on the line")


def test_the_block_that_runs_is_lit_and_the_way_to_it_is_told(page: Page) -> None:
    call(page, "Robin", consent="2")
    expect(page.locator("#call-recording")).to_have_text("Not recorded")
    expect(page.locator("#flow-tabs .open")).to_contain_text("Conversation")
    lit = page.locator(".graph .node-of.now")
    expect(lit).to_have_count(1)
    expect(lit).to_contain_text("Talk")
    frame, block = page.locator("#graph").bounding_box(), lit.bounding_box()
    assert frame and block
    assert frame["x"] <= block["x"] and block["x"] + block["width"] <= frame["x"] + frame["width"]
    way = page.locator("#way")
    expect(way.locator("li", has_text="Look up")).to_contain_text(re.compile(r"Contact data: answered in \d+ ms"))
    expect(way.locator("li", has_text="Ask recording").last).to_contain_text("2")
    page.locator("#flow-tabs").get_by_text("Inbound").click()
    expect(page.locator(".graph .node-of.passed").first).to_be_attached()
    expect(page.locator(".graph .edge.taken").first).to_be_attached()
    page.get_by_role("button", name="Hang up").click()
    expect(page.locator("#standing")).to_contain_text("Ended at")


def test_what_a_caller_says_is_never_markup(page: Page) -> None:
    call(page, "Alex")
    available(page)
    say(page, "agent")
    page.locator("#desk-accept").click()
    say(page, "<img src=x onerror=alert(1)> <b>please</b>")
    expect(page.locator(".talk .line.caller", has_text="<img src=x").first).to_be_attached()
    assert page.locator("#telephone img, #telephone b").count() == 0
    page.locator("#desk-end").click()
    put_down(page, "other", "<script>1</script>")
    go(page, "floor")
    expect(page.locator("#floor-ended")).to_contain_text("<script>1</script>")
    assert page.locator("#floor script").count() == 0


def test_a_chat_reaches_the_same_desk(page: Page) -> None:
    page.locator(".people").get_by_text("Alex", exact=True).click()
    open_hours(page)
    available(page)
    page.get_by_role("button", name="Chat instead").click()
    hears(page, "This chat is kept")
    expect(page.locator("#keypad")).to_be_hidden()
    say(page, "agent")
    page.locator("#desk-accept").click()
    expect(page.locator(".desk-line")).to_contain_text("Chat connected")
    page.fill("#desk-words", "Good day")
    page.press("#desk-words", "Enter")
    hears(page, "Good day")
    page.locator("#desk-end").click()
    hears(page, "My colleague has left this chat")
    put_down(page, "resolved", "A chat")


def test_a_story_is_played_by_its_buttons(page: Page) -> None:
    page.locator(".people").get_by_text("Robin", exact=True).click()
    go(page, "telephone")
    expect(page.get_by_role("tab", name="A telephone call")).to_have_attribute("aria-selected", "true")
    steps = page.locator("#story .steps").first.locator("button")
    for step in range(steps.count()):
        steps.nth(step).click()
    expect(page.locator(".pop")).to_contain_text("verified")
    page.locator("#desk-end").click()
    put_down(page, "resolved", "By the story")
