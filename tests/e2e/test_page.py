from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.stage import Stage

MARKUP = "<img src=x onerror=\"document.title='broken in'\"><b>bold</b>"


def test_markup_from_anywhere_stays_text(page: Page) -> None:
    def answer(route: Route) -> None:
        whole = route.fetch().json()
        route.fulfill(json={**whole, "lines": [MARKUP], "choices": [{"label": MARKUP, "tap": {"intent": "Yes"}}]})

    page.route("**/api/chat", answer)
    stage = Stage.of(page, "Sam")
    assert stage.open_chat() == MARKUP
    stage.type(MARKUP)
    expect(stage.turns().last).to_contain_text("<b>bold</b>")
    dialog = stage.behind(stage.turns().last)
    expect(dialog).to_contain_text("onerror")
    assert page.locator("main img, dialog img, main b").count() == 0
    assert page.title() != "broken in"


def test_the_speaker_says_what_is_not_meant_for_the_skill(page: Page) -> None:
    Stage.of(page, "Sam")
    page.get_by_role("button", name="+20 min").click()
    expect(page.locator("#speaker-state")).to_have_text("Asleep")
    page.fill("#speaker-text", "what time is it")
    page.press("#speaker-text", "Enter")
    expect(page.locator("#speaker-log .note")).to_contain_text("Only the speaker itself heard that")


def test_silence_brings_the_reprompt_and_then_the_end(page: Page) -> None:
    stage = Stage.of(page, "Sam")
    stage.say("Alexa, open meridian bank")
    silence = page.get_by_role("button", name="Stay silent")
    silence.click()
    expect(page.locator("#speaker-log .spoken")).to_have_count(2)
    silence.click()
    expect(page.locator("#speaker-log .note")).to_contain_text("The session is over")
    expect(page.locator("#speaker-state")).to_have_text("Asleep")


def test_a_failed_function_is_told_and_the_same_message_can_be_sent_again(page: Page) -> None:
    sent: list[str] = []

    def fail_once(route: Route) -> None:
        message = json.loads(route.request.post_data or "{}")
        sent.append(message["id"])
        if message.get("text") and sent.count(message["id"]) == 1:
            route.fulfill(status=502, json={"error": "Sandbox.Timedout: Task timed out", "type": "Sandbox.Timedout"})
        else:
            route.continue_()

    stage = Stage.of(page, "Alex")
    stage.open_chat()
    page.route("**/api/chat", fail_once)
    page.fill("#chat-text", "what are your branch hours")
    page.press("#chat-text", "Enter")
    expect(page.locator("#chat .trouble")).to_contain_text("Task timed out")
    answers = page.locator("#chat-log .bubble.theirs")
    before = answers.count()
    page.get_by_role("button", name="Send it again").click()
    expect(answers.nth(before)).to_be_visible()
    expect(page.locator("#chat .trouble")).to_have_count(0)
    assert len(sent) == 2 and sent[0] == sent[1]


def test_a_pin_is_typed_unseen_and_kept_nowhere(page: Page) -> None:
    stage = Stage.of(page, "Alex")
    with page.expect_response("**/api/sign_in"):
        page.locator("#chat .switch", has_text="Signed in").click()
    stage.open_chat()
    stage.type("change my pin")
    stage.tap("Debit card")
    stage.tap("Yes")
    expect(page.locator("#chat-text")).to_have_attribute("type", "password")
    stage.type("7391")
    expect(page.locator("#chat-text")).to_have_attribute("type", "text")
    expect(page.locator("#chat-log .mine").last).to_contain_text("••••")
    expect(page.locator("main")).not_to_contain_text("7391")


def test_the_page_tells_when_the_rehearsal_is_gone_and_when_it_is_back(page: Page) -> None:
    Stage.of(page, "Sam")
    page.route("**/api/**", lambda route: route.abort())
    expect(page.get_by_role("alert")).to_contain_text("isn’t answering")
    page.unroute("**/api/**")
    expect(page.locator("#gone")).to_be_hidden()


def test_a_story_is_told_by_the_keyboard_alone(page: Page) -> None:
    Stage.of(page, "Robin")
    page.get_by_role("tab", name="Half speaker, half chat").focus()
    page.keyboard.press("ArrowLeft")
    story = page.get_by_role("tab", name="Walking away")
    expect(story).to_be_focused()
    expect(story).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#speaker-state")).to_have_text("Listening")
    expect(page.locator(".step.next button")).to_be_focused()


def test_each_story_explains_itself_once_its_steps_are_done(page: Page) -> None:
    Stage.of(page, "Robin")
    page.get_by_role("tab", name="Yes, twice").click()
    for done in (1, 2, 3):
        page.locator(".step.next button").click()
        expect(page.locator(".step.done")).to_have_count(done)
    expect(page.locator(".why")).to_contain_text("the money moved once")


def test_on_a_narrow_screen_one_panel_shows_at_a_time_and_nothing_overflows(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    Stage(page)
    for name, panel in (("Chat", "#chat"), ("Speaker", "#speaker"), ("Sam", "#one")):
        page.get_by_role("navigation").get_by_role("button", name=name).click()
        for other in ("#chat", "#speaker", "#one"):
            expect(page.locator(other)).to_be_visible(visible=other == panel)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_on_a_wide_screen_everything_is_in_sight_however_long_the_talk_is(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    stage = Stage.of(page, "Alex")
    stage.open_chat()
    for said in ("what's my balance", "recent transactions", "when is the downtown branch open", "what's my balance"):
        stage.type(said)
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    for tab in page.get_by_role("tab").all():
        box = tab.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width, tab.text_content()


def test_text_has_enough_contrast_in_both_schemes(page: Page) -> None:
    stage = Stage.of(page, "Alex")
    stage.open_chat()
    stage.type("move 20 dollars to savings")
    expect(stage.turns().last).to_contain_text("Move money")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(FAINT_TEXTS) == []


FAINT_TEXTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const linear = (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = rgb.map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(".unseen, svg")) continue;
    const beneath = [];
    for (let at = element; at; at = at.parentElement) beneath.unshift(getComputedStyle(at).backgroundColor);
    const ground = over(beneath);
    const [one, other] = [light(over([...beneath, getComputedStyle(element).color])), light(ground)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${element.className}: ${element.textContent}`);
  }
  return faint;
}"""
