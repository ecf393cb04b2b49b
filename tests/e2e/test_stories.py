"""Guided stories of who is who, step by step as their buttons tell them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage


def tell(page: Page, title: str, steps: int) -> None:
    """Ask for the next steps of a story, of the one that is open if none is named; they wait for each other."""
    if title:
        page.get_by_role("tab", name=title).click()
    for _ in range(steps):
        page.locator(".step.next button").click()


def test_a_stranger_s_browser_is_told_as_a_story(page: Page) -> None:
    Stage.of(page, "Alex")
    tell(page, "A stranger’s browser", steps=5)
    expect(page.locator("#chat-level")).to_have_text("verified")
    expect(page.locator("#chat-log")).to_contain_text("checking: $")
    expect(page.locator(".why")).to_contain_text("nothing that was said is lost")


def test_two_people_at_one_browser_hear_their_own_balance_and_share_it(page: Page) -> None:
    Stage.of(page, "Robin")
    tell(page, "One browser, two people", steps=4)
    told = page.locator("#chat-log .theirs", has_text="checking: $")
    expect(told).to_have_count(2)
    robins, sams = (told.nth(one).text_content() for one in (0, 1))
    assert robins != sams
    tell(page, "", steps=2)
    expect(page.locator("#chat-log")).to_contain_text("Do we know you")
    expect(told).to_have_count(0)
    page.get_by_role("button", name="Identities").click()
    expect(page.locator(".identity", has_text="shared with others")).to_have_count(1)


def test_the_telephone_tells_what_the_speaker_and_the_chat_have_done(page: Page) -> None:
    Stage.of(page, "Sam")
    tell(page, "Half speaker, half chat", steps=6)
    expect(page.locator("#chat-log .theirs", has_text="$50.00")).to_have_count(2)
    for _ in range(2):
        page.locator(".step.offered button").click()
    expect(page.locator("#phone-log")).to_contain_text("transfer to savings, $50.00")
    expect(page.locator(".why")).to_contain_text("Three devices, one timeline")
