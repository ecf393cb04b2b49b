"""What the platforms' own built-in intents understand without any sample utterance of the author's."""

from __future__ import annotations

UNIVERSAL_SAMPLES: dict[str, tuple[str, ...]] = {
    "AMAZON.HelpIntent": ("help", "help me", "what can you do", "what can i say", "i need help"),
    "AMAZON.StopIntent": ("stop", "exit", "quit", "end", "that is all", "goodbye", "shut up"),
    "AMAZON.CancelIntent": ("cancel", "never mind", "forget it", "cancel that", "cancel it"),
    "AMAZON.YesIntent": ("yes", "yes please", "sure", "yeah", "yep", "ok", "okay", "of course", "correct"),
    "AMAZON.NoIntent": ("no", "no thanks", "nope", "nah", "no way", "not really", "no thank you"),
    "AMAZON.RepeatIntent": ("repeat", "say that again", "repeat that", "what did you say", "come again"),
    "AMAZON.StartOverIntent": ("start over", "start again", "restart", "begin again", "from the beginning"),
    "AMAZON.NavigateHomeIntent": ("go home", "home", "go to the home screen", "main menu"),
    "AMAZON.PauseIntent": ("pause", "pause that", "hold on"),
    "AMAZON.ResumeIntent": ("resume", "continue", "keep going", "carry on"),
    "AMAZON.NextIntent": ("next", "skip", "skip this"),
    "AMAZON.PreviousIntent": ("previous", "go back", "back up"),
}
"""Ours, after the behaviour that the Alexa and Lex guides describe; the real lists are not published."""
