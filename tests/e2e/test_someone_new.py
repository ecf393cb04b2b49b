"""Who is who, as the page shows it: a visitor whom nobody knows, a code that arrives, and the links afterwards."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage


def test_a_visitor_whom_nobody_knows_becomes_known_by_a_code_and_is_verified_there_alone(page: Page) -> None:
    stage = Stage.of(page, "Robin")
    links = page.locator("#links .link").count()
    page.locator("#chat .switch", has_text="Unknown").click()
    stage.open_chat()
    expect(page.locator("#chat-level")).to_have_text("anonymous")
    stage.type("move fifty dollars to savings")
    stage.type("email")
    assert "code" in stage.type("robin@post.example")
    page.get_by_role("button", name="Phone and mail").click()
    page.locator("#phone-log .message .choice").last.click()
    expect(page.locator("#chat-log")).to_contain_text("moving money")
    expect(page.locator("#links .link")).to_have_count(links + 1)
    expect(page.locator("#links .link.verified")).to_have_count(1)
    page.get_by_role("button", name="Identities").click()
    dialog = page.get_by_role("dialog", name="How the bank knows Robin")
    expect(dialog.locator(".identity")).to_have_count(links + 1)
    expect(dialog).to_contain_text("verified on web by code")
    expect(dialog).not_to_contain_text("robin@post.example")
    dialog.get_by_role("button", name="links", exact=True).click()
    expect(page.locator("#desk-told li")).to_have_count(links + 1)


def test_the_own_number_is_at_hand_where_the_bank_asks_for_it(page: Page) -> None:
    stage = Stage.of(page, "Sam")
    page.get_by_role("button", name="Phone and mail").click()
    expect(page.locator("#reached")).to_have_text("+1 212 555 0161 · sam@post.example")
    page.locator("#chat .switch", has_text="Unknown").click()
    stage.open_chat()
    expect(page.locator("#chat-suggest")).to_be_hidden()
    stage.type("what's my balance")
    stage.tap("Phone")
    page.get_by_role("button", name="+1 212 555 0161").click()
    expect(page.locator("#chat-text")).to_be_focused()
    expect(page.locator("#chat-text")).to_have_value("+1 212 555 0161")
    page.keyboard.press("Enter")
    expect(page.locator("#phone-log")).to_contain_text("your code is")
    expect(page.locator("#chat-suggest")).to_be_hidden()
