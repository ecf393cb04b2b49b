"""What a rehearsal file may say of an agent on a text channel, and what it may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.connect.chat_stream import Weather
from rehearsal.rehearsal_file import Conversation, RehearsalError, read, why_not
from throughline.channels.capabilities import EAR, LEX_SPEECH, LEX_TEXT, TEXTING


def file(folder: Path, *steps: dict[str, Any], **more: Any) -> Conversation:
    path = folder / "a_file.yaml"
    path.write_text(yaml.safe_dump({"about": "a test", "assurance": "linked", "steps": list(steps), **more}), "utf-8")
    return read(path)


def test_an_agent_s_steps_are_read(tmp_path: Path) -> None:
    found = file(
        tmp_path, {"says": "a person, please"}, {"agent_says": ["one", "two"], "arrives": ["one", "two"]},
        {"attaches": 2, "says": "here"}, {"agent_ends": True}, stream="shuffled",
    )  # fmt: skip
    assert found.steps[1].relay == {"agent_says": ["one", "two"], "arrives": ["one", "two"]}
    assert found.steps[2].attaches == 2 and found.stream is Weather.SHUFFLED


@pytest.mark.parametrize(
    "wrong",
    [
        {"agent_says": 5}, {"agent_says": []}, {"arrives": [""]}, {"agent_ends": False}, {"agent_sends_file": "x.pdf"},
        {"agent_transfers": ["cards"]}, {"attaches": 0}, {"attaches": True}, {"attaches": 11}, {"agent_sings": True},
    ],
)  # fmt: skip
def test_a_step_that_means_nothing_names_its_place(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(RehearsalError, match="step 1"):
        file(tmp_path, wrong)


def test_a_stream_is_one_of_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError, match="stream"):
        file(tmp_path, {"says": "hello"}, stream="stormy")


def test_an_agent_is_carried_where_we_have_an_outlet_and_nowhere_else(tmp_path: Path) -> None:
    found = file(tmp_path, {"says": "hello"}, {"agent_says": "hello", "arrives": ["hello"]}, needs=["outlet"])
    assert not why_not(found, EAR)
    assert "outlet" in why_not(found, LEX_TEXT) and "outlet" in why_not(found, LEX_SPEECH)
    unnamed = file(tmp_path, {"says": "hello"}, {"attaches": 1})
    assert "any file" in why_not(unnamed, LEX_TEXT) and not why_not(unnamed, EAR)


def test_the_hours_may_be_arranged_on_any_way_and_a_call_only_on_the_telephone(tmp_path: Path) -> None:
    arranged = file(tmp_path, {"at": "sunday 12:00", "says": "hello"})
    assert not why_not(arranged, EAR)
    assert "no telephone" in why_not(file(tmp_path, {"dials": True, "says": "hello"}), EAR)
    by_text = file(tmp_path, {"on": TEXTING, "agent_ends": True}, assurance="claimed")
    assert not why_not(by_text, TEXTING)
