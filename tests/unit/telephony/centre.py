"""Made-up places for the flows of the bank's own telephone."""

from __future__ import annotations

from pathlib import Path

from telephony import contact_centre
from telephony.contact_centre import Places

DIALOGUE = Path(__file__).parents[3] / "dialogue"
INSTANCE = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
Telephones = contact_centre.Telephones


def places(words: Telephones, **settings: str) -> Places:
    """Made-up ARNs for everything, the capture key included."""
    given = {
        "holidays": f"{INSTANCE}/operating-hours/holidays",
        "task_template": f"{INSTANCE}/task-template/follow-up",
        "capture_key": "key-1",
        "capture_certificate": "-----BEGIN CERTIFICATE-----\nnot a real one\n-----END CERTIFICATE-----",
        "music": f"{INSTANCE}/prompt/music",
        **settings,
    }
    return Places(
        bot_alias="arn:aws:lex:us-east-1:111122223333:bot-alias/BOT/ALIAS",
        functions={n: f"arn:aws:lambda:us-east-1:111122223333:function:{n}" for n in contact_centre.FUNCTIONS},
        queues={n: f"{INSTANCE}/queue/{n}" for n in words[0].queues},
        views={n: f"{INSTANCE}/view/{n}" for n in contact_centre.VIEWS},
        flows={n: f"{INSTANCE}/contact-flow/{n}" for n in contact_centre.names(words)},
        **given,
    )
