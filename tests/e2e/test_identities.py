"""Who is who, as the page shows it: a visitor whom nobody knows, a code that arrives, and the links afterwards."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage


def test_a_visitor_whom_nobody_knows_becomes_known_by_a_code_and_is_verified_there_alone(page: Page) -> None:
    stage = Stage.of(page, "Robin")
    page.locator("#chat .switch", has_text="Unknown").click()
    stage.open_chat()
    expect(page.locator("#chat-level")).to_have_text("anonymous")
    stage.type("move fifty dollars to savings")
    stage.type("email")
    assert "code" in stage.type("robin@post.example")
    page.get_by_role("button", name="Phone and mail").click()
    page.locator("#phone-log .message .choice").last.click()
    expect(page.locator("#chat-log")).to_contain_text("moving money")
    expect(page.locator("#links .link")).to_have_count(6)
    expect(page.locator("#links .link.verified")).to_have_count(1)
    page.get_by_role("button", name="Identities").click()
    dialog = page.get_by_role("dialog", name="Who the bank knows Robin by")
    expect(dialog.locator(".identity")).to_have_count(6)
    expect(dialog).to_contain_text("verified on web by code")
    expect(dialog).not_to_contain_text("robin@post.example")
    dialog.get_by_role("button", name="links").click()
    expect(page.locator("#desk-told")).to_contain_text("200")
