from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.stage import Stage


def test_a_transfer_begun_on_the_speaker_is_finished_in_the_chat(page: Page) -> None:
    stage = Stage.of(page, "Sam")
    expect(page.locator("#speaker-state")).to_have_text("Asleep")
    page.get_by_role("button", name="“Alexa, open Meridian bank”").last.click()
    expect(page.locator("#speaker-state")).to_have_text("Listening")

    assert "account" in stage.say("move fifty dollars to savings")
    expect(stage.task().get_by_role("heading")).to_have_text("Move money")
    expect(stage.slot("Amount")).to_have_text("$50.00")
    expect(stage.task()).to_contain_text("last on smart speaker")

    assert "moving money" in stage.open_chat()
    assert "account" in stage.type("yes")
    expect(stage.task()).to_contain_text("last on web chat")
    assert "$50.00 from checking to savings" in stage.tap("Checking")
    expect(stage.task()).to_contain_text("is that right?")
    assert "$50.00" in stage.tap("Yes")

    expect(stage.task()).to_have_count(0)
    expect(page.locator("#timeline .crossed")).to_have_text("Smart speaker → Web chat")
    expect(stage.turns()).to_have_count(6)
    expect(page.locator("#timeline .chip.notable").last).to_have_text("done")
    expect(page.locator("#figures")).to_contain_text(re.compile(r"Tasks done\s*1"))


def test_the_raw_events_behind_a_turn_are_those_of_its_channel(page: Page) -> None:
    stage = Stage.of(page, "Sam")
    stage.say("Alexa, ask meridian bank what are your branch hours")
    turn = stage.turns().filter(has_text="Smart speaker").last
    dialog = stage.behind(turn)
    expect(dialog).to_contain_text("Alexa → alexa_turn")
    expect(dialog).to_contain_text("IntentRequest")
    expect(dialog).not_to_contain_text("web chat")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(turn).to_be_focused()


def test_a_card_number_is_in_what_was_sent_and_not_in_what_is_kept(page: Page) -> None:
    stage = Stage.of(page, "Alex")
    stage.open_chat()
    stage.type("my card 4111 1111 1111 1111 was declined")
    turn = stage.turns().last
    expect(turn).to_contain_text("declined")
    expect(turn).not_to_contain_text("4111 1111")
    dialog = stage.behind(turn)
    expect(dialog.locator(".exchange").first).to_contain_text("4111 1111 1111 1111")
    expect(dialog.locator(".exchange").last).not_to_contain_text("4111")


def test_an_old_button_is_asked_again_and_moves_no_money_twice(page: Page) -> None:
    stage = Stage.of(page, "Robin")
    stage.open_chat()
    stage.type("move 20 dollars from checking to savings")
    stage.tap("Yes")
    done = page.locator("#timeline .chip", has_text=re.compile("^done$"))
    expect(done).to_have_count(1)
    turns = stage.turns().count()
    page.locator(".choice[aria-pressed=true]").click()
    expect(stage.turns()).to_have_count(turns + 1)
    expect(done).to_have_count(1)


def test_time_passes_and_the_task_is_offered_again(page: Page) -> None:
    stage = Stage.of(page, "Robin")
    stage.say("Alexa, open meridian bank")
    stage.say("pay my water bill")
    page.get_by_role("button", name="+20 min").click()
    expect(page.locator("#ahead")).to_have_text("20 minutes ahead")
    expect(stage.task()).to_contain_text("left a while ago")
    expect(page.locator("#speaker-state")).to_have_text("Asleep")
    stage.open_chat()
    expect(page.locator("#chat-log")).to_contain_text("paying a bill")
    expect(page.locator("#timeline .between").last).to_have_text("Smart speaker → Web chat")
    expect(page.locator("#timeline")).to_contain_text("20 minutes later")


def test_a_person_takes_over_and_hands_back(page: Page) -> None:
    stage = Stage.of(page, "Alex")
    page.evaluate(
        """async () => {
          const { opens_in } = await (await fetch("/api/telephone?person=Alex&agent=morgan")).json();
          const headers = { "content-type": "application/json" };
          await fetch("/api/clock", { method: "POST", headers, body: JSON.stringify({ seconds: opens_in }) });
        }"""
    )  # outside of hours nobody would take it, and the assistant would come back by itself
    stage.open_chat()
    stage.type("I want to talk to a person")
    banner = page.locator(".banner", has_text="A person has this conversation")
    expect(banner).to_be_visible()
    banner.get_by_role("button", name="Hand back").click()
    expect(banner).to_have_count(0)
