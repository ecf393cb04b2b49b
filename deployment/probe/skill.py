"""Probes of the Alexa skill's endpoint."""

from __future__ import annotations

import json
from typing import Final

from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, different, judged
from deployment.probe.found import there
from deployment.probe.paging import MOST
from deployment.probe.site import Site
from deployment.probe.watching import DAY, TURNS, lines

FOREIGN: Final = "amzn1.ask.skill.ffffffff-ffff-4fff-8fff-ffffffffffff"
"""An application id that nobody has."""
REFUSAL: Final = "ForeignSkill"
"""The exception by which the function refuses (lambdas/alexa_turn.py)."""


def _enabled(site: Site) -> None:
    if not site.environment.alexa.enabled:
        raise NotTried("the setting alexa.enabled is false")


def _foreign(site: Site) -> Outcome:
    _enabled(site)
    if not site.allowed.invoke:
        raise NotTried("it invokes a function with an invented request: say --invoke (needs lambda:InvokeFunction)")
    function = there(site.deployed.alexa_turn, "function alexa_turn", site.deployed, "skill")
    answer = site.clients("lambda").invoke(
        FunctionName=function, Qualifier="live", Payload=json.dumps(_launch(site.fresh())).encode()
    )
    payload = json.loads(answer["Payload"].read() or b"null")
    if not answer.get("FunctionError"):
        return different("a request of a foreign skill was answered")
    kind = str((payload or {}).get("errorType", "")) if isinstance(payload, dict) else ""
    return judged(kind == REFUSAL, f"refused with {kind or 'an error without a type'}")


def _launch(name: str) -> dict[str, object]:
    """A launch by a skill and a user that don't exist."""
    system = {"application": {"applicationId": FOREIGN}, "user": {"userId": f"amzn1.ask.account.PROBE{name}"}}
    return {
        "version": "1.0",
        "session": {"new": True, "sessionId": f"probe-{name}", **system},
        "context": {"System": system},
        "request": {
            "type": "LaunchRequest",
            "requestId": f"probe-{name}",
            "timestamp": "2026-01-01T00:00:00Z",
            "locale": "en-US",
        },
    }


def _reached(site: Site) -> Outcome:
    _enabled(site)
    if not site.environment.alexa.skill_id:
        raise NotTried("the setting alexa.skill_id is not given yet, so nobody may call the endpoint")
    group = there(site.deployed.alexa_turn_logs, "log group of alexa_turn", site.deployed, "skill")
    if next(lines(site, group, TURNS, site.now() - DAY), None) is None:
        raise NotTried("nobody spoke to the skill in the last day: open it on a device or in its simulator, and probe")
    return judged(True, "a turn of the last day stands in the log")


SKILL: Final = (
    Probe(
        Assumption(
            "alexa-foreign",
            "the endpoint refuses requests of any skill but ours",
            f"an invented request ends in {REFUSAL}",
            "Alexa developer documentation: check the application id",
            "a stranger's skill could speak as a customer (lambdas/alexa_turn.py)",
        ),
        _foreign,
        ("lambda:InvokeFunction",),
        Volume(invocations=1),
    ),
    Probe(
        Assumption(
            "alexa-reaches",
            "Alexa may call the function by the permission that names the skill's id",
            "a turn stands in the function's log",
            "Alexa developer documentation, Lambda endpoints; they work in Alexa's own regions only",
            "the skill would answer with an error: permission and region in stacks/skill.py",
        ),
        _reached,
        ("logs:FilterLogEvents",),
        Volume(calls=MOST),
    ),
)
"""In the order in which they run."""
