"""The page as a customer works it: both devices, and what the page tells beside them."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Stage:
    """The page with somebody chosen."""

    page: Page

    @classmethod
    def of(cls, page: Page, person: str) -> Stage:
        """The page after that person was chosen."""
        page.locator(".people").get_by_text(person, exact=True).click()
        stage = cls(page)
        expect(page.locator("#one-title")).to_have_text(person)
        expect(page.locator("#links .link").nth(4)).to_be_attached()
        return stage

    # -- the devices ---------------------------------------------------------------------------

    def say(self, text: str) -> str:
        """Say it to the speaker; what it answered."""
        spoken = self.page.locator("#speaker-log .spoken")
        before, turns = spoken.count(), self.turns().count()
        self.page.fill("#speaker-text", text)
        self.page.press("#speaker-text", "Enter")
        expect(spoken).to_have_count(before + 1)
        expect(self.turns()).to_have_count(turns + 1)
        return _words(spoken.last)

    def open_chat(self) -> str:
        """Open the chat; what it said first."""
        turns = self.turns().count()
        self.page.get_by_role("button", name="Open the chat", exact=True).last.click()
        return self._answer(0, turns)

    def type(self, text: str) -> str:
        """Type it into the chat; what was answered."""
        before, turns = self._bubbles().count(), self.turns().count()
        self.page.fill("#chat-text", text)
        self.page.press("#chat-text", "Enter")
        return self._answer(before, turns)

    def tap(self, label: str) -> str:
        """Tap the newest button of that name; what was answered."""
        before, turns = self._bubbles().count(), self.turns().count()
        self.page.locator(".choice", has_text=label).last.click()
        return self._answer(before, turns)

    def _bubbles(self) -> Locator:
        return self.page.locator("#chat-log .bubble.theirs")

    def _answer(self, before: int, turns: int) -> str:
        bubbles = self._bubbles()
        expect(bubbles.nth(before)).to_be_visible()
        expect(self.turns()).to_have_count(turns + 1)
        expect(self.page.locator(".typing")).to_have_count(0)
        return " ".join(_words(bubble) for bubble in bubbles.all()[before:])

    # -- beside them ---------------------------------------------------------------------------

    def task(self) -> Locator:
        """The task being worked on."""
        return self.page.locator(".frame")

    def slot(self, label: str) -> Locator:
        """A slot of it, by its name."""
        return self.page.locator(".slot", has=self.page.get_by_text(label, exact=True)).locator("dd")

    def turns(self) -> Locator:
        """The turns of the timeline."""
        return self.page.locator("#timeline .turn")

    def behind(self, turn: Locator) -> Locator:
        """The dialog with the raw events behind a turn."""
        turn.click()
        dialog = self.page.get_by_role("dialog", name="Behind this turn")
        expect(dialog.get_by_text("What is kept")).to_be_visible()
        return dialog


def _words(told: Locator) -> str:
    """What was said, without who said it: that stands before it for screen readers."""
    return (told.text_content() or "").partition(": ")[2]
