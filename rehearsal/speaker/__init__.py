"""The smart speaker: what Amazon's Alexa service does between a person's voice and the skill.

`Speaker` is one device of one person: it tells what is said to the skill from what isn't, keeps the session
and the dialog, makes the requests and checks the responses as strictly as the service does.
"""

from rehearsal.speaker.ear import Ear, HeardSlot, Interpretation
from rehearsal.speaker.faults import ModelFault, NothingToReplay, SkillFault, StateFault
from rehearsal.speaker.speaker import Endpoint, Speaker
from rehearsal.speaker.spoken import Spoken

__all__ = [
    "Ear",
    "Endpoint",
    "HeardSlot",
    "Interpretation",
    "ModelFault",
    "NothingToReplay",
    "SkillFault",
    "Speaker",
    "Spoken",
    "StateFault",
]
