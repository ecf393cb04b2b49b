"""What probing leaves behind: nothing, also where it fails in the middle, and else it says so."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

import deployment.probe
from deployment.probe import PROBES, Verdict, chosen, findings, status
from deployment.probe.hook import HOOK
from deployment.probe.running import outcome
from tests.unit.deployment.probe_rig import Aws, Bot, refusal, site

BY_ID = {probe.assumption.id: probe for probe in PROBES}


def aws() -> Aws:
    return Aws(Bot())


def tried(id: str, there: Aws) -> deployment.probe.Outcome:
    return outcome(BY_ID[id], site(there))


def test_nothing_is_invoked_or_written_unless_it_is_asked_for() -> None:
    there = aws()
    found = {each.assumption.id: each.outcome for each in findings(PROBES, site(there, allowed=False))}
    assert "--invoke" in found["alexa-foreign"].why
    assert "--write-probe-item" in found["condition-all-old"].why
    assert "--ring" in found["alarm-rings"].why
    changing = {"invoke", "put_item", "transact_write_items", "delete_item", "set_alarm_state"}
    assert not changing & {name for _, name, _ in there.calls}


def test_a_whole_probing_leaves_no_session_and_no_item() -> None:
    there = aws()
    here = site(there)
    found = list(findings(PROBES, here))
    assert status(found) == 0
    assert not there.bot.sessions and not there.items and not here.left
    assert there.state == "OK"
    assert not [
        each for each in there.called("recognize_text") if each["text"] == "yes" and each["botId"] == "BOTMAIN000"
    ]


@pytest.mark.parametrize("nth", range(6))
def test_a_conversation_that_breaks_in_the_middle_leaves_no_session(nth: int) -> None:
    there = aws()
    healthy, count = there.bot.recognize_text, iter(range(100))

    def breaking(params: dict[str, Any]) -> Any:
        answer = healthy(params)
        if next(count) == nth:
            raise refusal("DependencyFailedException", "the function answered nonsense")
        return answer

    there.answers["recognize_text"] = breaking
    found = list(findings([*HOOK], site(there)))
    assert any(each.outcome.verdict is Verdict.DIFFERENT for each in found)
    assert not there.bot.sessions


def test_an_interrupt_leaves_no_session_and_no_item() -> None:
    for name in ("recognize_text", "transact_write_items"):
        there = aws()

        def interrupted(params: dict[str, Any], there: Aws = there) -> Any:
            if "sessionId" in params:
                there.bot.recognize_text(params)
            raise KeyboardInterrupt

        there.answers[name] = interrupted
        with pytest.raises(KeyboardInterrupt):
            list(findings(PROBES, site(there)))
        assert not there.bot.sessions and not there.items


@pytest.mark.parametrize("failing", ["put_item", "transact_write_items"])
def test_a_write_that_fails_leaves_no_item(failing: str) -> None:
    there = aws()
    healthy = there.put_item

    def lost(params: dict[str, Any]) -> Any:
        if failing == "put_item" and "attribute_not_exists" in params["ConditionExpression"]:
            healthy(params)
        raise ReadTimeoutError(endpoint_url="https://example.com")

    there.answers[failing] = lost
    found = tried("condition-all-old", there)
    assert found.verdict is Verdict.NOT_TRIED and "in time" in found.why
    assert there.called("delete_item") and not there.items


def test_what_can_not_be_removed_is_told() -> None:
    there = aws()
    there.bot.deletes = False
    there.always("delete_item", refusal("AccessDeniedException"))
    here = site(there)
    list(findings(chosen(["session-ids", "condition-all-old"]), here))
    session, item = here.left
    assert "Lex session Probe-" in session and "until it expires" in session
    assert "PROBE#" in item and "an hour" in item


def test_the_item_lies_apart_from_customers_and_would_expire_by_itself() -> None:
    there = aws()
    tried("condition-all-old", there)
    item = there.called("put_item")[0]["Item"]
    assert item["pk"]["S"].startswith("PROBE#") and int(item["expires"]["N"]) > 1_800_000_000


def test_an_item_that_does_not_come_back_with_the_refusal_is_different() -> None:
    there = aws()
    there.always("transact_write_items", refusal("TransactionCanceledException", CancellationReasons=[{"Code": "X"}]))
    found = tried("condition-all-old", there)
    assert found.verdict is Verdict.DIFFERENT and "TransactWriteItems" in found.came
