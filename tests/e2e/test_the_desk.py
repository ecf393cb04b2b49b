"""What the page makes of what is asked for about somebody: a copy of their data, and the desk's answers."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage


def test_a_copy_of_the_data_opens_in_a_page_of_its_own(page: Page) -> None:
    stage = Stage.of(page, "Alex")
    with page.expect_response("**/api/sign_in"):
        page.locator("#chat .switch", has_text="Signed in").click()
    stage.open_chat()
    stage.type("I want a copy of my data")
    link = page.locator("#chat-log .bubble a")
    for _ in range(10):
        page.wait_for_timeout(1_500)
        stage.type("I want a copy of my data")
        if link.count():
            break
    with page.context.expect_page() as opened:
        link.last.click()
    expect(opened.value.get_by_role("heading", name="Your data")).to_be_visible()
    expect(opened.value.get_by_text("alex@post.example")).to_be_visible()


def test_the_desk_is_asked_with_a_reason_and_answers_in_words(page: Page) -> None:
    Stage.of(page, "Robin")
    page.get_by_role("button", name="Identities").click()
    desk, told = page.locator(".desk"), page.locator("#desk-told")
    links = page.locator(".identity").count()
    desk.get_by_role("button", name="merge with").click()
    expect(told).to_contain_text("Merge is not for the team agent. The refusal stands in the trail, too.")
    page.fill("#desk-why", "")
    desk.get_by_role("button", name="look").click()
    expect(told).to_contain_text("Say why")
    page.fill("#desk-why", "both say so")
    page.select_option("#desk-team", "supervisor")
    desk.get_by_role("button", name="merge with").click()
    told.get_by_role("button", name="Split them again").click()
    expect(told).to_contain_text("The merge is undone")
    expect(page.locator(".identity")).to_have_count(links)
    page.select_option("#desk-team", "operator")
    desk.get_by_role("button", name="hold", exact=True).click()
    expect(told).to_contain_text("Hold: in force.")
    desk.get_by_role("button", name="erase").click()
    desk.get_by_role("button", name="Really erase Robin?").click()
    expect(told).to_contain_text("A legal hold is in force")
    page.select_option("#desk-team", "auditor")
    desk.get_by_role("button", name="audit").click()
    expect(told.locator("li", has_text="split")).to_contain_text("both say so")
    expect(told.locator("li", has_text="merge").filter(has_text="refused")).to_have_count(1)
