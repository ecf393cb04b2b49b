"""What goes wrong between the speaker and the skill, by name."""

from __future__ import annotations


class SkillFault(Exception):
    """The skill did what the Alexa service refuses; the message names what, and where it stands."""


class ModelFault(ValueError):
    """The interaction model is not one that Alexa would build."""


class StateFault(ValueError):
    """What was loaded is not a state that a speaker dumped."""


class NothingToReplay(LookupError):
    """No request was sent yet: say something to the skill first."""
